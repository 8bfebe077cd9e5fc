"""The groups: who is there from where, how lively they are, what waits; and opening a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.responses import Response

from bot import smallcells
from bot.dialogue.peers.world import Group
from bot.handoff import Refused
from bot.library import Library
from bot.peers import groups, opening, overview, wishes
from bot.peers.groups import NewGroup
from bot.peers.overview import Counts
from bot.screening.rules import Rules
from bot.web.console.guard import Visit
from bot.web.console.numbers import may_see_few

HERE = "/console/groups"
Spread = list[tuple[str | None, str]]


@dataclass(frozen=True)
class Card:
    """A group on the list; counts of channels and regions are texts, small ones hidden."""

    group: Group
    channels: Spread
    regions: Spread


async def index(visit: Visit) -> Response:
    """The list; `?part=tag` is only the field for the tag, with one that is free."""
    query = visit.request.query_params
    if query.get("part") == "tag":
        chosen = {name: query.get(name, "")[:40] for name in ("sector", "region", "language")}
        tag = await visit.read(_suggested, visit, **chosen)
        return visit.page("group_tag.html", tag=tag, typed={"tag": query.get("tag", "")[:40]})
    return await _page(visit, {})


async def open_new(visit: Visit) -> Response:
    """Opens a group; those who wished for it are told."""
    try:
        id = await visit.run(_open, visit)
    except Refused as refused:
        return await _page(visit, visit.form, visit._(str(refused)))
    return visit.go(f"{HERE}/{id}", "opened_group")


async def _page(visit: Visit, typed: dict[str, str], problem: str = "") -> Response:
    def read(conn: sa.Connection) -> tuple[list[Group], Counts, dict[str, int]]:
        found = groups.everyone(conn, closed=True)
        return found, overview.counts(conn, visit.now), wishes.count(conn)

    found, counts, wished = await visit.read(read)
    library, locale = visit.desk.library, visit.staff.locale
    exact = may_see_few(visit)
    cards = [
        Card(group, _spread(counts.channels.get(group.id, {}).items(), exact=exact),
             _spread(counts.regions.get(group.id, {}).items(), exact=exact))
        for group in sorted(found, key=lambda one: (not one.open, one.id))
    ]  # fmt: skip
    return visit.page(
        "groups.html", 409 if problem else 200, cards=cards, counts=counts, wished=wished,
        library=library, sectors=named_sectors(library, locale), problem=problem, typed=typed,
        regions=named_regions(library, locale), languages=library.country.languages,
    )  # fmt: skip


def _spread(found: Iterable[tuple[str | None, int]], *, exact: bool) -> Spread:
    """The largest first where all are shown; else by name, so that the order tells nothing."""
    ordered = sorted(found, key=lambda pair: (-pair[1] if exact else 0, pair[0] or "~"))
    texts = smallcells.texts([count for _, count in ordered], exact=exact)
    return [(key, text) for (key, _), text in zip(ordered, texts, strict=True)]


def named_sectors(library: Library, locale: str) -> list[tuple[str, str]]:
    """Ids and names of all sectors, by name."""
    named = [(id, library.sector(id, locale)) for id in library.sector_names]
    return sorted(named, key=lambda pair: pair[1])


def named_regions(library: Library, locale: str) -> list[tuple[str, str]]:
    """Codes and names of all regions, by name."""
    named = [(code, library.regions.name(code, locale)) for code in library.regions.names]
    return sorted(named, key=lambda pair: pair[1])


def _suggested(
    conn: sa.Connection, visit: Visit, *, sector: str, region: str, language: str
) -> str:
    """A free tag; empty when the sector is none of ours."""
    library = visit.desk.library
    if sector not in library.sector_names:
        return ""
    words = [sector.split("_")[0]]
    if region in library.regions.names:
        words.append(library.regions.name(region, "en"))
    if language != library.country.default_language:
        words.append(language)
    return opening.suggest(conn, *words)


def _open(conn: sa.Connection, visit: Visit) -> int:
    library, form = visit.desk.library, visit.form
    sector, region = form.get("sector", ""), form.get("region", "")
    language = form.get("language", "")
    if sector not in library.sector_names:
        raise Refused("Choose a sector.")
    if region and region not in library.regions.names:
        raise Refused("Choose a region, or the whole country.")
    if language not in library.country.languages:
        raise Refused("Choose a language.")
    tag = form.get("tag", "").strip().lstrip("#").lower() or _suggested(
        conn, visit, sector=sector, region=region, language=language
    )
    if not groups.TAG.fullmatch(tag):
        raise Refused("A tag has 2 to 31 letters, digits or hyphens and begins with a letter.")
    new = NewGroup(tag=tag, sector=sector, region=region or None, language=language, rules=Rules())
    made = opening.open_new(conn, new, visit.staff.id, visit.now)
    if made is None:
        raise Refused("Another group has this tag.")
    id, told = made
    visit.note(conn, "group_opened", "group", id, sector=sector, told=told)
    return id
