"""Which passwords are accepted, and that a password is the same from every keyboard."""

from __future__ import annotations

import argon2
import pytest

from bot import passwords
from bot.passwords import WeakPassword

EMAIL = "ama.mensah.jr@example.org"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    made = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", made)


@pytest.mark.parametrize(("password", "sentence"), [
    ("elevenchars", "at least 12"),
    ("e\u0301" * 11, "at least 12"),  # eleven letters, however the keyboard sends them
    ("goats " * 33 + "abc", "at most 200"),
    ("goats " * 100_000, "at most 200"),
    ("AMA.Mensah.jr@example.org", "not your e-mail"),
    (" ama.mensah.jr", "not your e-mail"),
    ("Password1234!", "harder to guess"),
    ("!!MotDePasse2026", "harder to guess"),
    ("1234567890123", "harder to guess"),
    ("1q2w3e4r5t6y", "harder to guess"),
    ("abababababab", "harder to guess"),
])  # fmt: skip
def test_a_weak_password_is_refused_in_one_sentence(password: str, sentence: str) -> None:
    with pytest.raises(WeakPassword, match=sentence) as refused:
        passwords.hashed(password, EMAIL)
    assert str(refused.value).count(".") == 1


@pytest.mark.parametrize("password", [
    "twelve chars", "goats" * 40, "déjà-vu à Tamale", "Ɛte sɛn me nua", "\ud800 half a letter",
])  # fmt: skip
def test_any_other_password_is_welcome(password: str) -> None:
    stored = passwords.hashed(password, EMAIL)
    assert password not in stored
    assert passwords.right(stored, password)
    assert not passwords.right(stored, password.upper())
    assert not passwords.right(None, password)


def test_a_password_is_the_same_from_every_keyboard() -> None:
    stored = passwords.hashed("caf\u00e9 au lait \u00e0 midi", EMAIL)
    assert passwords.right(stored, "cafe\u0301 au lait a\u0300 midi")
    assert not passwords.right(stored, "cafe au lait a midi")
