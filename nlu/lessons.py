"""What each model learns from: parts of the corpus, under the labels that it tells apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from nlu.copies import AMONG, BOTH, SLIPPED
from nlu.corpus import Corpus, Sample
from nlu.data import NOT_URGENT, Phrase
from nlu.hearing import TOPICS
from nlu.sureness import OUT
from nlu.triage import NONE

FEW_WORDS = 4  # of everyday talk that the alarm learns from
OF_SENTENCES = 2  # of the single sentences of plain messages every second is enough
ENOUGH = 60_000  # phrases of danger data tell the languages as well as three times as many


def lessons(corpus: Corpus, urgency: Collection[str]) -> Iterator[tuple[str, Sample]]:
    """A sample for each head, as soon as it is ready: who fits the first need not wait for the
    others.

    - intent: everything but the danger data
    - language: everything, of the danger data no more than is `ENOUGH`
    - urgency: the classes of urgency and the look-alikes, some of both also among other things;
      everything else as none, also sentence by sentence
    - alarm: the classes, and the look-alikes as none, half of them also as others type them, as a
      cry must ring so; and as none short everyday talk and the sentences of plain messages, as it
      hears these
    """
    known = {*urgency, NOT_URGENT}

    def danger(phrase: Phrase) -> bool:
        return phrase.label in known

    def plain(phrase: Phrase) -> bool:
        return phrase.label not in known

    def tells(phrase: Phrase) -> bool:
        return phrase.label.startswith(TOPICS) or phrase.label == OUT

    asked = corpus.sample(plain)
    yield "intent", asked
    dangers = corpus.sample(danger)
    some = Sample.joined(asked, dangers.thin(max(1, -(-len(dangers.texts) // ENOUGH))))
    yield "language", replace(some, labels=some.languages)
    harmless = corpus.sentences(plain, OF_SENTENCES).labelled(NONE)
    beside = corpus.neighbours(tells)
    copies = corpus.copies(danger, AMONG, beside)
    yield "urgency", Sample.joined(dangers, copies, asked.labelled(NONE), harmless)
    everyday = asked.where(np.array([len(text.split()) <= FEW_WORDS for text in asked.texts], bool)
                           & ~np.char.startswith(asked.labels, TOPICS))  # fmt: skip
    more = [corpus.copies(danger, way, beside) for way in (SLIPPED, BOTH)]
    cries = Sample.joined(dangers, copies, *more)
    cries = replace(cries, labels=np.where(cries.labels == NOT_URGENT, NONE, cries.labels))
    yield "alarm", Sample.joined(cries, everyday.labelled(NONE), harmless)
