"""WhatsApp: buttons and lists are Content resources, made once per layout and then reused.

A variable may hold no line break (error 21656), so each line of the text is a variable of its
own: the layout (how many lines, which are blank) and the options make the resource. A template is
a resource with a fixed text that is handed to WhatsApp for approval once; from then on it may go
when the 24 hours are over. Photos and voice notes are fetched from us by their address; a voice
note carries no words.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from typing import Any, ClassVar

from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateInstance

from bot.channels.base import Pace
from bot.channels.twilio import TwilioChannel
from bot.events import Part
from bot.rendering import Limits
from bot.settings import Twilio as Account

Request = ContentList.ContentCreateRequest
Approval = ApprovalCreateInstance.ContentApprovalRequest


class WhatsApp(TwilioChannel):
    """A WhatsApp sender: up to 3 quick replies, else a list of up to 10."""

    name: ClassVar[str] = "whatsapp"
    limits = Limits(
        text=1600, text_with_options=1024, options=10, tappable=True, label=20, few=3,
        list_label=24, window=True, files=True, photo_text=1024,
    )
    pace = Pace(per_second=40, pause=0.5)

    def __init__(self, account: Account, sender: str, root: str) -> None:
        super().__init__(account, sender, root)
        self._contents: dict[str, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def sender_of(cls, account: Account) -> str | None:
        return account.whatsapp_from

    def message(self, part: Part) -> dict[str, Any]:
        if part.template:
            return {"content_sid": self._template(part)}
        if part.media:
            file = {"media_url": [f"{self._root}/media/{part.media}"]}
            return {**file, "body": part.text} if part.text else {**file}
        if not part.options:
            return {"body": part.text}
        layout, variables = lines(part.text)
        return {
            "content_sid": self._content(layout, variables, part),
            "content_variables": json.dumps(variables),
        }

    def _template(self, part: Part) -> str:
        digest = hashlib.sha256(part.text.encode()).hexdigest()[:12]
        name = f"sankofa_{part.template}_{digest}"
        made = {"friendly_name": name, "language": "en",
                "types": {"twilio/text": {"body": part.text}}}  # fmt: skip
        return self._resource(name, made, approve=True)

    def _content(self, layout: str, samples: dict[str, str], part: Part) -> str:
        key = json.dumps([layout, part.button, [[o.label, o.token] for o in part.options]])
        name = "sankofa_" + hashlib.sha256(key.encode()).hexdigest()[:24]
        made = {"friendly_name": name, "language": "en",
                "variables": dict.fromkeys(samples, "text"),
                "types": _types(layout, part)}  # fmt: skip
        return self._resource(name, made)

    def _resource(self, name: str, made: dict[str, Any], *, approve: bool = False) -> str:
        """The id of the account's resource of this name, made at first use."""
        contents = self.client.content.v1.contents
        with self._lock:  # two first messages of one layout make one resource
            if not self._contents:
                self._contents = {
                    str(c.friendly_name): str(c.sid) for c in contents.list(limit=1000)
                }
            if name not in self._contents:
                self._contents[name] = sid = str(contents.create(Request(made)).sid)
                if approve:
                    wish = Approval({"name": name, "category": "UTILITY"})
                    self.client.content.v1.contents(sid).approval_create.create(wish)
            return self._contents[name]


def lines(text: str) -> tuple[str, dict[str, str]]:
    """The layout with numbered placeholders, and what goes into them."""
    variables: dict[str, str] = {}
    layout = []
    for line in text.split("\n"):
        clean = re.sub(r"\s+", " ", line).strip()
        if clean:
            variables[str(len(variables) + 1)] = clean
        layout.append(f"{{{{{len(variables)}}}}}" if clean else "")
    return "\n".join(layout), variables


def _types(layout: str, part: Part) -> dict[str, Any]:
    options = part.options
    if len(options) <= WhatsApp.limits.few:
        actions = [{"type": "QUICK_REPLY", "title": o.label, "id": o.token} for o in options]
        return {"twilio/quick-reply": {"body": layout, "actions": actions}}
    items = [{"item": o.label, "id": o.token, "description": ""} for o in options]
    return {"twilio/list-picker": {"body": layout, "button": part.button, "items": items}}
