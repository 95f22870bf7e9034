"""A bundle's daily bars and corporate actions as the readers that `EquityPricingLoader` asks."""

from __future__ import annotations

import numpy as np

from .....core.rolling import MULTIPLY, Adjustments
from ...data.sources import DailySource
from ...lib.blocks import AdjustmentsByRow, column_adjustments


class BundleBars:
    """Daily bars of a bundle. sessions: DatetimeIndex of those that it covers."""

    def __init__(self, source: DailySource, sessions) -> None:
        self._source = source
        self.sessions = sessions

    def _place(self, date) -> int:
        from ...data.bar_reader import NoDataOnDate

        try:
            return self.sessions.get_loc(date)
        except KeyError:
            raise NoDataOnDate(date) from None

    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list[np.ndarray]:
        """A float64 array [sessions, assets] for each column: NaN (volume: 0) where no trade was.

        Raises NoDataOnDate for dates outside of the bundle's sessions, ValueError when the bundle
        has bars of none of the assets.
        """
        first, last = self._place(start_date), self._place(end_date)
        found = [self._source.of(int(sid)) for sid in assets]
        if all(one is None for one in found):
            raise ValueError("The bundle has daily bars of none of the assets.")
        return [self._column(name, found, first, last + 1) for name in columns]

    @staticmethod
    def _column(name: str, found: list, first: int, end: int) -> np.ndarray:
        """One column, laid out asset by asset: kernels walk along an asset's days."""
        missing = 0.0 if name == "volume" else np.nan
        values = np.full((len(found), end - first), missing)
        for row, columns in zip(values, found, strict=True):
            if columns is None:
                continue
            raw = columns.raw[name]
            begin, stop = max(columns.first, first), min(columns.first + len(raw), end)
            if begin >= stop:
                continue
            piece = raw[begin - columns.first : stop - columns.first]
            shown = row[begin - first : stop - first]
            if name == "volume" or columns.scale is None:
                shown[:] = piece
            else:
                np.multiply(piece, columns.scale, out=shown)
                shown[piece == 0] = np.nan
        return values.T

    def currency_codes(self, sids) -> np.ndarray:
        """object[sids]: the currency of the prices, None for assets without bars."""
        codes = [None if self._source.of(int(sid)) is None else "USD" for sid in sids]
        return np.array(codes, dtype=object)


class BundleActions:
    """Splits, mergers and dividends of a bundle as adjustments of prices and volumes.

    actions: tables with the columns sid, date (s since 1970) and ratio, in the written sequence.
    """

    def __init__(self, actions) -> None:
        self._actions = actions

    def load_pricing_adjustments(self, columns, dates, assets) -> list[AdjustmentsByRow]:
        """For each column the adjustments of the dates, known from their session's row on.

        An action of the session in row r changes rows 0 to r: the row of a date holds what was
        known in its morning. Volumes change with splits only.
        """
        labels = dates.to_numpy().astype("datetime64[s]").astype(np.int64)
        sids = assets.to_numpy(dtype=np.int64)
        splits = self._of(labels, sids, (self._actions.splits,))
        names = set(columns)
        by_kind = {}
        if "volume" in names:
            by_kind["volume"] = AdjustmentsByRow(splits._replace(value=1.0 / splits.value))
        if names != {"volume"}:
            tables = (self._actions.splits, self._actions.mergers, self._actions.dividends)
            by_kind["price"] = AdjustmentsByRow(self._of(labels, sids, tables))
        return [by_kind["volume" if name == "volume" else "price"] for name in columns]

    @staticmethod
    def _of(labels: np.ndarray, sids: np.ndarray, tables) -> Adjustments:
        sid = np.concatenate([table["sid"] for table in tables])
        date = np.concatenate([table["date"] for table in tables])
        ratio = np.concatenate([table["ratio"] for table in tables])
        order = np.argsort(sids, kind="stable")
        column = np.searchsorted(sids, sid, sorter=order).clip(max=len(sids) - 1)
        column = order[column]
        wanted = (sids[column] == sid) & (labels[0] <= date) & (date <= labels[-1])
        column, date, ratio = column[wanted], date[wanted], ratio[wanted]
        # A date between two sessions counts on the later one.
        row = np.searchsorted(labels, date)
        in_time = np.argsort(row, kind="stable")
        column, row, ratio = column[in_time], row[in_time], ratio[in_time]
        top = np.zeros(len(row), dtype=np.int64)
        kind = np.full(len(row), MULTIPLY, dtype=np.int64)
        return column_adjustments(len(sids), column, row, top, row, kind, ratio)
