"""Roles of staff, and what each may do: the one table that pages, buttons and tests read."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for."""

    COUNSELLOR = "counsellor"
    MODERATOR = "moderator"
    EDITOR = "editor"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be done in the console."""

    ACCOUNT = "account"  # one's own password, second factor, presence, linked phones
    READ_CASES = "read_cases"  # the inbox and conversations
    WORK_CASES = "work_cases"  # take, answer, note, label, snooze, close
    REFER = "refer"  # ask whether a person may be passed on, and note what became of it
    READ_PROTECTED = "read_protected"  # texts of protected classes without the skill for them
    TAKE_OVER = "take_over"  # take or hand on somebody else's case
    SEE_TEAM = "see_team"  # who is on duty, load, the oldest waiting
    SEE_NUMBERS = "see_numbers"
    EXPORT = "export"  # numbers and cases as CSV
    SEE_AUDIT = "see_audit"
    EDIT_CANNED = "edit_canned"  # replies prepared for everybody
    MANAGE_STAFF = "manage_staff"  # accounts, roles, skills, locks
    SEE_GROUPS = "see_groups"  # peer groups, their members by name, their log
    MODERATE = "moderate"  # decide about posts, members and appeals; hold everything
    RESOLVE = "resolve"  # who is behind a name: see may_resolve
    RUN_GROUPS = "run_groups"  # open and close, settings, announcements, relays, invitations
    EXPLAIN = "explain"  # why a message that one types oneself is read as it is
    LABEL = "label"  # what messages mean that were read wrongly
    SEE_NETWORKS = "see_networks"  # how many there are, where; nobody by name


_OWN = {Action.ACCOUNT}
_MODERATOR = _OWN | {Action.SEE_GROUPS, Action.MODERATE, Action.RESOLVE, Action.SEE_NETWORKS}
_COUNSELLOR = _OWN | {Action.READ_CASES, Action.WORK_CASES, Action.REFER, Action.SEE_TEAM}
_SUPERVISOR = _COUNSELLOR | _MODERATOR | {
    Action.READ_PROTECTED, Action.TAKE_OVER, Action.SEE_NUMBERS, Action.EXPORT, Action.SEE_AUDIT,
    Action.EDIT_CANNED, Action.RUN_GROUPS, Action.EXPLAIN, Action.LABEL,
}  # fmt: skip
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.COUNSELLOR: frozenset(_COUNSELLOR),
    Role.MODERATOR: frozenset(_MODERATOR),  # sees groups, not cases
    Role.EDITOR: frozenset(
        _OWN | {Action.SEE_NUMBERS, Action.EDIT_CANNED, Action.SEE_NETWORKS, Action.EXPLAIN,
                Action.LABEL}
    ),
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    # Runs the service and its accounts; reads nobody's conversation.
    Role.ADMIN: frozenset(
        _MODERATOR | {Action.SEE_TEAM, Action.SEE_NUMBERS, Action.SEE_AUDIT, Action.MANAGE_STAFF,
                      Action.RUN_GROUPS, Action.EXPLAIN, Action.LABEL}
    ),
}
COUNSELS = tuple(role for role in Role if Action.WORK_CASES in ALLOWED[role])

# Texts of these classes are for counsellors with the protection skill and for supervisors.
PROTECTED = frozenset({"sexual_violence", "trafficking_now", "child_at_risk"})
SKILLS = ("protection", "health", "business", "documents", "family", "return")
PROTECTION = "protection"


def may(role: Role, action: Action) -> bool:
    """Whether the role allows the action."""
    return action in ALLOWED[role]


def may_read(role: Role, skills: frozenset[str], urgency: str | None) -> bool:
    """Whether the texts of a case of this urgency class may be shown."""
    if not may(role, Action.READ_CASES):
        return False
    return (
        urgency not in PROTECTED or PROTECTION in skills or may(role, Action.READ_PROTECTED)
    )


def may_resolve(role: Role, skills: frozenset[str]) -> bool:
    """Whether somebody may look up who is behind a name in a group: of the moderators only those
    who are trained in protection."""
    if not may(role, Action.RESOLVE):
        return False
    return role is not Role.MODERATOR or PROTECTION in skills
