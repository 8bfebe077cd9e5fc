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
    ours = scores.copy()
    ours[:, out] = _BELOW
    ours.partition(-2, axis=1)
    best, next_best = ours[:, -1], ours[:, -2]
    lead = best - scores[:, out]
    found = np.minimum(lead, RIVAL * (best - next_best))
    return np.where(lead > 0, found, np.float32(-1))
