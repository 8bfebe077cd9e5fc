"""Commands that members type: "#tailoring hello", "reply 12 …", "thanks 12", "report 12"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.normalise import fold

_VERBS = {
    "reply": "reply|answer|re|repondre|reponse|reponds",
    "like": "like|aime|j'aime|jaime",
    "thanks": "thanks|thank|merci",
    "report": "report|signaler|signale|denoncer",
    "block": "block|bloquer|bloque",
    "withdraw": "withdraw|delete|remove|retirer|retire|supprimer|effacer",
    "pin": "pin|epingler|epingle",
    "hide": "hide|masquer|masque|cacher",
    "approve": "approve|accept|approuver|accepter",
    "decline": "decline|refuse|refuser",
    "help": "help|aider",
}
_VERB = {word: name for name, words in _VERBS.items() for word in words.split("|")}
_NUMBERED = re.compile(r"\s*/?([^\W\d_]['’]?[^\W\d_]*)\s*#?\s?(\d{1,7})\b[\s:,.;-]*(.*)", re.S)
_TAGGED = re.compile(r"\s*#\s?([A-Za-z][\w-]{1,30})\b[\s:,-]*(.*)", re.S)
_ASKS = re.compile(r"\s*(?:\?|(?:ask|question)\s*[:?])\s*", re.I)


@dataclass(frozen=True)
class Command:
    """What is to be done to which post, and the words that came with it. `verb` "say" is a
    message to the group `tag`."""

    verb: str
    number: int = 0
    text: str = ""
    tag: str = ""


def parse(text: str) -> Command | None:
    """The command a text begins with, if it does; inside `#tag …` also one for that group."""
    if tagged := _TAGGED.match(text):
        inner = _numbered(tagged[2])
        tag = tagged[1].lower()
        if inner:
            return Command(inner.verb, inner.number, inner.text, tag)
        return Command("say", text=tagged[2].strip(), tag=tag)
    return _numbered(text)


def spoken(text: str) -> str:
    """What of a text is somebody's own words: a group's tag and "reply 12" say nothing about
    danger or language, and a command alone says nothing at all."""
    tagged = _TAGGED.match(text)
    words = tagged[2] if tagged else text
    command = _numbered(words)
    if command is None:
        return words
    return command.text if command.verb == "reply" or not command.text else words


def _numbered(text: str) -> Command | None:
    found = _NUMBERED.match(text)
    verb = _VERB.get(fold(found[1])) if found else None
    if found is None or verb is None:
        return None
    rest = found[3].strip()
    if verb != "reply" and len(rest.split()) > 12:  # a sentence that happens to begin like one
        return None
    return Command(verb, int(found[2]), rest)


def question(text: str) -> tuple[str, bool]:
    """The text without the mark of a question, and whether it is one."""
    marked = _ASKS.match(text)
    rest = text[marked.end() :] if marked else text
    return rest.strip(), bool(marked) or rest.rstrip().endswith("?")
