"""What the service itself says to a group."""

from __future__ import annotations

from bot.peers import posts
from bot.peers.posts import NewPost, State
from tests.networks.conftest import Network


async def test_an_announcement_reaches_everybody_and_is_marked_as_ours(network: Network) -> None:
    group = network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.join("whatsapp:+233200000003", "Red Button", "whatsapp")
    new = NewPost(group_id=group, member_id=None, event_id=None, state=State.OUT,
                  text="The office is closed on Friday.")  # fmt: skip
    network.loop.database.call(posts.put, new, network.clock())
    await network.deliver()
    for phone in ("77", "whatsapp:+233200000003"):
        assert network.got(phone)[-1].startswith(
            "Sankofa team (#tailoring 1): The office is closed on Friday."
        )
