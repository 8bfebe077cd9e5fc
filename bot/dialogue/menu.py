"""The menu: topic groups, and the topics of a group. Numbers never change their meaning."""

from __future__ import annotations

from bot.dialogue import tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.person import Phase
from bot.events import Option
from bot.voice import Voice


def groups(talk: Talk, text: str | None = None) -> Outcome:
    """The topic groups and a person. The order depends on the phase only, so it is stable."""
    voice = talk.voice
    order = list(talk.library.taxonomy.groups)
    if talk.person.phase == Phase.ABROAD:
        order.remove("return")
        order.insert(0, "return")
    options = [Option(label(voice, g), tokens.token("group", g)) for g in order]
    return talk.say(text or voice._("What is it about?"), *options, tokens.human(voice))


def group(talk: Talk, name: str) -> Outcome:
    """The topics of one group."""
    topics = talk.library.taxonomy.groups.get(name)
    if topics is None:
        return groups(talk)
    library, language = talk.library, talk.person.language
    options = [tokens.topic(library, language, id) for id in topics]
    if name == "work":
        options.insert(0, tokens.peers(talk.voice))
    return talk.say(
        f"{label(talk.voice, name)}:", *options, tokens.menu(talk.voice)
    )


def label(voice: Voice, group: str) -> str:
    """A group's name, short enough for a button."""
    _ = voice._
    return {
        "arrival": _("Arrival"),
        "documents": _("Papers"),
        "health": _("Health"),
        "money": _("Money and help"),
        "work": _("Work and business"),
        "family": _("Family and housing"),
        "protection": _("Rights and safety"),
        "return": _("Return from abroad"),
        "service": _("About this service"),
    }.get(group, group.capitalize())
