"""Every address of the console and the action it needs: the one list that the tests walk too."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.roles import Action
from bot.web.console import (
    account,
    audit_page,
    case,
    colleagues,
    export,
    group,
    group_numbers,
    groups,
    inbox,
    learning_page,
    live,
    member,
    moderation,
    networks,
    numbers,
    referring,
    replies,
    signin,
    team,
    understanding,
    work,
)
from bot.web.console.desk import Desk
from bot.web.console.door import Door
from bot.web.console.guard import HEADERS, Page
from bot.web.console.render import TEMPLATES

CASE = "/console/cases/{id:int}"
GROUP = "/console/groups/{id:int}"
MEMBER = "/console/members/{id:int}"
PAGES = (
    Page("GET", "/console/inbox", Action.READ_CASES, inbox.inbox),
    Page("GET", CASE, Action.READ_CASES, case.show),
    Page("POST", f"{CASE}/take", Action.WORK_CASES, work.take),
    Page("POST", f"{CASE}/reply", Action.WORK_CASES, work.reply),
    Page("POST", f"{CASE}/again", Action.WORK_CASES, work.again),
    Page("POST", f"{CASE}/note", Action.WORK_CASES, work.note),
    Page("POST", f"{CASE}/label", Action.WORK_CASES, work.label),
    Page("POST", f"{CASE}/snooze", Action.WORK_CASES, work.snooze),
    Page("POST", f"{CASE}/close", Action.WORK_CASES, work.close),
    Page("POST", f"{CASE}/give", Action.WORK_CASES, work.give),
    Page("POST", f"{CASE}/refer", Action.REFER, referring.ask),
    Page("POST", f"{CASE}/referral", Action.REFER, referring.move),
    Page("POST", f"{CASE}/open", Action.WORK_CASES, work.open_again),
    Page("GET", "/console/events", Action.ACCOUNT, live.events),
    Page("GET", "/console/rings", Action.ACCOUNT, live.rings),
    Page("GET", "/console/alarm", Action.TAKE_OVER, live.alarm),
    Page("GET", "/console", Action.ACCOUNT, account.start),
    Page("GET", "/console/", Action.ACCOUNT, account.start),
    Page("GET", "/console/account", Action.ACCOUNT, account.show),
    Page("POST", "/console/presence", Action.ACCOUNT, account.presence),
    Page("POST", "/console/account/language", Action.ACCOUNT, account.language),
    Page("POST", "/console/account/password", Action.ACCOUNT, account.password),
    Page("POST", "/console/account/codes", Action.ACCOUNT, account.codes),
    Page("POST", "/console/account/phone", Action.ACCOUNT, account.phone),
    Page("GET", "/console/staff", Action.MANAGE_STAFF, colleagues.index),
    Page("GET", "/console/staff/new", Action.MANAGE_STAFF, colleagues.blank),
    Page("POST", "/console/staff/new", Action.MANAGE_STAFF, colleagues.add),
    Page("GET", "/console/staff/{id:int}", Action.MANAGE_STAFF, colleagues.show),
    Page("POST", "/console/staff/{id:int}", Action.MANAGE_STAFF, colleagues.change),
    Page("GET", "/console/team", Action.SEE_TEAM, team.team_page),
    Page("GET", "/console/numbers", Action.SEE_NUMBERS, numbers.numbers),
    Page("GET", "/console/numbers.csv", Action.EXPORT, export.numbers_csv),
    Page("GET", "/console/cases.csv", Action.EXPORT, export.cases_csv),
    Page("GET", "/console/audit", Action.SEE_AUDIT, audit_page.audit_page),
    Page("GET", "/console/replies", Action.EDIT_CANNED, replies.replies),
    Page("POST", "/console/replies", Action.EDIT_CANNED, replies.change),
    Page("GET", "/console/moderation", Action.MODERATE, moderation.show),
    Page("GET", "/console/moderation/posts/{id:int}/file", Action.MODERATE, moderation.file),
    Page("POST", "/console/moderation/posts/{id:int}", Action.MODERATE, moderation.post),
    Page("POST", "/console/moderation/appeals/{id:int}", Action.MODERATE, moderation.appeal),
    Page("GET", "/console/groups", Action.SEE_GROUPS, groups.index),
    Page("POST", "/console/groups", Action.RUN_GROUPS, groups.open_new),
    Page("GET", "/console/groups/numbers", Action.SEE_NETWORKS, group_numbers.group_numbers),
    Page("GET", GROUP, Action.SEE_GROUPS, group.show),
    Page("POST", f"{GROUP}/hold", Action.MODERATE, group.hold),
    Page("POST", f"{GROUP}/settings", Action.RUN_GROUPS, group.settings),
    Page("POST", f"{GROUP}/open", Action.RUN_GROUPS, group.shut),
    Page("POST", f"{GROUP}/say", Action.RUN_GROUPS, group.announce),
    Page("POST", f"{GROUP}/invite", Action.RUN_GROUPS, group.invite),
    Page("POST", MEMBER, Action.MODERATE, member.decide),
    Page("POST", f"{MEMBER}/relay", Action.RUN_GROUPS, member.relay),
    Page("POST", f"{MEMBER}/person", Action.RESOLVE, member.look_up),
    Page("GET", "/console/understanding", Action.EXPLAIN, understanding.ask),
    Page("POST", "/console/understanding", Action.EXPLAIN, understanding.show),
    Page("GET", "/console/learning", Action.LABEL, learning_page.index),
    Page("POST", "/console/learning/{id:int}", Action.LABEL, learning_page.label),
    Page("GET", "/console/learning.yml", Action.LABEL, learning_page.export),
    Page("GET", "/console/networks", Action.SEE_NETWORKS, networks.networks),
    Page("GET", "/console/networks.csv", Action.RUN_GROUPS, networks.networks_csv),
)

DOORS = (  # the way in: `known` ones want the password first, and no other page answers before
    Door("GET", "/console/sign-in", False, signin.ask),
    Door("POST", "/console/sign-in", False, signin.sign_in),
    Door("GET", "/console/second", True, signin.ask_second),
    Door("POST", "/console/second", True, signin.second),
    Door("GET", "/console/enrol", True, signin.ask_enrol),
    Door("POST", "/console/enrol", True, signin.enrol),
    Door("POST", "/console/sign-out", True, signin.sign_out),
)


class Static(StaticFiles):
    """Styles, scripts and sounds, with the same headers as the pages."""

    async def get_response(self, path, scope):  # type: ignore[no-untyped-def]  # as its base
        response = await super().get_response(path, scope)
        response.headers.update({**HEADERS, "Cache-Control": "public, max-age=600"})
        return response


def routes(desk: Desk) -> list[BaseRoute]:
    """Everything under /console."""
    return [
        *[page.route(desk) for page in PAGES],
        *[door.route(desk) for door in DOORS],
        Mount("/console/static", Static(directory=TEMPLATES.parent / "static")),
    ]
