"""Bars from CSV whose columns are told."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np

from ..dataseries import TimeFrame
from ..dates import date2num
from ..feed import CSVDataBase, CSVFeedBase

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

    def start(self) -> None:
        super().start()
        self._dtconvert = self._converter()

    def _loadline(self, linetokens):
        row, p = linetokens, self.p
        text = row[p.datetime]
        if p.time >= 0 and isinstance(p.dtformat, str):
            text += "T" + row[p.time]
        self.lines.datetime[0] = self._number(self._dtconvert(text), p.timeframe >= TimeFrame.Days)
        for name in self.getlinealiases():
            if name != "datetime":
                index = getattr(p, name)
                text = "" if index is None or index < 0 else row[index]
                getattr(self.lines, name)[0] = float(p.nullvalue if text == "" else text)
        return True

    def _columns(self):
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
        convert = self._dtconvert
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
        if not daily:
            return num
        zone = self._tzinput
        given = date2num(zone.localize(when)) if zone else num
        end = self.date2num(dt.datetime.combine(when.date(), self.p.sessionend))
        return end if end > given else num

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


class GenericCSV(CSVFeedBase):
    """Makes such feeds."""

    DataCls = GenericCSVData
