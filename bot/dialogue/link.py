"""One person, several phones or apps: a code made here and written there joins the two."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.dialogue import human, menu, tokens
from bot.dialogue.core import Act, ClaimCode, Consent, MakeCode, Outcome, Said, Say, Talk
from bot.events import Option

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
LENGTH = 8
MINUTES = 15  # that a code lives
TRIES, WITHIN = 5, timedelta(hours=1)  # so that codes cannot be guessed
FALLBACK = "sms_fallback"  # the consent: what does not arrive elsewhere may come as SMS
# ASCII only: to Python a Kelvin sign is a "k" as well.
_CODE = re.compile(rf"(?ai)(?:/start )?link[ :-]*([{ALPHABET}]{{{LENGTH}}})[.!]?")


def code_in(text: str) -> str | None:
    """The code, when the whole message is one."""
    found = _CODE.fullmatch(text.strip())
    return found[1].upper() if found else None


def claim(talk: Talk, code: str) -> Outcome:
    """Somebody wrote a code. Whether it is right only the database knows; how often somebody may
    try is known here."""
    now = talk.world.now
    tried = tuple(moment for moment in talk.person.tried if now - moment < WITHIN)
    if len(tried) >= TRIES:
        text = talk.voice._("Too many codes. Wait an hour, then make a new one on the other phone.")
        return Outcome(person=talk.person, says=(Say(text=text),))
    person = replace(talk.person, tried=(*tried, now))
    return Outcome(person=person, effects=(ClaimCode(code),))


def make(talk: Talk) -> Outcome:
    """The person wants a code; it is said as soon as it is made."""
    return Outcome(person=talk.person, effects=(MakeCode(),))


def said(talk: Talk, spoken: Said) -> Outcome:
    """How it went. Whoever has the conversation, these sentences are ours to say."""
    _ = talk.voice._
    match spoken.act:
        case Act.CODE:
            text = _(
                "Send this from your other phone or app within {minutes} minutes. It works once "
                "and opens this conversation, so show it to nobody: {code}"
            ).format(code=spoken.text, minutes=MINUTES)
        case Act.LINKED:
            text = _("Done: this is now one conversation. I answer where you wrote last.")
        case Act.LINKED_STAFF:
            text = _(
                "Done: urgent cases now ring on this phone for {name}. "
                "What was written here before stays where it was."
            ).format(name=spoken.name)
        case Act.OWN_CODE:
            text = _("This code is from this conversation. Send it from your other phone or app.")
        case Act.MAY_SMS:
            return _may_sms(talk)
        case _:  # it is not said whether the code was ever one
            text = _(
                "This code does not work. A code works once, within {minutes} minutes. "
                "For a new one write LINK on the other phone."
            ).format(minutes=MINUTES)
    return Outcome(person=talk.person, says=(Say(text=text),))


def _may_sms(talk: Talk) -> Outcome:
    _ = talk.voice._
    text = _(
        "If a message cannot reach you on WhatsApp or Telegram, may we send it as SMS to your "
        "phone? Others may see an SMS."
    )
    if human.listens(talk):  # a "yes" or a number would be for the counsellor
        text += " " + _("Write: SMS YES, or SMS NO.")
        return Outcome(person=talk.person, says=(Say(text=text),))
    return talk.say(
        text, Option(_("Yes"), tokens.token("sms", 1)), Option(_("No"), tokens.token("sms", 0))
    )


def sms(talk: Talk, yes: str) -> Outcome:
    """The answer to that question; it can be given again at any time."""
    if yes not in ("0", "1"):
        return menu.groups(talk)
    _ = talk.voice._
    given = yes == "1"
    text = _("Noted: what cannot reach you there comes as SMS.") if given else _(
        "Noted: it will not come as SMS."
    )
    return talk.say(text).and_(Consent(FALLBACK, given=given))
