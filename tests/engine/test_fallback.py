"""What a counsellor writes and an app does not deliver: as SMS, once, and only with a yes."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot import handoff
from bot.cases import cases
from bot.conversation import send_again
from bot.events import Incoming, Kind, Reason, SendError, Sent
from bot.outbox import MAX_BOUNCES, MAX_TRIES
from bot.rendering import gsm7
from bot.staff import Staff
from tests.engine.conftest import Loop
from tests.engine.pair import APP, PHONE, link
from tests.engine.room import RAPE, Room
from tests.engine.test_sender import Provider, drain

WHATSAPP = ("whatsapp:+233201111111", "whatsapp")
BLOCKED = SendError(Reason.BLOCKED, gone=True, code="bot was blocked")


class Phones:
    """A person with an app and a phone for SMS, and Ama who has their case."""

    def __init__(self, loop: Loop, room: Room, app: tuple[str, str] = APP) -> None:
        self.loop, self.room, self.app = loop, room, app
        self.provider = Provider()
        self.provider.name = app[1]  # type: ignore[misc]
        self.ama: Staff = room.add("Ama")

    async def ready(self, *, answer: str | None = "yes", words: str = "person") -> None:
        """The phones are one person, who has answered the question about SMS."""
        await link(self.loop, PHONE, self.app)
        if answer:
            await self.say(answer)
        await self.say(words)
        self.loop.database.call(self._sent)
        self.ama_does(handoff.take)
        await self.loop.work()
        await drain(self.loop, self.provider)

    def ama_does(self, verb: Any, *args: Any, **more: Any) -> None:
        """One of the console's verbs on the person's case."""
        case, now = self.room.case(*PHONE).id, self.loop.clock()
        self.loop.database.call(verb, case, self.ama, *args, now=now, **more)

    async def say(self, text: str) -> list[str]:
        return await self.loop.say(text, who=self.app[0], channel=self.app[1])

    def _sent(self, conn: sa.Connection) -> None:
        """What the bot said so far has left: the tests look at what Ama says."""
        conn.execute(sa.text("UPDATE outbox SET status = 'sent', rank = 1"))

    async def reply(self, text: str, *answers: Sent | SendError) -> None:
        """Ama writes, and the provider answers so."""
        self.ama_does(handoff.reply, text)
        await self.loop.work()
        self.provider.answers = list(answers)
        await drain(self.loop, self.provider, 2)

    def sms(self) -> list[str]:
        """What goes to the phone by SMS from Ama."""
        return [
            row.part["text"] for row in self.loop.rows()
            if row.channel == "sms" and row.staff_id == self.ama.id
        ]  # fmt: skip

    async def receipt(self, code: str) -> None:
        """The last message of Ama's was accepted, and then did not arrive."""
        row = [r for r in self.loop.rows() if r.staff_id and r.channel == self.app[1]][-1]
        body = {"outbox": row.id, "status": "failed", "code": code, "provider_id": "SM9"}
        self.loop.receive(Incoming(channel=self.app[1], external_id=f"r{next(self.loop.numbers)}",
                                   kind=Kind.RECEIPT, body=body))  # fmt: skip
        await self.loop.work()


@pytest.fixture
def phones(loop: Loop, room: Room) -> Phones:
    return Phones(loop, room)


@pytest.fixture
def whatsapp(loop: Loop, room: Room) -> Phones:
    return Phones(loop, room, WHATSAPP)


@pytest.mark.parametrize(
    ("answer", "goes"),
    [
        (BLOCKED, True),
        (SendError(Reason.OPTED_OUT, gone=True, code="21610"), True),
        (SendError(Reason.WINDOW, code="63016"), True),
        (SendError(Reason.NO_SUCH_ADDRESS, gone=True, code="63003"), True),
        (SendError(Reason.UNREACHABLE, code="30003"), True),
        (SendError(Reason.UNREACHABLE, retry=60, code="30003"), False),
        (SendError(Reason.IN_DOUBT, retry=60), False),
        (SendError(Reason.REFUSED, code="400"), False),
        (SendError(Reason.ACCOUNT, code="401"), False),
        (SendError(Reason.PROVIDER, code="500"), False),
        (Sent("9"), False),
    ],
    ids=lambda value: f"{value.reason.value}:{value.retry}" if isinstance(value, SendError)
    else str(value),
)  # fmt: skip
async def test_which_failures_send_the_message_as_sms(
    phones: Phones, answer: Sent | SendError, goes: bool
) -> None:
    await phones.ready()
    await phones.reply("Come at nine.", answer)
    assert phones.sms() == (["Ama: Come at nine."] if goes else [])


async def test_it_is_noted_in_the_log_and_stands_in_the_conversation(
    phones: Phones, loop: Loop, room: Room
) -> None:
    await phones.ready()
    await phones.reply("Come at nine.", BLOCKED)
    assert room.log()[-1] == "sent_as_sms"
    row = loop.rows()[-1]
    assert (row.status, row.address_id) == ("queued", loop.rows()[0].address_id)
    assert row.key.startswith("fallback:")


async def test_a_message_the_phone_never_got_goes_as_sms_after_its_last_try(
    phones: Phones, loop: Loop
) -> None:
    await phones.ready()
    away = SendError(Reason.UNREACHABLE, retry=1)
    await phones.reply("Come at nine.", away)
    for tried in range(1, MAX_TRIES):
        assert phones.sms() == [], tried
        loop.clock.forward(seconds=2)
        phones.provider.answers = [away]
        await drain(loop, phones.provider, 2)
    assert phones.sms() == ["Ama: Come at nine."]


async def test_a_receipt_that_it_did_not_arrive_does_the_same(whatsapp: Phones) -> None:
    await whatsapp.ready()
    await whatsapp.reply("Come at nine.")
    assert whatsapp.sms() == []
    await whatsapp.receipt("63016")
    assert whatsapp.sms() == ["Ama: Come at nine."]


async def test_a_phone_that_is_off_gets_its_tries_first(whatsapp: Phones, loop: Loop) -> None:
    await whatsapp.ready()
    await whatsapp.reply("Come at nine.")
    for tried in range(1, MAX_BOUNCES):
        await whatsapp.receipt("30003")
        assert whatsapp.sms() == [], tried
        loop.clock.forward(hours=1)
        await drain(loop, whatsapp.provider, 2)
    await whatsapp.receipt("30003")
    assert whatsapp.sms() == ["Ama: Come at nine."]


async def test_once_in_its_life(phones: Phones, loop: Loop, room: Room) -> None:
    """Ama sends it again by hand, and it fails again."""
    await phones.ready()
    await phones.reply("Come at nine.", BLOCKED)
    failed = [row for row in loop.rows() if row.status == "failed"][-1]
    assert loop.database.call(send_again, failed.id, room.person(), loop.clock())
    phones.provider.answers = [BLOCKED]
    await drain(loop, phones.provider, 2)
    assert phones.sms() == ["Ama: Come at nine."]
    assert room.log().count("sent_as_sms") == 1


@pytest.mark.parametrize("answer", ["no", None])
async def test_without_a_yes_nothing_goes_as_sms(phones: Phones, answer: str | None) -> None:
    await phones.ready(answer=answer)
    await phones.reply("Come at nine.", BLOCKED)
    assert phones.sms() == []


async def test_the_last_answer_counts(phones: Phones, loop: Loop) -> None:
    await phones.ready()
    body: dict[str, Any] = {"token": "sms:0"}
    loop.receive(Incoming(channel="telegram", external_id="t1", kind=Kind.CHOICE,
                          addresses=(APP[0],), body=body))  # fmt: skip
    loop.clock.forward(minutes=1)
    await loop.work()
    await phones.reply("Come at nine.", BLOCKED)
    assert phones.sms() == []


@pytest.mark.parametrize("closed", [False, True])
async def test_never_what_is_protected(phones: Phones, loop: Loop, closed: bool) -> None:
    """Not while the case is open, and not in what is said at its end either."""
    loop.database.call(
        lambda conn: conn.execute(sa.text("UPDATE staff SET skills = '[\"protection\"]'"))
    )
    await phones.ready(words=RAPE)
    if closed:
        phones.ama_does(handoff.close, outcome="met", agreed="the clinic at 9")
        await loop.work()
        phones.provider.answers = [BLOCKED] * 3
        await drain(loop, phones.provider, 2)
    else:
        await phones.reply("The clinic at nine.", BLOCKED)
    assert phones.sms() == []


async def test_nobody_who_has_stopped_us(phones: Phones, loop: Loop) -> None:
    await phones.ready()
    phones.ama_does(handoff.reply, "Come at nine.")
    await loop.work()
    loop.database.call(lambda conn: conn.execute(sa.text("UPDATE people SET stopped = true")))
    phones.provider.answers = [BLOCKED]
    await drain(loop, phones.provider, 2)
    assert phones.sms() == []


async def test_no_phone_that_is_gone_itself(phones: Phones, loop: Loop) -> None:
    await phones.ready()
    gone = sa.text("UPDATE addresses SET gone = 'opted_out' WHERE channel = 'sms'")
    loop.database.call(lambda conn: conn.execute(gone))
    await phones.reply("Come at nine.", BLOCKED)
    assert phones.sms() == []


async def test_what_the_bot_says_is_not_sent_as_sms(phones: Phones, loop: Loop) -> None:
    await phones.ready()
    await phones.say("menu")
    phones.provider.answers = [BLOCKED] * 3
    before = len(loop.rows())
    await drain(loop, phones.provider, 2)
    assert len(loop.rows()) == before


async def test_the_nudge_of_whatsapp_is_not_sent_as_sms(whatsapp: Phones) -> None:
    await whatsapp.ready()
    whatsapp.ama_does(handoff.reply, "", template=True)
    await whatsapp.loop.work()
    whatsapp.provider.answers = [BLOCKED]
    await drain(whatsapp.loop, whatsapp.provider, 2)
    assert whatsapp.loop.rows()[-1].status == "failed"
    assert whatsapp.sms() == []


async def test_it_is_written_and_cut_for_sms(phones: Phones, loop: Loop) -> None:
    await phones.ready()
    await phones.reply("Venez à l’hôpital… " + "puis attendez là. " * 60, BLOCKED)
    parts = phones.sms()
    assert len(parts) > 1
    assert parts[0].startswith("Ama: Venez à l'hopital...")
    assert all(gsm7.is_gsm7(text) and len(text) <= 459 for text in parts)
    keys = [row.key.split(":")[-1] for row in loop.rows() if row.key.startswith("fallback")]
    assert keys == [str(n) for n in range(len(parts))]


@pytest.mark.parametrize(("meanwhile", "numbers"), [(False, True), (True, False)])
async def test_a_question_keeps_its_numbers_only_while_they_mean_it(
    phones: Phones, loop: Loop, meanwhile: bool, numbers: bool
) -> None:
    await phones.ready()
    phones.ama_does(handoff.close, outcome="answered")
    await loop.work()
    if meanwhile:
        await phones.say("menu")
    phones.provider.answers = [BLOCKED] * 3
    await drain(loop, phones.provider, 2)
    text = phones.sms()[-1]
    assert "has ended this talk" in text
    assert ("1 Yes, it helped" in text) is numbers
    if numbers:
        await loop.say("1", who=PHONE[0], channel="sms")
        query = sa.select(cases.c.rating)
        assert loop.database.call(lambda conn: conn.execute(query).scalar()) is True
