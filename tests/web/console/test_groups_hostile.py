"""Names and texts of members are shown as text on every page of the groups."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import escape

from bot.dialogue.peers import names
from bot.peers import members
from bot.peers.posts import State
from bot.roles import Role
from tests.web.console.conftest import Office
from tests.web.console.test_hostile import HOSTILE
from tests.web.console.village import Village


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_and_texts_are_shown_as_text(
    office: Office, vault: Any, words: str
) -> None:
    village = Village(office.call, vault, office.clock())
    group = village.group()
    author, other = village.member(group, "Golden Needle"), village.member(group, "Blue Thread")
    # A name that no check of ours would let in: the pages must not rely on the door.
    office.call(members.change, author, name=words[:32], name_key=names.key("x"))
    held = village.post(group, author, words, state=State.HELD, findings=["payment", words[:20]])
    out = village.post(group, author, words, reply_to=1)
    village.report(out, other, "scam")
    seat = office.as_(office.member(Role.SUPERVISOR))
    seat.post(f"/console/moderation/posts/{held}", do="decline", words=words)
    decision = village.log(group)[-1].id
    village.appeal(decision, author, words)
    colleague = office.as_(office.member(Role.SUPERVISOR))
    seat.post(f"/console/members/{author}/person", do="help", words=words)
    for path in ("/console/moderation", "/console/groups", f"/console/groups/{group}",
                 f"/console/groups/{group}?find={words[:20]}", "/console/cases/1",
                 "/console/groups/numbers", "/console/networks"):  # fmt: skip
        page = colleague.client.get(path.replace("\u202e", ""))
        assert page.status_code == 200, path
        for live in ("<script>alert", "<img src=x", "<svg/onload", "</textarea></template>",
                     'href="javascript:'):  # fmt: skip
            assert live not in page.text, (path, live)
    shown = colleague.get("/console/moderation").text
    assert str(escape(words)) in shown  # as they were written, templates and all
