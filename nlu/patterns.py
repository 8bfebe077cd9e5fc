"""Entities that have a form rather than a name: money, dates, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.normalise import fold
from nlu.reading import Entity

_CURRENCIES = {
    "GHS": "ghs gh¢ gh₵ ₵ ¢ ghc cedi cedis sidi sidis cidi cidis ghana-cedis",
    "NGN": "ngn ₦ naira nairas naira",
    "XOF": "fcfa cfa xof francs-cfa franc-cfa f-cfa sefa",
    "EUR": "eur € euro euros yuro",
    "USD": "usd $ us$ dollar dollars dolla dollas dala daloli",
    "GBP": "gbp £ pound pounds",
    "LYD": "lyd dinar dinars",
    "MAD": "mad dirham dirhams",
}
_CODES = {name.replace("-", " "): code for code, names in _CURRENCIES.items()
          for name in names.split()}  # fmt: skip
_NAMES = "|".join(re.escape(n).replace(r"\ ", r"\s") for n in sorted(_CODES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_TIMES = {"k": 1_000, "mille": 1_000, "thousand": 1_000, "dubu": 1_000, "m": 1_000_000,
          "million": 1_000_000, "millions": 1_000_000, "miliyan": 1_000_000}  # fmt: skip
_TIMES_NAMES = "|".join(sorted(_TIMES, key=len, reverse=True))
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_NAMES})\s?(?P<a>{_NUMBER})(?:\s?(?P<at>{_TIMES_NAMES})\b)?"
    rf"|(?P<b>{_NUMBER})(?:\s?(?P<bt>{_TIMES_NAMES}))?\s?(?P<after>{_NAMES})(?!\w))",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_MONTHS = (
    "january jan janvier janv janairu opepon dzove",
    "february feb fevrier fevr fabrairu ogyefoo dzodze",
    "march mar mars maris obenem tedoxe",
    "april apr avril avr afrilu oforisuo afofie",
    "may mai mayu kotonimma dama",
    "june jun juin yuni ayewohomumo masa",
    "july jul juillet juil yuli kitawonsa siamlom",
    "august aug aout agusta osannaa dasiamime",
    "september sep sept septembre satumba ebo anyonyo",
    "october oct octobre oktoba ahinime kele",
    "november nov novembre nuwamba obubuo adeemekpoxe",
    "december dec decembre disamba openimma dzome",
)
_MONTH = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|e)?\s+(?:of\s+|ga\s+)?([^\W\d_]{3,14})\.?(?:,?\s+(\d{4}))?(?!\d)"
)
_MONTH_FIRST = re.compile(
    r"(?<!\w)([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(\d{4}))?(?![\d/])"
)
_PHONE = re.compile(r"(?<![\w+])(\+|00)?\d(?:[ .\-/()]{0,2}\d){8,14}(?!\d)")


def find(text: str) -> Iterator[Entity]:
    """Money as "GHS 500", dates as ISO 8601 ("--05-03" without a year), telephone numbers as digits
    with the plus of a country's code. Overlaps are possible; what comes first is likelier."""
    if not any(map(str.isdigit, text)):
        return
    yield from _dates(text)
    yield from _money(text)
    yield from _phones(text)


def _money(text: str) -> Iterator[Entity]:
    for m in _MONEY.finditer(text):
        name = re.sub(r"\s", " ", (m["before"] or m["after"]).lower())
        times = _TIMES.get((m["at"] or m["bt"] or "").lower(), 1)
        amount = _amount(m["a"] or m["b"]) * times
        shown = f"{amount:.2f}".removesuffix(".00")
        yield Entity("money", f"{_CODES[name]} {shown}", m.start(), m.end())


def _amount(written: str) -> float:
    """ "1,500" and "1.500" are thousands; one or two digits at the end are cents."""
    cents = re.search(r"[.,](\d{1,2})$", written)
    whole = re.sub(r"\D", "", written[: cents.start()] if cents else written)
    return float(f"{whole}.{cents[1] if cents else 0}")


def _dates(text: str) -> Iterator[Entity]:
    for m in _ISO.finditer(text):
        yield from _date(m, int(m[1]), int(m[2]), int(m[3]))
    for m in _SLASHED.finditer(text):  # the day first, as in all our countries
        year = int(m[4]) if len(m[4]) == 4 else 2000 + int(m[4])
        yield from _date(m, year, int(m[3]), int(m[1]))
    for m in _DAY_FIRST.finditer(text):
        if month := _MONTH.get(fold(m[2])):
            yield from _date(m, int(m[3]) if m[3] else None, month, int(m[1]))
    for m in _MONTH_FIRST.finditer(text):
        if month := _MONTH.get(fold(m[1])):
            yield from _date(m, int(m[3]) if m[3] else None, month, int(m[2]))


def _date(found: re.Match[str], year: int | None, month: int, day: int) -> Iterator[Entity]:
    if 1 <= month <= 12 and 1 <= day <= 31:
        start = f"{year:04d}" if year else "-"
        yield Entity("date", f"{start}-{month:02d}-{day:02d}", found.start(), found.end())


def _phones(text: str) -> Iterator[Entity]:
    for m in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", m[0])
        if m[1] == "00":
            digits = digits[2:]
        international = m[1] is not None
        if 9 <= len(digits) <= 15 and (international or digits.startswith("0")):
            yield Entity("phone", ("+" if international else "") + digits, m.start(), m.end())
