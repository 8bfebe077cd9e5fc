"""Reaching a person of ours, and danger: the fixed safety text before everything else."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import learn, tokens
from bot.dialogue.core import Effect, OpenCase, Outcome, Say, Talk
from bot.dialogue.states import Open, Talking
from bot.events import Lane, Option
from bot.library import Helpline

SAME_DAY, ASKED = 1, 2  # priorities of "I want to talk to a person"


def asked(talk: Talk) -> int:
    """The priority of a need that is no danger; of somebody who was in danger lately, today's."""
    return SAME_DAY if talk.world.lately == 0 else ASKED


def ask_for(talk: Talk) -> Outcome:
    """Opens a case and says honestly what happens next."""
    _ = talk.voice._
    text = _("I have noted that you want to talk to a person.") + " " + duty(talk)
    if talk.world.staffed and talk.world.ahead is not None:
        text += " " + _place(talk, talk.world.ahead)
    if not talk.world.staffed:
        text += " " + _("Until then I can answer questions here at any time.")
    text += " " + _("In danger call {number}.").format(number=_emergency(talk).number)
    return talk.say(
        text, Option(_("A woman, please"), tokens.token("prefer", "f")),
        Option(_("A man, please"), tokens.token("prefer", "m")), tokens.menu(talk.voice),
    ).and_(OpenCase("asked", asked(talk)), *_learnt(talk))  # fmt: skip


def _learnt(talk: Talk) -> tuple[Effect, ...]:
    """Right after an answer or a miss of ours, the wish for a person says that it did not help."""
    state = talk.person.state
    missed = isinstance(state, Open) and not state.alarm and (state.topic or state.misses)
    return learn.heard(talk, "human_asked") if missed else ()


def _place(talk: Talk, ahead: int) -> str:
    _ = talk.voice._
    match ahead:
        case 0:
            return _("You are the next.")
        case 1:
            return _("One person waits before you.")
        case _:
            return _("{count} people wait before you.").format(count=ahead)


def duty(talk: Talk) -> str:
    """Whether somebody is reading: never more than we know."""
    _ = talk.voice._
    country, now = talk.library.country, talk.world.now
    if talk.world.staffed:
        return _("A counsellor is here and will read it. I cannot say in how many minutes.")
    if talk.world.staffed is False and country.hours.open(now):
        return _("These are our hours, but nobody is at the desk at this moment.")
    if talk.world.staffed is None and country.hours.open(now):
        return _("A counsellor is on duty and will read it. I cannot say in how many minutes.")
    coming = country.hours.next_opening(now)
    if coming:
        when = talk.voice.when(coming, country.timezone)
        return _("Nobody is on duty now; a counsellor reads from {when}.").format(when=when)
    return _("I cannot say when a counsellor will read it.")


def listens(talk: Talk) -> bool:
    """Whether a counsellor has the talk, and the person lets them answer: then the bot is silent.
    """
    return talk.person.counsellor is not None and not talk.person.stopped


def danger(talk: Talk, urgency: str, priority: int) -> Outcome:
    """The country's fixed text, a case, and a way to say: no, not that.

    With a counsellor the bot says nothing: the case gets the higher priority and rings. The
    person stays where they were in the talk; their question can still be answered.
    """
    if listens(talk):
        return Outcome(person=talk.person, effects=(OpenCase("urgent", priority, urgency),))
    _, library = talk.voice._, talk.library
    fixed = library.safety_text(urgency, talk.person.language)
    text = fixed.filled(library.helplines)
    lines = [library.helplines[id] for id in fixed.helplines]
    said = {line.number for line in lines}
    if any(line.doubtful(talk.world.now.date()) for line in lines if line != _emergency(talk)):
        text += "\n" + _("A number may have changed.")
        if _emergency(talk).number not in said:
            text += " " + _("{number} is for every emergency.").format(
                number=_emergency(talk).number
            )
    if isinstance(talk.person.state, Talking):
        text += "\n" + _("Your message did not go to the group.")
    text += "\n" + _("I have told our team.") + " " + duty(talk)
    reading = talk.heard.reading
    intent = reading.intent.name if reading and reading.understood else ""
    topic = intent.removeprefix("ask_") if intent.startswith("ask_") else ""
    options = (
        tokens.human(talk.voice),
        Option(_("It is not urgent"), tokens.token("calm", topic)),
    )
    state = Open(topic=topic or None, alarm=urgency, offered=options)
    return Outcome(
        person=replace(talk.person, state=state),
        says=(Say(text=text, options=options, lane=Lane.SAFETY),),
        effects=(OpenCase("urgent", priority, urgency),),
    )


def unanswered(talk: Talk) -> Outcome:
    """The clock of an urgent case ran out and nobody of ours took it: say so, say what to do."""
    text = talk.voice._(
        "Nobody of our team could answer you yet. Do not wait for us: call {number}, "
        "or go to people you trust. You can still write here."
    )
    said = text.format(number=_emergency(talk).number)
    return Outcome(person=talk.person, says=(Say(text=said, lane=Lane.SAFETY),))


def failed(talk: Talk) -> Outcome:
    """A turn of ours broke: one honest sentence, and a human looks at it."""
    case = OpenCase("failed_turn", 1)
    if listens(talk):
        return Outcome(person=talk.person, effects=(case,))
    text = talk.voice._(
        "Something went wrong on our side and I could not answer. I have told our team. "
        "In danger call {number}."
    )
    said = text.format(number=_emergency(talk).number)
    return Outcome(person=talk.person, says=(Say(text=said),), effects=(case,))


def _emergency(talk: Talk) -> Helpline:
    return talk.library.helplines[talk.library.country.emergency]
