"""Bars from CSV in Backtrader's own layout."""

from __future__ import annotations

from datetime import date, datetime, time

from ..dates import date2num
from ..feed import CSVDataBase, CSVFeedBase


class BacktraderCSVData(CSVDataBase):
    """Lines of date, time (in lines of 8 fields only), open, high, low, close, volume, interest.

    Bars without a time are dated at the end of their session.
    """

    def _loadline(self, linetokens):
        text = linetokens[0]
        day = date(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        at, when = 1, self.p.sessionend
        if len(linetokens) == 8:
            text = linetokens[1]
            at, when = 2, time(int(text[0:2]), int(text[3:5]), int(text[6:8]))
        lines = self.lines
        lines.datetime[0] = date2num(datetime.combine(day, when))
        names = ("open", "high", "low", "close", "volume", "openinterest")
        for i, name in enumerate(names, at):
            getattr(lines, name)[0] = float(linetokens[i])
        return True


class BacktraderCSV(CSVFeedBase):
    """Makes such feeds."""

    DataCls = BacktraderCSVData
