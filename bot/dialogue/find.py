"""Find a service: ask for a region or town once, then list offices, the nearest first."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import menu, tokens
from bot.dialogue.core import Outcome, Talk
from bot.dialogue.states import Locating
from bot.dialogue.tokens import token
from bot.events import Option
from bot.library import Office
from bot.library.regions import Place

OFFICES_A_PAGE = 3
REGIONS_A_PAGE = 8


def ask_where(talk: Talk, topic: str) -> Outcome:
    """Asks for the place, unless the person told us before."""
    if talk.person.region and topic:
        return offices(talk, topic, talk.person.region, "0")
    _ = talk.voice._
    text = _("Which region or town are you in? Type its name, or send your location if you can.")
    return talk.say(
        text, Option(_("Choose from a list"), token("regions", topic, 0)),
        tokens.menu(talk.voice), state=Locating(topic=topic),
    )  # fmt: skip


def regions(talk: Talk, topic: str, page: str) -> Outcome:
    """The regions as a list, some at a time."""
    _, known = talk.voice._, talk.library.regions
    codes = sorted(known.capitals, key=lambda code: known.name(code, talk.person.language))
    first = int(page) * REGIONS_A_PAGE if page.isdigit() else 0
    shown = codes[first : first + REGIONS_A_PAGE]
    if not shown:
        return ask_where(talk, topic)
    options = [
        Option(known.name(code, talk.person.language), token("offices", topic, code, 0))
        for code in shown
    ]
    if first + REGIONS_A_PAGE < len(codes):
        options.append(Option(_("More regions"), token("regions", topic, int(page or 0) + 1)))
    return talk.say(_("Which region?"), *options, state=Locating(topic=topic))


def located(talk: Talk, topic: str) -> Outcome | None:
    """The offices around what the person typed or shared; None if it names no place."""
    _, known = talk.voice._, talk.library.regions
    if talk.heard.place is not None:
        place = known.nearest(*talk.heard.place)
        if place is None:
            text = _("This place is outside {country}. Type the town you want to go to.")
            name = talk.library.country.name
            text = text.format(country=name.get(talk.person.language, name["en"]))
            return talk.say(text, state=Locating(topic=topic))
    else:
        place = known.find(talk.heard.text)
    return _list(talk, topic, place, 0) if place else None


def offices(talk: Talk, topic: str, region: str, page: str) -> Outcome:
    """A page of offices as seen from a region's capital."""
    centre = talk.library.regions.capitals.get(region)
    if centre is None or not page.isdigit():
        return ask_where(talk.as_person(replace(talk.person, region=None)), topic)
    return _list(talk, topic, centre, int(page))


def _list(talk: Talk, topic: str, place: Place, page: int) -> Outcome:
    talk = talk.as_person(replace(talk.person, region=place.region))
    voice = talk.voice
    found = sorted(talk.library.offices_for(topic), key=lambda o: _distance(o, place))
    first = page * OFFICES_A_PAGE
    shown = found[first : first + OFFICES_A_PAGE]
    if not shown:
        return menu.groups(talk, voice._("I know no checked office for this. Choose a topic:"))
    options = []
    if first + OFFICES_A_PAGE < len(found):
        more = token("offices", topic, place.region, page + 1)
        options.append(Option(voice._("More offices"), more))
    region = talk.library.regions.name(place.region, talk.person.language)
    head = voice._("Seen from {place} ({region}):").format(place=place.name, region=region)
    text = "\n\n".join([head, *(_office(talk, office, place) for office in shown)])
    change = Option(voice._("Another place"), token("regions", topic, 0))
    return talk.say(text, *options, change, tokens.human(voice), tokens.menu(voice))


def _office(talk: Talk, office: Office, place: Place) -> str:
    _ = talk.voice._
    where = ", ".join(part for part in (office.address, office.city) if part)
    lines = [office.name(talk.person.language), where]
    distance = _distance(office, place)
    if distance < float("inf"):
        about = _("in the same town") if distance < 1 else _("about {km} km away")
        lines[-1] = f"{where} ({about.format(km=round(distance))})"
    lines += [f"{talk.voice.days(h.days)} {h.opens}-{h.closes}" for h in office.hours]
    lines.append(
        _("Tel {number}").format(number=", ".join(office.phones[:2]))
        if office.phones else _("Telephone: not known to us")
    )  # fmt: skip
    lines.append(
        _("Source of {date}; not confirmed by a call.").format(date=office.checked)
        if office.checked else _("Date of the source unknown; ask before you travel.")
    )  # fmt: skip
    return "\n".join(lines)


def _distance(office: Office, place: Place) -> float:
    if office.latitude is None or office.longitude is None:
        return float("inf")
    return place.km_to(office.latitude, office.longitude)
