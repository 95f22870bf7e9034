"""Statistics of trades from plain arrays: one value per trade, in any unit of money.

`trade_statistics` gives all of them, `by_side` also those of the longs and shorts alone. A trade
that came out even is neither won nor lost. Trades without a result (NaN) are left out. NaN where
undefined; no warnings.
"""

from __future__ import annotations

import math

import numpy as np

_DAY_NS = 86_400_000_000_000

#: Around arithmetic whose infinite and undefined results are meant.
_quiet = np.errstate(all="ignore")


@_quiet
def _divide(a: float, b: float) -> float:
    return float(np.divide(a, b))


@_quiet
def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan


@_quiet
def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else math.nan


def _most(values: np.ndarray) -> float:
    return float(values.max()) if len(values) else math.nan


def _least(values: np.ndarray) -> float:
    return float(values.min()) if len(values) else math.nan


@_quiet
def profit_factor(net: np.ndarray) -> float:
    """Sum of the profits over the absolute sum of the losses; infinite without losses."""
    return _divide(net[net > 0].sum(), abs(net[net < 0].sum())) if len(net) else math.nan


@_quiet
def payoff_ratio(net: np.ndarray) -> float:
    """Mean profit of the trades won over the absolute mean loss of those lost."""
    return _divide(_mean(net[net > 0]), abs(_mean(net[net < 0])))


@_quiet
def expectancy(net: np.ndarray) -> float:
    """Expected profit of a trade: share won x mean profit - share lost x |mean loss|."""
    return _mean(net)


@_quiet
def expectancy_ratio(net: np.ndarray) -> float:
    """Expectancy per unit of the mean loss (Tharp, "Trade Your Way to Financial Freedom", 1998)."""
    return _divide(_mean(net), abs(_mean(net[net < 0])))


@_quiet
def system_quality_number(net: np.ndarray, ddof: int = 1, cap: int | None = None) -> float:
    """√n · mean / standard deviation of the results (SQN); n at most `cap`, if given.

    Tharp, "The Definitive Guide to Position Sizing", 2008, who has results in multiples of the
    risk, and caps n at 100. NaN with fewer than two trades.
    """
    if len(net) < 2:
        return math.nan
    # Equal results have no spread, whatever rounding makes of their mean.
    deviation = float(net.std(ddof=ddof)) if np.ptp(net) > 0.0 else 0.0
    n = len(net) if cap is None else min(len(net), cap)
    return _divide(math.sqrt(n) * float(net.mean()), deviation)


@_quiet
def kelly_criterion(net: np.ndarray) -> float:
    """p - (1 - p) / b: p the share won of the trades not even, b the payoff ratio.

    Kelly, "A New Interpretation of Information Rate", Bell System Technical Journal 35(4), 1956.
    """
    p = _divide(float((net > 0).sum()), float((net != 0).sum()))
    return p - _divide(1.0 - p, payoff_ratio(net))


def streaks(net: np.ndarray) -> dict[str, int]:
    """Trades won, and lost, in sequence: longest, and the one that the last trade stands in."""
    out = {}
    for name, mark in (("win", net > 0), ("loss", net < 0)):
        ends = np.flatnonzero(np.r_[True, ~mark, True])
        lengths = np.diff(ends) - 1
        out[f"longest_{name}_streak"] = int(lengths.max())
        out[f"current_{name}_streak"] = int(lengths[-1])
    return out


@_quiet
def edge_ratio(mae: np.ndarray, mfe: np.ndarray) -> float:
    """Mean favourable over mean adverse excursion, as absolute values (Faith, 2007: E-ratio)."""
    return _divide(_mean(np.abs(mfe)), _mean(np.abs(mae)))


@_quiet
def _numbers(trades: dict[str, np.ndarray], ddof: int) -> dict[str, float]:
    net = trades["net"]
    won, lost = net > 0, net < 0
    n = len(net)
    out: dict[str, float] = {
        "count": n,
        "won": int(won.sum()),
        "lost": int(lost.sum()),
        "even": n - int(won.sum()) - int(lost.sum()),
        "win_rate": _divide(float(won.sum()), float(n)),
        "profit_factor": profit_factor(net),
        "expectancy": expectancy(net),
        "expectancy_ratio": expectancy_ratio(net),
        "payoff_ratio": payoff_ratio(net),
        "sqn": system_quality_number(net, ddof),
        "kelly_criterion": kelly_criterion(net),
        "net_total": float(net.sum()),
    }
    if "gross" in trades:
        out["gross_total"] = float(trades["gross"].sum())
        out["cost_total"] = float((trades["gross"] - net).sum())
    out |= {
        "profit_total": float(net[won].sum()),
        "loss_total": float(net[lost].sum()),
        "median": _median(net),
        "deviation": float(net.std(ddof=ddof)) if n > ddof else math.nan,
        "best": _most(net),
        "worst": _least(net),
        "average_win": _mean(net[won]),
        "average_loss": _mean(net[lost]),
        "median_win": _median(net[won]),
        "median_loss": _median(net[lost]),
    }
    out |= streaks(net)
    if "returns" in trades:
        gain = trades["returns"]
        out |= {
            "average_return": _mean(gain),
            "median_return": _median(gain),
            "best_return": _most(gain),
            "worst_return": _least(gain),
            "average_win_return": _mean(gain[won]),
            "average_loss_return": _mean(gain[lost]),
        }
    if "bars" in trades:
        out |= _lengths("bars", trades["bars"].astype(np.float64), won, lost)
        out["total_bars"] = float(trades["bars"].sum())
    if "entry" in trades and "exit" in trades:
        time = trades["exit"] - trades["entry"]
        out |= _lengths("days", time / _DAY_NS, won, lost)
    if "mae" in trades:
        out["average_mae"] = _mean(trades["mae"])
    if "mfe" in trades:
        out["average_mfe"] = _mean(trades["mfe"])
    if "mae" in trades and "mfe" in trades:
        out["edge_ratio"] = edge_ratio(trades["mae"], trades["mfe"])
    return out


def _lengths(unit: str, length: np.ndarray, won: np.ndarray, lost: np.ndarray) -> dict[str, float]:
    return {
        f"average_{unit}": _mean(length),
        f"median_{unit}": _median(length),
        f"longest_{unit}": _most(length),
        f"shortest_{unit}": _least(length),
        f"average_win_{unit}": _mean(length[won]),
        f"average_loss_{unit}": _mean(length[lost]),
        f"longest_win_{unit}": _most(length[won]),
        f"longest_loss_{unit}": _most(length[lost]),
        f"shortest_win_{unit}": _least(length[won]),
        f"shortest_loss_{unit}": _least(length[lost]),
    }


def _laid_out(net: np.ndarray, given: dict[str, np.ndarray | None]) -> dict[str, np.ndarray]:
    """The arrays there are, checked, without trades that have no result, by time of exit."""
    net = np.asarray(net, dtype=np.float64)
    trades = {"net": net}
    for name, values in given.items():
        if values is None:
            continue
        values = np.asarray(values)
        if values.shape != net.shape:
            raise ValueError(f"{name}: {values.shape} values for {net.shape} trades")
        if values.dtype.kind == "M":
            values = values.astype("datetime64[ns]").astype(np.int64)
        trades[name] = values
    keep = np.flatnonzero(~np.isnan(net))
    if "exit" in trades:
        keep = keep[np.argsort(trades["exit"][keep], kind="stable")]
    return {name: values[keep] for name, values in trades.items()}


def trade_statistics(
    net: np.ndarray,
    *,
    gross: np.ndarray | None = None,
    returns: np.ndarray | None = None,
    bars: np.ndarray | None = None,
    entry: np.ndarray | None = None,
    exit: np.ndarray | None = None,
    mae: np.ndarray | None = None,
    mfe: np.ndarray | None = None,
    ddof: int = 1,
) -> dict[str, float]:
    """Statistics of closed trades by name, in the order to print them.

    net: profit after costs per trade, float64[n], in the sequence of their ends (with `exit` they
    are put into it). gross: before costs. returns: profit as a part of what was paid. bars: bars
    held. entry, exit: times, int64 ns or datetime64; durations in days come from both. mae, mfe:
    adverse and favourable excursion, of any one unit and sign convention. `ddof`: of the deviation
    and the SQN. Arrays that are not given leave their statistics out.
    """
    given = {"gross": gross, "returns": returns, "bars": bars, "entry": entry, "exit": exit}
    return _numbers(_laid_out(net, given | {"mae": mae, "mfe": mfe}), ddof)


def by_side(
    net: np.ndarray, side: np.ndarray, *, ddof: int = 1, **arrays: np.ndarray | None
) -> dict[str, dict[str, float]]:
    """`trade_statistics` of "all", "long" (`side` above 0) and "short" trades (below 0)."""
    trades = _laid_out(net, {"side": side, **arrays})
    side = trades.pop("side")
    masks = {"all": np.ones(len(side), dtype=bool), "long": side > 0, "short": side < 0}
    return {
        name: _numbers({key: values[mask] for key, values in trades.items()}, ddof)
        for name, mask in masks.items()
    }
