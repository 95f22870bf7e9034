"""`Result`: what a simulation came to, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import metrics
from .account import ACCOUNT
from .orders import Cause, Kind, Reason, Status
from .trades import TradeMethod, trades

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_TABLES = ("orders", "fills", "trades", "account", "actions", "executions", "costs")
_FINANCING = ("interest", "borrow", "rebate", "funding", "deposits")
_DAY_NS = 86_400_000_000_000
_YEAR_DAYS = 365.25
_TRADE_FIELDS = (
    "return",
    "unrealised",
    "mark",
    "mfe",
    "mae",
    "mfe_return",
    "mae_return",
    "entered",
    "held",
    "entry_value",
    "entry_commission",
    "exit_commission",
    "restated",
)
# Whole numbers, of which -1 means none.
_TRADE_COUNTS = (
    "holding_bars",
    "entry_order",
    "exit_order",
    "entry_fill",
    "exit_fill",
    "slot",
)


@dataclass(frozen=True, eq=False)
class Result:
    """Orders, fills, trades and the account of a simulation; made by `Simulation.result`.

    times: int64[T] ns UTC. assets: names. order_rows, fill_rows: `ORDER[·]`, `FILL[·]`. cash,
    equity: float64[T] after each bar. start_cash: before the first bar. values: float64[5, N, T]
    of the bars; without them what needs prices (marks, excursions, execution costs) is missing.
    multiplier: float64[N], inverse: bool[N]: see `Instrument`; by default 1 and False. positions:
    float64[slots], units held at the end, where they can differ from what the fills left (splits).
    action_rows: `ACTION_EVENT[·]`, what corporate actions did. wallet_rows: `ACCOUNT[W]`, wallets:
    their currencies and venues. memory: float64[·, ·] as the strategy left it, see `native.run`.
    """

    times: np.ndarray
    assets: tuple[str, ...]
    order_rows: np.ndarray
    fill_rows: np.ndarray
    cash: np.ndarray
    equity: np.ndarray
    start_cash: float
    values: np.ndarray | None = None
    multiplier: np.ndarray | None = None
    inverse: np.ndarray | None = None
    positions: np.ndarray | None = None
    action_rows: np.ndarray | None = None
    wallet_rows: np.ndarray | None = None
    wallets: tuple[tuple[str, str], ...] = ()
    memory: np.ndarray | None = None

    @cached_property
    def trade_rows(self) -> np.ndarray:
        """`TRADE[·]` from flat to flat: see `trades.trades`."""
        return self.trades_by(TradeMethod.FLAT)

    def trades_by(self, method: TradeMethod | str, whole_bars: bool = False) -> np.ndarray:
        """`TRADE[·]` by a method of `trades.TradeMethod` or its name.

        whole_bars: excursions count the bars of entry and exit whole, see `excursions.measure`.
        """
        fills, values = self.fill_rows, self.values
        if self.action_rows is not None and len(self.action_rows):
            from .action_trades import joined_by_symbol

            fills, values = joined_by_symbol(fills, self.action_rows, values, len(self.assets))
        return trades(
            fills,
            len(self.assets),
            method,
            multiplier=self.multiplier,
            inverse=self.inverse,
            times=self.times,
            values=values,
            positions=self.positions,
            whole_bars=whole_bars,
        )

    @cached_property
    def orders(self) -> pl.DataFrame:
        """A row per order: asset, kind, status, `cause` and `reason` (see `orders`), sizes (signed;
        `asked`: before a risk rule cut it), prices (null where not given), commission, average
        price, creation; `needed` and `available` of a refused one."""
        rows = self.order_rows
        columns = {
            "order": np.arange(len(rows)),
            "asset": self._names(rows),
            "kind": [Kind(kind).name for kind in rows["kind"].tolist()],
            "status": [Status(status).name for status in rows["status"].tolist()],
            "cause": [Cause(cause).name for cause in rows["cause"].tolist()],
            "reason": [Reason(reason).name for reason in rows["reason"].tolist()],
            "created": self._bar_times(rows["created_bar"]),
            "closed": self._bar_times(rows["closed_bar"]),
        }
        numbers = ("size", "asked", "filled", "limit", "stop", "average_price", "commission")
        columns |= {name: rows[name] for name in (*numbers, "needed", "available")}
        return _frame(columns)

    @cached_property
    def fills(self) -> pl.DataFrame:
        """A row per fill: order, asset, time and bar, what sent the order (`orders.Cause`), size
        (signed), price, commission, the gross profit of its closing part, and cash and position
        after it."""
        rows = self.fill_rows
        columns = {
            "order": rows["order"],
            "asset": self._names(rows),
            "time": rows["time"].astype("datetime64[ns]"),
            "cause": [Cause(cause).name for cause in rows["cause"].tolist()],
        }
        numbers = ("bar", "size", "price", "commission", "pnl", "position_size", "cash")
        return _frame(columns | {name: rows[name] for name in numbers})

    @cached_property
    def trades(self) -> pl.DataFrame:
        """A row per trade, from flat to flat: `trade_table()`."""
        return self._trade_frame(self.trade_rows)

    def trade_table(
        self, method: TradeMethod | str = TradeMethod.FLAT, whole_bars: bool = False
    ) -> pl.DataFrame:
        """A row per trade by a method of `trades.TradeMethod` or its name: "flat", "fifo", "lifo",
        "round_trip", "exit", "entry".

        Columns: see `trades.TRADE`; `net` is `pnl` after commission, without what is unrealised;
        `holding` the time to the exit or the last bar. Null: not there (yet), or not known.
        whole_bars: see `excursions.measure`. Raises ValueError for an unknown method.
        """
        return self._trade_frame(self.trades_by(method, whole_bars))

    def _trade_frame(self, rows: np.ndarray) -> pl.DataFrame:
        import polars as pl

        columns = {
            "asset": self._names(rows),
            "entry": self._bar_times(rows["entry_bar"]),
            "exit": self._bar_times(rows["exit_bar"]),
        }
        numbers = ("size", "entry_price", "exit_price", "pnl", "commission", "open")
        columns |= {name: rows[name] for name in numbers}
        columns["net"] = rows["pnl"] - rows["commission"]
        columns["side"] = np.where(rows["size"] < 0.0, "short", "long")
        columns["holding"] = rows["holding_ns"].astype("timedelta64[ns]")
        columns |= {name: rows[name] for name in (*_TRADE_FIELDS, *_TRADE_COUNTS)}
        causes = {-1: None} | {int(cause): cause.name for cause in Cause}
        for name in ("entry_cause", "exit_cause"):
            columns[name] = pl.Series(map(causes.get, rows[name].tolist()), dtype=pl.String)
        frame = _frame(columns)
        gone = [pl.when(pl.col(name) >= 0).then(pl.col(name)).name.keep() for name in _TRADE_COUNTS]
        held = pl.when(pl.col("holding") >= pl.duration()).then(pl.col("holding"))
        return frame.with_columns(*gone, holding=held)

    @cached_property
    def executions(self) -> pl.DataFrame:
        """A row per order: its prices against benchmarks, and the parts of its implementation
        shortfall; see `execution_costs.EXECUTION`. Empty when the result has no bars."""
        rows = self.execution_rows
        columns = {
            "order": rows["order"],
            "asset": self._names(rows),
            "side": np.where(rows["size"] < 0.0, "sell", "buy"),
        }
        names = rows.dtype.names or ()
        return _frame(columns | {name: rows[name] for name in names if name not in columns})

    @cached_property
    def execution_rows(self) -> np.ndarray:
        """`EXECUTION[·]`: see `execution_costs.execution_costs`."""
        from .execution_costs import EXECUTION, execution_costs

        if self.values is None:
            return np.zeros(0, dtype=EXECUTION)
        return execution_costs(
            self.order_rows,
            self.fill_rows,
            self.values,
            multiplier=self.multiplier,
            inverse=self.inverse,
        )

    @cached_property
    def costs(self) -> pl.DataFrame:
        """What trading cost by asset, side and kind: `cost_table(("asset", "side"))`."""
        return self.cost_table(("asset", "side"))

    def cost_table(self, by: Sequence[str] = ()) -> pl.DataFrame:
        """What trading cost by kind (delay, slippage, opportunity, commission, and their sum, the
        shortfall), in money and in basis points; by columns of `executions`, or in total."""
        from .execution_costs import cost_summary

        return cost_summary(self.executions, by)

    @cached_property
    def account(self) -> pl.DataFrame:
        """Cash and equity after each bar."""
        time = self.times.astype("datetime64[ns]")
        return _frame({"time": time, "cash": self.cash, "equity": self.equity})

    @cached_property
    def actions(self) -> pl.DataFrame:
        """A row for each position or wallet that a corporate action changed: units before and
        after, the price at which units were closed or valued, the cash that it moved (in the
        wallet's currency), and the number of orders that it changed or ended."""
        import polars as pl

        from .actions import ActionKind, Stage
        from .rows import ACTION_EVENT

        rows = self.action_rows
        if rows is None:
            rows = np.zeros(0, dtype=ACTION_EVENT)
        names = dict(enumerate(self.assets))
        text = {
            "kind": [ActionKind(kind).name for kind in rows["kind"].tolist()],
            "stage": [Stage(stage).name for stage in rows["stage"].tolist()],
            "asset": [names.get(asset) for asset in rows["asset"].tolist()],
            "to": [names.get(asset) for asset in rows["to"].tolist()],
        }
        columns: dict = {"time": self._bar_times(rows["bar"]), "bar": rows["bar"]}
        columns |= {name: pl.Series(values, dtype=pl.String) for name, values in text.items()}
        numbers = ("size_before", "size_after", "price", "cash", "orders", "slot", "wallet")
        return _frame(columns | {name: rows[name] for name in (*numbers, "action")})

    @cached_property
    def financing(self) -> pl.DataFrame:
        """A row per wallet: what moved its cash, in its currency, positive when received.

        interest; borrow: fees of shorts; rebate: interest on their proceeds; funding: of perpetual
        contracts; deposits: put in, taken out, moved between wallets; trading: all else (fills,
        settled profit, corporate actions). Their sum is `flow`, the change of cash.
        margin_calls: of the venue, at its first wallet.
        """
        rows = np.zeros(0, dtype=ACCOUNT) if self.wallet_rows is None else self.wallet_rows
        parts = {name: rows[name] for name in _FINANCING}
        columns = {
            "wallet": np.arange(len(rows)),
            "currency": [currency for currency, _ in self.wallets],
            "venue": [venue for _, venue in self.wallets],
            "cash": rows["cash"],
            "flow": rows["flow"],
            "trading": rows["flow"] - sum(parts.values()),
        }
        return _frame(columns | parts | {"margin_calls": rows["margin_calls"]})

    def _names(self, rows: np.ndarray) -> list[str]:
        return [self.assets[asset] for asset in rows["asset"].tolist()]

    def _bar_times(self, bars: np.ndarray) -> np.ndarray:
        """The times of bars; NaT for -1."""
        found = self.times[np.maximum(bars, 0)].astype("datetime64[ns]")
        return np.where(bars < 0, np.datetime64("NaT", "ns"), found)

    def stats(
        self,
        annual_factor: float | None = None,
        *,
        full: bool = False,
        benchmark: str | np.ndarray | None = None,
        risk_free: float = 0.0,
    ) -> dict[str, float]:
        """Total and annual return, volatility, Sharpe and Sortino ratio, maximum drawdown
        (negative), and of the closed trades number, win rate and net profit factor.

        annual_factor: bars per year; by default the bars there are over the time they span.
        risk_free: rate per year, compounding. full: all of `statistics`, as a dict that prints
        as a table under headings. benchmark, with `full`: closing prices, float64[T], or the name
        of an asset of these bars. Formulas: `metrics`, whose drawdown begins with the first bar's
        equity (`max_drawdown_from_start`: with the cash before it). NaN where undefined. Raises
        ValueError for a benchmark that is not there.
        """
        if annual_factor is None:
            span = (self.times[-1] - self.times[0]) / _DAY_NS if len(self.times) > 1 else 0.0
            year = (len(self.times) - 1) / span * _YEAR_DAYS if span else float("nan")
        else:
            year = annual_factor
        least = 0.0
        if risk_free:
            from .equity_statistics import per_bar

            least = per_bar(risk_free, year)
        gains = metrics.returns(self.equity[:, None], np.array([self.start_cash]))
        sums = metrics.return_statistics(gains, required_return=least)
        done = self.trade_rows[~self.trade_rows["open"]]
        net = done["pnl"] - done["commission"]
        one = np.zeros(len(net), dtype=np.int64)
        total = self.equity[-1] / self.start_cash - 1.0 if len(self.equity) else 0.0
        summary = {
            "total_return": float(total),
            "annual_return": float(metrics.annualized_return(sums, year)[0]),
            "volatility": float(metrics.annualized_volatility(sums, year)[0]),
            "sharpe_ratio": float(metrics.sharpe_ratio(sums, year, least)[0]),
            "sortino_ratio": float(metrics.sortino_ratio(sums, year, least)[0]),
            "max_drawdown": float(metrics.max_drawdown(sums)[0]),
            "trades": float(len(net)),
            "win_rate": float(metrics.win_rate(net, one, 1)[0]),
            "profit_factor": float(metrics.profit_factor(net, one, 1)[0]),
        }
        if not full:
            return summary
        from . import statistics

        groups = statistics.from_account(
            gains[:, 0],
            self.times,
            year,
            benchmark=None if benchmark is None else self._benchmark_returns(benchmark),
            risk_free=risk_free,
        )
        groups["Drawdowns"]["max_drawdown_amount"] *= self.start_cash
        groups["Returns"]["exposure"] = statistics.exposure(self.trade_rows, len(self.times))
        groups["Returns"]["turnover"] = statistics.turnover(
            self.fill_rows, self.equity, self.multiplier, self.inverse
        )
        groups |= statistics.from_trades(self.trade_rows)
        groups["Trades"]["commission"] = float(self.fill_rows["commission"].sum())
        return statistics.Statistics({"Summary": summary, **groups})

    def _benchmark_returns(self, benchmark: str | np.ndarray) -> np.ndarray:
        """Returns of closing prices or of an asset, NaN up to its first price and 0 without one."""
        if not isinstance(benchmark, str):
            prices = np.array(benchmark, dtype=np.float64)
            if prices.shape != self.times.shape:
                raise ValueError(
                    f"benchmark: prices of shape {prices.shape} for {len(self.times)} bars; give "
                    "one closing price for each bar"
                )
        elif benchmark not in self.assets:
            raise ValueError(
                f"benchmark: no asset {benchmark!r} among {', '.join(self.assets)}; give one of "
                "them, or closing prices"
            )
        elif self.values is None:
            raise ValueError("benchmark: this result holds no prices; give closing prices")
        else:
            prices = self.values[3, self.assets.index(benchmark)].copy()
        known = np.maximum.accumulate(np.where(np.isnan(prices), -1, np.arange(len(prices))))
        filled = np.where(known < 0, np.nan, prices[np.maximum(known, 0)])
        before = np.concatenate(([np.nan], filled))[: len(filled)]
        with np.errstate(all="ignore"):
            return filled / before - 1.0

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """The tables by name, as pandas frames."""
        return {name: getattr(self, name).to_pandas() for name in _TABLES}

    def write_parquet(self, folder: str | Path) -> None:
        """Write a file for each table: `orders.parquet`, `fills.parquet`, `trades.parquet`,
        `account.parquet`, `actions.parquet`, `executions.parquet` and `costs.parquet`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TABLES:
            getattr(self, name).write_parquet(folder / f"{name}.parquet")


def _frame(columns: dict) -> pl.DataFrame:
    """NaN, which marks a price that is not there, becomes null."""
    import polars as pl

    frame = pl.DataFrame(columns)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))
