"""Our Twilio channels against Prism with Twilio's own OpenAPI: are the requests well formed?

Prism answers with the examples of the documents, so this proves shapes, not behaviour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qs

import pytest
from twilio.base import values
from twilio.base.exceptions import TwilioRestException

from bot.channels.sms import Sms
from bot.channels.twilio import TwilioChannel
from bot.channels.whatsapp import WhatsApp
from bot.events import Option, Part, Reason, SendError, Sent
from bot.settings import Twilio
from tests.conftest import NOON
from tests.peers.machines import Front

pytestmark = pytest.mark.peers

C = TypeVar("C", bound=TwilioChannel)
ROOT = "https://sankofa.example"
TEXT = "What is it about?\n\nYou can also type: a question"
PAPERS = {"body": "{{1}}", "actions": [{"type": "QUICK_REPLY", "title": "Papers", "id": "a:b"}]}


@pytest.fixture(scope="module")
def front(prism_api: str, prism_content: str) -> Iterator[Front]:
    with Front(prism_api, {"content": prism_content}).open() as made:
        yield made


@pytest.fixture
def account(front: Front) -> Twilio:
    front.seen.clear()
    return Twilio(sid="AC" + "0" * 32, token="token", api_base=front.address)


@pytest.fixture
def sms(account: Twilio) -> Iterator[Sms]:
    with opened(Sms, account) as made:
        yield made


@pytest.fixture
def whatsapp(account: Twilio) -> Iterator[WhatsApp]:
    with opened(WhatsApp, account) as made:
        yield made


@contextmanager
def opened(kind: type[C], account: Twilio) -> Iterator[C]:
    """The channel; its connections are closed afterwards."""
    channel = kind(account, "whatsapp:+15550100" if kind is WhatsApp else "+15550100", ROOT)
    try:
        yield channel
    finally:
        channel.client.http_client.session.close()


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"Choice {n}", f"topic:number_{n}") for n in range(count))


def form(front: Front) -> dict[str, str]:
    """The last message that was handed in."""
    sent = next(s for s in reversed(front.seen) if s.path.endswith("/Messages.json"))
    return {name: value for name, [value] in parse_qs(sent.sent.decode()).items()}


def contents(front: Front) -> list[dict[str, Any]]:
    """The bodies of the Content resources that were made."""
    made = [s for s in front.seen if s.method == "POST" and s.path == "/content/v1/Content"]
    assert {s.status for s in made} <= {201}
    return [json.loads(s.sent) for s in made]


def post(channel: TwilioChannel, body: dict[str, Any]) -> int:
    """The status for a raw body posted to the Content API."""
    headers = {"Content-Type": "application/json"}
    url = "https://content.twilio.com/v1/Content"
    return int(channel.client.request("POST", url, data=body, headers=headers).status_code)


async def test_a_text_message_is_well_formed(sms: Sms, front: Front) -> None:
    sent = await sms.send("+233200000001", Part(text="Akwaaba, ça va ? 1 < 2 & more"), 7)
    assert isinstance(sent, Sent)
    assert sent.provider_id.startswith("SM")
    assert form(front) == {
        "To": "+233200000001", "From": "+15550100", "Body": "Akwaaba, ça va ? 1 < 2 & more",
        "StatusCallback": f"{ROOT}/hooks/twilio/status?outbox=7",
    }  # fmt: skip


async def test_sms_carries_no_buttons_even_when_it_is_given_options(
    sms: Sms, front: Front
) -> None:
    part = Part(text="1 Papers\n2 Health", options=options(2))
    assert isinstance(await sms.send("+233200000001", part, 8), Sent)
    assert form(front)["Body"] == "1 Papers\n2 Health"
    assert contents(front) == []


async def test_a_whatsapp_text_is_well_formed(whatsapp: WhatsApp, front: Front) -> None:
    sent = await whatsapp.send("whatsapp:+233200000001", Part(text=TEXT), 9)
    assert isinstance(sent, Sent)
    assert (form(front)["From"], form(front)["Body"]) == ("whatsapp:+15550100", TEXT)
    assert contents(front) == []


@pytest.mark.parametrize(
    ("count", "kind", "items"),
    [(1, "twilio/quick-reply", "actions"), (3, "twilio/quick-reply", "actions"),
     (4, "twilio/list-picker", "items"), (10, "twilio/list-picker", "items")],
)  # fmt: skip
async def test_options_make_a_well_formed_content_and_a_message_that_uses_it(
    whatsapp: WhatsApp, front: Front, count: int, kind: str, items: str
) -> None:
    part = Part(text=TEXT, options=options(count))
    assert isinstance(await whatsapp.send("whatsapp:+233200000001", part, 10), Sent)
    [made] = contents(front)
    assert list(made["types"]) == [kind]
    assert len(made["types"][kind][items]) == count
    assert [a["id"] for a in made["types"][kind][items]] == [o.token for o in options(count)]
    message = form(front)
    assert message["ContentSid"].startswith("HX")
    assert "Body" not in message
    filled = json.loads(message["ContentVariables"])
    assert filled.keys() == made["variables"].keys()
    assert list(filled.values()) == [line for line in TEXT.split("\n") if line]


async def test_one_layout_is_made_once(whatsapp: WhatsApp, front: Front) -> None:
    for text in ("Where?\nType it", "When?\nType it too"):
        part = Part(text=text, options=options(2))
        assert isinstance(await whatsapp.send("whatsapp:+233200000001", part, 11), Sent)
    assert len(contents(front)) == 1


async def test_a_look_up_is_well_formed(sms: Sms, front: Front) -> None:
    assert await sms.find("+233200000001", Part(text="nobody sent this"), NOON) is None
    # The example's next page is itself, so the client asks until it has the 50 it may want.
    assert {(s.method, s.status) for s in front.seen} == {("GET", 200)}


async def test_the_peer_refuses_a_malformed_sid_and_we_say_so(front: Front) -> None:
    with opened(Sms, Twilio(sid="AC0", token="t", api_base=front.address)) as sms:
        found = await sms.send("+233200000001", Part(text="x"), 13)
    assert found == SendError(Reason.REFUSED, code="422")


def test_the_peer_refuses_a_message_without_recipient(sms: Sms) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sms.client.messages.create(to=values.unset, from_="+15550100", body="x")
    assert refused.value.status == 422


def test_the_peer_refuses_a_malformed_content_sid(sms: Sms) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sms.client.messages.create(to="+233200000001", from_="+15550100", content_sid="HX1")
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"language": "en", "types": {"twilio/quick-reply": PAPERS}}, 201),
        ({"types": {"twilio/quick-reply": PAPERS}}, 422),
        ({"language": "en"}, 422),
        ({"language": "en", "variables": {"1": 1}, "types": {"twilio/quick-reply": PAPERS}}, 422),
        ({"language": "en", "types": {"twilio/quick-reply": {"body": "x"}}}, 422),
        ({"language": "en", "types": {"twilio/quick-reply": PAPERS | {"extra": 1}}}, 422),
        ({"language": "en", "types": {"twilio/list-picker": {"body": "x", "items": []}}}, 422),
    ],
)
def test_the_peer_judges_contents(whatsapp: WhatsApp, wrong: dict[str, Any], status: int) -> None:
    assert post(whatsapp, wrong) == status
