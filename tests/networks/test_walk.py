"""From a wish to a post on other phones: the whole way through the engine, on both databases."""

from __future__ import annotations

import pytest

from bot.dialogue.peers.commands import spoken
from tests.networks.conftest import Network


async def test_somebody_joins_by_words_age_rules_and_a_name(network: Network) -> None:
    network.open()
    asked = await network.say("77", "I want to join a tailoring group")
    assert "Groups are for adults" in asked[-1]
    rules = await network.say("77", "2")
    assert "Never send money" in rules[-1]
    names = await network.say("77", "I accept")
    assert "Not your real name" in names[-1]
    welcome = await network.say("77", "Kofi")
    assert "looks like a real name" in welcome[-1]
    welcome = await network.say("77", "Golden Needle")
    assert "You are Golden Needle" in welcome[-1]
    assert network.member("77").band == "25-34"


async def test_a_post_reaches_the_others_under_the_name_and_an_answer_goes_back(
    network: Network,
) -> None:
    network.open(hold_first=0)
    await network.join("+233200000001", "Golden Needle", "sms")
    await network.join("77", "Blue Thread")
    await network.join("whatsapp:+233200000003", "Red Button", "whatsapp")
    confirmed = await network.say(
        "+233200000001", "#tailoring where do you buy lining?", channel="sms"
    )
    assert "#1 is on its way" in confirmed[-1]
    for phone in ("77", "whatsapp:+233200000003"):
        post = network.got(phone)[-1]
        assert "Golden Needle (#tailoring 1): asks: where do you buy lining?" in post
    await network.say("77", "reply 1 at Makola, second floor")
    assert "Blue Thread (#tailoring 2 > 1): at Makola" in network.got("whatsapp:+233200000003")[-1]
    assert "Makola" not in network.got("+233200000001")[-1]
    network.clock.forward(hours=7)
    await network.deliver()
    assert "2 > 1 Blue Thread: at Makola, second floor" in network.got("+233200000001")[-1]


async def test_talking_everything_goes_to_the_group_until_menu(network: Network) -> None:
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    groups = await network.say("77", "groups")
    assert "you are Blue Thread" in groups[-1]
    group = await network.say("77", "1")
    assert "Posts come: at once" in group[-1]
    talking = await network.say("77", "Talk")
    assert "You are talking in" in talking[-1]
    await network.say("77", "good morning all")
    assert "Blue Thread (#tailoring 1): good morning all" in network.got("78")[-1]
    menu = await network.say("77", "menu")
    assert "What is it about" in menu[-1]
    answer = await network.say("77", "I lost my Ghana card")
    assert "NIA" in answer[-1]
    assert not any("Ghana card" in text for text in network.got("78"))


async def test_danger_in_a_group_goes_to_nobody_but_us(network: Network) -> None:
    network.open(hold_first=0)
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    await network.say("77", "#tailoring hello")
    before = len(network.got("78"))
    said = await network.say("77", "#tailoring my husband is beating me now please help")
    assert any("112" in text or "191" in text for text in said)
    assert len(network.got("78")) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#tailoring my husband is beating me", "my husband is beating me"),
        ("reply 12 he is beating me", "he is beating me"),
        ("#tailoring reply 12 help me", "help me"),
        ("hide 1", ""), ("thanks 12", ""), ("/report #7", ""),
        ("help 2 children have no school", "help 2 children have no school"),
        ("I lost my Ghana card", "I lost my Ghana card"),
    ],
)  # fmt: skip
def test_only_a_persons_own_words_are_read_for_danger_and_language(text: str, words: str) -> None:
    assert spoken(text) == words
