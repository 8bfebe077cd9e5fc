"""What a post to many costs the database: no more statements for more members, and pointers that
move without touching an index."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.peers import fanout
from tests.networks.conftest import Network
from tests.networks.crowd import fill

ROWS = sa.text(
    "SELECT pg_stat_get_xact_tuples_updated(c.oid), pg_stat_get_xact_tuples_hot_updated(c.oid)"
    " FROM pg_class c WHERE relname = 'peer_members'"
)


async def post(network: Network, who: str, text: str) -> None:
    network.loop.receive(network.loop.message(f"#tailoring {text}", who))
    await network.loop.work()


async def test_moving_the_pointers_of_many_members_writes_no_index(network: Network) -> None:
    if network.loop.database.single:
        pytest.skip("SQLite writes only the indexes of changed columns")
    network.open(hold_first=0, per_minute=60)
    who = fill(network, telegram=256)["telegram"]
    for n in range(3):
        await post(network, who[0], f"message {n}")

        def step(conn: sa.Connection) -> tuple[int, int]:
            before = conn.execute(ROWS).one()  # what this connection did lately counts too
            assert fanout.step(conn, network.loop.library.country, network.clock())
            after = conn.execute(ROWS).one()
            return after[0] - before[0], after[1] - before[1]

        updated, hot = network.loop.database.call(step)
        assert updated == 256
        assert hot >= 0.9 * updated, f"{updated - hot} moved to another page"


async def test_a_post_takes_as_many_statements_for_many_members_as_for_few(
    network: Network,
) -> None:
    counts = []
    for tag, size in (("tailoring", 2), ("sewing", 60)):
        network.open(tag, hold_first=0)
        who = fill(network, telegram=size)["telegram"]
        network.loop.receive(network.loop.message(f"#{tag} hello", who[0]))
        await network.loop.work()
        seen: list[str] = []
        engine = network.loop.database.engine

        def note(_conn, _cursor, statement, *_more, into=seen):  # type: ignore[no-untyped-def]
            into.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        network.loop.database.call(fanout.step, network.loop.library.country, network.clock())
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] > 0
