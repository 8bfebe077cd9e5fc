"""The stream tells moderators, and only them, that their queue has changed."""

from __future__ import annotations

from typing import Any

from bot.peers.posts import State
from bot.roles import Role
from tests.web.console.conftest import Office
from tests.web.console.village import Village


def heard(ear: Any) -> list[str]:
    names = []
    while not ear.queue.empty():
        names.append(ear.queue.get_nowait()[0])
    return names


async def test_only_moderators_hear_of_their_queue_and_only_when_it_changed(
    office: Office, vault: Any
) -> None:
    village, hub = Village(office.call, vault, office.clock()), office.desk.hub
    moderator = hub.listen(office.member(Role.MODERATOR).id, moderates=True)
    counsellor = hub.listen(office.member(Role.COUNSELLOR).id)
    await hub._pass_queue()
    heard(moderator)
    await hub._pass_queue()
    assert heard(moderator) == []
    group = village.group()
    village.post(group, village.member(group, "Golden Needle"), "held", state=State.HELD)
    await hub._pass_queue()
    assert heard(moderator) == ["queue"]
    assert "queue" not in heard(counsellor)
