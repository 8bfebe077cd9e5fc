"""What is named in a message: amounts, dates, numbers, documents, places."""

from __future__ import annotations

import pytest

from nlu.entities import Finder
from nlu.normalise import fold

PLACES = {"tamale": ("region", "GH-NP"), "cape coast": ("region", "GH-CP"),
          "Wa": ("region", "GH-UW"), "Ho": ("region", "GH-TV")}  # fmt: skip
FINDER = Finder(PLACES)


def found(text: str) -> list[tuple[str, str, str]]:
    entities = FINDER.find(text, fold(text).split())
    return [(e.entity, e.value, text[e.start : e.end]) for e in entities]


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("I owe him 500 cedis", "GHS 500", "500 cedis"),
        ("they want GHS 1,500 from me", "GHS 1500", "GHS 1,500"),
        ("GH₵200.50 for the form?", "GHS 200.50", "GH₵200.50"),
        ("j'ai envoyé 200 000 FCFA au passeur", "XOF 200000", "200 000 FCFA"),
        ("il me doit 1.500 euros", "EUR 1500", "1.500 euros"),
        ("he collect 50k naira", "NGN 50000", "50k naira"),
        ("suna bina na naira 20000", "NGN 20000", "naira 20000"),
        ("€300 or $40", "EUR 300", "€300"),
        ("he paid 2 million cfa", "XOF 2000000", "2 million cfa"),
        ("2500 dinars in Tripoli", "LYD 2500", "2500 dinars"),
    ],
)
def test_an_amount_has_its_currency(text: str, value: str, written: str) -> None:
    assert ("money", value, written) in found(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my flight is on 12 March 2027", "2027-03-12"),
        ("i land 3rd of May", "--05-03"),
        ("le 1er février 2026 je rentre", "2026-02-01"),
        ("le 14 août", "--08-14"),
        ("born 02/11/1994", "1994-11-02"),
        ("appointment 2026-12-01 please", "2026-12-01"),
        ("June 5, 2026 is the date", "2026-06-05"),
        ("zan dawo 10 ga Janairu", "--01-10"),
    ],
)
def test_a_date_reads_day_first(text: str, value: str) -> None:
    assert [v for kind, v, _ in found(text) if kind == "date"] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("call me on 0241234567", "0241234567"),
        ("my number: +233 24 123 4567.", "+233241234567"),
        ("00228 90 12 34 56 c'est moi", "+22890123456"),
    ],
)
def test_a_telephone_number_is_its_digits(text: str, value: str) -> None:
    assert [v for kind, v, _ in found(text) if kind == "phone"] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I lost my Ghana Card at the beach", "ghana_card"),
        ("mon passeport est expiré", "passport"),
        ("il a perdu son acte de naissance", "birth_certificate"),
        ("my NHIS card no dey work", "health_insurance_card"),
        ("is my driver's license from Italy valid", "driving_licence"),
        ("na yar da fasfo dina", "passport"),
    ],
)
def test_a_document_is_known_by_its_names(text: str, value: str) -> None:
    assert [v for kind, v, _ in found(text) if kind == "document"] == [value]


@pytest.mark.parametrize(
    "text",
    ["", "no numbers here", "I have 3 children", "in 2019 I left", "1234567890123456789012",
     "call 112", "may I ask 5 things", "room 12 / 45"],
)  # fmt: skip
def test_other_numbers_are_nothing(text: str) -> None:
    assert [e for e in found(text) if e[0] != "date" or "may" not in text] == []


def test_entities_stand_in_order_and_never_overlap() -> None:
    text = "From Tamale: passport and 300 cedis before 12 March 2027, call +233 24 123 4567"
    kinds = [(kind, written) for kind, _, written in found(text)]
    assert kinds == [
        ("region", "Tamale"), ("document", "passport"), ("money", "300 cedis"),
        ("date", "12 March 2027"), ("phone", "+233 24 123 4567"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I am in Ho", ["Ho"]), ("ho", ["ho"]), ("HO!", ["HO"]), ("passport office, Wa?", ["Wa"]),
        ("hospital a ɛwɔ hɔ", []), ("Ho yɛ hyew", []), ("ME HO YE ME YA", []),
        ("Yɛfrɛ me Ama. Ho yɛ hyew", []), ("wa zai taimake ni", []), ("Wa zai taimake ni", []),
        ("Ina tsoro.\nWa zai zo", []), ("mewɔ hɔ, mewɔ Ho", ["Ho"]),
    ],
)  # fmt: skip
def test_a_name_that_is_a_word_needs_its_capital_inside_a_sentence(
    text: str, names: list[str]
) -> None:
    assert [written for kind, _, written in found(text) if kind == "region"] == names
