"""The service's own sentences in a person's language: gettext catalogues, read by Babel."""

from __future__ import annotations

import gettext
import io
import itertools
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "locales"
SOURCE = "en"  # the msgids themselves
DRAFT = "# Status: draft"
# Locale data has the family's name, letters that make an SMS dear, or a name few know.
CALLED = {"ak": "Twi", "ee": "Ewe", "pcm": "Pidgin"}
# Dates as the country writes them; Pidgin's own month names are known in Nigeria only.
DATES = {"en": "en_GH", "pcm": "en_GH"}


@dataclass(frozen=True)
class Voice:
    """One language. `_` translates literals at the place of use (Babel extracts those). `draft`: no
    native speaker has read its sentences, so they go with the country's own language."""

    language: str
    catalogue: gettext.NullTranslations
    draft: bool = False

    def _(self, message: str) -> str:
        """The sentence in this language, or as it is."""
        return self.catalogue.gettext(message)

    def day(self, day: date) -> str:
        """A date in words: 5 March 2026."""
        return _plain(format_date(day, "d MMMM y", locale=_formats(self.language)))

    def days(self, days: tuple[int, ...]) -> str:
        """Days of the week, neighbours as a range: Mon-Fri."""
        names = get_day_names("abbreviated", locale=_formats(self.language))
        first, last = names[days[0]].rstrip("."), names[days[-1]].rstrip(".")
        if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
            return f"{first}-{last}"
        return ", ".join(names[day].rstrip(".") for day in days)

    def when(self, moment: datetime, zone: ZoneInfo) -> str:
        """A day and an hour in the country's time: Monday 08:00."""
        local = moment.astimezone(zone)
        day = format_date(local, "EEEE d MMMM", locale=_formats(self.language))
        return _plain(f"{day}, {format_time(local, 'HH:mm', locale=_formats(self.language))}")


def _plain(text: str) -> str:
    """Without the narrow spaces of locale data: each would turn an SMS from 160 into 70."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _formats(language: str) -> Locale:
    return Locale.parse(DATES.get(language, language))


def autonym(language: str) -> str:
    """A language as its speakers in the country call it."""
    found = CALLED.get(language) or Locale.parse(language).get_display_name()
    return (found or language).capitalize()


@lru_cache
def voice(language: str) -> Voice:
    """The voice of a language; one without a catalogue speaks English."""
    found = catalogue(language)
    if found is None:
        return Voice(SOURCE, gettext.NullTranslations())
    return Voice(language, found, draft=_draft(language))


@lru_cache
def catalogue(language: str, domain: str = "sankofa") -> gettext.NullTranslations | None:
    """The translations of a domain (`console` for staff); None where there is no catalogue."""
    path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    if language == SOURCE or not path.is_file():
        return None
    return _compiled(path, language)


def _draft(language: str) -> bool:
    """Whether the comment at the top of the catalogue says so."""
    with (LOCALES / language / "LC_MESSAGES" / "sankofa.po").open(encoding="utf-8") as file:
        return any(line.startswith(DRAFT) for line in itertools.takewhile(_comment, file))


def _comment(line: str) -> bool:
    return line.startswith("#")


@lru_cache
def spoken() -> tuple[str, ...]:
    """The languages with a catalogue, English first."""
    found = sorted(path.parents[1].name for path in LOCALES.glob("*/LC_MESSAGES/sankofa.po"))
    return (SOURCE, *(code for code in found if code != SOURCE))


def _compiled(path: Path, language: str) -> gettext.NullTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
