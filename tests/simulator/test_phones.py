"""What a person types on a phone comes back as an answer, through the real channel code."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.channels.sms import Sms
from bot.channels.whatsapp import WhatsApp
from bot.events import Part, Sent
from bot.rendering import gsm7
from tests.simulator.conftest import Town


def test_a_question_on_each_phone_is_answered(town: Town) -> None:
    telegram, whatsapp, sms = (town.phone(c) for c in ("telegram", "whatsapp", "sms"))
    town.send(telegram, "I lost my Ghana card")
    town.send(whatsapp, "comment inscrire mes enfants à l'école ?")
    town.send(sms, "how do I register the name of my business")
    assert "NIA" in town.said(telegram, 2)[1].text
    french = town.said(whatsapp, 2)
    assert french[0].text.startswith("Bienvenue")
    assert "école" in french[1].text
    texts = [m.text for m in town.said(sms, 2)]
    assert "Registrar" in texts[1]
    assert all(gsm7.is_gsm7(text) for text in texts)


def test_a_button_a_number_and_a_label_mean_the_same(town: Town) -> None:
    telegram, whatsapp, sms = (town.phone(c) for c in ("telegram", "whatsapp", "sms"))
    for phone in (telegram, whatsapp, sms):
        town.send(phone, "menu")
    menu = town.said(telegram, 1)[-1]
    assert menu.layout == "buttons"
    town.send(telegram, tap=menu.options[1]["token"], label=menu.options[1]["label"],
              message=menu.id)  # fmt: skip
    listed = town.said(whatsapp, 1)[-1]
    assert (listed.layout, len(listed.options)) == ("list", 10)
    town.send(whatsapp, listed.options[1]["label"])
    assert "2 Papers" in town.said(sms, 1)[-1].text
    town.send(sms, "2")
    for phone in (telegram, whatsapp, sms):
        assert town.said(phone, 2)[-1].text.startswith("Papers:")


def test_an_old_button_still_works(town: Town) -> None:
    phone = town.phone("telegram")
    town.send(phone, "menu")
    menu = town.said(phone, 1)[-1]
    town.send(phone, "thank you")
    town.said(phone, 2)
    health = next(o for o in menu.options if o["label"] == "Health")
    town.send(phone, tap=health["token"], label="Health", message=menu.id)
    assert town.said(phone, 3)[-1].text.startswith("Health:")


def test_a_shared_location_finds_offices_with_distance_and_date(town: Town) -> None:
    phone = town.phone("whatsapp")
    town.send(phone, "menu")
    town.said(phone, 1)
    town.send(phone, kind="location", latitude=9.40, longitude=-0.84)
    found = town.said(phone, 2)[-1].text
    assert "Tamale" in found
    assert "not confirmed by a call" in found or "Date of the source unknown" in found


def test_voice_notes_and_photos_are_answered_sensibly(town: Town) -> None:
    phone = town.phone("telegram")
    for count, kind in enumerate(("voice", "photo", "contact"), 1):
        town.send(phone, kind=kind)
        town.said(phone, count)  # a network may hand over two at once in any order
    texts = [m.text for m in town.said(phone, 3)]
    assert "cannot listen to voice notes" in texts[0]
    assert "cannot look at pictures" in texts[1]
    assert "do not store or call contacts" in texts[2]


def test_a_whatsapp_person_without_a_number_is_answered(town: Town) -> None:
    phone = town.phone("whatsapp", hidden=True)
    town.send(phone, "hello")
    assert "Sankofa" in town.said(phone, 1)[0].text


def test_receipts_reach_the_outbox(town: Town) -> None:
    phone = town.phone("whatsapp")
    town.send(phone, "menu")
    bubble = town.said(phone, 1)[0]
    town.wait(lambda: bubble.status == "read")
    town.wait(lambda: town.fates()[0][0] == "read")


def test_stop_ends_it_and_start_begins_again(town: Town) -> None:
    phone = town.phone("telegram")
    town.send(phone, "menu")
    town.said(phone, 1)
    town.send(phone, "STOP")
    assert "no more messages" in town.said(phone, 2)[-1].text
    town.send(phone, "start")
    assert "Welcome back" in town.said(phone, 3)[-1].text


def test_an_sms_stop_is_answered_by_the_network_and_start_comes_back(town: Town) -> None:
    phone = town.phone("sms")
    town.send(phone, "menu")
    town.said(phone, 1)
    town.send(phone, "STOP")
    assert "unsubscribed" in town.said(phone, 2)[-1].text
    town.wait(lambda: ("failed", "opted_out", "21610") in town.fates())
    town.send(phone, "START")
    assert "Welcome back" in town.said(phone, 3)[-1].text


def test_outside_the_window_whatsapp_refuses_and_the_row_says_so(town: Town) -> None:
    phone = town.phone("whatsapp")
    town.faults(delay=1.0)
    town.send(phone, "menu")
    phone.heard_at = datetime.now(UTC) - timedelta(hours=25)
    town.wait(lambda: ("failed", None, "63016") in town.fates())


def test_somebody_who_blocks_the_bot_gets_nothing(town: Town) -> None:
    phone = town.phone("telegram")
    town.send(phone, "menu")
    town.said(phone, 1)
    town.http.post(f"/phones/{phone.id}/block", json={"blocked": True})
    town.http.post(f"/phones/{phone.id}/block", json={"blocked": False})
    town.send(phone, "help")
    assert "in your own words" in town.said(phone, 2)[-1].text


def test_a_bad_network_loses_nothing_and_repeats_nothing(town: Town) -> None:
    phones = [town.phone(c) for c in ("telegram", "whatsapp", "sms") for _ in range(2)]
    town.faults(rate429=0.1, rate500=0.1, duplicates=0.5, reorder=0.3, lost_callbacks=0.5)
    for phone in phones:
        town.send(phone, "menu")
    for phone in phones:
        town.said(phone, 1, seconds=60)
        town.send(phone, "help")
    for phone in phones:
        texts = [m.text for m in town.said(phone, 2, seconds=60)]
        assert len(texts) == len(set(texts)) == 2


def test_the_page_streams_what_happens(town: Town) -> None:
    page = town.http.get("/phones/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    with town.http.stream("GET", "/phones/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: snapshot"
        assert '"channel": "telegram"' in next(lines)


def test_the_page_refuses_nonsense(town: Town) -> None:
    phone = town.phone("sms")
    post = town.http.post
    assert post("/phones/people", json={"channel": "fax"}).status_code == 400
    assert post("/phones/p999/send", json={"text": "x"}).status_code == 404
    assert post(f"/phones/{phone.id}/send", json={"text": "  "}).status_code == 400
    assert post(f"/phones/{phone.id}/send", content=b"{").status_code == 400
    assert post(f"/phones/{phone.id}/send", json={"kind": "location"}).status_code == 400
    assert post(f"/phones/{phone.id}/send", json={"tap": "x", "message": "m0"}).status_code == 400
    assert post("/phones/faults", json={"rate429": 7}).status_code == 400
    assert post("/phones/faults", json={"gravity": 1}).status_code == 400


def test_a_look_up_does_not_take_an_older_equal_message_for_the_new_one(town: Town) -> None:
    phone = town.phone("sms")
    town.send(phone, "menu")
    menu = town.said(phone, 1)[-1]
    channel = Sms(town.settings.twilio, "+15550100", town.settings.root)  # type: ignore[arg-type]
    part, now = Part(text=menu.text), datetime.now(UTC)

    def look_up(since: datetime) -> Sent | None:
        return asyncio.run(channel.find(phone.address, part, since))

    assert look_up(now - timedelta(minutes=1)) == Sent(menu.provider_id)
    assert look_up(now + timedelta(minutes=1)) is None
    channel.client.http_client.session.close()


def test_a_template_may_go_when_the_24_hours_are_over(town: Town) -> None:
    phone = town.phone("whatsapp")
    town.send(phone, "menu")
    town.said(phone, 1)
    phone.heard_at = datetime.now(UTC) - timedelta(hours=25)
    channel = WhatsApp(town.settings.twilio, "whatsapp:+15550100", town.settings.root)  # type: ignore[arg-type]
    for part in (Part(text="plain"), Part(text="Write any word.", template="nudge")):
        assert isinstance(asyncio.run(channel.send(phone.address, part, 1)), Sent)
    assert town.said(phone, 2)[-1].text == "Write any word."
    channel.client.http_client.session.close()
