"""Webhooks: genuine or 403, well formed or 4xx, stored before 200, and silent about content."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from bot import settings
from bot.inbox import inbox
from bot.library import Library
from bot.service import Service
from tests import payloads

URL = "https://sankofa.example"
ENV = {
    "SECRET_KEY": "k", "PUBLIC_URL": URL, "TELEGRAM_BOT_TOKEN": "4242:t",
    "TELEGRAM_WEBHOOK_SECRET": "hook", "TWILIO_ACCOUNT_SID": "AC0", "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_SMS_FROM": "+15550100", "TWILIO_WHATSAPP_FROM": "whatsapp:+15550100",
}  # fmt: skip
JSON = {"content-type": "application/json", "x-telegram-bot-api-secret-token": "hook"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def service(current_url: str, tmp_path: Path, library: Library) -> Service:
    env = ENV | {"DATABASE_URL": current_url, "SANKOFA_HOME": str(tmp_path)}
    return Service(settings.read(env), work=False, pack=library)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(service.app(), raise_server_exceptions=False) as made:
        yield made


def stored(service: Service) -> list[Any]:
    return list(service.database.call(lambda conn: conn.execute(inbox.select()).all()))


def telegram(client: TestClient, body: bytes | str, **headers: str) -> int:
    return client.post("/hooks/telegram", content=body, headers=JSON | headers).status_code


def twilio(
    client: TestClient, path: str, form: dict[str, str], signature: str | None = None
) -> int:
    given = signature or RequestValidator("token").compute_signature(URL + path, form)
    headers = {"x-twilio-signature": given, "content-type": FORM}
    return client.post(path, content=urlencode(form), headers=headers).status_code


def test_a_genuine_update_is_stored_and_answered_200(client: TestClient, service: Service) -> None:
    update = json.dumps(payloads.telegram("message"))
    assert telegram(client, update) == 200
    assert telegram(client, update) == 200
    assert [row.body["text"] for row in stored(service)] == ["I lost my Ghana card"]


def test_a_genuine_form_is_answered_with_an_empty_response(
    client: TestClient, service: Service
) -> None:
    form = payloads.twilio("whatsapp")
    signature = RequestValidator("token").compute_signature(URL + "/hooks/twilio", form)
    headers = {"x-twilio-signature": signature, "content-type": FORM}
    answer = client.post("/hooks/twilio", content=urlencode(form), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response/>")
    assert [row.channel for row in stored(service)] == ["whatsapp"]


@pytest.mark.parametrize("secret", ["", "Hook", "hook2"])
def test_a_wrong_secret_is_403(client: TestClient, service: Service, secret: str) -> None:
    headers = JSON | {"x-telegram-bot-api-secret-token": secret}
    body = json.dumps(payloads.telegram("message"))
    answer = client.post("/hooks/telegram", content=body, headers=headers)
    assert (answer.status_code, stored(service)) == (403, [])


@pytest.mark.parametrize("path", ["/hooks/twilio", "/hooks/twilio/status?outbox=1"])
def test_a_wrong_signature_is_403(client: TestClient, service: Service, path: str) -> None:
    form = payloads.twilio("sms")
    assert twilio(client, path, form, signature="bm90IGl0") == 403
    assert client.post(path, data=form).status_code == 403
    good = RequestValidator("token").compute_signature(URL + path, form)
    assert twilio(client, path, form | {"Body": "changed"}, signature=good) == 403
    assert stored(service) == []


def test_the_signature_covers_the_public_address_with_its_query(client: TestClient) -> None:
    form = payloads.twilio("status_delivered")
    assert twilio(client, "/hooks/twilio/status?outbox=1", form) == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400), (b'{"update_id":1,"message":7}', 400), (b"{}", 400),
        (b'{"update_id":1,"x":"' + b"a" * 1_000_001 + b'"}', 413),
    ],
)  # fmt: skip
def test_bad_updates_are_4xx_and_leave_nothing(
    client: TestClient, service: Service, body: bytes, status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    assert telegram(client, body) == status
    assert stored(service) == []
    assert "/hooks/telegram refused" in caplog.text


def test_a_wrong_content_type_is_415(client: TestClient, service: Service) -> None:
    body = json.dumps(payloads.telegram("message"))
    assert telegram(client, body, **{"content-type": "text/plain"}) == 415
    form = urlencode(payloads.twilio("sms"))
    answer = client.post("/hooks/twilio", content=form, headers={"content-type": "text/plain"})
    assert answer.status_code == 415
    assert stored(service) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"\xff\xfe", 400), (b"a=%FF", 400), (b"a=b", 403), (b"a=%00", 400),
     (b"&".join(b"a%d=1" % n for n in range(500)), 400), (b"Body=" + b"a" * 1_000_001, 413)],
)  # fmt: skip
def test_bad_forms_are_4xx(
    client: TestClient, service: Service, body: bytes, status: int
) -> None:
    headers = {"content-type": FORM, "x-twilio-signature": "x"}
    answer = client.post("/hooks/twilio", content=body, headers=headers)
    assert (answer.status_code, stored(service)) == (status, [])


def test_a_signed_form_without_a_sender_is_400(client: TestClient, service: Service) -> None:
    assert twilio(client, "/hooks/twilio", {"Body": "hi"}) == 400
    assert stored(service) == []


@pytest.mark.parametrize("name", ["unknown", "group", "channel_post"])
def test_updates_that_do_not_concern_us_are_200_and_ignored(
    client: TestClient, service: Service, name: str
) -> None:
    assert telegram(client, json.dumps(payloads.telegram(name))) == 200
    assert stored(service) == []


def test_hostile_text_is_stored_as_it_is_and_never_logged(
    client: TestClient, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    nasty = "'; DROP TABLE people;-- <script>\u202e\u200b " + "é" * 3000 + "💥"
    update = payloads.telegram("message")
    update["message"]["text"] = nasty
    assert telegram(client, json.dumps(update)) == 200
    assert stored(service)[0].body["text"] == nasty
    assert "DROP TABLE" not in caplog.text
    assert "700000001" not in caplog.text


def test_text_that_no_database_can_hold_is_taken_without_harm(
    client: TestClient, service: Service
) -> None:
    update = payloads.telegram("message")
    update["message"]["text"] = "a\u0000b \ud800 c"
    assert telegram(client, json.dumps(update)) == 200
    (row,) = stored(service)
    assert row.body["text"].startswith("a")


def test_only_posts_are_taken(client: TestClient) -> None:
    assert client.get("/hooks/telegram").status_code == 405


def test_health_and_metrics_answer(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").status_code == 200
    assert "sankofa_webhooks_total" in client.get("/metrics").text


def test_a_channel_without_settings_has_no_webhook(tmp_path: Path, library: Library) -> None:
    env = {"SECRET_KEY": "k", "SANKOFA_HOME": str(tmp_path)}
    with TestClient(Service(settings.read(env), work=False, pack=library).app()) as made:
        assert made.post("/hooks/telegram").status_code == 404
        assert made.post("/hooks/twilio").status_code == 404
