"""Look-alikes by the danger that they look like: a beating in a film against a beating now.

One class of all look-alikes would have to be unlike thirteen dangers at once; thirteen classes have
one each, and learn what tells the two apart.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from nlu.corpus import Sample
from nlu.data import NOT_URGENT
from nlu.features import Array
from nlu.training import Recipe, fit
from nlu.triage import LIKE, NONE

SORTER = Recipe(cost=0.5, near=3.0)


def paired(sample: Sample, urgency: Collection[str]) -> Array:
    """The labels of `Corpus.dangers`, the look-alikes by their danger ("~threats"), and NONE."""
    urgent = np.isin(sample.labels, sorted(urgency))
    alike = sample.labels == NOT_URGENT
    labels = np.where(urgent, sample.labels, NONE).astype(object)
    if alike.any() and len(set(sample.labels[urgent])) > 1:
        model = fit(sample.where(urgent), SORTER)
        nearest = model.scores(sample.where(alike)).argmax(axis=1)
        labels[alike] = [LIKE + model.classes[n] for n in nearest]
    return labels.astype(str)
