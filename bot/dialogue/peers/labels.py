"""How groups, findings and choices are called to a person."""

from __future__ import annotations

from bot.dialogue.core import Talk
from bot.dialogue.peers.world import Group, Membership, Mode
from bot.dialogue.tokens import token
from bot.events import Option
from bot.screening.rules import Finding
from bot.voice import Voice, autonym

KINDS = frozenset(finding.value for finding in Finding)


def group(talk: Talk, one: Group) -> str:
    """"Tailoring and fashion, Volta", with the language where it is not the person's."""
    language = talk.person.language
    parts = [talk.library.sector(one.sector, language)]
    if one.region:
        parts.append(talk.library.regions.name(one.region, language))
    name = ", ".join(parts)
    return name if one.language == language else f"{name} ({autonym(one.language)})"


def menu_of(talk: Talk, mine: Membership) -> list[Option]:
    """What one may do in a group, the most important first."""
    _, id = talk.voice._, mine.group.id
    options = [
        Option(_("Talk"), token("talk", id)),
        Option(_("Read what waits"), token("catchup", id)),
        Option(_("How often"), token("often", id)),
        Option(_("Pause"), token("pause", id)),
        Option(_("Private help"), token("peerhelp", id)),
        Option(_("Who reads"), token("who", id)),
        Option(_("Leave the group"), token("leave", id, "ask")),
    ]
    if mine.relays(talk.world.now):
        options.insert(1, Option(_("Relay tools"), token("relay", id)))
    return options


def mode(voice: Voice, mode: Mode) -> str:
    _ = voice._
    return {
        Mode.LIVE: _("At once"),
        Mode.DAILY: _("Once a day"),
        Mode.WEEKLY: _("Once a week"),
    }[mode]


def hidden(voice: Voice) -> dict[Finding, str]:
    """What stands in place of something that was hidden, in brackets."""
    _ = voice._
    return {
        Finding.NUMBER: _("number hidden"),
        Finding.EMAIL: _("e-mail hidden"),
        Finding.LINK: _("link hidden"),
        Finding.HANDLE: _("account hidden"),
    }


def why(voice: Voice, finding: str) -> str:
    """The reason for what became of a post, as its author is told; `finding` is one of KINDS."""
    _ = voice._
    return {
        Finding.NUMBER: _("phone numbers do not go into groups"),
        Finding.EMAIL: _("e-mail addresses do not go into groups"),
        Finding.LINK: _("links do not go into groups"),
        Finding.HANDLE: _("accounts of other apps do not go into groups"),
        Finding.PAYMENT: _("it asks for money"),
        Finding.RECRUITER: _("it looks like an offer of work or papers abroad"),
        Finding.SMUGGLING: _("it looks like an offer to travel without papers"),
        Finding.FEE: _("it asks for a payment before a job, a loan or help"),
        Finding.ABUSE: _("it may hurt somebody"),
        Finding.WORD: _("a word in it is not allowed in this group"),
        Finding.MEDIA: _("pictures and voice notes are looked at first"),
        Finding.NEWCOMER: _("the first messages of every new member are read first"),
        Finding.HOLD_ALL: _("at the moment every message in this group is read first"),
        Finding.LONG: _("it is too long"),
        Finding.SLOW: _("wait a little between two messages"),
        Finding.FLOOD: _("too many messages in a short time"),
        Finding.DUPLICATE: _("you have sent it already"),
        Finding.SILENCED: _("a moderator has asked you to be silent for a while"),
        Finding.LOST: _("the file did not arrive; please send it again"),
        Finding.HEAVY: _("the file is too large"),
        Finding.FORMAT: _("only photos and voice notes recorded in the app go into a group"),
        Finding.BROKEN: _("the file cannot be opened"),
    }.get(Finding(finding), finding)
