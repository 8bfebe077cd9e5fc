"""The trained model as one file: arrays and text, no pickle, so that loading runs no code.

Many features stand in one phrase only, and all of these have the same weights: equal rows are
stored once. The vocabulary is in alphabetical order, so that it packs well.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from nlu.linear import Linear, Space

VERSION = 4
PATH = Path(__file__).resolve().parent / "model" / "sankofa.npz"


class NotTrained(Exception):
    """There is no usable model; the text says what to do."""


def save(path: Path, space: Space, models: dict[str, Linear], facts: dict[str, Any]) -> None:
    """Writes the models and facts (thresholds, exact phrases …) to `path` in one step."""
    words = sorted(space.index)
    order = np.array([space.index[word] for word in words], np.intp)
    head = {
        "version": VERSION,
        "models": {n: {"classes": m.classes, "temperature": m.temperature}
                   for n, m in models.items()},
        "facts": facts,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False)),
        "vocabulary": _bytes("\n".join(words)),
        "idf": space.idf[order].astype(np.float16),
    }
    for name, model in models.items():
        rows = model.rows[order]
        arrays |= {f"{name}.weights": model.weights, f"{name}.rows": rows.astype(np.uint32),
                   f"{name}.scales": model.scales[order].astype(np.float16),
                   f"{name}.bias": model.bias}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **arrays)
    part.replace(path)


def load(path: Path = PATH) -> tuple[Space, dict[str, Linear], dict[str, Any]]:
    """The space, the models and the facts back; raises NotTrained."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["version"] != VERSION:
                raise NotTrained("the model is of another version: run `sankofa train`")
            words = arrays["vocabulary"].tobytes().decode().split("\n")
            idf = arrays["idf"].astype(np.float32)
            space = Space({word: i for i, word in enumerate(words)}, idf)
            models = {
                name: Linear(tuple(about["classes"]), arrays[f"{name}.weights"],
                             arrays[f"{name}.rows"].astype(np.int32),
                             arrays[f"{name}.scales"].astype(np.float32),
                             arrays[f"{name}.bias"], float(about["temperature"]))
                for name, about in head["models"].items()
            }  # fmt: skip
    except FileNotFoundError:
        raise NotTrained("there is no trained model yet: run `sankofa train`") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise NotTrained(f"the model file is broken ({error}): run `sankofa train`") from error
    return space, models, head["facts"]


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
