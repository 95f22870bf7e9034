"""The writers that an ingest function receives."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ...unsupported import missing, missing_minutes
from . import store

log = logging.getLogger(__name__)

_UINT32_MAX = np.iinfo(np.uint32).max
_BEHAVIOURS = ("warn", "raise", "ignore")


class DailyBarWriter:
    """Takes each asset's daily bars: a frame with the five columns, indexed by session."""

    def __init__(self, path: Path, calendar, start_session, end_session) -> None:
        import pandas as pd

        self._path = path
        sessions = calendar.sessions_in_range(start_session, end_session)
        self._sessions = sessions.to_numpy().astype("datetime64[s]").astype(np.int64)
        self._start = pd.Timestamp(start_session)
        self.write(())

    def write(self, data, assets=None, show_progress=False, invalid_data_behavior="warn") -> None:
        """Replace the table by `data`: pairs of a sid and its frame.

        Prices are rounded to thousandths, volumes cut to whole shares; a missing value, or one
        that does not fit 32 bits, becomes 0 with a warning, 0 with "ignore", an error with
        "raise". Raises AssertionError when an asset lacks a session between its first and last
        row, or has a row on another day.
        """
        if invalid_data_behavior not in _BEHAVIOURS:
            raise ValueError(
                f"invalid_data_behavior must be one of {', '.join(_BEHAVIOURS)}, "
                f"not {invalid_data_behavior!r}."
            )
        known = None if assets is None else set(assets)
        sids, counts, offsets = [], [], []
        columns: dict[str, list[np.ndarray]] = {name: [] for name in store.FIELDS}
        for sid, frame in data:
            if known is not None and sid not in known:
                raise ValueError(f"The sid {sid!r} is not among the given assets.")
            offsets.append(self._place(sid, frame))
            sids.append(int(sid))
            counts.append(len(frame))
            for name, column in _whole_numbers(sid, frame, invalid_data_behavior).items():
                columns[name].append(column)
        if not sids:
            store.write_bars(self._path, store.DailyBars.empty())
            return
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        store.write_bars(
            self._path,
            store.DailyBars(
                np.array(sids, dtype=np.int64),
                first,
                np.array(offsets, dtype=np.int64),
                {name: np.concatenate(parts) for name, parts in columns.items()},
            ),
        )

    def write_csvs(self, asset_map, show_progress=False, invalid_data_behavior="warn") -> None:
        """As `write`, from CSV files by sid: columns day, open, high, low, close, volume."""
        import pandas as pd

        def read(path):
            types: Any = dict.fromkeys(store.FIELDS, np.float64)
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
    values = {name: frame[name].to_numpy().astype(np.float64) for name in store.FIELDS}
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
    columns = {name: np.round(values[name] * 1000.0) for name in store.PRICES}
    columns["volume"] = values["volume"]
    # Through int64: a direct cast of a float beyond 32 bits is not the same on every machine.
    return {name: c.astype(np.int64).astype(np.uint32) for name, c in columns.items()}


class MinuteBarWriter:
    """Minute bars are not supported: an ingest function may have the writer and not use it."""

    def write(self, data, show_progress=False, invalid_data_behavior="warn") -> None:
        for _ in data:
            raise missing_minutes("minute bars in a bundle")

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing_minutes(f"minute_bar_writer.{name}")


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
        """Add equities: a frame indexed by sid (or with a column sid).

        Columns: exchange; and where known symbol, asset_name, start_date, end_date,
        first_traded, auto_close_date. exchanges: a frame with exchange, and where known
        canonical_name and country_code.
        """
        for name, given in (
            ("futures", futures),
            ("root_symbols", root_symbols),
            ("equity_supplementary_mappings", equity_supplementary_mappings),
        ):
            if given is not None and len(given):
                raise missing(f"asset_db_writer.write({name}=...)", "Only equities trade.")
        tables = store.read_assets(self._path)
        tables["exchanges"].update(_exchanges(equities, exchanges))
        if equities is not None and len(equities):
            rows = _equity_rows(equities)
            _check_owners(tables["symbols"] + rows, tables["exchanges"])
            tables["symbols"] += rows
            tables["equities"] += _one_row_per_sid(rows)
        store.write_assets(self._path, tables)

    def write_direct(self, *args, **kwargs) -> None:
        raise missing("asset_db_writer.write_direct", "Use asset_db_writer.write.")

    def init_db(self, txn=None) -> None:
        """Nothing to prepare: the files are made by `write`."""


def _exchanges(equities, exchanges) -> dict[str, list[str]]:
    if exchanges is None:
        names = [] if equities is None or not len(equities) else list(_column(equities, "exchange"))
        return {str(name): [str(name), "??"] for name in dict.fromkeys(names)}
    frame = exchanges.set_index("exchange") if "exchange" in exchanges else exchanges
    canonical = frame.get("canonical_name", frame.index)
    country = frame["country_code"] if "country_code" in frame else ["??"] * len(frame)
    return {
        str(name): [str(short or name), str(code).upper()]
        for name, short, code in zip(frame.index, canonical, country, strict=True)
    }


def _column(equities, name: str):
    if name not in equities:
        raise ValueError(f"equities: the column {name!r} is missing.")
    return equities[name]


_FIRST_DAY = 0
_LAST_DAY = np.iinfo(np.int64).max


def _equity_rows(equities) -> list[dict]:
    """One dictionary for each row; dates as ns since 1970, None where not known."""
    frame = equities.set_index("sid") if "sid" in equities else equities
    count = len(frame)

    def names(*columns: str) -> list:
        for column in columns:
            if column in frame:
                return [None if value != value else value for value in frame[column]]
        return [None] * count

    symbols = names("file_name", "symbol")
    dates = {
        "start_date": _date_column(frame, "start_date", _FIRST_DAY),
        "end_date": _date_column(frame, "end_date", _LAST_DAY),
        "first_traded": _date_column(frame, "first_traded", None),
        "auto_close_date": _date_column(frame, "auto_close_date", None),
    }
    rows = []
    for n, (sid, name, exchange) in enumerate(
        zip(frame.index, names("asset_name", "company_name"), _column(frame, "exchange"),
            strict=True)
    ):  # fmt: skip
        rows.append(
            {
                "sid": int(sid),
                "symbol": "" if symbols[n] is None else str(symbols[n]).upper(),
                "asset_name": "" if name is None else str(name),
                "exchange": str(exchange),
                **{key: column[n] for key, column in dates.items()},
            }
        )
    return rows


def _date_column(frame, name: str, default: int | None) -> list:
    import pandas as pd

    if name not in frame:
        return [default] * len(frame)
    index = pd.DatetimeIndex(pd.to_datetime(frame[name].values))
    if index.tz is not None:
        index = index.tz_convert("UTC").tz_localize(None)
    numbers = index.to_numpy().astype("datetime64[ns]").astype(np.int64)
    return [None if n == store.NO_DATE else n for n in numbers.tolist()]


def _one_row_per_sid(rows: list[dict]) -> list[dict]:
    """An asset that changed its symbol has several rows: the latest counts, the dates span all."""
    by_sid: dict[int, list[dict]] = {}
    for row in rows:
        by_sid.setdefault(row["sid"], []).append(row)
    assets = []
    for several in by_sid.values():
        latest = dict(max(several, key=lambda row: row["end_date"]))
        latest["start_date"] = min(row["start_date"] for row in several)
        latest["end_date"] = max(row["end_date"] for row in several)
        assets.append(latest)
    return assets


def _check_owners(rows: Iterable[dict], exchanges: dict) -> None:
    """A symbol has one owner at a time in each country."""
    owners: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        if row["exchange"] not in exchanges:
            raise ValueError(f"exchanges: {row['exchange']!r} of sid {row['sid']} is missing.")
        owners.setdefault((row["symbol"], exchanges[row["exchange"]][1]), []).append(row)
    for (symbol, country), several in owners.items():
        several = sorted(several, key=lambda row: row["start_date"])
        for before, after in pairwise(several):
            if after["start_date"] <= before["end_date"]:
                raise ValueError(
                    f"The symbol {symbol} ({country}) belongs to sid {before['sid']} and to sid "
                    f"{after['sid']} at the same time. Let the periods not overlap."
                )


_RATIO_COLUMNS = {"sid": np.integer, "effective_date": None, "ratio": np.float64}
_DIVIDEND_COLUMNS = {
    "sid": np.integer,
    "amount": np.float64,
    "ex_date": None,
    "pay_date": None,
    "record_date": None,
    "declared_date": None,
}


class ActionWriter:
    """Takes splits, mergers and dividends."""

    def __init__(self, path: Path, sessions: np.ndarray) -> None:
        self._path = path
        self._sessions = sessions  # s since 1970

    def write(self, splits=None, mergers=None, dividends=None, stock_dividends=None) -> None:
        """Add corporate actions; each table is a frame or None.

        splits, mergers: sid, effective_date, ratio (what earlier prices are multiplied by).
        dividends: sid, amount (dollars per share), ex_date, pay_date, record_date,
        declared_date; earlier prices are multiplied by 1 - amount / previous close.
        """
        if stock_dividends is not None and len(stock_dividends):
            raise missing("stock dividends", "Write them as splits where they are alike.")
        actions = store.read_actions(self._path)
        actions.splits = np.r_[actions.splits, _ratios("splits", splits)]
        actions.mergers = np.r_[actions.mergers, _ratios("mergers", mergers)]
        payouts = _payouts(dividends)
        actions.payouts = np.r_[actions.payouts, payouts]
        actions.dividends = np.r_[actions.dividends, self._dividend_ratios(payouts)]
        store.write_actions(self._path, actions)

    def write_dividend_data(self, dividends, stock_dividends=None) -> None:
        self.write(dividends=dividends, stock_dividends=stock_dividends)

    def write_frame(self, tablename, frame) -> None:
        if tablename not in ("splits", "mergers"):
            raise missing(f"adjustment_writer.write_frame({tablename!r})", "Use write.")
        self.write(**{tablename: frame})

    def _dividend_ratios(self, payouts: np.ndarray) -> np.ndarray:
        if not len(payouts):
            return np.zeros(0, store.RATIO)
        bars = store.read_bars(self._path)
        ratios = []
        for sid, ex_date, _, amount in payouts.tolist():
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
    place = bars.rows(sid)
    if place is None:
        return np.nan
    offset, rows = place
    row = rows.start + session - offset
    if session < offset or row >= rows.stop:
        return np.nan
    value = int(bars.columns["close"][row])
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


def _ratios(table: str, frame) -> np.ndarray:
    if frame is None or not len(frame):
        return np.zeros(0, store.RATIO)
    _checked(table, frame, _RATIO_COLUMNS)
    out = np.zeros(len(frame), store.RATIO)
    out["sid"] = frame["sid"]
    out["date"] = _seconds(frame["effective_date"])
    out["ratio"] = frame["ratio"]
    return out


def _payouts(frame) -> np.ndarray:
    if frame is None or not len(frame):
        return np.zeros(0, store.PAYOUT)
    _checked("dividends", frame, _DIVIDEND_COLUMNS)
    out = np.zeros(len(frame), store.PAYOUT)
    out["sid"] = frame["sid"]
    out["ex_date"] = _seconds(frame["ex_date"])
    out["pay_date"] = _seconds(frame["pay_date"])
    out["amount"] = frame["amount"]
    return out
