"""Bars from CSV files of Quandl."""

from __future__ import annotations

import itertools
from datetime import date, datetime

from ..dates import date2num
from ..feed import CSVDataBase
from ..unsupported import unsupported
from .yahoo import reversed_lines

#: Fields between the date and the adjusted prices.
_RAW = 7


class QuandlCSV(CSVDataBase):
    """Lines of date, the prices and volume as traded (and two more), the same adjusted.

    reverse: the file has the newest bar first. adjclose: take the adjusted values. round: to
    `decimals`.
    """

    params = (("reverse", False), ("adjclose", True), ("round", False), ("decimals", 2))

    _online = False

    def start(self) -> None:
        super().start()
        if self.p.reverse and not self._online:
            self.f = reversed_lines(self.f)

    def _loadline(self, linetokens):
        p = self.p
        fields = iter(linetokens)
        text = next(fields)
        day = date(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        if p.adjclose:
            for _ in range(_RAW):
                next(fields)
        values = [float(text) for text in itertools.islice(fields, 5)]
        if p.round:
            values = [round(value, p.decimals) for value in values]
        opened, high, low, close, volume = values
        lines = self.lines
        lines.datetime[0] = date2num(datetime.combine(day, p.sessionend))
        lines.openinterest[0] = 0.0
        lines.open[0] = opened
        lines.high[0] = high
        lines.low[0] = low
        lines.close[0] = close
        lines.volume[0] = volume
        return True


class Quandl(QuandlCSV):
    """The same from the network: refused when it is started."""

    params = (
        ("baseurl", "https://www.quandl.com/api/v3/datasets"),
        ("proxies", {}),
        ("buffered", True),
        ("reverse", True),
        ("apikey", None),
        ("dataset", "WIKI"),
    )

    _online = True

    def start(self) -> None:
        raise unsupported(
            "feeds.Quandl: data are never downloaded",
            "Save the data as a file and read it with feeds.QuandlCSV or GenericCSVData.",
            "never",
        )
