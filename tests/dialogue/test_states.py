"""Every state shape ever stored can be loaded, and what cannot becomes a menu, not a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.states import (
    STATES,
    Appealing,
    Deleting,
    Joining,
    Locating,
    Open,
    Recording,
    State,
    Talking,
    dump,
    load,
)
from bot.events import Option

# Released shapes, as they lie in databases. Never change a line; add new ones.
RELEASED: list[tuple[str, State]] = [
    ("{}", Open()),
    ('{"state": "Open"}', Open()),
    ('{"state": "Open", "offered": [["Menu", "menu"]], "topic": "passport", "misses": 1, '
     '"alarm": "threats"}',
     Open(offered=(Option("Menu", "menu"),), topic="passport", misses=1, alarm="threats")),
    ('{"state": "Locating", "topic": "nhis"}', Locating(topic="nhis")),
    ('{"state": "Deleting", "offered": [["Keep", "delete:keep"]]}',
     Deleting(offered=(Option("Keep", "delete:keep"),))),
    ('{"state": "Joining", "group": 3, "band": "25-34", "step": "name", "code": "K7WPQ2"}',
     Joining(group=3, band="25-34", step="name", code="K7WPQ2")),
    ('{"state": "Talking", "group": 3, "reply": 12}', Talking(group=3, reply=12)),
    ('{"state": "Appealing", "decision": 5}', Appealing(decision=5)),
    ('{"state": "Recording", "sector": "poultry", "since": 2024}',
     Recording(sector="poultry", since=2024)),
    ('{"state": "GoneInTheNextVersion", "field": 7, "offered": [["A", "menu"]]}',
     Open(offered=(Option("A", "menu"),))),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "state"), RELEASED)
def test_released_shapes_load(stored: str, state: State) -> None:
    assert load(json.loads(stored)) == state


def test_every_state_has_a_released_sample() -> None:
    assert {type(state) for _, state in RELEASED} == set(STATES)


options = st.lists(st.builds(Option, st.text(max_size=9), st.text(max_size=9)), max_size=4)


@given(st.sampled_from(STATES), options)
def test_a_state_survives_the_database(kind: type[State], offered: list[Option]) -> None:
    state = kind(offered=tuple(offered))
    assert load(json.loads(json.dumps(dump(state)))) == state


def test_states_stay_small() -> None:
    for kind in STATES:
        fields: Any = kind.__dataclass_fields__
        assert len(fields) <= 7
