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


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True


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
        if self.p.dtformat in (1, 2) or not isinstance(self.p.dtformat, int):
            # With another whole number there is none, which the first bar finds out.
            self._dtconvert = self._converter()

    def _loadline(self, linetokens):
        row, p = linetokens, self.p
        text = self._time_text(row)
        self.lines.datetime[0] = self._number(self._dtconvert(text), p.timeframe >= TimeFrame.Days)
        for name in self.getlinealiases():
            if name != "datetime":
                index = getattr(p, name)
                text = "" if index is None or index < 0 else row[index]
                getattr(self.lines, name)[0] = float(p.nullvalue if text == "" else text)
        return True

    def _time_text(self, row: list[str]) -> str:
        p = self.p
        text = row[p.datetime]
        return f"{text}T{row[p.time]}" if p.time >= 0 and isinstance(p.dtformat, str) else text

    def _where(self):
        """The line, and which of its fields cannot be read."""
        row, p = self._tokens, self.p
        said = [super()._where()]
        fields = {name: getattr(p, name) for name in ("time", *self.getlinealiases())}
        fields = {name: at for name, at in fields.items() if at is not None and at >= 0}
        beyond = [f"{name}={at}" for name, at in fields.items() if at >= len(row)]
        if beyond:
            said.append(
                f"It has the fields 0 to {len(row) - 1} (separator {p.separator!r}), and not "
                f"{', '.join(beyond)}: give other positions, or -1 for none."
            )
        texts = {name: row[at] for name, at in fields.items() if at < len(row)}
        times = [f"{n} is {texts.pop(n)!r}" for n in ("datetime", "time") if n in texts]
        wrong = [
            f"{name}={fields[name]} is {t!r}" for name, t in texts.items() if not _is_number(t)
        ]
        if wrong:
            said.append(f"Not a number: {', '.join(wrong)}.")
        try:
            self._dtconvert(self._time_text(row))
        except Exception:
            form = f"dtformat={p.dtformat!r}"
            form += f", tmformat={p.tmformat!r}" if p.time >= 0 else ""
            said.append(f"Not a time by {form}: {', '.join(times)}.")
            if self._line == 1 and not p.headers:
                said.append("headers=True leaves out a first line of names.")
        return "\n".join(said)

    def _columns(self):
        rows = self._rows()
        columns: dict[str, Any] = {"datetime": self._read_times(rows)}
        null = self.p.nullvalue
        for name in self.getlinealiases():
            if name == "datetime":
                continue
            index = getattr(self.p, name)
            if index is None or index < 0:
                columns[name] = np.full(len(rows), float(null))
            else:
                columns[name] = [float(row[index]) if row[index] != "" else null for row in rows]
        return columns

    def _read_times(self, rows: list[list[str]]) -> list[float]:
        convert = self._dtconvert
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
