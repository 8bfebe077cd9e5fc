"""Typing conditions of the evaluation."""

from __future__ import annotations

import pytest

from nlu import noise
from nlu.normalise import fold

TEXT = "My brother lost his passport on the road from Agadez and nobody can help him now"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Ɛyɛ den sɛ menya kwan", "Eye den se menya kwan"),
        ("ƙasata ta haihuwa, ɓarawo", "kasata ta haihuwa, barawo"),
        ("Mɔ́ aɖe le Ŋutsi ƒe", "Mo ade le Nutsi fe"),
        ("où est l'hôtel à côté", "ou est l'hotel a cote"),
    ],
)
def test_plain_letters(written: str, typed: str) -> None:
    assert noise.plain(written) == typed


def test_plain_letters_change_nothing_that_is_read() -> None:
    for text in ("Ɛyɛ den sɛ", "ƙasata Ɓarawo", "Ŋutsu ƒe ɖevi", "où êtes-vous, Noël"):
        assert fold(noise.plain(text)) == fold(text)


def test_a_voice_note_has_no_marks() -> None:
    said = "He beats me! I'm in Ho-Central; come (now)...\nỌ̀rẹ́ mi, mía ƒe xɔ̃"
    assert noise.unmarked(said) == "he beats me i'm in ho central come now ọ̀rẹ́ mi mía ƒe xɔ̃"
    assert noise.unmarked("d)k)no (na) k)") == "dɔkɔno na k"


def test_what_is_around_stands_in_its_order_instead_of_the_marks() -> None:
    kinds = {"comfort": "but no worry", "plea": "who can come", "place": "in Ho", "opening": "hi"}
    assert noise.around("he beats me!", **kinds) == "hi he beats me in Ho who can come but no worry"
    assert noise.around("he beats me!", opening="hi") == "hi he beats me!"
    assert noise.around("he beats me!") == "he beats me!"


def test_slips_are_the_same_each_time_and_differ_by_seed() -> None:
    assert noise.slips(TEXT) == noise.slips(TEXT) != TEXT
    assert noise.slips(TEXT) != noise.slips(TEXT, seed=8)
    assert noise.slips(TEXT, share=0.0) == TEXT


def test_about_as_many_letters_slip_as_was_said() -> None:
    long = "a" * 4000  # doubling and leaving out show in the length, the rest in other letters
    slipped = noise.slips(long)
    changed = sum(letter != "a" for letter in slipped)
    assert 60 <= changed <= 140  # a quarter of the slips replace
