"""Generated calls of VectorBT's base: broadcasting, labels, groups, wrapping, configuration,
templates, statistics by parts, indexing of portfolios.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_base.py IN OUT`), which knows nothing of fillproof.
"""

from __future__ import annotations

import importlib
import itertools
import pickle
import sys
import tempfile
import warnings
from collections import namedtuple
from pathlib import Path

import numpy as np
import pandas as pd


class Library:
    """The modules of one of the two, by the original's paths: lib("base.reshape_fns")."""

    def __init__(self, root: str) -> None:
        self.root = root

    def __call__(self, path: str = ""):
        return importlib.import_module(f"{self.root}.{path}" if path else self.root)


def plain(value, depth: int = 0):
    """A result as what can be compared: types, values, labels."""
    if depth > 6:
        return type(value).__name__
    if isinstance(value, pd.DataFrame):
        return {
            "kind": "DataFrame",
            "index": plain(value.index),
            "columns": plain(value.columns),
            "dtypes": [str(x) for x in value.dtypes],
            "values": [plain(x, depth + 1) for x in value.to_numpy().tolist()],
        }
    if isinstance(value, pd.Series):
        return {
            "kind": "Series",
            "index": plain(value.index),
            "name": plain(value.name, depth + 1),
            "dtype": str(value.dtype),
            "values": plain(value.tolist(), depth + 1),
        }
    if isinstance(value, pd.Index):
        return {
            "kind": type(value).__name__,
            "names": [plain(x) for x in value.names],
            "dtype": str(value.dtype),
            "labels": [plain(x) for x in value.tolist()],
        }
    if isinstance(value, np.ndarray):
        return {
            "kind": "array",
            "shape": value.shape,
            "dtype": str(value.dtype),
            "values": plain(value.tolist(), depth + 1),
        }
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, *(plain(x, depth + 1) for x in value)]
    if isinstance(value, (set, frozenset)):
        return [type(value).__name__, *sorted(map(repr, value))]
    if isinstance(value, dict):
        return {
            "kind": type(value).__name__,
            **{repr(k): plain(v, depth + 1) for k, v in value.items()},
        }
    if isinstance(value, slice):
        return repr(value)
    if isinstance(value, (np.float64, np.int64)):  # of a reduction: by pandas' accelerators
        value = value.item()
    if isinstance(value, np.generic):
        return [type(value).__name__, plain(value.item())]
    if isinstance(value, pd.Timedelta) or value is pd.NaT:
        return [type(value).__name__, str(value)]
    if isinstance(value, (bool, int, float, str, type(None))):
        return [type(value).__name__, value]
    if isinstance(value, pd.Timestamp):
        return ["Timestamp", str(value)]
    if callable(value):
        return "function"
    return type(value).__name__


def outcome(call):
    """What a call gives, or the name of what it raises."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = plain(call())
        except Exception as error:
            return {"raises": type(error).__name__}
    count = sum(issubclass(w.category, UserWarning) for w in caught)
    return {"result": result, "warnings": count}


class Draw:
    """Random choices."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def pick(self, *options):
        return options[self.rng.integers(len(options))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def some(self, *options) -> list:
        return [x for x in options if self.chance(0.5)]

    def values(self, *shape):
        kind = self.pick("float", "float", "int", "bool", "nan")
        if kind == "int":
            return self.rng.integers(0, 5, shape)
        if kind == "bool":
            return self.rng.random(shape) < 0.5
        out = np.round(self.rng.normal(0, 1, shape), 3)
        if kind == "nan":
            out[self.rng.random(shape) < 0.3] = np.nan
        return out

    def labels(self, n: int, name=None) -> pd.Index:
        """An index of one of many kinds."""
        kind = self.pick("range", "range", "words", "words", "numbers", "dates", "multi", "same")
        if kind == "range":
            return pd.RangeIndex(n, name=self.pick(None, None, name))
        name = self.pick(None, name, "x", "y")
        if kind == "words":
            return pd.Index([f"{self.pick('a', 'b')}{i}" for i in range(n)], name=name)
        if kind == "numbers":
            return pd.Index(self.rng.permutation(n) + self.pick(0, 5), name=name)
        if kind == "dates":
            return pd.date_range("2020-01-01", periods=n, freq=self.pick("D", "h"), name=name)
        if kind == "same":
            return pd.Index(["a"] * n, name=name)
        names = [self.pick(None, "p", "x"), self.pick(None, "q")]
        first = [self.pick(1, 2, 3) for _ in range(n)]
        return pd.MultiIndex.from_arrays([first, [f"c{i}" for i in range(n)]], names=names)


# Broadcasting


def levels(draw: Draw, n_outer: int, inner: list, names) -> pd.MultiIndex:
    outer = list(range(n_outer))
    return pd.MultiIndex.from_tuples(list(itertools.product(outer, inner)), names=names)


def broadcasting(draw: Draw, lib: Library):
    rows, columns = draw.pick(1, 2, 3, 4), draw.pick(1, 2, 3)
    same_index = draw.labels(rows, "i")
    same_columns = draw.labels(columns, "c")
    args = []
    for _ in range(draw.pick(1, 2, 3, 3)):
        kind = draw.pick("scalar", "array1", "array2", "series", "frame", "frame", "list")
        r = draw.pick(rows, rows, 1)
        c = draw.pick(columns, columns, 1, 2)
        index = same_index if r == rows and draw.chance(0.7) else draw.labels(r, "i")
        if kind == "scalar":
            args.append(draw.pick(0, 1.5, True, np.nan))
        elif kind == "list":
            args.append(list(range(draw.pick(rows, columns))))
        elif kind == "array1":
            args.append(draw.values(draw.pick(rows, columns)))
        elif kind == "array2":
            args.append(draw.values(r, c))
        elif kind == "series":
            args.append(pd.Series(draw.values(r), index, name=draw.pick(None, "a", "b", 0, 1)))
        else:
            own = same_columns if c == columns and draw.chance(0.6) else draw.labels(c, "c")
            args.append(pd.DataFrame(draw.values(r, c), index, own))
    if draw.chance(0.25):  # columns that can be aligned by a level
        inner = ["u", "v"]
        name = draw.pick("sym", None)
        wide = levels(draw, 2, inner, ["par", name])
        narrow = pd.Index(inner if draw.chance(0.8) else inner[::-1], name=name)
        args = [
            pd.DataFrame(draw.values(rows, 4), same_index, wide),
            pd.DataFrame(draw.values(rows, 2), same_index, narrow),
            *args[:1],
        ]
        if draw.chance(0.3):
            args[1] = args[1].iloc[:, ::-1]
    kwargs = {}
    if draw.chance(0.3):
        kwargs["index_from"] = draw.pick(
            "keep", "stack", "strict", "reset", 0, 1, list(range(rows))
        )
    if draw.chance(0.3):
        kwargs["columns_from"] = draw.pick("keep", "stack", "strict", "reset", 0, 1, ["z"], "bad")
    if kwargs.get("index_from") is None and draw.chance(0.5):
        kwargs["index_from"] = "stack"
    for name, probability, options in (
        ("to_shape", 0.15, ((rows, columns), (4, 3), 3, (rows,))),
        ("to_pd", 0.2, (True, False, [draw.chance(0.5) for _ in args])),
        ("to_frame", 0.15, (True, False)),
        ("align_index", 0.2, (True, False)),
        ("align_columns", 0.3, (True, False)),
        ("keep_raw", 0.25, (True, [draw.chance(0.5) for _ in args])),
        ("ignore_sr_names", 0.3, (True, False)),
        ("drop_duplicates", 0.3, (True, False)),
        ("drop_redundant", 0.3, (True, False)),
        ("keep", 0.2, ("first", "last")),
        ("return_meta", 0.3, (True,)),
        ("require_kwargs", 0.1, ({"requirements": "W"}, {"dtype": float})),
    ):
        if draw.chance(probability):
            kwargs[name] = draw.pick(*options)
    return lib("base.reshape_fns").broadcast(*args, **kwargs)


def broadcasting_to(draw: Draw, lib: Library):
    fns = lib("base.reshape_fns")
    rows, columns = draw.pick(1, 2, 3), draw.pick(1, 2)
    frame = pd.DataFrame(draw.values(rows, columns), draw.labels(rows), draw.labels(columns))
    series = pd.Series(draw.values(rows), draw.labels(rows), name=draw.pick(None, "a"))
    array = draw.values(*draw.pick((rows,), (rows, columns), (1, columns), ()))
    one = draw.pick(frame, series, array, 3)
    other = draw.pick(frame, series, array)
    name = draw.pick("broadcast_to", "broadcast_to_array_of", "broadcast_to_axis_of", "tile",
                     "repeat", "to_1d", "to_2d", "to_pd_array", "soft_to_ndim",
                     "to_dict")  # fmt: skip
    if name == "broadcast_to":
        kwargs = {}
        if draw.chance(0.3):
            kwargs = {"index_from": draw.pick("keep", "reset", 0), "columns_from": "reset"}
        return fns.broadcast_to(one, other, to_pd=draw.pick(None, None, True, False), **kwargs)
    if name == "broadcast_to_array_of":
        return fns.broadcast_to_array_of(draw.pick(3, [1, 2], draw.values(2, rows)), other)
    if name == "broadcast_to_axis_of":
        return fns.broadcast_to_axis_of(draw.pick(3, [1.5]), other, draw.pick(0, 1, 2))
    if name in ("tile", "repeat"):
        return getattr(fns, name)(one, draw.pick(1, 2, 3), axis=draw.pick(0, 1, 1, 2))
    if name == "to_2d":
        return fns.to_2d(one, raw=draw.chance(0.5), expand_axis=draw.pick(0, 1))
    if name == "soft_to_ndim":
        return fns.soft_to_ndim(one, draw.pick(1, 2))
    if name == "to_dict":
        return fns.to_dict(one, orient=draw.pick("dict", "series", "list", "index_series"))
    if name == "to_pd_array":
        return fns.to_pd_array(one)
    return fns.to_1d(one, raw=draw.chance(0.5))


def unstacking(draw: Draw, lib: Library):
    fns = lib("base.reshape_fns")
    n_levels = draw.pick(2, 2, 3)
    n = draw.pick(3, 4, 6)
    arrays = [[draw.pick(*"abc") if k else draw.pick(1, 2, 3) for _ in range(n)]
              for k in range(n_levels - 1)]  # fmt: skip
    arrays.append(list(range(n)))
    index = pd.MultiIndex.from_arrays(arrays, names=[draw.pick(None, f"l{k}") for k in
                                                     range(n_levels)])  # fmt: skip
    series = pd.Series(draw.values(n).astype(float), index)
    name = draw.pick("unstack_to_array", "unstack_to_df", "make_symmetric")
    if name == "unstack_to_array":
        return fns.unstack_to_array(series, levels=draw.pick(None, 0, (1, 0), (0, 1)))
    if name == "unstack_to_df":
        kwargs = {}
        if draw.chance(0.6):
            kwargs = {"index_levels": draw.pick(0, 1), "column_levels": draw.pick(1, 0, -1)}
        return fns.unstack_to_df(series, symmetric=draw.chance(0.3), sort=draw.chance(0.5),
                                 **kwargs)  # fmt: skip
    rows, columns = draw.pick(1, 2, 3), draw.pick(1, 2)
    frame = pd.DataFrame(
        draw.values(rows, columns).astype(float),
        pd.Index([f"r{i}" for i in range(rows)], name=draw.pick(None, "n")),
        pd.Index([f"{draw.pick('c', 'r')}{i}" for i in range(columns)], name=draw.pick(None, "n")),
    )
    return fns.make_symmetric(frame, sort=draw.chance(0.5))


# Labels


def labelling(draw: Draw, lib: Library):
    fns = lib("base.index_fns")
    n = draw.pick(1, 2, 3, 4)
    a, b = draw.labels(n, "x"), draw.labels(n, "y")
    multi = pd.MultiIndex.from_arrays([a if a.nlevels == 1 else range(n), ["k"] * n, range(n)],
                                      names=["x", draw.pick(None, "k"), None])  # fmt: skip
    kwargs = {}
    for name, options in (("drop_duplicates", (True, False)), ("drop_redundant", (True, False)),
                          ("keep", ("first", "last"))):  # fmt: skip
        if draw.chance(0.4):
            kwargs[name] = draw.pick(*options)
    name = draw.pick("stack_indexes", "combine_indexes", "repeat_index", "tile_index",
                     "drop_levels", "rename_levels", "select_levels", "drop_redundant_levels",
                     "drop_duplicate_levels", "index_from_values", "align_index_to",
                     "align_indexes", "pick_levels", "find_first_occurrence")  # fmt: skip
    if name == "stack_indexes":
        return fns.stack_indexes([a, b, draw.pick(a, b, multi)], **kwargs)
    if name == "combine_indexes":
        return fns.combine_indexes([a, draw.labels(draw.pick(1, 2)), draw.pick([1, 2], b)],
                                   ignore_default=draw.pick(None, True, False),
                                   **kwargs)  # fmt: skip
    if name in ("repeat_index", "tile_index"):
        index = draw.pick(a, b, multi, [1, 2])
        return getattr(fns, name)(index, draw.pick(1, 2, 3), ignore_default=draw.pick(None, False))
    if name == "drop_levels":
        return fns.drop_levels(draw.pick(a, multi), draw.pick("x", 0, ["x", 1], "none", [0, 1, 2]),
                               strict=draw.chance(0.5))  # fmt: skip
    if name == "rename_levels":
        return fns.rename_levels(draw.pick(a.copy(), multi), {draw.pick("x", "z"): "new"},
                                 strict=draw.chance(0.5))  # fmt: skip
    if name == "select_levels":
        return fns.select_levels(draw.pick(multi, a), draw.pick("x", 0, ["x", 2], [1], 5))
    if name == "drop_redundant_levels":
        return fns.drop_redundant_levels(draw.pick(a, multi))
    if name == "drop_duplicate_levels":
        index = pd.MultiIndex.from_arrays([range(n), range(n), range(n)],
                                          names=draw.pick(("a", "a", "b"), None))  # fmt: skip
        return fns.drop_duplicate_levels(index, keep=draw.pick(None, "first", "last", "other"))
    if name == "index_from_values":
        values = [draw.pick(1, 0.5, "w", None, np.array([1.0, 1.0]), np.array([1, 2]), [1], True)
                  for _ in range(n)]  # fmt: skip
        return fns.index_from_values(values, name=draw.pick(None, "v"))
    if name in ("align_index_to", "align_indexes"):
        inner = ["u", "v", "w"][: draw.pick(2, 3)]
        own = draw.pick("s", None)
        wide = levels(draw, 2, inner, [draw.pick("p", None), own])
        wide = wide[draw.rng.permutation(len(wide))] if draw.chance(0.4) else wide
        narrow = pd.Index(inner, name=draw.pick("s", None))
        if draw.chance(0.2):
            narrow = pd.Index([*inner[:-1], "zz"], name=own)
        if name == "align_indexes":
            return [
                x if isinstance(x, slice) else np.asarray(x)
                for x in fns.align_indexes([narrow, wide, draw.pick(narrow, wide)])
            ]
        out = fns.align_index_to(narrow, draw.pick(wide, narrow))
        return out if isinstance(out, slice) else np.asarray(out)
    if name == "pick_levels":
        return fns.pick_levels(multi, draw.pick(None, [None], ["x", None], [0, 1], [None, None]),
                               draw.pick(None, ["x"], [None, 1], [-1]))  # fmt: skip
    repeated = pd.Index([3, 1, 3, 2][:n])
    return int(fns.find_first_occurrence(draw.pick(3, 1), repeated))


# Groups and wrappers


def group_of(draw: Draw, columns: pd.Index):
    n = len(columns)
    return draw.pick(
        None, None, True, False, 0, "p", [0] * n, [f"g{i // 2}" for i in range(n)],
        list(range(n)), pd.Index([i % 2 for i in range(n)], name="g"), [0, 1],
    )  # fmt: skip


def grouping(draw: Draw, lib: Library):
    ColumnGrouper = lib("base.column_grouper").ColumnGrouper
    columns = draw.labels(draw.pick(1, 2, 3, 4))
    allow = {f"allow_{name}": draw.chance(0.8) for name in ("enable", "disable", "modify")}
    grouper = ColumnGrouper(columns, group_by=group_of(draw, columns), **allow)
    other = group_of(draw, columns)
    out = {"group_by": grouper.group_by}
    for name in ("is_grouped", "is_grouping_enabled", "is_grouping_disabled",
                 "is_grouping_modified", "is_grouping_changed", "is_group_count_changed",
                 "check_group_by", "resolve_group_by", "get_groups_and_columns", "get_groups",
                 "get_columns", "is_sorted", "get_group_lens", "get_group_count",
                 "get_group_start_idxs", "get_group_end_idxs"):  # fmt: skip
        out[name] = outcome(lambda name=name: _plain_bool(getattr(grouper, name)(group_by=other)))
    return out


def _plain_bool(value):
    return bool(value) if isinstance(value, np.bool_) else value


def a_wrapper(draw: Draw, lib: Library, grouped: float = 0.5):
    rows = draw.pick(1, 3, 4, 5)
    flat = draw.chance(0.25)
    index = draw.labels(rows)
    columns = pd.Index([draw.pick(0, "a")]) if flat else draw.labels(draw.pick(1, 2, 3, 4))
    kwargs = {}
    if draw.chance(grouped):
        n = len(columns)
        kwargs["group_by"] = draw.pick(True, [f"g{i // 2}" for i in range(n)], [0] * n)
    if draw.chance(0.4):
        kwargs["freq"] = draw.pick("D", "4h", pd.Timedelta("2D"), pd.offsets.Hour(3))
    for name in ("column_only_select", "group_select"):
        if draw.chance(0.2):
            kwargs[name] = draw.chance(0.5)
    return lib("base.array_wrapper").ArrayWrapper(index, columns, 1 if flat else 2, **kwargs)


def described(wrapper):
    """What a wrapper says about itself."""
    names = ("index", "columns", "ndim", "name", "shape", "shape_2d", "freq", "grouped_ndim",
             "column_only_select", "group_select")  # fmt: skip
    out = {name: outcome(lambda name=name: getattr(wrapper, name)) for name in names}
    out["group_by"] = plain(wrapper.grouper.group_by)
    for name in ("get_columns", "get_name", "get_ndim", "get_shape", "get_shape_2d"):
        out[name] = outcome(getattr(wrapper, name))
    return out


def wrapping(draw: Draw, lib: Library):
    wrapper = a_wrapper(draw, lib)
    other = draw.pick(None, None, False, True)
    rows = len(wrapper.index)
    count = len(wrapper.columns)
    groups = wrapper.grouper.get_columns()
    units = count if other is False else 1 if other is True else len(groups)
    kwargs = {"group_by": other}
    reduced = draw.chance(0.6)
    if reduced:
        values = draw.pick(draw.values(units), draw.values(units), draw.values(2, units),
                           draw.values())  # fmt: skip
        if draw.chance(0.5):
            kwargs["name_or_index"] = draw.pick("total", ["p", "q"])
    else:
        values = draw.values(rows, draw.pick(units, units, units, count))
        if draw.chance(0.2):
            values = values[:, 0]
        if draw.chance(0.2):
            kwargs["index"] = [f"r{i}" for i in range(rows)]
    if draw.chance(0.15):
        kwargs["columns"] = [f"n{i}" for i in range(units)]
    if draw.chance(0.2):
        kwargs["fillna"] = 0
    if draw.chance(0.2):
        kwargs["dtype"] = draw.pick(float, object)
    if draw.chance(0.25):
        kwargs["to_timedelta"] = True
        kwargs["silence_warnings"] = draw.pick(None, True, False)
    elif draw.chance(0.2):
        kwargs["to_index"] = True
        values = np.where(draw.rng.random(np.shape(values)) < 0.3, -1, 0)
        if draw.chance(0.3):
            values = np.where(draw.rng.random(np.shape(values)) < 0.3, np.nan, values)
    name = "wrap_reduced" if reduced else "wrap"
    return {
        "wrapper": described(wrapper),
        "out": outcome(lambda: getattr(wrapper, name)(np.array(values), **kwargs)),
        "fill": outcome(lambda: wrapper.fill(1, group_by=other)),
        "fill_reduced": outcome(lambda: wrapper.fill_reduced(1, group_by=other)),
        "dummy": outcome(lambda: wrapper.dummy(group_by=other).shape),
        "regroup": outcome(lambda: described(wrapper.regroup(group_of(draw, wrapper.columns)))),
        "resolve": outcome(lambda: described(wrapper.resolve(group_by=other))),
        "timedelta": outcome(lambda: wrapper.to_timedelta(draw.pick(3, 2.5, np.array([1, 2])))),
    }


def a_key(draw: Draw, index: pd.Index, columns: pd.Index, by_label: bool, columns_only: bool):
    """Something to index with."""

    def one(labels):
        n = len(labels)
        places = draw.pick(0, n - 1, slice(None), slice(0, 1), slice(0, 2), [0], list(range(n)),
                           [n - 1, 0], n + 3)  # fmt: skip
        if not by_label or (isinstance(places, int) and places >= n):
            return "no such label" if by_label else places
        return labels[places] if not isinstance(places, slice) else slice(
            labels[0], labels[min(1, n - 1)]
        ) if places.stop else places  # fmt: skip

    if columns_only:
        return one(columns)
    return draw.pick((one(index), one(columns)), (slice(None), one(columns)), one(index))


def indexing(draw: Draw, lib: Library):
    wrapper = a_wrapper(draw, lib, grouped=0.5)
    return _indexed(draw, wrapper, wrapper.column_only_select or False, described)


def _indexed(draw: Draw, obj, columns_only: bool, describe):
    wrapper = obj.wrapper if hasattr(obj, "wrapper") else obj
    columns = wrapper.get_columns() if wrapper.grouper.is_grouped() else wrapper.columns
    how = draw.pick("iloc", "loc", "brackets", "brackets", "xs")
    key = a_key(draw, wrapper.index, columns, how != "iloc", columns_only or how == "brackets")
    if how == "xs":
        level = columns.get_level_values(0)[0]
        return {"xs": outcome(lambda: describe(obj.xs(level, axis=draw.pick(0, 1))))}
    target = obj if how == "brackets" else getattr(obj, how)
    return {f"{how}[{key}]": outcome(lambda: describe(target[key]))}


# Utilities


def configuring(draw: Draw, lib: Library):
    config = lib("utils.config")
    inner = {"b": [1, 2], "c": {"d": 1}}
    items = {"a": 0, "n": inner, "at": config.atomic_dict(x=1)}
    kwargs = {}
    for name in ("frozen_keys", "readonly", "nested", "as_attrs"):
        if draw.chance(0.4):
            kwargs[name] = draw.chance(0.6)
    if draw.chance(0.3):
        kwargs["convert_dicts"] = draw.pick(True, config.Config)
    if draw.chance(0.3):
        kwargs["copy_kwargs"] = {"copy_mode": draw.pick("shallow", "hybrid", "deep")}
    if draw.chance(0.2):
        kwargs["reset_dct"] = {"r": 1}
    out = {}
    made = []

    def make():
        source = items if draw.chance(0.8) else config.Config(items, nested=True)
        made.append(config.Config(source, **kwargs))
        return made[0]

    out["made"] = outcome(make)
    if not made:
        return out
    one = made[0]
    for n in range(draw.pick(2, 4, 6)):
        force = {"force": True} if draw.chance(0.3) else {}
        name = draw.pick("set", "set", "set_new", "update", "update_nested", "pop", "popitem",
                         "clear", "reset", "checkpoint", "copy", "merge", "to_dict", "attr",
                         "set_attr", "del", "inner", "dumps", "del_attr")  # fmt: skip

        def step(name=name, force=force):
            if name == "set":
                return one.__setitem__("a", 5, **force)
            if name == "set_new":
                return one.__setitem__("new", 5, **force)
            if name == "update":
                return one.update({"a": 7, "n": {"b": 3}}, **force)
            if name == "update_nested":
                return one.update({"n": {"c": {"e": 2}}}, nested=draw.chance(0.5), **force)
            if name == "pop":
                return one.pop(draw.pick("a", "missing"), *draw.pick((), (9,)), **force)
            if name == "popitem":
                return one.popitem(**force)
            if name == "clear":
                return one.clear(**force)
            if name == "reset":
                return one.reset(**force)
            if name == "checkpoint":
                return one.make_checkpoint(**force)
            if name == "copy":
                other = one.copy(**draw.pick({}, {"copy_mode": "deep"}))
                other.__setitem__("a", 99, force=True)
                if "n" in other and "b" in other["n"] and isinstance(other["n"]["b"], list):
                    other["n"]["b"].append(9)
                return dict(other), one == other
            if name == "merge":
                return one.merge_with({"n": {"b": 1}, "at": {"y": 1}}, nested=draw.pick(None, True))
            if name == "to_dict":
                return one.to_dict(nested=draw.pick(None, True))
            if name == "attr":
                return one.a
            if name == "set_attr":
                one.a = 3
                return dict(one)
            if name == "del":
                del one["a"]
                return dict(one)
            if name == "del_attr":
                del one.a
                return dict(one)
            if name == "inner":
                one["n"]["b"] = 0
                return dict(one)
            again = config.Config.loads(one.dumps())
            return dict(again), again == one, again.readonly_, again.nested_, again.as_attrs_

        out[f"{n} {name} {force}"] = outcome(step)
        out[f"{n} after"] = plain(dict(one))
    flags = ("frozen_keys_", "readonly_", "nested_", "as_attrs_", "copy_kwargs_", "reset_dct_")
    return {**out, **{name: plain(getattr(one, name)) for name in flags}}


def merging(draw: Draw, lib: Library):
    config = lib("utils.config")

    def a_dict(depth=0):
        out = {}
        for key in draw.some("a", "b", "c", "d"):
            deeper = depth < 2 and draw.chance(0.5)
            out[key] = a_dict(depth + 1) if deeper else draw.pick(1, None, [1], "x")
        kind = draw.pick(dict, dict, dict, config.atomic_dict, config.Config)
        return kind(out)

    dicts = [draw.pick(a_dict(), a_dict(), None) for _ in range(draw.pick(2, 3))]
    kwargs = {}
    if draw.chance(0.3):
        kwargs["to_dict"] = draw.chance(0.5)
    if draw.chance(0.3):
        kwargs["copy_mode"] = draw.pick("shallow", "hybrid", "deep", None)
    if draw.chance(0.3):
        kwargs["nested"] = draw.chance(0.5)
    if draw.chance(0.2):
        kwargs["same_keys"] = True
    before = plain(dicts)
    merged = outcome(lambda: config.merge_dicts(*dicts, **kwargs))
    return merged, before == plain(dicts)


Words = namedtuple("Words", ("Alpha", "BetaGamma", "Delta"))


def templates(draw: Draw, lib: Library):
    t = lib("utils.template")
    mapping = {name: draw.pick(1, "w", [2]) for name in draw.some("x", "y", "z")}

    def something(depth=0):
        own = {"x": 7} if draw.chance(0.3) else None
        leaf = draw.pick(
            t.Sub("$x and ${y}", own), t.Rep("x", own), t.Rep("z"), t.RepEval("x", own),
            t.RepFunc(lambda x, y=3: (x, y), own), 5, "text", None,
        )  # fmt: skip
        if depth > 1 or draw.chance(0.4):
            return leaf
        parts = [something(depth + 1) for _ in range(2)]
        return draw.pick(
            parts, tuple(parts), {"k": parts[0], "l": parts[1]}, Words(parts[0], 2, parts[1])
        )

    obj = something()
    out = outcome(
        lambda: t.deep_substitute(obj, mapping, safe=draw.chance(0.4), make_copy=draw.chance(0.7))
    )
    return out, bool(t.has_templates(obj))


def mapped(draw: Draw, lib: Library):
    m = lib("utils.mapping")
    e = lib("utils.enum_")
    words = Words(0, 1, 2)
    name = draw.pick("fields", "values", "apply", "to_mapping")
    field = draw.pick("alpha", "Beta_Gamma", "betagamma", "nothing", 1, 5, None)
    if name in ("fields", "values"):
        raw = field if name == "fields" else draw.pick(0, 2, -1, 9, "Alpha")
        n = draw.pick(0, 2, 3)
        shaped = draw.pick(
            raw, [raw] * n, (raw, raw), np.array([raw] * n), pd.Series([raw] * n),
            pd.DataFrame({"a": [raw] * n, "b": [raw] * n}), pd.Index([raw] * n), {raw},
        )  # fmt: skip
        kwargs = {}
        if draw.chance(0.3):
            kwargs = {"ignore_missing": True}
        elif draw.chance(0.3):
            kwargs = {"ignore_case": draw.chance(0.5), "ignore_underscores": draw.chance(0.5)}
        call = e.map_enum_fields if name == "fields" else e.map_enum_values
        return call(shaped, words, **kwargs)
    source = draw.pick(words, {"a": 1, "b": 2}, ["p", "q"], pd.Series([5, 6], index=["x", "y"]),
                       pd.Index(["m", "n"]))  # fmt: skip
    if name == "to_mapping":
        return m.to_mapping(source, reverse=draw.chance(0.5))
    value = draw.pick("a", 0, 1.0, np.nan, None, ["a", "b"], np.array([[0, 1]]), pd.Series([0, 1]))
    return m.apply_mapping(value, source, ignore_missing=draw.chance(0.5),
                           ignore_type=draw.pick(None, int, (int, str)),
                           na_sentinel=draw.pick(None, -1))  # fmt: skip


def parameters(draw: Draw, lib: Library):
    p = lib("utils.params")
    a = [draw.pick(1, 2, 3) for _ in range(draw.pick(1, 2, 3))]
    b = list("xyz"[: draw.pick(1, 2, 3)])
    name = draw.pick("product", "broadcast", "combs", "tags", "ranges", "rescale", "kwargs")
    if name == "product":
        return p.create_param_product([a, b])
    if name == "broadcast":
        return p.broadcast_params([a, b], to_n=draw.pick(None, 3))
    if name == "combs":
        tree = draw.pick(
            (itertools.product, a, b),
            (itertools.product, (itertools.combinations, [0, 1, 2], 2), b),
            (itertools.combinations, [0, 1, 2], 2),
            (zip, a, b),
        )
        return p.create_param_combs(tree)
    if name == "tags":
        return lib("utils.tags").match_tags(
            draw.pick("x", ["x", "y"], "x and y", "x and not y", "x or z", "1 + 1", ["q", "z"]),
            draw.pick("x", ["x", "y"], ["z"], ["not valid"]),
        )
    if name == "ranges":
        starts = np.sort(draw.rng.integers(0, 5, 3))
        return lib("utils.array_").get_ranges_arr(starts, starts + draw.rng.integers(1, 4, 3))
    if name == "rescale":
        values = draw.pick(np.array([1.0, 2, 4]), np.array([0.0, 3]), np.array([2.0, 2]))
        call = draw.pick("min_rel_rescale", "max_rel_rescale")
        return getattr(lib("utils.array_"), call)(values, draw.pick((1, 2), (1.0, 10.0)))
    c = lib("utils.config")

    def function(a, b=1, *args, c=2, **kwargs):
        pass

    return c.get_func_kwargs(function), c.get_func_arg_names(function)


def checking(draw: Draw, lib: Library):
    c = lib("utils.checks")
    things = [
        1, "x", None, [1, 2], (1,), {"a": 1}, np.array([1.0, 2.0]), np.array([1, 2]),
        pd.Series([1, 2]), pd.Series([1.0, 2.0], name="n"), pd.DataFrame({"a": [1, 2]}),
        pd.Index([1, 2]), pd.Index([1, 2], name="n"), pd.RangeIndex(2), Words(0, 1, 2),
        pd.MultiIndex.from_tuples([(1, 2)]), np.array([1.0, 2.0 + 1e-12]),
        np.array([(1, 2.0)], dtype=[("p", int), ("q", float)]),
    ]  # fmt: skip
    a, b = draw.pick(*range(len(things))), draw.pick(*range(len(things)))
    x, y = things[a], things[b]
    if draw.chance(0.5):
        name = draw.pick("is_np_array", "is_series", "is_index", "is_frame", "is_pandas",
                         "is_any_array", "is_sequence", "is_iterable", "is_hashable",
                         "is_namedtuple", "is_mapping", "is_mapping_like")  # fmt: skip
        return bool(getattr(c, name)(x))
    name = draw.pick("is_deep_equal", "is_deep_equal", "is_equal", "assert_type_equal",
                     "assert_meta_equal", "assert_array_equal", "assert_shape_equal",
                     "assert_dtype_equal", "assert_len_equal", "is_index_equal",
                     "assert_instance_of", "assert_ndim", "assert_dtype")  # fmt: skip
    if name == "is_deep_equal":
        return c.is_deep_equal(x, pickle.loads(pickle.dumps(x)) if draw.chance(0.5) else y,
                               check_exact=draw.chance(0.4))  # fmt: skip
    if name == "is_equal":
        return bool(c.is_equal(x, x)) if np.ndim(x) == 0 else None
    if name == "is_index_equal":
        return c.is_index_equal(draw.pick(*things[11:14]), draw.pick(*things[11:14]),
                                strict=draw.chance(0.5))  # fmt: skip
    if name == "assert_instance_of":
        return c.assert_instance_of(x, draw.pick(int, (int, str), pd.Series, "Series"))
    if name == "assert_ndim":
        return c.assert_ndim(x, draw.pick(1, 2, (1, 2)))
    if name == "assert_dtype":
        return c.assert_dtype(x, draw.pick(int, float))
    return getattr(c, name)(x, y)


# Statistics by parts


def a_class(lib: Library):
    """A class with statistics, as a script would write it."""
    Wrapping = lib("base.array_wrapper").Wrapping
    StatsBuilderMixin = lib("generic.stats_builder").StatsBuilderMixin
    merge_dicts = lib("utils.config").merge_dicts
    Config = lib("utils.config").Config
    t = lib("utils.template")

    class Table(Wrapping, StatsBuilderMixin):
        def __init__(self, wrapper, table, **kwargs):
            Wrapping.__init__(self, wrapper, table=table, **kwargs)
            StatsBuilderMixin.__init__(self)
            self.table = table

        @property
        def stats_defaults(self):
            own = {
                "settings": {"factor": 2, "closed": True},
                "template_mapping": {"word": "template"},
                "filters": {
                    "big": {
                        "filter_func": lambda self, settings: settings["factor"] > 1,
                        "warning_message": t.Sub("'$metric_name' is small"),
                        "inv_warning_message": t.Sub("'$metric_name' is big"),
                    }
                },
            }
            return merge_dicts(StatsBuilderMixin.stats_defaults.__get__(self), own)

        def indexing_func(self, pd_indexing_func, **kwargs):
            wrapper, rows, _, columns = self.wrapper.indexing_func_meta(pd_indexing_func, **kwargs)
            table = np.atleast_2d(self.table)[rows][:, np.atleast_1d(columns)]
            return self.replace(wrapper=wrapper, table=table)

        def get_sums(self, group_by=None, factor=1):
            lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
            sums = np.add.reduceat(self.table.sum(axis=0), np.cumsum(lengths) - lengths)
            return Sums(self.wrapper, sums * factor, group_by)

        @property
        def sums(self):
            return self.get_sums()

        def rows(self, group_by=None):
            return len(self.wrapper.index)

        def lowest(self, group_by=None, wrap_kwargs=None, factor=1):
            lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
            low = np.minimum.reduceat(self.table.min(axis=0), np.cumsum(lengths) - lengths)
            return self.wrapper.wrap_reduced(low * factor, group_by=group_by,
                                             **(wrap_kwargs or {}))  # fmt: skip

        _metrics = StatsBuilderMixin.metrics.merge_with(
            {
                "total": {"title": "Total", "calc_func": "sums.out", "tags": ["sum", "big"],
                          "check_big": True},
                "lowest": {"title": "Lowest", "calc_func": "lowest", "tags": "low"},
                "low_time": {"title": "Low time", "calc_func": "lowest", "tags": ["low", "time"],
                             "fill_wrap_kwargs": True},
                "time": {"title": "Time", "calc_func": lambda self, group_by: self.lowest(group_by),
                         "apply_to_timedelta": True, "tags": "time"},
                "several": {"title": t.Sub("Several $word"), "tags": "several",
                            "calc_func": lambda factor: {"one": factor, "two": factor * 2}},
                "untagged": {"calc_func": lambda metric_name, column: f"{metric_name} {column}"},
                "raw": {"title": "Raw", "resolve_calc_func": False, "tags": "raw",
                        "calc_func": lambda self, settings: settings["factor"],
                        "post_calc_func": lambda self, out, settings: out + 1},
                "not_big": {"title": "Not big", "calc_func": "rows", "inv_check_big": True},
                "grouped": {"title": "Ungrouped only", "calc_func": "rows", "agg_func": None,
                            "check_is_not_grouped": True, "tags": "wrapper"},
            }
        )  # fmt: skip

    class Sums:
        def __init__(self, wrapper, sums, group_by):
            self.wrapper, self.sums, self.group_by = wrapper, sums, group_by

        def out(self, wrap_kwargs=None, scale=1):
            return self.wrapper.wrap_reduced(self.sums * scale, group_by=self.group_by,
                                             **(wrap_kwargs or {}))  # fmt: skip

    assert isinstance(Table.metrics, (dict, Config))
    return Table


def building(draw: Draw, lib: Library):
    Table = a_class(lib)
    rows, columns = 3, draw.pick(1, 2, 3)
    index = pd.date_range("2020-01-01", periods=rows) if draw.chance(0.7) else pd.RangeIndex(rows)
    labels = pd.Index([f"c{i}" for i in range(columns)])
    group_by = draw.pick(None, None, [i // 2 for i in range(columns)])
    ArrayWrapper = lib("base.array_wrapper").ArrayWrapper
    ndim = 1 if columns == 1 and draw.chance(0.5) else 2
    wrapper = ArrayWrapper(index, labels, ndim, group_by=group_by)
    obj = Table(wrapper, np.arange(rows * columns).reshape(rows, columns).astype(float) + 1)
    kwargs = {}
    own = ("own", {"title": "Own", "calc_func": lambda self, factor=1: factor, "tags": "own"})
    for name, probability, options in (
        ("metrics", 0.4, ("total", ["total", "time"], ["total", "total"], [own], own, "all",
                          {"own": own[1]}, ["nothing"], [3])),
        ("tags", 0.4, ("sum", "low", ["sum", "time"], "low and not time", "wrapper", "nothing",
                       "all")),
        ("column", 0.3, ("c0", 0, "nothing", labels[-1])),
        ("group_by", 0.3, (True, False, [0] * columns)),
        ("agg_func", 0.3, (None, np.max, np.sum)),
        ("silence_warnings", 0.2, (True, False)),
        ("settings", 0.4, ({"factor": 1}, {"factor": 3}, {"to_timedelta": False}, {"freq": "2h"},
                           {"use_caching": False}, {"unknown": 1})),
        ("template_mapping", 0.2, ({"word": "other"},)),
        ("metric_settings", 0.3, ({"total": {"factor": 5}}, {"total": {"scale": 2}},
                                  {"nothing": {}}, {"lowest": {"title": "L", "pass_factor": True}},
                                  {"time": {"agg_func": np.min}},
                                  {"lowest": {"factor": 7}})),
        ("filters", 0.15, ({"big": {"filter_func": lambda self, settings: False}},)),
    ):  # fmt: skip
        if draw.chance(probability):
            kwargs[name] = draw.pick(*options)
    obj.metrics.update({"later": {"title": "Later", "calc_func": lambda: 1}})
    return {
        "stats": outcome(lambda: obj.stats(**kwargs)),
        "class": "later" in Table.metrics,
        "copy": "later" in obj.copy().metrics,
        "selected": outcome(lambda: obj[draw.pick("c0", ["c0"], 0)].stats()),
        "one": outcome(lambda: obj.select_one(column=draw.pick(None, "c0", 0, 7)).stats()),
    }


def plotting(draw: Draw, lib: Library):
    Table = a_class(lib)
    PlotsBuilderMixin = lib("generic.plots_builder").PlotsBuilderMixin
    Config = lib("utils.config").Config

    class Meta(type(Table), type(PlotsBuilderMixin)):
        pass

    class Plotted(Table, PlotsBuilderMixin, metaclass=Meta):
        def __init__(self, wrapper, table, **kwargs):
            Table.__init__(self, wrapper, table, **kwargs)
            PlotsBuilderMixin.__init__(self)

        def line(self, column=None, add_trace_kwargs=None, fig=None, trace_names=None, factor=1):
            fig.add_scatter(
                y=[factor, 2, 3], name=trace_names[0], line={"color": "red"}, **add_trace_kwargs
            )

        def bars(self, fig, add_trace_kwargs, xref="x", y_domain=None, color="blue"):
            fig.add_bar(y=[1, 2], name="bars", marker={"color": color}, **add_trace_kwargs)
            fig.add_shape(type="line", xref=xref, yref="paper", x0=0, x1=1,
                          y0=y_domain[0], y1=y_domain[1])  # fmt: skip

        _subplots = Config(
            {
                "line": {"title": "A line", "plot_func": "line", "tags": ["line", "x"]},
                "bars": {"title": "Bars", "plot_func": "bars", "yaxis_kwargs": {"title": "Y"},
                         "tags": "bars"},
                "same": {"plot_func": lambda self, fig, add_trace_kwargs: self.bars(
                    fig, add_trace_kwargs, y_domain=(0, 1)), "xaxis_kwargs": {"title": "X"}},
                "raw": {"title": "Raw", "resolve_plot_func": False, "tags": "x",
                        "plot_func": lambda self, settings: None, "check_big": True},
                "empty": {"title": "Empty", "tags": "x", "check_is_not_grouped": True},
            },
            copy_kwargs={"copy_mode": "deep"},
        )  # fmt: skip

        @property
        def plots_defaults(self):
            merge_dicts = lib("utils.config").merge_dicts
            big = {"filter_func": lambda self, settings: settings.get("factor", 2) > 1}
            return merge_dicts(
                PlotsBuilderMixin.plots_defaults.__get__(self), {"filters": {"big": big}}
            )

    columns = draw.pick(1, 2)
    labels = pd.Index([f"c{i}" for i in range(columns)])
    wrapper = lib("base.array_wrapper").ArrayWrapper(
        pd.RangeIndex(3), labels, 2, group_by=draw.pick(None, True)
    )
    obj = Plotted(wrapper, np.arange(3.0 * columns).reshape(3, columns))
    kwargs = {}
    for name, probability, options in (
        ("subplots", 0.6, (["line", "bars"], "bars", ["line"] * 3, "all", ["line", "raw", "bars"],
                           ["nothing"], [("own", {"plot_func": "line", "factor": 3})])),
        ("tags", 0.3, ("x", ["bars", "line"], "x and line", "nothing")),
        ("settings", 0.3, ({"factor": 5}, {"color": "green"})),
        ("subplot_settings", 0.3, ({"bars": {"color": "black", "title": "Black"}},
                                   {"bars": {"yaxis_kwargs": {"title": "Other"}}})),
        ("show_titles", 0.3, (False, True)),
        ("hide_id_labels", 0.3, (False,)),
        ("group_id_labels", 0.3, (False,)),
        ("make_subplots_kwargs", 0.3, ({"rows": 2, "cols": 3}, {"shared_xaxes": False},
                                       {"shared_yaxes": True, "rows": 2, "cols": 4},
                                       {"vertical_spacing": 20}, {"vertical_spacing": 0.01})),
        ("width", 0.2, (900, None)),
        ("height", 0.2, (900, None)),
        ("legend", 0.1, ({"x": 0.5},)),
    ):  # fmt: skip
        if draw.chance(probability):
            kwargs[name] = draw.pick(*options)
    fig = obj.plots(**kwargs)
    if fig is None:
        return None
    page = fig.to_plotly_json()
    page["layout"].pop("template", None)
    for trace in page["data"]:
        trace.pop("uid", None)
    return sorted_keys(page["data"]), sorted_keys(page["layout"])


def sorted_keys(value):
    """JSON, whose objects have no order, in one order."""
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return type(value)(sorted_keys(item) for item in value)
    return value


# Portfolios


def portfolios(draw: Draw, lib: Library):
    Portfolio = lib("portfolio.base").Portfolio
    rows, columns = 6, draw.pick(1, 2, 3, 4)
    index = pd.date_range("2020-01-01", periods=rows)
    close = 10 + np.cumsum(draw.rng.normal(0, 1, (rows, columns)), axis=0)
    labels = draw.pick(
        pd.Index([f"c{i}" for i in range(columns)], name=draw.pick(None, "n")),
        pd.MultiIndex.from_arrays([[i // 2 for i in range(columns)], list(range(columns))],
                                  names=["p", "q"]),
    )  # fmt: skip
    frame = pd.DataFrame(np.maximum(close, 1.0), index, labels)
    if columns == 1 and draw.chance(0.5):
        frame = frame.iloc[:, 0]
    size = pd.DataFrame(draw.rng.normal(0, 1, (rows, columns)), index, labels)
    kwargs = {"init_cash": draw.pick(100.0, 1000.0, "auto", "autoalign"), "freq": "D"}
    if draw.chance(0.6):
        kwargs["group_by"] = draw.pick(True, [i // 2 for i in range(columns)])
        kwargs["cash_sharing"] = draw.chance(0.5)
    pf = Portfolio.from_orders(frame, size if frame.ndim == 2 else size.to_numpy()[:, 0], **kwargs)
    out = {}

    def say(of):
        return {
            "value": plain(of.value()),
            "init_cash": plain(of.get_init_cash()),
            "total_return": plain(of.total_return()),
            "orders": plain(of.orders.records),
            "trades": plain(of.trades.records),
            "close": plain(of.close),
            "wrapper": described(of.wrapper),
        }

    group_by = draw.pick(None, False, True, [0] * columns)
    out["regroup"] = outcome(lambda: say(pf.regroup(group_by)))
    for name in ("value", "cash_flow", "get_init_cash", "total_profit", "final_value",
                 "total_return", "returns", "benchmark_value", "gross_exposure"):  # fmt: skip
        out[name] = outcome(lambda name=name: getattr(pf, name)(group_by=group_by))
    out.update(_indexed(draw, pf, True, say))
    out["select_one"] = outcome(lambda: say(pf.select_one(column=draw.pick(None, "c0", 0, 9))))
    folder = Path(tempfile.mkdtemp())

    def saved():
        pf.save(folder / "pf")
        return say(Portfolio.load(folder / "pf"))

    if draw.chance(0.3):
        out["saved"] = outcome(saved)
    out["copy"] = outcome(lambda: say(pf.copy()) if draw.chance(0.3) else None)
    options = {}
    for name, probability, values in (
        ("metrics", 0.4, (["start", "total_trades", "win_rate"], "sharpe_ratio", ["max_dd"] * 2)),
        ("tags", 0.3, ("trades", "portfolio and not trades", ["returns", "wrapper"], "open")),
        ("column", 0.3, ("c0", 0, 1, "nothing")),
        ("group_by", 0.3, (False, True)),
        ("agg_func", 0.3, (None, np.max)),
        ("settings", 0.5, ({"incl_open": True}, {"freq": "4h"}, {"year_freq": "252 days"},
                           {"trades_type": "positions"}, {"trades_type": "entrytrades"},
                           {"to_timedelta": False})),
        ("metric_settings", 0.2, ({"sharpe_ratio": {"risk_free": 0.001}},
                                  {"win_rate": {"title": "W", "incl_open": True}})),
    ):  # fmt: skip
        if draw.chance(probability):
            options[name] = draw.pick(*values)
    out["stats"] = outcome(lambda: pf.stats(**options))
    return out


def inputs(draw: Draw, lib: Library):
    """Labels and shapes of a simulation's inputs."""
    Portfolio = lib("portfolio.base").Portfolio
    rows, columns = draw.pick(2, 3, 4), draw.pick(1, 2, 3)
    index, own = draw.labels(rows, "i"), draw.labels(columns, "c")

    def positive(*shape):
        return np.round(5 + draw.rng.random(shape), 3)

    def one():
        c = draw.pick(columns, columns, 1)
        kind = draw.pick("frame", "frame", "series", "array", "row", "list", "scalar")
        rows_of = index if draw.chance(0.85) else draw.labels(rows, "i")
        if kind == "frame":
            labels = own if c == columns and draw.chance(0.5) else draw.labels(c, "d")
            return pd.DataFrame(positive(rows, c), rows_of, labels)
        if kind == "series":
            return pd.Series(positive(rows), rows_of, name=draw.pick(None, "s", 0))
        if kind == "array":
            return positive(rows, draw.pick(c, 1))
        if kind == "row":
            return positive(draw.pick(1, c), c)[:1]
        return positive(rows).tolist() if kind == "list" else 5.5

    close = one()
    size = one()
    if draw.chance(0.4):  # levels by which one table is brought to the columns of the other
        inner = [f"s{i}" for i in range(columns + 1)]
        wide = levels(draw, 2, inner, ["par", "sym"])
        wide = wide[draw.rng.permutation(len(wide))] if draw.chance(0.3) else wide
        close = pd.DataFrame(positive(rows, columns + 1), index, pd.Index(inner, name="sym"))
        size = pd.DataFrame(positive(rows, len(wide)), index, wide)
        if draw.chance(0.3):
            close, size = size, close
    kwargs = {"close": close, "size": size, "init_cash": 50.0}
    if draw.chance(0.3):
        kwargs["fees"] = draw.pick(0.01, np.full((1, columns), 0.01), np.full((rows, 1), 0.02))
    if draw.chance(0.4):
        kwargs["broadcast_kwargs"] = draw.pick(
            {"index_from": "stack"}, {"index_from": "reset"}, {"columns_from": "keep"},
            {"columns_from": 0}, {"align_columns": False}, {"ignore_sr_names": False},
            {"to_shape": (rows, 4)}, {"to_frame": True}, {"drop_redundant": False},
            {"keep": "first"},
            {"columns_from": [f"z{i}" for i in range(columns)]}, {"align_index": True},
        )  # fmt: skip
    elif draw.chance(0.3):
        kwargs["broadcast_kwargs"] = {"index_from": "stack"}
    if draw.chance(0.3):
        kwargs["group_by"] = draw.pick(True, "par", 0)
    if draw.chance(0.2):
        kwargs["wrapper_kwargs"] = draw.pick({"group_select": False}, {"grouped_ndim": 2})
    if draw.chance(0.2):
        kwargs["cash_sharing"] = True
    pf = Portfolio.from_orders(**kwargs)
    return {
        "wrapper": described(pf.wrapper),
        "close": plain(pf.close),
        "orders": plain(pf.orders.records),
        "readable": plain(pf.orders.records_readable.astype(str)),
        "value": plain(pf.value()),
        "init_cash": plain(pf.init_cash),
    }


# Accessors


def accessors(draw: Draw, lib: Library):
    a = lib("base.accessors")
    rows, columns = draw.pick(2, 3), draw.pick(1, 2, 3)
    index = draw.labels(rows)
    frame = pd.DataFrame(draw.values(rows, columns), index, draw.labels(columns))
    series = pd.Series(draw.values(rows), index, name=draw.pick(None, "a"))
    one = draw.pick(frame, frame, series)
    acc = a.BaseDFAccessor(one) if one.ndim == 2 else a.BaseSRAccessor(one)
    other = draw.pick(frame, series, 2, draw.values(rows, 1), frame * 2)
    name = draw.pick("operator", "operator", "unary", "combine", "concat", "apply", "tile",
                     "repeat", "apply_and_concat", "levels", "empty", "align", "broadcast",
                     "index")  # fmt: skip
    keys = draw.pick(None, ["k1", "k2"], pd.Index(["k1", "k2"], name="k"))
    if name == "operator":
        x, y = acc, other
        return draw.pick(
            lambda: x + y, lambda: x - y, lambda: x * y, lambda: x > y, lambda: x == y,
            lambda: x & y, lambda: 2 - x, lambda: x**2, lambda: x // 2, lambda: x / 2,
        )()  # fmt: skip
    if name == "unary":
        return draw.pick(lambda: -acc, lambda: abs(acc), lambda: ~acc, lambda: +acc)()
    if name == "combine":
        return acc.combine(draw.pick(other, [other, 3], (other, frame)),
                           combine_func=lambda x, y: x + y, concat=draw.chance(0.5), keys=keys,
                           keep_pd=draw.chance(0.2), to_2d=draw.chance(0.3),
                           broadcast_kwargs={"index_from": "stack"})  # fmt: skip
    if name == "concat":
        return acc.concat(other, keys=draw.pick(None, ["k1", "k2"]))
    if name == "apply":
        return acc.apply(apply_func=lambda x: x * 2, keep_pd=draw.chance(0.3),
                         to_2d=draw.chance(0.3))  # fmt: skip
    if name in ("tile", "repeat"):
        return getattr(acc, name)(2, keys=keys, axis=draw.pick(0, 1))
    if name == "apply_and_concat":
        return acc.apply_and_concat(2, 10, apply_func=lambda i, x, k: x * k + i, keys=keys)
    if name == "levels":
        new = pd.Index([f"n{i}" for i in range(one.shape[-1] if one.ndim == 2 else 1)], name="n")
        return acc.stack_index(new, on_top=draw.chance(0.5), axis=1) if one.ndim == 2 else (
            acc.stack_index(pd.Index(range(5, 5 + rows), name="n"), axis=0)
        )  # fmt: skip
    if name == "empty":
        kind = type(acc)
        return draw.pick(lambda: kind.empty(3), lambda: kind.empty((2, 2), fill_value=0),
                         lambda: kind.empty_like(one, fill_value=1))()  # fmt: skip
    if name == "align":
        return acc.align_to(frame)
    if name == "broadcast":
        return acc.broadcast_to(other) if draw.chance(0.5) else acc.broadcast(other)
    return _indexed(draw, acc, False, lambda x: (plain(x.obj), described(x.wrapper)))


def flat_settings(lib: Library) -> dict:
    """The settings, leaf by leaf; templates of plots, times zones and functions by type."""

    def leaves(value, path):
        if isinstance(value, dict) and len(value):
            out = {}
            for key, item in value.items():
                if key != "template":
                    out.update(leaves(item, f"{path}.{key}"))
            return out
        if isinstance(value, list):
            return {path: len(value)}
        known = isinstance(value, (bool, int, float, str, type(None)))
        return {path: value if known else type(value).__name__}

    return leaves(lib("_settings").settings, "settings")


KINDS = {
    "broadcasting": (broadcasting, 8),
    "broadcasting_to": (broadcasting_to, 3),
    "unstacking": (unstacking, 1),
    "labelling": (labelling, 4),
    "grouping": (grouping, 1),
    "wrapping": (wrapping, 3),
    "indexing": (indexing, 3),
    "configuring": (configuring, 2),
    "merging": (merging, 2),
    "templates": (templates, 1),
    "mapped": (mapped, 2),
    "parameters": (parameters, 1),
    "checking": (checking, 2),
    "building": (building, 2),
    "plotting": (plotting, 0.5),
    "accessors": (accessors, 3),
    "portfolios": (portfolios, 0.4),
    "inputs": (inputs, 1),
}


def names_of(count: int, first: int = 0) -> list[tuple[str, int]]:
    """Which cases a run of that size has: kinds and seeds."""
    return [
        (kind, first + seed)
        for kind, (_, weight) in KINDS.items()
        for seed in range(max(int(count * weight / 4), 8))
    ]


def run(lib: Library, cases) -> dict:
    """What each case gives."""
    out = {}
    for kind, seed in cases:
        make = KINDS[kind][0]
        salt = list(KINDS).index(kind)
        draw = Draw(seed * 100 + salt)
        out[kind, seed] = outcome(lambda make=make, draw=draw: make(draw, lib))
    return out


def main(path_in: str, path_out: str) -> None:
    import vectorbt

    lib = Library("vectorbt")
    with open(path_in, "rb") as file:
        cases = pickle.load(file)
    results = {"version": vectorbt.__version__, "settings": flat_settings(lib)}
    results["cases"] = run(lib, cases)
    with open(path_out, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
