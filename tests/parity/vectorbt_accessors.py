"""Generated Series and tables, and what `.vbt` and `.vbt.returns` say about them;
portfolios, and what they tell of holdings and returns.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_accessors.py IN OUT`). Nothing here may import either at the top.
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

# `x` is the Series or table, `y` another one like it, `g` a way to group columns, `b` booleans.
GENERIC = (
    "x.vbt.fillna(-1.0)", "x.vbt.fillna(0)", "x.vbt.bshift()", "x.vbt.bshift(2)",
    "x.vbt.fshift(1)", "x.vbt.fshift(3, fill_value=0.0)", "b.vbt.fshift(1, fill_value=False)",
    "x.vbt.bshift(1, fill_value=-2)", "x.vbt.diff()", "x.vbt.diff(n=2)", "x.vbt.pct_change()",
    "x.vbt.pct_change(3)", "x.vbt.ffill()", "x.vbt.bfill()", "x.vbt.cumsum()", "x.vbt.cumprod()",
    "x.vbt.product()", "x.vbt.rolling_min(3)", "x.vbt.rolling_min(3, minp=1)",
    "x.vbt.rolling_max(4, minp=2)", "x.vbt.rolling_mean(3)", "x.vbt.rolling_mean(5, minp=1)",
    "x.vbt.rolling_std(4)", "x.vbt.rolling_std(4, minp=2, ddof=0)", "x.vbt.rolling_mean(2, 3)",
    "x.vbt.expanding_min()", "x.vbt.expanding_max(minp=3)", "x.vbt.expanding_mean()",
    "x.vbt.expanding_mean(minp=2)", "x.vbt.expanding_std()", "x.vbt.expanding_std(minp=2, ddof=0)",
    "x.vbt.ewm_mean(3)", "x.vbt.ewm_mean(3, minp=2, adjust=False)", "x.vbt.ewm_std(4)",
    "x.vbt.ewm_std(4, minp=1, adjust=False, ddof=0)", "x.vbt.ewm_mean(2, minp=5)",
    "x.vbt.min()", "x.vbt.max()", "x.vbt.mean()", "x.vbt.median()", "x.vbt.std()", "x.vbt.sum()",
    "x.vbt.std(ddof=0)", "x.vbt.count()", "x.vbt.idxmin()", "x.vbt.idxmax()", "x.vbt.describe()",
    "x.vbt.describe(percentiles=[0.1, 0.9])", "x.vbt.describe(ddof=0)", "x.vbt.min(group_by=g)",
    "x.vbt.max(group_by=g)", "x.vbt.mean(group_by=g)", "x.vbt.median(group_by=g)",
    "x.vbt.std(group_by=g)", "x.vbt.sum(group_by=g)", "x.vbt.count(group_by=g)",
    "x.vbt.idxmin(group_by=g)", "x.vbt.idxmax(group_by=g, order='F')",
    "x.vbt.describe(group_by=g)", "x.vbt.describe(percentiles=[0.3], ddof=0, group_by=g)",
    "x.vbt.min(wrap_kwargs=dict(name_or_index='lowest'))",
    "i.vbt.value_counts()", "i.vbt.value_counts(normalize=True)",
    "i.vbt.value_counts(sort=True)", "i.vbt.value_counts(sort=True, ascending=True)",
    "i.vbt.value_counts(sort_uniques=False)", "i.vbt.value_counts(group_by=g)",
    "i.vbt(mapping={0: 'zero', 1: 'one', 2: 'two', 7: 'seven'}).value_counts()",
    "i.vbt.value_counts(mapping={0: 'a', 1: 'b', 2: 'd', 7: 'c'}, incl_all_keys=True)",
    "x.vbt.value_counts(dropna=True)", "i.vbt(mapping={0: 'a', 1: 'b', 2: 'c'}).apply_mapping()",
    "i.vbt(mapping={0: 'a', 1: 'b', 2: 'c'}).stats()", "i.vbt(mapping='index').mapping",
    "x.vbt.stats()", "x.vbt.stats(agg_func=None)", "x.vbt.stats(['min', 'max'])",
    "x.vbt.stats(tags='describe', agg_func=None)", "x.vbt.stats(group_by=g, agg_func=None)",
    "x.vbt(freq='2h').stats()", "[m['title'] for m in x.vbt.metrics.values()]",
    "[str(m['tags']) for m in x.vbt.metrics.values()]",
    "x.vbt.drawdown()", "x.vbt.drawdowns.records", "x.vbt.ranges.records", "x.vbt.ranges.count()",
    "x.vbt.get_drawdowns().max_drawdown()", "x.vbt.to_mapped()", "x.vbt.to_mapped(dropna=False)",
    "i.vbt.to_mapped(dtype=float)", "x.vbt.to_mapped(group_by=g).mean()", "x.vbt.to_returns()",
    "x.vbt.to_returns(init_value=1.0)",
    "x.vbt.crossed_above(y)", "x.vbt.crossed_below(y)", "x.vbt.crossed_above(y, wait=1)",
    "x.vbt.crossed_above(1.0)", "x.vbt.crossed_below(y.to_numpy())",
    "x.vbt.crossed_above([0.5, 1.0], broadcast_kwargs=dict(align_columns=True))",
    "x.vbt.rebase(100.0)", "x.vbt.range_split(n=2)", "x.vbt.range_split(n=3, range_len=4)",
    "x.vbt.range_split(range_len=0.5)", "x.vbt.range_split(n=2, set_lens=(0.5,))",
    "x.vbt.range_split(start_idxs=[0, 2], end_idxs=[3, 6])", "x.vbt.range_split(n=1000)",
    "x.vbt.range_split(start_idxs=x.index[:2], end_idxs=x.index[4:6])",
    "x.vbt.rolling_split(window_len=5, set_lens=(2, 1))", "x.vbt.rolling_split(n=3, min_len=2)",
    "x.vbt.rolling_split(n=2, window_len=6, set_lens=(0.4,), left_to_right=False, keys=['p', 'q'])",
    "x.vbt.expanding_split(n=3, min_len=3)", "x.vbt.expanding_split(n=2, set_lens=(1,), min_len=2)",
    "x.vbt.range_split()", "x.vbt.rolling_split(window_len=5, set_lens=(5,))",
    "x.vbt.flatten_grouped(group_by=g)", "x.vbt.flatten_grouped(group_by=g, order='F')",
    "i.vbt.flatten_grouped(group_by=g)", "x.vbt.wrapper.shape", "x.vbt.obj",
    "x.vbt.no_such_method()", "x.vbt.shuffle(seed=3)", "x.vbt.zscore().shape",
    "x.vbt.transform(f.StandardScaler())", "x.vbt.minmax_scale(feature_range=(-1, 1))",
    "x.vbt.binarize(threshold=0.5)", "x.vbt.rolling_apply(3, lambda i, col, a: 0.0)",
)  # fmt: skip

CALLED = (
    "x.vbt.apply_along_axis(f.ranks)", "x.vbt.apply_along_axis(f.ranks, axis=1)",
    "x.vbt.apply_along_axis(f.ranks, axis=2)", "x.vbt.rolling_apply(3, f.weighted)",
    "x.vbt.rolling_apply(3, f.weighted, minp=1)", "x.vbt.expanding_apply(f.weighted)",
    "x.vbt.rolling_apply(3, f.of_matrix, on_matrix=True)",
    "x.vbt.expanding_apply(f.of_matrix, on_matrix=True, minp=2)",
    "x.vbt.groupby_apply(np.arange(len(x)) // 3, f.grouped)",
    "x.vbt.groupby_apply(np.arange(len(x)) % 2, f.grouped_matrix, on_matrix=True)",
    "x.vbt.resample_apply('2D', f.grouped)", "x.vbt.applymap(f.square)", "x.vbt.filter(f.big)",
    "x.vbt.applymap(f.add, 2.0)", "x.vbt.apply_and_reduce(f.ranks, f.spread)",
    "x.vbt.apply_and_reduce(f.scaled, f.spread_of, apply_args=(2.0,), reduce_args=(1.0,))",
    "x.vbt.reduce(f.spread)", "x.vbt.reduce(f.spread, group_by=g, flatten=True)",
    "x.vbt.reduce(f.of_group, group_by=g)", "x.vbt.reduce(f.ends, returns_array=True)",
    "x.vbt.reduce(f.ends, returns_array=True, group_by=g, flatten=True, order='F')",
    "x.vbt.reduce(f.last, returns_idx=True)",
    "x.vbt.reduce(f.last, returns_idx=True, to_index=False)",
    "x.vbt.reduce(f.last, returns_idx=True, group_by=g, flatten=True)",
    "x.vbt.squeeze_grouped(f.squeezed, group_by=g)",
)  # fmt: skip

RETURNS = (
    "r.total()", "r.annualized()", "r.annualized_volatility()", "r.calmar_ratio()",
    "r.annualized_volatility(levy_alpha=1.5, ddof=0)", "r.ulcer_index()", "r.martin_ratio()",
    "r.martin_ratio(risk_free=0.001)", "r.omega_ratio()", "r.sharpe_ratio()",
    "r.omega_ratio(risk_free=0.001, required_return=0.1)", "r.sharpe_ratio(0.0005, ddof=0)",
    "r.downside_risk()", "r.downside_risk(required_return=0.001)", "r.sortino_ratio()",
    "r.sortino_ratio(0.001)", "r.information_ratio(q)", "r.information_ratio(benchmark_rets=q)",
    "r.beta(q)", "r.alpha(q)", "r.alpha(q, risk_free=0.0005)", "r.tail_ratio()",
    "r.common_sense_ratio()", "r.value_at_risk()", "r.value_at_risk(cutoff=0.2)",
    "r.cond_value_at_risk()", "r.cond_value_at_risk(0.3)", "r.capture(q)", "r.up_capture(q)",
    "r.down_capture(q)", "r.max_drawdown()", "r.drawdown()", "r.cumulative()",
    "r.cumulative(start_value=100.0)", "r.daily()", "r.annual()", "r.drawdowns.records",
    "r.get_drawdowns().max_drawdown()", "r.deflated_sharpe_ratio()", "r.ann_factor",
    "r.deflated_sharpe_ratio(nb_trials=20, var_sharpe=0.5, bias=False)", "r.defaults",
    "r.rolling_total(4)", "r.rolling_total(4, minp=1)", "r.rolling_annualized(5, 2)",
    "r.rolling_annualized_volatility(5)", "r.rolling_calmar_ratio(5, minp=2)",
    "r.rolling_ulcer_index(4)", "r.rolling_martin_ratio(4, risk_free=0.001)",
    "r.rolling_omega_ratio(5, 1, 0.0, 0.01)", "r.rolling_sharpe_ratio()",
    "r.rolling_sharpe_ratio(5, minp=2, ddof=0)", "r.rolling_downside_risk(5)",
    "r.rolling_sortino_ratio(5, minp=1)", "r.rolling_information_ratio(q, 5)",
    "r.rolling_beta(q, 6, minp=3)", "r.rolling_alpha(q, 6)", "r.rolling_tail_ratio(6)",
    "r.rolling_common_sense_ratio(6)", "r.rolling_value_at_risk(6, cutoff=0.1)",
    "r.rolling_cond_value_at_risk(6)", "r.rolling_capture(q, 6)", "r.rolling_up_capture(q, 6)",
    "r.rolling_down_capture(q, 6, minp=2)", "r.rolling_max_drawdown(4)", "r.stats()",
    "r.stats(agg_func=None)", "r.stats(settings=dict(year_freq='252 days'))",
    "r.stats(['total_return', 'sharpe_ratio'])", "r.stats(tags='returns', agg_func=None)",
    "[m['title'] for m in r.metrics.values()]", "p.stats()", "p.stats(agg_func=None)",
    "p.benchmark_rets", "p.beta()", "p.information_ratio()", "p.year_freq", "p.sharpe_ratio()",
    "r(year_freq='252 days').sharpe_ratio()", "r(freq='12h').sharpe_ratio()",
    "r(defaults=dict(risk_free=0.001)).sharpe_ratio()",
    "z.vbt.returns.from_value(v).obj", "z.vbt.returns.from_value(v, init_value=50.0).obj",
    "r.sharpe_ratio(wrap_kwargs=dict(name_or_index='s'))", "p.iloc[2:6].obj", "p.iloc[2:6].beta()",
    "r.total(group_by=True)", "r.no_such_ratio()",
)  # fmt: skip


PORTFOLIOS = (
    "pf.asset_flow()", "pf.asset_flow(direction='longonly')",
    "pf.asset_flow(direction='shortonly')", "pf.assets('shortonly')", "pf.assets('longonly')",
    "pf.position_mask()", "pf.position_mask('shortonly')", "pf.position_coverage()",
    "pf.position_coverage('longonly')", "pf.asset_value('shortonly')",
    "pf.asset_value('longonly')", "pf.gross_exposure('longonly')",
    "pf.gross_exposure('shortonly')", "pf.net_exposure()", "pf.asset_returns()",
    "pf.returns_acc.obj", "pf.get_returns_acc(use_asset_returns=True).obj", "pf.daily_returns()",
    "pf.annual_returns()", "pf.cumulative_returns()", "pf.deflated_sharpe_ratio()",
    "pf.information_ratio()", "pf.beta()", "pf.alpha()", "pf.tail_ratio()",
    "pf.value_at_risk(cutoff=0.1)", "pf.cond_value_at_risk()", "pf.capture()", "pf.up_capture()",
    "pf.down_capture()", "pf.drawdown()", "pf.returns_stats()", "pf.returns_stats(agg_func=None)",
    "pf.returns_stats(year_freq='252d')",
    "pf.returns_stats(use_asset_returns=True,agg_func=None)",
    "pf.alpha(year_freq='252d',use_asset_returns=True)", "pf.position_mask(group_by=True)",
    "pf.position_coverage(group_by=False)", "pf.net_exposure(group_by=False)",
    "pf.stats(settings=dict(use_asset_returns=True))", "pf.stats()", "pf.stats(agg_func=None)",
    "pf.beta(group_by=False)",
)  # fmt: skip


def make_case(seed: int, expressions: int, wide: bool) -> dict:
    """A Series or table, labels and what is asked of it, drawn by `seed`."""
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([8, 12, 20]))
    width = int(rng.choice([1, 1, 2, 3]))

    def pick(*options):
        return options[rng.integers(len(options))]

    index = pick(
        pd.date_range("2020-01-01", periods=rows, freq=pick("D", "h", "7h")),
        pd.date_range("2020-01-01", periods=rows, freq="D"),
        pd.RangeIndex(rows),
        pd.DatetimeIndex(
            pd.Timestamp("2020-01-01") + pd.to_timedelta(np.cumsum(rng.integers(1, 60, rows)), "h")
        ),
    )
    names = pick(
        pd.Index([f"c{n}" for n in range(width)], name=pick(None, "name")),
        pd.RangeIndex(width),
        pd.MultiIndex.from_arrays(
            [[n // 2 for n in range(width)], [f"x{n}" for n in range(width)]], names=["half", "x"]
        ),
    )
    values = rng.normal(1, 0.7, (3, rows, width)).round(pick(1, 3))
    values[rng.random(values.shape) < pick(0.0, 0.1, 0.3)] = np.nan
    if rng.random() < 0.1:
        values[:, :, 0] = np.nan
    returns = rng.normal(0.001, 0.02, (2, rows, width))
    returns[rng.random(returns.shape) < pick(0.0, 0.1)] = np.nan
    asked = [("generic", text) for text in GENERIC] + [("returns", text) for text in RETURNS]
    chosen = [asked[n][1] for n in rng.permutation(len(asked))[:expressions]]
    # Each makes the reference compile for a second or more.
    if wide:
        chosen += CALLED if seed % 5 == 0 else ()
    elif seed % 5 == 0:
        chosen += [CALLED[n] for n in rng.permutation(len(CALLED))[:3]]
    return {
        "index": index,
        "columns": names,
        "series": width == 1 and rng.random() < 0.6,
        "name": pick(None, "close", 5),
        "values": values,
        "returns": returns,
        "integers": rng.integers(0, 3, (rows, width)),
        "group_by": pick(True, [f"g{n // 2}" for n in range(width)], None),
        "freq": pick(None, "D", "8h"),
        "asked": chosen,
    }


def functions() -> SimpleNamespace:
    """A user's compiled functions."""
    from numba import njit

    @njit
    def ranks(place, a):
        return np.argsort(a) * 1.0

    @njit
    def weighted(i, col, a):
        return np.nansum(a) * (col + 1) + i

    @njit
    def of_matrix(i, a):
        return np.nansum(a) + i

    @njit
    def grouped(rows, col, a):
        return np.nansum(a) + rows[0] + col

    @njit
    def grouped_matrix(rows, a):
        return np.nansum(a) + rows[-1]

    @njit
    def square(i, col, x):
        return x * x

    @njit
    def add(i, col, x, more):
        return x + more

    @njit
    def big(i, col, x):
        return x > 1.0

    @njit
    def spread(col, a):
        return np.nanmax(a) - np.nanmin(a)

    @njit
    def scaled(col, a, factor):
        return a * factor

    @njit
    def spread_of(col, a, more):
        return np.nanmax(a) - np.nanmin(a) + more

    @njit
    def of_group(group, a):
        return np.nansum(a) + group

    @njit
    def ends(col, a):
        return np.array([a[0], a[-1]])

    @njit
    def last(col, a):
        return len(a) - 1

    @njit
    def squeezed(i, group, a):
        return np.nansum(a) + i + group

    return SimpleNamespace(
        ranks=ranks, weighted=weighted, of_matrix=of_matrix, grouped=grouped,
        grouped_matrix=grouped_matrix, square=square, add=add, big=big, spread=spread,
        scaled=scaled, spread_of=spread_of, of_group=of_group, ends=ends, last=last,
        squeezed=squeezed,
    )  # fmt: skip


def describe(case: dict, tools: dict) -> dict:
    """What the accessors answer to everything that is asked; an error is an answer."""
    if "functions" not in tools:
        tools["functions"] = functions()
    index, columns = case["index"], case["columns"]

    def made(values):
        if case["series"]:
            return pd.Series(values[:, 0], index=index, name=case["name"])
        return pd.DataFrame(values, index=index, columns=columns)

    x, y, v = (made(values) for values in case["values"])
    z, q = (made(values) for values in case["returns"])
    f = tools["functions"]
    out = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = z.vbt.returns(freq=case["freq"])
        p = z.vbt.returns(freq=case["freq"], benchmark_rets=q, year_freq="252 days")
        known = {
            "x": x, "y": y, "v": v, "z": z, "q": q, "r": r, "p": p, "f": f, "b": x > 1,
            "i": made(case["integers"]), "g": case["group_by"], "np": np, "pd": pd,
        }  # fmt: skip
        if any("StandardScaler" in text for text in case["asked"]):
            f.StandardScaler = importlib.import_module("sklearn.preprocessing").StandardScaler
        for text in case["asked"]:
            try:
                out[text] = plain(eval(text, known))
            except Exception as error:
                out[text] = "error: " + type(error).__name__
                if tools.get("verbose"):
                    out[text + "!"] = str(error)
    return out


def describe_portfolios(vbt, only=None) -> dict:
    """What portfolios of each kind of grouping tell of holdings, exposures and returns.

    only: which of these answers, or all.
    """
    rng = np.random.default_rng(3)
    index = pd.date_range("2020-01-01", periods=60, freq="D")
    prices = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, (60, 4)), 0))
    close = pd.DataFrame(prices, index=index, columns=list("abcd"))
    close.iloc[5:8, 1] = np.nan
    entries, exits = rng.random((60, 4)) < 0.15, rng.random((60, 4)) < 0.15
    kinds = {
        "plain": (close, entries, exits, {}),
        "grouped": (close, entries, exits, {"group_by": [0, 0, 1, 1]}),
        "shared": (close, entries, exits, {"group_by": [0, 0, 1, 1], "cash_sharing": True}),
        "one": (close["a"], entries[:, 0], exits[:, 0], {}),
    }
    out = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, (prices, enter, leave, more) in kinds.items():
            pf = vbt.Portfolio.from_signals(
                prices, enter, leave, direction="both", size=0.7, fees=0.001, freq="D",
                init_cash=1000.0, **more,
            )  # fmt: skip
            for text in PORTFOLIOS:
                name = f"{kind}: {text}"
                if only is not None and name not in only:
                    continue
                try:
                    out[name] = plain(eval(text, {"pf": pf}))
                except Exception as error:
                    out[name] = "error: " + type(error).__name__
    return out


if __name__ == "__main__":
    vectorbt = importlib.import_module("vectorbt")
    with open(sys.argv[1], "rb") as file:
        question = pickle.load(file)
    shared: dict = {}
    answers: dict = {
        seed: describe(case, shared) for seed, case in asked_cases(make_case, question)
    }
    again = question.get("only", {"portfolios": None})
    if "portfolios" in again:
        answers["portfolios"] = describe_portfolios(vectorbt, again["portfolios"])
    with open(sys.argv[2], "wb") as file:
        pickle.dump(answers, file)
