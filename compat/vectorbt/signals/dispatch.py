"""Functions of signals as plain calls: arrays as they come, one engine for all of them.

shape: (rows, columns). Probabilities and stops are numbers, rows, columns or tables; a series is
a row where `flex_2d`, else a column. Random ones draw what Numba's engine draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....core import ranges
from ....core import signal_generation as generation
from ....core import signal_places as places
from .._settings import settings
from ..unsupported import missing
from ..utils.random_ import set_seed_nb
from . import nb


def _check(engine: str | None, calls_back: bool = False) -> None:
    engine = settings["engine"] if engine is None else engine
    if engine not in ("auto", "numba", "rust"):
        raise ValueError(f"engine={engine!r} is unknown; choose from auto, numba, rust")
    if calls_back and engine == "rust":
        raise ValueError("the Rust engine cannot call functions: use engine='numba'")


def _seeded(engine: str | None, seed: int | None) -> None:
    """Before random draws; these are the same with every engine but Rust."""
    if engine is not None:
        _check(engine)
    if engine == "rust":
        raise missing("random signals with engine='rust'", "Leave it out: engine='numba'.")
    if seed is not None:
        set_seed_nb.dispatcher(seed)


def _signals(a) -> np.ndarray:
    return np.ascontiguousarray(a, np.bool_)


def cells(value, shape: tuple[int, int], dtype: Any, flex_2d: bool) -> np.ndarray:
    """A table that stands for one of `shape`, of one row (or column) if all are the same."""
    a = np.asarray(value, dtype)
    if a.ndim < 2:
        a = a[None, :] if a.ndim == 1 and flex_2d else a.reshape(-1, 1)
    np.broadcast_to(a, shape)
    for axis in (0, 1):
        if a.strides[axis] == 0:
            a = a[:1] if axis == 0 else a[:, :1]
    return np.ascontiguousarray(a)


def _counts(n, columns: int) -> np.ndarray:
    return np.array(np.broadcast_to(np.asarray(n, np.int64), columns))


# The user's functions


def generate(shape, pick_first, choice_func, *args, engine=None):
    _check(engine, calls_back=True)
    return nb.generate_nb(shape, pick_first, choice_func, *args)


def generate_ex(
    entries, wait, until_next, skip_until_exit, pick_first, exit_choice_func, *args, engine=None
):
    _check(engine, calls_back=True)
    return nb.generate_ex_nb(
        entries, wait, until_next, skip_until_exit, pick_first, exit_choice_func, *args
    )


def generate_enex(
    shape,
    entry_wait,
    exit_wait,
    entry_pick_first,
    exit_pick_first,
    entry_choice_func,
    entry_args,
    exit_choice_func,
    exit_args,
    engine=None,
):
    _check(engine, calls_back=True)
    return nb.generate_enex_nb(
        shape,
        entry_wait,
        exit_wait,
        entry_pick_first,
        exit_pick_first,
        entry_choice_func,
        entry_args,
        exit_choice_func,
        exit_args,
    )


def rank(a, reset_by, after_false, rank_func, *args, engine=None):
    _check(engine, calls_back=True)
    return nb.rank_nb(a, reset_by, after_false, rank_func, *args)


# Random signals


def generate_rand(shape, n, seed=None, engine=None):
    _seeded(engine, seed)
    return generation.random_signals.dispatcher(shape, _counts(n, shape[1]), None)


def generate_rand_by_prob(shape, prob, pick_first, flex_2d, seed=None, engine=None):
    _seeded(engine, seed)
    prob = cells(prob, shape, np.float64, flex_2d)
    return generation.chance_signals.dispatcher(shape, prob, bool(pick_first), True, None)


def generate_rand_ex(entries, wait, until_next, skip_until_exit, seed=None, engine=None):
    _seeded(engine, seed)
    options = int(wait), bool(until_next), bool(skip_until_exit)
    return generation.random_exits.dispatcher(_signals(entries), *options, None)


def generate_rand_ex_by_prob(
    entries, prob, wait, until_next, skip_until_exit, flex_2d, seed=None, engine=None
):
    _seeded(engine, seed)
    prob = cells(prob, entries.shape, np.float64, flex_2d)
    options = int(wait), bool(until_next), bool(skip_until_exit)
    return generation.chance_exits.dispatcher(_signals(entries), prob, *options, True, None)


def generate_rand_enex(shape, n, entry_wait, exit_wait, seed=None, engine=None):
    _seeded(engine, seed)
    waits = int(entry_wait), int(exit_wait)
    return generation.random_pairs.dispatcher(shape, _counts(n, shape[1]), *waits, None)


def generate_rand_enex_by_prob(
    shape,
    entry_prob,
    exit_prob,
    entry_wait,
    exit_wait,
    entry_pick_first,
    exit_pick_first,
    flex_2d,
    seed=None,
    engine=None,
):
    _seeded(engine, seed)
    probs = (cells(prob, shape, np.float64, flex_2d) for prob in (entry_prob, exit_prob))
    options = int(entry_wait), int(exit_wait), bool(entry_pick_first), bool(exit_pick_first)
    return generation.chance_pairs.dispatcher(shape, *probs, *options, True, None)


# Stops


def generate_stop_ex(
    entries, ts, stop, trailing, wait, until_next, skip_until_exit, pick_first, flex_2d, engine=None
):
    _check(engine)
    shape = entries.shape
    return generation.stop_exits(
        _signals(entries),
        cells(ts, shape, np.float64, flex_2d),
        cells(stop, shape, np.float64, flex_2d),
        cells(trailing, shape, np.bool_, flex_2d),
        int(wait),
        bool(until_next),
        bool(skip_until_exit),
        bool(pick_first),
        True,
    )


def generate_stop_enex(
    entries, ts, stop, trailing, entry_wait, exit_wait, pick_first, flex_2d, engine=None
):
    _check(engine)
    shape = entries.shape
    return generation.stop_pairs(
        _signals(entries),
        cells(ts, shape, np.float64, flex_2d),
        cells(stop, shape, np.float64, flex_2d),
        cells(trailing, shape, np.bool_, flex_2d),
        int(entry_wait),
        int(exit_wait),
        bool(pick_first),
        True,
    )


def _of_bars(kernel, entries, prices, written, stops, options, flex_2d):
    """Call a kernel of bars' stops, which writes to tables that it finds contiguous."""
    shape = entries.shape
    kinds = (np.float64, np.bool_, np.float64, np.bool_)
    for out in written:
        if out.shape != shape:
            raise ValueError(f"stops are written to a table of {out.shape}, entries have {shape}")
    buffers = [
        np.ascontiguousarray(out, dtype)
        for out, dtype in zip(written, (np.float64, np.int64), strict=True)
    ]
    result = kernel(
        _signals(entries),
        *(cells(price, shape, np.float64, flex_2d) for price in prices),
        *buffers,
        *(cells(x, shape, kind, flex_2d) for x, kind in zip(stops, kinds, strict=True)),
        *options,
        True,
    )
    for out, buffer in zip(written, buffers, strict=True):
        if buffer is not out:
            out[...] = buffer
    return result


def generate_ohlc_stop_ex(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    is_open_safe,
    wait,
    until_next,
    skip_until_exit,
    pick_first,
    flex_2d,
    engine=None,
):
    _check(engine)
    return _of_bars(
        generation.bar_stop_exits,
        entries,
        (open, high, low, close),
        (stop_price_out, stop_type_out),
        (sl_stop, sl_trail, tp_stop, reverse),
        (bool(is_open_safe), int(wait), bool(until_next), bool(skip_until_exit), bool(pick_first)),
        flex_2d,
    )


def generate_ohlc_stop_enex(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    is_open_safe,
    entry_wait,
    exit_wait,
    pick_first,
    flex_2d,
    engine=None,
):
    _check(engine)
    return _of_bars(
        generation.bar_stop_pairs,
        entries,
        (open, high, low, close),
        (stop_price_out, stop_type_out),
        (sl_stop, sl_trail, tp_stop, reverse),
        (bool(is_open_safe), int(entry_wait), int(exit_wait), bool(pick_first)),
        flex_2d,
    )


# Cleaning, ranges, ranks, places


def clean_enex_1d(entries, exits, entry_first, engine=None):
    _check(engine)
    return places.clean_series(_signals(entries), _signals(exits), bool(entry_first))


def clean_enex(entries, exits, entry_first, engine=None):
    _check(engine)
    return places.clean(_signals(entries), _signals(exits), bool(entry_first))


def between_ranges(a, engine=None):
    _check(engine)
    return ranges.between(_signals(a))


def between_two_ranges(a, b, from_other=False, engine=None):
    _check(engine)
    return ranges.from_to(_signals(a), _signals(b), bool(from_other))


def partition_ranges(a, engine=None):
    _check(engine)
    return ranges.runs(_signals(a))


def between_partition_ranges(a, engine=None):
    _check(engine)
    return ranges.between_runs(_signals(a))


def sig_pos_rank(a, reset_by, after_false, allow_gaps, engine=None):
    _check(engine)
    reset_by = None if reset_by is None else _signals(reset_by)
    return places.signal_ranks(_signals(a), reset_by, bool(after_false), bool(allow_gaps))


def part_pos_rank(a, reset_by, after_false, engine=None):
    _check(engine)
    reset_by = None if reset_by is None else _signals(reset_by)
    return places.run_ranks(_signals(a), reset_by, bool(after_false))


def nth_index_1d(a, n, engine=None):
    _check(engine)
    return places.nth_place_series(_signals(a), n)


def nth_index(a, n, engine=None):
    _check(engine)
    return places.nth_place(_signals(a), n)


def norm_avg_index_1d(a, engine=None):
    _check(engine)
    return places.average_place_series(_signals(a))


def norm_avg_index(a, engine=None):
    _check(engine)
    return places.average_place(_signals(a))


# What generators compute; the pipeline has seeded the draws


def rand_apply(input_shape, n, seed=None, engine=None):
    return generate_rand(input_shape, n, engine=engine)


def rand_ex_apply(entries, wait=1, until_next=True, skip_until_exit=False, seed=None, engine=None):
    return generate_rand_ex(entries, wait, until_next, skip_until_exit, engine=engine)


def rand_enex_apply(input_shape, n, entry_wait=1, exit_wait=1, seed=None, engine=None):
    return generate_rand_enex(input_shape, n, entry_wait, exit_wait, engine=engine)


def rand_by_prob_apply(input_shape, prob, flex_2d, pick_first=False, seed=None, engine=None):
    return generate_rand_by_prob(input_shape, prob, pick_first, flex_2d, engine=engine)


def rand_ex_by_prob_apply(
    entries,
    prob,
    flex_2d,
    wait=1,
    until_next=True,
    skip_until_exit=False,
    seed=None,
    engine=None,
):
    return generate_rand_ex_by_prob(
        entries, prob, wait, until_next, skip_until_exit, flex_2d, engine=engine
    )


def rand_enex_by_prob_apply(
    input_shape,
    entry_prob,
    exit_prob,
    flex_2d,
    entry_wait=1,
    exit_wait=1,
    entry_pick_first=True,
    exit_pick_first=True,
    seed=None,
    engine=None,
):
    return generate_rand_enex_by_prob(
        input_shape,
        entry_prob,
        exit_prob,
        entry_wait,
        exit_wait,
        entry_pick_first,
        exit_pick_first,
        flex_2d,
        engine=engine,
    )


def rand_chain_by_prob_apply(
    entries,
    prob,
    flex_2d,
    wait=1,
    entry_wait=1,
    exit_wait=None,
    entry_pick_first=True,
    exit_pick_first=True,
    until_next=True,
    skip_until_exit=False,
    seed=None,
    engine=None,
):
    _seeded(engine, None)
    exit_wait = wait if exit_wait is None else exit_wait
    prob = cells(prob, entries.shape, np.float64, flex_2d)
    options = int(entry_wait), int(exit_wait), bool(entry_pick_first), bool(exit_pick_first)
    return generation.chance_chain.dispatcher(_signals(entries), prob, *options, True)


def stop_ex_apply(
    entries,
    ts,
    stop,
    trailing,
    flex_2d,
    wait=1,
    until_next=True,
    skip_until_exit=False,
    pick_first=True,
    engine=None,
):
    return generate_stop_ex(
        entries, ts, stop, trailing, wait, until_next, skip_until_exit, pick_first, flex_2d, engine
    )


def stop_enex_apply(
    entries,
    ts,
    stop,
    trailing,
    flex_2d,
    wait=1,
    entry_wait=1,
    exit_wait=None,
    pick_first=True,
    until_next=True,
    skip_until_exit=False,
    engine=None,
):
    exit_wait = wait if exit_wait is None else exit_wait
    return generate_stop_enex(
        entries, ts, stop, trailing, entry_wait, exit_wait, pick_first, flex_2d, engine
    )


def ohlc_stop_ex_apply(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    flex_2d,
    is_open_safe=True,
    wait=1,
    until_next=True,
    skip_until_exit=False,
    pick_first=True,
    engine=None,
):
    return generate_ohlc_stop_ex(
        entries,
        open,
        high,
        low,
        close,
        stop_price_out,
        stop_type_out,
        sl_stop,
        sl_trail,
        tp_stop,
        reverse,
        is_open_safe,
        wait,
        until_next,
        skip_until_exit,
        pick_first,
        flex_2d,
        engine,
    )


def ohlc_stop_enex_apply(
    entries,
    open,
    high,
    low,
    close,
    stop_price_out,
    stop_type_out,
    sl_stop,
    sl_trail,
    tp_stop,
    reverse,
    flex_2d,
    is_open_safe=True,
    wait=1,
    entry_wait=1,
    exit_wait=None,
    pick_first=True,
    until_next=True,
    skip_until_exit=False,
    engine=None,
):
    return generate_ohlc_stop_enex(
        entries,
        open,
        high,
        low,
        close,
        stop_price_out,
        stop_type_out,
        sl_stop,
        sl_trail,
        tp_stop,
        reverse,
        is_open_safe,
        entry_wait,
        wait if exit_wait is None else exit_wait,
        pick_first,
        flex_2d,
        engine,
    )
