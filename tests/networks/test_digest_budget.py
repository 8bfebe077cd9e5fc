"""The month's budget of SMS makes digests shorter or later, never impossible."""

from __future__ import annotations

from bot.peers import posts
from bot.peers.posts import NewPost, State
from tests.networks.conftest import Network

PHONE = "+233244123456"


async def test_one_digest_that_costs_more_than_a_month_is_cut_and_goes(network: Network) -> None:
    network.open(hold_first=0)
    await network.join(PHONE, "Green Zip", "sms")
    for n in range(16):
        new = NewPost(group_id=network.group, member_id=None, event_id=None, state=State.OUT,
                      text=f"{n} ɛ " + "ŋɔ" * 90)  # fmt: skip
        network.loop.database.call(posts.put, new, network.clock())
    before = len(network.got(PHONE))
    await network.deliver()
    network.clock.forward(hours=8)
    await network.deliver()
    said = "\n".join(network.got(PHONE)[before:])
    assert "older ones left out" in said
    assert "16 Sankofa team: 15" in said
    row = network.member(PHONE)
    assert 0 < row.spent <= network.loop.library.country.peering.sms_segments
    assert row.got == 16
