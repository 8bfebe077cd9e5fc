"""Numbers to call are found however they are written; numbers of a trade stay."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening.contacts import find, mask
from bot.screening.rules import Finding

CONTACTS = [
    ("call me on 024 412 3456 ok", "024 412 3456"), ("0244-123-456 / 0201234567", "0244-123-456"),
    ("024/412/3456", "024/412/3456"), ("O244123456 momo", "O244123456"),
    ("+233 24 412 3456", "+233 24 412 3456"), ("tel:+228 90123456", "+228 90123456"),
    ("00225 07 08 09 10 11", "00225 07 08 09 10 11"), ("90 12 34 56 de Lomé", "90 12 34 56"),
    ("tel 677 12 34 56", "677 12 34 56"), ("0 2 4 4 1 2 3 4 5 6", "0 2 4 4 1 2 3 4 5 6"),
    ("(024) 4123456", "(024) 4123456"), ("my line: 08031234567", "08031234567"),
    ("appelle le 07.48.12.33.09", "07.48.12.33.09"), ("77 123 45 67", "77 123 45 67"),
    ("zero two four, four one two, three four five six", "zero two four, four one two, three four"),
    ("zéro sept quarante-huit douze trente-trois zéro neuf", "zéro sept quarante-huit"),
    ("double zero two three three two four double one", "double zero two three three"),
    ("ama at gmail dot com", "ama at gmail dot com"), ("ama.k@yahoo.fr", "ama.k@yahoo.fr"),
    ("ama (at) outlook (dot) com", "ama (at) outlook (dot) com"),
    ("see www.jobs-canada.com/apply", "www.jobs-canada.com/apply"), ("https://wa.me/233", "wa.me"),
    ("t.me/somebody", "t.me/somebody"), ("shop on ama-styles.com.gh", "ama-styles.com.gh"),
    ("write @kofi_styles", "@kofi_styles"), ("insta: ama_styles", "ama_styles"),
    ("my telegram kofi_99", "kofi_99"), ("call o2four five5five 0one3three", "o2four five5five"),
    ("my digits: 024five55oh1five9", "024five55oh1five9"),
    ("my whatsapp 233/24/555/0121", "233/24"),
    ("".join(f"{n}\ufe0f\u20e3" for n in "0245550128"), "0\ufe0f"),
    ("ama[dot]k[at]yahoo[dot]com", "ama[dot]k[at]yahoo"), ("le 99,55,01,27", "99,55,01,27"),
    ("on facebook as Yaa Pastries", "Yaa"), ("username is kwabena_01", "kwabena_01"),
    ("my card GHA-712345678-9", "712345678-9"),
    ("fixe 27 22 55 50 19", "27 22 55 50 19"), ("kwesi underscore phones on tiktok", "kwesi"),
    ("024\u200b4123456", "024"),
    ("０２４４１２３４５６", "０２４"), ("0️⃣2️⃣4️⃣4️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "0️⃣2️⃣4️⃣4️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣"),
    ("0\u03362\u03364\u03364\u03361\u03362\u03363\u03364\u03365\u03366", "0\u03362"),
    ("0244123456 F", "0244123456"), ("0244123456$", "0244123456"), ("024 412 3456 kg", "024 412"),
    ("tel0244123456", "0244123456"), ("0244123456momo", "0244123456"),
    ("0/2/4/4/1/2/3/4/5/6", "0/2/4/4/1/2/3/4/5/6"), ("024|412|3456", "024|412|3456"),
    ("024😀412😀3456", "024😀412😀3456"), ("024\u3164412\u28003456", "024\u3164412"),
    ("ama＠gmail．com", "ama＠gmail．com"), ("ｗａ．ｍｅ/233", "ｗａ．ｍｅ/233"),
]  # fmt: skip
FIGURES = [
    "price 1 500 000 cedis", "12/11/2026 we meet", "between 1500-2000", "GHS 20000000",
    "since 2019 and 2020", "sell 20 000 000 f", "I sold 12000000", "70000000",
    "10 bags 150 each, 12 bags 160 each", "prix: 15000, 20000, 25000", "2024-2025 season",
    "sizes 38 40 42 44 46", "25 30 35 40 cm", "1 200 1 500 for the two", "1.5m by 0.75m",
    "born 01 02 1990", "from 8h30 to 17h00", "0.75 0.50 0.25", "150 200 250 layers in three pens",
    "iPhone 12 128 GB 2 pieces", "wait 2 days, 3 people, 4 bags", "2 500 FCFA x 12 = 30 000 FCFA",
    "50 kg 100 kg 25 kg", "le 20.11.2026 à 8h", "one or two people, three at most",
    "un ou deux sacs, trois pour la semaine", "facebook is slow today", "my telegram is slow",
    "10 000 20 000 30 000", "room 12 block 4 house 233", "NHIS 50 GHS, card 30 GHS, 2026",
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), CONTACTS)
def test_a_contact_is_found(text: str, found: str) -> None:
    shown = [text[start:end] for start, end, _ in find(text)]
    assert any(found in part or part in found for part in shown), shown


@pytest.mark.parametrize("text", FIGURES)
def test_figures_of_the_trade_stay(text: str) -> None:
    assert find(text) == [], [text[a:b] for a, b, _ in find(text)]


NUMBERS = st.from_regex(r"(0[2-9]\d{8}|\+233\d{9}|0[789]\d{9})", fullmatch=True)
GAPS = st.sampled_from(["", " ", "-", ".", "  "])


@given(NUMBERS, GAPS, st.text("abcdé ,!", max_size=12), st.text("abcdé ,!", max_size=12))
def test_no_written_number_gets_through(number: str, gap: str, before: str, after: str) -> None:
    written = gap.join([number[:3], number[3:6], number[6:]])
    text = f"{before} {written} {after}"
    word = dict.fromkeys(Finding, "hidden")
    left = mask(text, find(text), word)
    assert "".join(c for c in left if c.isdigit()) == ""


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    spans = find(text)
    assert all(0 <= a < b <= len(text) for a, b, _ in spans)
    assert all(b <= c for (_, b, _), (c, _, _) in pairwise(spans))
