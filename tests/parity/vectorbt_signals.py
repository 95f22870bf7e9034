"""Generated signals and prices, and what `.vbt.signals` and the generators of signals make of them.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_signals.py IN OUT`). Nothing here may import either at the top.
"""

from __future__ import annotations

import importlib
import pickle
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from vectorbt_records import asked_cases, plain

# `s` and `e` are signals, `t` prices between `l` and `h`, `o` the open, all Series or all tables
# (class `K`) of the shape `n`; `v` is what a generator has made, `g` a way to group columns.
ACCESSORS = (
    "s.vbt.signals.fshift()", "s.vbt.signals.bshift(2)", "s.vbt.signals.fshift(3, fill_value=True)",
    "K.vbt.signals.empty(n)", "K.vbt.signals.empty_like(s, True)", "s.vbt.signals.obj",
    "t.vbt.signals", "s.vbt.signals.AND(e)", "s.vbt.signals.OR(e)", "s.vbt.signals.XOR(e)",
    "s.vbt.signals.AND([e, True], concat=True, keys=['a', 'b'])", "s.vbt.signals.OR(e.to_numpy())",
    "s.vbt.signals & e", "~s.vbt.signals", "s.vbt.signals.clean()", "s.vbt.signals.clean(e)",
    "s.vbt.signals.clean(e, entry_first=False)", "K.vbt.signals.clean(s, e)",
    "K.vbt.signals.clean(e)", "K.vbt.signals.clean(s, e, s)", "s.vbt.signals.clean(True)",
    "K.vbt.signals.clean(s.to_numpy(), e.to_numpy())",
    "s.vbt.signals.pos_rank()", "s.vbt.signals.pos_rank(allow_gaps=True)",
    "s.vbt.signals.pos_rank(reset_by=e)", "s.vbt.signals.pos_rank(after_false=True)",
    "s.vbt.signals.pos_rank(allow_gaps=True, reset_by=e, after_false=True)",
    "s.vbt.signals.pos_rank(as_mapped=True)", "s.vbt.signals.pos_rank_mapped(group_by=g)",
    "s.vbt.signals.partition_pos_rank()", "s.vbt.signals.partition_pos_rank(reset_by=e)",
    "s.vbt.signals.partition_pos_rank(after_false=True)",
    "s.vbt.signals.partition_pos_rank_mapped(group_by=g)", "s.vbt.signals.first()",
    "s.vbt.signals.first(reset_by=e, allow_gaps=True)", "s.vbt.signals.nth(1)",
    "s.vbt.signals.nth(2, allow_gaps=True)", "s.vbt.signals.from_nth(1)",
    "s.vbt.signals.from_nth(0, after_false=True)", "s.vbt.signals.nth_index(0)",
    "s.vbt.signals.nth_index(-1)", "s.vbt.signals.nth_index(2, return_labels=False)",
    "s.vbt.signals.nth_index(1, group_by=g)", "s.vbt.signals.nth_index(-50)",
    "s.vbt.signals.norm_avg_index()", "s.vbt.signals.norm_avg_index(group_by=g)",
    "s.vbt.signals.index_mapped()", "s.vbt.signals.index_mapped(group_by=g).max()",
    "s.vbt.signals.total()", "s.vbt.signals.total(group_by=g)", "s.vbt.signals.rate()",
    "s.vbt.signals.rate(group_by=g)", "s.vbt.signals.total_partitions()",
    "s.vbt.signals.total_partitions(group_by=g)", "s.vbt.signals.partition_rate()",
    "s.vbt.signals.partition_rate(group_by=g)", "s.vbt.signals.between_ranges().records",
    "s.vbt.signals.rate(wrap_kwargs=dict(name_or_index='r'))",
    "s.vbt.signals.between_ranges(other=e).records", "s.vbt.signals.between_ranges().ts",
    "s.vbt.signals.between_ranges(other=e, from_other=True).records_readable",
    "s.vbt.signals.between_ranges(e, attach_other=True).ts",
    "s.vbt.signals.between_ranges(group_by=g).duration", "s.vbt.signals.partition_ranges().records",
    "s.vbt.signals.partition_ranges(group_by=g).avg_duration()",
    "s.vbt.signals.partition_ranges(attach_ts=False).ts",
    "s.vbt.signals.between_partition_ranges().records_readable", "s.vbt.signals.stats()",
    "s.vbt.signals.between_partition_ranges(group_by=g).count()",
    "s.vbt.signals.between_ranges(other=e.iloc[:, 0] if e.ndim > 1 else e).records",
    "s.vbt.signals.stats(agg_func=None)", "s.vbt.signals.stats(settings=dict(other=e))",
    "s.vbt.signals.stats(settings=dict(other=e, from_other=True, other_name='e'), agg_func=None)",
    "s.vbt.signals.stats(settings=dict(to_timedelta=False))",
    "s.vbt.signals.stats(tags='distance', group_by=g, agg_func=None)",
    "s.vbt.signals(freq='2h').stats(['period', 'total', 'partition_len'])",
    "list(s.vbt.signals.metrics)", "s.vbt.signals.value_counts()", "s.vbt.signals.no_such_name",
    "s.vbt.signals.generate_stop_exits(t, -0.05)", "s.vbt.signals.generate_stop_exits(t, 0.04)",
    "s.vbt.signals.generate_stop_exits(t, -0.03, trailing=True)",
    "s.vbt.signals.generate_stop_exits(t, 0.05, trailing=True, pick_first=False)",
    "s.vbt.signals.generate_stop_exits(t, [[-0.02], [0.03]] * (len(s) // 2), exit_wait=2)",
    "s.vbt.signals.generate_stop_exits(t, -0.05, until_next=False, skip_until_exit=True)",
    "s.vbt.signals.generate_stop_exits(t, -0.05, until_next=False)",
    "s.vbt.signals.generate_stop_exits(t, 0.03, exit_wait=0)",
    "s.vbt.signals.generate_stop_exits(t, -0.04, chain=True)",
    "s.vbt.signals.generate_stop_exits(t, 0.02, chain=True, entry_wait=0, trailing=True)",
    "s.vbt.signals.generate_stop_exits(t, 0.02, chain=True, entry_wait=0, exit_wait=0)",
    "s.vbt.signals.generate_stop_exits(t, np.nan)",
    "s.vbt.signals.generate_stop_exits(t, [-0.01, 0.04], broadcast_kwargs=dict(to_frame=True))",
    "s.vbt.signals.generate_ohlc_stop_exits(o, h, l, t, sl_stop=0.05)",
    "s.vbt.signals.generate_ohlc_stop_exits(o, h, l, t, tp_stop=0.04, pick_first=False)",
    "s.vbt.signals.generate_ohlc_stop_exits(t, sl_stop=0.03, sl_trail=True, tp_stop=0.06)",
    "f.stops(s, o, h, l, t, sl_stop=0.04, sl_trail=True, tp_stop=0.03)",
    "f.stops(s, o, h, l, t, sl_stop=0.05, tp_stop=0.05, reverse=True)",
    "f.stops(s, o, h, l, t, sl_stop=0.02, sl_trail=True, reverse=True, exit_wait=0)",
    "f.stops(s, o, h, l, t, tp_stop=0.02, is_open_safe=False, exit_wait=0)",
    "f.stops(s, o, h, l, t, sl_stop=0.03, chain=True)",
    "f.stops(s, o, h, l, t, sl_stop=0.03, tp_stop=0.02, chain=True, pick_first=False)",
    "f.stops(s, o, h, l, t, sl_stop=0.03, until_next=False, skip_until_exit=True)",
    "f.stops(s, o, h, l, t, sl_stop=-0.1)",
    "s.vbt.signals.clean(engine='none')",
)  # fmt: skip

RANDOM = (
    "K.vbt.signals.generate_random(n, n=3, seed=5)", "K.vbt.signals.generate_random(n, n=50)",
    "K.vbt.signals.generate_random(n, prob=0.3, seed=6, index=s.index)",
    "K.vbt.signals.generate_random(n, prob=0.5, pick_first=True, seed=1)",
    "K.vbt.signals.generate_random(n, n=1, prob=0.2)", "K.vbt.signals.generate_random(n)",
    "pd.DataFrame.vbt.signals.generate_random((12, 2), n=[2, 5], seed=2)",
    "pd.DataFrame.vbt.signals.generate_random((9, 2), prob=[0.1, 0.8], seed=3)",
    "pd.DataFrame.vbt.signals.generate_random((4, 2), prob=[[0.1], [0.9], [0.5], [1.0]], seed=3)",
    "pd.Series.vbt.signals.generate_random((9, 2), n=3)", "K.vbt.signals.generate_random(6, n=-1)",
    "K.vbt.signals.generate_random_both(n, n=2, seed=5)",
    "K.vbt.signals.generate_random_both(n, n=2, entry_wait=2, exit_wait=1, seed=8)",
    "K.vbt.signals.generate_random_both(n, n=1, entry_wait=2, exit_wait=3, seed=8)",
    "K.vbt.signals.generate_random_both(n, n=3, entry_wait=1, exit_wait=0, seed=8)",
    "K.vbt.signals.generate_random_both(n, n=30, exit_wait=2)",
    "K.vbt.signals.generate_random_both(n, n=30, seed=4)",
    "K.vbt.signals.generate_random_both(n, entry_prob=0.4, exit_prob=0.6, seed=9)",
    "K.vbt.signals.generate_random_both(n, entry_prob=1, exit_prob=1, entry_wait=0, seed=9)",
    "K.vbt.signals.generate_random_both(n, entry_prob=0.5, exit_prob=0.2, exit_wait=2,"
    " entry_pick_first=False, exit_pick_first=False, seed=3)",
    "K.vbt.signals.generate_random_both(n, n=1, entry_wait=0, exit_wait=0)",
    "K.vbt.signals.generate_random_both(n, entry_prob=0.4)",
    "s.vbt.signals.generate_random_exits(seed=3)",
    "s.vbt.signals.generate_random_exits(seed=3, wait=2, until_next=False)",
    "s.vbt.signals.generate_random_exits(seed=3, until_next=False, skip_until_exit=True)",
    "s.vbt.signals.generate_random_exits(prob=0.4, seed=5)",
    "s.vbt.signals.generate_random_exits(prob=0.4, seed=5, wait=0)",
    "s.vbt.signals.generate_random_exits(prob=np.full(s.shape, 0.7), seed=6)",
    "v('RAND', input_shape=n, n=[1, 3], seed=4)", "v('RAND', input_shape=(12, 2), n=3, seed=4)",
    "v('RAND', input_shape=(12, 2), n=[np.array([2, 4]), 1], seed=4)",
    "v('RAND', input_shape=n, n=2, input_index=s.index, seed=1)", "v('RANDX', s, seed=5)",
    "v('RANDX', s, wait=2, until_next=False, skip_until_exit=True, seed=5)",
    "v('RANDNX', input_shape=n, n=[1, 2], seed=6)",
    "v('RANDNX', input_shape=n, n=[1, 2], entry_wait=2, seed=6)",
    "v('RPROB', input_shape=n, prob=[0.2, 0.7], seed=7)",
    "v('RPROB', input_shape=n, prob=0.5, pick_first=True, seed=7)",
    "v('RPROB', input_shape=(5,), prob=np.array([0.0, 1.0, 0.0, 1.0, 0.0]), seed=1)",
    "v('RPROB', input_shape=(2, 2), prob=[[[0.0, 1.0]], 0.5], seed=1)",
    "v('RPROBX', s, prob=[0.2, 0.7], seed=8)", "v('RPROBX', s, prob=0.5, until_next=False, seed=8)",
    "v('RPROBCX', s, prob=[0.3, 1.0], seed=8)", "v('RPROBCX', s, prob=0.3, exit_wait=2, seed=8)",
    "v('RPROBCX', s, [0.3, 0.5], entry_pick_first=False, exit_pick_first=False, seed=8)",
    "v('RPROBNX', input_shape=n, entry_prob=[0.5, 1.0], exit_prob=[0.5, 1.0], param_product=True,"
    " seed=9)",
    "v('RPROBNX', input_shape=n, entry_prob=0.5, exit_prob=[0.2, 0.4], entry_wait=0, seed=9)",
    "vbt.RAND.run(n, n=1).n_list", "vbt.RANDNX.run(input_shape=n, n=1, seed=2).entries_stats()",
    "vbt.Portfolio.from_random_signals(t, n=[1, 2], seed=5).total_profit()",
    "vbt.Portfolio.from_random_signals(t, prob=0.4, seed=5).orders.records",
    "nb.generate_rand_nb((9, 2), 3, seed=7)",
    "nb.generate_rand_by_prob_nb((9, 2), 0.4, False, True, seed=2)",
)  # fmt: skip

STOPS = (
    "v('STX', s, t, stop=0.04)", "v('STX', s, t, stop=[-0.05, 0.03])",
    "v('STX', s, t, [-0.05, 0.03], trailing=[True, False], param_product=True)",
    "v('STX', s, t, stop=np.full(n, -0.02), wait=2, until_next=False, pick_first=False)",
    "v('STX', s, t, 0.05, trailing=True, hide_params=['stop'])",
    "v('STCX', s, t, stop=[-0.05, 0.03])", "v('STCX', s, t, stop=-0.02, entry_wait=0, wait=2)",
    "v('STCX', s, t, stop=-0.02, trailing=True, exit_wait=3, pick_first=False)",
    "v('OHLCSTX', s, o, h, l, t, sl_stop=[0.02, 0.05])",
    "v('OHLCSTX', s, o, h, l, t, sl_stop=[0.03, 0.03, np.nan], sl_trail=[False, True, False],"
    " tp_stop=[np.nan, np.nan, 0.04])",
    "v('OHLCSTX', s, o, h, l, t, sl_stop=0.03, reverse=True, is_open_safe=False, wait=0)",
    "v('OHLCSTX', s, o, h, l, t, tp_stop=0.03, stop_price=np.full(n, 5.0), stop_type=9)",
    "v('OHLCSTX', s, o, h, l, t)", "v('OHLCSTX', s, o, h, l, t, sl_stop=-1.0)",
    "v('OHLCSTCX', s, o, h, l, t, sl_stop=[0.02, 0.05], tp_stop=0.04)",
    "v('OHLCSTCX', s, o, h, l, t, sl_stop=0.02, sl_trail=True, wait=2, pick_first=False)",
    "vbt.STX.run(s, t, stop=[0.02, 0.04]).exits_or(e)", "vbt.STX.run(s, t, stop=0.02).stop_list",
    "vbt.OHLCSTX.run(s, o, h, l, t, sl_stop=0.02).stop_type_readable",
    "vbt.OHLCSTX.run(s, o, h, l, t, sl_stop=0.02).stop_type_stats()",
    "vbt.STX.run(s, t, stop=0.02).exits_stats()", "vbt.signals.StopType", "vbt.STX.input_names",
    "vbt.signals.FactoryMode", "vbt.OHLCSTCX.output_names", "vbt.OHLCSTX.in_output_names",
    "vbt.STX.run(s, t, stop=[-0.02, 0.04])[(-0.02, False)].exits",
    "vbt.STX.run_combs(s, t, [-0.02, 0.04, 0.01])[1].exits",
)  # fmt: skip

CALLED = (
    "K.vbt.signals.generate(n, f.every, 3)", "K.vbt.signals.generate(n, f.every, 2, index=s.index)",
    "K.vbt.signals.generate(n, f.every, 3, pick_first=True)", "K.vbt.signals.generate(n, f.beyond)",
    "K.vbt.signals.generate(n, max)", "pd.Series.vbt.signals.generate((9, 2), f.every, 3)",
    "K.vbt.signals.generate_both(n, f.every, (3,), f.every, (2,))",
    "K.vbt.signals.generate_both(n, f.every, (3,), f.every, (1,), exit_wait=0)",
    "K.vbt.signals.generate_both(n, f.every, (4,), f.every, (3,), entry_pick_first=False)",
    "K.vbt.signals.generate_both(n, f.every, (3,))",
    "s.vbt.signals.generate_exits(f.every, 2)", "s.vbt.signals.generate_exits(f.every, 4, wait=0)",
    "s.vbt.signals.generate_exits(f.every, 2, until_next=False, skip_until_exit=True)",
    "s.vbt.signals.generate_exits(f.every, 3, pick_first=True)",
    "s.vbt.signals.rank(f.row, 10)", "s.vbt.signals.rank(f.row, 10, after_false=True)",
    "s.vbt.signals.rank(f.row, 5, reset_by=e, as_mapped=True)",
    "s.vbt.signals.rank(nb.sig_pos_rank_nb, True,"
    " prepare_func=lambda a, r: (np.full(a.shape[1], -1),))",
    "w(f.Entries.run(input_shape=n, step=[2, 3]))", "w(f.Exits.run(s, t, step=[1, 2], wait=2))",
    "w(f.Exits.run(s, t, [1, 2], until_next=False, pick_first=False))",
    "w(f.Both.run(input_shape=n, entry=[2, 3], exit=1))", "w(f.Chain.run(s, step=[1, 2]))",
    "w(f.Both.run(input_shape=n, entry=2, exit=[1, 2], exit_kwargs=dict(wait=2)))",
    "f.Both.run(n, 1, 2, step=5)", "f.Chain.run(s, 1, exit_args=(1,))", "f.Chain.mode",
    "w(f.Looped.run(s, step=[1, 2]))", "w(f.Cached.run(input_shape=n, step=[1, 2]))",
    "w(f.Written.run(s, step=[1, 2]))",
)  # fmt: skip


def make_case(seed: int, expressions: int, wide: bool) -> dict:
    """Signals and prices, labels and what is asked of them, drawn by `seed`.

    Unless `wide`, random signals are asked for tables of two columns only: the reference compiles
    for each form of the arguments.
    """
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([6, 12, 24]))
    width = int(rng.choice([1, 1, 2, 3]))
    draws = wide or seed % 5 == 0
    if draws and not wide:
        width = 2

    def pick(*options):
        return options[rng.integers(len(options))]

    index = pick(
        pd.date_range("2020-01-01", periods=rows, freq=pick("D", "h")), pd.RangeIndex(rows)
    )
    names = pick(
        pd.Index([f"c{n}" for n in range(width)], name=pick(None, "name")), pd.RangeIndex(width)
    )
    signals = rng.random((2, rows, width)) < pick(0.1, 0.3, 0.6)
    if rng.random() < 0.1:
        signals[:, :, 0] = False
    close = 10 * np.exp(rng.normal(0, 0.03, (rows, width)).cumsum(axis=0))
    opened = close * np.exp(rng.normal(0, 0.01, close.shape))
    high = np.maximum(close, opened) * (1 + rng.random(close.shape) * 0.03)
    low = np.minimum(close, opened) * (1 - rng.random(close.shape) * 0.03)
    prices = np.array([opened, high, low, close])
    prices[rng.random(prices.shape) < pick(0.0, 0.0, 0.1)] = np.nan
    asked = [
        *(ACCESSORS + STOPS if wide or not draws else ()),
        *(RANDOM[:: 1 if wide else 2] if draws else ()),
    ]
    called = CALLED if wide and seed % 25 == 0 else CALLED[::6] if seed % 50 == 0 else ()
    return {
        "index": index,
        "columns": names,
        "series": width == 1 and rng.random() < 0.6,
        "name": pick(None, "close"),
        "signals": signals,
        "prices": prices,
        "group_by": pick(True, [f"g{n // 2}" for n in range(width)], None),
        "asked": [asked[n] for n in rng.permutation(len(asked))[:expressions]] + list(called),
    }


def functions(vbt) -> SimpleNamespace:
    """A user's compiled functions, and classes made of them."""
    from numba import njit

    @njit
    def every(begin, end, col, step):
        return np.arange(begin + col % 2, end, step)

    @njit
    def beyond(begin, end, col):
        return np.array([end])

    @njit
    def row(i, col, reset, run_end, run_start, more):
        return (i - run_start) * more + reset + run_end

    @njit
    def above(begin, end, col, ts, step):
        for i in range(begin, end):
            if ts[i, col] > ts[begin - 1, col]:
                return np.arange(i, end, step)
        return np.arange(0)

    @njit
    def with_array(begin, end, col, step, rows, wait, flag):
        count = 0
        for i in range(begin, end, step):
            rows[count] = i
            count += 1
        return rows[:count]

    @njit
    def written(begin, end, col, out, step):
        out[begin, col] = step
        return np.arange(begin, end, step)

    def stops(s, *bars, **kwargs):
        return s.vbt.signals.generate_ohlc_stop_exits(*bars, **kwargs)

    def made(name, mode, *params, numba_loop=False, inputs=None, writes=None, **functions):
        factory = vbt.SignalFactory(
            class_name=name, mode=mode, param_names=list(params), input_names=inputs,
            in_output_names=writes,
        )  # fmt: skip
        more = {"in_output_settings": {"out": {"dtype": np.float64}}, "out": -1.0} if writes else {}
        return factory.from_choice_func(numba_loop=numba_loop, **functions, **more)

    step = {"pass_params": ["step"]}
    arrays = {**step, "pass_kwargs": ["temp_idx_arr", "wait", ("flag", True)]}
    return SimpleNamespace(
        every=every, beyond=beyond, row=row, stops=stops,
        Entries=made("Entries", "entries", "step", entry_choice_func=every, entry_settings=step),
        Exits=made("Exits", "exits", "step", inputs=["ts"], exit_choice_func=above,
                   exit_settings={"pass_inputs": ["ts"], **step}),
        Both=made("Both", "both", "entry", "exit", entry_choice_func=every,
                  entry_settings={"pass_params": ["entry"]}, exit_choice_func=every,
                  exit_settings={"pass_params": ["exit"]}),
        Chain=made("Chain", "chain", "step", exit_choice_func=with_array, exit_settings=arrays),
        Looped=made("Looped", "chain", "step", exit_choice_func=every, exit_settings=step,
                    numba_loop=True),
        Cached=made("Cached", "entries", "step", entry_choice_func=every,
                    entry_settings={"pass_cache": True}, cache_settings=step,
                    cache_func=lambda steps: max(steps)),
        Written=made("Written", "exits", "step", writes=["out"], exit_choice_func=written,
                     exit_settings={"pass_in_outputs": ["out"], **step}),
    )  # fmt: skip


def outputs(made) -> dict:
    """All tables of a generator that has run."""
    names = [*made.input_names, *made.in_output_names, *made.output_names]
    return {name: getattr(made, name) for name in names}


def describe(vbt, case: dict, tools: dict) -> dict:
    """What is answered to everything that is asked; an error is an answer."""
    if not tools:
        tools["functions"] = functions(vbt)
    index, columns = case["index"], case["columns"]

    def made(values):
        if case["series"]:
            return pd.Series(values[:, 0], index=index, name=case["name"])
        return pd.DataFrame(values, index=index, columns=columns)

    s, e = (made(values) for values in case["signals"])
    o, h, low, t = (made(values) for values in case["prices"])
    known = {
        "s": s, "e": e, "o": o, "h": h, "l": low, "t": t, "K": type(s), "n": s.shape,
        "g": case["group_by"], "f": tools["functions"], "vbt": vbt, "np": np, "pd": pd,
        "nb": importlib.import_module(vbt.__name__ + ".signals.nb"), "w": outputs,
        "v": lambda name, *args, **kwargs: outputs(getattr(vbt, name).run(*args, **kwargs)),
    }  # fmt: skip
    out = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in case["asked"]:
            try:
                out[text] = plain(eval(text, known))
            except Exception as error:
                out[text] = "error: " + type(error).__name__
                if tools.get("verbose"):
                    out[text + "!"] = str(error)
    return out


if __name__ == "__main__":
    real = importlib.import_module("vectorbt")
    with open(sys.argv[1], "rb") as file:
        question = pickle.load(file)
    shared: dict = {}
    answers = {
        seed: describe(real, case, shared) for seed, case in asked_cases(make_case, question)
    }
    with open(sys.argv[2], "wb") as file:
        pickle.dump(answers, file)
