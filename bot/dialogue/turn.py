"""One turn: what was heard becomes a decision. Danger first, always."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.dialogue import (
    ask,
    bridge,
    counsellor,
    find,
    human,
    learn,
    link,
    menu,
    refer,
    rights,
    small,
    tokens,
    welcome,
    words,
)
from bot.dialogue.core import Heard, Outcome, RateCase, Talk, World
from bot.dialogue.peers import join, mine, news, route
from bot.dialogue.person import Person
from bot.dialogue.states import (
    Appealing,
    Deleting,
    Joining,
    Locating,
    Open,
    Recording,
    Talking,
)
from bot.events import Kind
from nlu.normalise import fold


def turn(person: Person, heard: Heard, world: World) -> Outcome:
    """Decides what to say and do. Never raises for anything a person can write."""
    outcome = _turn(person, heard, world)
    if not outcome.says or not bridge.needed(outcome.person.language):
        return outcome
    language = world.library.country.default_language
    return bridge.beside(outcome, _turn(bridge.reader(person, language), heard, world))


def _turn(person: Person, heard: Heard, world: World) -> Outcome:
    talk = Talk(person, heard, world)
    match heard.kind:
        case Kind.MESSAGE | Kind.CHOICE:
            return _person_wrote(talk)
        case Kind.DUE if heard.purpose == "case_unanswered":
            return human.unanswered(talk)
        case Kind.STAFF:
            return counsellor.said(talk)
        case Kind.PEERS | Kind.DUE if heard.news is not None:
            return news.told(talk, heard.news)
        case Kind.DUE | Kind.RECEIPT | Kind.REACH | Kind.PEERS:
            return Outcome(person=person)
        case _:
            assert_never(heard.kind)


def _person_wrote(talk: Talk) -> Outcome:
    chosen = _chosen(talk)
    code = None if chosen else link.code_in(talk.heard.text)
    if code:  # eight letters are in no language
        talk = replace(talk, heard=replace(talk.heard, reading=None))
    person = welcome.tune(talk)
    talk = talk.as_person(person)
    reading = talk.heard.reading
    # What was chosen is a label, a number or a command of ours: nothing a person says.
    if not chosen and reading and reading.urgency.name and reading.urgency.priority is not None:
        return human.danger(talk, reading.urgency.name, reading.urgency.priority)
    if talk.heard.edited:  # it was answered when it was first written
        return Outcome(person=person)
    if person.stopped and chosen != ("start",):
        if chosen == ("stop",):
            return Outcome(person=person)
        return rights.still_stopped(talk).and_(*refer.taken_back(talk, chosen))
    if code:
        return link.claim(talk, code)
    if person.counsellor is not None:
        return counsellor.listening(talk, chosen)
    outcome = replace(_choice(talk, chosen), chosen=True) if chosen else _free(talk)
    if person.met or outcome.person.stopped or not outcome.says or chosen == ("delete", "now"):
        return outcome
    if any(isinstance(effect, RateCase) for effect in outcome.effects):
        return outcome  # right after a talk a welcome would be strange; the next answer has it
    return welcome.with_welcome(talk.as_person(replace(outcome.person)), outcome)


def _chosen(talk: Talk) -> tuple[str, ...] | None:
    """What was chosen, however: the button, its number, its label, or a word that always holds."""
    heard, offered = talk.heard, talk.person.state.offered
    if heard.kind is Kind.CHOICE and (found := tokens.parse(heard.token)):
        return found
    text = heard.text.strip()
    if human.listens(talk):  # a number is an answer to the counsellor, not to an old menu
        word = None if text.rstrip(".)").isdecimal() else words.meaning(text)
        return tokens.parse(word)
    if text.rstrip(".)").isdecimal() and len(text) <= 3:
        number = int(text.rstrip(".)"))
        if 0 < number <= len(offered):
            return tokens.parse(offered[number - 1].token)
    if word := words.meaning(text):
        return tokens.parse(word)
    plain = fold(text)
    return next((tokens.parse(o.token) for o in offered if plain and fold(o.label) == plain), None)


def _choice(talk: Talk, chosen: tuple[str, ...]) -> Outcome:
    match chosen:
        case ("menu",):
            return menu.groups(talk)
        case ("group", name):
            return menu.group(talk, name)
        case ("topic", topic):
            return ask.answer(talk, topic)
        case ("more", topic, page):
            return ask.more(talk, topic, page)
        case ("find", topic):
            return find.ask_where(talk, topic)
        case ("regions", topic, page):
            return find.regions(talk, topic, page)
        case ("offices", topic, region, page):
            return find.offices(talk, topic, region, page)
        case ("human",):
            return human.ask_for(talk)
        case ("languages",):
            return welcome.languages(talk)
        case ("language", code):
            return welcome.choose_language(talk, code)
        case ("help",):
            return welcome.help_(talk)
        case ("me",):
            return welcome.about_me(talk)
        case ("phase", phase):
            return welcome.choose_phase(talk, phase)
        case ("rate", topic, useful):
            return ask.rate(talk, topic, useful)
        case ("calm", topic):
            return ask.answer(talk, topic) if topic else menu.groups(talk)
        case ("mydata",):
            return rights.my_data(talk)
        case ("delete", what):
            return rights.delete(talk, what)
        case ("stop",):
            return rights.stop(talk)
        case ("start",):
            return rights.start(talk) if talk.person.met else welcome.greet(talk)
        case ("solved", case, good):
            return counsellor.rated(talk, case, good)
        case ("prefer", gender):
            return counsellor.prefer(talk, gender)
        case ("link",):
            return link.make(talk)
        case ("sms", yes):
            return link.sms(talk, yes)
        case ("refer", id, yes):
            return refer.answer(talk, id, yes)
        case ("referrals",):
            return refer.show(talk)
        case ("learn", what):
            return learn.answer(talk, what)
        case ("robot",):
            return small.robot(talk)
        case _:
            return route.choice(talk, chosen) or menu.groups(talk)


def _free(talk: Talk) -> Outcome:
    """Free text, or something that is not text, in the state the person is in."""
    heard, state = talk.heard, talk.person.state
    if found := route.free(talk):
        return found
    if heard.attachment is not None and not heard.text:
        return small.not_text(talk, heard.attachment)
    match state:
        case Locating(topic=topic):
            located = find.located(talk, topic)
            if located is not None:
                return located
        case Deleting() | Open() | Joining() | Talking() | Appealing() | Recording():
            pass
        case _:
            assert_never(state)
    return _by_intent(talk)


def _by_intent(talk: Talk) -> Outcome:
    reading = talk.heard.reading
    if reading is None or not talk.heard.text.strip():
        return menu.groups(talk)
    if rating := counsellor.answered(talk):
        return rating
    intent = reading.intent.name
    if not reading.understood:
        return ask.unsure(talk, reading.ranking) if intent != "out_of_scope" else ask.lost(talk)
    if intent.startswith("ask_"):
        return ask.answer(talk, intent.removeprefix("ask_"))
    flow = {
        "greet": welcome.greet, "goodbye": small.goodbye, "thank": small.thank,
        "menu": menu.groups, "help": welcome.help_, "change_language": welcome.languages,
        "talk_to_counsellor": human.ask_for, "complaint": small.complaint,
        "list_peer_groups": mine.groups, "join_peer_group": join.asked,
        "leave_peer_group": mine.leave_which, "my_data": rights.my_data,
        "delete_my_data": rights.ask_delete, "opt_out": rights.stop, "opt_in": rights.start,
        "bot_challenge": small.robot, "out_of_scope": ask.outside,
        "affirm": menu.groups, "deny": menu.groups,
    }.get(intent, ask.lost)  # fmt: skip
    return flow(talk)
