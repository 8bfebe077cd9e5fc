"""Long polling: stored before it is confirmed, and one unreadable update holds up nothing."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from bot import polling
from bot.channels.telegram import Telegram
from bot.db import Database
from bot.inbox import inbox
from bot.intake import Intake
from bot.settings import Telegram as Account
from bot.vault import Vault
from bot.wake import Wake
from tests import payloads


async def test_updates_are_stored_and_confirmed_and_a_broken_one_is_skipped(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:  # fmt: skip
    channel = Telegram(Account(token="4242:t", secret="", mode="polling"))
    good, later = payloads.telegram("message"), payloads.telegram("voice")
    broken = {"update_id": 900002, "message": {"text": "private words"}}
    offsets: list[int] = []

    async def fetch(_: Telegram, offset: int) -> list[dict[str, Any]]:
        offsets.append(offset)
        if len(offsets) == 1:
            return [good, broken, later]
        raise asyncio.CancelledError

    monkeypatch.setattr(polling, "fetch", fetch)
    intake = Intake(database, Vault("k"), Wake(database))
    with contextlib.suppress(asyncio.CancelledError):
        await polling.poll(channel, intake)
    stored = database.call(lambda conn: conn.execute(inbox.select()).all())
    assert [row.external_id for row in stored] == ["4242:900001", "4242:900004"]
    assert offsets == [0, 900005]
    assert "private words" not in caplog.text
