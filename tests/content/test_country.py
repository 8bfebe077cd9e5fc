"""The country's file: how the team works, and mistakes named before they can hurt."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.library.country import Country, read_country
from bot.library.hours import Duty, Hours
from bot.library.ringing import Ringing

ACCRA = ZoneInfo("Africa/Accra")


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("duty", [{"days": ["mon"], "from": "08:00", "to": 1020}], "in quotes"),
        ("duty", [{"days": ["mon"], "from": "24:00", "to": "06:00"}], "hour must be"),
        ("duty", [{"days": ["mon"], "from": "8:00", "to": "12:00"}], "8:00"),
        ("duty", [{"days": ["mon"], "from": "08:00", "to": "12:00+01:00"}], r"12:00\+01:00"),
        ("duty", [{"days": ["mon"], "from": "08:00", "to": "08:00"}], "to itself"),
        ("duty", [{"days": ["monday"], "from": "08:00", "to": "09:00"}], "monday"),
        ("duty", [{"days": [], "from": "08:00", "to": "09:00"}], "days"),
        ("duty", [{"days": ["mon"], "from": "08:00"}], "to"),
        ("duty", 7, "int"), ("holidays", ["2026-13-01"], "2026-13-01"),
        ("holidays", ["Christmas"], "Christmas"), ("routing", "by magic", "manual, automatic"),
        ("ringing", {"again": 0}, "again"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named(tmp_path: Path, key: str, value: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named) as raised:
        country(tmp_path, **{key: value})
    assert "country.yml" in str(raised.value)


def country(tmp_path: Path, **more: Any) -> Country:
    path = tmp_path / "country.yml"
    plain = {"code": "GH", "name": {"en": "Ghana"}, "languages": ["en"], "default_language": "en",
             "timezone": "Africa/Accra", "emergency": "emergency"}  # fmt: skip
    path.write_text(yaml.safe_dump(plain | more))
    return read_country(path)


def test_without_words_about_the_team_nothing_is_promised(tmp_path: Path) -> None:
    found = country(tmp_path)
    assert found.hours == Hours((), frozenset(), found.timezone)
    assert found.routing == "manual"
    assert found.ringing == Ringing()
    night = [{"days": ["fri"], "from": "22:00", "to": "06:00"}]
    assert country(tmp_path, duty=night, holidays=[date(2026, 11, 25)]).hours == Hours(
        (Duty((4,), time(22), time(6)),), frozenset({date(2026, 11, 25)}), ACCRA
    )
    assert country(tmp_path, routing="automatic").routing == "automatic"
