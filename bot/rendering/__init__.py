"""From what is to be said to the messages a channel can carry. Channels differ only in `Limits`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue.core import Say
from bot.events import Option, Part
from bot.rendering import gsm7
from bot.rendering.split import split, truncate
from bot.voice import Voice

__all__ = ["Limits", "offered", "render"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one message on a channel can hold; lengths in characters."""

    text: int
    options: int  # how many options are shown at most
    tappable: bool  # options are buttons or lists; otherwise they are numbered in the text
    text_with_options: int = 0  # 0: the same as `text`
    label: int = 64
    few: int = 0  # up to so many are buttons with the short `label`; more are a list
    list_label: int = 0
    gsm7: bool = False  # letters outside GSM-7 are replaced where that loses nothing
    digests: bool = False  # each message costs: posts of groups come as digests only
    window: bool = False  # free text only for 24 hours after the person wrote
    relayed: int = 0  # options below a relayed post
    files: bool = False  # carries photos and voice notes
    photo_text: int = 0  # text that goes with a photo; a longer one goes after it
    voice_text: int = 0
    file_options: bool = False  # options may stand below a file


def render(say: Say, limits: Limits, voice: Voice) -> list[Part]:
    """The messages, in order; only the last one carries the options. A photo or voice note comes
    first, with the text if the channel can do that."""
    if say.media and limits.files:
        return _with_file(say, limits, voice)
    _ = voice._
    options = say.options[: limits.options]
    text = say.text.strip()
    if options and not limits.tappable and say.typed:
        text, options = f"{text}\n{say.typed}", ()
    if options and not limits.tappable:
        lines = [f"{n} {option.label}" for n, option in enumerate(options, 1)]
        several = len(lines) > 1
        text = "\n".join([text, "", *lines, _("Reply with a number.")] if several else
                         [text, *lines])  # fmt: skip
    if limits.gsm7:
        text = gsm7.fold(text)
    if not options or not limits.tappable:
        return [Part(text=piece, template=say.template) for piece in split(text, limits.text)]
    size = limits.list_label if len(options) > limits.few and limits.list_label else limits.label
    shown = tuple(Option(truncate(o.label, size), o.token) for o in options)
    *before, last = split(text, limits.text_with_options or limits.text)
    button = truncate(_("Choose"), limits.label)
    return [*(Part(text=piece) for piece in before),
            Part(text=last, options=shown, button=button)]  # fmt: skip


def _with_file(say: Say, limits: Limits, voice: Voice) -> list[Part]:
    parts = render(replace(say, media="", kind=""), limits, voice)
    room = {"photo": limits.photo_text, "voice": limits.voice_text}[say.kind]
    first = parts[0]
    if len(first.text) <= room and (limits.file_options or not first.options):
        return [replace(first, media=say.media, kind=say.kind), *parts[1:]]
    return [Part(text="", media=say.media, kind=say.kind), *parts]


def offered(options: tuple[Option, ...], limits: Limits) -> tuple[Option, ...]:
    """The options that were really shown: only these have a number."""
    return options[: limits.options]
