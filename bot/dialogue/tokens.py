"""Tokens: what a button, a list item or a menu number stands for.

A closed set, checked against the library: an old button still works, an invented one is ignored.
At most 64 bytes, because Telegram carries no more.
"""

from __future__ import annotations

from bot.events import Option
from bot.library import Library
from bot.voice import Voice

KINDS = {  # kind: number of arguments
    "menu": 0, "group": 1, "topic": 1, "more": 2, "find": 1, "offices": 3, "regions": 2,
    "human": 0, "languages": 0, "language": 1, "help": 0, "me": 0, "phase": 1, "rate": 2,
    "calm": 1, "mydata": 0, "delete": 1, "stop": 0, "start": 0, "robot": 0,
    "solved": 2, "prefer": 1, "link": 0, "sms": 1, "refer": 2, "referrals": 0, "learn": 1,
    # Peer groups.
    "groups": 0, "sectors": 1, "sector": 1, "wish": 1, "enter": 1, "age": 2, "rules": 1,
    "names": 2, "name": 2, "done": 0, "speak": 0, "unread": 0, "mygroup": 1, "talk": 1,
    "catchup": 1, "often": 1,
    "mode": 2, "pause": 1, "hush": 2, "who": 1, "leave": 2, "peerhelp": 1, "answer": 2,
    "like": 2, "thanks": 2, "report": 3, "appeal": 1, "relay": 1, "invite": 1, "oncall": 2,
    "decide": 3, "activity": 0, "record": 1, "seeks": 1, "lookup": 1,
}  # fmt: skip


def token(kind: str, *args: str | int) -> str:
    """Writes a token."""
    return ":".join((kind, *map(str, args)))


def parse(text: str | None) -> tuple[str, ...] | None:
    """Kind and arguments, or None when it is not one of ours."""
    kind, *args = (text or "").split(":")
    return (kind, *args) if KINDS.get(kind) == len(args) else None


def menu(voice: Voice) -> Option:
    """Back to the list of topic groups."""
    return Option(voice._("Menu"), "menu")


def human(voice: Voice) -> Option:
    """At every step."""
    return Option(voice._("Talk to a person"), "human")


def peers(voice: Voice) -> Option:
    """Returnees in the same trade."""
    return Option(voice._("Groups by trade"), "groups")


def topic(library: Library, language: str, id: str) -> Option:
    """A topic under its article's title."""
    article = library.article(id, language)
    return Option(article.title if article else id.replace("_", " "), token("topic", id))
