"""What it cost to trade: each order against its benchmarks, and its implementation shortfall.

Implementation shortfall (Perold 1988) is the profit of a paper portfolio, which trades the whole
order at the decision price and free of charge, less the profit of the real one, both valued when
the order ends. With x units filled at prices p_k, u units left, decision price P0, first price P1
and end price Pn (a sale has negative units):

    shortfall = x (P1 - P0)          delay: the price moved before the order could trade
              + sum x_k (p_k - P1)   slippage: spread, impact, and moves while it was working
              + u (Pn - P0)          opportunity: what was not filled
              + commission

Every part is money lost, negative where it was gained, and the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .jit import njit
from .orders import CLOSE, LIMIT, MARKET, Reason
from .trade_rows import price_at, worth

if TYPE_CHECKING:
    import polars as pl

#: The parts of the shortfall, in the sequence in which they arise.
COST_KINDS = ("delay", "slippage", "opportunity", "commission")

#: One order. Units are signed (buy > 0), prices per unit and NaN where there is none, costs in the
#: asset's currency, positive when lost; `_bps` are basis points of the price they compare with.
EXECUTION = np.dtype(
    [
        ("order", np.int64),
        ("asset", np.int64),
        ("size", np.float64),
        ("filled", np.float64),
        ("missed", np.float64),  # not filled, though it was wanted: see `execution_costs`
        ("arrival", np.float64),  # the close at which the order was created
        ("decision", np.float64),
        ("first_price", np.float64),
        ("vwap", np.float64),  # of the bars from the first one to that of the last fill
        ("average_price", np.float64),
        ("end_price", np.float64),
        ("value", np.float64),  # absolute worth of filled and missed units at the decision price
        ("delay", np.float64),
        ("slippage", np.float64),
        ("opportunity", np.float64),
        ("commission", np.float64),
        ("shortfall", np.float64),
        ("shortfall_bps", np.float64),  # of `value`
        ("arrival_bps", np.float64),  # average price against each benchmark, positive: worse
        ("first_bps", np.float64),
        ("vwap_bps", np.float64),
    ]
)

_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = 0, 1, 2, 3, 4
_POINTS = 1e4
_UNWANTED = [int(r) for r in (Reason.GROUP, Reason.PARENT, Reason.REDUCE_ONLY, Reason.MODIFIED)]
# Up to so many bars a VWAP is summed bar by bar; beyond, from sums since the first bar.
_SHORT = 64


@njit
def _add_fills(order, bar, size, price, commission, inverse, out, spans):
    """Sum fills by order: `average_price` is the sum of units times worth until `_price`.

    spans: int64[orders, 2], the bars of the first and the last fill, -1 without one.
    """
    for k in range(len(order)):
        n = order[k]
        if n < 0:
            continue
        row = out[n]
        row["filled"] += size[k]
        row["average_price"] += size[k] * worth(price[k], inverse[row["asset"]])
        row["commission"] += commission[k]
        if spans[n, 0] < 0 or bar[k] < spans[n, 0]:
            spans[n, 0] = bar[k]
        spans[n, 1] = max(spans[n, 1], bar[k])


@njit
def _survey(values, asset, following, latest, sums):
    """Write where an asset's bars are, and what was traded up to each.

    following: int64[T + 1], the first bar at or after each time index, T: none. latest:
    int64[T + 1], the last one before it, -1: none. sums: float64[2, T + 1], volume and volume
    times typical price of the bars before it.
    """
    length = values.shape[2]
    latest[0] = -1
    sums[0, 0] = 0.0
    sums[1, 0] = 0.0
    for t in range(length):
        there = not np.isnan(values[_CLOSE, asset, t])
        latest[t + 1] = t if there else latest[t]
        volume, traded = _traded(values, asset, t)
        sums[0, t + 1] = sums[0, t] + volume
        sums[1, t + 1] = sums[1, t] + traded
    following[length] = length
    for t in range(length - 1, -1, -1):
        following[t] = following[t + 1] if np.isnan(values[_CLOSE, asset, t]) else t


@njit
def _traded(values, asset, t):
    """(volume, volume times the mean of high, low and close) of a bar; zeros where not known."""
    volume = values[_VOLUME, asset, t]
    middle = values[_HIGH, asset, t] + values[_LOW, asset, t] + values[_CLOSE, asset, t]
    traded = volume * middle / 3.0
    return (0.0, 0.0) if np.isnan(traded) else (volume, traded)


@njit
def _vwap(values, asset, first, last, sums):
    """Volume-weighted average price of bars first to last; NaN without volume."""
    volume = 0.0
    traded = 0.0
    if last - first < _SHORT:
        for t in range(first, last + 1):
            more, worth_more = _traded(values, asset, t)
            volume += more
            traded += worth_more
    else:
        volume = sums[0, last + 1] - sums[0, first]
        traded = sums[1, last + 1] - sums[1, first]
    return traded / volume if volume > 0.0 else np.nan


@njit
def _bps(row, benchmark, inverse):
    """The average fill price against a benchmark, in basis points of it; positive is worse."""
    base = worth(benchmark, inverse)
    gap = (worth(row["average_price"], inverse) - base) / abs(base) * _POINTS
    return gap if row["filled"] > 0.0 else -gap


@njit
def _price(out, sequence, created, closed, waits, spans, values, multiplier, inverse, following,
           latest, sums):  # fmt: skip
    """Write benchmarks and costs of each order.

    sequence: the orders, sorted by asset. created, closed: int64[orders], bars, closed -1 while
    alive. waits: bool[orders], False: the order waits for its trigger, not for the market.
    following, latest, sums: scratch of `_survey`.
    """
    length = values.shape[2]
    current = -1
    for n in sequence:
        row = out[n]
        asset = row["asset"]
        turned = inverse[asset]
        factor = multiplier[asset]
        if asset != current:
            current = asset
            _survey(values, asset, following, latest, sums)
        traded = row["filled"] != 0.0
        first = following[min(max(created[n] + 1, 0), length)]
        if not waits[n] or (traded and spans[n, 0] <= created[n]):
            # Nothing to wait for, or dated back: its first price is the one decided on.
            first = spans[n, 0]
            row["first_price"] = row["decision"]
        elif first < length:
            row["first_price"] = values[_OPEN, asset, first]
        if np.isnan(row["decision"]):
            row["decision"] = row["first_price"]
        elif np.isnan(row["first_price"]):
            row["first_price"] = row["decision"]
        end = latest[length if closed[n] < 0 else min(closed[n] + 1, length)]
        row["end_price"] = values[_CLOSE, asset, end] if end >= 0 else np.nan
        decision = worth(row["decision"], turned)
        row["value"] = abs((row["filled"] + row["missed"]) * decision * factor)
        row["delay"] = 0.0
        row["slippage"] = 0.0
        row["opportunity"] = 0.0
        if traded:
            start = worth(row["first_price"], turned)
            row["delay"] = row["filled"] * (start - decision) * factor
            row["slippage"] = (row["average_price"] - row["filled"] * start) * factor
            row["average_price"] = price_at(row["average_price"] / row["filled"], turned)
            last = spans[n, 1]
            if first >= 0 and last < length:
                row["vwap"] = _vwap(values, asset, min(first, last), last, sums)
            row["arrival_bps"] = _bps(row, row["arrival"], turned)
            row["first_bps"] = _bps(row, row["first_price"], turned)
            row["vwap_bps"] = _bps(row, row["vwap"], turned)
        else:
            row["average_price"] = np.nan
        if row["missed"] != 0.0:
            left = worth(row["end_price"], turned) - decision
            row["opportunity"] = row["missed"] * left * factor
        row["shortfall"] = row["delay"] + row["slippage"] + row["opportunity"] + row["commission"]
        row["shortfall_bps"] = row["shortfall"] / row["value"] * _POINTS


@np.errstate(divide="ignore", invalid="ignore")
def execution_costs(
    orders: np.ndarray,
    fills: np.ndarray,
    values: np.ndarray,
    *,
    multiplier: np.ndarray | None = None,
    inverse: np.ndarray | None = None,
    arrival: np.ndarray | None = None,
) -> np.ndarray:
    """`EXECUTION[·]`: what each of `ORDER[·]` cost, from its `FILL[·]` and the bars.

    values: float64[5, N, T]. multiplier: float64[N], inverse: bool[N], by default 1 and False.
    arrival: float64[orders], prices to use in place of the close at which an order was created.

    The decision price is the arrival price; of an order with a trigger (stops, trailing and
    if-touched orders) it is the trigger, since nothing was to trade before. Without a price at
    creation it is the first price: the open of the asset's first bar after the one in which the
    order was created. Orders with a trigger, and fills dated at the bar of creation, have no delay.
    `end_price` is the close at which the order ended, of a living order the last one.

    Missed is what was not filled, of refused orders too, but for orders that were not meant to
    fill any more: ended by their group or bracket, by a change, with nothing left to reduce, or
    never triggered. The typical price of a bar in the VWAP is the
    mean of high, low and close. Raises ValueError for arrays of wrong length.
    """
    count = values.shape[1]
    factor = np.ones(count) if multiplier is None else np.asarray(multiplier, np.float64)
    turned = np.zeros(count, np.bool_) if inverse is None else np.asarray(inverse, np.bool_)
    out = np.zeros(len(orders), dtype=EXECUTION)
    for name in ("first_price", "vwap", "arrival_bps", "first_bps", "vwap_bps"):
        out[name] = np.nan
    prices = orders["created_close"] if arrival is None else np.asarray(arrival, np.float64)
    for name, array, length in (
        ("multiplier", factor, count),
        ("inverse", turned, count),
        ("arrival", prices, len(orders)),
    ):
        if array.shape != (length,):
            raise ValueError(f"{name}: shape {array.shape}, not ({length},).")
    for name, found, bound in (
        ("orders: asset", orders["asset"], count),
        ("fills: order", fills["order"], len(orders)),
    ):
        if found.max(initial=-1) >= bound:
            raise ValueError(f"{name} {found.max()}, of {bound}.")
    triggers = ~np.isin(orders["kind"], (MARKET, CLOSE, LIMIT))
    out["order"] = np.arange(len(orders))
    for name in ("asset", "size"):
        out[name] = orders[name]
    out["arrival"] = prices
    out["decision"] = np.where(triggers, orders["stop"], prices)
    unwanted = np.isin(orders["reason"], _UNWANTED)
    unwanted |= triggers & ~orders["triggered"] & (orders["filled"] == 0.0)
    out["missed"] = np.where(unwanted, 0.0, orders["size"] - orders["filled"])
    spans = np.full((len(orders), 2), -1, dtype=np.int64)
    whole = [np.ascontiguousarray(fills[name], np.int64) for name in ("order", "bar")]
    parts = [np.ascontiguousarray(fills[name]) for name in ("size", "price", "commission")]
    _add_fills(*whole, *parts, turned, out, spans)
    length = values.shape[2]
    sequence = np.argsort(orders["asset"].astype(np.int16 if count < 2**15 else np.int64),
                          kind="stable")  # fmt: skip
    _price(
        out,
        sequence,
        orders["created_bar"].astype(np.int64),
        orders["closed_bar"].astype(np.int64),
        ~triggers,
        spans,
        np.ascontiguousarray(values),
        np.ascontiguousarray(factor),
        np.ascontiguousarray(turned),
        np.empty(length + 1, dtype=np.int64),
        np.empty(length + 1, dtype=np.int64),
        np.empty((2, length + 1)),
    )
    return out


def cost_summary(executions: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Costs by kind: a row for each of `COST_KINDS` and for the whole `shortfall`.

    executions: a frame with the fields of `EXECUTION`, and those to group `by` ("asset", "side").
    Columns: `by`, `kind`, `orders` (their number), `value`, `cost`, and `bps` of the value.
    """
    import polars as pl

    kinds = [*COST_KINDS, "shortfall"]
    sums = [pl.len().alias("orders"), pl.col("value").sum(), *(pl.col(k).sum() for k in kinds)]
    groups = list(by)
    if groups:
        wide = executions.group_by(groups, maintain_order=True).agg(sums)
    else:
        wide = executions.select(sums)
    index = [*groups, "orders", "value"]
    table = wide.unpivot(kinds, index=index, variable_name="kind", value_name="cost")
    if groups:
        table = table.sort(groups, maintain_order=True)
    points = pl.when(pl.col("value") > 0.0).then(pl.col("cost") / pl.col("value") * _POINTS)
    return table.select(*groups, "kind", "orders", "value", "cost", bps=points)
