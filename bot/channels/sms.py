"""Plain SMS: no buttons, short, and only GSM-7 letters where that loses nothing."""

from __future__ import annotations

from typing import ClassVar

from bot.channels.base import Pace
from bot.channels.twilio import TwilioChannel
from bot.rendering import Limits
from bot.settings import Twilio as Account


class Sms(TwilioChannel):
    """A long code: one segment a second."""

    name: ClassVar[str] = "sms"
    # 459 characters are 3 joined segments.
    limits = Limits(text=459, options=10, tappable=False, gsm7=True, digests=True)
    pace = Pace(per_second=1, pause=0)

    @classmethod
    def sender_of(cls, account: Account) -> str | None:
        return account.sms_from
