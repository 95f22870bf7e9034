"""Bars from CSV exports of Visual Chart."""

from __future__ import annotations

from datetime import datetime

from ..dataseries import TimeFrame
from ..dates import date2num
from ..feed import CSVDataBase, CSVFeedBase


class VChartCSVData(CSVDataBase):
    """Lines of ticker, bar length (I, D, W, M), date, time, prices, volume, open interest.

    The ticker names a feed without a name; the bar length of the file is the feed's.
    """

    vctframes = {  # noqa: RUF012
        "I": TimeFrame.Minutes,
        "D": TimeFrame.Days,
        "W": TimeFrame.Weeks,
        "M": TimeFrame.Months,
    }

    def _loadline(self, linetokens):
        fields = iter(linetokens)
        ticker = next(fields)
        if not self._name:
            self._name = ticker
        length = next(fields)
        self._timeframe = self.vctframes[length]
        text = next(fields)
        year, month, day = int(text[0:4]), int(text[4:6]), int(text[6:8])
        text = next(fields)
        if length == "I":
            hour, rest = divmod(int(text), 10000)
            minute, second = divmod(rest, 100)
        else:
            end = self.p.sessionend
            hour, minute, second = end.hour, end.minute, end.second
        lines = self.lines
        lines.datetime[0] = date2num(datetime(year, month, day, hour, minute, second))
        for name in ("open", "high", "low", "close", "volume", "openinterest"):
            getattr(lines, name)[0] = float(next(fields))
        return True


class VChartCSV(CSVFeedBase):
    """Makes such feeds."""

    DataCls = VChartCSVData
