"""The table of networks: what is hidden in it, and its file."""

from __future__ import annotations

import csv
import io
import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot import smallcells
from bot.peers import activities, groups
from bot.roles import Role
from bot.web.console.networks import hidden, total
from tests.web.console.conftest import Office
from tests.web.console.tables import row, tables
from tests.web.console.village import Village

PAGE = "/console/networks"


@pytest.fixture
def village(office: Office, vault: Any) -> Village:
    return Village(office.call, vault, office.clock())


def people_in(village: Village, group: int, region: str | None, count: int) -> None:
    for n in range(count):
        village.member(group, f"{region} {n}", region=region)


def test_members_and_activities_are_counted_by_sector_and_region(
    office: Office, village: Village
) -> None:
    group, second = village.group(), village.group("couture", language="fr")
    people_in(village, group, "GH-AA", 6)
    people_in(village, second, "GH-AA", 7)
    both = village.person(region="GH-TV")
    for one in (group, second):  # in two groups of a sector: one person
        village.member(one, "Golden Needle", person=both)
    people_in(village, group, "GH-TV", 5)
    for _ in range(8):
        office.call(activities.put, village.person(), sector="poultry", region="GH-AH", since=2024,
                    seeks=[], now=office.clock())  # fmt: skip
    page = office.as_(office.member(Role.EDITOR)).get(PAGE).text
    members, running = tables(page)
    assert members == [
        ["Sector", "Greater Accra", "Volta", "All"],
        ["Tailoring and fashion", "13", "6", "19"], ["All", "13", "6", "19"],
    ]  # fmt: skip
    assert running[1:] == [["Poultry", "8", "8"], ["All", "8", "8"]]


def test_small_cells_are_hidden_and_no_total_gives_them_away(
    office: Office, village: Village
) -> None:
    group = village.group()
    for region, count in (("GH-AA", 9), ("GH-TV", 2), ("GH-AH", 7), (None, 0)):
        people_in(village, group, region, count)
    page = office.as_(office.member(Role.SUPERVISOR)).get(PAGE).text
    # 9 + 7 + 2: with the sum of the group one hidden cell could be calculated, so two are hidden.
    assert row(page, "Tailoring and fashion") == ["9", "5+", "<5", "15+"]
    assert row(page, "All") == ["9", "5+", "<5", "15+"]


COUNTS = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=3)


@given(COUNTS)
def test_every_total_follows_from_the_cells_that_are_shown(counts: list[list[int]]) -> None:
    cells = {(str(s), str(r)): n for s, line in enumerate(counts) for r, n in enumerate(line)}
    table = hidden(cells, [])
    shown = [texts for _, texts, _ in table.rows]
    assert [sum_ for _, _, sum_ in table.rows] == [total(texts) for texts in shown]
    assert list(table.totals) == [total(column) for column in zip(*shown, strict=True)]
    assert table.total == total(list(itertools.chain(*shown)))
    for texts, line in zip(shown, counts, strict=True):
        for text, n in zip(texts, line, strict=True):
            assert text == str(n) if text.isdecimal() else text in (smallcells.FEW, smallcells.MORE)
            assert n == 0 or n >= smallcells.SMALL or text == smallcells.FEW


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_whoever_knows_the_sum_of_a_row_cannot_fill_it_in(line: list[int]) -> None:
    cells = {("x", str(r)): n for r, n in enumerate(line)}
    ((_, texts, _),) = hidden(cells, []).rows
    unknown = [(1, 4) if text == smallcells.FEW else (5, 30) for text in texts
               if not text.isdecimal()]  # fmt: skip
    known = sum(int(text) for text in texts if text.isdecimal())
    ways = sum(
        known + sum(way) == sum(line)
        for way in itertools.product(*(range(a, b + 1) for a, b in unknown))
    )
    # Where nothing else is left to hide, the cell is the sum, which its group shows anyway.
    if unknown and any(text.isdecimal() and text != "0" for text in texts):
        assert ways > 1


def test_the_file_says_what_the_page_says_and_is_audited(
    office: Office, village: Village
) -> None:
    group = village.group()
    people_in(village, group, "GH-AA", 6)
    people_in(village, group, None, 3)
    office.call(activities.put, village.person(), sector="poultry", region="GH-AH", since=2024,
                seeks=[], now=office.clock())  # fmt: skip
    answer = office.as_(office.member(Role.ADMIN)).get(f"{PAGE}.csv")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="sankofa-networks-2026-11-23.csv"'
    )
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines == [
        ["sector", "region", "members", "activities"],
        ["tailoring_fashion", "GH-AA", "5+", "0"], ["tailoring_fashion", "", "<5", "0"],
        ["poultry", "GH-AH", "0", "<5"],
    ]  # fmt: skip
    (entry,) = office.audited("exported")
    assert (entry.kind, entry.detail) == ("networks", {})


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.COUNSELLOR])
def test_only_supervisors_and_admins_take_the_file_away(office: Office, role: Role) -> None:
    assert office.as_(office.member(role)).get(f"{PAGE}.csv").status_code == 403
    assert office.audited("exported") == []


def test_a_sector_that_the_pack_does_not_know_any_more_is_no_formula(
    office: Office, village: Village
) -> None:
    group = village.group()
    people_in(village, group, "GH-AA", 6)
    table = groups.groups
    office.call(lambda conn: conn.execute(sa.update(table).values(sector='=HYPERLINK("x")')))
    seat = office.as_(office.member(Role.SUPERVISOR))
    assert "'=HYPERLINK" in seat.get(f"{PAGE}.csv").text
    assert seat.get(PAGE).status_code == 200
