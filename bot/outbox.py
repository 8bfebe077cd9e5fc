"""The outbox: everything that leaves is a row here, written in the turn's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import BigId, Json, Moment, insert_new, metadata
from bot.events import RANK, Lane, Option, Part, Reason, SendError, Sent, Status
from bot.people import addresses, mark_gone

MAX_TRIES = 8
MAX_BOUNCES = 3  # a phone that is off for so long is left to the next message

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),  # the event and its n-th say
    sa.Column("person_id", BigId, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("address_id", BigId, sa.ForeignKey("addresses.id"), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("lane", sa.String(1), nullable=False),
    sa.Column("part", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("rank", sa.SmallInteger, nullable=False),  # of the status; a receipt raises it
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("not_before", Moment, nullable=False),
    sa.Column("provider_id", sa.String(64)),
    sa.Column("reason", sa.String(32)),
    sa.Column("code", sa.String(64)),
    sa.Column("staff_id", BigId),  # who of ours it is from; NULL: the bot
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("sent_at", Moment),
)
_open = sa.text("rank = 0")
sa.Index(
    "ix_outbox_open", outbox.c.channel, outbox.c.lane, outbox.c.id,
    sqlite_where=_open, postgresql_where=_open,
)  # fmt: skip
sa.Index(
    "ix_outbox_open_address", outbox.c.address_id, outbox.c.id,
    sqlite_where=_open, postgresql_where=_open,
)  # fmt: skip
# An app's own reply to a relayed post names our message by the provider's id.
_bulk = sa.text("lane = '2' AND provider_id IS NOT NULL")
sa.Index(
    "ix_outbox_relayed", outbox.c.provider_id, sqlite_where=_bulk, postgresql_where=_bulk
)
sa.Index("ix_outbox_person", outbox.c.person_id, outbox.c.id)
sa.Index("ix_outbox_created_at", outbox.c.created_at)


@dataclass(frozen=True)
class Draft:
    """A message to be queued."""

    key: str
    person_id: int
    address_id: int
    channel: str
    part: Part
    lane: Lane = Lane.TALK
    staff_id: int | None = None


@dataclass(frozen=True)
class Claimed:
    """A message about to be sent, with the sealed address it goes to."""

    id: int
    person_id: int
    address_id: int
    sealed: str
    part: Part
    lane: Lane
    tries: int
    created_at: datetime


def put(conn: sa.Connection, drafts: Sequence[Draft], now: datetime) -> None:
    """Queues messages; one whose key is there already changes nothing."""
    rows: list[dict[str, object]] = [
        {"key": d.key, "person_id": d.person_id, "address_id": d.address_id, "channel": d.channel,
         "lane": d.lane.value, "part": as_json(d.part), "status": Status.QUEUED.value, "rank": 0,
         "staff_id": d.staff_id, "not_before": now, "created_at": now}
        for d in drafts
    ]  # fmt: skip
    insert_new(conn, outbox, rows, "key")


def claim(
    conn: sa.Connection, channel: str, *, now: datetime, limit: int, pause: timedelta,
    doubts_end: bool = True, bulk: int | None = None,
) -> list[Claimed]:  # fmt: skip
    """Takes up to `limit` messages that may go now, just before their calls; of bulk ones up to
    `bulk`.

    Per address in order, one at a time and `pause` apart; a bulk message never holds up talk.
    Where doubts never end (`doubts_end`: the provider can be asked), a bulk message in doubt
    does not hold up the next one either.
    """
    if limit <= 0:
        return []
    earlier = outbox.alias("earlier")
    holds_up = sa.true() if doubts_end else sa.or_(
        earlier.c.status != Status.IN_DOUBT.value, earlier.c.lane != Lane.BULK.value
    )
    ready = (
        sa.select(outbox, addresses.c.sealed)
        .join(addresses, addresses.c.id == outbox.c.address_id)
        .where(
            outbox.c.channel == channel,
            sa.text("outbox.rank = 0"),
            outbox.c.status.in_([Status.QUEUED.value, Status.AWAITING_RETRY.value]),
            outbox.c.not_before <= now,
            sa.or_(addresses.c.next_send_at.is_(None), addresses.c.next_send_at <= now),
            ~sa.exists().where(
                earlier.c.address_id == outbox.c.address_id,
                sa.text("earlier.rank = 0"),
                earlier.c.lane <= outbox.c.lane,
                earlier.c.id < outbox.c.id,
                holds_up,
            ),
        )
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(limit)
    )
    rows = list(conn.execute(ready))
    if bulk is not None:  # they come last
        talk = sum(row.lane != Lane.BULK.value for row in rows)
        rows = rows[: talk + bulk]
    if not rows:
        return []
    conn.execute(
        outbox.update().where(outbox.c.id.in_([row.id for row in rows]))
        .values(status=Status.INFLIGHT.value, claimed_at=now, tries=outbox.c.tries + 1)
    )  # fmt: skip
    if pause:
        conn.execute(
            addresses.update().where(addresses.c.id.in_([row.address_id for row in rows]))
            .values(next_send_at=now + pause)
        )  # fmt: skip
    return [
        Claimed(row.id, row.person_id, row.address_id, row.sealed, _load(row.part),
                Lane(row.lane), row.tries + 1, row.created_at)
        for row in rows
    ]  # fmt: skip


def settle(
    conn: sa.Connection, results: Sequence[tuple[Claimed, Sent | SendError]], now: datetime
) -> None:
    """Writes down how the calls went; a receipt that was faster keeps its higher rank.

    Here and in the turns rows are locked in one order, messages by id and then addresses: two
    transactions may wait for each other, never in a circle.
    """
    results = sorted(results, key=lambda result: result[0].id)
    sent = [
        {"row": row.id, "provider": result.provider_id}
        for row, result in results if isinstance(result, Sent)
    ]  # fmt: skip
    if sent:
        conn.execute(
            outbox.update().where(outbox.c.id == sa.bindparam("row"))
            .values(provider_id=sa.bindparam("provider"), sent_at=now), sent,
        )  # fmt: skip
        accepted = [row.id for row, result in results if isinstance(result, Sent)]
        raise_rank(conn, [(id, Status.SENT, "") for id in accepted])
    failed = [(row, result) for row, result in results if isinstance(result, SendError)]
    for row, error in failed:
        _settle_failure(conn, row, error, now)
    for row, error in failed:
        if error.gone:
            mark_gone(conn, [row.address_id], error.reason.value)


def _settle_failure(
    conn: sa.Connection, row: Claimed, error: SendError, now: datetime
) -> None:
    status = Status.FAILED
    if error.reason is Reason.IN_DOUBT:
        status = Status.IN_DOUBT
    elif error.retry is not None and row.tries < MAX_TRIES:
        status = Status.AWAITING_RETRY
    conn.execute(
        outbox.update().where(outbox.c.id == row.id, outbox.c.rank == 0)
        .values(status=status.value, rank=RANK[status], reason=error.reason.value,
                code=error.code, not_before=now + timedelta(seconds=error.retry or 0))
    )  # fmt: skip


def raise_rank(conn: sa.Connection, receipts: Sequence[tuple[int, Status, str]]) -> None:
    """Applies receipts (row, status, error code) in any order: the highest rank wins."""
    if receipts:
        conn.execute(
            outbox.update()
            .where(outbox.c.id == sa.bindparam("row"), outbox.c.rank < sa.bindparam("to"))
            .values(status=sa.bindparam("now_is"), rank=sa.bindparam("to"),
                    code=sa.func.coalesce(sa.bindparam("why"), outbox.c.code)),
            [{"row": id, "to": RANK[status], "now_is": status.value, "why": code or None}
             for id, status, code in sorted(receipts)],
        )  # fmt: skip


def bounce(
    conn: sa.Connection, bounced: Sequence[tuple[int, SendError]], now: datetime
) -> None:
    """Accepted messages that did not arrive: again later, or never again to that address."""
    for id, error in sorted(bounced, key=lambda pair: pair[0]):
        if error.retry is not None:
            conn.execute(
                outbox.update()
                .where(outbox.c.id == id, outbox.c.status == Status.FAILED.value,
                       outbox.c.tries < MAX_BOUNCES)
                .values(status=Status.AWAITING_RETRY.value, rank=0, reason=error.reason.value,
                        not_before=now + timedelta(seconds=error.retry))
            )  # fmt: skip
    gone = {id: error.reason.value for id, error in bounced if error.gone}
    if gone:
        query = sa.select(outbox.c.id, outbox.c.address_id).where(outbox.c.id.in_(gone))
        for row in conn.execute(query).all():
            mark_gone(conn, [row.address_id], gone[row.id])


def abort(conn: sa.Connection, person_id: int, before: datetime) -> None:
    """Withdraws what was queued before and has not left yet: the person said stop."""
    conn.execute(
        outbox.update()
        .where(outbox.c.person_id == person_id, sa.text("rank = 0"),
               outbox.c.created_at < before,
               outbox.c.status.in_([Status.QUEUED.value, Status.AWAITING_RETRY.value]))
        .values(status=Status.ABORTED.value, rank=RANK[Status.ABORTED])
    )  # fmt: skip


def doubt_inflight(conn: sa.Connection, channel: str, now: datetime) -> None:
    """Calls that the last holder of the lease never settled: nobody knows how they went."""
    conn.execute(
        outbox.update()
        .where(outbox.c.channel == channel, sa.text("rank = 0"),
               outbox.c.status == Status.INFLIGHT.value)
        .values(status=Status.IN_DOUBT.value, not_before=now)
    )  # fmt: skip


def in_doubt(conn: sa.Connection, channel: str, now: datetime, limit: int = 20) -> list[Claimed]:
    """Messages whose fate should be looked up now."""
    rows = conn.execute(
        sa.select(outbox, addresses.c.sealed)
        .join(addresses, addresses.c.id == outbox.c.address_id)
        .where(outbox.c.channel == channel, sa.text("outbox.rank = 0"),
               outbox.c.status == Status.IN_DOUBT.value, outbox.c.not_before <= now)
        .order_by(outbox.c.id).limit(limit)
    )  # fmt: skip
    return [
        Claimed(row.id, row.person_id, row.address_id, row.sealed, _load(row.part),
                Lane(row.lane), row.tries, row.created_at)
        for row in rows
    ]  # fmt: skip


def again(conn: sa.Connection, row: Claimed, now: datetime) -> None:
    """Queues a message in doubt once more."""
    conn.execute(
        outbox.update().where(outbox.c.id == row.id, sa.text("rank = 0"))
        .values(status=Status.QUEUED.value, not_before=now)
    )  # fmt: skip


def as_json(part: Part) -> dict[str, object]:
    """A message as the table keeps it, without the bytes of a file."""
    return {"text": part.text, "options": [[o.label, o.token] for o in part.options],
            "button": part.button, "ack": part.ack, "template": part.template,
            "media": part.media, "kind": part.kind,
            **({"posts": list(part.posts)} if part.posts else {})}  # fmt: skip


def _load(body: dict[str, object]) -> Part:
    options, posts = body.get("options") or [], body.get("posts") or []
    assert isinstance(options, list) and isinstance(posts, list)  # noqa: S101, PT018  # by as_json
    return Part(
        text=str(body["text"]),
        options=tuple(Option(label, token) for label, token in options),
        button=str(body.get("button") or ""),
        ack=str(body["ack"]) if body.get("ack") else None,
        template=str(body.get("template") or ""),
        media=str(body.get("media") or ""),
        kind=str(body.get("kind") or ""),
        posts=tuple(posts),
    )
