"""The feeds that scripts make: from a pandas frame, from a CSV file."""

from __future__ import annotations

import datetime as dt
import os.path
import re
from typing import Any

import numpy as np

from .data import AbstractDataBase, MetaData, TimeFrame
from .dates import date2num, days_and_times
from .unsupported import missing_feed

DataBase = AbstractDataBase

_EPOCH_ORDINAL = 719163
_US_PER_DAY = 86_400_000_000


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

    def _load(self):
        frame = self.p.dataname
        columns = {}
        for name in self.getlinealiases():
            index = getattr(self.p, name)
            if index >= 0:
                series = frame.index if index == 0 else frame.iloc[:, index - 1]
                columns[name] = _times(series) if name == "datetime" else _floats(series)
        return columns


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
        names = list(self.p.dataname.columns.values)
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

    def _position(self, wanted: Any) -> Any:
        if not isinstance(wanted, str):
            return wanted
        names = list(self.p.dataname.columns.values)
        if self.p.nocase:
            names, wanted = [n.lower() for n in names], wanted.lower()
        if wanted not in names:
            raise ValueError(
                f"{wanted!r} is not a column of the frame; it has {', '.join(map(str, names))}"
            )
        return names.index(wanted)

    def _load(self):
        frame = self.p.dataname
        if self.p.nocase:
            # Column names that are not text fail here, as they do there.
            _ = [n.lower() for n in frame.columns.values]
        columns: dict[str, Any] = {}
        for field, wanted in self._colmapping.items():
            at = self._position(wanted)
            if field == "datetime":
                columns[field] = _times(frame.index if at is None else frame.iloc[:, at])
            elif at is not None:
                columns[field] = _floats(frame.iloc[:, at])
        return columns


def _floats(series: Any) -> Any:
    """The values as floats; text is not converted."""
    values = getattr(series, "values", series)
    if getattr(values, "dtype", np.dtype(object)).kind in "iufb":
        return np.asarray(values, dtype=np.float64)
    from array import array

    return np.asarray(array("d", list(series)))


def _times(series: Any) -> np.ndarray | list[float]:
    """Timestamps as float times; aware ones in UTC."""
    kind = getattr(series.dtype, "kind", "O")
    if kind == "M":
        index = series if hasattr(series, "asi8") else series.array
        if getattr(index, "tz", None) is not None:
            index = index.tz_convert("UTC").tz_localize(None)
        micros = np.asarray(index, dtype="datetime64[us]").astype(np.int64)
        days, rest = np.divmod(micros, _US_PER_DAY)
        return days_and_times(days + _EPOCH_ORDINAL, rest)
    return [date2num(stamp.to_pydatetime()) for stamp in series]


class MetaCSVData(MetaData):
    """A CSV feed without a name is called like its file."""

    def _after_init(cls, obj):
        if not obj.p.name and not obj._name:
            obj._name, _ = os.path.splitext(os.path.basename(obj.p.dataname))
        super()._after_init(obj)


class CSVDataBase(AbstractDataBase, metaclass=MetaCSVData):
    """Bars from a text file or an open file, one line each."""

    params = (("headers", True), ("separator", ","))

    def _rows(self) -> list[list[str]]:
        source = self.p.dataname
        if hasattr(source, "readline"):
            text = source.read()
            source.close()
        else:
            with open(source) as file:
                text = file.read()
        rows = text.split("\n")
        if rows and rows[-1] == "":
            rows.pop()
        if self.p.headers:
            rows = rows[1:]
        separator = self.p.separator
        return [row.split(separator) for row in rows]


#: Forms of a time that `datetime.fromisoformat` reads as `strptime` does.
_ISO = {
    "%Y-%m-%d": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "%Y-%m-%d %H:%M:%S": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII),
    "%Y-%m-%dT%H:%M:%S": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII),
}


class GenericCSVData(CSVDataBase):
    """Bars from CSV: a line's parameter is its column position, -1 where there is none.

    dtformat: a strptime form, 1 or 2 for seconds since 1970 (UTC) as whole number or float, or a
    function from text to datetime. Daily and longer bars are dated at the end of their session.
    """

    params = (
        ("nullvalue", float("NaN")),
        ("dtformat", "%Y-%m-%d %H:%M:%S"),
        ("tmformat", "%H:%M:%S"),
        ("datetime", 0),
        ("time", -1),
        ("open", 1),
        ("high", 2),
        ("low", 3),
        ("close", 4),
        ("volume", 5),
        ("openinterest", 6),
    )

    def _load(self):
        rows = self._rows()
        columns: dict[str, Any] = {"datetime": self._datetimes(rows)}
        null = self.p.nullvalue
        for name in self.getlinealiases():
            if name == "datetime":
                continue
            index = getattr(self.p, name)
            if index is None or index < 0:
                columns[name] = np.full(len(rows), float(null))
            else:
                try:
                    columns[name] = [
                        float(row[index]) if row[index] != "" else null for row in rows
                    ]
                except (ValueError, IndexError):
                    self._find_fault(rows, name, index, lambda text: text == "" or float(text))
                    raise
        return columns

    def _find_fault(self, rows: list[list[str]], name: str, index: int, read: Any) -> None:
        """Raise the error of the first row that cannot be read, saying where it is."""
        file = self.p.dataname if isinstance(self.p.dataname, str) else "the open file"
        for number, row in enumerate(rows, 2 if self.p.headers else 1):
            where = f"{file}, line {number}"
            if index >= len(row):
                raise IndexError(
                    f"{where}: {name}={index} asks for field {index + 1}, the line has {len(row)} "
                    f"(separator {self.p.separator!r}). Give the right position, or {name}=-1."
                ) from None
            try:
                read(row[index])
            except ValueError as error:
                raise ValueError(f"{where}, field {index + 1} ({name}): {error}") from None

    def _datetimes(self, rows: list[list[str]]) -> list[float]:
        convert = self._converter()
        try:
            return self._read_times(rows, convert)
        except (ValueError, IndexError):
            p, parse = self.p, dt.datetime.strptime
            if p.time < 0 or not isinstance(p.dtformat, str):
                self._find_fault(rows, "datetime", p.datetime, convert)
            else:
                date, time = p.dtformat, p.tmformat
                self._find_fault(rows, "datetime", p.datetime, lambda text: parse(text, date))
                self._find_fault(rows, "time", p.time, lambda text: parse(text, time))
            raise

    def _read_times(self, rows: list[list[str]], convert: Any) -> list[float]:
        index, at = self.p.datetime, self.p.time
        daily = self.p.timeframe >= TimeFrame.Days
        known: dict[str, float] = {}
        out = []
        for row in rows:
            text = row[index]
            if at >= 0 and isinstance(self.p.dtformat, str):
                text += "T" + row[at]
            num = known.get(text)
            if num is None:
                num = known[text] = self._number(convert(text), daily)
            out.append(num)
        return out

    def _number(self, when: dt.datetime, daily: bool) -> float:
        num = date2num(when)
        if daily:
            return max(num, date2num(dt.datetime.combine(when.date(), self.p.sessionend)))
        return num

    def _converter(self):
        form = self.p.dtformat
        if isinstance(form, str):
            if self.p.time >= 0:
                form += "T" + self.p.tmformat
            iso = _ISO.get(form)

            def convert(text: str) -> dt.datetime:
                if iso is not None and iso.fullmatch(text):
                    return dt.datetime.fromisoformat(text)
                return dt.datetime.strptime(text, form)

            return convert
        if isinstance(form, int):
            number = {1: int, 2: float}[form]
            return lambda text: dt.datetime.fromtimestamp(number(text), dt.UTC).replace(tzinfo=None)
        return form


def __getattr__(name: str):
    raise missing_feed(name)
