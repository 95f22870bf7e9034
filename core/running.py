"""Running statistics of returns: one row of numbers per column, brought up to date bar by bar.

A row holds all that the statistics of `equity_statistics` need, so that neither returns nor
equity must be stored: `new` makes rows, `observe` (a kernel, for one bar of one column) brings
one up to date, `merge` joins the rows of neighbouring stretches. `observe_returns` runs over
stored returns; `observe_orders` over order records and prices, for a sweep without equity.

Means, squares and higher moments follow Welford (1962), Terriberry (2007) and, for merging,
Chan, Golub & LeVeque (1979) and Pébay (2008): no sums of plain squares, which would cancel.
Quantiles need the returns themselves: see `series_statistics`.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import BUY, snapped_sum
from .jit import njit, prange
from .metrics import simple_return

# Places in a row. Of all bars: ROWS, FIRST_TIME, LAST_TIME (ns since the epoch, NaN unknown). The
# rest is of the bars with a return, COUNT of them. REQUIRED and THRESHOLD are parameters.
(
    ROWS,
    COUNT,
    REQUIRED,
    THRESHOLD,
    FIRST_TIME,
    LAST_TIME,
    # Mean, and sums of the powers 2 to 4 of the distance from it.
    MEAN,
    M2,
    M3,
    M4,
    TOTAL,  # sum of the returns
    SHORTFALL,  # sum of squares below REQUIRED
    ABOVE,  # sum of what lies above THRESHOLD, and below it
    BELOW,
    # Bars with a gain and with a loss: number, sum, extremes of all returns.
    WON,
    LOST,
    WON_SUM,
    LOST_SUM,
    BEST,
    WORST,
    # Streaks: now, longest, and the one that the series began with.
    WIN_STREAK,
    LONGEST_WIN,
    FIRST_WIN,
    LOSS_STREAK,
    LONGEST_LOSS,
    FIRST_LOSS,
    # Growth of 1: now, highest (at least the 1 before the first bar), lowest.
    GROWTH,
    PEAK,
    LOW,
    DRAWDOWN,  # deepest fall below the peak, 0 or negative
    FALLEN,  # the largest by amount, in units of the value before the first bar
    # Falls below the peak, of every bar: mean, squares around it, plain squares.
    FALL_MEAN,
    FALL_M2,
    FALL_SQUARES,
    # Drawdowns: number, depths of those that ended, bars under water, depth and bars of the one
    # that lasts, bars of the longest, time of the last peak, nanoseconds of the longest.
    DRAWDOWNS,
    DEPTHS,
    UNDER_WATER,
    DEPTH,
    BARS_DOWN,
    LONGEST_BARS,
    PEAK_TIME,
    LONGEST_TIME,
    # Sum of log(1 + return).
    LOG,
    # First and last return.
    FIRST,
    LAST,
    # Pairs (six places each, see `_observe_pair`): a return and the one before it; the number of
    # the bar and the log growth; benchmark and return.
    LAG,
) = range(46)
TREND = LAG + 6
MARKET = TREND + 6
(
    # Return less benchmark: mean, squares around it, number above 0.
    ACTIVE_MEAN,
    ACTIVE_M2,
    AHEAD,
    # Growth of both over the bars that have both; over those with the benchmark up, and down.
    OWN_GROWTH,
    MARKET_GROWTH,
    UPS,
    UP_OWN,
    UP_MARKET,
    DOWNS,
    DOWN_OWN,
    DOWN_MARKET,
    # Bars in which the benchmark did not fall: number, and number above it; falling: above it.
    NOT_DOWNS,
    NOT_DOWN_AHEAD,
    DOWN_AHEAD,
) = range(MARKET + 6, MARKET + 20)
SIZE = MARKET + 20

#: Places that a merge leaves NaN where the earlier stretch ended below its peak: which later bars
#: are under water, and how deep, then depends on more than a row holds.
PATH = (
    FALL_MEAN,
    FALL_M2,
    FALL_SQUARES,
    DRAWDOWNS,
    DEPTHS,
    UNDER_WATER,
    DEPTH,
    BARS_DOWN,
    LONGEST_BARS,
)

_ONES = (GROWTH, PEAK, OWN_GROWTH, MARKET_GROWTH, UP_OWN, UP_MARKET, DOWN_OWN, DOWN_MARKET)
_UNKNOWN = (FIRST_TIME, LAST_TIME, BEST, WORST, PEAK_TIME, LONGEST_TIME, FIRST, LAST)


@njit
def reset(row, required, threshold):
    """Make `row` (float64[SIZE]) one that has seen nothing.

    required: the return per bar below which the downside begins; threshold: what divides gains
    from losses for the omega ratio.
    """
    for i in range(SIZE):
        row[i] = 0.0
    for i in _ONES:
        row[i] = 1.0
    for i in _UNKNOWN:
        row[i] = math.nan
    row[LOW] = math.inf
    row[REQUIRED] = required
    row[THRESHOLD] = threshold


@njit
def _observe_pair(row, at, x, y):
    """Add a pair at place `at`: number, means of x and y, squares around them, products."""
    n = row[at] + 1.0
    dx = x - row[at + 1]
    dy = y - row[at + 2]
    row[at] = n
    row[at + 1] += dx / n
    row[at + 2] += dy / n
    row[at + 3] += dx * (x - row[at + 1])
    row[at + 4] += dy * (y - row[at + 2])
    row[at + 5] += dx * (y - row[at + 2])


@njit
def _observe_market(row, gain, market):
    _observe_pair(row, MARKET, market, gain)
    active = gain - market
    delta = active - row[ACTIVE_MEAN]
    row[ACTIVE_MEAN] += delta / row[MARKET]
    row[ACTIVE_M2] += delta * (active - row[ACTIVE_MEAN])
    ahead = 1.0 if active > 0.0 else 0.0
    row[AHEAD] += ahead
    row[OWN_GROWTH] *= 1.0 + gain
    row[MARKET_GROWTH] *= 1.0 + market
    if market > 0.0:
        row[UPS] += 1.0
        row[UP_OWN] *= 1.0 + gain
        row[UP_MARKET] *= 1.0 + market
    if market < 0.0:
        row[DOWNS] += 1.0
        row[DOWN_OWN] *= 1.0 + gain
        row[DOWN_MARKET] *= 1.0 + market
        row[DOWN_AHEAD] += ahead
    else:
        row[NOT_DOWNS] += 1.0
        row[NOT_DOWN_AHEAD] += ahead


@njit
def _observe_fall(row, time):
    """Bring peak and drawdowns up to date after GROWTH has changed."""
    growth = row[GROWTH]
    under = growth < row[PEAK]
    fall = (growth - row[PEAK]) / row[PEAK] if under or growth != growth else 0.0
    if growth < row[LOW]:
        row[LOW] = growth
    if not fall >= row[DRAWDOWN]:
        row[DRAWDOWN] = fall
    fallen = growth - row[PEAK]
    if not fallen >= row[FALLEN]:
        row[FALLEN] = fallen
    delta = fall - row[FALL_MEAN]
    row[FALL_MEAN] += delta / row[COUNT]
    row[FALL_M2] += delta * (fall - row[FALL_MEAN])
    row[FALL_SQUARES] += fall * fall
    # The bar that comes back to the peak still belongs to the time of the drawdown.
    if row[BARS_DOWN] > 0.0 or under:
        lasted = time - row[PEAK_TIME]
        if lasted > row[LONGEST_TIME] or row[LONGEST_TIME] != row[LONGEST_TIME]:
            row[LONGEST_TIME] = lasted
    if under:
        if row[BARS_DOWN] == 0.0:
            row[DRAWDOWNS] += 1.0
        row[BARS_DOWN] += 1.0
        row[UNDER_WATER] += 1.0
        if row[BARS_DOWN] > row[LONGEST_BARS]:
            row[LONGEST_BARS] = row[BARS_DOWN]
        if fall < row[DEPTH]:
            row[DEPTH] = fall
    else:
        row[DEPTHS] += row[DEPTH]
        row[DEPTH] *= 0.0
        row[BARS_DOWN] *= 0.0
        row[PEAK] = growth
        row[PEAK_TIME] = time


@njit
def observe(row, gain, market, time):
    """Bring `row` up to date by one bar.

    gain: simple return of the bar, NaN is left out of everything but ROWS. market: the
    benchmark's, NaN leaves the bar out of what compares the two. time: ns since the epoch as
    float64, NaN unknown. A drawdown's time runs from the bar of the peak (the first bar, if
    the fall begins with it) to the bar that reaches it again.
    """
    row[ROWS] += 1.0
    if time == time:
        if row[FIRST_TIME] != row[FIRST_TIME]:
            row[FIRST_TIME] = time
            row[PEAK_TIME] = time
        row[LAST_TIME] = time
    if gain != gain:
        return
    n1 = row[COUNT]
    n = n1 + 1.0
    row[COUNT] = n
    delta = gain - row[MEAN]
    part = delta / n
    term = delta * part * n1
    row[MEAN] += part
    row[M4] += (
        term * part * part * (n * n - 3.0 * n + 3.0)
        + 6.0 * part * part * row[M2]
        - 4.0 * part * row[M3]
    )
    row[M3] += term * part * (n - 2.0) - 3.0 * part * row[M2]
    row[M2] += term
    row[TOTAL] += gain
    short = gain - row[REQUIRED]
    if short < 0.0:
        row[SHORTFALL] += short * short
    excess = gain - row[THRESHOLD]
    if excess > 0.0:
        row[ABOVE] += excess
    elif excess < 0.0:
        row[BELOW] -= excess
    if n1 == 0.0 or gain > row[BEST]:
        row[BEST] = gain
    if n1 == 0.0 or gain < row[WORST]:
        row[WORST] = gain
    if gain > 0.0:
        row[WON] += 1.0
        row[WON_SUM] += gain
        row[WIN_STREAK] += 1.0
        row[LOSS_STREAK] = 0.0
        if row[WIN_STREAK] == n:
            row[FIRST_WIN] = n
        if row[WIN_STREAK] > row[LONGEST_WIN]:
            row[LONGEST_WIN] = row[WIN_STREAK]
    elif gain < 0.0:
        row[LOST] += 1.0
        row[LOST_SUM] += gain
        row[LOSS_STREAK] += 1.0
        row[WIN_STREAK] = 0.0
        if row[LOSS_STREAK] == n:
            row[FIRST_LOSS] = n
        if row[LOSS_STREAK] > row[LONGEST_LOSS]:
            row[LONGEST_LOSS] = row[LOSS_STREAK]
    else:
        row[WIN_STREAK] = 0.0
        row[LOSS_STREAK] = 0.0
    row[GROWTH] *= 1.0 + gain
    _observe_fall(row, time)
    row[LOG] += np.log1p(gain)
    _observe_pair(row, TREND, n1, row[LOG])
    if n1 == 0.0:
        row[FIRST] = gain
    else:
        _observe_pair(row, LAG, row[LAST], gain)
    row[LAST] = gain
    if market == market:
        _observe_market(row, gain, market)


@njit
def _merge_pair(row, later, at, shift_x, shift_y):
    """Add the pairs of `later`, whose x and y are larger in `row`'s terms by the shifts."""
    n, more = row[at], later[at]
    if more == 0.0:
        return
    dx = later[at + 1] + shift_x - row[at + 1]
    dy = later[at + 2] + shift_y - row[at + 2]
    total = n + more
    row[at] = total
    row[at + 1] += dx * more / total
    row[at + 2] += dy * more / total
    row[at + 3] += later[at + 3] + dx * dx * n * more / total
    row[at + 4] += later[at + 4] + dy * dy * n * more / total
    row[at + 5] += later[at + 5] + dx * dy * n * more / total


@njit
def _merge_moments(row, later):
    a, b = row[COUNT], later[COUNT]
    n = a + b
    delta = later[MEAN] - row[MEAN]
    part = delta / n
    m2, m3 = row[M2], row[M3]
    row[M4] += (
        later[M4]
        + delta * part * part * part * a * b * (a * a - a * b + b * b)
        + 6.0 * part * part * (a * a * later[M2] + b * b * m2)
        + 4.0 * part * (a * later[M3] - b * m3)
    )
    row[M3] += (
        later[M3] + delta * part * part * a * b * (a - b) + 3.0 * part * (a * later[M2] - b * m2)
    )
    row[M2] += later[M2] + delta * part * a * b
    row[MEAN] += part * b


@njit
def _merge_falls(row, later):
    """Join what concerns the peak; see `PATH` and `merge`."""
    peak = row[PEAK]
    if row[GROWTH] < 0.0 or later[LOW] < 0.0:
        # A debt turns the signs of all that follows: no single lowest point tells the fall.
        row[DRAWDOWN] = math.nan
        row[FALLEN] = math.nan
    else:
        fallen = row[GROWTH] * later[LOW] - peak
        row[DRAWDOWN] = min(row[DRAWDOWN], later[DRAWDOWN], fallen / peak)
        row[FALLEN] = min(row[FALLEN], row[GROWTH] * later[FALLEN], fallen)
    if row[GROWTH] == peak:
        a, b = row[COUNT], later[COUNT]
        delta = later[FALL_MEAN] - row[FALL_MEAN]
        row[FALL_MEAN] += delta * b / (a + b)
        row[FALL_M2] += later[FALL_M2] + delta * delta * a * b / (a + b)
        for i in (FALL_SQUARES, DRAWDOWNS, DEPTHS, UNDER_WATER):
            row[i] += later[i]
        row[DEPTH] = later[DEPTH]
        row[BARS_DOWN] = later[BARS_DOWN]
        row[LONGEST_BARS] = max(row[LONGEST_BARS], later[LONGEST_BARS])
    else:
        for i in PATH:
            row[i] = math.nan
    # The later stretch did not know when the peak before its first bar was.
    row[LONGEST_TIME] = math.nan
    row[PEAK_TIME] = math.nan
    row[LOW] = min(row[LOW], row[GROWTH] * later[LOW])
    row[PEAK] = max(peak, row[GROWTH] * later[PEAK])
    row[GROWTH] *= later[GROWTH]


@njit
def _merge_one(row, later):
    if later[FIRST_TIME] == later[FIRST_TIME]:
        if row[FIRST_TIME] != row[FIRST_TIME]:
            row[FIRST_TIME] = later[FIRST_TIME]
        row[LAST_TIME] = later[LAST_TIME]
    if row[COUNT] == 0.0:
        rows, first = row[ROWS], row[FIRST_TIME]
        for i in range(SIZE):
            if i != LAST_TIME:
                row[i] = later[i]
        row[ROWS] += rows
        row[FIRST_TIME] = first
        return
    row[ROWS] += later[ROWS]
    if later[COUNT] == 0.0:
        return
    # What looks at the numbers of returns comes before they are added.
    a, b = row[COUNT], later[COUNT]
    _merge_moments(row, later)
    _merge_falls(row, later)
    _merge_pair(row, later, TREND, a, row[LOG])
    _merge_pair(row, later, LAG, 0.0, 0.0)
    _observe_pair(row, LAG, row[LAST], later[FIRST])
    if later[MARKET] > 0.0:
        n = row[MARKET] + later[MARKET]
        delta = later[ACTIVE_MEAN] - row[ACTIVE_MEAN]
        row[ACTIVE_M2] += later[ACTIVE_M2] + delta * delta * row[MARKET] * later[MARKET] / n
        row[ACTIVE_MEAN] += delta * later[MARKET] / n
        _merge_pair(row, later, MARKET, 0.0, 0.0)
        for i in (OWN_GROWTH, MARKET_GROWTH, UP_OWN, UP_MARKET, DOWN_OWN, DOWN_MARKET):
            row[i] *= later[i]
        for i in (AHEAD, UPS, DOWNS, NOT_DOWNS, NOT_DOWN_AHEAD, DOWN_AHEAD):
            row[i] += later[i]
    for now, longest, first in (
        (WIN_STREAK, LONGEST_WIN, FIRST_WIN),
        (LOSS_STREAK, LONGEST_LOSS, FIRST_LOSS),
    ):
        row[longest] = max(row[longest], later[longest], row[now] + later[first])
        if row[first] == a:
            row[first] = a + later[first]
        row[now] = row[now] + b if later[now] == b else later[now]
    row[BEST] = max(row[BEST], later[BEST])
    row[WORST] = min(row[WORST], later[WORST])
    for i in (COUNT, TOTAL, SHORTFALL, ABOVE, BELOW, WON, LOST, WON_SUM, LOST_SUM, LOG):
        row[i] += later[i]
    row[LAST] = later[LAST]


@njit
def _merge(rows, later):
    for k in range(len(rows)):
        _merge_one(rows[k], later[k])


@njit
def _new(rows, required, threshold):
    for k in range(len(rows)):
        reset(rows[k], required, threshold)


@njit(parallel=True)
def _observe_returns(rows, returns, market, times):
    for k in prange(len(rows)):
        row = rows[k]
        for i in range(returns.shape[0]):
            observe(row, returns[i, k], market[i], times[i])


@njit(parallel=True)
def _observe_orders(
    rows, orders, index, start, close, row_step, column_step, cash0, fill, market, times
):
    """See `observe_orders`; orders of a column are sorted by their bar."""
    for k in prange(len(rows)):
        row = rows[k]
        cash = cash0[k]
        before = cash
        held = 0.0
        last = math.nan
        if fill:
            for i in range(len(times)):
                last = close[i * row_step + k * column_step]
                if last == last:
                    break
        m = start[k]
        for i in range(len(times)):
            price = close[i * row_step + k * column_step]
            if price == price or not fill:
                last = price
            while m < start[k + 1] and orders[index[m]]["idx"] <= i:
                order = orders[index[m]]
                size = order["size"] if order["side"] == BUY else -order["size"]
                flow = -size * order["price"] - order["fees"]
                cash = snapped_sum(cash, snapped_sum(0.0, flow))
                held = snapped_sum(held, size)
                m += 1
            value = cash + last * held if held != 0.0 else cash
            observe(row, simple_return(before, value), market[i], times[i])
            before = value


def new(columns: int = 1, required: float = 0.0, threshold: float = 0.0) -> np.ndarray:
    """Rows that have seen nothing: float64[columns, SIZE]; parameters as in `reset`."""
    rows = np.empty((columns, SIZE))
    _new(rows, float(required), float(threshold))
    return rows


def merge(rows: np.ndarray, later: np.ndarray) -> np.ndarray:
    """The rows of two neighbouring stretches of the same columns, joined.

    Equal to one pass over both, but for rounding, except: the places of `PATH` are NaN where
    `rows` ended below its peak, DRAWDOWN and FALLEN where equity was in debt, and LONGEST_TIME
    always. To go on after a stretch pass its rows to `observe_returns` instead.
    """
    out = np.array(rows, dtype=np.float64)
    with np.errstate(all="ignore"):
        _merge(out, np.ascontiguousarray(later, dtype=np.float64))
    return out


def _series(values: np.ndarray | None, rows: int) -> np.ndarray:
    if values is None:
        return np.full(rows, np.nan)
    values = np.asarray(values)
    if len(values) != rows:
        raise ValueError(f"{len(values)} values of benchmark or times for {rows} rows of returns")
    if values.dtype.kind == "M":
        values = values.astype("datetime64[ns]").astype(np.int64)
    return np.ascontiguousarray(values, dtype=np.float64)


def observe_returns(
    returns: np.ndarray,
    benchmark: np.ndarray | None = None,
    times: np.ndarray | None = None,
    *,
    required: float = 0.0,
    threshold: float = 0.0,
    after: np.ndarray | None = None,
) -> np.ndarray:
    """Rows (one per column) of `returns`, float64[T] or float64[T, N].

    benchmark: float64[T] returns; times: int64[T] ns or datetime64. `after`: rows of the bars
    before these, whose parameters count, to go on from (they are left as they are): in pieces
    or as a whole, the numbers are the same to the last bit.
    """
    returns = np.asarray(returns, dtype=np.float64)
    if returns.ndim == 1:
        returns = returns[:, None]
    n = returns.shape[1]
    rows = new(n, required, threshold) if after is None else np.array(after, dtype=np.float64)
    if rows.shape != (n, SIZE):
        raise ValueError(f"{len(rows)} rows of earlier bars for {n} columns of returns")
    count = len(returns)
    with np.errstate(all="ignore"):
        _observe_returns(
            rows, np.asfortranarray(returns), _series(benchmark, count), _series(times, count)
        )
    return rows


def observe_orders(
    orders: np.ndarray,
    columns: tuple[np.ndarray, np.ndarray],
    close: tuple[np.ndarray, int, int],
    rows: int,
    init_cash: np.ndarray,
    fill_close: bool = True,
    benchmark: np.ndarray | None = None,
    times: np.ndarray | None = None,
    *,
    required: float = 0.0,
    threshold: float = 0.0,
) -> np.ndarray:
    """Rows for each column's own account, straight from its order records; no equity is stored.

    The arguments are those of `metrics.stream_statistics`, and so are the returns: the first
    bar's counts from `init_cash`; `fill_close` values a missing price at the last known one.
    """
    out = new(len(init_cash), required, threshold)
    with np.errstate(all="ignore"):
        _observe_orders(
            out,
            orders,
            *columns,
            close[0],
            int(close[1]),
            int(close[2]),
            np.ascontiguousarray(init_cash, np.float64),
            fill_close,
            _series(benchmark, rows),
            _series(times, rows),
        )
    return out
