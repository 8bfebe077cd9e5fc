"""Moderation: each decision reaches the member with its reason, is logged, and ends as set."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.peers import appeals, decisions, moderation, posts, relays
from bot.peers.decisions import Act, By
from tests.networks.conftest import Network

STAFF, OTHER = By(staff_id=1), By(staff_id=2)


async def three(network: Network, **rules: int) -> None:
    network.open(per_minute=60, **({"hold_first": 0} | rules))
    await network.join("77", "Blue Thread")
    await network.join("78", "Red Button")
    await network.join("79", "Green Zip")


def do(network: Network, verb, *args, **more):  # type: ignore[no-untyped-def]
    return network.loop.database.call(verb, *args, network.clock(), **more)


def log(network: Network) -> list[str]:
    return [row.act for row in network.loop.database.call(decisions.of_group, network.group)]


async def told(network: Network, who: str) -> str:
    before = len(network.got(who))
    await network.loop.work()
    await network.deliver()
    return "\n".join(network.got(who)[before:])


async def test_first_posts_of_a_newcomer_wait_and_go_out_when_approved(network: Network) -> None:
    await three(network, hold_first=1)
    said = await network.say("77", "#tailoring hello from Kumasi")
    assert "first messages of every new member are read first" in said[-1]
    assert not any("Kumasi" in text for text in network.got("78"))
    assert do(network, moderation.approve, 1, STAFF)
    assert "goes out now as #1" in await told(network, "77")
    assert "Blue Thread (#tailoring 1): hello from Kumasi" in network.got("78")[-1]
    assert not do(network, moderation.approve, 1, OTHER), "somebody was faster"
    said = await network.say("77", "#tailoring and a second one")
    assert "on its way" in said[-1]
    assert log(network) == ["approved"]


async def test_a_declined_post_comes_back_with_its_reason_and_may_be_appealed(
    network: Network,
) -> None:
    await three(network, hold_first=1)
    await network.say("77", "#tailoring buy my amulets")
    assert do(network, moderation.decline, 1, STAFF, "Only about the trade, please.")
    answer = await told(network, "77")
    assert "did not send your message" in answer
    assert "Only about the trade, please." in answer
    await network.say("77", "Ask for another look")
    said = await network.say("77", "they are sewn, not magic")
    assert "Another moderator looks" in said[-1]
    (appeal,) = network.loop.database.call(appeals.waiting)
    assert appeal.text == "they are sewn, not magic"
    assert not do(network, appeals.settle, appeal.id, STAFF, lift=True), "not by who decided"
    assert do(network, appeals.settle, appeal.id, OTHER, lift=True)
    await told(network, "77")
    assert "buy my amulets" in network.got("78")[-1]
    assert log(network) == ["approved", "declined"] or log(network) == ["shown", "declined"]


@pytest.mark.parametrize(
    ("act", "hours", "sentence", "out"),
    [
        (Act.SILENCED, 24, "you can read but not write until", False),
        (Act.BANNED, 24, "you are out of the group until", True),
        (Act.REMOVED, None, "took you out of the group", True),
    ],
)  # fmt: skip
async def test_a_sanctioned_member_reaches_nobody_and_it_ends_as_set(
    network: Network, act: Act, hours: int | None, sentence: str, out: bool
) -> None:
    await three(network)
    await network.say("77", "#tailoring before")
    until = network.clock() + timedelta(hours=hours) if hours else None
    member = network.member("77").id
    assert do(network, moderation.sanction, member, act, STAFF, "Insults", until=until)
    answer = await told(network, "77")
    assert sentence in answer
    assert "Reason: Insults" in answer
    before = network.got("78")
    await network.say("77", "#tailoring I am still here")
    await network.say("77", "reply 1 and here")
    assert network.got("78") == before
    if out:
        await network.say("78", "#tailoring who hears me?")
        assert not any("who hears me" in text for text in network.got("77"))
    if out:
        assert "cannot enter" in (await network.say("77", "join tailoring"))[-1]
    if hours:
        network.clock.forward(hours=hours, minutes=1)
        assert "you may write again" in await told(network, "77")
    if act is Act.SILENCED:
        await network.say("77", "#tailoring thank you for waiting")
        assert "thank you for waiting" in network.got("78")[-1]
    assert log(network) == [act.value]


async def test_a_warning_counts_and_is_told(network: Network) -> None:
    await three(network)
    member = network.member("77").id
    assert do(network, moderation.sanction, member, Act.WARNED, STAFF, "No politics")
    assert "a moderator warns you" in await told(network, "77")
    assert network.member("77").warned == 1


async def test_reports_of_three_members_take_a_post_out_until_a_moderator_looks(
    network: Network,
) -> None:
    await three(network)
    await network.join("80", "Gold Hem")
    await network.say("77", "#tailoring something ugly")
    for who in ("78", "79", "80"):
        asked = await network.say(who, "report 1")
        assert "Nobody in the group learns" in asked[-1]
        await network.say(who, "It hurts or threatens")
    row = network.loop.database.call(posts.one, 1)
    assert (row.state, row.reports) == ("hidden", 3)  # type: ignore[union-attr]
    assert "was taken out until a moderator has looked" in "\n".join(network.got("77"))
    again = await network.say("78", "report 1")
    await network.say("78", "Something else")
    assert network.loop.database.call(posts.one, 1).reports == 3, "once each"  # type: ignore[union-attr]
    assert again
    assert do(network, moderation.approve, 1, STAFF)
    assert log(network) == ["shown", "hidden"]
    await told(network, "77")
    assert len([t for t in network.got("78") if "something ugly" in t]) == 1, "nobody gets it twice"


async def test_a_report_of_danger_opens_a_case_for_the_author(network: Network) -> None:
    from bot.cases import cases

    await three(network)
    await network.say("77", "#tailoring nobody answers my door")
    await network.say("78", "report 1")
    await network.say("78", "Somebody is in danger")
    row = network.loop.database.call(lambda conn: conn.execute(sa.select(cases)).one())
    assert (row.reason, row.person_id) == ("peer_report", network.member("77").person_id)


async def test_emergency_every_post_waits_but_the_relays(network: Network) -> None:
    from bot.peers import groups
    from bot.screening.rules import Rules

    await three(network)
    network.loop.database.call(groups.set_rules, network.group, Rules(hold_first=0, hold_all=True))
    said = await network.say("77", "#tailoring hello")
    assert "every message in this group is read first" in said[-1]


async def test_limits_slow_flood_long_duplicate_and_banned_words(network: Network) -> None:
    from bot.peers import groups
    from bot.screening.rules import Rules

    await three(network)
    rules = Rules(hold_first=0, slow=30, per_minute=5, per_day=6, longest=80,
                  words={"en": ["juju", "vote for"]})  # fmt: skip
    network.loop.database.call(groups.set_rules, network.group, rules)
    assert "on its way" in (await network.say("77", "#tailoring one"))[-1]
    assert "wait a little" in (await network.say("77", "#tailoring two"))[-1]
    network.clock.forward(minutes=1)
    assert "you have sent it already" in (await network.say("77", "#tailoring ONE!"))[-1]
    assert "too long" in (await network.say("77", "#tailoring " + "long " * 30))[-1]
    assert "a word in it" in (await network.say("77", "#tailoring buy júju here"))[-1]
    for n in range(4):
        network.clock.forward(minutes=1)
        await network.say("77", f"#tailoring number {n}")
    network.clock.forward(minutes=1)
    said = await network.say("77", "#tailoring who sells buttons by weight")
    assert "too many messages" in said[-1]


async def test_a_relay_has_a_few_powers_for_a_term_and_sees_nobody(network: Network) -> None:
    await three(network, hold_first=1)
    relay = network.member("79").id
    until = network.clock() + timedelta(days=90)
    assert network.loop.database.call(relays.appoint, relay, until, STAFF, network.clock())
    assert "You are now a relay" in await told(network, "79")
    await network.say("77", "#tailoring first words")
    held = network.got("79")[-1]
    assert 'Blue Thread: "first words"' in held
    await network.say("79", "Send it")
    assert "first words" in network.got("78")[-1]
    await network.say("79", "pin 1")
    newcomer = network.got("79")
    await network.join("80", "Gold Hem")
    assert any("somebody new has joined" in t for t in network.got("79")[len(newcomer):])
    assert not any("Gold Hem" in t for t in network.got("79")[len(newcomer):])
    assert any("Pinned: first words" in text for text in network.got("80"))
    for text in ("groups", "1", "Relay tools"):
        code = await network.say("79", text)
    code = await network.say("79", "Invitation code")
    word = code[-1].split("JOIN ")[1][:6]
    entered = await network.say("81", f"join {word}")
    assert "Groups are for adults" in entered[-1]
    await network.say("79", "hide 1")
    assert network.loop.database.call(posts.one, 1).state == "hidden"  # type: ignore[union-attr]
    network.clock.forward(days=91)
    await network.deliver()
    assert "answered 4 times. Thank you" in await told(network, "79")
    said = await network.say("79", "pin 1")
    assert "for relays of the group" in said[-1]
    assert {"approved", "pinned", "invited", "hidden", "appointed"} <= set(log(network))


async def test_members_without_the_power_are_told_so(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring hello")
    assert "for relays" in (await network.say("78", "hide 1"))[-1]
    assert network.loop.database.call(posts.one, 1).state == "out"  # type: ignore[union-attr]


async def test_the_log_of_decisions_can_not_be_edited(network: Network) -> None:
    await three(network)
    do(network, moderation.sanction, network.member("77").id, Act.WARNED, STAFF, "x")
    for statement in (decisions.decisions.delete(), decisions.decisions.update().values(reason="")):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            network.loop.database.call(lambda conn, s=statement: conn.execute(s))


async def test_thanks_reach_the_author_once(network: Network) -> None:
    await three(network)
    await network.say("77", "#tailoring use a thimble")
    await network.say("78", "thanks 1")
    await network.say("78", "merci 1")
    assert [t for t in network.got("77") if "thanks you" in t] == ["Red Button thanks you for #1."]


async def test_the_register_finds_others_by_their_group_name(network: Network) -> None:
    await three(network)
    for text in ("my activity", "1", "2021", "Customers"):
        said = await network.say("77", text)
    assert "You are in the register" in said[-1]
    for text in ("my activity", "Look for others"):
        said = await network.say("78", text)
    assert "Blue Thread (#tailoring), since 2021; looks for: customers" in said[-1]
    for text in ("my activity", "Take me out"):
        await network.say("77", text)
    for text in ("my activity", "Look for others"):
        said = await network.say("78", text)
    assert "Nobody else" in said[-1]


async def test_a_wish_for_a_group_is_remembered_and_answered(network: Network) -> None:
    from bot.peers import groups, wishes
    from bot.peers.groups import NewGroup
    from bot.screening.rules import Rules

    network.open()
    assert "no group for Poultry yet" in (await network.say("77", "join poultry"))[-1]
    assert "you get one message" in (await network.say("77", "1"))[-1]
    new = NewGroup(tag="poultry", sector="poultry", region=None, language="en", rules=Rules())
    id = do(network, groups.open_group, new)
    group = network.loop.database.call(groups.one, id)
    assert do(network, wishes.fulfil, group) == 1
    assert "There is now a group: Poultry" in await told(network, "77")
    assert "Groups are for adults" in (await network.say("77", "Enter"))[-1]
