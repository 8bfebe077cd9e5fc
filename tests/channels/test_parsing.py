"""What providers send becomes events, or nothing, or a clear refusal."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import twilio
from bot.channels.base import BadPayload
from bot.channels.telegram import Telegram
from bot.events import Kind
from bot.settings import Telegram as Account
from tests import payloads

CHANNEL = Telegram(Account(token="4242:secret", secret="hook"))


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("message", Kind.MESSAGE, {"text": "I lost my Ghana card", "locale": "en"}),
        ("edited", Kind.MESSAGE, {"text": "I lost my passport", "edited": True, "locale": "en"}),
        ("callback", Kind.CHOICE,
         {"token": "group:documents", "ack": "4382bfdwdsb323b2d9", "locale": "fr"}),
        ("voice", Kind.MESSAGE, {"text": "", "attachment": "voice",
                                 "media": "AwACAgQAAxkBAAIB", "locale": ""}),
        ("photo", Kind.MESSAGE,
         {"text": "is this card valid?", "attachment": "photo", "media": "AgACAgQAAxkBAAIC",
          "locale": ""}),
        ("location", Kind.MESSAGE, {"text": "", "attachment": "location", "locale": "",
                                    "latitude": 6.6885, "longitude": -1.6244}),
        ("contact", Kind.MESSAGE, {"text": "", "attachment": "contact", "locale": ""}),
        ("sticker", Kind.MESSAGE, {"text": "", "attachment": "sticker", "locale": ""}),
        ("blocked", Kind.REACH, {"reachable": False}),
    ],
)  # fmt: skip
def test_telegram_updates_of_a_person(name: str, kind: Kind, body: dict[str, Any]) -> None:
    found = CHANNEL.parse(payloads.telegram(name))
    assert found is not None
    assert (found.kind, found.body) == (kind, body)
    assert found.addresses == ("700000001",)
    assert found.external_id.startswith("4242:9000")


def sized(*sizes: tuple[int, int]) -> dict[str, Any]:
    """A photo in these sizes: side and bytes."""
    update = payloads.telegram("photo")
    update["message"]["photo"] = [
        {"file_id": f"id{side}", "file_unique_id": f"u{side}", "width": side, "height": side,
         "file_size": size} for side, size in sizes
    ]  # fmt: skip
    return update


@pytest.mark.parametrize(
    ("sizes", "taken"),
    [
        ([(90, 900), (320, 9_000), (1280, 90_000)], "id1280"),
        ([(1280, 90_000), (90, 900)], "id1280"),
        ([(90, 900), (800, 5_000_000), (4000, 5_000_001)], "id800"),
        ([(4000, 6_000_000)], None),
    ],
)
def test_the_largest_form_of_a_photo_that_we_take_is_named(
    sizes: list[tuple[int, int]], taken: str | None
) -> None:
    found = CHANNEL.parse(sized(*sizes))
    assert found is not None
    assert (found.body["attachment"], found.body.get("media")) == ("photo", taken)


def test_only_photos_and_voice_notes_are_named() -> None:
    form = payloads.twilio("whatsapp_contact") | {"MediaUrl0": "https://api.twilio.com/x"}
    contact, long = twilio.parse(form), twilio.parse(
        payloads.twilio("whatsapp_voice") | {"MediaUrl0": "https://api.twilio.com/" + 500 * "x"}
    )
    assert contact is not None
    assert long is not None
    assert "media" not in contact.body | long.body
    song = payloads.telegram("voice")
    song["message"]["audio"] = song["message"].pop("voice")
    found = CHANNEL.parse(song)
    assert found is not None
    assert (found.body["attachment"], found.body.get("media")) == ("voice", None)


@pytest.mark.parametrize("name", ["group", "group_joined", "unknown", "channel_post"])
def test_telegram_updates_that_do_not_concern_us(name: str) -> None:
    assert CHANNEL.parse(payloads.telegram(name)) is None


@pytest.mark.parametrize(
    "update",
    [{}, {"update_id": "x"}, {"update_id": 1, "message": 7}, {"update_id": 1, "message": {}},
     {"update_id": 1, "callback_query": {"id": "1"}}],
)  # fmt: skip
def test_what_telegram_would_never_send_is_refused(update: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        CHANNEL.parse(update)


def test_a_wrong_or_missing_secret_is_not_genuine() -> None:
    assert CHANNEL.genuine("hook")
    assert not CHANNEL.genuine("hooK")
    assert not CHANNEL.genuine(None)
    assert not Telegram(Account(token="1:a", secret="")).genuine("")


@pytest.mark.parametrize(
    ("name", "channel", "kind", "addresses", "body"),
    [
        ("sms", "sms", Kind.MESSAGE, ("+233550000001",), {"text": "I lost my Ghana card"}),
        ("whatsapp", "whatsapp", Kind.MESSAGE,
         ("whatsapp:GH.4566546130240823", "whatsapp:+233550000002"), {"text": "bonjour"}),
        ("whatsapp_button", "whatsapp", Kind.CHOICE,
         ("whatsapp:GH.4566546130240823", "whatsapp:+233550000002"),
         {"token": "group:documents", "text": "Papiers"}),
        ("whatsapp_list", "whatsapp", Kind.CHOICE,
         ("whatsapp:GH.4566546130240823", "whatsapp:+233550000002"),
         {"token": "topic:passport", "text": "Passeport"}),
        ("whatsapp_hidden", "whatsapp", Kind.MESSAGE, ("whatsapp:GH.9992222111",),
         {"text": "hello"}),
        ("whatsapp_voice", "whatsapp", Kind.MESSAGE, ("whatsapp:+233550000003",),
         {"text": "", "attachment": "voice", "media": "https://api.twilio.com/2010-04-01/"
          "Accounts/AC00/Messages/MM20/Media/ME20"}),
        ("whatsapp_contact", "whatsapp", Kind.MESSAGE, ("whatsapp:+233550000003",),
         {"text": "", "attachment": "contact"}),
        ("whatsapp_location", "whatsapp", Kind.MESSAGE, ("whatsapp:+233550000003",),
         {"text": "", "attachment": "location", "latitude": 9.4034, "longitude": -0.8424}),
        ("sms_stop_answered", "sms", Kind.MESSAGE, ("+233550000001",),
         {"text": "STOP", "answered": "STOP"}),
    ],
)  # fmt: skip
def test_twilio_forms(
    name: str, channel: str, kind: Kind, addresses: tuple[str, ...], body: dict[str, Any]
) -> None:
    found = twilio.parse(payloads.twilio(name))
    assert found is not None
    assert (found.channel, found.kind, found.addresses, found.body) == (
        channel, kind, addresses, body,
    )  # fmt: skip


def test_status_callbacks_become_receipts() -> None:
    found = twilio.parse_status(payloads.twilio("status_undelivered"), {"outbox": "12"})
    assert found is not None
    assert found.body["status"] == "failed"
    assert (found.body["outbox"], found.body["code"]) == (12, "30003")
    assert found.external_id == "SM30000000000000000000000000000002:undelivered"


def test_a_status_that_tells_nothing_new_is_ignored() -> None:
    form = payloads.twilio("status_delivered") | {"MessageStatus": "queued"}
    assert twilio.parse_status(form, {"outbox": "12"}) is None


@pytest.mark.parametrize("query", [{}, {"outbox": "x"}, {"outbox": "-1"}, {"outbox": "9" * 40}])
def test_a_callback_without_our_number_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadPayload):
        twilio.parse_status(payloads.twilio("status_delivered"), query)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["update_id", "message", "chat", "from", "id", "type", "text", "date",
                         "callback_query", "data", "message_id", "location", "x"]),
        inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


UPDATE_KEYS = ["update_id", "message", "callback_query", "my_chat_member", "edited_message"]
FORM_KEYS = ["MessageSid", "From", "Body", "Latitude", "Longitude", "NumMedia",
             "MediaContentType0", "MediaUrl0", "ButtonPayload", "ExternalUserId"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(UPDATE_KEYS), json_like))
def test_no_update_whatsoever_breaks_the_parser(update: dict[str, Any]) -> None:
    with contextlib.suppress(BadPayload):
        CHANNEL.parse(update)


@given(st.dictionaries(st.sampled_from(FORM_KEYS), st.text()))
def test_no_form_whatsoever_breaks_the_parser(form: dict[str, str]) -> None:
    with contextlib.suppress(BadPayload):
        twilio.parse(form)
