"""The inbox takes everything once, and hands a person to one worker at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import inbox
from bot.events import Incoming, Kind
from bot.people import addresses, people
from tests.engine.conftest import Loop

LEASE = timedelta(seconds=60)


def claim(loop: Loop, token: str, limit: int = 64) -> list[inbox.Claim]:
    return loop.database.call(
        inbox.claim, token=token, now=loop.clock(), limit=limit, lease=LEASE
    )


def test_a_webhook_that_comes_twice_is_stored_once(loop: Loop) -> None:
    arrival = loop.message("hello")
    loop.receive(arrival, arrival)
    loop.receive(arrival)
    assert loop.count(inbox.inbox) == 1


def test_events_of_one_person_come_in_the_order_of_their_arrival(loop: Loop) -> None:
    loop.receive(*(loop.message(str(n)) for n in range(5)))
    (claimed,) = claim(loop, "a")
    assert [e.body["text"] for e in claimed.events] == ["0", "1", "2", "3", "4"]


def test_a_claimed_person_is_not_claimed_again_until_the_lease_ends(loop: Loop) -> None:
    loop.receive(loop.message("hello"))
    assert claim(loop, "a")
    assert claim(loop, "b") == []
    loop.clock.forward(seconds=61)
    (again,) = claim(loop, "b")
    assert loop.database.call(inbox.still_ours, [again], "a") == []
    assert loop.database.call(inbox.still_ours, [again], "b") == [again]


def test_the_longest_waiting_person_comes_first(loop: Loop) -> None:
    loop.receive(loop.message("1", "anna"), loop.message("2", "ben"), loop.message("3", "anna"))
    (first,) = claim(loop, "a", limit=1)
    assert [e.body["text"] for e in first.events] == ["1", "3"]


def test_nobody_fills_a_batch_alone(loop: Loop) -> None:
    loop.receive(*(loop.message(str(n)) for n in range(40)))
    (claimed,) = claim(loop, "a")
    assert len(claimed.events) == inbox.PER_PERSON


def test_a_whatsapp_person_is_known_by_the_lasting_id_when_the_number_hides(loop: Loop) -> None:
    both = replace(loop.message("hi", channel="whatsapp"), addresses=("wa:GH.1", "wa:+2331"))
    hidden = replace(loop.message("hi", channel="whatsapp"), addresses=("wa:GH.1",))
    number = replace(loop.message("hi", channel="whatsapp"), addresses=("wa:+2331",))
    loop.receive(both)
    loop.receive(hidden, number)
    assert loop.count(people) == 1
    assert loop.count(addresses) == 2


def test_equal_addresses_on_two_channels_are_two_people(loop: Loop) -> None:
    loop.receive(loop.message("hi", "+2331", "sms"), loop.message("hi", "+2331", "whatsapp"))
    assert loop.count(people) == 2


def test_a_receipt_for_a_message_that_is_not_ours_changes_nothing(loop: Loop) -> None:
    stray = Incoming(
        channel="sms", external_id="SM1:sent", kind=Kind.RECEIPT, body={"outbox": 999}
    )
    loop.receive(stray)
    assert loop.count(inbox.inbox) == 0


def test_addresses_are_never_stored_in_the_clear(loop: Loop) -> None:
    loop.receive(loop.message("hi", "+233201234567", "sms"))
    rows = loop.database.call(lambda conn: conn.execute(addresses.select()).all())
    assert "233201234567" not in str(rows)
    assert loop.vault.open(rows[0].sealed) == "+233201234567"
