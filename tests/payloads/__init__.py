"""Provider payloads, verbatim in shape; names, ids and numbers are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

HERE = Path(__file__).resolve().parent


def telegram(name: str) -> dict[str, Any]:
    """A Telegram update."""
    found: dict[str, Any] = json.loads((HERE / "telegram" / f"{name}.json").read_text())
    return found


def twilio(name: str) -> dict[str, str]:
    """A form that Twilio posts."""
    text = (HERE / "twilio" / f"{name}.txt").read_text().strip()
    return dict(parse_qsl(text, keep_blank_values=True))
