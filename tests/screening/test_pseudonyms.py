"""What tells who wrote a text is taken out of it; the rest can still be learnt from."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import Library
from bot.screening import contacts
from bot.screening.pseudonyms import PLACEHOLDER, pseudonymise
from bot.screening.rules import Finding

TABLE = [
    ("i lost my Ghana Card in Accra", "i lost my Ghana Card in Accra"),
    ("my name is Kofi, i lost my passport", "my name is [name], i lost my passport"),
    ("my name is zorobabel tetteh-quarshie please help",
     "my name is [name] please help"),
    ("My name is Zorobabel Zinzendorf Zwei i need work", "My name is [name] i need work"),
    ("je m'appelle Gbêtogo et j'ai perdu mon passeport",
     "je m'appelle [name] et j'ai perdu mon passeport"),
    ("Je m’appelle mariam, je cherche un travail", "Je m'appelle [name], je cherche un travail"),
    ("my name na chukwu i dey find work", "my name na [name] i dey find work"),
    ("me din de Nhyiraba mehia adwuma", "me din de [name] mehia adwuma"),
    ("kwame took my papers", "[name] took my papers"),
    ("ask Kwame Zinzendorf about it", "ask [name] about it"),
    ("ask Mr Zinzendorf about it", "ask Mr [name] about it"),
    ("call me on 0244 123 456 please", "call me on [number] please"),
    ("ring +233 24 412 3456", "ring [number]"),
    ("0 2 4 4 1 2 3 4 5 6", "[number]"),
    ("it is zero two four four one two three four five", "it is [number]"),
    ("write ama.k@gmail.com", "write [email]"),
    ("see www.example.com/me for it", "see [link] for it"),
    ("i am @goldenneedle there", "i am [account] there"),
    ("my card GHA-712345678-9 is lost", "my card GHA-[number] is lost"),
    ("passport G1234567 expired", "passport [id] expired"),
    ("car GT12B45 is mine", "car [id] is mine"),
    ("born 12/05/1990 in Kumasi", "born [number] in Kumasi"),
    ("i have 3 children and 2 goats", "i have 3 children and 2 goats"),
    ("i paid 125 cedis", "i paid 125 cedis"),
    ("m3p3 s3 mey3 adwuma", "m3p3 s3 mey3 adwuma"),
    ("[name] is what i typed [", "name is what i typed"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), TABLE)
def test_who_wrote_is_taken_out(text: str, wanted: str, library: Library) -> None:
    assert pseudonymise(text, library.personal_names) == wanted


BETWEEN = st.sampled_from(["", " ", "-", ".", " - ", "/", "\u200b", "_", ") ", " / ", "·", "\n"])
AROUND = st.text(alphabet=string.ascii_letters + string.punctuation + " \néœɛɔ", max_size=30)
DIGITS = st.sampled_from([string.digits, "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "①②③④⑤⑥⑦⑧⑨①"])


@st.composite
def hidden_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A text with a phone number in it, however it is written, and the number's digits."""
    number = draw(st.text(alphabet=string.digits, min_size=7, max_size=15))
    alphabet, between = draw(DIGITS), draw(BETWEEN)
    written = between.join(alphabet[int(digit)] for digit in number)
    sign = draw(st.sampled_from(["", "+", "00"]))
    return f"{draw(AROUND)} {sign}{written} {draw(AROUND)}", number


@given(hidden_numbers())
def test_no_phone_number_is_left_however_it_was_written(case: tuple[str, str]) -> None:
    text, number = case
    left = pseudonymise(text, frozenset())
    assert not [kind for _, _, kind in contacts.find(left) if kind is Finding.NUMBER]
    assert not re.search(r"\d(?:[\W_]*\d){3,}", PLACEHOLDER.sub("x", left))
    assert number not in "".join(c for c in left if c.isdecimal())


@given(st.text(max_size=200))
def test_any_text_comes_out_without_numbers_of_four_digits(text: str) -> None:
    assert not re.search(r"\d(?:[\W_]*\d){3,}", PLACEHOLDER.sub("x", pseudonymise(text, set())))
