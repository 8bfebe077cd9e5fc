"""A provider's errors become a decision: again later, never again, or give up."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram import error

from bot.channels import telegram, twilio
from bot.events import Reason


@pytest.mark.parametrize(
    ("code", "http", "reason", "again", "gone"),
    [
        (21610, 400, Reason.OPTED_OUT, False, True),
        (21211, 400, Reason.NO_SUCH_ADDRESS, False, True),
        (63016, 400, Reason.WINDOW, False, False),
        (30003, 400, Reason.UNREACHABLE, True, False),
        (20429, 429, Reason.RATE, True, False),
        (63018, 400, Reason.RATE, True, False),
        (20003, 401, Reason.ACCOUNT, True, False),
        (None, 429, Reason.RATE, True, False),
        (None, 503, Reason.PROVIDER, True, False),
        (99999, 400, Reason.REFUSED, False, False),
    ],
)
def test_twilio_codes(
    code: int | None, http: int, reason: Reason, again: bool, gone: bool
) -> None:
    found = twilio.failure(code, http)
    assert (found.reason, found.retry is not None, found.gone) == (reason, again, gone)


def timed_out(cause: Exception) -> error.TimedOut:
    made = error.TimedOut()
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("problem", "reason", "retry", "gone"),
    [
        (error.RetryAfter(timedelta(seconds=7)), Reason.RATE, 7, False),
        (error.Forbidden("Forbidden: bot was blocked by the user"), Reason.BLOCKED, None, True),
        (error.Forbidden("Forbidden: user is deactivated"), Reason.NO_SUCH_ADDRESS, None, True),
        (error.BadRequest("Chat not found"), Reason.NO_SUCH_ADDRESS, None, True),
        (error.BadRequest("Message is too long"), Reason.REFUSED, None, False),
        (error.InvalidToken(), Reason.ACCOUNT, 60, False),
        (timed_out(httpx.ReadTimeout("")), Reason.IN_DOUBT, 10, False),
        (timed_out(httpx.ConnectTimeout("")), Reason.PROVIDER, 5, False),
    ],
)
def test_telegram_errors(
    problem: error.TelegramError, reason: Reason, retry: float | None, gone: bool
) -> None:
    found = telegram.failure(problem)
    assert (found.reason, found.retry, found.gone) == (reason, retry, gone)
