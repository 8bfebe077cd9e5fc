"""The whole service against emulate, a stateful Twilio that signs its webhooks itself.

emulate has no Content API; Prism stands in for that part, so that WhatsApp lists get their id.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import yaml

from bot import settings
from bot.channels.base import Pace
from bot.channels.sms import Sms
from bot.channels.twilio import TwilioChannel
from bot.channels.whatsapp import WhatsApp
from bot.events import Part, Reason, SendError, Sent
from bot.outbox import outbox
from bot.service import Service
from bot.settings import Settings
from bot.settings import Twilio as Account
from bot.understanding import Embedded
from tests.conftest import NOON
from tests.peers.machines import MODULES, Front, free_port, node, serving, wait

pytestmark = pytest.mark.peers

SID, TOKEN = "AC" + "0" * 32, "twilio_test_auth_token"
SENDERS = {"sms": "+15551234567", "whatsapp": "whatsapp:+15551234567"}
QUICK = {name: Pace(per_second=50, pause=0) for name in SENDERS}
QUESTION = "I lost my Ghana card"


class Town:
    """The running service and its provider, and what a test does there."""

    def __init__(self, chosen: Settings, emulate: str) -> None:
        assert chosen.twilio is not None
        self.account = chosen.twilio
        self.http = httpx.Client(
            base_url=emulate, auth=(SID, TOKEN), timeout=10, trust_env=False
        )
        self._engine = sa.create_engine(chosen.database_url)

    def close(self) -> None:
        self.http.close()
        self._engine.dispose()

    def type(self, channel: str, number: str, text: str) -> str:
        """A person writes; returns the person's address."""
        person = f"whatsapp:{number}" if channel == "whatsapp" else number
        form = {"To": SENDERS[channel], "From": person, "Body": text}
        answer = self.http.post("/_twilio/simulate/inbound-message", data=form)
        assert answer.status_code == 201, answer.text
        return person

    def tell(self, sid: str, status: str) -> None:
        """The provider learns how a message fared, and tells us."""
        form = {"MessageSid": sid, "Status": status}
        answer = self.http.post("/_twilio/simulate/message-status", data=form)
        assert answer.status_code == 200, answer.text

    def received(self, person: str) -> list[dict[str, Any]]:
        """What the provider has from us for the person, oldest first."""
        answer = self.http.get(f"/2010-04-01/Accounts/{SID}/Messages.json", params={"To": person})
        return list(reversed(answer.json()["messages"]))

    def rows(self, *sids: str) -> list[tuple[str, str | None]]:
        """Status and code of our rows for the provider's messages, in the given order."""
        query = sa.select(outbox.c.provider_id, outbox.c.status, outbox.c.code)
        with self._engine.connect() as conn:
            found = {sid: (status, code) for sid, status, code in conn.execute(query)}
        return [found[sid] for sid in sids if sid in found]

    def settled(self, *sids: str) -> list[str]:
        """The provider's messages that we know to be sent, once that is so."""
        wait(lambda: [status for status, _ in self.rows(*sids)] == ["sent"] * len(sids))
        return list(sids)


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, prism_content: str, embedded: Embedded
) -> Iterator[Town]:
    """Our service and emulate, each knowing the other's address."""
    folder: Path = tmp_path_factory.mktemp("emulate")
    ours, theirs = free_port(), free_port()
    hook = f"http://127.0.0.1:{ours}/hooks/twilio"
    numbers = [{"phone_number": n, "friendly_name": c, "sms_url": f"{hook}?line={c}"}
               for c, n in SENDERS.items()]  # fmt: skip
    account = {"sid": SID, "auth_token": TOKEN, "friendly_name": "Local"}
    seed = folder / "seed.yaml"
    seed.write_text(yaml.safe_dump({"twilio": {"account": account, "phone_numbers": numbers}}))
    with (
        node(
            MODULES / "emulate/dist/index.js", "start", "--service", "twilio",
            "--port", str(theirs), "--seed", seed,
            port=theirs, log=folder / "emulate.log",
            preload=Path(__file__).with_name("loopback.cjs"),
        ) as emulate,
        Front(emulate, {"content": prism_content}).open() as front,
    ):  # fmt: skip
        chosen = settings.read({
            "SANKOFA_HOME": str(folder), "SECRET_KEY": "k", "PORT": str(ours),
            "PUBLIC_URL": f"http://127.0.0.1:{ours}", "TWILIO_API_BASE": front.address,
            "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SMS_FROM": SENDERS["sms"], "TWILIO_WHATSAPP_FROM": SENDERS["whatsapp"],
        })  # fmt: skip
        service = Service(chosen, work=True, paces=QUICK, understanding=embedded)
        with closing(Town(chosen, emulate)) as made, serving(service.app(), ours):
            yield made
        close(*(c for c in service.channels.values() if isinstance(c, TwilioChannel)))


def close(*channels: TwilioChannel) -> None:
    for channel in channels:
        channel.client.http_client.session.close()


def test_an_sms_signed_by_emulate_is_answered_there(town: Town) -> None:
    person = town.type("sms", "+233200000001", QUESTION)
    welcome, answer = wait(lambda: len(found := town.received(person)) >= 2 and found[:2])
    assert welcome["body"].startswith("Welcome to Sankofa")
    assert "NIA" in answer["body"]
    assert {m["from"] for m in (welcome, answer)} == {SENDERS["sms"]}
    town.settled(welcome["sid"], answer["sid"])


def test_a_whatsapp_message_is_answered_with_text_and_with_a_content(town: Town) -> None:
    person = town.type("whatsapp", "+233200000002", QUESTION)
    welcome, answer = wait(lambda: len(found := town.received(person)) >= 2 and found[:2])
    assert welcome["body"].startswith("Welcome to Sankofa")
    assert answer["body"] is None  # the text is in the Content resource and its variables
    assert {m["from"] for m in (welcome, answer)} == {SENDERS["whatsapp"]}
    town.settled(welcome["sid"], answer["sid"])


@pytest.mark.parametrize(("channel", "number"), [("sms", "+233200000003"),
                                                 ("whatsapp", "+233200000004")])  # fmt: skip
def test_a_receipt_signed_by_emulate_reaches_the_outbox(
    town: Town, channel: str, number: str
) -> None:
    person = town.type(channel, number, QUESTION)
    first, second = wait(lambda: len(found := town.received(person)) >= 2 and found[:2])
    sids = town.settled(first["sid"], second["sid"])
    town.tell(first["sid"], "delivered")
    town.tell(second["sid"], "undelivered")
    wait(lambda: [status for status, _ in town.rows(*sids)] == ["delivered", "failed"])
    town.tell(first["sid"], "read")
    wait(lambda: town.rows(first["sid"])[0][0] == "read")


def test_the_webhook_refuses_what_emulate_did_not_sign(town: Town) -> None:
    form = {"MessageSid": "SM1", "From": "+233200000005", "To": SENDERS["sms"], "Body": "hi"}
    number = town.http.get(f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json").json()
    url = number["incoming_phone_numbers"][0]["sms_url"]
    forged = {"x-twilio-signature": "bm90IHNpZ25lZA=="}
    assert httpx.post(url, data=form, headers=forged, trust_env=False).status_code == 403


@pytest.mark.parametrize(
    ("kind", "wrong", "error"),
    [
        (Sms, {"token": "wrong"}, SendError(Reason.ACCOUNT, retry=60, code="20003")),
        (WhatsApp, {"token": "wrong"}, SendError(Reason.ACCOUNT, retry=60, code="20003")),
        (Sms, {"sid": "AC" + "1" * 32}, SendError(Reason.ACCOUNT, retry=60, code="20003")),
        (Sms, {"sms_from": "+15550199"}, SendError(Reason.ACCOUNT, retry=3600, code="21606")),
    ],
)
async def test_a_wrong_account_is_the_operators_affair(
    town: Town, kind: type[TwilioChannel], wrong: dict[str, Any], error: SendError
) -> None:
    account: Account = replace(town.account, **wrong)
    channel = kind(account, kind.sender_of(account) or "", "http://127.0.0.1")
    person = "whatsapp:+233200000006" if kind is WhatsApp else "+233200000006"
    assert await channel.send(person, Part(text="x"), 1) == error
    close(channel)


async def test_a_message_in_doubt_is_found_by_its_text(town: Town) -> None:
    channel = Sms(town.account, SENDERS["sms"], "http://127.0.0.1:9")
    person, part = "+233200000007", Part(text="Was this sent?")
    assert await channel.find(person, part, NOON - timedelta(days=365)) is None
    sent = await channel.send(person, part, 1)
    assert isinstance(sent, Sent)
    assert await channel.find(person, part, NOON - timedelta(days=365)) == sent
    assert await channel.find(person, Part(text="Another text"), NOON - timedelta(days=365)) is None
    close(channel)
