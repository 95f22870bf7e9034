"""Cases of the arrays by themselves: adjusted ones, windows, labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from zipline_pipelines import cases, raised

CASES, case = cases()


@case
def arrays_and_windows(world):
    """AdjustedArray by itself: windows, offsets, perspectives, adjustments of every kind."""
    from zipline.lib import adjusted_array as aa
    from zipline.lib import adjustment as ad

    data = np.arange(24.0).reshape(6, 4)
    changes = {
        2: [ad.Float64Multiply(0, 1, 0, 1, 2.0), ad.Float64Add(1, 1, 1, 3, 0.25)],
        4: [ad.Float64Overwrite(0, 3, 2, 2, 9.0)],
        5: [ad.Float641DArrayOverwrite(1, 3, 0, 0, np.array([7.0, 8.0, 9.0]))],
    }
    array = aa.AdjustedArray(data, changes, np.nan)

    def windows(*arguments, **options):
        return [one.copy() for one in array.traverse(*arguments, **options)]

    dates = world.days()[:6]
    day = ad.Datetime64Overwrite(0, 2, 1, 1, dates[4])
    moments = aa.AdjustedArray(np.tile(dates.values[:, None], (1, 2)), {3: [day]}, pd.NaT)
    flags = aa.AdjustedArray(
        np.ones((4, 2), bool), {2: [ad.BooleanOverwrite(0, 1, 0, 0, False)]}, False
    )
    whole = aa.AdjustedArray(
        np.arange(8).reshape(4, 2), {1: [ad.Int64Overwrite(0, 0, 1, 1, 99)]}, -1
    )
    columns = pd.Index([3, 5, 9])
    texts = aa.AdjustedArray(
        np.array([["a", "b"], ["c", "a"], ["b", "b"]], object),
        {1: [ad.ObjectOverwrite(0, 0, 0, 0, "c")]},
        "a",
    )
    used = aa.AdjustedArray(data.copy(), {}, np.nan)
    list(used.traverse(2, copy=False))
    merged = aa.AdjustedArray(data, {1: [ad.Float64Multiply(0, 0, 0, 0, 2.0)]}, np.nan)
    merged.update_adjustments({1: [ad.Float64Add(0, 0, 0, 0, 1.0)]}, "prepend")
    return [
        windows(1),
        windows(3),
        windows(2, offset=2),
        windows(2, perspective_offset=1),
        [one.copy() for one in merged.traverse(2)],
        [one.copy() for one in moments.traverse(3)],
        [one.copy() for one in flags.traverse(2)],
        [one.copy() for one in whole.traverse(2)],
        [one.as_string_array() for one in texts.traverse(2)],
        [str(one.dtype) for one in (array, moments, flags, whole)],
        next(array.traverse(2)).flags.writeable,
        [repr(one) for row in changes.values() for one in row[:1]],
        repr(day),
        ad.Float64Multiply(0, 1, 0, 1, 2.0) == ad.Float64Multiply(0, 1, 0, 1, 2),
        ad.make_adjustment_from_indices(0, 1, 0, 1, ad.MULTIPLY, 2.0),
        repr(ad.make_adjustment_from_labels(dates, columns, dates[1], dates[3], 5, 1, 0.5)),
        ad.get_adjustment_locs(dates, columns, pd.NaT, dates[3] + pd.Timedelta(hours=3), 9),
        [int(kind) for kind in (ad.MULTIPLY, ad.ADD, ad.OVERWRITE)],
        raised(lambda: ad.Float64Multiply(3, 1, 0, 0, 1.0)),
        raised(lambda: ad.Float64Multiply(0, 1, 2, 0, 1.0)),
        raised(lambda: ad.make_adjustment_from_indices(0, 1, 0, 1, ad.ADD, "a")),
        raised(lambda: array.traverse(0)),
        raised(lambda: array.traverse(7)),
        raised(lambda: used.traverse(2)),
        raised(lambda: used.copy()),
        raised(lambda: array.update_adjustments({}, "sideways")),
        raised(lambda: aa.AdjustedArray(np.zeros((2, 2), complex), {}, 0)),
        raised(lambda: aa.ensure_adjusted_array([1], 0)),
        raised(lambda: aa.AdjustedArray(np.array([["a"]], object), {}, 3)),
        aa.ensure_ndarray(array),
    ]


@case
def labels(world):
    """LabelArray by itself."""
    from zipline.lib.labelarray import LabelArray, labelarray_where

    words = np.array([["b", "a"], ["", "c"], ["a", "b"]], dtype=object)
    one = LabelArray(words, missing_value="")
    two = LabelArray(words[::-1].copy(), missing_value="")
    other = LabelArray(np.array(["x", "y"], object), missing_value="y")
    none = LabelArray(np.array(["b", None, "a"], object), missing_value=None)
    many = LabelArray(np.array([f"l{n}" for n in range(300)], object), missing_value="l0")
    known = LabelArray(words, "", categories=["c", "b", "a"], sort=False)
    copy = one.copy()
    copy[0] = "c"
    copy[1] = one[2]
    return [
        one.categories.tolist(),
        one.as_int_array(),
        one.as_string_array(),
        dict(one.reverse_categories),
        one.shape,
        one[0, 0],
        one[0].as_string_array(),
        one == "a",
        one != "a",
        one == "zz",
        one != "zz",
        one == two,
        one.is_missing(),
        one.not_missing(),
        one.startswith("a"),
        one.endswith("b"),
        one.has_substring("c"),
        one.matches("a|b"),
        one.element_of(["a", "c"]),
        one.map(str.upper).as_string_array(),
        one.map(lambda label: "x").categories.tolist(),
        one.empty_like((2, 2)).as_string_array(),
        one.has_label("a"),
        one.missing_value_code,
        copy.as_string_array(),
        none.categories.tolist(),
        none.as_int_array(),
        str(many.as_int_array().dtype),
        known.categories.tolist(),
        known.as_int_array(),
        labelarray_where(one == "a", one, two).as_string_array(),
        one[0].as_categorical().categories.tolist(),
        [str(one.dtype), str(many.dtype)],
        repr(one),
        raised(lambda: one.sum()),
        raised(lambda: one == other),
        raised(
            lambda: one == LabelArray(np.array([["b", "z"], ["c", "c"], ["b", "b"]], object), "")
        ),
        raised(lambda: one.__setitem__(0, "zz")),
        raised(lambda: one.__setitem__(0, 3)),
        raised(lambda: LabelArray(np.zeros(3), "")),
        raised(lambda: LabelArray(words, 3)),
        raised(lambda: one.as_categorical()),
        raised(lambda: labelarray_where(np.array([True]), one, other)),
        raised(lambda: one.astype(np.dtype(float))),
        raised(lambda: one.map(lambda label: 3)),
        raised(lambda: one.view(np.uint8)),
    ]
