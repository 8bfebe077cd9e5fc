"""From models as they were fitted to the blend as it is served."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from nlu.blend import Blend, Head
from nlu.linear import Linear
from nlu.training import Fitted

Own = Mapping[str, Mapping[str, Fitted]]  # language: head: the model fitted on it alone


def pack(
    joint: Mapping[str, Fitted], own: Own | None = None,
    temperatures: Mapping[str, float] | None = None, stretched: Collection[str] = (),
) -> Blend:  # fmt: skip
    """The heads in their order; those with models of their own a language come last. `stretched`
    are named."""
    heads, start = {}, 0
    for name, model in joint.items():
        heads[name] = Head(model.classes, start, (temperatures or {}).get(name, 1.0))
        start += len(model.classes)
    found = {}
    for code, models in (own or {}).items():
        if list(models) != list(joint)[-len(models):]:  # fmt: skip
            raise ValueError(f"{code}: the heads of a language are not the last ones")
        same = {name: model.among(joint[name].classes) for name, model in models.items()}
        found[code] = _side_by_side(same, stretched)
    return Blend(heads, _side_by_side(joint, stretched, every=True), found)


def _side_by_side(
    heads: Mapping[str, Fitted], stretched: Collection[str], *, every: bool = False
) -> Linear:
    """One model with the classes of all, for the features that any of them knows."""
    models = list(heads.values())
    known = (np.arange(models[0].size) if every
             else np.unique(np.concatenate([model.known for model in models]))).astype(np.int32)
    classes = [name for model in models for name in model.classes]
    weights = np.zeros((len(known), len(classes)), np.float32)
    gains, start = np.ones(len(classes), np.float32), 0
    for model in models:
        end = start + len(model.classes)
        places = model.known if every else np.searchsorted(known, model.known)
        weights[places, start:end] = model.weights
        largest = np.abs(model.weights).max(axis=1)
        gains[start:end] = max(float(np.sqrt((largest**2).mean())), 1e-6)
        start = end
    bias = np.concatenate([model.bias for model in models])
    longer = np.concatenate([np.full(len(model.classes), name in stretched)
                             for name, model in heads.items()])  # fmt: skip
    return Linear.of(classes, weights, bias, None if every else known, gains, longer)
