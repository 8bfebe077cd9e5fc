"""The trained model as one file: arrays and text, no pickle, so that loading runs no code."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.blend import Blend, Head
from nlu.linear import Linear
from nlu.space import Space

VERSION = 8
FAST, SMALL = 1, 6  # compression: the second takes four times as long for a tenth less
PATH = Path(__file__).resolve().parent / "model" / "sankofa.npz"
_JOINT = ""  # the name of the model of all languages among the others
_ARRAYS = {"patterns": np.int8, "rows": np.uint32, "scales": np.float16, "gains": np.float32,
           "bias": np.float32, "stretched": np.bool_}  # fmt: skip


class NotTrained(Exception):
    """There is no usable model; the text says what to do."""


@dataclass(frozen=True)
class Stored:
    """What a model file holds; `facts` are thresholds, exact phrases and the like."""

    space: Space
    blend: Blend
    facts: dict[str, Any] = field(default_factory=dict)


def save(path: Path, stored: Stored, level: int = FAST) -> None:
    """Writes the model to `path` in one step."""
    space, blend = stored.space, stored.blend
    models = {_JOINT: blend.joint, **blend.own}
    head = {
        "version": VERSION,
        "heads": {name: {"classes": h.classes, "start": h.start, "temperature": h.temperature}
                  for name, h in blend.heads.items()},
        "models": {name: model.classes for name, model in models.items()},
        "facts": stored.facts,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False)),
        "usual": _bytes("\n".join(space.usual)),
        "codes": space.codes,
        "idf": space.idf.astype(np.float16),
    }
    for name, model in models.items():
        for array, kind in _ARRAYS.items():
            arrays[f"{name}.{array}"] = getattr(model, array).astype(kind)
        if model.known is not None:
            arrays[f"{name}.known"] = model.known.astype(np.int32)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as out:
                np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=False)
    part.replace(path)


def load(path: Path = PATH) -> Stored:
    """The model back; raises NotTrained."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["version"] != VERSION:
                raise NotTrained("the model is of another version: run `sankofa train`")
            usual = arrays["usual"].tobytes().decode().split("\n")
            space = Space(arrays["codes"], arrays["idf"].astype(np.float32), usual)
            models = {name: _model(arrays, name, tuple(classes))
                      for name, classes in head["models"].items()}  # fmt: skip
            heads = {name: Head(tuple(about["classes"]), about["start"], about["temperature"])
                     for name, about in head["heads"].items()}  # fmt: skip
    except FileNotFoundError:
        raise NotTrained("there is no trained model yet: run `sankofa train`") from None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise NotTrained(f"the model file is broken ({error}): run `sankofa train`") from error
    return Stored(space, Blend(heads, models.pop(_JOINT), models), head["facts"])


def _model(arrays: Mapping[str, Any], name: str, classes: tuple[str, ...]) -> Linear:
    known = arrays.get(f"{name}.known")
    patterns, rows, scales, gains, bias, stretched = (arrays[f"{name}.{a}"] for a in _ARRAYS)
    return Linear(classes, patterns, rows, scales.astype(np.float32), gains, bias, stretched, known)


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
