"""The sender hands the bytes of a file to channels that upload them, and only to these."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from bot.events import Part, SendError, Sent
from bot.outbox import outbox
from bot.peers import media
from tests.engine.conftest import Loop
from tests.engine.test_sender import Provider, drain, queue, status


@dataclass
class Carrier(Provider):
    """Remembers the files too."""

    uploads: bool = True  # type: ignore[misc]
    files: list[bytes] = field(default_factory=list)

    async def send(self, address: str, part: Part, row: int) -> Sent | SendError:
        self.files.append(part.content)
        return await super().send(address, part, row)


def queue_file(loop: Loop, key: str) -> None:
    queue(loop, "look")
    with_file = {"text": "look", "options": [], "media": key, "kind": "photo"}
    loop.database.call(lambda conn: conn.execute(sa.update(outbox).values(part=with_file)))


@pytest.mark.parametrize("uploads", [True, False])
async def test_the_bytes_are_read_just_before_the_call_and_not_kept_in_the_row(
    loop: Loop, uploads: bool
) -> None:
    key = loop.database.call(media.put, "photo", b"a picture", loop.clock())
    queue_file(loop, key)
    carrier = Carrier(uploads=uploads)
    await drain(loop, carrier)
    assert carrier.files == [b"a picture" if uploads else b""]
    assert status(loop) == ["sent"]
    (row,) = loop.rows()
    assert "content" not in row.part


async def test_a_file_that_was_taken_back_meanwhile_does_not_go(loop: Loop) -> None:
    queue_file(loop, "A" * 22)
    carrier = Carrier()
    await drain(loop, carrier)
    assert carrier.given == []
    (row,) = loop.rows()
    assert (row.status, row.code) == ("failed", "file deleted")
