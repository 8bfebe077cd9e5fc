"""The safe word always rings; a question about an SOS village does not."""

from __future__ import annotations

import pytest

from nlu import safeword
from nlu.normalise import fold


@pytest.mark.parametrize(
    "text", ["SOS", "🆘", "sos!!!", "S.O.S", "Sos sos sos", "SOS help me", "abeg SOS"]
)
def test_it_rings(text: str) -> None:
    assert safeword.rings(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "help",
        "is there an SOS Children's Village in Tema",
        "sosolo",
        "aidez moi",
        "SOS villages d'enfants Lomé",
    ],
)
def test_it_stays_quiet(text: str) -> None:
    assert not safeword.rings(fold(text))
