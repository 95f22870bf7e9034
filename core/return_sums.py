"""One pass over the returns of each column to the sums that their statistics follow from.

The returns are stored ones, or those of the account that a column's orders and prices make, which
is never stored. Both go through `_observe`, so that both give the same bits. A return of 0 only
counts: rows in which nothing is held cost nothing.
"""

from __future__ import annotations

import math

import numpy as np

from .execution import BUY, snapped_sum
from .jit import njit, prange

# Rows of the sums that the ratios are computed from; the last two are scratch of the pass.
COUNT, SUM, SQUARES, DOWNSIDE, GROWTH, DRAWDOWN, GAINS, LOSSES, ROWS, PEAK, CENTRE = range(11)
RETURN_SUMS = 11

# What else is known of a column in the midst of its rows: how many returns other than 0 the mean
# and the squares know, that mean; of the batch since then the number, and the sums of distances
# from the centre and of their squares. Then the account.
KNOWN, MEAN, BATCHED, OFFSETS, OFFSET_SQUARES, CASH, HELD, VALUE, LAST = range(RETURN_SUMS, 20)
PLACES = 20

BATCH = 256  # returns around one centre
CHUNK = 512  # rows whose returns are computed at a time
TILE = 256  # rows that are read at a time where they do not lie along the column
PADDING = 8  # so that the columns of a tile do not compete for the same lines of the cache

COLUMNS_PER_BLOCK = 32  # that lie side by side in memory, and of them
COLUMNS_PER_STRIP = 8  # where each is contiguous


@njit
def simple_return(before, after):
    """Return from one value to the next; from 0 it is 0 or infinite, from a debt it is turned."""
    if before == 0.0:
        if after == 0.0:
            return 0.0
        return math.copysign(math.inf, after) if not math.isnan(after) else math.nan
    change = (after - before) / before
    return -change if before < 0.0 else change


@njit
def _new(columns, rows):
    """Columns before the first of their rows, a row for each."""
    states = np.zeros((columns, PLACES))
    for s in states:
        s[GROWTH] = 1.0
        s[PEAK] = -math.inf
        s[ROWS] = rows
    return states


@njit(forceinline=True)
def _joined(known, mean, squares, batched, centre, offsets, offset_squares):
    """Mean and squares with those of a batch (Chan, Golub & LeVeque, 1979)."""
    shift = offsets / batched
    within = offset_squares - offsets * shift
    distance = centre + shift - mean
    part = batched / (known + batched)
    squares += (0.0 if within < 0.0 else within) + distance * distance * known * part
    return mean + distance * part, squares


@njit
def _observe(gains, s, required, threshold):
    """Add returns to the sums of a column; a NaN return is left out."""
    count, total, squares, downside = s[COUNT], s[SUM], s[SQUARES], s[DOWNSIDE]
    growth, drawdown, above, below, peak = s[GROWTH], s[DRAWDOWN], s[GAINS], s[LOSSES], s[PEAK]
    known, mean, batched, centre = s[KNOWN], s[MEAN], s[BATCHED], s[CENTRE]
    offsets, offset_squares = s[OFFSETS], s[OFFSET_SQUARES]
    floor = peak * (1.0 + drawdown)
    if peak == -math.inf and len(gains) > 0:
        if gains[0] < 0.0 or gains[0] > 0.0:
            centre = gains[0]
        else:
            peak = floor = 100.0
    for i in range(len(gains)):
        gain = gains[i]
        count += 1.0 if gain == gain else 0.0
        if not (gain < 0.0 or gain > 0.0):
            continue
        total += gain
        # Squares around a centre near the mean: sums of plain squares would cancel.
        if batched == BATCH:
            mean, squares = _joined(known, mean, squares, batched, centre, offsets, offset_squares)
            known += batched
            centre = mean
            batched = offsets = offset_squares = 0.0
        batched += 1.0
        offset = gain - centre
        offsets += offset
        offset_squares += offset * offset
        # No branches that depend on the sign of a return: nobody could foresee them.
        short = gain - required
        short = short if short < 0.0 else 0.0
        downside += short * short
        excess = gain - threshold
        above += excess if excess > 0.0 else 0.0
        below -= excess if excess < 0.0 else 0.0
        growth *= gain + 1.0
        # On a base of 100: the rounding of a product decides whether a tiny fall is one at all.
        level = growth * 100.0
        if not level <= peak:
            peak = level
            floor = peak * (1.0 + drawdown)
        if not level > floor:
            fall = level / peak - 1.0
            if not fall >= drawdown:
                drawdown = fall
                floor = peak * (1.0 + drawdown)
    s[COUNT], s[SUM], s[SQUARES], s[DOWNSIDE] = count, total, squares, downside
    s[GROWTH], s[DRAWDOWN], s[GAINS], s[LOSSES], s[PEAK] = growth, drawdown, above, below, peak
    s[KNOWN], s[MEAN], s[BATCHED], s[CENTRE] = known, mean, batched, centre
    s[OFFSETS], s[OFFSET_SQUARES] = offsets, offset_squares


@njit
def _finish(s, required, threshold, out, column):
    """The sums of a column, with the returns of 0, into a column of `out`."""
    known, batched = s[KNOWN], s[BATCHED]
    if batched > 0.0:
        s[MEAN], s[SQUARES] = _joined(
            known, s[MEAN], s[SQUARES], batched, s[CENTRE], s[OFFSETS], s[OFFSET_SQUARES]
        )
        known += batched
    zeros = s[COUNT] - known
    if zeros > 0.0 and known > 0.0:
        s[SQUARES] += s[MEAN] * s[MEAN] * known * (zeros / s[COUNT])
    if required > 0.0:
        s[DOWNSIDE] += zeros * (required * required)
    if threshold > 0.0:
        s[LOSSES] += zeros * threshold
    elif threshold < 0.0:
        s[GAINS] -= zeros * threshold
    for place in range(RETURN_SUMS):
        out[place, column] = s[place]


@njit
def _read_tile(matrix, offset, row_step, column_step, tile):
    """Neighbouring columns from the place `offset` on into `tile`, a row for each."""
    for t in range(tile.shape[1]):
        for k in range(tile.shape[0]):
            tile[k, t] = matrix[offset + t * row_step + k * column_step]


@njit(parallel=True)
def of_returns(returns, required, threshold, out):
    """The sums of each column of `returns` (rows x columns, contiguous along the row) to `out`."""
    rows, columns = returns.shape
    flat = returns.reshape(-1)
    for block in prange((columns + COLUMNS_PER_BLOCK - 1) // COLUMNS_PER_BLOCK):
        first = block * COLUMNS_PER_BLOCK
        n = min(columns - first, COLUMNS_PER_BLOCK)
        states = _new(n, rows)
        whole_tile = np.empty((n, TILE + PADDING))
        for row in range(0, rows, TILE):
            tile = whole_tile[:, : min(TILE, rows - row)]
            _read_tile(flat, row * columns + first, columns, 1, tile)
            for k in range(n):
                _observe(tile[k], states[k], required, threshold)
        for k in range(n):
            _finish(states[k], required, threshold, out, first + k)


@njit
def _observe_values(values, n, gains, s, required, threshold):
    """Add the returns from `values[0]` on over `n` more values, which then are forgotten."""
    for i in range(n):
        gains[i] = (values[i + 1] - values[i]) / values[i]
    odd = 0
    for i in range(n):
        odd += not values[i] > 0.0
    if odd:
        for i in range(n):
            gains[i] = simple_return(values[i], values[i + 1])
    _observe(gains[:n], s, required, threshold)
    values[0] = values[n]


@njit
def _trade(
    prices, first, orders, index, m, stop, s, fill, values, gains, required, threshold
):  # fmt: skip
    """Add the returns of rows from `first` on, whose orders are from `index[m]` on (at most before
    `stop`). Returns the next order of the column.

    values, gains: room for `CHUNK` and one more. The values of rows after which nothing changes
    are left out: their returns are 0.
    """
    cash, held, last = s[CASH], s[HELD], s[LAST]
    values[0] = s[VALUE]
    row, rows, n = 0, len(prices), 0
    while row < rows:
        until = rows
        while m < stop:
            order = orders[index[m]]
            at = order["idx"] - first
            if at > row:
                until = min(at, rows)
                break
            size = order["size"] if order["side"] == BUY else -order["size"]
            flow = -size * order["price"] - order["fees"]
            cash = snapped_sum(cash, snapped_sum(0.0, flow))
            held = snapped_sum(held, size)
            m += 1
        flat = held == 0.0 and math.isfinite(cash)
        end = row + 1 if flat else until
        while row < end:
            if n == CHUNK:
                _observe_values(values, n, gains, s, required, threshold)
                n = 0
            part = min(end - row, CHUNK - n)
            for i in range(part):
                price = prices[row + i]
                last = price if not fill or price == price else last
                # A missing price spoils the value of what is held only.
                values[n + 1 + i] = cash + (last * held if held != 0.0 else 0.0)
            row += part
            n += part
        if row < until:
            s[COUNT] += until - row
            if fill:
                i = until - 1
                while i >= row and math.isnan(prices[i]):
                    i -= 1
                last = prices[i] if i >= row else last
            row = until
    _observe_values(values, n, gains, s, required, threshold)
    s[CASH], s[HELD], s[LAST], s[VALUE] = cash, held, last, values[0]
    return m


@njit
def _first_known(prices, offset, row_step, rows):
    for i in range(rows):
        if not math.isnan(prices[offset + i * row_step]):
            return prices[offset + i * row_step]
    return math.nan


@njit
def _account_block(
    orders, index, start, close, row_step, column_step, rows, cash0, fill, required, threshold,
    first, last, out,
):  # fmt: skip
    """`of_orders` for columns `first` to `last`."""
    n = last - first
    # Prices along the column are read where they lie, others in tiles.
    along = row_step == 1
    step = max(rows, 1) if along else TILE
    states = _new(n, rows)
    values, gains = np.empty(CHUNK + 1), np.empty(CHUNK)
    whole_tile = np.empty((n, 0 if along else TILE + PADDING))
    m = start[first:last].copy()
    for k in range(n):
        s, offset = states[k], (first + k) * column_step
        s[CASH] = s[VALUE] = cash0[first + k]
        if rows > 0:
            s[LAST] = close[offset]
            if fill and math.isnan(s[LAST]):
                s[LAST] = _first_known(close, offset, row_step, rows)
    for row in range(0, rows, step):
        count = min(step, rows - row)
        if not along:
            tile = whole_tile[:, :count]
            _read_tile(close, row * row_step + first * column_step, row_step, column_step, tile)
        for k in range(n):
            offset = (first + k) * column_step
            prices = close[offset : offset + rows] if along else whole_tile[k, :count]
            m[k] = _trade(
                prices, row, orders, index, m[k], start[first + k + 1], states[k], fill, values,
                gains, required, threshold,
            )  # fmt: skip
    for k in range(n):
        _finish(states[k], required, threshold, out, first + k)


@njit(parallel=True)
def of_orders(
    orders, index, start, close, row_step, column_step, rows, cash0, fill, required, threshold, out
):
    """The sums of each column's own account to `out`; see `metrics.stream_statistics`."""
    columns = len(start) - 1
    width = COLUMNS_PER_STRIP if row_step == 1 else COLUMNS_PER_BLOCK
    for block in prange((columns + width - 1) // width):
        first = block * width
        _account_block(
            orders, index, start, close, row_step, column_step, rows, cash0, fill, required,
            threshold, first, min(columns, first + width), out,
        )  # fmt: skip


@njit
def in_time(orders, index, start):
    """Whether each column's orders stand in the sequence of their rows."""
    for column in range(len(start) - 1):
        for m in range(start[column] + 1, start[column + 1]):
            if orders[index[m]]["idx"] < orders[index[m - 1]]["idx"]:
                return False
    return True
