"""Passwords of staff: which ones are accepted, and argon2."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

HASHER = PasswordHasher()  # the library's defaults of the day; tests take a cheap one
SHORTEST, LONGEST = 12, 200  # characters
DIFFERENT = 5  # characters at least
LETTERS = "abcdefghjkmnpqrstwxyz"  # on paper nobody mixes these up: no i, l, o, u, v
# What is guessed first, without the digits and signs that people put around it.
_COMMON = {
    "", "password", "passwordpassword", "passw0rd", "p@ssword", "p@ssw0rd", "motdepasse",
    "motdepassemotdepasse", "qwerty", "qwertyuiop", "qwertyuiopasdfghjkl", "azerty", "azertyuiop",
    "azertyuiopqsdfghjklm", "asdfghjkl", "q2w3e4r5t6y", "qaz2wsx3edc", "qaz2wsx3edc4rfv",
    "q1w2e3r4t5y", "abcdefgh", "abcdefghijkl", "letmein", "letmeinletmein", "iloveyou",
    "iloveyouiloveyou", "jetaime", "welcome", "bienvenue", "admin", "administrator",
    "administrateur", "changeme", "changemechangeme", "sankofa", "sankofasankofa", "jesuschrist",
    "godisgood",
}  # fmt: skip
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class WeakPassword(ValueError):
    """The password is not accepted; the message is an English msgid for the person."""


def hashed(password: str, email: str) -> str:
    """What to store for a new password of the owner of `email`; raises WeakPassword."""
    plain = _plain(password)
    folded = plain.lower().strip()
    if len(plain) < SHORTEST:
        raise WeakPassword("Please choose a password of at least 12 characters.")
    if len(plain) > LONGEST:
        raise WeakPassword("Please choose a password of at most 200 characters.")
    if folded in (email, email.partition("@")[0]):
        raise WeakPassword("Please choose a password that is not your e-mail address.")
    if _AROUND.sub("", folded) in _COMMON or len(set(folded)) < DIFFERENT:
        raise WeakPassword("Please choose a password that is harder to guess.")
    return HASHER.hash(_bytes(plain))


def start() -> str:
    """A password for somebody's first day, easy to read out: four groups of four letters."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def right(stored: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long when nothing is stored, and is False then."""
    try:
        HASHER.verify(stored or _nobodys(HASHER), _bytes(_plain(password)))
    except VerifyMismatchError:
        return False
    return stored is not None


def rehashed(stored: str, password: str) -> str | None:
    """The hash of the right password by the parameters of today, or None when it has those."""
    if not HASHER.check_needs_rehash(stored):
        return None
    return HASHER.hash(_bytes(_plain(password)))


@lru_cache(maxsize=1)
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_bytes(16))


def _plain(password: str) -> str:
    # Keyboards send one letter in several ways. Far beyond LONGEST nothing is read.
    return unicodedata.normalize("NFKC", password[: 5 * LONGEST])


def _bytes(plain: str) -> bytes:
    return plain.encode("utf-8", "surrogatepass")  # half a character is wrong, not an error
