"""Bars from a pandas frame."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from ..data import AbstractDataBase
from ..dates import blocks, date2num, days_and_times

_EPOCH_ORDINAL = 719163
_US_PER_DAY = 86_400_000_000
_US_PER_MINUTE = 60_000_000


class PandasDirectData(AbstractDataBase):
    """Bars from a frame, columns by position as in `itertuples` (0 is the index)."""

    params = (
        ("datetime", 0),
        ("open", 1),
        ("high", 2),
        ("low", 3),
        ("close", 4),
        ("volume", 5),
        ("openinterest", 6),
    )
    datafields = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]  # noqa: RUF012

    def start(self) -> None:
        super().start()
        self._rows = self._row = None

    def _where(self):
        row = self._row
        if row is None:
            return ""
        fields = {name: getattr(self.p, name) for name in self.getlinealiases()}
        return _row_in_words(self, f"the row {row[0]!r}", fields, row, ("Index", *row._fields[1:]))

    def _columns(self):
        frame = self.p.dataname
        columns = {}
        for name in self.getlinealiases():
            index = getattr(self.p, name)
            if index >= 0:
                series = frame.index if index == 0 else frame.iloc[:, index - 1]
                columns[name] = _times(series) if name == "datetime" else _floats(series)
        return columns

    def _load(self):
        if self._rows is None:
            self._rows = self.p.dataname.itertuples()
        self._row = row = next(self._rows, None)
        if row is None:
            return False
        for name in self.getlinealiases():
            index = getattr(self.p, name)
            if name != "datetime" and index >= 0:
                getattr(self.lines, name)[0] = row[index]
        self.lines.datetime[0] = date2num(row[self.p.datetime].to_pydatetime())
        return True


class PandasData(AbstractDataBase):
    """Bars from a frame.

    A line's parameter is a column name, a column position, -1 (find the column of the line's name)
    or None (no such column; for `datetime`: the index).
    """

    params = (
        ("nocase", True),
        ("datetime", None),
        ("open", -1),
        ("high", -1),
        ("low", -1),
        ("close", -1),
        ("volume", -1),
        ("openinterest", -1),
    )
    datafields = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        try:
            names = list(self.p.dataname.columns.values)
        except AttributeError as error:
            kind = type(self.p.dataname).__name__
            error.add_note(f"{type(self).__name__} takes a DataFrame as dataname, not a {kind}.")
            raise
        self._colmapping: dict[str, Any] = {}
        for field in self.getlinealiases():
            wanted = getattr(self.p, field)
            if isinstance(wanted, int) and wanted < 0:
                wanted = next((n for n in names if self._matches(field, n)), None)
            self._colmapping[field] = wanted

    def _matches(self, field: str, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        return field.lower() == name.lower() if self.p.nocase else field == name

    def _position(self, field: str, wanted: Any) -> Any:
        if not isinstance(wanted, str):
            return wanted
        names = list(self.p.dataname.columns.values)
        if self.p.nocase:
            names, wanted = [n.lower() for n in names], wanted.lower()
        try:
            return names.index(wanted)
        except ValueError as error:
            from ..explaining import called

            error.add_note(
                f"{field}={wanted!r} of {called(self)}: the frame has no such column. "
                f"Its columns: {', '.join(map(str, names))}."
            )
            raise

    def start(self) -> None:
        super().start()
        self._idx = -1
        if self.p.nocase:
            # Column names that are not text fail here, as they do there.
            _ = [n.lower() for n in self.p.dataname.columns.values]
        for field, wanted in self._colmapping.items():
            self._colmapping[field] = self._position(field, wanted)

    def _where(self):
        frame, at = self.p.dataname, self._idx
        fields = {f: -1 if n is None else n for f, n in self._colmapping.items()}
        # The index comes last, where -1 finds it.
        values = [*(frame.iloc[at, k] for k in range(frame.shape[1])), frame.index[at]]
        return _row_in_words(self, f"row {at + 1}", fields, values, [*frame.columns, "Index"])

    def _columns(self):
        frame = self.p.dataname
        columns: dict[str, Any] = {}
        for field, at in self._colmapping.items():
            if field == "datetime":
                columns[field] = _times(frame.index if at is None else frame.iloc[:, at])
            elif at is not None:
                columns[field] = _floats(frame.iloc[:, at])
        return columns

    def _load(self):
        frame = self.p.dataname
        self._idx += 1
        if self._idx >= len(frame):
            return False
        for field in self.getlinealiases():
            at = self._colmapping[field]
            if field != "datetime" and at is not None:
                getattr(self.lines, field)[0] = frame.iloc[self._idx, at]
        at = self._colmapping["datetime"]
        stamp = frame.index[self._idx] if at is None else frame.iloc[self._idx, at]
        self.lines.datetime[0] = date2num(stamp.to_pydatetime())
        return True


def _row_in_words(feed: Any, row: str, fields: dict[str, int], values: Any, names: Any) -> str:
    """A row, and what in it is no number or no time.

    fields: the position in `values` by line; names: of the columns at these positions.
    """
    from ..explaining import called

    said = [f"{called(feed)}, {row} ({values[fields['datetime']]}):"]
    for field, at in fields.items():
        if at >= len(values) - (fields["datetime"] < 0):
            said.append(f"{field}={at} is not among the columns {', '.join(map(str, names))}.")
        elif field == "datetime":
            if not hasattr(values[at], "to_pydatetime"):
                said.append(
                    f"{names[at]!r} ({field}) holds {values[at]!r}, not a timestamp: convert it "
                    "with pandas.to_datetime, or give the position or name of one that does."
                )
        elif at >= 0 and not isinstance(values[at], numbers.Real):
            said.append(f"{names[at]!r} ({field}) holds {values[at]!r}, not a number.")
    return " ".join(said)


def _floats(series: Any) -> Any:
    """The values as floats; text is not converted."""
    values = getattr(series, "values", series)
    if getattr(values, "dtype", np.dtype(object)).kind in "iufb":
        return np.asarray(values, dtype=np.float64)
    from array import array

    return np.asarray(array("d", list(series)))


def _days(stamps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """datetime64[T] as int64[T] ordinals of days, and int64[T] microseconds since midnight."""
    days, rest = np.divmod(stamps.astype("datetime64[us]").astype(np.int64), _US_PER_DAY)
    return days + _EPOCH_ORDINAL, rest


def _times(series: Any) -> np.ndarray | list[float]:
    """Timestamps as float times; aware ones in UTC."""
    kind = getattr(series.dtype, "kind", "O")
    if kind == "M":
        index = series if hasattr(series, "asi8") else series.array
        if getattr(index, "tz", None) is not None:
            index = index.tz_convert("UTC").tz_localize(None)
        stamps = np.asarray(index)
        out = np.empty(len(stamps))
        for part, into in blocks(stamps, out):
            days, rest = _days(part)
            if (rest % _US_PER_MINUTE).any():
                # Each different time of day is summed up once.
                return days_and_times(*_days(stamps))
            into[...] = days_and_times(days, rest)
        return out
    return [date2num(stamp.to_pydatetime()) for stamp in series]
