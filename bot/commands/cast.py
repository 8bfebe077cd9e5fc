"""The cast of the demo: three of staff, their hours, and people whose talks are under way."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time

import sqlalchemy as sa

from bot import canned, passwords, staff
from bot.library import Library
from bot.library.hours import Duty
from bot.roles import Role
from bot.simulator.networks import Networks
from bot.staff import NewStaff
from bot.vault import Vault

PASSWORD = "come-back-and-fetch-it"  # noqa: S105  # of the demo, on this machine only
STAFF = (
    NewStaff(email="abena@demo.test", name="Abena", role=Role.COUNSELLOR, gender="f",
             languages=("en", "ak", "pcm"), skills=("protection", "health")),
    NewStaff(email="didier@demo.test", name="Didier", role=Role.COUNSELLOR, gender="m",
             languages=("fr", "en", "ee"), skills=("business", "documents"), locale="fr"),
    NewStaff(email="esi@demo.test", name="Esi", role=Role.SUPERVISOR, gender="f",
             languages=("en", "fr"), skills=("protection", "return")),
    NewStaff(email="akosua@demo.test", name="Akosua", role=Role.MODERATOR,
             languages=("en", "fr", "ak")),
    NewStaff(email="kwame@demo.test", name="Kwame", role=Role.ADMIN),
)  # fmt: skip
REPLIES = {
    "hello": {"en": "Hello, I am here and I read you. What do you need first?",
              "fr": "Bonjour, je suis là et je vous lis. De quoi avez-vous besoin d'abord ?"},
    "safe now?": {"en": "Are you in a safe place right now? A yes or no is enough.",
                  "fr": "Êtes-vous en lieu sûr en ce moment ? Oui ou non suffit."},
    "town": {"en": "In which town are you now?", "fr": "Dans quelle ville êtes-vous maintenant ?"},
}
# Said on the phones after the start, so that the console is not empty: name and words.
TALKS = (
    ("Moussa", "je suis revenu de Libye, je dors dehors ce soir à Accra avec mon petit frère"),
    ("Yaw", "I want to talk to a person"),
    ("Fatou", "parler à un conseiller"),
)


def hours(library: Library) -> Library:
    """The pack with counsellors on duty every day: the demo's team is always there."""
    always = Duty(tuple(range(7)), time(0), time(0))
    country = library.country
    open_ = dataclasses.replace(country.hours, duty=(always,))
    return dataclasses.replace(library, country=dataclasses.replace(country, hours=open_))


def enter(conn: sa.Connection, vault: Vault, now: datetime) -> None:
    """Adds the demo's staff and prepared replies, once."""
    if staff.everyone(conn):
        return
    secret = passwords.hashed(PASSWORD, "")
    for new in STAFF:
        id = staff.add(conn, new, now)
        staff.change(conn, id, password=secret)
        staff.mail(conn, vault, id)
    for name, texts in REPLIES.items():
        canned.put(conn, name, texts, None, now)


def begin(networks: Networks) -> None:
    """People write their first words, through the networks like everybody."""
    by_name = {phone.name: phone for phone in networks.phones.by_id.values()}
    for name, words in TALKS:
        networks.send(by_name[name], {"text": words})
