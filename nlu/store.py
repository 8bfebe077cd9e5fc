"""The trained model as one file: arrays and text, no pickle, so that loading runs no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from nlu.linear import Linear

VERSION = 1
PATH = Path(__file__).resolve().parent / "model" / "sankofa.npz"


class NotTrained(Exception):
    """There is no usable model; the text says what to do."""


def save(path: Path, models: dict[str, Linear], facts: dict[str, Any]) -> None:
    """Writes the models and facts (thresholds, exact phrases …) to `path` in one step."""
    arrays: dict[str, Any] = {}
    for name, model in models.items():
        words = sorted(model.index, key=model.index.__getitem__)
        arrays[f"{name}.vocabulary"] = _bytes("\n".join(words))
        arrays[f"{name}.idf"] = model.idf.astype(np.float32)
        arrays[f"{name}.weights"] = model.weights
        arrays[f"{name}.bias"] = model.bias
    head = {
        "version": VERSION,
        "models": {n: {"classes": m.classes, "temperature": m.temperature}
                   for n, m in models.items()},
        "facts": facts,
    }  # fmt: skip
    arrays["head"] = _bytes(json.dumps(head, ensure_ascii=False))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.replace(path)


def load(path: Path = PATH) -> tuple[dict[str, Linear], dict[str, Any]]:
    """The models and facts back; raises NotTrained."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["version"] != VERSION:
                raise NotTrained("the model is of another version: run `sankofa train`")
            models = {}
            for name, about in head["models"].items():
                words = arrays[f"{name}.vocabulary"].tobytes().decode().split("\n")
                models[name] = Linear(
                    tuple(about["classes"]), {word: i for i, word in enumerate(words)},
                    arrays[f"{name}.idf"], arrays[f"{name}.weights"], arrays[f"{name}.bias"],
                    float(about["temperature"]),
                )  # fmt: skip
    except FileNotFoundError:
        raise NotTrained("there is no trained model yet: run `sankofa train`") from None
    except (OSError, ValueError, KeyError) as error:
        raise NotTrained(f"the model file is broken ({error}): run `sankofa train`") from error
    return models, head["facts"]


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
