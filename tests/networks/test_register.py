"""The register of activities does not tell which names in several groups are one person."""

from __future__ import annotations

from bot.peers import activities
from tests.networks.conftest import Network


async def test_who_is_in_two_groups_with_somebody_is_found_under_one_name(
    network: Network,
) -> None:
    network.open()
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    network.open("sewing")
    for who, name in (("77", "Quiet Drum"), ("78", "Early Palm")):
        for text in ("#sewing", "1", "1", name):
            await network.say(who, text)
    person = network.member("77").person_id
    network.loop.database.call(
        activities.put, person, sector="tailoring_fashion", region=None, since=2021, seeks=(),
        now=network.clock(),
    )  # fmt: skip
    asker = network.member("78").person_id
    found = network.loop.database.call(activities.find, asker, "tailoring_fashion", None)
    assert [(row.name, row.tag) for row in found] == [("Blue Thread", "tailoring")]
