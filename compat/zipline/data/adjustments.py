"""Splits, mergers and dividends: the reader that scripts see, and the writer."""

from __future__ import annotations

import logging
import sqlite3
from collections import namedtuple
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .actions import NO_DATE, PAYOUT, RATIO, STOCK_PAYOUT, Actions

__all__ = ["Dividend", "SQLiteAdjustmentReader", "SQLiteAdjustmentWriter", "StockDividend"]

log = logging.getLogger(__name__)

Dividend = namedtuple("Dividend", ["asset", "amount", "pay_date"])
StockDividend = namedtuple("StockDividend", ["asset", "payment_asset", "ratio", "pay_date"])

SQLITE_ADJUSTMENT_TABLENAMES = frozenset(["splits", "dividends", "mergers"])

#: Where each table of a database goes, and its columns: None stands for a date.
_RATIO_COLUMNS = {"sid": np.integer, "effective_date": None, "ratio": np.float64}
_DATES = dict.fromkeys(("ex_date", "pay_date", "declared_date", "record_date"))
_PAYOUT_COLUMNS = {"sid": np.integer, "amount": np.float64, **_DATES}
_STOCK_COLUMNS = {"sid": np.integer, "payment_sid": np.integer, "ratio": np.float64, **_DATES}
_TABLES: dict[str, tuple[str, dict, np.dtype]] = {
    "splits": ("splits", _RATIO_COLUMNS, RATIO),
    "mergers": ("mergers", _RATIO_COLUMNS, RATIO),
    "dividends": ("dividends", _RATIO_COLUMNS, RATIO),
    "dividend_payouts": ("payouts", _PAYOUT_COLUMNS, PAYOUT),
    "stock_dividend_payouts": ("stock_payouts", _STOCK_COLUMNS, STOCK_PAYOUT),
}
_INDEXES = {
    "splits_sids": "splits(sid)",
    "splits_effective_date": "splits(effective_date)",
    "mergers_sids": "mergers(sid)",
    "mergers_effective_date": "mergers(effective_date)",
    "dividends_sid": "dividends(sid)",
    "dividends_effective_date": "dividends(effective_date)",
    "dividend_payouts_sid": "dividend_payouts(sid)",
    "dividends_payouts_ex_date": "dividend_payouts(ex_date)",
    "stock_dividend_payouts_sid": "stock_dividend_payouts(sid)",
    "stock_dividends_payouts_ex_date": "stock_dividend_payouts(ex_date)",
}


def _field(column: str) -> str:
    return "date" if column == "effective_date" else column


def read_database(connection: sqlite3.Connection) -> Actions:
    """All tables of a database of adjustments, in the sequence in which they were written."""
    actions = Actions()
    for table, (name, columns, kind) in _TABLES.items():
        query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid"
        rows = connection.execute(query).fetchall()
        out = np.zeros(len(rows), kind)
        for n, column in enumerate(columns):
            missing = NO_DATE if columns[column] is None else 0
            out[_field(column)] = [missing if row[n] is None else row[n] for row in rows]
        setattr(actions, name, out)
    return actions


class SQLiteAdjustmentWriter:
    """Takes splits, mergers, dividends and stock dividends, into a database.

    conn_or_path: a connection or the path of a file, which `overwrite` removes first.
    equity_daily_bar_reader: where the closes come from that dividends are compared with.
    """

    def __init__(self, conn_or_path, equity_daily_bar_reader, overwrite=False) -> None:
        if isinstance(conn_or_path, sqlite3.Connection):
            self.conn = conn_or_path
        elif isinstance(conn_or_path, str):
            if overwrite:
                Path(conn_or_path).unlink(missing_ok=True)
            self.conn = sqlite3.connect(conn_or_path)
            self.uri = conn_or_path
        else:
            raise TypeError(f"Unknown connection type {type(conn_or_path)}: give a path as text.")
        self._equity_daily_bar_reader = equity_daily_bar_reader
        for table, (_, columns, _) in _TABLES.items():
            kinds = [
                f'"{n}" {"REAL" if k is np.float64 else "INTEGER"}' for n, k in columns.items()
            ]
            text = ", ".join(['"index" INTEGER', *kinds])
            self.conn.execute(f"CREATE TABLE IF NOT EXISTS {table} ({text})")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        self.conn.commit()
        self.conn.close()

    def _add(self, more: Actions) -> None:
        for table, (name, columns, _) in _TABLES.items():
            rows = getattr(more, name)[[_field(column) for column in columns]].tolist()
            marks = ", ".join("?" * (len(columns) + 1))
            names = ", ".join(f'"{column}"' for column in ("index", *columns))
            self.conn.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [(n, *row) for n, row in enumerate(rows)],
            )
        for name, place in _INDEXES.items():
            self.conn.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {place}")
        self.conn.commit()

    def write(self, splits=None, mergers=None, dividends=None, stock_dividends=None) -> None:
        """Add corporate actions; each table is a frame or None.

        splits, mergers: sid, effective_date, ratio (what earlier prices are multiplied by).
        dividends: sid, amount (dollars per share), ex_date, pay_date, record_date,
        declared_date; earlier prices are multiplied by 1 - amount / previous close.
        stock_dividends: sid, payment_sid, ratio (its shares for each share), and the same dates.
        Raises ValueError for other columns, TypeError for their types.
        """
        self._add(
            Actions(
                splits=_array("splits", splits),
                mergers=_array("mergers", mergers),
                dividends=_array("dividends", self.calc_dividend_ratios(dividends)),
                payouts=_array("dividend_payouts", dividends),
                stock_payouts=_array("stock_dividend_payouts", stock_dividends),
            )
        )

    def write_dividend_data(self, dividends, stock_dividends=None) -> None:
        """Add dividends, of cash and of shares."""
        self.write(dividends=dividends, stock_dividends=stock_dividends)

    def write_frame(self, tablename, frame) -> None:
        """Add ratios to one of the tables splits, mergers and dividends."""
        if tablename not in SQLITE_ADJUSTMENT_TABLENAMES:
            names = ", ".join(sorted(SQLITE_ADJUSTMENT_TABLENAMES))
            raise ValueError(f"Adjustment table {tablename} not in {names}.")
        self._add(Actions(**{tablename: _array(tablename, frame)}))

    def write_dividend_payouts(self, frame) -> None:
        """Add what dividends pay, without changing earlier prices."""
        self._add(Actions(payouts=_array("dividend_payouts", frame)))

    def write_stock_dividend_payouts(self, frame) -> None:
        """Add what stock dividends pay."""
        self._add(Actions(stock_payouts=_array("stock_dividend_payouts", frame)))

    def calc_dividend_ratios(self, dividends):
        """A frame of sid, effective_date and ratio: 1 - amount / close of the session before.

        A dividend without such a close, or not below it, is left out with a logged warning.
        """
        import pandas as pd

        if dividends is None or not len(dividends):
            kinds = {"sid": np.uint64, "effective_date": np.uint32, "ratio": np.float64}
            return pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in kinds.items()})
        reader = self._equity_daily_bar_reader
        sids, which = np.unique(dividends["sid"].to_numpy(), return_inverse=True)
        sessions = reader.sessions
        (close,) = reader.load_raw_arrays(["close"], sessions[0], sessions[-1], sids)
        dates = dividends["ex_date"].to_numpy()
        place = np.searchsorted(sessions.to_numpy(), dates)
        amounts = dividends["amount"].to_numpy()
        known = place > 0
        before = np.where(known, close[place - 1, which], np.nan)
        ratio = 1.0 - amounts / before
        for n in np.flatnonzero(known & ~(ratio > 0)):
            log.warning(
                "sid %s: the dividend of %.3f on %s changes no earlier price: the close before "
                "it is %s.",
                sids[which[n]], amounts[n], str(dates[n])[:10], before[n],
            )  # fmt: skip
        good = ratio > 0
        return pd.DataFrame(
            {"sid": sids[which[good]], "effective_date": dates[good], "ratio": ratio[good]}
        )


def _array(table: str, frame) -> np.ndarray:
    """A frame for one of the tables as an array; dates in s since 1970."""
    _, columns, kind = _TABLES[table]
    if frame is None or not len(frame):
        return np.zeros(0, kind)
    if set(frame.columns) != set(columns):
        raise ValueError(
            f"Unexpected frame columns for {table}: they must be {', '.join(sorted(columns))}, "
            f"not {', '.join(sorted(map(str, frame.columns)))}."
        )
    out = np.zeros(len(frame), kind)
    for name, expected in columns.items():
        column = frame[name]
        if expected is None:
            seconds = np.asarray(column.values).astype("datetime64[s]")
            out[_field(name)] = seconds.astype(np.int64)
        elif not np.issubdtype(column.dtype, expected):
            raise TypeError(
                f"Expected data of type {expected.__name__} for column '{name}' of {table}, but "
                f"got '{column.dtype}'."
            )
        else:
            out[name] = column
    return out


def _in_columns(dates, assets, tables: list):
    """The `Adjustments` of whole columns: each multiplies the rows up to that of its date.

    dates, assets: labels of rows and columns. tables: arrays of RATIO; of one row those of the
    first table apply first.
    """
    from ....core.rolling import MULTIPLY
    from ..lib.blocks import column_adjustments

    seconds = dates.to_numpy().astype("datetime64[s]").astype(np.int64)
    sids = np.asarray(assets, dtype=np.int64)
    sid, date, ratio = (
        np.concatenate([table[name] for table in tables]) for name in RATIO.names or ()
    )
    ascending = np.argsort(sids, kind="stable")
    place = np.searchsorted(sids, sid, sorter=ascending).clip(max=len(sids) - 1)
    column = ascending[place]
    counts = (sids[column] == sid) & (seconds[0] <= date) & (date <= seconds[-1])
    # The row of the date; one between two sessions counts from the later one.
    row = np.searchsorted(seconds, date)
    order = np.flatnonzero(counts)[np.argsort(row[counts], kind="stable")]
    top, kind = np.zeros((2, len(order)), dtype=np.int64)
    kind[:] = MULTIPLY
    known = row[order]
    return column_adjustments(len(sids), column[order], known, top, known, kind, ratio[order])


class SQLiteAdjustmentReader:
    """Reads adjustments.

    conn: a connection, the path of a database, or `Actions` (which bundles hand in). All of it is
    read at the first question.
    """

    def __init__(self, conn) -> None:
        self._given = conn

    @cached_property
    def conn(self) -> sqlite3.Connection:
        """The connection to the database; AttributeError where there is none."""
        if isinstance(self._given, sqlite3.Connection):
            return self._given
        if isinstance(self._given, Actions):
            raise AttributeError("These adjustments lie in no database: use the other methods.")
        if not Path(self._given).exists():
            raise ValueError(f"SQLite file {self._given!r} does not exist.")
        return sqlite3.connect(self._given)

    @cached_property
    def _actions(self) -> Actions:
        return self._given if isinstance(self._given, Actions) else read_database(self.conn)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        if "conn" in vars(self):
            self.conn.close()

    def load_adjustments(
        self,
        dates,
        assets,
        should_include_splits,
        should_include_mergers,
        should_include_dividends,
        adjustment_type,
    ) -> dict[str, dict[int, list]]:
        """By "price" and "volume", by the row of `dates`: `Float64Multiply` of all rows up to it.

        dates: sessions; only actions from the first to the last of them count. assets: an index
        of sids. adjustment_type: "price", "volume" or "all".
        """
        from ..lib.adjustment import Float64Multiply

        if adjustment_type not in ("price", "volume", "all"):
            raise ValueError(
                f"{adjustment_type} is not a valid adjustment type: price, volume or all."
            )
        seconds = dates.values.astype("datetime64[s]").astype(np.int64)
        columns = {int(sid): n for n, sid in enumerate(assets)}
        prices: dict[int, list] = {}
        volumes: dict[int, list] = {}

        def add(found: dict, row: int, column: int, ratio: float) -> None:
            found.setdefault(row, []).append(Float64Multiply(0, row, column, column, ratio))

        for name, wanted in (
            ("splits", should_include_splits),
            ("mergers", should_include_mergers and adjustment_type != "volume"),
            ("dividends", should_include_dividends and adjustment_type != "volume"),
        ):
            for sid, date, ratio in getattr(self._actions, name).tolist() if wanted else ():
                if sid not in columns or not seconds[0] <= date <= seconds[-1]:
                    continue
                # The row of the date; one between two sessions counts from the later one.
                row = int(np.searchsorted(seconds, date))
                add(prices, row, columns[sid], ratio)
                if name == "splits":
                    add(volumes, row, columns[sid], 1.0 / ratio)
        result = {"price": prices, "volume": volumes}
        return {k: v for k, v in result.items() if adjustment_type in (k, "all")}

    def load_pricing_adjustments(self, columns, dates, assets) -> list:
        """For each column the adjustments of prices, or of volumes: lists by row of `dates`."""
        from ..lib.blocks import AdjustmentsByRow

        actions = self._actions
        found = {}
        if "volume" in columns:
            splits = _in_columns(dates, assets, [actions.splits])
            found["volume"] = AdjustmentsByRow(splits._replace(value=1.0 / splits.value))
        if set(columns) - {"volume"}:
            tables = [actions.splits, actions.mergers, actions.dividends]
            found["price"] = AdjustmentsByRow(_in_columns(dates, assets, tables))
        return [found["volume" if column == "volume" else "price"] for column in columns]

    def get_adjustments_for_sid(self, table_name, sid) -> list[list]:
        """[effective date, ratio] of an asset's splits, mergers or dividends."""
        table = getattr(self._actions, table_name)
        return [[_timestamp(date), ratio] for one, date, ratio in table.tolist() if one == int(sid)]

    def get_dividends_with_ex_date(self, assets, date, asset_finder) -> list[Dividend]:
        """The cash dividends of some assets with this ex-date."""
        wanted, day = {int(asset) for asset in assets}, date.value // 10**9
        return [
            Dividend(asset_finder.retrieve_asset(sid), amount, _timestamp(pay_date, "UTC"))
            for sid, amount, ex_date, pay_date, *_ in self._actions.payouts.tolist()
            if ex_date == day and sid in wanted
        ]

    def get_stock_dividends_with_ex_date(self, assets, date, asset_finder) -> list[StockDividend]:
        """The stock dividends of some assets with this ex-date."""
        wanted, day = {int(asset) for asset in assets}, date.value // 10**9
        asset = asset_finder.retrieve_asset
        return [
            StockDividend(asset(sid), asset(paid), ratio, _timestamp(pay_date, "UTC"))
            for sid, paid, ratio, ex_date, pay_date, *_ in self._actions.stock_payouts.tolist()
            if ex_date == day and sid in wanted
        ]

    def unpack_db_to_component_dfs(self, convert_dates=False) -> dict[str, Any]:
        """All tables as frames, by name."""
        return {name: self.get_df_from_table(name, convert_dates) for name in _TABLES}

    def get_df_from_table(self, table_name, convert_dates=False):
        """A table as a frame, columns by name; dates in s since 1970, or as datetimes."""
        import pandas as pd

        if table_name not in _TABLES:
            raise ValueError(
                f"Requested table {table_name} not found. Available: {', '.join(_TABLES)}."
            )
        name, columns, _ = _TABLES[table_name]
        table = getattr(self._actions, name)
        frame = pd.DataFrame(
            {column: np.ascontiguousarray(table[_field(column)]) for column in sorted(columns)}
        )
        for column, kind in columns.items():
            if kind is None and convert_dates:
                frame[column] = table[_field(column)].astype("datetime64[s]").astype("M8[ns]")
        return frame


def _timestamp(seconds: int, zone: str | None = None):
    import pandas as pd

    return pd.NaT if seconds == NO_DATE else pd.Timestamp(seconds, unit="s", tz=zone)
