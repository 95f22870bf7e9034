"""Objects as readable text (JSON)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


class Documented:
    """What says by `to_doc` what `str` gives."""

    def to_doc(self, **kwargs) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        try:
            return self.to_doc()
        except NotImplementedError:
            return repr(self)


class SafeToStr:
    """What appears in documents as its own `str`."""


def prepare_for_doc(obj: Any, replace: dict | None = None, path: str | None = None):
    """`obj` in types that JSON knows, as far as possible. `replace`: other values by key path."""
    if isinstance(obj, SafeToStr):
        return str(obj)
    if isinstance(obj, np.dtype) and obj.fields is not None:
        return {name: str(kind[0]) for name, kind in obj.fields.items()}
    fields = getattr(obj, "_asdict", None)
    if isinstance(obj, tuple) and fields is not None:
        return prepare_for_doc(fields(), replace, path)
    if isinstance(obj, (tuple, list)):
        return [prepare_for_doc(value, replace, path) for value in obj]
    if isinstance(obj, dict):
        out = {}
        for key, value in obj.items():
            place = key if path is None else f"{path}.{key}"
            if replace is not None and place in replace:
                out[key] = replace[place]
            else:
                out[key] = prepare_for_doc(value, replace, place)
        return out
    shape = getattr(obj, "shape", None)
    if isinstance(shape, tuple):
        return f"{object.__repr__(obj)} of shape {shape}" if shape else np.asarray(obj).item()
    return obj


def to_doc(obj, replace: dict | None = None, path: str | None = None, **kwargs) -> str:
    """`obj` as a JSON document; `kwargs` for `json.dumps`."""
    return json.dumps(
        prepare_for_doc(obj, replace, path), **{"indent": 4, "default": str, **kwargs}
    )
