"""A question: the article, more of it, whether it helped, and what to do when unsure."""

from __future__ import annotations

from bot.dialogue import human, learn, menu, tokens
from bot.dialogue.core import OpenCase, Outcome, Rate, Talk
from bot.dialogue.states import Open
from bot.dialogue.tokens import token
from bot.events import Option
from bot.library import Article
from nlu.reading import Guess

CHOICES = 3  # of "did you mean"
GIVE_UP = 3  # messages in a row that were not understood: then a case opens
# Answers that others in the trade can add to.
TRADES = ("business_start", "business_registration", "business_grant", "farming_support",
          "skills_training", "loans_savings")  # fmt: skip
PAGES = (("steps",), ("where", "cost", "ask"))


def answer(talk: Talk, topic: str) -> Outcome:
    """The article's answer, with everything one may want next."""
    article = talk.library.article(topic, talk.person.language)
    if article is None:
        return menu.groups(talk)
    return talk.say(
        f"{article.answer}\n({_provenance(talk, article)})",
        *_next(talk, article, page=0),
        state=Open(topic=topic),
    )


def more(talk: Talk, topic: str, page: str) -> Outcome:
    """The next page of the article: first the steps, then where, what it costs, whom to ask."""
    article = talk.library.article(topic, talk.person.language)
    if article is None or page not in ("1", "2"):
        return menu.groups(talk)
    number = int(page)
    blocks = [
        f"{_heading(talk, name)}\n{article.sections[name]}"
        for name in PAGES[number - 1]
        if article.sections.get(name)
    ]
    if number == len(PAGES):
        blocks.append(_sources(talk, article))
    return talk.say(
        "\n\n".join(blocks), *_next(talk, article, page=number), state=Open(topic=topic)
    )


def _next(talk: Talk, article: Article, page: int) -> list[Option]:
    """In order of importance: a small phone shows only the first few."""
    _, topic = talk.voice._, article.topic
    options = []
    if page < len(PAGES):
        label = _("How to do it") if page == 0 else _("Where, cost, contact")
        options.append(Option(label, token("more", topic, page + 1)))
    region = talk.heard.reading.entity("region") if talk.heard.reading else None
    if talk.library.offices_for(topic):
        near = token("offices", topic, region, 0) if region else token("find", topic)
        options.append(Option(_("Offices near me"), near))
    options.append(tokens.human(talk.voice))
    if topic in TRADES and talk.world.peers.groups:
        options.append(tokens.peers(talk.voice))
    options += [
        Option(_("This helped"), token("rate", topic, 1)),
        Option(_("This did not help"), token("rate", topic, 0)),
    ]
    language = talk.person.language
    related = [tokens.topic(talk.library, language, id) for id in article.related[:2]]
    return [*options, *related, tokens.menu(talk.voice)]


def rate(talk: Talk, topic: str, useful: str) -> Outcome:
    """Thanks for a good rating; a bad one gets a way on."""
    if topic not in talk.library.taxonomy.topics or useful not in ("0", "1"):
        return menu.groups(talk)
    _, rating = talk.voice._, Rate(topic, useful == "1")
    if rating.useful:
        return talk.say(_("Good. Write again whenever you need something.")).and_(rating)
    text = _("Sorry. Say it again in other words, with the place and the paper or help you need.")
    return talk.say(text, tokens.human(talk.voice), tokens.menu(talk.voice)).and_(
        rating, *learn.heard(talk, "rated_bad", topic)
    )


def unsure(talk: Talk, ranking: tuple[Guess, ...]) -> Outcome:
    """Did you mean …: up to three topics, then a person or the menu."""
    topics = [g.name.removeprefix("ask_") for g in ranking if g.name.startswith("ask_")]
    known = [t for t in topics if talk.library.article(t, talk.person.language)][:CHOICES]
    if not known or _misses(talk) + 1 >= GIVE_UP:
        return lost(talk)
    library, language = talk.library, talk.person.language
    options = [tokens.topic(library, language, t) for t in known]
    return talk.say(
        talk.voice._("I want to be sure. Did you mean:"), *options,
        tokens.human(talk.voice), tokens.menu(talk.voice),
        state=Open(misses=_misses(talk) + 1),
    ).and_(*learn.heard(talk, "not_understood"))  # fmt: skip


def lost(talk: Talk) -> Outcome:
    """Not understood. The second time in a row a person comes first, and once in a life the
    question whether we may learn from it; then a case opens. Soon after a talk with a counsellor
    it is for them: at once."""
    _ = talk.voice._
    misses = _misses(talk) + 1
    taken = learn.heard(talk, "not_understood") if talk.heard.text.strip() else ()
    if misses >= GIVE_UP or talk.world.lately is not None:
        text = _("I do not understand, sorry. I have passed your messages to our team.")
        return talk.say(
            f"{text} {human.duty(talk)}", tokens.menu(talk.voice), state=Open()
        ).and_(OpenCase("not_understood", human.asked(talk)), *taken)
    if misses > 1:
        text = _("I still do not understand, sorry. Do you want to talk to a person?")
        options = (tokens.human(talk.voice), tokens.menu(talk.voice))
    else:
        text = _("I did not understand. Say it in a short sentence, or choose:")
        options = (tokens.menu(talk.voice), tokens.human(talk.voice))
    outcome = talk.say(text, *options, state=Open(misses=misses)).and_(*taken)
    return learn.asked_once(talk, outcome) if misses > 1 else outcome


def outside(talk: Talk) -> Outcome:
    """Something this service does not know about; perhaps the counsellor of just now does."""
    if talk.world.lately is not None:
        return lost(talk)
    _ = talk.voice._
    text = _("I cannot help with that. I know about return and life after it. Choose:")
    return menu.groups(talk, text)


def _misses(talk: Talk) -> int:
    state = talk.person.state
    return state.misses if isinstance(state, Open) else 0


def _heading(talk: Talk, name: str) -> str:
    _ = talk.voice._
    return {
        "steps": _("What to do:"),
        "where": _("Where:"),
        "cost": _("What it costs:"),
        "ask": _("If this is not enough:"),
    }[name]


def _provenance(talk: Talk, article: Article) -> str:
    """When we last checked, honestly: read in sources, not confirmed by an office."""
    text = talk.voice._("Read in sources on {day}")
    return text.format(day=talk.voice.day(article.reviewed_on))


def _sources(talk: Talk, article: Article) -> str:
    names = [f"{s.title} ({s.date})" if s.date else s.title for s in article.sources[:3]]
    return talk.voice._("Sources:") + " " + "; ".join(names)
