"""Nothing that members receive tells who another one is: asserted over every outgoing byte."""

from __future__ import annotations

import json

import pytest

from bot.peers import groups
from tests.networks.conftest import Network

SECRETS = {
    "sms": ("+233244123456", "0244123456", "244123456"),
    "telegram": ("700123456",),
    "whatsapp": ("whatsapp:+233501234567", "+233501234567", "0501234567"),
}
NAMES = ("kwabena_t", "Kwabena Tailor")


async def trio(network: Network) -> None:
    network.open(hold_first=0, per_minute=60)
    await network.join(SECRETS["sms"][0], "Golden Needle", "sms")
    await network.join(SECRETS["telegram"][0], "Blue Thread")
    await network.join(SECRETS["whatsapp"][0], "Red Button", "whatsapp")


async def test_no_address_or_profile_name_leaves_in_anything_the_others_get(
    network: Network,
) -> None:
    await trio(network)
    profile = {"username": NAMES[0], "name": NAMES[1]}
    for channel, secrets in SECRETS.items():
        for text in (
            "hello all", f"write me on {secrets[-1]}", "reply 1 yes", "thanks 1",
            f"my contact is {' '.join(secrets[-1])}", "mail kwabena at gmail dot com",
            "see https://wa.me/233244123456", "I am @kwabena_t on telegram",
        ):  # fmt: skip
            await network.say(secrets[0], f"#tailoring {text}" if "1" not in text[:9] else text,
                              channel=channel, profile=profile)  # fmt: skip
            network.clock.forward(seconds=40)
    network.clock.forward(hours=8)
    await network.deliver()
    assert len(network.copies()) > 20
    for row in network.loop.rows():
        # What somebody is told about themselves may name their own words, never another's.
        owner = network.loop.database.call(_address, row.address_id, network)
        sent = json.dumps(row.part, ensure_ascii=False)
        for secrets in SECRETS.values():
            for secret in (*secrets, *(" ".join(s) for s in secrets), *NAMES, "gmail", "wa.me"):
                assert secret not in sent or (secrets[0] == owner and row.lane != "2"), sent


def _address(conn, id, network):  # type: ignore[no-untyped-def]
    from bot.people import addresses

    row = conn.execute(addresses.select().where(addresses.c.id == id)).one()
    return network.loop.vault.open(row.sealed)


async def test_a_masked_post_tells_its_author_why(network: Network) -> None:
    await trio(network)
    said = await network.say(SECRETS["telegram"][0], "#tailoring call 024 555 1234 for buttons")
    assert "phone numbers do not go into groups" in said[-1]
    seen = network.got(SECRETS["whatsapp"][0])[-1]
    assert "call [number hidden] for buttons" in seen


async def test_two_members_can_not_have_names_that_sound_alike(network: Network) -> None:
    network.open()
    await network.join("77", "Golden Needle")
    for text in ("join tailoring", "1", "1"):
        await network.say("78", text)
    again = await network.say("78", "gólden  needle")
    assert "is taken" in again[-1]
    done = await network.say("78", "1")
    assert "Welcome to" in done[-1]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0244 123 456", "without numbers"), ("Ama", "real name"), ("Kofi Mensah", "real name"),
        ("ADMIN", "pass for our team"), ("IOM support", "pass for our team"), ("x", "letters"),
        ("<script>alert(1)</script>", "letters"), ("me@mail.com", "without numbers"),
        ("a" * 60, "letters"), ("🔥🔥", "letters"),
    ],
)  # fmt: skip
async def test_a_name_gives_nobody_away(network: Network, typed: str, why: str) -> None:
    network.open()
    for text in ("join tailoring", "1", "1"):
        await network.say("77", text)
    assert why in (await network.say("77", typed))[-1]


async def test_who_is_under_age_gets_help_but_no_group(network: Network) -> None:
    network.open()
    await network.say("77", "join tailoring")
    said = await network.say("77", "Under 18")
    assert "adults only" in said[-1]
    assert network.loop.database.call(groups.one, network.group).members == 0  # type: ignore[union-attr]
