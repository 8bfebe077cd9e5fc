"""The demo's peer groups: three of them, with members on all three phones and a talk under way."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot import consents, people
from bot.dialogue.peers.register import PURPOSE
from bot.events import Incoming, Kind
from bot.library import Library
from bot.peers import activities, groups, members, posts
from bot.peers.groups import NewGroup
from bot.peers.posts import NewPost, State
from bot.screening.rules import Rules
from bot.simulator.phones import Phones
from bot.vault import Vault

GROUPS = (
    NewGroup(tag="tailoring", sector="tailoring_fashion", region=None, language="en",
             rules=Rules(hold_first=1)),
    NewGroup(tag="couture", sector="tailoring_fashion", region=None, language="fr",
             rules=Rules(hold_first=1)),
    NewGroup(tag="poultry", sector="poultry", region="GH-AH", language="en",
             rules=Rules(hold_first=1)),
)  # fmt: skip
# Who is in which group, under which name; the first of each is its relay.
MEMBERS = {
    "tailoring": (("Ama", "Golden Needle"), ("Yaw", "Blue Thread"), ("Kofi", "Steady Scissors")),
    "couture": (("Aïcha", "Fil Rouge"), ("Moussa", "Aiguille Fine"), ("Fatou", "Pagne Bleu")),
    "poultry": (("Kofi", "Early Rooster"), ("Ama", "Quiet Hen"), ("Yaw", "Green Feather")),
}
TALK = {
    "tailoring": (
        ("Golden Needle", "Good morning all. School uniforms start in two weeks, be ready.", 0),
        ("Blue Thread", "Where do you buy lining in bulk in Accra?", 0),
        ("Golden Needle", "Makola, second floor. Ask for the end of the roll, it is cheaper.", 2),
    ),
    "couture": (
        ("Fil Rouge", "Bonjour à tous. Qui coud des uniformes pour la rentrée ?", 0),
        ("Pagne Bleu", "Moi, j'ai deux machines et une apprentie.", 1),
    ),
    "poultry": (
        ("Early Rooster", "The heat is hard on the layers. I give water three times a day.", 0),
        ("Quiet Hen", "Do you put something in the water?", 1),
    ),
}  # fmt: skip


def awake(library: Library) -> Library:
    """The pack without quiet hours: whoever tries the demo at night sees posts arrive."""
    country = library.country
    peering = dataclasses.replace(country.peering, quiet_to=country.peering.quiet_from)
    return dataclasses.replace(library, country=dataclasses.replace(country, peering=peering))


def enter(conn: sa.Connection, vault: Vault, phones: Phones, now: datetime) -> None:
    """Opens the groups, once, with the people of these phones in them."""
    if groups.everyone(conn, closed=True):
        return
    whose = _meet(conn, vault, phones, now)
    for new in GROUPS:
        id = groups.open_group(conn, new, now - timedelta(days=9))
        assert id is not None  # noqa: S101  # the tags are ours, and free
        ids = {}
        for phone, name in MEMBERS[new.tag]:
            row = members.enter(conn, id, whose[phone], name, "25-34", now - timedelta(days=8))
            assert row is not None  # noqa: S101  # the names are ours, and free
            ids[name] = row.id
        for name, text, reply in TALK[new.tag]:
            posts.put(conn, NewPost(
                group_id=id, member_id=ids[name], event_id=None, state=State.OUT, text=text,
                reply_to=reply or None, question=text.rstrip().endswith("?"),
            ), now - timedelta(hours=3))  # fmt: skip
        _settled(conn, id)
        relay = ids[MEMBERS[new.tag][0][1]]
        members.change(conn, relay, relay_until=now + timedelta(days=180), on_call=True)
    for phone, sector, region, since in (
        ("Ama", "tailoring_fashion", "GH-AA", 2023), ("Yaw", "tailoring_fashion", "GH-AH", 2024),
        ("Kofi", "poultry", "GH-AH", 2022),
    ):  # fmt: skip
        activities.put(conn, whose[phone], sector=sector, region=region, since=since,
                       seeks=("customers",), now=now)  # fmt: skip
        consents.put(conn, person_id=whose[phone], purpose=PURPOSE, given=True, language="en",
                     channel="telegram", now=now)  # fmt: skip


def _meet(
    conn: sa.Connection, vault: Vault, phones: Phones, now: datetime
) -> dict[str, int]:
    """The people behind the phones, by name. They have not had the welcome yet."""
    known = list(phones.by_id.values())
    arrivals = [
        Incoming(channel=phone.channel, external_id=phone.id, kind=Kind.MESSAGE,
                 addresses=(phone.address,))
        for phone in known
    ]  # fmt: skip
    found = people.meet(conn, vault, arrivals, now)
    last = {who.person_id: who.address_id for who in found if who}
    people.heard_from(conn, last, now)
    whose = {p.name: who.person_id for p, who in zip(known, found, strict=True) if who}
    changed = people.read(conn, whose.values())
    for phone in known:
        id = whose[phone.name]
        changed[id] = dataclasses.replace(changed[id], language=phone.locale)
    people.save(conn, changed)
    return whose


def _settled(conn: sa.Connection, group_id: int) -> None:
    """What was said before the demo began was delivered before."""
    g, m = groups.groups, members.members
    last = sa.select(g.c.last_number).where(g.c.id == group_id).scalar_subquery()
    conn.execute(g.update().where(g.c.id == group_id).values(pushed=g.c.last_number))
    conn.execute(m.update().where(m.c.group_id == group_id).values(got=last))
