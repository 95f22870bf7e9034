"""Bars from CSV files of Yahoo Finance."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from ..dates import date2num
from ..feed import CSVDataBase, CSVFeedBase
from ..unsupported import unsupported


def reversed_lines(file: Any) -> io.StringIO:
    """The rest of an open file, last line first; the file is closed."""
    lines = list(file)
    file.close()
    return io.StringIO("".join(reversed(lines)), newline=None)


class YahooFinanceCSVData(CSVDataBase):
    """Lines of date, open, high, low, close, adjusted close, volume.

    reverse: the file has the newest bar first. adjclose: bring the prices, and with `adjvolume` the
    volume, to the adjusted close. round: prices to `decimals`. swapcloses: the two closes stand in
    the other sequence. Lines with `null` are left out.
    """

    lines = ("adjclose",)
    params = (
        ("reverse", False),
        ("adjclose", True),
        ("adjvolume", True),
        ("round", True),
        ("decimals", 2),
        ("roundvolume", False),
        ("swapcloses", False),
    )

    def start(self) -> None:
        super().start()
        if self.p.reverse:
            self.f = reversed_lines(self.f)

    def _loadline(self, linetokens):
        p = self.p
        tokens: list[str] | None = linetokens
        while "null" in tokens[1:]:
            tokens = self._getnextline()
            if not tokens:
                return False
        text = tokens[0]
        day = date(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        prices = [float(token) for token in tokens[1:5]]
        close = prices[3]
        adjusted = float(tokens[5])
        try:
            volume = float(tokens[6])
        except (ValueError, IndexError):
            volume = 0.0
        if p.swapcloses:
            close, adjusted = adjusted, close
        factor = close / adjusted
        opened, high, low = prices[:3]
        if p.adjclose:
            opened /= factor
            high /= factor
            low /= factor
            close = adjusted
            if p.adjvolume:
                volume *= factor
        if p.round:
            opened, high = round(opened, p.decimals), round(high, p.decimals)
            low, close = round(low, p.decimals), round(close, p.decimals)
        lines = self.lines
        lines.datetime[0] = date2num(datetime.combine(day, p.sessionend))
        lines.open[0] = opened
        lines.high[0] = high
        lines.low[0] = low
        lines.close[0] = close
        lines.volume[0] = round(volume, p.roundvolume)
        lines.openinterest[0] = 0.0
        lines.adjclose[0] = adjusted
        return True


class YahooLegacyCSV(YahooFinanceCSVData):
    """Files of the time before 2017."""

    params = (("version", ""),)


class YahooFinanceCSV(CSVFeedBase):
    """Makes such feeds."""

    DataCls = YahooFinanceCSVData


class YahooFinanceData(YahooFinanceCSVData):
    """The same from the network: refused when it is started."""

    params = (
        ("proxies", {}),
        ("period", "d"),
        ("reverse", False),
        ("urlhist", "https://finance.yahoo.com/quote/{}/history"),
        ("urldown", "https://query1.finance.yahoo.com/v7/finance/download"),
        ("retries", 3),
    )

    def start_v7(self) -> None:
        raise unsupported(
            "feeds.YahooFinanceData: data are never downloaded",
            "Save the data as a file and read it with feeds.YahooFinanceCSVData, or load a frame "
            "into feeds.PandasData.",
            "never",
        )

    def start(self) -> None:
        self.start_v7()
        super().start()


class YahooFinance(CSVFeedBase):
    """Makes such feeds."""

    DataCls = YahooFinanceData
    params = YahooFinanceData.params._gettuple()
