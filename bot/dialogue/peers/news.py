"""What happened in a group, told to the member it concerns, in their language."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from bot.dialogue import human, tokens
from bot.dialogue.core import Outcome, Say, Talk
from bot.dialogue.peers import join, labels, relay
from bot.dialogue.peers.effects import Later
from bot.dialogue.peers.world import Event, News
from bot.dialogue.states import Joining, Talking
from bot.dialogue.tokens import token
from bot.events import Option
from bot.screening.rules import FILES

# Small things: whoever talks with a counsellor can do without them.
PASSING = {Event.POSTED, Event.THANKED, Event.NEWCOMER, Event.HELD, Event.WITHDRAWN}
# Nobody waits for these, and everybody may get them: they keep quiet hours and pauses, as posts do.
# What answers a member, or is decided about them alone, comes at once.
RESTING = {Event.THANKED, Event.NEWCOMER, Event.HELD, Event.APPOINTED, Event.TERM_ENDS,
           Event.OPENED, Event.CLOSED}  # fmt: skip
# Decisions about a person, which may be looked at again.
SANCTIONS = {Event.DECLINED, Event.HIDDEN, Event.WARNED, Event.SILENCED, Event.REMOVED,
             Event.BANNED}  # fmt: skip


def told(talk: Talk, news: News) -> Outcome:
    """One message. Nothing while the person has stopped us; later while a counsellor talks."""
    if talk.person.stopped or (news.event is Event.LIFTED and not _over(talk, news)):
        return Outcome(person=talk.person)
    if human.listens(talk):
        later = () if news.event in PASSING else (Later(as_body(news)),)
        return Outcome(person=talk.person, effects=later)
    if until := _rests(talk, news):
        return Outcome(person=talk.person, effects=(Later(as_body(news), until),))
    if news.event in (Event.NEWCOMER, Event.HELD) and not _relays(talk, news):
        return Outcome(person=talk.person)  # their term is over meanwhile
    if news.event is Event.NAME_TAKEN:
        return _name_taken(talk, news)
    if news.event is Event.JOINED:
        return _joined(talk, news)
    text = _decision(talk, news) if news.event in SANCTIONS else _text(talk, news)
    options = _options(talk, news)
    if isinstance(talk.person.state, Talking) or not options:
        # Numbers keep their meaning, and who is in the talk stays in it.
        return Outcome(person=talk.person, says=(_say(news, text, options),))
    said = talk.say(text, *options, state=talk.person.state)
    return replace(said, says=(_say(news, text, options),))


def _rests(talk: Talk, news: News) -> datetime | None:
    """Until when this waits: quiet hours, and the member's own pause of the group."""
    if news.event not in RESTING:
        return None
    now, country = talk.world.now, talk.library.country
    mine = talk.world.peers.in_group(news.group)
    ends = (country.peering.quiet_until(now, country.timezone), mine.hushed_until if mine else None)
    return max((end for end in ends if end and end > now), default=None)


def _relays(talk: Talk, news: News) -> bool:
    mine = talk.world.peers.in_group(news.group)
    return mine is not None and mine.relays(talk.world.now)


def _over(talk: Talk, news: News) -> bool:
    """Whether the sanction that was to end at this moment is still the last one: it may have been
    lifted, or another may hold."""
    mine = talk.world.peers.ever_in(news.group) if news.until else None
    if mine is None:  # a moderator ends it now
        return True
    silent = mine.silenced_until is not None and talk.world.now < mine.silenced_until
    return not silent and news.until in (mine.until, mine.silenced_until)


def _say(news: News, text: str, options: tuple[Option, ...]) -> Say:
    return Say(text=text, options=options, media=news.media, kind=news.kind)


def as_body(news: News) -> tuple[tuple[str, object], ...]:
    """The news as JSON can hold it, without what is empty."""
    body = {k: v for k, v in asdict(news).items() if v}
    body["event"] = news.event.value
    if news.until:
        body["until"] = news.until.isoformat()
    return tuple(body.items())


def _name(talk: Talk, news: News) -> str:
    group = talk.world.peers.group(news.group)
    if group:
        return labels.group(talk, group)
    return talk.library.sector(news.sector, talk.person.language)


def _joined(talk: Talk, news: News) -> Outcome:
    _ = talk.voice._
    lines = [
        _("Welcome to {group}. You are {name}; members: {count}.").format(
            group=_name(talk, news), name=news.name, count=news.members
        ),
        _("To write to all: TALK, or #{tag} and your words. To answer a post: REPLY 12 and your "
          "words. To report one: REPORT 12.").format(tag=news.tag),
    ]  # fmt: skip
    if news.reason == "held":
        lines.append(_("Your first messages are read by a moderator before they go out."))
    if news.text:
        lines.append(_("Pinned: {text}").format(text=news.text))
    options = [Option(_("Talk"), token("talk", news.group)),
               Option(_("How often"), token("often", news.group)),
               Option(_("My activity"), "activity")]  # fmt: skip
    return talk.say("\n".join(lines), *options, tokens.menu(talk.voice))


def _name_taken(talk: Talk, news: News) -> Outcome:
    """Somebody was faster, or they sound the same: other names, and the age they gave."""
    state = Joining(group=news.group, band=news.reason, code=news.text)
    talk = talk.as_person(replace(talk.person, state=state))
    problem = talk.voice._("{name} is taken.").format(name=news.name) + " "
    return join.name_wanted(talk, str(news.group), problem=problem, again=news.number + 1)


def _text(talk: Talk, news: News) -> str:
    _, number = talk.voice._, news.number
    match news.event:
        case Event.POSTED:
            text = _("#{number} is on its way. Members: {count}.").format(
                number=number, count=max(news.members - 1, 0)
            )
            return f"{text} {_hidden(talk, news)}" if news.reason else text
        case Event.APPROVED:
            return _("Your message goes out now as #{number}.").format(number=number)
        case Event.NO_SUCH_POST:
            return _("I find no post #{number} here.").format(number=number)
        case Event.THANKED:
            return _("{name} thanks you for #{number}.").format(name=news.name, number=number)
        case Event.WITHDRAWN:
            return _(
                "#{number} is withdrawn. It does not go out any more; who has it already keeps it."
            ).format(number=number)
        case Event.REPORTED:
            return _("Thank you. A moderator looks at #{number}.").format(number=number)
        case Event.BLOCKED:
            return _("You get nothing more from {name}.").format(name=news.name)
        case Event.REFUSED:
            return _("You cannot enter this group at present.")
        case Event.LIFTED if news.reason == Event.WARNED.value:
            return _("{group}: the warning is taken back.").format(group=_name(talk, news))
        case Event.LIFTED:
            return _("{group}: you may write again.").format(group=_name(talk, news))
        case Event.APPEAL_KEPT:
            text = _("Somebody else of our team looked at it again. The decision stays.")
            return f"{text} {news.text}".strip()
        case Event.SEND_AGAIN:
            return _(
                "{group}: somebody else of our team looked at it again: what you sent may go out. "
                "The file is deleted meanwhile. Please send it once more."
            ).format(group=_name(talk, news))
        case Event.OPENED:
            return _("There is now a group: {group}.").format(group=_name(talk, news))
        case Event.CLOSED:
            return _("The group {group} is closed. Thank you for having been there.").format(
                group=_name(talk, news)
            )
        case _:
            return relay.told(talk, news, _name(talk, news))


def _hidden(talk: Talk, news: News) -> str:
    reasons = "; ".join(labels.why(talk.voice, r) for r in news.reason.split(",")[:2])
    return talk.voice._("Something in it was hidden: {reason}.").format(reason=reasons)


def _decision(talk: Talk, news: News) -> str:
    """What was decided, why, and for how long."""
    _, group = talk.voice._, _name(talk, news)
    until = ""
    if news.until:
        until = talk.voice.when(news.until, talk.library.country.timezone)
    match news.event:
        case Event.DECLINED if news.reason in FILES:
            text = _("{group}: your photo or voice note was not sent.")
        case Event.DECLINED if news.number:  # others have it already
            text = _("{group}: a moderator took #{number} out of the group.")
        case Event.DECLINED:
            text = _("{group}: a moderator did not send your message.")
        case Event.HIDDEN:
            text = _("{group}: #{number} was taken out until a moderator has looked at it.")
        case Event.WARNED:
            text = _("{group}: a moderator warns you.")
        case Event.SILENCED:
            text = _("{group}: you can read but not write until {until}.")
        case Event.REMOVED:
            text = _("{group}: a moderator took you out of the group.")
        case _ if until:
            text = _("{group}: you are out of the group until {until}.")
        case _:
            text = _("{group}: you are out of the group.")
    lines = [text.format(group=group, until=until, number=news.number)]
    if news.reason:
        lines.append(_("Reason: {reason}").format(reason=_reason(talk, news.reason)))
    return "\n".join(lines)


def _reason(talk: Talk, reason: str) -> str:
    """A rule's name in words, or the moderator's own sentence."""
    if reason == "reports":
        return talk.voice._("several members asked us to look at it")
    return labels.why(talk.voice, reason) if reason in labels.KINDS else reason


def _options(talk: Talk, news: News) -> tuple[Option, ...]:
    _ = talk.voice._
    if news.event in SANCTIONS and news.decision and news.reason not in FILES:
        return (Option(_("Ask for another look"), token("appeal", news.decision)),)
    if news.event is Event.OPENED:
        return (Option(_("Enter"), token("enter", news.group)),)
    if news.event is Event.HELD:
        return relay.decide(talk, news)
    return ()


