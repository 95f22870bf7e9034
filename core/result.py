"""`Result`: what a simulation came to, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import metrics
from .orders import Kind, Status
from .trades import trades

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_TABLES = ("orders", "fills", "trades", "account")
_DAY_NS = 86_400_000_000_000
_YEAR_DAYS = 365.25


@dataclass(frozen=True, eq=False)
class Result:
    """Orders, fills, trades and the account of a simulation; made by `Simulation.result`.

    times: int64[T] ns UTC. assets: names. order_rows, fill_rows: `ORDER[·]`, `FILL[·]`. cash,
    equity: float64[T] after each bar. start_cash: before the first bar.
    """

    times: np.ndarray
    assets: tuple[str, ...]
    order_rows: np.ndarray
    fill_rows: np.ndarray
    cash: np.ndarray
    equity: np.ndarray
    start_cash: float

    @cached_property
    def trade_rows(self) -> np.ndarray:
        """`TRADE[·]`: see `trades.trades`."""
        return trades(self.fill_rows, len(self.assets))

    @cached_property
    def orders(self) -> pl.DataFrame:
        """A row per order: asset, kind, status, sizes (signed), prices (null where not given),
        commission, average price, creation; `needed` and `available` of a refused one."""
        rows = self.order_rows
        columns = {
            "order": np.arange(len(rows)),
            "asset": self._names(rows),
            "kind": [Kind(kind).name for kind in rows["kind"].tolist()],
            "status": [Status(status).name for status in rows["status"].tolist()],
            "created": self._bar_times(rows["created_bar"]),
            "closed": self._bar_times(rows["closed_bar"]),
        }
        numbers = ("size", "filled", "limit", "stop", "average_price", "commission")
        columns |= {name: rows[name] for name in (*numbers, "needed", "available")}
        return _frame(columns)

    @cached_property
    def fills(self) -> pl.DataFrame:
        """A row per fill: order, asset, time and bar, size (signed), price, commission, the gross
        profit of its closing part, and cash and position after it."""
        rows = self.fill_rows
        columns = {
            "order": rows["order"],
            "asset": self._names(rows),
            "time": rows["time"].astype("datetime64[ns]"),
        }
        numbers = ("bar", "size", "price", "commission", "pnl", "position_size", "cash")
        return _frame(columns | {name: rows[name] for name in numbers})

    @cached_property
    def trades(self) -> pl.DataFrame:
        """A row per trade, from flat to flat: see `trades.TRADE`; `net` is after commission."""
        rows = self.trade_rows
        columns = {
            "asset": self._names(rows),
            "entry": self._bar_times(rows["entry_bar"]),
            "exit": self._bar_times(rows["exit_bar"]),
        }
        numbers = ("size", "entry_price", "exit_price", "pnl", "commission", "open")
        columns |= {name: rows[name] for name in numbers}
        return _frame(columns | {"net": rows["pnl"] - rows["commission"]})

    @cached_property
    def account(self) -> pl.DataFrame:
        """Cash and equity after each bar."""
        time = self.times.astype("datetime64[ns]")
        return _frame({"time": time, "cash": self.cash, "equity": self.equity})

    def _names(self, rows: np.ndarray) -> list[str]:
        return [self.assets[asset] for asset in rows["asset"].tolist()]

    def _bar_times(self, bars: np.ndarray) -> np.ndarray:
        """The times of bars; NaT for -1."""
        found = self.times[np.maximum(bars, 0)].astype("datetime64[ns]")
        return np.where(bars < 0, np.datetime64("NaT", "ns"), found)

    def stats(self, annual_factor: float | None = None) -> dict[str, float]:
        """Total and annual return, volatility, Sharpe and Sortino ratio, maximum drawdown
        (negative), and of the closed trades number, win rate and net profit factor.

        annual_factor: bars per year; by default the bars there are over the time they span.
        Formulas: `metrics`; ratios without a risk-free rate. NaN where undefined.
        """
        if annual_factor is None:
            span = (self.times[-1] - self.times[0]) / _DAY_NS if len(self.times) > 1 else 0.0
            year = (len(self.times) - 1) / span * _YEAR_DAYS if span else float("nan")
        else:
            year = annual_factor
        gains = metrics.returns(self.equity[:, None], np.array([self.start_cash]))
        sums = metrics.return_statistics(gains)
        done = self.trade_rows[~self.trade_rows["open"]]
        net = done["pnl"] - done["commission"]
        one = np.zeros(len(net), dtype=np.int64)
        total = self.equity[-1] / self.start_cash - 1.0 if len(self.equity) else 0.0
        return {
            "total_return": float(total),
            "annual_return": float(metrics.annualized_return(sums, year)[0]),
            "volatility": float(metrics.annualized_volatility(sums, year)[0]),
            "sharpe_ratio": float(metrics.sharpe_ratio(sums, year)[0]),
            "sortino_ratio": float(metrics.sortino_ratio(sums, year)[0]),
            "max_drawdown": float(metrics.max_drawdown(sums)[0]),
            "trades": float(len(net)),
            "win_rate": float(metrics.win_rate(net, one, 1)[0]),
            "profit_factor": float(metrics.profit_factor(net, one, 1)[0]),
        }

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """The tables by name, as pandas frames."""
        return {name: getattr(self, name).to_pandas() for name in _TABLES}

    def write_parquet(self, folder: str | Path) -> None:
        """Write `orders.parquet`, `fills.parquet`, `trades.parquet` and `account.parquet`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TABLES:
            getattr(self, name).write_parquet(folder / f"{name}.parquet")


def _frame(columns: dict) -> pl.DataFrame:
    """NaN, which marks a price that is not there, becomes null."""
    import polars as pl

    frame = pl.DataFrame(columns)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))
