"""Small talk without fuss, and things that are not text."""

from __future__ import annotations

from bot.dialogue import find, tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.states import Locating
from bot.events import Attachment


def thank(talk: Talk) -> Outcome:
    return talk.say(talk.voice._("You are welcome. Write whenever you need something."))


def goodbye(talk: Talk) -> Outcome:
    return talk.say(talk.voice._("Go well. You can write here at any time."))


def robot(talk: Talk) -> Outcome:
    """Asked whether this is a machine: yes."""
    text = talk.voice._(
        "Yes, I am a machine. I answer with texts prepared beforehand from named sources. "
        "A human counsellor can read this conversation and answer you."
    )
    return talk.say(text, tokens.human(talk.voice))


def complaint(talk: Talk) -> Outcome:
    """A complaint about us or an office belongs to a human, in the person's own words."""
    text = talk.voice._(
        "I am sorry. Tell us what went wrong, in your own words and without names. "
        "To give it to a counsellor choose: Talk to a person."
    )
    return talk.say(text, tokens.human(talk.voice), tokens.menu(talk.voice))


def not_text(talk: Talk, attachment: Attachment) -> Outcome:
    """Voice notes, pictures and the rest: accepted, and answered with what we can do."""
    _ = talk.voice._
    match attachment:
        case Attachment.LOCATION:
            state = talk.person.state
            topic = state.topic if isinstance(state, Locating) else ""
            found = find.located(talk, topic)
            if found is not None:
                return found
            text = _("I could not read this location. Type the name of the town.")
        case Attachment.VOICE:
            text = _(
                "I cannot listen to voice notes. "
                "Please write it in a few words, or ask for a person."
            )
        case Attachment.PHOTO | Attachment.VIDEO | Attachment.FILE:
            text = _(
                "I cannot look at pictures or files, and do not need your papers. "
                "Please write your question."
            )
        case Attachment.CONTACT:
            text = _("I do not store or call contacts. Please write your question.")
        case Attachment.STICKER | Attachment.OTHER:
            text = _("Please write your question in a few words.")
    return talk.say(text, tokens.human(talk.voice), tokens.menu(talk.voice))
