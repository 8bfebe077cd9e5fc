"""Files over the local networks: the real clients fetch and send them, on every channel."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.channels.base import TOO_LARGE, Channel
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.cleaning import clean
from bot.db import now
from bot.events import Option, Part, Reason, SendError, Sent
from bot.peers import media, moderation, posts
from bot.peers.decisions import By
from bot.simulator import samples
from bot.simulator.phones import Bubble, Phone
from bot.simulator.stored import Stored
from tests.simulator.conftest import Town

MANY = 5_000_000


def run(channel: Channel, call: Coroutine[Any, Any, Any]) -> Any:
    """The result of a call of the real client, which then gives its connections back."""
    async def body() -> Any:
        try:
            return await call
        finally:
            await channel.close()
            if isinstance(channel, WhatsApp):
                channel.client.http_client.session.close()

    return asyncio.run(body())


def fetched(channel: Channel, reference: str, most: int = MANY) -> bytes | SendError:
    found: bytes | SendError = run(channel, channel.fetch(reference, most))
    return found


def send(channel: Channel, phone: Phone, part: Part) -> None:
    assert isinstance(run(channel, channel.send(phone.address, part, 1)), Sent)


def telegram(town: Town) -> Telegram:
    assert town.settings.telegram
    return Telegram(town.settings.telegram)


def whatsapp(town: Town, **changed: Any) -> WhatsApp:
    assert town.settings.twilio
    account = replace(town.settings.twilio, **changed)
    return WhatsApp(account, "whatsapp:+15550100", town.settings.root)


def photo(content: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(content))
    made.load()
    return made


def shown(town: Town, bubble: Bubble) -> bytes:
    """The file as the phones page shows it."""
    answer = town.http.get(f"/phones/files/{bubble.file}")
    assert answer.headers["content-type"] in ("image/jpeg", "audio/ogg")
    return answer.content


def kept(town: Town, kind: str, content: bytes) -> str:
    return town.app.state.service.database.call(media.put, kind, content, now())


def test_telegram_gives_a_file_by_its_id(town: Town) -> None:
    file = town.networks.phones.files.taken("photo")
    assert fetched(telegram(town), file.id) == samples.photo()
    assert fetched(telegram(town), file.id, 100) == TOO_LARGE
    found = fetched(telegram(town), "nonsense")
    assert isinstance(found, SendError)
    assert (found.reason, found.retry) == (Reason.REFUSED, None)
    heavy = town.networks.phones.files.put("image/jpeg", bytes(20_000_001))
    assert fetched(telegram(town), heavy.id) == TOO_LARGE


def reference(town: Town, file: Stored) -> str:
    return town.networks.twilio._media.fields("MM1", file)["MediaUrl0"]


def test_twilio_gives_a_file_after_signing_in_and_moving_on(town: Town) -> None:
    url = reference(town, town.networks.phones.files.taken("voice"))
    assert fetched(whatsapp(town), url) == samples.voice()
    found = fetched(whatsapp(town, token="wrong"), url)
    assert isinstance(found, SendError)
    assert found.reason is Reason.ACCOUNT


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/2010-04-01/Accounts/AC0/Messages/MM1/Media/ME1", "", "file:///etc/x",
     "{base}/2010-04-01/Accounts/AC9/Messages/MM1/Media/ME1", "{base}/mms/1",
     "{base}/2010-04-01/Accounts/{sid}/Messages/MM1/Media/../../../x", "{base}@evil.example/x",
     "{base}/2010-04-01/Accounts/{sid}/Messages/MM1/Media/ME1?x=http://evil.example"],
)  # fmt: skip
def test_the_accounts_secret_goes_nowhere_but_to_its_own_files(town: Town, url: str) -> None:
    account = town.settings.twilio
    assert account
    given = url.replace("{base}", account.api_base).replace("{sid}", account.sid)
    assert fetched(whatsapp(town), given) == SendError(Reason.REFUSED, code="elsewhere")


def test_a_photo_and_a_voice_note_arrive_on_telegram_with_words_and_buttons(town: Town) -> None:
    phone = town.phone("telegram")
    for kind, content in (("photo", samples.photo()), ("voice", samples.voice())):
        part = Part(text="Ama: look", options=(Option("Thanks", "thanks:1:2"),), media="key",
                    kind=kind, content=content)  # fmt: skip
        send(telegram(town), phone, part)
        bubble = phone.messages[-1]
        assert (bubble.kind, bubble.text, bubble.options[0]["label"]) == (
            kind, "Ama: look", "Thanks",
        )  # fmt: skip
        assert shown(town, bubble) == content


def test_whatsapp_fetches_a_file_from_us_and_says_when_it_cannot(town: Town) -> None:
    phone = town.phone("whatsapp")
    town.send(phone, "menu")
    town.said(phone, 1)
    cleaned = clean("photo", samples.photo())
    assert isinstance(cleaned, bytes)
    for key in (kept(town, "photo", cleaned), "A" * 22):
        send(whatsapp(town), phone, Part(text="Ama: look", media=key, kind="photo"))
    bubble = town.said(phone, 2)[-1]
    assert (bubble.kind, bubble.text, shown(town, bubble)) == ("photo", "Ama: look", cleaned)
    records = town.networks.twilio._messages.values()
    town.wait(lambda: [r for r in records if r["error_code"] == 63019])


def test_a_kept_file_is_served_under_its_key_and_no_other(town: Town) -> None:
    key = kept(town, "voice", b"OggS")
    answer = town.http.get(f"/media/{key}")
    assert (answer.status_code, answer.content) == (200, b"OggS")
    assert answer.headers["content-type"] == "audio/ogg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert "sandbox" in answer.headers["content-security-policy"]
    for other in (key[:-1], key[:-1] + "!", "x" * 22, "..%2f..%2fetc", key + "x", "%00" * 22):
        assert town.http.get(f"/media/{other}").status_code == 404
    assert town.http.post(f"/media/{key}").status_code == 405


def by_name(town: Town, channel: str, name: str) -> Phone:
    phones = town.networks.phones.by_id.values()
    return next(p for p in phones if (p.channel, p.name) == (channel, name))


def heard(town: Town, phone: Phone, text: str, kind: str = "text") -> Bubble:
    """The service's message of this kind with these words, as soon as it is there."""
    def found() -> Bubble | None:
        here = [m for m in list(phone.messages) if not m.mine and m.kind == kind]
        return next((m for m in here if text in m.text), None)

    return town.wait(found)


def approve(town: Town) -> None:
    """A moderator approves what waits, as soon as its file is clean."""
    database = town.app.state.service.database

    def body(conn: Any) -> bool:
        held = conn.execute(
            posts.posts.select().where(posts.posts.c.state == "held")
        ).all()
        return any(moderation.approve(conn, row.id, By(staff_id=1), now()) for row in held)

    town.wait(lambda: database.call(body))


def test_a_photo_from_telegram_reaches_whatsapp_and_telegram_clean_and_sms_as_a_word(
    town: Town,
) -> None:
    ama, yaw, kofi = (by_name(town, *who) for who in (
        ("telegram", "Ama"), ("whatsapp", "Yaw"), ("sms", "Kofi"),
    ))  # fmt: skip
    abena = town.phone("telegram", name="Abena")
    steps = {"join tailoring": "Which group", "1": "How old", "2": "Do you accept",
             "I accept": "Choose a name", "Red Button": "You are Red Button"}  # fmt: skip
    for text, answer in steps.items():
        town.send(abena, text)
        heard(town, abena, answer)
    town.send(yaw, "menu")
    town.said(yaw, 1)
    town.send(ama, kind="photo", text="#tailoring my new shop")
    heard(town, ama, "pictures and voice notes are looked at first")
    approve(town)
    heard(town, ama, "goes out now as #4")
    for phone in (yaw, abena):
        bubble = heard(town, phone, "Golden Needle (#tailoring 4): [photo] my new shop", "photo")
        content = shown(town, bubble)
        made = photo(content)
        assert made.size == (480, 640)
        assert not made.getexif()
        assert samples.OWNER.encode() not in content
    town.send(kofi, "posts")
    heard(town, kofi, "Which group?")
    town.send(kofi, "1")
    heard(town, kofi, "[photo] my new shop")


def test_a_voice_note_from_whatsapp_is_heard_by_the_relay_who_lets_it_out(town: Town) -> None:
    ama, yaw = by_name(town, "telegram", "Ama"), by_name(town, "whatsapp", "Yaw")
    town.send(yaw, kind="voice", text="#tailoring")
    heard(town, yaw, "pictures and voice notes are looked at first")
    asked = heard(town, ama, "a post waits", "voice")
    assert samples.OWNER.encode() not in shown(town, asked)
    town.send(ama, tap=asked.options[0]["token"], label="Send it", message=asked.id)
    out = heard(town, ama, "Blue Thread (#tailoring 4): [voice note]", "voice")
    assert shown(town, out) == clean("voice", samples.voice())
