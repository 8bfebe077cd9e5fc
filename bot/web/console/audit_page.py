"""The audit: who did what and when, newest first. Only words and numbers are in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from babel.dates import format_datetime
from starlette.responses import Response

from bot import audit, staff
from bot.audit import Entry
from bot.web.console.guard import Visit

PAGE = 50
Says = Callable[[str], str]


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it. `case`: its number, when that is what it was done to."""

    entry: Entry
    at: str
    who: str
    what: str
    case: int | None
    whom: str  # the member of staff it was done to, when it was somebody else
    detail: str


async def audit_page(visit: Visit) -> Response:
    """A page of entries; `member`, `action` and `case` narrow it down, `before` turns the page."""
    query, says = visit.request.query_params, actions(visit._)
    member, case = _number(query.get("member", "")), _number(query.get("case", "").lstrip("# "))
    action = query.get("action", "") if query.get("action") in says else ""
    before = _number(query.get("before", ""))

    def body(conn: sa.Connection) -> tuple[list[Entry], dict[int, str]]:
        entries = audit.page(
            conn, before=before, staff_id=member, action=action or None, case_id=case,
            limit=PAGE + 1,
        )  # fmt: skip
        return entries, {m.id: m.name for m in staff.everyone(conn)}

    entries, names = await visit.read(body)
    wanted = {"member": member or "", "action": action, "case": case or ""}
    return visit.page(
        "audit.html", lines=[_line(visit, entry, names, says) for entry in entries[:PAGE]],
        older=entries[PAGE - 1].id if len(entries) > PAGE else None, before=before, names=names,
        wanted=wanted, actions=sorted(says.items(), key=lambda pair: pair[1]),
        query={name: value for name, value in wanted.items() if value},
    )  # fmt: skip


def actions(_: Says) -> dict[str, str]:
    """What each action of the audit is called."""
    return {
        "read": _("read a conversation"),
        "refused": _("was refused a protected conversation"),
        "took": _("took a case"),
        "opened": _("opened a case"),
        "answered": _("answered"),
        "sent_again": _("sent a message again"),
        "noted": _("wrote a note"),
        "labelled": _("changed labels"),
        "snoozed": _("put a case aside"),
        "closed": _("closed a case"),
        "gave": _("handed a case on"),
        "referral_asked": _("asked about a referral"),
        "referral_agreed": _("the person agreed to a referral"),
        "referral_declined": _("the person declined a referral"),
        "referral_sent": _("passed a person on"),
        "referral_received": _("noted that a referral arrived"),
        "referral_done": _("noted that a referral is done"),
        "referral_withdrawn": _("a referral was withdrawn"),
        "exported": _("exported figures"),
        "reply_added": _("added a prepared reply"),
        "reply_changed": _("changed a prepared reply"),
        "reply_removed": _("removed a prepared reply"),
        "signed_in": _("signed in"),
        "signed_out": _("signed out"),
        "sign_in_failed": _("failed to sign in"),
        "code_failed": _("typed a wrong code"),
        "locked": _("was locked after wrong passwords"),
        "unlocked": _("unlocked an account"),
        "staff_added": _("added an account"),
        "staff_changed": _("changed an account"),
        "staff_deactivated": _("closed an account"),
        "staff_activated": _("opened an account again"),
        "start_password_made": _("made a start password"),
        "second_dropped": _("removed a second factor"),
        "enrolled": _("set up a second factor"),
        "codes_renewed": _("made new recovery codes"),
        "password_changed": _("changed their password"),
        "password_refused": _("failed to change their password"),
        "presence_set": _("changed their presence"),
        "language_set": _("changed their language"),
        "link_offered": _("began to link a phone"),
        "group_opened": _("opened a group"),
        "group_changed": _("changed a group"),
        "announced": _("announced something to a group"),
        "invited": _("made an invitation code"),
        "relay_appointed": _("made a member a relay"),
        "relay_ended": _("ended a relay's term"),
        "moderated": _("decided as a moderator"),
        "learning_labelled": _("said what a message means"),
        "resolved": _("looked up who is behind a name"),
    }


def _line(visit: Visit, entry: Entry, names: dict[int, str], says: dict[str, str]) -> Line:
    local = entry.at.astimezone(visit.desk.library.country.timezone)
    other = entry.kind == "staff" and entry.object_id not in (None, entry.staff_id)
    return Line(
        entry=entry,
        at=format_datetime(local, "d MMM y HH:mm:ss", locale=visit.staff.locale),
        who=names.get(entry.staff_id or 0, ""),
        what=says.get(entry.action, entry.action.replace("_", " ")),
        case=entry.object_id if entry.kind == "case" else None,
        whom=names.get(entry.object_id or 0, "") if other else "",
        detail=", ".join(f"{name}: {_plain(value)}" for name, value in entry.detail.items()),
    )  # fmt: skip


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _number(text: str) -> int | None:
    """An id that somebody typed; None for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
