"""Statistics of accounts and trades, as plain functions over arrays.

Series are float64 matrices of rows (times) x columns; a number per column comes back as a 1-D
array. Returns are simple returns per row. What depends on a convention is a parameter: the
annual factor (rows per year), `ddof`, the risk-free and required return per row.

`stream_statistics` goes from order records and closing prices to the statistics of the returns in
one pass, without a matrix of equity; `return_statistics` does the same for stored returns. Both
give the sums of `RETURN_SUMS`, from which the ratios are computed.
"""

from __future__ import annotations

import math

import numpy as np

from . import return_sums
from .execution import (
    ABSOLUTE_TOLERANCE,
    BUY,
    RELATIVE_TOLERANCE,
    is_close,
    snapped_sum,
)
from .jit import njit, threads_for
from .return_sums import (
    COUNT,
    DOWNSIDE,
    DRAWDOWN,
    GAINS,
    GROWTH,
    LOSSES,
    RETURN_SUMS,
    ROWS,
    SQUARES,
    SUM,
    simple_return,
)


def return_statistics(
    returns: np.ndarray, required_return: float = 0.0, threshold: float = 0.0
) -> np.ndarray:
    """The sums of `RETURN_SUMS` (rows) for each column of `returns` (rows x columns).

    `required_return` bounds the downside, `threshold` divides gains from losses; per row.
    """
    returns = np.ascontiguousarray(returns, np.float64)
    out = np.empty((RETURN_SUMS, returns.shape[1]))
    with threads_for(returns.size if returns.shape[1] > 1 else 0):
        return_sums.of_returns(returns, float(required_return), float(threshold), out)
    return out


def stream_statistics(
    orders: np.ndarray,
    columns: tuple[np.ndarray, np.ndarray],
    close: tuple[np.ndarray, int, int],
    rows: int,
    init_cash: np.ndarray,
    fill_close: bool = True,
    required_return: float = 0.0,
    threshold: float = 0.0,
) -> np.ndarray:
    """The sums of `RETURN_SUMS` for each column's own account, straight from its orders.

    `orders` are `ORDER_RECORD`s, `columns` their `records.map_columns`; `close` is (flat prices,
    step per row, step per column); `init_cash` is each column's own. The first row's return
    counts from `init_cash`. `fill_close`: a missing price is valued at the last known one (the
    first known one before that).
    """
    index, start = columns
    if not return_sums.in_time(orders, index, start):
        index = index[np.lexsort((orders["idx"][index], orders["col"][index]))]
    out = np.empty((RETURN_SUMS, len(start) - 1))
    with threads_for(rows * (len(start) - 1) if len(start) > 2 else 0):
        return_sums.of_orders(
            orders,
            index,
            start,
            close[0],
            int(close[1]),
            int(close[2]),
            rows,
            np.ascontiguousarray(init_cash, np.float64),
            fill_close,
            float(required_return),
            float(threshold),
            out,
        )
    return out


def mean_return(sums: np.ndarray) -> np.ndarray:
    """Mean return per row, NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return sums[SUM] / sums[COUNT]


def volatility(sums: np.ndarray, ddof: int = 1) -> np.ndarray:
    """Standard deviation of the returns per row, NaN where `ddof` leaves nothing."""
    left = np.maximum(sums[COUNT] - ddof, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(left > 0, np.sqrt(sums[SQUARES] / left), np.nan)


def annualized_volatility(
    sums: np.ndarray, annual_factor: float, ddof: int = 1, levy_alpha: float = 2.0
) -> np.ndarray:
    """Volatility per year; NaN with fewer than two rows."""
    out = volatility(sums, ddof) * annual_factor ** (1.0 / levy_alpha)
    return np.where(sums[ROWS] < 2, np.nan, out)


def sharpe_ratio(
    sums: np.ndarray, annual_factor: float, risk_free: float = 0.0, ddof: int = 1
) -> np.ndarray:
    """Mean return above `risk_free` over its volatility, per year; infinite without volatility."""
    deviation = volatility(sums, ddof)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (mean_return(sums) - risk_free) / deviation * np.sqrt(annual_factor)
    return np.where(sums[ROWS] < 2, np.nan, np.where(deviation == 0, np.inf, ratio))


def downside_risk(sums: np.ndarray, annual_factor: float) -> np.ndarray:
    """Root mean square of the returns below the required one, per year."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(sums[DOWNSIDE] / sums[COUNT]) * np.sqrt(annual_factor)


def sortino_ratio(
    sums: np.ndarray, annual_factor: float, required_return: float = 0.0
) -> np.ndarray:
    """Annual mean return above the required one over the downside risk; infinite without any.

    `sums` must have been taken with the same `required_return`.
    """
    risk = downside_risk(sums, annual_factor)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (mean_return(sums) - required_return) * annual_factor / risk
    return np.where(sums[ROWS] < 2, np.nan, np.where(risk == 0, np.inf, ratio))


def annualized_return(sums: np.ndarray, annual_factor: float) -> np.ndarray:
    """Compound growth per year, over all rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(
            sums[ROWS] == 0, np.nan, np.power(sums[GROWTH], annual_factor / sums[ROWS]) - 1.0
        )


def compound_return(sums: np.ndarray) -> np.ndarray:
    """Compound growth over all rows."""
    return sums[GROWTH] - 1.0


def max_drawdown(sums: np.ndarray) -> np.ndarray:
    """Deepest fall of the compounded returns below their running peak, 0 or negative.

    The peak starts at the first row's growth, not at the initial cash.
    """
    return sums[DRAWDOWN].copy()


def calmar_ratio(sums: np.ndarray, annual_factor: float) -> np.ndarray:
    """Annualised return over the depth of the deepest drawdown; NaN without a drawdown."""
    fall = sums[DRAWDOWN]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = annualized_return(sums, annual_factor) / np.abs(fall)
    return np.where(fall == 0, np.nan, ratio)


def omega_threshold(annual_factor: float, risk_free: float, required_return: float) -> float:
    """The return per row that divides gains from losses, from an annual required return."""
    if annual_factor == 1:
        return risk_free + required_return
    return risk_free + (1 + required_return) ** (1.0 / annual_factor) - 1


def omega_ratio(sums: np.ndarray) -> np.ndarray:
    """Gains above over losses below the threshold the sums were taken with."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[LOSSES] == 0, np.inf, sums[GAINS] / sums[LOSSES])


@njit
def _asset_flow(orders, index, start, rows):
    out = np.zeros((rows, len(start) - 1))
    for column in range(len(start) - 1):
        for n in range(start[column], start[column + 1]):
            order = orders[index[n]]
            size = order["size"] if order["side"] == BUY else -order["size"]
            i = order["idx"]
            out[i, column] = snapped_sum(out[i, column], size)
    return out


@njit
def _free_cash_flow(before, after, debt, price, fees):
    """Change of the debt and of the cash that is not locked by shorts: (debt, flow)."""
    size = snapped_sum(after, -before)
    flow = -size * price - fees
    if is_close(size, 0.0):
        return debt, 0.0
    if size > 0.0:
        if before >= 0.0:
            return debt, flow
        covered = abs(size) if after < 0.0 else abs(before)
        released = covered * (debt / abs(before))
        return snapped_sum(debt, -released), snapped_sum(2.0 * released, flow)
    if after >= 0.0:
        return debt, flow
    shorted = abs(size) if before < 0.0 else abs(after)
    borrowed = shorted * price
    return debt + borrowed, snapped_sum(flow, -2.0 * borrowed)


@njit
def _cash_flow(orders, index, start, rows, free):
    out = np.zeros((rows, len(start) - 1))
    for column in range(len(start) - 1):
        held = 0.0
        debt = 0.0
        for n in range(start[column], start[column + 1]):
            order = orders[index[n]]
            size = order["size"] if order["side"] == BUY else -order["size"]
            price = order["price"]
            after = snapped_sum(held, size)
            if free:
                debt, flow = _free_cash_flow(held, after, debt, price, order["fees"])
            else:
                flow = -size * price - order["fees"]
            i = order["idx"]
            out[i, column] = snapped_sum(out[i, column], flow)
            held = after
    return out


@njit
def _running_sum(flow, first):
    # Row by row, as they lie in memory.
    out = np.empty_like(flow)
    totals = first.copy()
    for i in range(flow.shape[0]):
        for column in range(flow.shape[1]):
            totals[column] = snapped_sum(totals[column], flow[i, column])
            out[i, column] = totals[column]
    return out


@njit
def _total_profit(orders, index, start, last_close):
    out = np.zeros(len(start) - 1)
    for column in range(len(start) - 1):
        if start[column] == start[column + 1]:
            continue
        cash = 0.0
        held = 0.0
        for n in range(start[column], start[column + 1]):
            order = orders[index[n]]
            size = order["size"] if order["side"] == BUY else -order["size"]
            cash = snapped_sum(cash, -size * order["price"] - order["fees"])
            held = snapped_sum(held, size)
        out[column] = cash + held * last_close[column]
    return out


@njit
def _returns(value, first):
    out = np.empty_like(value)
    for column in range(value.shape[1]):
        if len(value) > 0:
            out[0, column] = simple_return(first[column], value[0, column])
    for i in range(1, value.shape[0]):
        for column in range(value.shape[1]):
            out[i, column] = simple_return(value[i - 1, column], value[i, column])
    return out


def asset_flow(orders: np.ndarray, columns: tuple, rows: int) -> np.ndarray:
    """Units bought (sold: negative) per row and column."""
    return _asset_flow(orders, *columns, rows)


def cash_flow(orders: np.ndarray, columns: tuple, rows: int, free: bool = False) -> np.ndarray:
    """Cash received (paid: negative) per row and column; `free`: without what shorts lock."""
    return _cash_flow(orders, *columns, rows, free)


def running_sum(flow: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Balance after each row from `first` on, with dust removed at every step."""
    return _running_sum(np.ascontiguousarray(flow), np.ascontiguousarray(first, np.float64))


def total_profit(orders: np.ndarray, columns: tuple, last_close: np.ndarray) -> np.ndarray:
    """Cash flows plus what is held, at `last_close`, for each column; 0 without orders."""
    return _total_profit(orders, *columns, np.ascontiguousarray(last_close, np.float64))


def returns(value: np.ndarray, init_value: np.ndarray) -> np.ndarray:
    """Simple returns per row; the first one counts from `init_value`."""
    return _returns(
        np.ascontiguousarray(value, np.float64), np.ascontiguousarray(init_value, np.float64)
    )


@njit
def _exposure(asset_value, cash, out):
    for n in range(len(out)):
        total = asset_value[n] + cash[n]
        # The two vanish together as in `execution.snapped_sum`.
        tolerance = ABSOLUTE_TOLERANCE
        if np.sign(asset_value[n]) != np.sign(cash[n]):
            size = max(abs(asset_value[n]), abs(cash[n]))
            tolerance = max(RELATIVE_TOLERANCE * size, ABSOLUTE_TOLERANCE)
        out[n] = 0.0 if abs(total) <= tolerance else asset_value[n] / total


def exposure(asset_value: np.ndarray, cash: np.ndarray) -> np.ndarray:
    """|asset value| as a part of itself plus `cash`, 0 where that sum vanishes."""
    asset_value, cash = (np.ascontiguousarray(x, np.float64) for x in (asset_value, cash))
    out = np.empty(asset_value.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        _exposure(asset_value.reshape(-1), cash.reshape(-1), out.reshape(-1))
    return out


def sum_columns(matrix: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Sum neighbouring columns: rows x sum(lengths) to rows x len(lengths)."""
    ends = np.cumsum(lengths)
    return np.column_stack(
        [matrix[:, end - n : end].sum(axis=1) for n, end in zip(lengths, ends, strict=True)]
    )


def by_column(values: np.ndarray, columns: np.ndarray, n_columns: int, how: str) -> np.ndarray:
    """Reduce record values per column: "count", "sum", "mean", "min" or "max".

    NaN values count as records and are left out of the rest. Columns without a value give 0 for
    count and sum and NaN for the rest.
    """
    if how == "count":
        return np.bincount(columns, minlength=n_columns).astype(np.float64)
    values = np.asarray(values, np.float64)
    known = ~np.isnan(values)
    values, columns = values[known], columns[known]
    if how in ("sum", "mean"):
        out = np.bincount(columns, weights=values, minlength=n_columns).astype(np.float64)
        if how == "sum":
            return out
        with np.errstate(invalid="ignore"):
            return out / np.bincount(columns, minlength=n_columns)
    out = np.full(n_columns, np.nan)
    (np.fmax if how == "max" else np.fmin).at(out, columns, values)
    return out


WON, LOST, EVEN, PROFITS, LOSSES_OF_TRADES, TRADES = range(6)


@njit
def _trade_sums(pnl, columns, out):
    for n in range(len(pnl)):
        j = columns[n]
        out[TRADES, j] += 1.0
        if pnl[n] > 0.0:
            out[WON, j] += 1.0
            out[PROFITS, j] += pnl[n]
        elif pnl[n] < 0.0:
            out[LOST, j] += 1.0
            out[LOSSES_OF_TRADES, j] += pnl[n]
        elif pnl[n] == 0.0:
            out[EVEN, j] += 1.0


def trade_sums(pnl: np.ndarray, columns: np.ndarray, n_columns: int) -> np.ndarray:
    """How many trades of each column won, lost, did neither; their profits and losses; and all.

    Six numbers x columns, see `WON` to `TRADES`. A NaN result counts as a trade only.
    """
    out = np.zeros((6, n_columns))
    pnl = np.ascontiguousarray(pnl, np.float64)
    _trade_sums(pnl, np.ascontiguousarray(columns, np.int64), out)
    return out


def win_rate(pnl: np.ndarray, columns: np.ndarray, n_columns: int) -> np.ndarray:
    """Share of the trades with a profit, for each column."""
    sums = trade_sums(pnl, columns, n_columns)
    with np.errstate(invalid="ignore"):
        return sums[WON] / sums[TRADES]


def profit_factor(pnl: np.ndarray, columns: np.ndarray, n_columns: int) -> np.ndarray:
    """Sum of profits over sum of losses; infinite without losses, NaN without trades."""
    sums = trade_sums(pnl, columns, n_columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[PROFITS] / np.abs(sums[LOSSES_OF_TRADES])


def expectancy(pnl: np.ndarray, columns: np.ndarray, n_columns: int) -> np.ndarray:
    """Expected profit of a trade: win rate x mean profit - loss rate x mean loss.

    A trade without profit or loss belongs to neither side.
    """
    sums = trade_sums(pnl, columns, n_columns)
    count = sums[TRADES]
    with np.errstate(invalid="ignore", divide="ignore"):
        won = np.where(sums[WON] > 0, sums[PROFITS] / sums[WON], 0.0)
        lost = np.where(sums[LOST] > 0, sums[LOSSES_OF_TRADES] / sums[LOST], 0.0)
        others = count - sums[WON] - sums[EVEN]
        return sums[WON] / count * won - others / count * np.abs(lost)


def system_quality(pnl: np.ndarray, columns: np.ndarray, n_columns: int) -> np.ndarray:
    """Root of the count x mean profit / standard deviation of the profits, for each column."""
    count = by_column(pnl, columns, n_columns, "count")
    known = np.bincount(columns[~np.isnan(pnl)], minlength=n_columns)
    mean = by_column(pnl, columns, n_columns, "mean")
    squares = by_column((pnl - mean[columns]) ** 2, columns, n_columns, "sum")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(count) * mean / np.sqrt(squares / np.where(known > 1, known - 1, np.nan))


def needed_cash(flow: np.ndarray) -> np.ndarray:
    """The cash that each column of flows would have needed at the start, 1 where none."""
    least = np.min(np.cumsum(flow, axis=0), axis=0)
    return np.where(least < 0, np.abs(least), 1.0)


@njit
def _fill_gaps(prices):
    out = np.empty_like(prices)
    for j in range(prices.shape[1]):
        last = math.nan
        first = -1
        for i in range(prices.shape[0]):
            if not math.isnan(prices[i, j]):
                last = prices[i, j]
                if first < 0:
                    first = i
            out[i, j] = last
        for i in range(first):
            out[i, j] = out[first, j]
    return out


def fill_gaps(prices: np.ndarray) -> np.ndarray:
    """Prices with each NaN replaced by the last known price, at the start by the first known."""
    if not np.isnan(prices).any():
        return prices
    return _fill_gaps(np.ascontiguousarray(prices))


def last_known(prices: np.ndarray) -> np.ndarray:
    """The last price of each column that is not NaN (NaN where there is none)."""
    last = np.array(prices[-1], dtype=np.float64)
    for j in np.flatnonzero(np.isnan(last)):
        known = prices[:, j][~np.isnan(prices[:, j])]
        if len(known):
            last[j] = known[-1]
    return last
