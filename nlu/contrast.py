"""Look-alikes by the danger that they look like: a beating in a film against a beating now.

One class of all look-alikes would have to be unlike thirteen dangers at once; thirteen classes have
one each, and learn what tells the two apart.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nlu.data import NOT_URGENT
from nlu.features import Array
from nlu.training import Recipe, fit
from nlu.triage import LIKE, NONE

SORTER = Recipe(cost=0.5, near=3.0)


def paired(matrix: sparse.csr_matrix, labels: Array) -> Array:
    """The labels (classes of urgency, NOT_URGENT, NONE) with the look-alikes by their danger
    ("~threats"); as NONE where there are no two dangers to be told apart."""
    alike = labels == NOT_URGENT
    urgent = ~alike & (labels != NONE)
    found = np.where(alike, NONE, labels).astype(object)
    if alike.any() and len(np.unique(labels[urgent])) > 1:
        model = fit(matrix[urgent], labels[urgent], SORTER)
        nearest = model.scores(matrix[alike]).argmax(axis=1)
        found[alike] = [LIKE + model.classes[n] for n in nearest]
    return found.astype(str)
