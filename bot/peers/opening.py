"""Opening and closing groups: who wished for one, and who is in one, is told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.dialogue.peers.world import Event, News
from bot.peers import decisions, groups, news, wishes
from bot.peers.decisions import Act, By
from bot.peers.groups import NewGroup
from bot.peers.members import ACTIVE, members
from nlu.normalise import fold

LONGEST = 30  # of a tag


def open_new(
    conn: sa.Connection, new: NewGroup, staff_id: int, now: datetime
) -> tuple[int, int] | None:
    """Opens the group; returns its id and how many had wished for it. None: the tag is taken."""
    id = groups.open_group(conn, new, now, staff_id=staff_id)
    made = groups.one(conn, id) if id else None
    if made is None:
        return None
    decisions.note(conn, Act.SETTINGS, made.id, By(staff_id), now, reason="opened")
    return made.id, wishes.fulfil(conn, made, now)


def set_open(conn: sa.Connection, id: int, *, is_open: bool, by: By, now: datetime) -> bool:
    """Closes the group, which its members are told, or opens it again. False: it is so already."""
    group = groups.one(conn, id)
    if group is None or group.open == is_open:
        return False
    groups.set_open(conn, id, is_open=is_open)
    noted = decisions.note(conn, Act.SETTINGS, id, by, now,
                           reason="reopened" if is_open else "closed")  # fmt: skip
    if not is_open:
        told = News(event=Event.CLOSED, group=id, sector=group.sector)
        inside = sa.select(members.c.person_id).where(members.c.group_id == id, ACTIVE)
        for person_id in conn.scalars(inside).all():
            news.tell(conn, person_id, f"closed:{noted}:{person_id}", told, now)
    return True


def suggest(conn: sa.Connection, *words: str) -> str:
    """A tag of these words that no group has: the first word, with more of them or a number where
    it is taken."""
    # "tailoring_fashion" is "tailoring"; "Greater Accra" is "greater-accra".
    short = ["-".join(fold(word).split()) for word in words if word]
    tags = ["-".join(short[: n + 1])[:LONGEST].strip("-") for n in range(len(short))]
    tags += [f"{tags[-1][: LONGEST - 3]}-{n}" for n in range(2, 100)]
    query = sa.select(groups.groups.c.tag).where(groups.groups.c.tag.in_(tags))
    taken = set(conn.scalars(query))
    return next((tag for tag in tags if tag not in taken and groups.TAG.fullmatch(tag)), "")
