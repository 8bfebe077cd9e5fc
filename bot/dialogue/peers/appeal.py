"""Another look at a moderator's decision, by somebody else than who made it."""

from __future__ import annotations

from bot.dialogue import tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.peers.effects import Appeal
from bot.dialogue.states import Appealing, Open

LONGEST = 1000


def begin(talk: Talk, decision: str) -> Outcome:
    text = talk.voice._("Write in one message why the decision should change.")
    if not decision.isdecimal() or len(decision) > 15:
        return talk.say(text, tokens.menu(talk.voice))
    return talk.say(text, tokens.menu(talk.voice), state=Appealing(decision=int(decision)))


def written(talk: Talk, state: Appealing) -> Outcome:
    """Their words go to the moderators, whatever they are."""
    text = talk.voice._(
        "Noted. Another moderator looks at it; you are told what they decide. "
        "I cannot say when."
    )
    effect = Appeal(state.decision, talk.heard.text[:LONGEST])
    return talk.say(text, tokens.menu(talk.voice), state=Open()).and_(effect)
