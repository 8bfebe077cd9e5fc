"""The trained model as one file: arrays and text, no pickle, so that loading runs no code."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from nlu.linear import Linear, Space

VERSION = 2
PATH = Path(__file__).resolve().parent / "model" / "sankofa.npz"


class NotTrained(Exception):
    """There is no usable model; the text says what to do."""


def save(path: Path, space: Space, models: dict[str, Linear], facts: dict[str, Any]) -> None:
    """Writes the models and facts (thresholds, exact phrases …) to `path` in one step."""
    words = sorted(space.index, key=space.index.__getitem__)
    head = {
        "version": VERSION,
        "models": {n: {"classes": m.classes, "temperature": m.temperature}
                   for n, m in models.items()},
        "facts": facts,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False)),
        "vocabulary": _bytes("\n".join(words)),
        "idf": space.idf,
    }
    for name, model in models.items():
        arrays |= {f"{name}.weights": model.weights, f"{name}.bias": model.bias}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.replace(path)


def load(path: Path = PATH) -> tuple[Space, dict[str, Linear], dict[str, Any]]:
    """The space, the models and the facts back; raises NotTrained."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["version"] != VERSION:
                raise NotTrained("the model is of another version: run `sankofa train`")
            words = arrays["vocabulary"].tobytes().decode().split("\n")
            space = Space({word: i for i, word in enumerate(words)}, arrays["idf"])
            models = {
                name: Linear(tuple(about["classes"]), arrays[f"{name}.weights"],
                             arrays[f"{name}.bias"], float(about["temperature"]))
                for name, about in head["models"].items()
            }  # fmt: skip
    except FileNotFoundError:
        raise NotTrained("there is no trained model yet: run `sankofa train`") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise NotTrained(f"the model file is broken ({error}): run `sankofa train`") from error
    return space, models, head["facts"]


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
