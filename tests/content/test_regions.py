"""Places in what people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library import CONTENT
from bot.library.regions import read_regions

GHANA = CONTENT / "gh" / "regions.yml"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ho", "Ho"), ("I am in Ho", "Ho"), ("Wa", "Wa"), ("tamale", "Tamale"),
        ("i am in tamale", "Tamale"), ("Me ba yare, mepɛ hospital a ɛwɔ hɔ", None),
        ("Wa zai taimake ni", None), ("I do not know", None),
    ],
)  # fmt: skip
def test_a_town_that_is_a_word_is_found_only_as_a_name(text: str, place: str | None) -> None:
    found = read_regions(GHANA).find(text)
    assert (found and found.name) == place


def test_a_word_that_names_no_place_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "regions.yml"
    path.write_text('words: ["Zzyzx"]\nregions: []\n', encoding="utf-8")
    with pytest.raises(ValueError, match="zzyzx"):
        read_regions(path)
