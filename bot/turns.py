"""The transaction of a batch of turns: decide in pure code, then write everything down at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import cases, effects, fallback, handoff, inbox, joining, metrics, outbox, people, staff
from bot import readings as read
from bot.channels import limits, undelivered
from bot.dialogue import human
from bot.dialogue.core import ClaimCode, Effect, Heard, OpenCase, Outcome, Talk, World
from bot.dialogue.peers.effects import (
    Decide,
    Hide,
    Join,
    Leave,
    PeerEffect,
    Post,
    ReportPost,
    Withdraw,
)
from bot.dialogue.person import Person
from bot.dialogue.turn import turn
from bot.effects import Context
from bot.events import Kind, Lane, Part, SendError, Status
from bot.hearing import hear
from bot.inbox import Claim, Event
from bot.outbox import Draft
from bot.peers import around, groups, members
from bot.peers.around import Around
from bot.rendering import offered, render
from bot.vault import Vault
from bot.voice import voice
from nlu.reading import Reading

log = logging.getLogger(__name__)

TRIES = 3  # of a turn that raises, before a human looks at it
# A number or a counter of the group changes, or a post is taken out of it.
COUNTED = (Post, Join, Leave, Decide, Hide, ReportPost, Withdraw)
UNSETTLED = (ClaimCode, Join)  # only the database knows who or where the person is after these
Readings = dict[int, Reading]  # by event id


@dataclass
class _Batch:
    """What the turns of one transaction decided, gathered for as few statements as possible."""

    world: World
    vault: Vault
    queue: list[int]  # persons whose case is nobody's, who is next first
    owned: set[int]  # persons whose case is somebody's
    lately: dict[int, int]  # priorities of cases that were closed lately, by person id
    around: Around
    overtaken: dict[int, int]  # by person id: what was written before this event came too late
    changed: dict[int, Person] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    effects: list[tuple[Context, Effect]] = field(default_factory=list)
    reach: list[tuple[int, bool]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    chosen: set[int] = field(default_factory=set)  # of them, what was chosen and not understood
    broken: list[tuple[Claim, Event]] = field(default_factory=list)


def process(
    conn: sa.Connection, vault: Vault, claims: Sequence[Claim], readings: Readings, world: World,
    token: str,
) -> bool:  # fmt: skip
    """Takes the turns of the claimed persons and lets them go; True when something happened in a
    group. One person's broken turn is isolated: it is tried again later, and at last becomes a
    case and one honest sentence."""
    joining.lock(conn, vault, claims)
    claims = inbox.still_ours(conn, claims, token)
    if not claims:
        return False
    now, country = world.now, world.library.country
    ids = [c.person_id for c in claims]
    persons = people.read(conn, ids)
    if len(persons) < len(ids):
        joining.pass_on(conn, set(ids) - set(persons))
        claims = [c for c in claims if c.person_id in persons]
    bounced = _bounced(claims)
    outbox.raise_rank(conn, _receipts(claims))
    outbox.bounce(conn, bounced, now)
    fallback.as_sms(conn, [(id, error.reason) for id, error in bounced], now)
    _note_addresses(conn, claims, now)
    replies = people.reply_addresses(conn, ids)
    untaken = _untaken(conn, claims, now)
    world = replace(world, staffed=staff.anybody_here(conn, now))
    listened = [id for id, person in persons.items() if person.counsellor]
    batch = _Batch(
        world, vault, cases.queue(conn), cases.owned(conn, ids),
        cases.closed_since(conn, ids, now - country.ringing.reopen_within),
        around.read(conn, claims, world.peers.offers, now), inbox.last_told(conn, listened),
    )  # fmt: skip
    for claim in claims:
        _take(claim, persons[claim.person_id], readings, replies, untaken, batch)
    people.save(conn, batch.changed)
    read.put(conn, {id: readings[id] for id in batch.done if id in readings.keys() - batch.chosen})
    outbox.put(conn, batch.drafts, now)
    for address_id, reachable in batch.reach:
        people.mark_gone(conn, [address_id], None if reachable else "blocked")
    groups.lock_all(
        conn, [effect.group for _, effect in batch.effects if isinstance(effect, COUNTED)]
    )
    for context, effect in batch.effects:
        if not isinstance(effect, ClaimCode):
            effects.apply(conn, context, effect, world)
    wrote = _who_wrote(claims)
    handoff.wrote(conn, wrote, now, country)
    members.wrote(conn, [id for id in wrote if id in batch.around.mine], now)
    cases.touch(conn, ids, now)
    stuck = {claim.person_id for claim, _ in batch.broken}
    inbox.finish(conn, batch.done, [id for id in ids if id not in stuck])
    for claim, event in batch.broken:
        _give_up_or_wait(conn, vault, claim, event, persons[claim.person_id], replies, world)
    for context, effect in batch.effects:  # last: all of the above is about who they were
        if isinstance(effect, ClaimCode):
            effects.apply(conn, context, effect, world)
    metrics.BATCH.observe(len(claims))
    return any(isinstance(effect, PeerEffect) for _, effect in batch.effects)


def break_off(
    conn: sa.Connection, vault: Vault, claim: Claim, world: World, token: str
) -> None:
    """Reading or writing down this person's one event failed: the same as a turn that raised."""
    if not inbox.still_ours(conn, [claim], token):
        return
    person = people.read(conn, [claim.person_id]).get(claim.person_id)
    if person is None:
        joining.pass_on(conn, [claim.person_id])
        inbox.release(conn, [claim.person_id])
        return
    _note_addresses(conn, [claim], world.now)
    replies = people.reply_addresses(conn, [claim.person_id])
    _give_up_or_wait(conn, vault, claim, claim.events[0], person, replies, world)


def _receipts(claims: Sequence[Claim]) -> list[tuple[int, Status, str]]:
    return [
        (e.body["outbox"], Status(e.body["status"]), e.body["code"])
        for c in claims for e in c.events if e.kind is Kind.RECEIPT and e.body
    ]  # fmt: skip


def _bounced(claims: Sequence[Claim]) -> list[tuple[int, SendError]]:
    failed = [
        e for c in claims for e in c.events
        if e.kind is Kind.RECEIPT and e.body.get("status") == Status.FAILED.value
    ]  # fmt: skip
    return [(e.body["outbox"], undelivered(e.channel, e.body["code"])) for e in failed]


def _note_addresses(conn: sa.Connection, claims: Sequence[Claim], now: datetime) -> None:
    last = {
        c.person_id: e.address_id
        for c in claims for e in c.events if e.address_id and e.kind is not Kind.REACH
    }  # fmt: skip
    people.heard_from(conn, last, now)


def _take(
    claim: Claim, person: Person, readings: Readings, replies: dict[int, tuple[int, str]],
    untaken: set[int], batch: _Batch,
) -> None:  # fmt: skip
    """One person's events in order, up to the first that raises or that may make them another:
    the others are read as whoever they are then."""
    reply = replies.get(claim.person_id)
    overtaken = batch.overtaken.get(claim.person_id, 0)
    peers = batch.around.of(claim.person_id)
    world = replace(batch.world, ahead=_ahead(batch, claim.person_id),
                    lately=batch.lately.get(claim.person_id), peers=peers)  # fmt: skip
    unsettled = False
    for event in claim.events:
        if unsettled:
            break
        if event.kind is Kind.RECEIPT:
            pass  # all receipts of the batch were applied at once
        elif event.kind is Kind.REACH:
            if event.address_id:
                batch.reach.append((event.address_id, bool(event.body.get("reachable"))))
        elif _answered(event, claim.person_id, untaken):
            pass  # somebody of ours was in time
        else:
            try:
                heard = hear(
                    event, readings.get(event.id), batch.around, overtaken=event.id < overtaken
                )
                outcome = turn(person, heard, world)
                drafts, person = _drafts(claim.person_id, event, outcome, reply)
            except Exception:
                log.exception("turn of event %d raised", event.id)
                batch.broken.append((claim, event))
                break
            batch.drafts += drafts
            channel = reply[1] if reply else event.channel
            context = Context(claim.person_id, person, channel, event.id, event.address_id,
                              batch.vault)  # fmt: skip
            batch.effects += [(context, effect) for effect in outcome.effects]
            unsettled = any(isinstance(effect, UNSETTLED) for effect in outcome.effects)
            world = replace(world, peers=world.peers.after(outcome.effects, world.now))
            waiting = claim.person_id in batch.queue or claim.person_id in batch.owned
            if any(isinstance(effect, OpenCase) for effect in outcome.effects):
                world = replace(world, lately=None)
                if not waiting:
                    batch.queue.append(claim.person_id)
            batch.changed[claim.person_id] = person
            batch.chosen |= {event.id} if outcome.chosen else set()
        batch.done.append(event.id)
        metrics.EVENTS.labels(event.kind.value).inc()


def _answered(event: Event, person_id: int, untaken: set[int]) -> bool:
    """Whether a timer asks for a case that has been taken."""
    about_case = event.kind is Kind.DUE and event.body.get("purpose") == "case_unanswered"
    return about_case and person_id not in untaken


def _ahead(batch: _Batch, person_id: int) -> int | None:
    """How many wait before this person; None when somebody has their case, and when there are
    more than we count."""
    if person_id in batch.owned:
        return None
    if person_id in batch.queue:
        return batch.queue.index(person_id)
    return len(batch.queue) if len(batch.queue) < cases.COUNTED else None


def _drafts(
    person_id: int, event: Event, outcome: Outcome, reply: tuple[int, str] | None
) -> tuple[list[Draft], Person]:
    """The outbox rows, and the person whose numbers mean what was really shown."""
    person = outcome.person
    if reply is None:
        return [], person
    address_id, channel = reply
    drafts: list[Draft] = []
    by = event.body.get("staff")

    def add(part: Part, lane: Lane) -> None:
        key = f"{event.id}:{len(drafts)}"
        drafts.append(Draft(key, person_id, address_id, channel, part, lane, by))

    if event.body.get("ack"):
        add(Part(text="", ack=event.body["ack"]), Lane.SAFETY)
    bounds = limits(channel)
    # What the provider has answered itself ("STOP" at Twilio) must not be answered twice.
    for say in () if event.body.get("answered") else outcome.says:
        for part in render(say, bounds, voice(person.language)):
            add(part, say.lane)
    shown = offered(person.state.offered, bounds)
    return drafts, replace(person, state=replace(person.state, offered=shown))


def _give_up_or_wait(
    conn: sa.Connection, vault: Vault, claim: Claim, event: Event, person: Person,
    replies: dict[int, tuple[int, str]], world: World,
) -> None:  # fmt: skip
    """After a broken turn: wait and try again, or tell the person and open a case."""
    final = event.tries + 1 >= TRIES
    inbox.failed(conn, event.id, final=final)
    metrics.FAILED_TURNS.labels(str(final).lower()).inc()
    if not final:
        wait = timedelta(seconds=2**event.tries)
        inbox.release(conn, [claim.person_id], until=world.now + wait)
        return
    inbox.release(conn, [claim.person_id])
    talk = Talk(person, Heard(kind=event.kind), world)
    outcome = human.failed(talk)
    reply = replies.get(claim.person_id)
    drafts, _ = _drafts(claim.person_id, event, outcome, reply)
    outbox.put(conn, drafts, world.now)
    channel = reply[1] if reply else event.channel
    context = Context(claim.person_id, person, channel, event.id, event.address_id, vault)
    for effect in outcome.effects:
        effects.apply(conn, context, effect, world)


def _untaken(conn: sa.Connection, claims: Sequence[Claim], now: datetime) -> set[int]:
    """Persons with a timer due whose case nobody has taken; others were answered in time."""
    due = {c.person_id for c in claims for e in c.events if e.kind is Kind.DUE}
    return cases.untaken(conn, due, now) if due else set()


def _who_wrote(claims: Sequence[Claim]) -> list[int]:
    theirs = (Kind.MESSAGE, Kind.CHOICE)
    return [c.person_id for c in claims if any(e.kind in theirs for e in c.events)]
