"""What is said fits the channel: whole words, buttons or numbers, GSM-7 letters."""

from __future__ import annotations

import smsutil
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import CHANNELS, limits
from bot.channels.whatsapp import lines
from bot.dialogue.core import Say
from bot.events import Option
from bot.rendering import gsm7, render
from bot.rendering.split import split
from bot.voice import voice

OPTIONS = tuple(Option(f"Choice number {n} with a long label", f"topic:{n}") for n in range(12))


def test_an_sms_numbers_its_options() -> None:
    (part,) = render(Say(text="Which?", options=OPTIONS[:2]), limits("sms"), voice("en"))
    assert part.text == (
        "Which?\n\n1 Choice number 0 with a long label\n2 Choice number 1 with a long label\n"
        "Reply with a number."
    )
    assert part.options == ()


def test_whatsapp_has_three_short_buttons_or_a_list_of_ten() -> None:
    (few,) = render(Say(text="Which?", options=OPTIONS[:3]), limits("whatsapp"), voice("en"))
    (many,) = render(Say(text="Which?", options=OPTIONS), limits("whatsapp"), voice("en"))
    assert [len(o.label) <= 20 for o in few.options] == [True] * 3
    assert [len(o.label) <= 24 for o in many.options] == [True] * 10


def test_only_the_last_message_carries_the_buttons() -> None:
    parts = render(Say(text="word " * 900, options=OPTIONS[:2]), limits("whatsapp"), voice("en"))
    assert len(parts) > 1
    assert [bool(p.options) for p in parts] == [False] * (len(parts) - 1) + [True]


def test_a_photo_takes_its_words_and_buttons_along_where_the_channel_can() -> None:
    def shape(channel: str, kind: str, text: str, n: int) -> list[tuple[str, int, int]]:
        say = Say(text=text, options=OPTIONS[:n], media="key", kind=kind)
        parts = render(say, limits(channel), voice("en"))
        assert {(part.media, part.kind) for part in parts} <= {("key", kind), ("", "")}
        return [(part.media, len(part.text), len(part.options)) for part in parts]

    assert shape("telegram", "photo", "look", 2) == [("key", 4, 2)]
    assert shape("telegram", "voice", "w" * 1024, 2) == [("key", 1024, 2)]
    assert shape("telegram", "voice", "w" * 1025, 2) == [("key", 0, 0), ("", 1025, 2)]
    assert shape("whatsapp", "photo", "look", 0) == [("key", 4, 0)]
    assert shape("whatsapp", "photo", "look", 2) == [("key", 0, 0), ("", 4, 2)]
    assert shape("whatsapp", "voice", "look", 0) == [("key", 0, 0), ("", 4, 0)]
    assert shape("sms", "photo", "look", 0) == [("", 4, 0)]
    assert shape("email", "photo", "look", 0) == [("", 4, 0)]


def test_a_french_sms_stays_in_the_small_alphabet() -> None:
    text = "C’est « gratuit » — ça coûte 0 GH₵ à l'hôpital, près de la forêt… où ?"
    folded = gsm7.fold(text)
    assert gsm7.is_gsm7(folded)
    expected = "C'est \"gratuit\" - ca coute 0 GHS à l'hopital, près de la foret... où ?"
    assert folded == expected


def test_letters_that_carry_meaning_are_kept() -> None:
    assert gsm7.fold("Mepɛ sɛ mekɔ ŋutɔ ƙasa") == "Mepɛ sɛ mekɔ ŋutɔ ƙasa"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\f"), max_size=500))
def test_segments_agree_with_another_implementation(text: str) -> None:
    expected = smsutil.split(text)
    if gsm7.is_gsm7(text):  # both count septets; escapes at a seam may differ by one part
        assert abs(gsm7.segments(text) - max(1, len(expected.parts))) <= 1
    else:
        assert gsm7.segments(text) == max(1, len(expected.parts))


@given(st.text(max_size=3000), st.integers(min_value=20, max_value=500))
def test_splitting_loses_no_word_and_keeps_the_size(text: str, size: int) -> None:
    pieces = split(text, size)
    assert all(len(piece) <= size for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=15), min_size=1, max_size=200))
def test_splitting_never_cuts_a_word(words: list[str]) -> None:
    pieces = split(" ".join(words), 40)
    assert " ".join(pieces).split() == words


@given(st.text(min_size=1, max_size=2000).filter(str.strip),
       st.lists(st.text(min_size=1, max_size=60), max_size=14))  # fmt: skip
def test_every_channel_can_carry_what_is_rendered(text: str, labels: list[str]) -> None:
    options = tuple(Option(label, f"topic:{n}") for n, label in enumerate(labels))
    for name in CHANNELS:
        bounds = limits(name)
        for part in render(Say(text=text, options=options), bounds, voice("en")):
            assert len(part.text) <= bounds.text
            assert len(part.options) <= bounds.options
            assert bounds.tappable or not part.options


@given(st.text(max_size=1024))
def test_whatsapp_variables_hold_no_line_break(text: str) -> None:
    layout, variables = lines(text)
    assert not any(set(value) & set("\n\t") or "     " in value for value in variables.values())
    assert all(value for value in variables.values())
    assert layout.count("{{") == len(variables)
