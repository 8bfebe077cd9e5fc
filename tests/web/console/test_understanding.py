"""The page that says why a message is read as it is."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.db import metadata
from bot.roles import Role
from bot.understanding.explainer import LONGEST
from nlu.explain import Feature, Reason
from tests.web.console.conftest import Office, Seat

HERE = "/console/understanding"


@pytest.fixture
def seat(office: Office) -> Seat:
    return office.as_(office.member(Role.EDITOR))


def words(html: str) -> str:
    """What somebody reads, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_it_shows_what_a_message_says_and_which_words_spoke_for_it(seat: Seat) -> None:
    html = seat.post(HERE, text="please how do I renew my PASSPORT in Tamale zzyzx").text
    shown = words(html)
    assert "English" in shown
    assert "please how do i renew my passport in tamale zzyzx" in shown
    assert "It is answered as ask_passport" in shown
    assert re.search(r"Unknown words zzyzx", shown)
    assert "Tamale region: GH-NP" in shown
    assert "The alarm does not ring." in shown
    first = html.split("<details", 2)[1]
    assert "<code>ask_passport</code>" in first
    found = re.findall(r'<tr class="(for|against)">.*?<code dir="auto">(.*?)</code>.*?'
                       r'<td class="number">([+-][\d.]+)</td>', first, re.S)  # fmt: skip
    assert ("for", "passport") in [(side, gram) for side, gram, _ in found]
    assert all((side == "for") is added.startswith("+") for side, _, added in found)


def test_danger_is_named_with_what_rang(seat: Seat) -> None:
    shown = words(seat.post(HERE, text="my husband is beating me now with a belt").text)
    assert "It rings: Violence now" in shown
    assert "The alarm rings." in shown


def test_what_is_not_understood_is_said_too(seat: Seat) -> None:
    shown = words(seat.post(HERE, text="asdkjh qwpoei zxmcn").text)
    assert "The service asks back" in shown


@pytest.mark.parametrize("text", ["今天", "🙏🏾", "'; DROP TABLE people; --", "x" * 5000, "‮abc"])
def test_any_text_can_be_asked_about(seat: Seat, text: str) -> None:
    answer = seat.post(HERE, text=text)
    assert answer.status_code == 200
    assert "What it says" in answer.text


def test_no_text_is_no_question(seat: Seat) -> None:
    for text in ("", "  \n "):
        answer = seat.post(HERE, text=text)
        assert answer.status_code == 200
        assert "What it says" not in answer.text
    assert "What it says" not in seat.get(HERE).text


def test_markup_is_shown_as_text(seat: Seat) -> None:
    html = seat.post(HERE, text='</textarea><script>alert(1)</script> passport <img src="x">').text
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_htmx_gets_the_reading_alone_and_a_browser_without_it_the_page(seat: Seat) -> None:
    whole = seat.post(HERE, text="i lost my passport").text
    assert "<!doctype html>" in whole
    assert "i lost my passport</textarea>" in whole
    part = seat.client.post(
        HERE, data={"csrf": seat.csrf, "text": "i lost my passport"}, headers={"HX-Request": "true"}
    ).text
    assert "<html" not in part
    assert "ask_passport" in part


def test_in_french(office: Office) -> None:
    seat = office.as_(office.member(Role.EDITOR, locale="fr"))
    shown = words(seat.post(HERE, text="j'ai perdu mon passeport à Accra").text)
    assert "Compréhension" in shown
    assert "L'alarme ne sonne pas." in shown.replace("&#39;", "'")
    assert "The alarm" not in shown


def test_without_a_model_one_sentence_says_what_to_do(office: Office, tmp_path: Path) -> None:
    bare = replace(office, model=tmp_path / "none.npz")
    seat = bare.as_(bare.member(Role.EDITOR))
    answer = seat.post(HERE, text="i lost my passport")
    assert answer.status_code == 200
    assert "There is no trained model on this machine yet" in answer.text


async def test_the_model_is_loaded_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.understanding import Embedded, explainer

    loaded: list[Any] = []
    real = Embedded.load
    monkeypatch.setattr(
        explainer.Embedded, "load", lambda *args: loaded.append(args) or real(*args)
    )
    one = explainer.Explainer(office.library)
    assert loaded == []
    for text in ("hello", "x" * (2 * LONGEST)):
        assert await one.explain(text) is not None
    assert len(loaded) == 1


def test_nothing_typed_here_is_kept(
    office: Office, seat: Seat, caplog: pytest.LogCaptureFixture
) -> None:
    def everything(conn: sa.Connection) -> str:
        return repr([conn.execute(sa.select(table)).all() for table in metadata.sorted_tables])

    with caplog.at_level(logging.DEBUG):
        answer = seat.post(HERE, text="Maimouna lost her passport at zzyzx")
    assert answer.headers["cache-control"] == "no-store"
    assert "zzyzx" not in office.call(everything)
    assert "zzyzx" not in caplog.text
    assert office.audited() == []


def test_bars_are_drawn_on_one_scale() -> None:
    from bot.web.console.understanding import drawn

    strong, weak = drawn((
        Reason("a", 1.0, (Feature("x", 2.0), Feature("y", -1.0))),
        Reason("b", 0.1, (Feature("x", 0.5),)),
    ))  # fmt: skip
    assert [bar.width for bar in strong.bars] == [100.0, 50.0]
    assert [bar.width for bar in weak.bars] == [25.0]
