"""Messages as all models judge them, whole and sentence by sentence: the answer is that of the
surest part, the alarm that of the loudest; but what is said around a sentence counts, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlu.blend import Blend, Judgements
from nlu.features import Array, Places, marked
from nlu.normalise import fold
from nlu.sentences import sentences
from nlu.space import Space, Vectors
from nlu.sureness import OUT, sureness
from nlu.triage import Scales

TOPICS, PERSON = "ask_", "talk_to_counsellor"  # what one sentence of many may ask for
# Chosen on the tuning messages: by how much a sentence must be surer than the whole message, and
# how much the whole counts in how urgent a sentence is.
AHEAD, AROUND = 0.3, 0.2
# Few words have less room to sound like a cry. A message of no word counts by BRIEF louder, and by
# less with each word, up to ROOM (chosen on the tuning messages: as many cries of a few words ring
# then as of others).
BRIEF, ROOM = 0.9, 20
_NEVER = -9.0


@dataclass(frozen=True)
class Hearing:
    """Row `starts[n]` of all that is held here is message n, and the rows up to the next start are
    its sentences; the last start is the number of rows."""

    parts: Sequence[str]
    folded: Sequence[str]
    vectors: Vectors
    said: Judgements
    starts: Places

    @classmethod
    def of(cls, space: Space, blend: Blend, texts: Sequence[str]) -> Hearing:
        """Judges all at once."""
        parts: list[str] = []
        starts = [0]
        for text in texts:
            parts += [text, *sentences(text)]
            starts.append(len(parts))
        folded = [fold(part) for part in parts]
        vectors = space.vectors([marked(*each) for each in zip(parts, folded, strict=True)])
        return cls(parts, folded, vectors, blend.judge(vectors), np.array(starts))

    @property
    def whole(self) -> Places:
        """The rows of the messages."""
        return self.starts[:-1]

    @property
    def alone(self) -> bool:
        """Whether every message is one short sentence, so that nothing is to be chosen."""
        return len(self.parts) == len(self.starts) - 1

    def loudest(self, scales: Scales) -> tuple[Places, Array]:
        """Of each message the most urgent row, and how urgent it is among the others."""
        values = scales.value(self.said)
        brief = self._brief()
        if self.alone:
            return self.whole, values + brief
        around = values[self.whole].repeat(self.starts[1:] - self.whole)
        values += AROUND * (around - values)
        rows = self._best(values)
        return rows, values[rows] + brief

    def _brief(self) -> Array:
        """By how much louder each message counts."""
        words = np.array([self.folded[row].count(" ") + 1 for row in self.whole.tolist()])
        return np.asarray(BRIEF * np.maximum(1 - words / ROOM, 0))

    def surest(self) -> tuple[Places, Array]:
        """Of each message the row that says what is asked, and how sure that is."""
        classes = self.said.heads["intent"].classes
        scores = self.said.of("intent")
        sure = sureness(scores, classes.index(OUT)).astype(np.float64)
        if self.alone:
            return self.whole, sure
        behind = np.full(len(sure), AHEAD)
        behind[self.whole] = 0.0
        sure -= behind
        values = np.where(_asks(classes)[scores.argmax(axis=1)], sure, _NEVER)
        values[self.whole] = np.maximum(sure[self.whole], 0.0)
        rows = self._best(values)
        return rows, sure[rows]

    def _best(self, values: Array) -> Places:
        return np.array([start + int(values[start:end].argmax())
                         for start, end in pairwise(self.starts.tolist())], np.intp)  # fmt: skip


@lru_cache(maxsize=4)
def _asks(classes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which intents one sentence of many may have; the same for every message."""
    return np.array([name.startswith(TOPICS) or name == PERSON for name in classes])
