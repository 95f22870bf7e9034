"""Generated prices by symbol, and what `Data`, `.vbt.ohlcv`, schedules and labels make of them.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_data.py IN OUT`). Nothing here may import either at the top.
"""

from __future__ import annotations

import datetime
import importlib
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from vectorbt_records import plain

# `c` are close prices (a Series or a table), `v` runs a generator of labels by name, `r` and `q`
# are thresholds for each row and column, `nb` the compiled functions.
LABELS = (
    "v('FMEAN', c, [2, 5])", "v('FMEAN', c, 3, ewm=[False, True], wait=0)", "v('FIXLB', c, [1, 4])",
    "v('FMEAN', c, 4, ewm=True, adjust=True, wait=2)", "v('FMEAN', c, 3, engine='numba')",
    "v('FMEAN', c, 1, wait=3)", "v('FMEAN', i, 3)", "v('FMEAN', i, 3, engine='rust')",
    "v('FMEAN', c, 0, ewm=True)",
    "v('FSTD', c, [2, 4], ddof=1)", "v('FSTD', c, 3, ewm=True)", "v('FSTD', c, 3, engine='numba')",
    "v('FSTD', c, 3, ewm=True, adjust=True, ddof=1, wait=0)",
    "v('FMIN', c, [2, 3], wait=2)", "v('FMAX', c, [1, 4])", "v('FMAX', c, 3, engine='numba')",
    "v('FMIN', c, 3, wait=0, engine='numba')", "v('FMIN', i, 2)",
    "v('FIXLB', c, 0)", "v('FIXLB', i, 2)", "v('FIXLB', c, 3, engine='numba')",
    "v('MEANLB', c, [2, 3])", "v('MEANLB', c, 3, ewm=True, wait=0)",
    "v('MEANLB', c, 3, engine='numba')", "v('MEANLB', c, 4, engine='none')",
    "v('LEXLB', c, [0.01, 0.05], [0.02, 0.04])", "v('LEXLB', c, r, q)", "v('LEXLB', c, 0.0, 0.1)",
    "v('LEXLB', c, 0.03, 0.03, engine='numba')", "v('LEXLB', c, -0.02, -0.03)",
    "v('LEXLB', i, 0.1, 0.1)", "v('LEXLB', c, np.nan, 0.03)",
    *(f"v('TRENDLB', c, 0.02, 0.03, {mode})" for mode in range(6)),
    *(f"v('TRENDLB', c, r, q, {mode})" for mode in (2, 3)),
    *(f"v('TRENDLB', c, 0.04, 0.04, {mode}, engine='numba')" for mode in (1, 2, 4)),
    "v('TRENDLB', c, 0.03, [0.02, 0.05], ['Binary', 'BinaryContSat'])",
    "v('TRENDLB', i, 0.1, 0.1, 'BinaryCont')", "v('TRENDLB', c, 0.0, 0.1)",
    "v('BOLB', c, [2, 5], 0.02, 0.03)", "v('BOLB', c, 4, r, q)", "v('BOLB', c, 3)",
    "v('BOLB', c, 4, 0.02, 0.0, wait=0)", "v('BOLB', c, 4, [0.01, 0.03], 0.02, engine='numba')",
    "vbt.FMEAN.run(c, [2, 3]).fmean_above(c)", "vbt.LEXLB.run(c, 0.02, 0.02).labels_stats()",
    "vbt.labels.TrendMode", "vbt.TRENDLB.param_names",
    "vbt.BOLB.run_combs(c, [2, 3, 4], 0.02, 0.02)[1].labels",
)  # fmt: skip

# Functions that a script calls compiled; the reference compiles each of them.
COMPILED = (
    "nb.local_extrema_apply_nb(a, 0.02, 0.03)", "nb.local_extrema_apply_nb(a, h, h, False)",
    "nb.bn_trend_labels_nb(a, e)", "nb.bn_cont_trend_labels_nb(a, e)",
    "nb.bn_cont_sat_trend_labels_nb(a, e, 0.02, 0.03)", "nb.pct_trend_labels_nb(a, e, True)",
    "nb.trend_labels_apply_nb(a, 0.02, 0.02, 3)", "nb.breakout_labels_nb(a, 3, 0.02, 0.03)",
    "nb.get_symmetric_pos_th_nb(0.5)", "nb.get_symmetric_neg_th_nb(np.array([0.5, 1.0]))",
    "nb.future_mean_apply_nb(a, 3, False)", "nb.future_mean_apply_nb(a, 3, True, adjust=True)",
    "nb.future_std_apply_nb(a, 3, False, 1, False, 1)", "nb.future_std_apply_nb(a, 3, True)",
    "nb.future_min_apply_nb(a, 3)", "nb.future_max_apply_nb(a, 3, wait=0)",
    "nb.fixed_labels_apply_nb(a, 2)", "nb.mean_labels_apply_nb(a, 2, False)",
    "ld.bn_trend_labels(a, e)", "ld.bn_cont_trend_labels(a, e)",
    "ld.bn_cont_sat_trend_labels(a, e, 0.02, 0.03)", "ld.pct_trend_labels(a, e, False)",
)  # fmt: skip

# `x` and `y` are DataFrames of bars, `t` Series, `d` is `Data` of two symbols, `O` one of one.
DATA = (
    "s(vbt.Data.from_data({'A': x, 'B': y}, download_kwargs={}))", "s(d)", "s(O)", "d.symbols",
    "s(vbt.Data.from_data({'A': x, 'B': y}, missing_index='drop', download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y}, missing_index='raise', download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y}, missing_index='none', download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y[['Open', 'Close']]}, missing_columns='nan',"
    " download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y[['Open', 'Close']]}, missing_columns='drop',"
    " download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y[['Open', 'Close']]}, download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x, 'B': y.Close}, missing_columns='nan', download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x.Close, 'B': y.Close}, download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x.Close.rename(None), 'B': y.Close}, missing_columns='nan',"
    " download_kwargs={}))",
    "s(vbt.Data.from_data({'A': np.arange(4), 'B': np.arange(5.0)}, download_kwargs={}))",
    "s(vbt.Data.from_data({'A': np.eye(3), 'B': np.eye(3)}, download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x}, tz_localize='US/Eastern', tz_convert='UTC',"
    " download_kwargs={}))",
    "s(vbt.Data.from_data({'A': x}, wrapper_kwargs=dict(freq='1h', group_by=True),"
    " download_kwargs={}))",
    "vbt.Data.from_data({'A': x}, tz_convert='Asia/Tokyo', download_kwargs={}).tz_convert",
    "vbt.Data.from_data({'A': x})", "d.missing_index", "d.missing_columns", "d.tz_localize",
    "d.get('Close')", "d.get(['Open', 'Close'])", "d.get('none')", "O.get()", "O.get('Close')",
    "O.get(['Open', 'Close'])", "d.get(level_name='asset')", "d.get()", "d.concat()", "O.concat()",
    "vbt.Data.from_data({'A': t, 'B': t * 2}, download_kwargs={}).get()",
    "vbt.Data.from_data({'A': t, 'B': t * 2}, download_kwargs={}).get('A')",
    "vbt.Data.from_data({'A': t, 'B': t * 2}, download_kwargs={}).get(['B'])",
    "vbt.Data.from_data({'A': t, 'B': t * 2}, download_kwargs={}).get('none')",
    "vbt.Data.from_data({'A': t.astype(str), 'B': t.astype(str)}, download_kwargs={}).get()",
    "vbt.Data.from_data({'A': t.round().astype(int), 'B': t > 10}, download_kwargs={}).get()",
    "s(d['Close'])", "s(d[['Open', 'Close']])", "s(d.iloc[2:5])", "s(d.loc[d.wrapper.index[2]:])",
    "s(d.select_one('Close'))", "d.stats()", "d.stats(column='Close')", "d.stats(group_by=True)",
    "d.stats(agg_func=None)", "O.stats('null_counts', agg_func=None)", "d['Close'].stats()",
    "d.stats(['total_symbols', 'period'])", "list(d.metrics)", "list(d.subplots)",
    "s(T.download(['A', 'B'], rows=4))", "s(T.download('A'))", "s(T.download(('A', 'B')))",
    "s(T.download(['A', 'B'], rows=vbt.symbol_dict(A=3, B=6)))", "s(T.download(3.5, rows=2))",
    "s(T.download(['A', 'B'], rows=vbt.symbol_dict(A=3)))", "T.download(['A'], no_such=1)",
    "T.download({'A': 1})", "T.download(['A', 'B'], rows=4).download_kwargs",
    "s(T.download(['A', 'B'], rows=4).update(rows=3))", "s(T.download('A', rows=4).update(rows=2))",
    "s(T.download(['A', 'B'], rows=4).update(rows=vbt.symbol_dict(A=3, B=5)))",
    "s(T.download(['A', 'B'], rows=4, plain=True).update(plain=True))",
    "s(T.download(['A', 'B'], rows=4, tz_convert='US/Eastern').update())",
    "s(T.download(['A', 'B'], rows=3).update(columns=['Close', 'Open', 'More']))",
    "s(T.download(['A', 'B'], rows=3, columns=['Open']).update(columns=['Close']))",
    "T.select_symbol_kwargs('A', dict(a=1, b=vbt.symbol_dict(A=2), c=vbt.symbol_dict(B=2)))",
    "vbt.Data.download('A')", "s(T.download('A', rows=0))", "O.update()",
    "vbt.SyntheticData.download('A', start='2020-01-01', end='2020-01-05')",
    "s(vbt.GBMData.download('A', start='2020-01-01', end='2020-02-05', seed=3))",
    "s(vbt.GBMData.download(['A', 'B'], start='2020-01-01', end='2020-01-09', freq='h', seed=4))",
    "s(vbt.GBMData.download(['A', 'B'], start='2020-01-01', end='2020-01-09', S0=50, mu=0.1,"
    " sigma=vbt.symbol_dict(A=0.2, B=0.3), seed=4, I=3))",
    "s(vbt.GBMData.download('A', start='2020-01-01', end='2020-01-05', T=1, seed=2,"
    " date_range_kwargs=dict(inclusive='left')))",
    "s(vbt.GBMData.download('A', start='2020-01-01', end='2020-01-05', S0=9, T=2, seed=2)"
    ".update(end='2020-01-09', seed=5))",
    "vbt.GBMData.download('A', start='2020-01-05', end='2020-01-01')",
    "vbt.GBMData.generate_symbol('A', x.index, seed=3)",
    "d.replace(missing_index='drop').missing_index", "s(d.copy())", "d == d.copy()",
    "s(vbt.Data.loads(O.dumps()))", "vbt.data.base.symbol_dict(A=1)['A']",
)  # fmt: skip

OHLCV = (
    "x.vbt.ohlcv.open", "x.vbt.ohlc.close", "x.vbt.ohlcv.high", "x.vbt.ohlcv.low",
    "x.vbt.ohlc.ohlc",
    "x.vbt.ohlcv.volume", "x.drop(columns='Volume').vbt.ohlcv.volume", "x.vbt.ohlcv.stats()",
    "x.rename(columns=str.upper).vbt.ohlcv.ohlc", "x[['Volume']].vbt.ohlcv.ohlc",
    "x.rename(columns={'Open': 'o'}).vbt.ohlcv(column_names=dict(open='O')).open",
    "x.vbt.ohlcv(freq='2h').stats()", "x.vbt.ohlcv.stats(tags='volume')",
    "x.drop(columns='Volume').vbt.ohlcv.stats()", "x.drop(columns='Volume').vbt.ohlcv.stats(tags="
    "'ohlc')", "x.vbt.ohlcv.get_column('none')", "x.vbt.ohlcv.column_names", "x.vbt.ohlcv.obj",
    "list(x.vbt.ohlcv.metrics)", "x.vbt.ohlcv['Close'].obj", "list(x.vbt.ohlcv.subplots)",
    "x.iloc[::-1].vbt.ohlcv.stats(['first_price', 'last_price', 'lowest_volume'])",
    "x.vbt.ohlcv.mean()", "x.Close.vbt.ohlcv",
)  # fmt: skip

# `pf` is a portfolio of three columns that share cash two and one, `pn` the compiled functions,
# `m` the column map of its orders, `f`, `k` and `w` flow, cash flow and market value.
SERIES = (
    "vbt.Portfolio.from_orders(p[:, 0], f[:, 0]).stats('benchmark_return',"
    " settings=dict(benchmark_rets=pd.Series(p[:, 1] / 100)))",
    "pn.asset_flow_nb(z, pf.order_records, m, 2)", "pn.asset_flow_nb(z, pf.order_records, m, 0)",
    "pn.asset_flow_nb(z, pf.order_records, m, 1)", "pn.assets_nb(f)", "pf.value(group_by=False)",
    "pn.cash_flow_nb(z, pf.order_records, m, False)", "pn.sum_grouped_nb(k, g)",
    "pn.cash_flow_nb(z, pf.order_records, m, True)", "pn.cash_flow_grouped_nb(k, g)",
    "pn.init_cash_grouped_nb(np.array([1.0, 2.0, 4.0]), g, False)", "pn.cash_nb(k, b)",
    "pn.init_cash_grouped_nb(np.array([1.0, 2.0]), g, True)", "pn.value_nb(k, w)",
    "pn.init_cash_nb(np.array([1.0, 2.0]), g, True)", "pn.init_cash_nb(b, g, False)",
    "pn.cash_grouped_nb(z, pn.cash_flow_grouped_nb(k, g), g, b[:2])",
    "pn.cash_in_sim_order_nb(k, g, b[:2], q)", "pn.asset_value_grouped_nb(w, g)",
    "pn.value_in_sim_order_nb(k, w, g, q)", "pn.returns_in_sim_order_nb(k + 500, g, b[:2], q)",
    "pn.asset_value_nb(p, f)", "pn.total_profit_nb(z, p, pf.order_records, m)",
    "pn.total_profit_grouped_nb(b, g)", "pn.final_value_nb(b, b)", "pn.total_return_nb(b, b)",
    "pn.asset_returns_nb(k, w)", "pn.benchmark_value_nb(p, b)", "pn.gross_exposure_nb(w, k + 300)",
    "pn.benchmark_value_grouped_nb(p, g, b[:2])", "pn.total_benchmark_return_nb(p)",
    "pn.get_exit_trades_nb(pf.order_records, p, m)", "pn.get_trade_stats_nb(2., 3., .1, 4., .1, 1)",
    "pn.get_entry_trades_nb(pf.order_records, p, m)", "pn.trade_winning_streak_nb(t)",
    "pn.get_positions_nb(t, n)", "pn.trade_losing_streak_nb(t)", "pn.sum_grouped_nb(k, g + 1)",
    "pn.position_mask_grouped_nb(f != 0, g)", "pn.position_coverage_grouped_nb(f != 0, g)",
    "gn.find_ranges_nb(p > 10, False)", "gn.find_ranges_nb(np.where(p > 10, p, np.nan), np.nan)",
    "gn.get_drawdowns_nb(p)", "[*map(str, vbt.portfolio.Direction._fields)]",
    "gn.range_duration_nb(*r)", "gn.ranges_to_mask_nb(*r, d, len(p))",
    *(f"gn.range_coverage_nb(*r, d, np.full(3, len(p)), {o}, {n})" for o in (False, True)
      for n in (False, True)),
    "rm.deflated_sharpe_ratio(est_sharpe=np.array([0.1, 0.2]), var_sharpe=0.01, nb_trials=5,"
    " backtest_horizon=100, skew=np.array([0.1, -0.3]), kurtosis=np.array([3.0, 5.0]))",
    "rm.approx_exp_max_sharpe(0.1, 0.04, 10)", "rn.total_return_apply_nb(None, 0, p[:, 0] / 100)",
    "pf.cash(group_by=False, in_sim_order=True)", "pf.value(group_by=False, in_sim_order=True)",
    "pf.returns(group_by=False, in_sim_order=True)", "pf.value(in_sim_order=True)",
    "pf.cash(group_by=False, in_sim_order=True, free=True)", "pf.cash(in_sim_order=True)",
    "vbt.Portfolio.from_orders(p, f).value(in_sim_order=True)",
    "vbt.Portfolio.from_orders(p, f, group_by=True, cash_sharing=True)"
    ".value(group_by=False, in_sim_order=True)",
)  # fmt: skip

SCHEDULE = (
    "j()", "j(10)", "j(10, 'minutes')", "j('hour')", "j('10:30')", "j('day', '10:30')",
    "j('day', datetime.time(9, 30))", "j('monday')", "j('wednesday', '13:15')",
    "j('minute', ':17')", "j('hour', datetime.time(0, 30))", "j(2, 'weeks')",
    "j('minute', datetime.time(0, 0, 17))",
    "j('week', 'monday', '10:30')", "j(3, 'days', to=5)", "j('10:30', 'day')", "j('none')",
    "j(5, 'seconds', tags=('a', 'b'))", "j(5, 'seconds', tags='c')", "j('monday', 'tuesday')",
    "j(datetime.timedelta(seconds=3))", "vbt.ScheduleManager.units", "vbt.ScheduleManager.weekdays",
    "vbt.ScheduleManager(3)", "runs(False)", "runs(True)",
)  # fmt: skip


def make_case(seed: int, expressions: int, wide: bool = True) -> dict:
    """Prices, labels and what is asked of them, drawn by `seed`.

    Unless `wide`, labels are asked of the engine that the reference does not have to compile.
    """
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([6, 12, 30]))
    width = int(rng.choice([1, 2, 3]))

    def pick(*options):
        return options[rng.integers(len(options))]

    index = pick(
        pd.date_range("2020-01-01", periods=rows, freq=pick("D", "h", "B")),
        pd.date_range("2020-01-01", periods=rows, freq="D", tz="Europe/Berlin"),
        pd.RangeIndex(rows),
    )
    close = 10 * np.exp(rng.normal(0, 0.03, (rows, width)).cumsum(axis=0))
    close[rng.random(close.shape) < pick(0.0, 0.0, 0.1)] = np.nan
    bars = rng.integers(90, 110, (2, rows, 4)) / 10
    bars[rng.random(bars.shape) < pick(0.0, 0.0, 0.1)] = np.nan
    labels = [text for text in LABELS if wide or not ("numba" in text or "i," in text)]
    asked = [*labels, *DATA, *OHLCV]
    return {
        "index": index,
        "close": close,
        "series": width == 1 and rng.random() < 0.6,
        "bars": bars,
        "later": int(rng.integers(0, 3)),
        "thresholds": rng.uniform(0.01, 0.06, (2, rows, width)),
        "asked": [asked[n] for n in rng.permutation(len(asked))[:expressions]],
    }


def plain_case(wide: bool) -> dict:
    """One case in which schedules are asked and, where `wide`, compiled functions."""
    asked = [*SCHEDULE, *(COMPILED + SERIES if wide else SERIES[::4])]
    return make_case(0, 0) | {"asked": asked, "series": False}


def series(vbt) -> dict:
    """A portfolio, and what `SERIES` asks about."""
    rng = np.random.default_rng(8)
    prices = 10 * np.exp(rng.normal(0, 0.03, (20, 3)).cumsum(axis=0))
    size = np.where(rng.random(prices.shape) < 0.6, rng.normal(0, 3, prices.shape), np.nan)
    pf = vbt.Portfolio.from_orders(
        prices, size, fees=0.01, group_by=[0, 0, 1], cash_sharing=True, call_seq="auto",
        attach_call_seq=True, init_cash=[300.0, 200.0],
    )  # fmt: skip
    modules = {"pn": "portfolio", "gn": "generic", "rn": "returns", "records": "records"}
    nb = {k: importlib.import_module(f"{vbt.__name__}.{v}.nb") for k, v in modules.items()}
    flow = pf.asset_flow().to_numpy()
    ranges = nb["gn"].find_ranges_nb(prices > 10, False)
    trades = pf.exit_trades.values
    return {
        **nb, "pf": pf, "z": prices.shape, "p": prices, "f": flow, "b": np.array([300.0, 200, 50]),
        "k": np.ascontiguousarray(pf.cash_flow(group_by=False).to_numpy()),
        "w": np.ascontiguousarray(pf.asset_value(group_by=False).to_numpy()),
        "g": np.array([2, 1]), "q": np.ascontiguousarray(pf.call_seq.to_numpy()), "t": trades,
        "m": nb["records"].col_map_nb(pf.order_records["col"], 3),
        "n": nb["records"].col_map_nb(trades["col"], 3),
        "r": [ranges[name] for name in ("start_idx", "end_idx", "status")],
        "d": nb["records"].col_map_nb(ranges["col"], 3),
        "rm": importlib.import_module(vbt.__name__ + ".returns.metrics"),
    }  # fmt: skip


def shown(data) -> dict:
    """All of a `Data`."""
    return {
        "is": type(data).__name__, "data": data.data, "wrapper": plain(data.wrapper.columns),
        "index": data.wrapper.index, "freq": str(data.wrapper.freq), "ndim": data.wrapper.ndim,
        "asked": data.download_kwargs, "zones": [str(data.tz_localize), str(data.tz_convert)],
    }  # fmt: skip


def own_data(vbt):
    class Table(vbt.Data):
        """Symbols of a script's own."""

        @classmethod
        def download_symbol(cls, symbol, rows=5, start=0, columns=("Open", "Close"), plain=False):
            values = np.arange(start, start + rows)[:, None] + np.arange(len(columns)) / 4
            if plain:
                return values[:, 0]
            index = pd.date_range("2020-01-01", periods=start + rows)[start:]
            return pd.DataFrame(values, index=index, columns=list(columns))

        def update_symbol(self, symbol, **kwargs):
            given = self.select_symbol_kwargs(symbol, self.download_kwargs)
            given["start"] = len(self.data[symbol]) - 1
            return self.download_symbol(symbol, **{**given, **kwargs})

    return Table


def schedules(vbt):
    """What a schedule is, and what it has done once it ends."""

    def planned(*args, **kwargs):
        job = vbt.ScheduleManager().every(*args, **kwargs)
        return [
            job.interval,
            job.latest,
            job.unit,
            str(job.at_time),
            job.start_day,
            sorted(job.tags),
        ]

    def runs(background):
        import asyncio

        class Updater(vbt.DataUpdater):
            count = 0

            def update(self, step):
                Updater.count += step
                if Updater.count == 3 * step:
                    raise vbt.CancelledError
                super().update()

        updater = Updater(own_data(vbt).download(["A", "B"], rows=3))
        when = datetime.timedelta(seconds=0)
        if background:

            async def main():
                updater.update_every(when, in_background=True, start_kwargs={"sleep": 0}, step=2)
                await asyncio.gather(updater.schedule_manager.async_task)

            asyncio.run(main())
        else:
            updater.update_every(when, start_kwargs={"sleep": 0}, step=2)
        return [Updater.count, updater.data.get(), updater.config["data"] is updater.data]

    return planned, runs


def describe(vbt, case: dict, tools: dict) -> dict:
    """What is answered to everything that is asked; an error is an answer."""
    if not tools:
        tools["T"] = own_data(vbt)
        tools["j"], tools["runs"] = schedules(vbt)
    index, rows = case["index"], len(case["index"])
    columns = [f"c{n}" for n in range(case["close"].shape[1])]
    close = pd.DataFrame(case["close"], index=index, columns=columns)
    c = close["c0"] if case["series"] else close
    names = ["Open", "High", "Low", "Close"]
    x, y = (pd.DataFrame(values, index=index, columns=names) for values in case["bars"])
    for one in (x, y):
        one["Volume"] = np.arange(rows) + 100
    y = y.iloc[case["later"] :]
    local = importlib.import_module(vbt.__name__ + ".labels.nb")
    known = {
        **tools, "c": c, "i": close.fillna(0).mul(10).astype(int), "x": x, "y": y, "t": x["Close"],
        "r": case["thresholds"][0], "q": case["thresholds"][1], "s": shown, "vbt": vbt,
        "a": case["close"], "h": case["thresholds"][0][:, 0], "nb": local, "np": np, "pd": pd,
        "ld": importlib.import_module(vbt.__name__ + ".labels.dispatch"), "datetime": datetime,
        "v": lambda name, *args, **kwargs: outputs(getattr(vbt, name).run(*args, **kwargs)),
    }  # fmt: skip
    out = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known["d"] = vbt.Data.from_data({"A": x, "B": y}, download_kwargs={})
        known["O"] = vbt.Data.from_data({"A": x}, download_kwargs={})
        if COMPILED[0] in case["asked"]:
            known["e"] = local.local_extrema_apply_nb(case["close"], 0.02, 0.03)
        parts = series(vbt) if SERIES[0] in case["asked"] else {}
        for text in case["asked"]:
            try:
                out[text] = plain(eval(text, known | parts if text in SERIES else known))
            except Exception as error:
                out[text] = "error: " + type(error).__name__
                if tools.get("verbose"):
                    out[text + "!"] = str(error)
    return out


def outputs(made) -> dict:
    """All tables of a generator that has run."""
    return {name: getattr(made, name) for name in made.output_names}


if __name__ == "__main__":
    real = importlib.import_module("vectorbt")
    with open(sys.argv[1], "rb") as file:
        question = pickle.load(file)
    shared: dict = {}
    wide = question["wide"]
    answers = {
        seed: describe(real, make_case(seed, question["expressions"], wide), shared)
        for seed in question["seeds"]
    }
    answers["plain"] = describe(real, plain_case(wide), shared)
    with open(sys.argv[2], "wb") as file:
        pickle.dump(answers, file)
