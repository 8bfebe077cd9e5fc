"""Names in groups: suggestions, and whether a typed one gives nobody away."""

from __future__ import annotations

import re
import unicodedata

from bot.screening import contacts
from nlu.normalise import fold

LONGEST = 24
LONGEST_KEY = 32
_ALIKE = str.maketrans("01358", "olesb")
# Things of the markets and the coast, with a colour: nobody's name, easy to say on the phone.
_FIRST = ("Gold", "Blue", "Green", "Red", "Silver", "Amber", "Indigo", "Coral", "Ivory", "Copper",
          "Sunny", "Quiet", "Brave", "Early", "Bright", "Steady")  # fmt: skip
_SECOND = ("Kente", "Baobab", "Palm", "River", "Drum", "Cocoa", "Harbour", "Lantern", "Weaver",
           "Heron", "Shea", "Savanna", "Market", "Anchor", "Mango", "Acacia", "Canoe", "Cotton",
           "Ginger", "Calabash", "Sparrow", "Millet", "Lagoon")  # fmt: skip
_ALL = len(_FIRST) * len(_SECOND)
_STEP = 83  # has no divisor in common with _ALL: every name comes once before one comes again
# Names that would pass for ours, or for an office.
_OURS = {"admin", "administrator", "administrateur", "moderator", "moderateur", "sankofa", "iom",
         "oim", "counsellor", "counselor", "conseiller", "conseillere", "staff", "support",
         "service", "police", "relay", "relais", "team", "equipe", "official", "embassy",
         "ambassade", "government"}  # fmt: skip


_SCRIPTS = ("LATIN", "ARABIC")


def suggestions(joined: int, *, count: int = 3, again: int = 0) -> list[str]:
    """Names that nobody got in this group yet, unless somebody typed one: `joined` is how many
    ever joined, `again` how often others were asked for."""
    first = (joined * count + again * count) % _ALL
    return [_name((first + n) * _STEP % _ALL) for n in range(count)]


def _name(n: int) -> str:
    return f"{_FIRST[n % len(_FIRST)]} {_SECOND[n // len(_FIRST)]}"


def tidy(typed: str) -> str:
    """The name with single spaces, as everybody will see it."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def key(name: str) -> str:
    """Two names with the same key cannot be told apart, not even at a glance ("Go1d" and "Gold").
    """
    alike = fold(re.sub(r"(?<=[a-z])I(?=[a-z])", "l", name)).translate(_ALIKE)
    return alike.replace(" ", "").replace("'", "")[:LONGEST_KEY]


def _slim(name: str) -> str:
    return key(name).replace("i", "l")  # "ADM1N": a 1 is either


_LIKE_OURS = frozenset(map(_slim, _OURS))


def _of(script: str, letter: str) -> bool:
    return script in unicodedata.name(letter, "").split()[:1]


def problem(name: str, personal: frozenset[str]) -> str | None:
    """What is wrong with a typed name: "letters", "number", "ours", "person", or nothing.

    `personal`: folded names that people of the country really have."""
    # Whoever types a novel must not keep us busy with it.
    if re.search(r"\d\D?\d\D?\d", name[:LONGEST]) or contacts.find(name[: 4 * LONGEST]):
        return "number"
    letters = [c for c in name if c.isalpha()]
    if not 2 <= len(name) <= LONGEST or len(letters) < 2:
        return "letters"
    if not all(c.isalpha() or unicodedata.combining(c) or c in " -'" or c.isdigit() for c in name):
        return "letters"
    # One alphabet for all: a Cyrillic "A" looks like ours and makes a second "Admin".
    if not any(all(_of(script, c) for c in letters) for script in _SCRIPTS):
        return "letters"
    words = fold(name).split()
    whole, alike = _slim(name), {_slim(word) for word in words}
    if {whole, *alike} & _LIKE_OURS or any(len(o) > 5 and o in whole for o in _LIKE_OURS):
        return "ours"
    if any(word in personal for word in words):
        return "person"
    return None
