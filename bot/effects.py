"""Doing what a turn decided, besides talking: cases, consents, ratings, referrals, deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot import (
    cases,
    clock,
    consents,
    handoff,
    joining,
    learning,
    metrics,
    outbox,
    ratings,
    referrals,
    retention,
    timers,
)
from bot.dialogue.core import (
    ClaimCode,
    Consent,
    Decide,
    Effect,
    Forget,
    Learn,
    Left,
    MakeCode,
    OpenCase,
    Rate,
    RateCase,
    ShowReferrals,
    World,
)
from bot.dialogue.learn import PURPOSE
from bot.dialogue.peers.effects import PeerEffect
from bot.dialogue.person import Person
from bot.learning import Spot, Why
from bot.peers import doing, persons
from bot.peers.doing import Turn
from bot.vault import Vault


@dataclass(frozen=True)
class Context:
    """The turn an effect comes from, and the keys that claim codes need."""

    person_id: int
    person: Person
    channel: str
    event_id: int
    address_id: int | None  # that the event came from
    vault: Vault


def apply(conn: sa.Connection, context: Context, effect: Effect, world: World) -> None:
    """Writes one effect down, inside the transaction of its turn."""
    if isinstance(effect, PeerEffect):
        doing.apply(conn, Turn(
            context.person_id, context.event_id, context.person.language, context.person.region,
            world.library, world.now,
        ), effect)  # fmt: skip
    else:
        _DOES[type(effect)](conn, context, effect, world)


def _open_case(conn: sa.Connection, context: Context, effect: OpenCase, world: World) -> None:
    person, now = context.person, world.now
    plan = clock.plan(world.library.country, effect.priority, now)
    case_id = cases.open_case(
        conn,
        cases.NewCase(
            person_id=context.person_id, reason=effect.reason, urgency=effect.urgency,
            priority=effect.priority, language=person.language, region=person.region,
            channel=context.channel, wants=effect.wants,
        ),
        plan, now,
    )  # fmt: skip
    if effect.urgency:
        metrics.URGENT.labels(effect.urgency).inc()
    if effect.priority == 0:
        body = {"purpose": "case_unanswered", "case": case_id}
        key = f"case:{case_id}:unanswered:{context.event_id}"
        timers.put(conn, [timers.Timer(key, context.person_id, plan.due_at, body)])


def _left(conn: sa.Connection, context: Context, effect: Left, world: World) -> None:
    handoff.left(conn, context.person_id, world.now)


def _rate_case(conn: sa.Connection, context: Context, effect: RateCase, world: World) -> None:
    cases.rate(conn, effect.case, context.person_id, effect.good, world.now)


def _rate(conn: sa.Connection, context: Context, effect: Rate, world: World) -> None:
    ratings.put(
        conn, key=f"event:{context.event_id}", topic=effect.topic, useful=effect.useful,
        language=context.person.language, channel=context.channel, now=world.now,
    )  # fmt: skip


def _consent(conn: sa.Connection, context: Context, effect: Consent, world: World) -> None:
    if not effect.given and effect.purpose == "messages":
        outbox.abort(conn, context.person_id, world.now)
    if not effect.given and effect.purpose == PURPOSE:
        learning.withdraw(conn, context.vault, context.person_id)
    consents.put(
        conn, person_id=context.person_id, purpose=effect.purpose, given=effect.given,
        language=context.person.language, channel=context.channel, now=world.now,
    )  # fmt: skip


def _learn(conn: sa.Connection, context: Context, effect: Learn, world: World) -> None:
    spot = Spot(person_id=context.person_id, event_id=context.event_id, why=Why(effect.why),
                topic=effect.topic)  # fmt: skip
    learning.take(conn, context.vault, spot, world.library.personal_names, world.now)


def _make_code(conn: sa.Connection, context: Context, effect: MakeCode, world: World) -> None:
    joining.make(conn, context.vault, context.person_id, context.event_id, world.now)


def _claim_code(conn: sa.Connection, context: Context, effect: ClaimCode, world: World) -> None:
    by = joining.Claimant(context.person_id, context.address_id, context.event_id)
    joining.claim(conn, context.vault, by, effect.code, world.now)


def _decide(conn: sa.Connection, context: Context, effect: Decide, world: World) -> None:
    referrals.decide(
        conn, context.person_id, effect.referral, effect.yes, world.now,
        event_id=context.event_id, language=context.person.language, channel=context.channel,
    )  # fmt: skip


def _show(conn: sa.Connection, context: Context, effect: ShowReferrals, world: World) -> None:
    referrals.show(conn, context.person_id, context.event_id, world.now)


def _forget(conn: sa.Connection, context: Context, effect: Forget, world: World) -> None:
    retention.forget(conn, context.person_id, before=context.event_id, now=world.now)
    persons.forget(conn, context.person_id, world.now)
    learning.withdraw(conn, context.vault, context.person_id)


_DOES: dict[type[Effect], Callable[[sa.Connection, Context, Any, World], None]] = {
    OpenCase: _open_case,
    Left: _left,
    RateCase: _rate_case,
    Rate: _rate,
    Consent: _consent,
    Learn: _learn,
    MakeCode: _make_code,
    ClaimCode: _claim_code,
    Decide: _decide,
    ShowReferrals: _show,
    Forget: _forget,
}
