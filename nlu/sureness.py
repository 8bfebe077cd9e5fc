"""How sure an answer is: by how much its topic beats "out of scope" and every other topic.

A topic's own probability is a poor guide: among 38 topics two neighbours share it, though the
message is plainly one of ours. Beating "out of scope" is what tells ours from the rest.
"""

from __future__ import annotations

from nlu.space import Floats

OUT = "out_of_scope"
RIVAL = 3.0  # what the lead over the next topic counts against the lead over "out of scope"


def sureness(scores: Floats, out: int) -> float:
    """Of the highest of an intent model's decision values, in their unit; below zero if that is
    "out of scope", whose place is `out`."""
    best = int(scores.argmax())
    if best == out:
        return -1.0
    rest = scores.copy()
    rest[[best, out]] = -9.0
    return float(min(scores[best] - scores[out], RIVAL * (scores[best] - rest.max())))
