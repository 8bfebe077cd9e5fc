"""From a row of the inbox to what the conversation hears."""

from __future__ import annotations

from typing import Any

from bot.dialogue.core import Act, Heard, Said
from bot.events import Attachment, Kind
from bot.inbox import Event
from bot.peers.around import Around
from bot.referrals import spoken
from nlu.reading import Reading


def hear(
    event: Event, reading: Reading | None, around: Around, *, overtaken: bool = False
) -> Heard:
    """The event as the conversation hears it."""
    body: dict[str, Any] = event.body
    attachment = body.get("attachment")
    has_place = "latitude" in body
    return Heard(
        kind=event.kind,
        text=str(body.get("text") or ""),
        reading=reading,
        token=body.get("token"),
        attachment=Attachment(attachment) if attachment else None,
        media=f"{event.channel}:{body['media']}" if attachment and body.get("media") else "",
        place=(body["latitude"], body["longitude"]) if has_place else None,
        locale=body.get("locale"),
        purpose=body.get("purpose"),
        edited=bool(body.get("edited")),
        overtaken=overtaken,
        said=_said(body) if event.kind is Kind.STAFF else None,
        news=around.news(event),
        replied=around.replied_to(event),
        invited=around.invited_by(event),
    )


def _said(body: dict[str, Any]) -> Said:
    return Said(
        act=Act(body["act"]), name=body.get("name") or "", text=body.get("text") or "",
        agreed=body.get("agreed") or "", next=body.get("next") or "", case=body.get("case") or 0,
        referrals=tuple(spoken(row) for row in body.get("referrals") or ()),
    )  # fmt: skip
