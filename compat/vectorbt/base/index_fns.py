"""Labels of rows and columns: stacked, combined, cleaned and aligned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from .._settings import settings
from ..utils import checks


def _setting(name: str, value):
    return settings["broadcasting"][name] if value is None else value


def to_any_index(index_like) -> pd.Index:
    return index_like if isinstance(index_like, pd.Index) else pd.Index(index_like)


def get_index(arg, axis: int) -> pd.Index:
    """The index (axis 0) or columns (axis 1); the column of a Series is its name, or 0."""
    checks.assert_instance_of(arg, (pd.Series, pd.DataFrame))
    checks.assert_in(axis, (0, 1))
    if axis == 0:
        return arg.index
    if isinstance(arg, pd.Series):
        return pd.Index([0 if arg.name is None else arg.name])
    return arg.columns


_SCALARS = (int, float, complex, str, bool, datetime, timedelta, np.generic)


def index_from_values(values, name: str | None = None) -> pd.Index:
    """One label for each value: a scalar is its own label, an array of one value repeated that
    value, anything else its type's name with its position.
    """
    labels = []
    for n, value in enumerate(values):
        if value is None or isinstance(value, _SCALARS):
            labels.append(value)
        elif isinstance(value, np.ndarray):
            first = value.item(0)
            if np.issubdtype(value.dtype, np.floating):
                same = np.isclose(value, first, equal_nan=True).all()
            else:
                same = np.equal(value, first).all()
            labels.append(first if same else f"array_{n}")
        else:
            labels.append(f"{type(value).__name__}_{n}")
    return pd.Index(labels, name=name)


def repeat_index(index, n: int, ignore_default: bool | None = None) -> pd.Index:
    """Every label `n` times; a plain range becomes a longer one (`ignore_default`)."""
    index = to_any_index(index)
    if _setting("ignore_default", ignore_default) and checks.is_default_index(index):
        return pd.RangeIndex(len(index) * n)
    return index.repeat(n)


def tile_index(index, n: int, ignore_default: bool | None = None) -> pd.Index:
    """All labels `n` times; a plain range becomes a longer one (`ignore_default`)."""
    index = to_any_index(index)
    if _setting("ignore_default", ignore_default) and checks.is_default_index(index):
        return pd.RangeIndex(len(index) * n)
    if isinstance(index, pd.MultiIndex):
        return pd.MultiIndex.from_tuples(index.tolist() * n, names=index.names)
    return pd.Index(np.tile(index, n), name=index.name)


def stack_indexes(
    indexes: Sequence,
    drop_duplicates: bool | None = None,
    keep: str | None = None,
    drop_redundant: bool | None = None,
) -> pd.Index:
    """Indexes of one length as levels of one, the first on top.

    drop_duplicates: of equal levels, the first or last (`keep`) stays. drop_redundant: levels
    that say nothing go.
    """
    levels = []
    for index in indexes:
        if isinstance(index, pd.MultiIndex):
            levels += [index.get_level_values(n) for n in range(index.nlevels)]
        else:
            levels.append(to_any_index(index))
    out: pd.Index = pd.MultiIndex.from_arrays(levels)
    if _setting("drop_duplicates", drop_duplicates):
        out = drop_duplicate_levels(out, keep=_setting("keep", keep))
    if _setting("drop_redundant", drop_redundant):
        out = drop_redundant_levels(out)
    return out


def combine_indexes(indexes: Sequence, ignore_default: bool | None = None, **kwargs) -> pd.Index:
    """Every label with every one of the next index; `kwargs` for `stack_indexes`."""
    out = to_any_index(indexes[0])
    for other in indexes[1:]:
        other = to_any_index(other)
        pair = (
            repeat_index(out, len(other), ignore_default=ignore_default),
            tile_index(other, len(out), ignore_default=ignore_default),
        )
        out = stack_indexes(pair, **kwargs)
    return out


def drop_levels(index: pd.Index, levels, strict: bool = True) -> pd.Index:
    """Without some levels, by name or position; not `strict`: unknown ones do not count, and
    the last one stays.
    """
    if not isinstance(index, pd.MultiIndex):
        return index
    if strict:
        return index.droplevel(levels)
    levels = (levels,) if isinstance(levels, (int, str)) else levels
    known = {
        level
        for level in levels
        if level in index.names or (isinstance(level, int) and -1 <= level < index.nlevels)
    }
    return index.droplevel(list(known)) if len(known) < index.nlevels else index


def rename_levels(index: pd.Index, name_dict: dict, strict: bool = True) -> pd.Index:
    """With other names of levels; `strict`: KeyError for those that are not there."""
    for old, new in name_dict.items():
        if old not in index.names:
            if strict:
                raise KeyError(f"no level {old!r} among {list(index.names)}")
        elif isinstance(index, pd.MultiIndex):
            index = index.rename(new, level=old)  # pyright: ignore[reportCallIssue]
        else:
            index.name = new
    return index


def select_levels(index: pd.Index, level_names) -> pd.Index:
    """One level (by name or position) as an index, or several as a MultiIndex."""
    checks.assert_instance_of(index, pd.MultiIndex)
    if isinstance(level_names, (int, str)):
        return index.get_level_values(level_names)
    return pd.MultiIndex.from_arrays([index.get_level_values(name) for name in level_names])


def drop_redundant_levels(index: pd.Index) -> pd.Index:
    """Without levels of one unnamed value or of a plain range, where others are left."""
    if not isinstance(index, pd.MultiIndex):
        return index
    redundant = [
        n
        for n, level in enumerate(index.levels)
        if (len(index) > 1 and len(level) == 1 and level.name is None)
        or checks.is_default_index(index.get_level_values(n))
    ]
    return index.droplevel(redundant) if len(redundant) < index.nlevels else index


def drop_duplicate_levels(index: pd.Index, keep: str | None = None) -> pd.Index:
    """Without repeated levels (name and values); the first or the last stays."""
    keep = _setting("keep", keep)
    if not isinstance(index, pd.MultiIndex):
        return index
    checks.assert_in(keep.lower(), ("first", "last"))
    order = range(index.nlevels) if keep == "first" else range(index.nlevels - 1, -1, -1)
    seen, repeated = set(), []
    for n in order:
        values = index.get_level_values(n)
        level = values.name, tuple(values.to_numpy().tolist())
        if level in seen:
            repeated.append(n)
        seen.add(level)
    return index.droplevel(repeated)


def align_index_to(index1: pd.Index, index2: pd.Index):
    """Where in `index1` the labels of `index2` are, by the levels that both have.

    A slice of everything where they are equal, else an array of positions.
    """
    first, second = (
        x if isinstance(x, pd.MultiIndex) else pd.MultiIndex.from_arrays([x])
        for x in (index1, index2)
    )
    if pd.Index.equals(first, second):
        return slice(None)
    pairs = {}
    for i, name in enumerate(first.names):
        for j, other in enumerate(second.names):
            if name != other:
                continue
            if set(second.levels[j]).issubset(first.levels[i]):
                if i in pairs:
                    raise ValueError(f"the second index has several levels named {name!r}")
                pairs[i] = j
            elif name is not None:
                raise ValueError(f"level {name!r}: the second index has values the first lacks")
    if not pairs:
        raise ValueError("the indexes have no levels in common to align them by")
    codes = np.column_stack(
        [
            pd.factorize(
                pd.concat(
                    (
                        first.get_level_values(i).to_series(),
                        second.get_level_values(j).to_series(),
                    )
                )
            )[0]
            for i, j in pairs.items()
        ]
    )
    _, labels = np.unique(codes, axis=0, return_inverse=True)
    labels = labels.reshape(-1)
    mine, wanted = labels[: len(first)], labels[len(first) :]
    if len(np.unique(mine)) != len(mine):
        raise ValueError("the first index has labels more than once")
    place = np.full(labels.max() + 1, -1)
    place[mine] = np.arange(len(mine))
    out = place[wanted]
    if np.any(out < 0):
        missed = index2[int(np.argmax(out < 0))]
        raise ValueError(f"the first index has no {missed!r}, which the second one has")
    return out


def align_indexes(indexes: Sequence[pd.Index]) -> list:
    """What to take of each index so that all are as long as the longest."""
    longest = max(map(len, indexes))
    out = []
    for n, index in enumerate(indexes):
        if len(index) == longest:
            out.append(slice(None))
            continue
        for other in indexes:
            if len(other) != longest:
                continue
            try:
                out.append(align_index_to(index, other))
                break
            except ValueError:
                continue
        else:
            raise ValueError(f"the index at position {n} cannot be aligned with a longer one")
    return out


def pick_levels(index: pd.Index, required_levels=None, optional_levels=None):
    """Positions of levels: of the required ones (None takes the next that is left) and of the
    optional ones (None is none).
    """
    required, optional = list(required_levels or ()), list(optional_levels or ())
    checks.assert_instance_of(index, pd.MultiIndex)
    n_optional = sum(level is not None for level in optional)
    if None in required and index.nlevels - n_optional != len(required):
        raise ValueError(f"{len(required) + n_optional} levels needed, there are {index.nlevels}")
    left = list(range(index.nlevels))

    def position(level):
        checks.assert_instance_of(level, (int, str))
        place = list(index.names).index(level) if isinstance(level, str) else level
        place += index.nlevels if place < 0 else 0
        left.remove(place)
        return place

    chosen = [None if level is None else position(level) for level in optional]
    needed = [None if level is None else position(level) for level in required]
    return [left.pop(0) if place is None else place for place in needed], chosen


def find_first_occurrence(index_value, index: pd.Index) -> int:
    """The position of the first such label."""
    place = index.get_loc(index_value)
    if isinstance(place, slice):
        return place.start
    if isinstance(place, np.ndarray):
        return np.flatnonzero(place)[0]
    return place
