"""Generated records, and what every method says about them.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_records.py IN OUT`), which knows nothing of fillproof. Nothing here
may import either at the top.
"""

from __future__ import annotations

import importlib
import pickle
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd

ORDER_FIELDS = ("id", "col", "idx", "size", "price", "fees", "side")

# What is asked of every kind of records. `c` is a column label, `g` a way to group.
RECORDS = (
    "o.count()", "o.count(group_by=g)", "o.count(group_by=False)", "o.values", "o.records",
    "o.records_readable", "len(o)", "o.recarray", "o.is_sorted()", "o.is_sorted(incl_id=True)",
    "o.sort()", "o.sort(incl_id=True)", "o.sort(group_by=g)", "o.apply_mask(o.id_arr % 2 == 0)",
    "o.apply_mask(o.col_arr == 0, group_by=g)", "o.id_arr", "o.idx_arr", "o.col_arr",
    "o.col_mapper.get_col_map()", "o.col_mapper.get_col_map(group_by=g)",
    "o.col_mapper.get_col_range()", "o.col_mapper.get_col_range(group_by=g)",
    "o.col_mapper.col_map", "o.col_mapper.col_range", "o.col_mapper.get_col_arr(group_by=g)",
    "o.col_mapper.is_sorted()", "o[c]", "o[[c]]", "o.loc[c]", "o.iloc[0]", "o.iloc[[0, -1]]",
    "o.iloc[:2]", "o.iloc[-1].records_readable", "o[c].stats()", "o.regroup(g)[o.regroup(g)."
    "wrapper.get_columns()[0]]", "o.regroup(g).iloc[-1]", "o.regroup(g).count()",
    "o.get_field_name('idx')", "o.get_field_title('idx')", "o.get_field_title('id')",
    "o.get_field_mapping('col')", "o.get_field_setting('col', 'mapping')",
    "o.get_field_arr('id')", "o.get_map_field('col')", "o.get_map_field('idx').to_index()",
    "o.get_apply_mapping_arr('col')", "o.get_map_field_to_index('idx')", "o.map_field('col')",
    "o.map_array(o.idx_arr * 2.5)", "o.map_array(o.idx_arr, group_by=g).count()",
    "o.map_array([1, 2])", "o.stats()", "o.stats(agg_func=None)", "o.stats(column=c)",
    "o.stats(group_by=g)", "o.stats(group_by=g, agg_func=None)", "o.stats(tags='wrapper')",
    "o.stats(['start', 'total_records'])", "o.stats(settings=dict(freq='2h'))",
    "o.stats(settings=dict(to_timedelta=False), agg_func=None)", "list(o.metrics)",
    "[m['title'] for m in o.metrics.values()]", "[str(m['tags']) for m in o.metrics.values()]",
    "list(o.subplots)", "type(o).__mro__[1].__name__", "o.field_config['settings'].keys()",
    "type(o).field_config['dtype']", "o.replace(records_arr=o.values[:1])", "o.copy()",
    "type(o).loads(o.dumps())", "o.select_one(c)", "o.wrapper.freq", "o.no_such_name",
    "o.count(wrap_kwargs=dict(name_or_index='n'))", "o.engine", "o['no such column']",
    "o.apply_mask(np.zeros(len(o), bool)).stats(agg_func=None)",
    "o.apply_mask(np.zeros(len(o), bool)).records_readable",
    "o.metrics['count']['title'] if 'count' in o.metrics else None",
)  # fmt: skip

ORDERS = (
    "o.buy", "o.sell", "o.buy.count()", "o.sell.count(group_by=g)", "o.size", "o.price", "o.fees",
    "o.side", "o.id", "o.col", "o.idx", "o.buy.size.mean()", "o.sell.price.mean(group_by=g)",
    "o.fees.sum()", "o.size.max()", "o.size.min(group_by=g)", "o.side.value_counts()",
    "o.side.apply_mapping()", "o.side.stats()", "o.side.stats(agg_func=None)", "o.close",
    "o[c].close", "o.stats(tags='buy')", "o.stats(tags=['size', 'fees'], agg_func=None)",
    "o.stats(['avg_size', ('mine', dict(title='Mine', calc_func=lambda self: len(self)))])",
    "o.size.to_pd(ignore_index=True)", "o.size.to_pd()", "o.side.to_pd(fill_value=-1)",
    "o.regroup(g).size.to_pd(ignore_index=True)", "o.side.value_counts(incl_all_keys=True)",
    "o.size.to_pd(group_by=g)",
)  # fmt: skip

RANGES = (
    "o.duration", "o.avg_duration()", "o.max_duration()", "o.max_duration(group_by=g)",
    "o.avg_duration(wrap_kwargs=dict(to_timedelta=False))", "o.coverage()",
    "o.coverage(overlapping=True)", "o.coverage(normalize=False)", "o.coverage(group_by=g)",
    "o.coverage(overlapping=True, normalize=False, group_by=g)", "o.to_mask()",
    "o.to_mask(group_by=g)", "o.open", "o.closed", "o.status", "o.closed.count()", "o.ts",
    "o[c].ts", "o.open.duration", "o.status.value_counts()", "o.duration.describe()",
    "o.status.apply_mapping().values", "o.start_idx", "o.end_idx",
)  # fmt: skip

DRAWDOWNS = (
    "o.drawdown", "o.avg_drawdown()", "o.max_drawdown()", "o.max_drawdown(group_by=g)",
    "o.recovery_return", "o.avg_recovery_return()", "o.max_recovery_return()",
    "o.decline_duration", "o.recovery_duration", "o.recovery_duration_ratio", "o.active",
    "o.recovered", "o.active_drawdown()", "o.active_duration()", "o.active_recovery()",
    "o.active_recovery_return()", "o.active_recovery_duration()",
    "o.active_drawdown(group_by=g)", "o.active_duration(group_by=g)", "o.peak_val",
    "o.valley_val", "o.end_val", "o.peak_idx", "o.valley_idx",
    "o.stats(settings=dict(incl_active=True))", "o.stats(tags='active')",
    "o.stats(tags='recovered', agg_func=None)", "o.peak_idx.to_index()",
    "o.avg_duration()", "o.max_duration()", "o.duration", "o.coverage()", "o.to_mask()", "o.ts",
    "o[c].ts", "o.status", "o.duration.idxmax()", "o.drawdown.idxmin()",
)  # fmt: skip

TRADES = (
    "o.winning", "o.losing", "o.open", "o.closed", "o.long", "o.short", "o.winning_streak",
    "o.losing_streak", "o.win_rate()", "o.win_rate(group_by=g)", "o.profit_factor()",
    "o.profit_factor(group_by=g)", "o.expectancy()", "o.expectancy(group_by=g)", "o.sqn()",
    "o.sqn(group_by=g)", "o.closed.win_rate()", "o.closed.sqn()", "o.long.expectancy()",
    "o.winning.pnl.sum()", "o.losing.returns.mean()", "o.returns", "o.pnl", "o.direction",
    "o.direction.value_counts()", "o.entry_price", "o.exit_fees", "o.parent_id", "o.entry_idx",
    "o.exit_idx.to_index()", "o.stats(settings=dict(incl_open=True))",
    "o.stats(settings=dict(incl_open=True), agg_func=None)", "o.stats(tags='closed')",
    "o.stats(tags='open')", "o.stats(tags='trades and not open', agg_func=None)",
    "o.stats(tags=['streak', 'winning'])", "o.close", "o[c].close", "o.direction.apply_mapping()",
    "o.win_rate(wrap_kwargs=dict(name_or_index='w'))", "o.from_ts(o.close)", "o.duration",
    "o.avg_duration()", "o.max_duration(group_by=g)", "o.coverage()", "o.to_mask()",
    "o.coverage(overlapping=True)", "o.winning_streak.max()", "o.returns.max(group_by=g)",
    "o.status.value_counts(incl_all_keys=True)", "o.get_field_arr('start_idx')",
    "o.get_field_name('end_idx')", "o.open.pnl.sum()", "o.short.long.count()",
    "o.closed.winning.avg_duration()", "o.closed.winning.duration.mean()",
)  # fmt: skip

POSITIONS = ("o.records_readable.columns", "o.parent_id")

LOGS = (
    "o.req_size", "o.res_status.value_counts()", "o.filled", "o.ignored.count()",
    "o.rejected.count(group_by=g)", "o.buy", "o.sell.res_size", "o.res_status_info",
    "o.res_status_info.apply_mapping().values", "o.res_side.value_counts()", "o.size_zero.count()",
    "o.no_cash_long", "o.req_direction.apply_mapping().values", "o.group", "o.order_id",
    "o.res_status_info.value_counts(incl_all_keys=True)", "o.max_size_exceeded.count()",
    "o.size_na_n" , "o.size_nan.count()", "o.req_raise_reject", "o.req_lock_cash.values",
)  # fmt: skip

OWN = (
    "o.weight", "o.kind_of", "o.red", "o.green.count()", "o.note", "o.weight.mean()",
    "o.kind_of.value_counts()", "o.kind_of.apply_mapping().values", "o.twice.sum()",
    "o.from_", "o.from_.to_index()", "type(o).field_config['settings']['weight']",
    "o.stats(['total', 'weights'])", "o.row_",
)  # fmt: skip

# Of portfolios.
PORTFOLIO = (
    "o.orders", "o.get_orders(group_by=g)", "o.orders.close", "o.orders[c].stats()",
    "o.orders.stats(agg_func=None)", "o.trades", "o.get_trades(group_by=g)",
    "o.get_trades(group_by=g).stats(agg_func=None)", "o.trades[c].close", "o.trades.win_rate()",
    "o.get_trades(group_by=g).expectancy()", "o.trades.stats(agg_func=None)", "o.trades.coverage()",
    "o.positions", "o.get_positions(group_by=g)", "o.positions.records_readable", "o.entry_trades",
    "o.get_entry_trades(group_by=g).count()", "o.exit_trades", "o.get_exit_trades(group_by=g)",
    "o.drawdowns", "o.get_drawdowns(group_by=g)", "o.drawdowns.stats(agg_func=None)",
    "o.get_drawdowns(group_by=g).stats(agg_func=None)", "o.drawdowns.max_drawdown()",
    "o.drawdowns.ts", "o.get_drawdowns(attach_ts=False).ts", "o.logs", "o.get_logs(group_by=g)",
    "o.logs.stats(agg_func=None)", "o.logs.records_readable", "o[c].trades", "o[c].drawdowns",
    "o[c].positions.stats()", "o.iloc[-1].orders.records_readable", "o.regroup(g).trades.count()",
    "o.get_trades(attach_close=False).close", "o.orders.wrapper.grouper.is_grouped()",
    "o.trades.duration.describe()", "o.trades.pnl.to_pd()", "o.trades.pnl.to_pd(ignore_index=True)",
    "o.trades.returns.sum(group_by=g)", "o.trades_type", "o.order_records", "o.log_records",
)  # fmt: skip

# Of mapped arrays: `m` has floats, `k` numbers of words.
MAPPED = (
    "m.values", "m.count()", "m.count(group_by=g)", "m.sum()", "m.mean()", "m.min()", "m.max()",
    "m.std()", "m.std(ddof=0)", "m.median()", "m.median(group_by=g)", "m.sum(group_by=g)",
    "m.idxmin()", "m.idxmax()", "m.idxmax(group_by=g)", "m.nth(0)", "m.nth(-1)", "m.nth(5)",
    "m.nth(-2, group_by=g)", "m.nth_index(0)", "m.nth_index(-1)", "m.describe()",
    "m.describe(percentiles=[0.1, 0.9])", "m.describe(group_by=g)", "m.describe(ddof=0)",
    "m.sum(fill_value=-1.0)", "m.mean(wrap_kwargs=dict(name_or_index='x'))",
    "m.idxmin(to_index=False)", "m.max(wrap_kwargs=dict(to_timedelta=True))",
    "m.idxmin(idx_arr=m.idx_arr[::-1])", "m.to_pd()", "m.to_pd(fill_value=0.0)",
    "m.to_pd(ignore_index=True)", "m.to_pd(group_by=g, ignore_index=True)",
    "m.to_pd(idx_arr=m.idx_arr // 2)", "m.is_expandable()", "m.is_expandable(group_by=g)",
    "m.top_n_mask(2)", "m.bottom_n_mask(2)", "m.top_n_mask(3, group_by=g)", "m.top_n(2)",
    "m.bottom_n(1)", "m.top_n(0)", "m.bottom_n_mask(100)", "m.top_n(1).sum()",
    "m.bottom_n(2, group_by=g)", "m.is_sorted()", "m.is_sorted(incl_id=True)", "m.sort()",
    "m.sort(incl_id=True)", "m.apply_mask(m.values > 1)", "m.apply_mask(m.values > 1).max()",
    "m.apply_mask(m.values < 1, group_by=g)", "m[c]", "m[[c]]", "m.loc[c]", "m.iloc[0]",
    "m.iloc[[0]]", "m.iloc[-1].sum()", "m.regroup(g)", "m.regroup(g).sum()", "m.mapping",
    "m.stats()", "m.stats(agg_func=None)", "m.stats(group_by=g)", "m.stats(column=c)",
    "m.stats(tags='describe')", "m.stats(tags='index', agg_func=None)", "list(m.metrics)",
    "m.id_arr", "m.idx_arr", "m.col_arr", "len(m)", "m.value_counts()",
    "m.value_counts(dropna=True)", "m.value_counts(sort=True)",
    "m.value_counts(sort=True, ascending=True, group_by=g)", "m.value_counts(normalize=True)",
    "m.value_counts(sort_uniques=False)", "m + 1", "m + m", "1 - m", "m / 2", "2 / m", "m ** 2",
    "m > 1", "m >= m", "m == m", "m != 1", "(m > 1) & (m < 2)", "~(m > 1)", "-m", "abs(m)", "+m",
    "m % 2", "m // 2", "5 % m", "(m > 1).sum", "m + m.values", "m + m.sort()",
    "m.replace(mapped_arr=m.values + 1)", "m.copy()", "type(m).loads(m.dumps())",
    "m.apply_mapping()", "m.apply_mapping({0: 'a'})", "m.to_pd(wrap_kwargs=dict(dtype=float))",
    "k.value_counts()", "k.value_counts(incl_all_keys=True)", "k.value_counts(mapping='columns')",
    "k.value_counts(group_by=g, normalize=True)", "k.value_counts(mapping={0: 'x', 1: 'y'})",
    "k.apply_mapping()", "k.apply_mapping().values", "k.apply_mapping('columns')", "k.to_index()",
    "k.stats()", "k.stats(agg_func=None)", "k.stats(settings=dict(incl_all_keys=True))",
    "k.mapping", "k.to_pd(fill_value=-1)", "k.top_n_mask(2)", "k.bottom_n(2)", "k + 1",
    "k.stats(group_by=g)", "k == 0", "k.is_sorted()", "k.sort(incl_id=True)",
    "m.reduce(lambda col, a: 1.0)", "m.apply(lambda idxs, col, a: a)", "m.select_one(c)",
    "m['no such column']", "m.value_counts(wrap_kwargs=dict(dtype=float))",
    "m.engine",
)  # fmt: skip

# Each makes the reference compile for a second or more: in some cases only.
CALLED = (
    "m.reduce(f.spread)", "m.reduce(f.spread, group_by=g)", "m.reduce(f.scaled, 3.0)",
    "m.reduce(f.spread, fill_value=-1.0, wrap_kwargs=dict(name_or_index='s'))",
    "m.reduce(f.last_place, returns_idx=True)",
    "m.reduce(f.last_place, returns_idx=True, to_index=False)",
    "m.reduce(f.ends, returns_array=True)",
    "m.reduce(f.ends, returns_array=True, wrap_kwargs=dict(name_or_index=['a', 'b']))",
    "m.reduce(f.end_places, returns_array=True, returns_idx=True)", "m.apply(f.running)",
    "m.apply(f.running, apply_per_group=True, group_by=g)", "m.map_to_mask(f.mark_first)",
    "o.map(f.cost)", "o.map(f.cost, dtype=int)", "o.apply(f.of_records)",
    "o.apply(f.of_records, group_by=g, apply_per_group=True)",
    "m.reduce(f.built_in)",
)  # fmt: skip

KINDS = {
    "orders": ORDERS,
    "exit_trades": RANGES + TRADES,
    "entry_trades": RANGES + TRADES,
    "positions": RANGES + TRADES + POSITIONS,
    "drawdowns": DRAWDOWNS,
    "ranges": RANGES,
    "logs": LOGS,
    "own": OWN,
    "portfolio": PORTFOLIO,
}
MAPPED_OF = {
    "orders": ("size", "side"),
    "exit_trades": ("pnl", "direction"),
    "entry_trades": ("returns", "status"),
    "positions": ("pnl", "status"),
    "drawdowns": ("end_val", "status"),
    "own": ("weight", "kind_of"),
}


def make_case(seed: int, expressions: int, wide: bool) -> dict:
    """Records, labels and what is asked of them, drawn by `seed`.

    wide: more often what the reference takes long to compile.
    """
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([1, 3, 12, 30]))
    columns = int(rng.choice([1, 1, 2, 3, 5]))

    def pick(*options):
        return options[rng.integers(len(options))]

    def chance(probability: float) -> bool:
        return rng.random() < probability

    ndim = 1 if columns == 1 and chance(0.6) else 2
    index = pick(
        pd.date_range("2020-01-01", periods=rows, freq=pick("D", "h")),
        pd.date_range("2020-01-01", periods=rows, freq="D"),
        pd.RangeIndex(rows),
        pd.Index([f"r{n}" for n in range(rows)], name="row"),
        pd.DatetimeIndex(pd.Timestamp("2020-01-01") + pd.to_timedelta(
            np.cumsum(rng.integers(1, 5, rows)), unit="h"), name="when"),
    )  # fmt: skip
    names = pick(
        pd.Index([f"c{n}" for n in range(columns)]),
        pd.Index([f"c{n}" for n in range(columns)], name="name"),
        pd.RangeIndex(columns),
        pd.Index(np.arange(columns) * 10),
        pd.MultiIndex.from_arrays(
            [[n // 2 for n in range(columns)], [f"x{n}" for n in range(columns)]],
            names=["half", "part"],
        ),
    )
    grouping = pick(None, None, True, [f"g{n // 2}" for n in range(columns)])
    if isinstance(names, pd.MultiIndex) and chance(0.5):
        grouping = "half"
    other = pick(True, False, [f"h{n // 3}" for n in range(columns)], None)
    close = pick(1.0, 50.0) * np.exp(np.cumsum(rng.normal(0, 0.05, (rows, columns)), 0))
    if chance(0.3):
        close = np.round(close, 1) + 0.1
    if chance(0.2):
        close[rng.random(close.shape) < 0.15] = np.nan
    busy = pick(0.0, 0.2, 0.5, 0.9, 0.9)
    orders = []
    for column in range(columns):
        share = busy * pick(0, 1, 1, 1)
        lot = pick(1.0, rng.random())
        for row in np.flatnonzero(rng.random(rows) < share):
            size = pick(1.0, 2.0, 1.0, rng.random() + 0.1) * lot
            price = close[row, column] if close[row, column] > 0 else 3.0
            fees = pick(0.0, 0.5, rng.random())
            orders.append((len(orders), column, row, size, price, fees, int(chance(0.5))))
    if chance(0.2):
        rng.shuffle(orders)
    kind = pick(*KINDS)
    asked = list(KINDS[kind] if kind == "portfolio" else RECORDS + KINDS[kind])
    if kind in MAPPED_OF:
        asked += MAPPED
    chosen = [asked[n] for n in rng.permutation(len(asked))[:expressions]]
    if seed % (10 if wide else 200) == 0:
        kind = "orders"
        # Without any value the reference answers what happens to be in its memory.
        chosen += CALLED if orders else ()
    return {
        "seed": seed,
        "kind": kind,
        "index": index,
        "columns": names,
        "ndim": ndim,
        "freq": pick(None, None, "D", "3h"),
        "group_by": grouping,
        "group_select": pick(None, None, None, False),
        "other": other,
        "column": names[rng.integers(columns)],
        "close": close,
        "orders": orders,
        "gaps": rng.random((rows, columns)) < pick(0.2, 0.6),
        "series": pick("bool", "int", "float", "seven"),
        "logs": rng.integers(0, 3, (int(pick(0, 1, 20)), 4)),
        "log": chance(0.3),
        "trades_type": pick("exittrades", "exittrades", "entrytrades", "positions"),
        "sizes": np.where(rng.random((rows, columns)) < busy, rng.normal(0, 2, (rows, columns)), 0),
        "numbers": rng.normal(0, 2, len(orders)),
        "holes": rng.random(len(orders)) < pick(0.0, 0.3, 1.0),
        "asked": chosen,
    }


def modules(vbt) -> SimpleNamespace:
    """The modules of the framework by short names."""
    paths = {
        "wrapper": "base.array_wrapper",
        "records": "records.base",
        "decorators": "records.decorators",
        "ranges": "generic.ranges",
        "drawdowns": "generic.drawdowns",
        "nb": "records.nb",
        "generic_nb": "generic.nb",
        "portfolio": "portfolio",
        "orders": "portfolio.orders",
        "logs": "portfolio.logs",
        "trades": "portfolio.trades",
        "enums": "portfolio.enums",
    }
    return SimpleNamespace(
        **{name: importlib.import_module(f"{vbt.__name__}.{path}") for name, path in paths.items()}
    )


def own_records(m: SimpleNamespace):
    """A user's own kind of records, with every option of its fields."""
    dtype = np.dtype(
        [("id", np.int64), ("col", np.int64), ("row", np.int64), ("weight", np.float64),
         ("kindOf", np.int64), ("from", np.int64), ("note", np.int64), ("secret", np.int64)]
    )  # fmt: skip

    @m.decorators.attach_fields(
        {
            "kindOf": {"attach_filters": True},
            "note": {"attach": False},
            "weight": {"defaults": {"group_by": False}},
            "row": {"attach": "row_"},
        }
    )
    @m.decorators.override_field_config(
        {
            "dtype": dtype,
            "settings": {
                "id": {"title": "Own Id"},
                "idx": {"name": "row"},
                "row": {"title": "Row", "mapping": "index"},
                "weight": {"title": "Weight"},
                "kindOf": {"title": "Kind", "mapping": {0: "Red", 1: "Green", -1: None}},
                "from": {"mapping": "index"},
                "secret": {"ignore": True},
            },
        }
    )
    class OwnRecords(m.records.Records):
        @property
        def twice(self):
            return self.map_array(self.values["weight"] * 2)

    OwnRecords.metrics["total"] = {"title": "Total", "calc_func": "count", "tags": "mine"}
    OwnRecords.metrics["weights"] = {"title": "Weights", "calc_func": "weight.sum", "tags": "mine"}
    return OwnRecords, dtype


def functions(m: SimpleNamespace) -> SimpleNamespace:
    """A user's compiled functions."""
    from numba import njit

    @njit
    def spread(col, a):
        return np.nanmax(a) - np.nanmin(a) + col

    @njit
    def scaled(col, a, factor):
        return a[0] * factor

    @njit
    def last_place(col, a):
        return len(a) - 1

    @njit
    def ends(col, a):
        return np.array([a[0], a[-1]])

    @njit
    def end_places(col, a):
        return np.array([0, len(a) - 1])

    @njit
    def running(idxs, col, a):
        return np.cumsum(a) + col

    @njit
    def mark_first(inout, idxs, col, a):
        inout[idxs[0]] = True

    @njit
    def cost(record):
        return record["size"] * record["price"]

    @njit
    def of_records(records):
        return np.cumsum(records["size"])

    return SimpleNamespace(
        spread=spread, scaled=scaled, last_place=last_place, ends=ends, end_places=end_places,
        running=running, mark_first=mark_first, cost=cost, of_records=of_records,
        built_in=m.generic_nb.mean_reduce_nb,
    )  # fmt: skip


def make_records(m: SimpleNamespace, case: dict, own):
    """The object that the case is about."""
    index, columns, kind = case["index"], case["columns"], case["kind"]
    labels = {"freq": case["freq"], "group_by": case["group_by"]}
    labels["group_select"] = case["group_select"]
    wrapper = m.wrapper.ArrayWrapper(index, columns, case["ndim"], **labels)
    close = case["close"]
    close = wrapper.wrap(close[:, 0] if case["ndim"] == 1 else close, group_by=False)
    if kind == "portfolio":
        sizes = case["sizes"]
        return m.portfolio.Portfolio.from_orders(
            close, sizes[:, 0] if case["ndim"] == 1 else sizes, fees=0.01, log=case["log"],
            freq=case["freq"], group_by=case["group_by"], trades_type=case["trades_type"],
            cash_sharing=bool(case["log"] and case["group_by"]),
        )  # fmt: skip
    if kind == "drawdowns":
        return m.drawdowns.Drawdowns.from_ts(close, wrapper_kwargs=labels)
    if kind == "ranges":
        gaps, close = case["gaps"], np.asarray(close).reshape(case["close"].shape)
        if case["series"] == "bool":
            series, gap = ~gaps, None
        elif case["series"] == "int":
            series, gap = np.where(gaps, -1, 5), None
        elif case["series"] == "float":
            series, gap = np.where(gaps, np.nan, close), None
        else:
            series, gap = np.where(gaps, 7.0, close), 7.0
        series = wrapper.wrap(series[:, 0] if case["ndim"] == 1 else series, group_by=False)
        return m.ranges.Ranges.from_ts(series, gap_value=gap, wrapper_kwargs=labels)
    if kind == "logs":
        values = np.zeros(len(case["logs"]), m.enums.log_dt)
        values["id"] = np.arange(len(values))
        values["col"] = np.sort(case["logs"][:, 0] % len(columns))
        values["idx"] = case["logs"][:, 1] % len(index)
        values["res_status"] = case["logs"][:, 2]
        values["res_status_info"] = np.where(values["res_status"], case["logs"][:, 1] * 2, -1)
        values["res_side"] = case["logs"][:, 3] - 1
        values["req_size"] = case["logs"][:, 0] * 1.5
        return m.logs.Logs(wrapper, values)
    orders = np.array(case["orders"], dtype=m.enums.order_dt)
    if kind == "own":
        cls, dtype = own
        values = np.zeros(len(orders), dtype)
        values["id"], values["col"], values["row"] = orders["id"], orders["col"], orders["idx"]
        values["weight"] = np.where(case["holes"], np.nan, case["numbers"])
        values["kindOf"] = orders["side"]
        values["from"] = orders["idx"] // 2
        return cls(wrapper, values)
    orders = m.orders.Orders(wrapper, orders, close=close)
    if kind == "orders":
        return orders
    if kind == "entry_trades":
        return m.trades.EntryTrades.from_orders(orders)
    out = m.trades.ExitTrades.from_orders(orders)
    return out if kind == "exit_trades" else m.trades.Positions.from_trades(out)


def kernels(vbt) -> dict:
    """What the functions for a script's own compiled functions answer."""
    from numba import njit

    m = modules(vbt)
    nb, f = m.nb, functions(m)
    rng = np.random.default_rng(1)
    n = 40
    mixed = rng.integers(0, 5, n)
    mixed[mixed == 2] = 1
    ordered, ids = np.sort(mixed), np.arange(n)
    values = np.round(rng.normal(size=n), 1)
    values[rng.random(n) < 0.2] = np.nan
    records = np.zeros(n, m.enums.order_dt)
    records["col"], records["size"] = ordered, values
    chosen = np.array([3, 2, 0, 5, 0])
    by_map, by_range = nb.col_map_nb(mixed, 6), nb.col_range_nb(ordered, 6)
    own = nb.col_map_nb(ordered, 6)

    @njit
    def in_a_function(columns, values):
        by = nb.col_map_nb(columns, 6)
        return nb.col_map_select_nb(by, np.array([1, 0])), nb.stack_expand_mapped_nb(
            values, by, np.nan
        )

    out = [
        by_map,
        by_range,
        nb.col_range_select_nb(by_range, chosen),
        nb.record_col_range_select_nb(records, by_range, chosen),
        nb.col_map_select_nb(by_map, chosen),
        nb.record_col_map_select_nb(records, own, chosen),
        [nb.is_col_sorted_nb(x) for x in (mixed, ordered)],
        [nb.is_col_idx_sorted_nb(ordered, x) for x in (ids, ids[::-1].copy())],
        [nb.is_mapped_expandable_nb(mixed, x, (n, 6)) for x in (ids, ids // 10)],
        nb.mapped_value_counts_nb(ids % 3, 3, by_map),
        nb.reduce_mapped_nb(values, by_map, np.nan, f.spread),
        nb.reduce_mapped_to_array_nb(values, by_map, -1.0, f.ends),
        nb.reduce_mapped_to_idx_nb(values, by_map, ids * 2, -1.0, f.last_place),
        nb.reduce_mapped_to_idx_array_nb(values, by_map, ids * 2, -1.0, f.end_places),
        nb.apply_on_mapped_nb(values, by_map, f.running),
        nb.apply_on_records_nb(records, own, f.of_records),
        nb.map_records_nb(records, f.cost),
        in_a_function(mixed, values),
    ]
    for mark in (nb.top_n_inout_map_nb, nb.bottom_n_inout_map_nb):
        out += [nb.mapped_to_mask_nb(values, by_map, mark, count) for count in range(-1, 12)]
    for array in (values, ids, values > 0):
        for fill in (np.nan, -1, 0.0):
            out.append(nb.expand_mapped_nb(array, mixed, ids, (n, 6), fill))
            out.append(nb.stack_expand_mapped_nb(array, by_map, fill))
    return {str(number): plain(answer) for number, answer in enumerate(out)}


def labels_of(index: pd.Index) -> dict:
    return {
        "kind": type(index).__name__,
        "names": [str(x) for x in index.names],
        "dtype": str(index.dtype),
        "labels": [str(x) for x in index.tolist()],
    }


def plain(value):
    """A result as dictionaries, lists, NumPy arrays and words that say all about it."""
    kind = type(value).__name__
    if isinstance(value, pd.DataFrame):
        columns = [plain(value.iloc[:, n].to_numpy()) for n in range(value.shape[1])]
        return {"is": kind, "index": labels_of(value.index), "columns": labels_of(value.columns),
                "values": columns, "dtypes": [str(x) for x in value.dtypes]}  # fmt: skip
    if isinstance(value, pd.Series):
        return {"is": kind, "index": labels_of(value.index), "name": str(value.name),
                "dtype": str(value.dtype), "values": plain(value.to_numpy())}  # fmt: skip
    if isinstance(value, pd.Index):
        return {"is": kind, **labels_of(value)}
    if isinstance(value, np.ndarray):
        if value.dtype.names:
            return {"is": kind, **{name: plain(value[name]) for name in value.dtype.names}}
        if value.dtype.kind in "mM":
            return {"is": kind, "dtype": str(value.dtype), "values": value.astype(np.int64)}
        if value.dtype.kind == "O":
            return [plain(x) for x in value.tolist()]
        return {"is": kind, "dtype": str(value.dtype), "values": np.array(value)}
    if isinstance(value, dict) or kind in ("mappingproxy",):
        return {"is": "dict", **{str(k): plain(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [plain(x) for x in value]
    if hasattr(value, "wrapper") and hasattr(value, "values"):
        out = {"is": kind, "values": plain(value.values), "wrapper": wrapping(value.wrapper)}
        for name in ("col_arr", "id_arr", "idx_arr", "mapping"):
            if kind == "MappedArray":
                out[name] = plain(getattr(value, name))
        return out
    if isinstance(value, (pd.Timestamp, pd.Timedelta)) or value is pd.NaT:
        return str(value)
    if isinstance(value, (int, float, np.number, np.bool_)):
        return {"is": kind, "value": value}
    if callable(value):
        return "function"
    return str(value)


def wrapping(wrapper) -> dict:
    return {
        "index": labels_of(wrapper.index),
        "columns": labels_of(wrapper.columns),
        "ndim": wrapper.ndim,
        "grouped_ndim": wrapper.grouped_ndim,
        "freq": str(wrapper.freq),
        "groups": None if wrapper.grouper.group_by is None else labels_of(wrapper.grouper.group_by),
    }


def describe(vbt, case: dict, tools: dict) -> dict:
    """What the object of a case answers to everything that is asked; an error is an answer."""
    if not tools:
        m = modules(vbt)
        tools.update(modules=m, own=own_records(m), functions=functions(m))
    m = tools["modules"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            o = make_records(m, case, tools["own"])
        except Exception as error:
            return {"made": type(error).__name__}
        known = {"o": o, "c": case["column"], "g": case["other"], "np": np, "pd": pd}
        known["f"] = tools["functions"]
        if case["kind"] in MAPPED_OF:
            number, word = MAPPED_OF[case["kind"]]
            known |= {"m": getattr(o, number), "k": getattr(o, word)}
        out = {"made": type(o).__name__}
        for text in case["asked"]:
            try:
                out[text] = plain(eval(text, known))
            except Exception as error:
                out[text] = "error: " + type(error).__name__
                if tools.get("verbose"):
                    out[text + "!"] = str(error)
        return out


def asked_cases(make_case, request: dict):
    """(seed, case) of all cases of a request; `only` says what is asked instead, by seed."""
    only = request.get("only")
    for seed in request["seeds"]:
        if only is None or seed in only:
            case = make_case(seed, request["expressions"], request["wide"])
            yield seed, case if only is None else case | {"asked": only[seed]}


def main(path_in: str, path_out: str) -> None:
    import vectorbt as vbt

    with open(path_in, "rb") as file:
        request = pickle.load(file)
    tools: dict = {}
    results = {seed: describe(vbt, case, tools) for seed, case in asked_cases(make_case, request)}
    if request["wide"]:
        results["kernels"] = kernels(vbt)
    with open(path_out, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
