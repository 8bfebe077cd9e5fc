"""Posts as members see them: one by one with buttons, or several in a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.core import Say
from bot.dialogue.tokens import token
from bot.events import Lane, Option
from bot.voice import Voice

IN_DIGEST = 15  # posts; older ones are counted
PIECE = 160  # characters of a post in a digest


@dataclass(frozen=True, kw_only=True)
class Relayed:
    """A post that went out. `name` is empty for the service itself."""

    group: int
    tag: str
    number: int
    name: str
    text: str
    id: int = 0
    reply_to: int | None = None
    question: bool = False
    media: str | None = None
    media_key: str | None = None


def single(voice: Voice, post: Relayed) -> Say:
    """One post; its buttons carry the group and the number."""
    _ = voice._
    mark = f"#{post.tag} {post.number}"
    if post.reply_to:
        mark = f"{mark} > {post.reply_to}"
    id = post.group
    return Say(
        text=f"{_author(voice, post)} ({mark}): {_text(voice, post)}",
        options=(
            Option(_("Reply"), token("answer", id, post.number)),
            Option(_("Thanks"), token("thanks", id, post.number)),
            Option(_("Report"), token("report", id, post.number, "ask")),
        ),
        lane=Lane.BULK, media=post.media_key or "", kind=post.media or "",
    )  # fmt: skip


def file(voice: Voice, post: Relayed) -> Say:
    """The photo or voice note of a post that stands in a digest."""
    text = f"#{post.tag} {post.number} {_author(voice, post)}"
    return Say(text=text, lane=Lane.BULK, media=post.media_key or "", kind=post.media or "")


def digest(
    voice: Voice, tag: str, posts: Sequence[Relayed], omitted: int, *, piece: int
) -> list[tuple[int, str]]:
    """Several posts in one message, the oldest first, each cut to `piece` characters: its lines,
    each with the id of the post that it says, 0 for none."""
    _ = voice._
    count = len(posts) + omitted
    lines = [(0, _("#{tag}, new: {count}").format(tag=tag, count=count))]
    if omitted:
        lines.append((0, _("({count} older ones left out)").format(count=omitted)))
    for post in posts:
        text = _text(voice, post)
        cut = text if len(text) <= piece else text[: piece - 2].rstrip() + ".."
        answer = f" > {post.reply_to}" if post.reply_to else ""
        lines.append((post.id, f"{post.number}{answer} {_author(voice, post)}: {cut}"))
    if posts:
        lines.append((0, _("Answer: #{tag} REPLY {number} and your words").format(
            tag=tag, number=posts[-1].number
        )))  # fmt: skip
    return lines


def nudge(voice: Voice) -> Say:
    """WhatsApp's window is closed: only this may go, once a day. No count is in it, because
    each fixed text has to be approved by the provider."""
    text = voice._("There are new messages in your group. Write any word to read them.")
    return Say(text=text, lane=Lane.BULK, template="peers")


def _author(voice: Voice, post: Relayed) -> str:
    return post.name or voice._("Sankofa team")


def _text(voice: Voice, post: Relayed) -> str:
    words = marked(voice, post.media, post.text)
    return voice._("asks: {text}").format(text=words) if post.question else words


def marked(voice: Voice, media: str | None, text: str) -> str:
    """The words, after what came with them."""
    _ = voice._
    kind = {"photo": _("[photo]"), "voice": _("[voice note]")}.get(media or "", "")
    return " ".join(part for part in (kind, text) if part)
