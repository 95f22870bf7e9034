"""What pyfolio reads: returns, positions, transactions and leverage."""

from __future__ import annotations

from typing import Any

from ..analyzer import Analyzer
from ..data import TimeFrame
from .leverage import GrossLeverage
from .positions import PositionsValue
from .timereturn import TimeReturn
from .transactions import Transactions


class PyFolio(Analyzer):
    """Collects what pyfolio reads; `get_pf_items` gives it as pandas objects."""

    params = (("timeframe", TimeFrame.Days), ("compression", 1))

    def __init__(self) -> None:
        p = self.p
        self._returns: Any = TimeReturn(timeframe=p.timeframe, compression=p.compression)
        self._positions: Any = PositionsValue(headers=True, cash=True)
        self._transactions: Any = Transactions(headers=True)
        self._gross_lev: Any = GrossLeverage()

    def stop(self) -> None:
        super().stop()
        self.rets["returns"] = self._returns.get_analysis()
        self.rets["positions"] = self._positions.get_analysis()
        self.rets["transactions"] = self._transactions.get_analysis()
        self.rets["gross_lev"] = self._gross_lev.get_analysis()

    def get_pf_items(self) -> tuple[Any, Any, Any, Any]:
        """(returns, positions, transactions, gross leverage): Series and frames, times in UTC.

        positions: the last data and the cash only, as pyfolio gets it from the original.
        """
        rets = self.rets
        returns = _table(["index", "return"], rets["returns"].items())
        rows = [[key, *values[-2:]] for key, values in rets["positions"].items()]
        positions = _table(rows[0], rows[1:])
        rows = [[key, *row] for key, entries in rets["transactions"].items() for row in entries]
        transactions = _table(rows[0], rows[1:])
        leverage = _table(["index", "gross_lev"], rets["gross_lev"].items())
        return returns["return"], positions, transactions, leverage["gross_lev"]


def _table(columns: list[str], rows: Any) -> Any:
    """A frame whose first column is its index, of times in UTC."""
    import pandas as pd

    table: Any = pd.DataFrame.from_records(list(rows), index=columns[0], columns=columns)
    table.index = pd.to_datetime(table.index).tz_localize("UTC")
    return table
