"""The writers that an ingest function receives."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from .....core.data.catalog import RowsWriter
from ..sources import FIELDS, PRICES
from . import asset_tables, minutes, store

log = logging.getLogger(__name__)

_MINUTE = 60 * 10**9  # ns
_UINT32_MAX = np.iinfo(np.uint32).max
_BEHAVIOURS = ("warn", "raise", "ignore")


def _check_behaviour(invalid_data_behavior: str) -> None:
    if invalid_data_behavior not in _BEHAVIOURS:
        raise ValueError(
            f"invalid_data_behavior must be one of {', '.join(_BEHAVIOURS)}, "
            f"not {invalid_data_behavior!r}."
        )


class DailyBarWriter:
    """Takes each asset's daily bars: a frame with the five columns, indexed by session."""

    def __init__(self, path: Path, calendar, start_session, end_session) -> None:
        self._path = path
        sessions = calendar.sessions_in_range(start_session, end_session)
        self._sessions = sessions.to_numpy().astype("datetime64[s]").astype(np.int64)
        self.write(())

    def write(self, data, assets=None, show_progress=False, invalid_data_behavior="warn") -> None:
        """Replace the table by `data`: pairs of a sid and its frame.

        Prices are rounded to thousandths, volumes cut to whole shares; a missing value, or one
        that does not fit 32 bits, becomes 0 with a warning, 0 with "ignore", an error with
        "raise". Raises AssertionError when an asset lacks a session between its first and last
        row, or has a row on another day.
        """
        _check_behaviour(invalid_data_behavior)
        known = None if assets is None else set(assets)
        file = RowsWriter(self._path / "daily.parquet", FIELDS)
        offsets = []
        for sid, frame in data:
            if known is not None and sid not in known:
                raise ValueError(f"unknown asset id {sid!r}: it is not among the given assets.")
            offsets.append(self._place(sid, frame))
            file.append(int(sid), _whole_numbers(sid, frame, invalid_data_behavior))
        file.close(offset=offsets)

    def write_csvs(self, asset_map, show_progress=False, invalid_data_behavior="warn") -> None:
        """As `write`, from CSV files by sid: columns day, open, high, low, close, volume."""
        import pandas as pd

        def read(path):
            types: Any = dict.fromkeys(FIELDS, np.float64)
            return pd.read_csv(path, parse_dates=["day"], index_col="day", dtype=types)

        self.write(
            ((sid, read(path)) for sid, path in asset_map.items()),
            asset_map.keys(),
            show_progress,
            invalid_data_behavior,
        )

    def _place(self, sid, frame) -> int:
        """Where the asset's first row stands among the sessions; its rows must cover them."""
        days = frame.index.values.astype("datetime64[s]").astype(np.int64)
        wanted = self._sessions[
            np.searchsorted(self._sessions, days[0]) : np.searchsorted(
                self._sessions, days[-1], side="right"
            )
        ]
        if not np.array_equal(days, wanted):
            absent = _dates(np.setdiff1d(wanted, days))
            extra = _dates(np.setdiff1d(days, wanted))
            raise AssertionError(
                f"sid {sid}: the rows from {_dates(days[:1])} to {_dates(days[-1:])} must be the "
                f"{len(wanted)} sessions between, in order; there are {len(days)}. "
                f"Missing: {absent or 'none'}. Not a session: {extra or 'none'}."
            )
        return int(np.searchsorted(self._sessions, days[0]))


def _dates(seconds: np.ndarray) -> str:
    shown = [str(day)[:10] for day in seconds[:5].astype("datetime64[s]")]
    return ", ".join(shown) + (", ..." if len(seconds) > 5 else "")


def _whole_numbers(sid, frame, behaviour: str) -> dict[str, np.ndarray]:
    values = {name: frame[name].to_numpy().astype(np.float64) for name in FIELDS}
    bad = 0
    for name, column in values.items():
        wrong = (column > _UINT32_MAX) | np.isnan(column)
        if wrong.any():
            if behaviour == "raise":
                raise ValueError(f"sid {sid}: a missing or too large number in {name!r}.")
            values[name] = np.where(wrong, 0.0, column)
            bad += int(wrong.sum())
    if bad and behaviour == "warn":
        warnings.warn(
            f"sid {sid}: {bad} values are missing or do not fit 32 bits and become 0.",
            stacklevel=5,
        )
    columns = {name: np.round(values[name] * 1000.0) for name in PRICES}
    columns["volume"] = values["volume"]
    # Through int64: a direct cast of a float beyond 32 bits is not the same on every machine.
    return {name: c.astype(np.int64).astype(np.uint32) for name, c in columns.items()}


class MinuteBarWriter:
    """Takes each asset's minute bars: a frame with the five columns, indexed by minute."""

    def __init__(self, path: Path, calendar, start_session, end_session, per_day: int) -> None:
        rows = calendar.sessions.slice_indexer(start_session, end_session)
        self._labels = calendar.sessions[rows]
        self._opens = calendar.first_minutes_nanos[rows] // _MINUTE
        self._per_day = per_day
        self._files = minutes.MinuteFiles(path, self._labels.to_numpy(), per_day)

    @property
    def first_trading_day(self):
        return self._labels[0]

    def write(self, data, show_progress=False, invalid_data_behavior="warn") -> None:
        """Add `data`: pairs of a sid and its frame."""
        for sid, frame in data:
            self.write_sid(sid, frame, invalid_data_behavior)

    def write_sid(self, sid, df, invalid_data_behavior="warn") -> None:
        """Add one asset's frame; raises BcolzMinuteOverlappingData when it has later minutes."""
        columns = {name: df[name].to_numpy() for name in FIELDS}
        self.write_cols(sid, df.index.values, columns, invalid_data_behavior)

    def write_cols(self, sid, dts, cols, invalid_data_behavior="warn") -> None:
        """As `write_sid`, from minutes (datetime64, UTC) and a dict of the five columns."""
        slots = self._slots(np.asarray(dts).astype("datetime64[m]").astype(np.int64))
        sid = int(sid)
        self._files.append(sid, slots, _minute_numbers(sid, cols, 1000.0, invalid_data_behavior))
        self._files.lengths[sid] = int(slots[-1]) + 1

    def _slots(self, minute: np.ndarray) -> np.ndarray:
        session = np.searchsorted(self._opens, minute, side="right") - 1
        offset = minute - self._opens[session]
        return session * self._per_day + offset

    def close(self) -> None:
        self._files.close()


def _minute_numbers(sid, cols, ratio: float, behaviour: str) -> dict[str, np.ndarray]:
    out = {n: np.round(np.nan_to_num(np.asarray(cols[n], np.float64)) * ratio) for n in PRICES}
    out["volume"] = np.nan_to_num(np.asarray(cols["volume"], np.float64))
    return {name: column.astype(np.int64).astype(np.uint32) for name, column in out.items()}


class AssetWriter:
    """Takes the assets' metadata: names, exchanges, first and last days."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self,
        equities=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        equity_supplementary_mappings=None,
        chunk_size=None,
    ) -> None:
        """Add assets; each table is a frame or None, see `asset_tables.from_frames`."""
        self._add(
            asset_tables.from_frames(
                equities, futures, exchanges, root_symbols, equity_supplementary_mappings
            )
        )

    def write_direct(
        self,
        equities=None,
        equity_symbol_mappings=None,
        equity_supplementary_mappings=None,
        futures=None,
        exchanges=None,
        root_symbols=None,
        chunk_size=None,
    ) -> None:
        """As `write`, with the symbols of equities in a frame of their own."""
        self._add(
            asset_tables.from_direct_frames(
                equities,
                equity_symbol_mappings,
                equity_supplementary_mappings,
                futures,
                exchanges,
                root_symbols,
            )
        )

    def _add(self, more: asset_tables.AssetTables) -> None:
        tables = store.read_assets(self._path)
        tables.extend(more)
        store.write_assets(self._path, tables)

    def init_db(self, txn=None) -> None:
        """Nothing to prepare: the files are made by `write`."""


_RATIO_COLUMNS = {"sid": np.integer, "effective_date": None, "ratio": np.float64}
_PAYOUT_DATES = dict.fromkeys(("ex_date", "pay_date", "declared_date", "record_date"))
_DIVIDEND_COLUMNS = {"sid": np.integer, "amount": np.float64, **_PAYOUT_DATES}
_STOCK_COLUMNS = {
    "sid": np.integer,
    "payment_sid": np.integer,
    "ratio": np.float64,
    **_PAYOUT_DATES,
}


class ActionWriter:
    """Takes splits, mergers, dividends and stock dividends."""

    def __init__(self, path: Path, sessions: np.ndarray) -> None:
        self._path = path
        self._sessions = sessions  # s since 1970

    def write(self, splits=None, mergers=None, dividends=None, stock_dividends=None) -> None:
        """Add corporate actions; each table is a frame or None.

        splits, mergers: sid, effective_date, ratio (what earlier prices are multiplied by).
        dividends: sid, amount (dollars per share), ex_date, pay_date, record_date,
        declared_date; earlier prices are multiplied by 1 - amount / previous close.
        stock_dividends: sid, payment_sid, ratio (its shares for each share), and the same dates.
        """
        payouts = _table("dividends", dividends, _DIVIDEND_COLUMNS, store.PAYOUT)
        self._add(
            splits=_ratios("splits", splits),
            mergers=_ratios("mergers", mergers),
            payouts=payouts,
            dividends=self._dividend_ratios(payouts),
            stock_payouts=_table(
                "stock_dividends", stock_dividends, _STOCK_COLUMNS, store.STOCK_PAYOUT
            ),
        )

    def write_dividend_data(self, dividends, stock_dividends=None) -> None:
        self.write(dividends=dividends, stock_dividends=stock_dividends)

    def write_frame(self, tablename, frame) -> None:
        """Add ratios to one of the tables splits, mergers and dividends."""
        if tablename not in _RATIO_TABLES:
            raise ValueError(
                f"Adjustment table {tablename} not in {', '.join(sorted(_RATIO_TABLES))}."
            )
        self._add(**{tablename: _ratios(tablename, frame)})

    def _add(self, **tables: np.ndarray) -> None:
        actions = store.read_actions(self._path)
        actions.extend(store.Actions(**tables))
        store.write_actions(self._path, actions)

    def _dividend_ratios(self, payouts: np.ndarray) -> np.ndarray:
        if not len(payouts):
            return np.zeros(0, store.RATIO)
        bars = store.read_bars(self._path)
        ratios = []
        for sid, amount, ex_date, *_ in payouts.tolist():
            session = int(np.searchsorted(self._sessions, ex_date))
            if session == 0:
                continue
            close = _close(bars, sid, session - 1)
            ratio = np.nan if np.isnan(close) else 1.0 - amount / close
            if ratio > 0.0:
                ratios.append((sid, ex_date, ratio))
            else:
                log.warning(
                    "sid %s: the dividend of %.3f on %s changes no earlier price: the close "
                    "before it is %s.",
                    sid, amount, np.datetime64(ex_date, "s"), close,
                )  # fmt: skip
        return np.array(ratios, dtype=store.RATIO)


def _close(bars: store.DailyBars, sid: int, session: int) -> float:
    found = bars.of(sid)
    if found is None or not found.first <= session < found.first + len(found.raw["close"]):
        return np.nan
    value = int(found.raw["close"][session - found.first])
    return value * 0.001 if value else np.nan


def _checked(table: str, frame, columns: dict):
    if set(frame.columns) != set(columns):
        raise ValueError(
            f"{table}: the columns must be {', '.join(sorted(columns))}; "
            f"they are {', '.join(sorted(map(str, frame.columns)))}."
        )
    for name, kind in columns.items():
        if kind is not None and not np.issubdtype(frame[name].dtype, kind):
            raise TypeError(
                f"{table}: the column {name!r} must be {kind.__name__}, not {frame[name].dtype}."
            )
    return frame


def _seconds(column) -> np.ndarray:
    return np.asarray(column.values).astype("datetime64[s]").astype(np.int64)


def _table(name: str, frame, columns: dict, kind: np.dtype) -> np.ndarray:
    """A frame as an array; dates in s since 1970."""
    if frame is None or not len(frame):
        return np.zeros(0, kind)
    _checked(name, frame, columns)
    out = np.zeros(len(frame), kind)
    for column, expected in columns.items():
        out[column] = _seconds(frame[column]) if expected is None else frame[column]
    return out


_RATIO_TABLES = frozenset({"splits", "mergers", "dividends"})


def _ratios(name: str, frame) -> np.ndarray:
    if frame is None or not len(frame):
        return np.zeros(0, store.RATIO)
    out = np.zeros(len(frame), store.RATIO)
    _checked(name, frame, _RATIO_COLUMNS)
    out["sid"] = frame["sid"]
    out["date"] = _seconds(frame["effective_date"])
    out["ratio"] = frame["ratio"]
    return out
