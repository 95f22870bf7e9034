"""Fills to trades: from the fill that leaves a flat position to the one that comes back to it."""

from __future__ import annotations

import math

import numpy as np

from .jit import njit

#: One trade. `size` is signed: the largest position of the trade; prices are averages over the
#: fills that opened and closed, NaN without any; `pnl` is realised and gross, of closing fills
#: only; `exit_bar` is -1 while open. A reversal ends one trade and begins the next.
TRADE = np.dtype(
    [
        ("asset", np.int64),
        ("entry_bar", np.int64),
        ("exit_bar", np.int64),
        ("entry_time", np.int64),
        ("exit_time", np.int64),
        ("size", np.float64),
        ("entry_price", np.float64),
        ("exit_price", np.float64),
        ("pnl", np.float64),
        ("commission", np.float64),
        ("open", np.bool_),
    ]
)


@njit
def _begin(trade, fill):
    trade["asset"] = fill["asset"]
    trade["entry_bar"] = fill["bar"]
    trade["entry_time"] = fill["time"]
    trade["exit_bar"] = -1
    trade["exit_time"] = 0
    trade["size"] = 0.0
    trade["entry_price"] = math.nan
    trade["exit_price"] = math.nan
    trade["pnl"] = 0.0
    trade["commission"] = 0.0
    trade["open"] = True


@njit
def _trades(fills, n_assets, out):
    """Write the trades of `fills` to `out` (room for one per fill); returns how many.

    opened, closed: units and value so far of the open trade of each asset, for the averages.
    """
    current = np.full(n_assets, -1, np.int64)
    opened = np.zeros((2, n_assets))
    closed = np.zeros((2, n_assets))
    n = 0
    for fill in fills:
        asset = fill["asset"]
        if fill["closed"] != 0.0 and current[asset] >= 0:
            trade = out[current[asset]]
            closed[0, asset] += fill["closed"]
            closed[1, asset] += fill["closed"] * fill["price"]
            trade["exit_price"] = closed[1, asset] / closed[0, asset]
            trade["pnl"] += fill["pnl"]
            trade["commission"] += fill["closed_commission"]
            if fill["opened"] != 0.0 or fill["position_size"] == 0.0:
                trade["exit_bar"] = fill["bar"]
                trade["exit_time"] = fill["time"]
                trade["open"] = False
                current[asset] = -1
        if fill["opened"] != 0.0:
            if current[asset] >= 0 and fill["position_size"] == fill["opened"]:
                # Flat before this fill: what was open ended outside the market.
                out[current[asset]]["open"] = False
                current[asset] = -1
            if current[asset] < 0:
                current[asset] = n
                n += 1
                _begin(out[current[asset]], fill)
                opened[:, asset] = 0.0
                closed[:, asset] = 0.0
            trade = out[current[asset]]
            opened[0, asset] += fill["opened"]
            opened[1, asset] += fill["opened"] * fill["price"]
            trade["entry_price"] = opened[1, asset] / opened[0, asset]
            trade["commission"] += fill["opened_commission"]
            if abs(fill["position_size"]) > abs(trade["size"]):
                trade["size"] = fill["position_size"]
    return n


def trades(fills: np.ndarray, n_assets: int) -> np.ndarray:
    """`TRADE[·]` of `FILL[·]`, in the sequence of their entries.

    A position that ended without a fill (`Simulation.liquidate`) leaves a trade that is neither
    open nor has an exit, once the asset is traded again. After a split the averages mix units of
    before and after; `pnl` is right all the same, since the fills carry it.
    """
    out = np.zeros(len(fills), dtype=TRADE)
    return out[: _trades(fills, n_assets, out)]
