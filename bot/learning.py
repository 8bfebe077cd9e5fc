"""Learning from use: messages that were read wrongly, of persons who allowed it, without who they
are; a label from an editor makes a training phrase of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bot import consents
from bot.cases import cases
from bot.db import BigId, Moment, insert_new, metadata
from bot.dialogue.learn import PURPOSE
from bot.dialogue.peers.commands import spoken
from bot.events import Kind
from bot.inbox import inbox
from bot.library import Taxonomy
from bot.peers.posts import posts
from bot.readings import readings
from bot.roles import PROTECTED
from bot.screening.pseudonyms import PLACEHOLDER, pseudonymise
from bot.vault import Vault
from nlu.data import NOT_URGENT

UNLABELLED = timedelta(days=90)
RECENT = timedelta(hours=1)  # a rating or a wish for a person is about a message this near
LONGEST = 300  # characters: a long story gives its teller away, and is no phrase
IGNORE = "ignore"


class Why(StrEnum):
    """What made a message one to learn from."""

    NOT_UNDERSTOOD = "not_understood"
    RATED_BAD = "rated_bad"
    HUMAN_ASKED = "human_asked"


learnings = sa.Table(
    "learnings",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # with placeholders; empty once ignored
    sa.Column("guess", sa.String(48), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("why", sa.String(16), nullable=False),
    sa.Column("day", Moment, nullable=False),  # midnight: a moment would find the message again
    # Keyed fingerprints, for a withdrawn consent and against doubles; gone with the label.
    sa.Column("whose", sa.String(64), index=True),
    sa.Column("event", sa.String(64), unique=True),
    sa.Column("label", sa.String(48)),  # an intent, an urgency class, not_urgent or ignore
    sa.Column("labelled_by", BigId, sa.ForeignKey("staff.id")),
    sa.Column("labelled_at", Moment),
    sa.Index("ix_learnings_label_id", "label", "id"),
)


@dataclass(frozen=True, kw_only=True)
class Learning:
    """A message that waits for its label."""

    id: int
    language: str
    text: str
    guess: str
    confidence: float
    why: Why
    day: datetime


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many wait by language, and what became of the others."""

    waiting: dict[str, int]
    labelled: int
    ignored: int


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where something to learn showed: whose turn, on which event, why, and after which topic's
    answer."""

    person_id: int
    event_id: int
    why: Why
    topic: str = ""


def take(
    conn: sa.Connection, vault: Vault, spot: Spot, names: Collection[str], now: datetime
) -> bool:
    """Puts the message on the list, pseudonymised; False when nothing may be taken: no consent,
    danger, a talk with a counsellor, a group's post, a text that is too long."""
    if not consents.latest(conn, [spot.person_id], PURPOSE).get(spot.person_id):
        return False
    row = conn.execute(_message(spot, now)).first()
    if row is None or not _fits(spot, row.intent, understood=row.understood):
        return False
    text = str(row.body.get("text") or "")
    said = pseudonymise(spoken(text), names)
    if len(text) > LONGEST or not PLACEHOLDER.sub("", said).strip():
        return False
    return insert_new(conn, learnings, [{
        "language": row.language, "text": said, "guess": row.intent, "confidence": row.confidence,
        "why": spot.why.value, "day": now.replace(hour=0, minute=0, second=0, microsecond=0),
        "whose": _whose(vault, spot.person_id),
        "event": vault.fingerprint("learning event", str(row.id)),
    }], "event") == 1  # fmt: skip


def _message(spot: Spot, now: datetime) -> sa.Select[tuple[object, ...]]:
    """The message that was read wrongly: this one, or the last before a button."""
    at, mine = inbox.c.received_at, cases.c.person_id == inbox.c.person_id
    still = sa.or_(cases.c.closed_at.is_(None), cases.c.closed_at > at)
    taken = sa.exists().where(mine, still, cases.c.taken_at <= at)
    protected = sa.exists().where(mine, still, cases.c.urgency.in_(sorted(PROTECTED)))
    posted = sa.exists().where(posts.c.event_id == inbox.c.id)
    query = (
        sa.select(inbox.c.id, inbox.c.body, readings.c.language, readings.c.intent,
                  readings.c.confidence, readings.c.understood)
        .join(readings, readings.c.event_id == inbox.c.id)
        .where(inbox.c.person_id == spot.person_id, inbox.c.kind == Kind.MESSAGE.value,
               readings.c.urgency.is_(None), ~taken, ~protected, ~posted)
    )  # fmt: skip
    if spot.why is Why.NOT_UNDERSTOOD:
        return query.where(inbox.c.id == spot.event_id)
    before = query.where(inbox.c.id < spot.event_id, at > now - RECENT)
    return before.order_by(inbox.c.id.desc()).limit(1)


def _fits(spot: Spot, intent: str, *, understood: bool) -> bool:
    match spot.why:
        case Why.RATED_BAD:
            return intent == f"ask_{spot.topic}"
        case Why.HUMAN_ASKED:
            return not understood or intent.startswith("ask_")
        case Why.NOT_UNDERSTOOD:
            return True


def withdraw(conn: sa.Connection, vault: Vault, person_id: int) -> None:
    """The person's texts leave the list. A labelled phrase is nobody's any more."""
    conn.execute(learnings.delete().where(learnings.c.whose == _whose(vault, person_id)))


def join(conn: sa.Connection, vault: Vault, gone: int, keep: int) -> bool | None:
    """Two persons became one, consents included: what the last word about it is, None: none."""
    mine = learnings.c.whose == _whose(vault, gone)
    conn.execute(learnings.update().where(mine).values(whose=_whose(vault, keep)))
    given = consents.latest(conn, [keep], PURPOSE).get(keep)
    if given is False:
        withdraw(conn, vault, keep)
    return given


def _whose(vault: Vault, person_id: int) -> str:
    return vault.fingerprint("learning", str(person_id))


def purge(conn: sa.Connection, now: datetime) -> None:
    """Deletes what nobody labelled in time."""
    old = learnings.c.day < now - UNLABELLED
    conn.execute(learnings.delete().where(learnings.c.label.is_(None), old))


def labels(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """What an editor may choose, by kind. Protected classes are none of it: such texts do not
    belong on the list."""
    return {
        "topic": tuple(f"ask_{topic}" for topic in taxonomy.topics),
        "talk": taxonomy.dialogue,
        "danger": (*(name for name in taxonomy.urgency if name not in PROTECTED), NOT_URGENT),
    }


def label(
    conn: sa.Connection, id: int, chosen: str, staff_id: int, now: datetime
) -> bool:
    """Makes a training phrase of it, or (IGNORE) drops its text; the link to the person goes.
    False: somebody was faster, or it is not there any more."""
    values: dict[str, object] = {
        "label": chosen, "labelled_by": staff_id, "labelled_at": now, "whose": None, "event": None,
    }  # fmt: skip
    if chosen == IGNORE:
        values["text"] = ""
    waiting = sa.and_(learnings.c.id == id, learnings.c.label.is_(None))
    return conn.execute(learnings.update().where(waiting).values(values)).rowcount == 1


def one(conn: sa.Connection, id: int) -> Learning | None:
    """One that waits."""
    return next(iter(_read(conn, learnings.c.id == id, limit=1)), None)


def waiting(
    conn: sa.Connection, *, language: str = "", before: int | None = None, limit: int
) -> list[Learning]:
    """Those that wait, the newest first."""
    wanted = sa.and_(
        learnings.c.language == language if language else sa.true(),
        learnings.c.id < before if before else sa.true(),
    )
    return _read(conn, wanted, limit)


def _read(
    conn: sa.Connection, wanted: sa.ColumnElement[bool], limit: int
) -> list[Learning]:
    query = sa.select(learnings).where(learnings.c.label.is_(None), wanted)
    return [
        Learning(id=row.id, language=row.language, text=row.text, guess=row.guess,
                 confidence=row.confidence, why=Why(row.why), day=row.day)
        for row in conn.execute(query.order_by(learnings.c.id.desc()).limit(limit))
    ]  # fmt: skip


def counts(conn: sa.Connection) -> Counts:
    """The numbers above the list."""
    ignored = learnings.c.label == IGNORE
    state = sa.case((learnings.c.label.is_(None), 0), (ignored, 1), else_=2)
    found = sa.select(state.label("state"), learnings.c.language).subquery()
    groups = (found.c.state, found.c.language)
    rows = conn.execute(sa.select(*groups, sa.func.count()).group_by(*groups)).all()
    return Counts(
        waiting={language: int(n) for kind, language, n in rows if kind == 0},
        labelled=sum(int(n) for kind, _, n in rows if kind == 2),
        ignored=sum(int(n) for kind, _, n in rows if kind == 1),
    )


def phrases(conn: sa.Connection) -> list[tuple[str, str, str]]:
    """What editors made training phrases of: language, label and text, each once, in order."""
    chosen = sa.and_(learnings.c.label.is_not(None), learnings.c.label != IGNORE)
    columns = (learnings.c.language, learnings.c.label, learnings.c.text)
    rows = conn.execute(sa.select(*columns).where(chosen).distinct())
    return sorted((row.language, row.label, row.text) for row in rows)
