"""Orders, trades, positions and drawdowns under VectorBT's names, over plain record arrays."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from ...core import metrics, records
from .axes import Labels
from .portfolio import enums
from .unsupported import missing


class Mapped:
    """One number per record: `values`, and their sum, mean, min, max and count per column."""

    def __init__(self, table: Table, values: np.ndarray) -> None:
        self._table = table
        self.values = values

    def array(self, how: str) -> np.ndarray:
        """The reduction as a plain array, one number per column or group."""
        out = metrics.by_column(self.values, self._table.units, self._table.n_units, how)
        return out.astype(np.int64) if how == "count" else out

    def _reduce(self, how: str):
        return self._table.wrap(self.array(how), how)

    def sum(self):
        return self._reduce("sum")

    def mean(self):
        return self._reduce("mean")

    def min(self):
        return self._reduce("min")

    def max(self):
        return self._reduce("max")

    def count(self):
        return self._reduce("count")

    def __len__(self) -> int:
        return len(self.values)

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"MappedArray.{name}", "Use `values`, a NumPy array.")


class Table:
    """Records of one kind; `values` is the structured array, `records` the same as a DataFrame."""

    kind = "Records"
    titles: dict[str, str] = {}  # noqa: RUF012 - read only
    index_fields: tuple[str, ...] = ()
    words: dict[str, object] = {}  # noqa: RUF012 - read only
    mapped: tuple[str, ...] = ()

    def __init__(self, values: np.ndarray, labels: Labels, grouped: bool) -> None:
        self.values = values
        self._labels = labels
        self._grouped = grouped

    @cached_property
    def units(self) -> np.ndarray:
        """The unit (column or group) of each record."""
        return self._labels.unit_of_column(self._grouped)[self.values["col"]]

    @property
    def column_labels(self) -> pd.Index:
        """What the number in `col` stands for."""
        return self._labels.columns

    @property
    def n_units(self) -> int:
        return len(self._labels.unit_labels(self._grouped))

    def wrap(self, array: np.ndarray, name: str):
        return self._labels.wrap_reduced(array, name, self._grouped)

    @property
    def records(self) -> pd.DataFrame:
        return pd.DataFrame.from_records(self.values)

    @property
    def records_arr(self) -> np.ndarray:
        return self.values

    @property
    def records_readable(self) -> pd.DataFrame:
        """The records with titles, labels and words instead of numbers."""
        out = {}
        columns = self.column_labels
        for field, title in self.titles.items():
            array = self.values[field]
            if field == "col":
                labels = columns.to_numpy() if columns.nlevels == 1 else np.array(
                    [*columns.tolist(), None], dtype=object
                )[:-1]  # fmt: skip
                out[title] = pd.Series(labels[array], dtype=object)
            elif field in self.index_fields:
                out[title] = pd.Series(self._labels.index[array])
            elif field in self.words:
                names = np.array(list(self.words[field]._fields), dtype=object)  # type: ignore[attr-defined]
                out[title] = pd.Series(names[array], dtype=object)
            else:
                out[title] = pd.Series(array)
        return pd.DataFrame(out)

    def count(self):
        """Records per column or group."""
        out = metrics.by_column(self.units, self.units, self.n_units, "count").astype(np.int64)
        return self.wrap(out, "count")

    def map_field(self, name: str) -> Mapped:
        return Mapped(self, self.values[name])

    def _where(self, mask: np.ndarray):
        return type(self)(self.values[mask], self._labels, self._grouped)

    def __len__(self) -> int:
        return len(self.values)

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in type(self).mapped:
            return self.map_field(name)
        raise missing(f"{self.kind}.{name}", "Use `records`, a DataFrame, or `values`.")


class Orders(Table):
    """Filled orders."""

    kind = "Orders"
    titles = {  # noqa: RUF012 - read only
        "id": "Order Id",
        "col": "Column",
        "idx": "Timestamp",
        "size": "Size",
        "price": "Price",
        "fees": "Fees",
        "side": "Side",
    }
    index_fields = ("idx",)
    words = {"side": enums.OrderSide}  # noqa: RUF012 - read only
    mapped = ("id", "col", "idx", "size", "price", "fees", "side")

    @property
    def buy(self) -> Orders:
        return self._where(self.values["side"] == enums.OrderSide.Buy)

    @property
    def sell(self) -> Orders:
        return self._where(self.values["side"] == enums.OrderSide.Sell)


class Trades(Table):
    """Exit trades: one record per order that reduces a position, and per open position."""

    kind = "Trades"
    titles = {  # noqa: RUF012 - read only
        "id": "Exit Trade Id",
        "col": "Column",
        "size": "Size",
        "entry_idx": "Entry Timestamp",
        "entry_price": "Avg Entry Price",
        "entry_fees": "Entry Fees",
        "exit_idx": "Exit Timestamp",
        "exit_price": "Avg Exit Price",
        "exit_fees": "Exit Fees",
        "pnl": "PnL",
        "return": "Return",
        "direction": "Direction",
        "status": "Status",
        "parent_id": "Position Id",
    }
    index_fields = ("entry_idx", "exit_idx")
    words = {"direction": enums.TradeDirection, "status": enums.TradeStatus}  # noqa: RUF012
    mapped = tuple(name for name in titles if name != "return")

    @property
    def open(self) -> Trades:
        return self._where(self.values["status"] == enums.TradeStatus.Open)

    @property
    def closed(self) -> Trades:
        return self._where(self.values["status"] == enums.TradeStatus.Closed)

    @property
    def long(self) -> Trades:
        return self._where(self.values["direction"] == enums.TradeDirection.Long)

    @property
    def short(self) -> Trades:
        return self._where(self.values["direction"] == enums.TradeDirection.Short)

    @property
    def winning(self) -> Trades:
        return self._where(self.values["pnl"] > 0)

    @property
    def losing(self) -> Trades:
        return self._where(self.values["pnl"] < 0)

    @property
    def returns(self) -> Mapped:
        return self.map_field("return")

    @property
    def duration(self) -> Mapped:
        """Rows from entry to exit, one more for an open trade."""
        v = self.values
        return Mapped(self, records.durations(v["entry_idx"], v["exit_idx"], v["status"]))

    def _ratio(self, calculation, name: str):
        return self.wrap(calculation(self.values["pnl"], self.units, self.n_units), name)

    def win_rate(self):
        return self._ratio(metrics.win_rate, "win_rate")

    def profit_factor(self):
        return self._ratio(metrics.profit_factor, "profit_factor")

    def expectancy(self):
        return self._ratio(metrics.expectancy, "expectancy")


class EntryTrades(Trades):
    """Entry trades: one record per order that opens or increases a position."""

    kind = "EntryTrades"
    titles = {**Trades.titles, "id": "Entry Trade Id"}  # noqa: RUF012 - read only


class Positions(Trades):
    """Positions from flat to flat."""

    kind = "Positions"
    titles = {  # noqa: RUF012 - read only
        **{k: v for k, v in Trades.titles.items() if k != "parent_id"},
        "id": "Position Id",
    }


class Drawdowns(Table):
    """Falls of the value below a peak, until recovery or the last row.

    Their `col` is the unit itself (a group, where the portfolio is grouped).
    """

    kind = "Drawdowns"
    titles = {  # noqa: RUF012 - read only
        "id": "Drawdown Id",
        "col": "Column",
        "peak_idx": "Peak Timestamp",
        "start_idx": "Start Timestamp",
        "valley_idx": "Valley Timestamp",
        "end_idx": "End Timestamp",
        "peak_val": "Peak Value",
        "valley_val": "Valley Value",
        "end_val": "End Value",
        "status": "Status",
    }
    index_fields = ("peak_idx", "start_idx", "valley_idx", "end_idx")
    words = {"status": enums.DrawdownStatus}  # noqa: RUF012 - read only
    mapped = tuple(titles)

    @cached_property
    def units(self) -> np.ndarray:
        return self.values["col"]

    @property
    def column_labels(self) -> pd.Index:
        return self._labels.unit_labels(self._grouped)

    @property
    def active(self) -> Drawdowns:
        return self._where(self.values["status"] == enums.DrawdownStatus.Active)

    @property
    def recovered(self) -> Drawdowns:
        return self._where(self.values["status"] == enums.DrawdownStatus.Recovered)

    @property
    def drawdown(self) -> Mapped:
        """Depth below the peak, negative."""
        v = self.values
        return Mapped(self, (v["valley_val"] - v["peak_val"]) / v["peak_val"])

    @property
    def duration(self) -> Mapped:
        v = self.values
        return Mapped(self, records.durations(v["start_idx"], v["end_idx"], v["status"]))

    def max_drawdown(self):
        return self.wrap(self.drawdown.array("min"), "max_drawdown")

    def avg_drawdown(self):
        return self.wrap(self.drawdown.array("mean"), "avg_drawdown")

    def max_duration(self):
        return self._labels.to_timedelta(self.wrap(self.duration.array("max"), "max_duration"))

    def avg_duration(self):
        return self._labels.to_timedelta(self.wrap(self.duration.array("mean"), "avg_duration"))
