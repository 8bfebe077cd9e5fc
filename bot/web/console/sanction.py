"""What a moderator decides about a member, and the reason that the member is told."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.handoff import Refused
from bot.peers import moderation, queue, roll
from bot.peers.decisions import Act, By
from bot.screening.rules import Finding
from bot.web.console.guard import Visit

LONGEST = 300  # characters of a reason
# Reasons that the service says in the member's own language.
REASONS = tuple(finding.value for finding in (
    Finding.PAYMENT, Finding.RECRUITER, Finding.SMUGGLING, Finding.FEE, Finding.ABUSE,
    Finding.WORD, Finding.NUMBER, Finding.EMAIL, Finding.LINK, Finding.HANDLE,
))  # fmt: skip
ACTS = {"warn": Act.WARNED, "silence": Act.SILENCED, "remove": Act.REMOVED, "ban": Act.BANNED}
SILENCE, BAN = 1, 30  # days, where nothing else is said
DAYS = {"silence": (1, 3, 7, 30), "ban": (7, 30, 90, 365)}


def faster() -> Refused:
    """The refusal for the second of two."""
    return Refused("Somebody was faster: this is decided already.")


def reason(visit: Visit) -> str:
    """The moderator's own words, else the chosen reason; raises Refused without any."""
    words = visit.form.get("words", "").strip()
    chosen = visit.form.get("reason", "")
    found = words[:LONGEST] or (chosen if chosen in REASONS else "")
    if not found:
        raise Refused("Say why: the member is told the reason.")
    return found


def put(conn: sa.Connection, visit: Visit, member_id: int, *, post_id: int | None = None) -> str:
    """Does what the button `do` says; raises Refused. `seen` in the form is the last sanction that
    the moderator knew of. Returns what to say."""
    do, why = visit.form.get("do", ""), reason(visit)
    seen = visit.form.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else 0
    act = ACTS.get(do)
    if act is None:
        raise Refused("There is no such button.")
    if not queue.fresh(conn, member_id, known):
        raise faster()
    until = None
    if do in DAYS:
        until = visit.now + timedelta(days=_days(visit, do))
    by = By(visit.staff.id)
    if not moderation.sanction(conn, member_id, act, by, why, visit.now, until=until,
                               post_id=post_id):  # fmt: skip
        raise Refused("This member is out of the group already.")
    visit.note(conn, "moderated", "member", member_id, act=act.value, group=_group(conn, member_id))
    return {"warn": "warned", "silence": "silenced", "remove": "removed", "ban": "banned"}[do]


def lift(conn: sa.Connection, visit: Visit, member_id: int) -> str:
    """Ends a sanction before its time; raises Refused."""
    if not moderation.lift(conn, member_id, By(visit.staff.id), visit.now):
        raise faster()
    visit.note(conn, "moderated", "member", member_id, act=Act.LIFTED.value,
               group=_group(conn, member_id))  # fmt: skip
    return "lifted"


def _days(visit: Visit, do: str) -> int:
    usual = SILENCE if do == "silence" else BAN
    text = visit.form.get(f"{do}-days", str(usual))
    if text not in map(str, DAYS[do]):
        raise Refused("Choose until when.")
    return int(text)


def _group(conn: sa.Connection, member_id: int) -> int:
    row = roll.one(conn, member_id)
    return row.group_id if row else 0
