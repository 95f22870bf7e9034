"""Values looked up in mappings: in scalars, sequences, arrays and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import checks


def reverse_mapping(mapping) -> dict:
    """Values to keys."""
    return {v: k for k, v in mapping.items()}


def to_mapping(mapping_like, reverse: bool = False) -> dict:
    """A dict of a mapping, an enumeration (number to word, -1 to None), a Series (by its index),
    or a sequence or Index (by position).
    """
    if checks.is_namedtuple(mapping_like):
        mapping = {v: k for k, v in mapping_like._asdict().items()}
        if -1 not in mapping_like:
            mapping[-1] = None
    elif checks.is_mapping(mapping_like):
        mapping = dict(mapping_like)
    elif checks.is_series(mapping_like):
        mapping = mapping_like.to_dict()
    else:
        mapping = dict(enumerate(mapping_like))
    return reverse_mapping(mapping) if reverse else mapping


_KINDS = (np.integer, np.floating, np.bool_, np.flexible)


def _is_text(dtype) -> bool:
    return isinstance(dtype, pd.StringDtype) or str(dtype) == "str"


def _is_ignored(kind, ignored: tuple, item=None) -> bool:
    """Whether values of this type (`item` is one of an array of objects) are left alone."""
    if item is not None:
        kind = str if _is_text(kind) else kind
        kind = type(item) if np.dtype(kind) == object else kind
    for other in ignored:
        if other is None:
            return False
        if kind is other:
            return True
        wanted = np.dtype(other)
        if _is_text(kind):
            return np.issubdtype(wanted, np.flexible)
        own = np.dtype(kind)
        if own is wanted or any(
            np.issubdtype(own, group) and np.issubdtype(wanted, group) for group in _KINDS
        ):
            return True
    return False


def apply_mapping(
    obj,
    mapping_like=None,
    reverse: bool = False,
    ignore_case: bool = True,
    ignore_underscores: bool = True,
    ignore_type=None,
    ignore_missing: bool = False,
    na_sentinel=None,
):
    """Every value of `obj` looked up: a scalar, sequence, set, array, Index, Series or table.

    reverse: from values to keys. ignore_case, ignore_underscores: of words. ignore_type: values
    of such a type (or of one of several) stay. ignore_missing: unknown values stay, instead of
    a KeyError. na_sentinel: for missing values, where the mapping has none.
    """
    if mapping_like is None:
        return obj
    if isinstance(obj, (tuple, list, set, frozenset)):
        return type(obj)(
            [
                apply_mapping(
                    value,
                    mapping_like,
                    reverse=reverse,
                    ignore_case=ignore_case,
                    ignore_underscores=ignore_underscores,
                    ignore_type=ignore_type,
                    ignore_missing=ignore_missing,
                    na_sentinel=na_sentinel,
                )
                for value in obj
            ]
        )
    ignored = ignore_type if isinstance(ignore_type, tuple) else (ignore_type,)

    def plain(word):
        if not isinstance(word, str):
            return word
        word = word.lower() if ignore_case else word
        return word.replace("_", "") if ignore_underscores else word

    known = {}
    for key, value in to_mapping(mapping_like, reverse=reverse).items():
        if pd.isnull(key):
            na_sentinel = value
        else:
            known[plain(key)] = value

    def looked_up(value):
        if pd.isnull(value):
            return na_sentinel
        value = plain(value)
        return known.get(value, value) if ignore_missing else known[value]

    def none_for_missing(out):
        return out.astype(object).where(~out.isna(), None) if na_sentinel is None else out

    if isinstance(obj, pd.DataFrame):
        if obj.size == 0:
            return obj
        columns = [
            column
            if _is_ignored(column.dtype, ignored, column.iloc[0])
            else none_for_missing(column.map(looked_up))
            for _, column in obj.items()
        ]
        return pd.concat(columns, axis=1, keys=obj.columns)
    if isinstance(obj, (np.ndarray, pd.Series, pd.Index)):
        if obj.size == 0:
            return obj
        first = obj.item(0) if isinstance(obj, np.ndarray) else obj.to_numpy()[0]
        if isinstance(obj, (pd.Series, pd.Index)):
            first = obj.iloc[0] if isinstance(obj, pd.Series) else obj[0]
        if _is_ignored(obj.dtype, ignored, first):
            return obj
        if isinstance(obj, pd.Series):
            return none_for_missing(obj.map(looked_up))
        if isinstance(obj, pd.Index):
            out = obj.map(looked_up)
            if na_sentinel is None:
                words = [None if pd.isna(value) else value for value in out.astype(object)]
                out = pd.Index(words, dtype=object, name=out.name)
            return out
        if obj.ndim == 1:
            return none_for_missing(pd.Series(obj).map(looked_up)).to_numpy(dtype=object)
        out = np.vectorize(looked_up, otypes=[object])(obj)
        if na_sentinel is None:
            out[pd.isna(out)] = None
        return out
    return obj if _is_ignored(type(obj), ignored) else looked_up(obj)
