"""Templates: escaped always, in the language of the member of staff, with times as people say."""

from __future__ import annotations

import gettext
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.voice import catalogue

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LOCALES = ("en", "fr")  # of the console


def speech(locale: str) -> gettext.NullTranslations:
    """The console's sentences in a language."""
    return catalogue(locale, "console") or gettext.NullTranslations()


@lru_cache
def environment(locale: str) -> Environment:
    """The templates of one language. An unknown name is an error, never an empty hole."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.install_gettext_translations(speech(locale), newstyle=True)  # type: ignore[attr-defined]
    formats = "en_GB" if locale == "en" else locale

    def when(moment: datetime | None, zone: ZoneInfo) -> str:
        if moment is None:
            return ""
        return format_datetime(moment.astimezone(zone), "d MMM HH:mm", locale=formats)

    def hour(moment: datetime, zone: ZoneInfo) -> str:
        return format_time(moment.astimezone(zone), "HH:mm", locale=formats)

    def day(moment: datetime, zone: ZoneInfo) -> str:
        return format_date(moment.astimezone(zone), "EEEE d MMMM", locale=formats)

    def ago(moment: datetime | None, now: datetime) -> str:
        if moment is None:
            return ""
        return format_timedelta(moment - now, add_direction=True, locale=formats, threshold=1.2)

    def span(seconds: float | None) -> str:
        if seconds is None:
            return "–"
        return format_timedelta(timedelta(seconds=seconds), locale=formats, threshold=1.2)

    made.filters.update(when=when, hour=hour, day=day, ago=ago, span=span)
    made.globals["locale"] = locale
    return made
