"""How sure an answer is: by how much its topic beats "out of scope" and every other topic.

A topic's own probability is a poor guide: among 38 topics two neighbours share it, though the
message is plainly one of ours. Beating "out of scope" is what tells ours from the rest.
"""

from __future__ import annotations

import numpy as np

from nlu.space import Floats

OUT = "out_of_scope"
RIVAL = 3.0  # what the lead over the next topic counts against the lead over "out of scope"
_BELOW = -9.0  # every decision value


def sureness(scores: Floats, out: int) -> Floats:
    """Of the highest of an intent model's decision values, in their unit, text by text (texts x
    classes); below zero where that is "out of scope", whose place is `out`."""
    texts = np.arange(len(scores))
    best = scores.argmax(axis=1)
    rest = scores.copy()
    rest[texts, best] = rest[:, out] = _BELOW
    lead = scores[texts, best] - scores[:, out]
    found = np.minimum(lead, RIVAL * (scores[texts, best] - rest.max(axis=1)))
    return np.where(best == out, np.float32(-1), found)
