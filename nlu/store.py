"""The trained model as one file: arrays and text, no pickle, so that loading runs no code."""

from __future__ import annotations

import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.blend import Blend, Head
from nlu.features import Array
from nlu.linear import Linear
from nlu.space import Space

VERSION = 11
PATH = Path(__file__).resolve().parent / "model" / "sankofa.npz"
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)
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


def save(path: Path, stored: Stored, *, small: bool = False) -> None:
    """Writes the model to `path` in one step; `small` takes a quarter less space, twice as
    long to read and fifty times as long to write."""
    space, blend = stored.space, stored.blend
    models = {_JOINT: blend.joint, **blend.own}
    head = {
        "version": VERSION,
        "longest": space.longest,
        "heads": {name: {"classes": h.classes, "start": h.start, "temperature": h.temperature}
                  for name, h in blend.heads.items()},
        "models": {name: model.classes for name, model in models.items()},
        "facts": stored.facts,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "head": _bytes(json.dumps(head, ensure_ascii=False)),
        "usual": _bytes("\n".join(space.usual)),
        "codes": _gaps(space.codes),
        "idf": space.idf.astype(np.float16),
    }
    for name, model in models.items():
        for array, kind in _ARRAYS.items():
            arrays[f"{name}.{array}"] = getattr(model, array).astype(kind)
        if model.known is not None:
            arrays[f"{name}.known"] = _gaps(model.known.astype(np.uint32))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    packed = zipfile.ZIP_LZMA if small else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(part, "w", packed, compresslevel=1) as file:
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
            idf = arrays["idf"].astype(np.float32)
            space = Space(_sums(arrays["codes"]), idf, usual, head["longest"])
            models = {name: _model(arrays, name, tuple(classes))
                      for name, classes in head["models"].items()}  # fmt: skip
            heads = {name: Head(tuple(about["classes"]), about["start"], about["temperature"])
                     for name, about in head["heads"].items()}  # fmt: skip
    except FileNotFoundError:
        raise NotTrained("there is no trained model yet: run `sankofa train`") from None
    except (OSError, ValueError, KeyError, TypeError, *_BROKEN) as error:
        raise NotTrained(f"the model file is broken ({error}): run `sankofa train`") from error
    return Stored(space, Blend(heads, models.pop(_JOINT), models), head["facts"])


def _model(arrays: Mapping[str, Any], name: str, classes: tuple[str, ...]) -> Linear:
    known = arrays.get(f"{name}.known")
    known = None if known is None else _sums(known).astype(np.int32)
    patterns, rows, scales, gains, bias, stretched = (arrays[f"{name}.{a}"] for a in _ARRAYS)
    return Linear(classes, patterns, rows, scales.astype(np.float32), gains, bias, stretched, known)


def _gaps(rising: Array) -> Array:
    """What lies between numbers that rise, byte by byte (4 x numbers), the lowest bytes first:
    small numbers, and most high bytes zero, need half of the space."""
    gaps = np.diff(rising, prepend=rising.dtype.type(0))
    return np.ascontiguousarray(gaps.astype("<u4").view(np.uint8).reshape(-1, 4).T)


def _sums(gaps: Array) -> Array:
    """The numbers that rise."""
    return np.cumsum(np.ascontiguousarray(gaps.T).view("<u4").ravel(), dtype=np.uint32)


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
