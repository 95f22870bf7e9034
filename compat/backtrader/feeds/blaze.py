"""Bars from rows."""

from __future__ import annotations

from ..data import AbstractDataBase
from ..dates import date2num


class BlazeData(AbstractDataBase):
    """Bars from anything that gives rows: a line's parameter is its position, -1: not there."""

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
        self._rows = iter(self.p.dataname)

    def _load(self):
        row = next(self._rows, None)
        if row is None:
            return False
        for name in self.datafields[1:]:
            index = getattr(self.p, name)
            if index >= 0:
                getattr(self.lines, name)[0] = row[index]
        self.lines.datetime[0] = date2num(row[self.p.datetime])
        return True
