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
        # A line that is too short ends the iterator, as with the original.
        fields = iter(linetokens)
        text = next(fields)
        day = date(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        when = self.p.sessionend
        if len(linetokens) == 8:
            text = next(fields)
            when = time(int(text[0:2]), int(text[3:5]), int(text[6:8]))
        lines = self.lines
        lines.datetime[0] = date2num(datetime.combine(day, when))
        for name in ("open", "high", "low", "close", "volume", "openinterest"):
            getattr(lines, name)[0] = float(next(fields))
        return True


class BacktraderCSV(CSVFeedBase):
    """Makes such feeds."""

    DataCls = BacktraderCSVData
