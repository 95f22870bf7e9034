"""Heikin-Ashi candles."""

from __future__ import annotations

from typing import ClassVar

from .computed import Computed


class HeikinAshi(Computed):
    """Candles that average each bar's prices, and open in the middle of the one before."""

    lines = ("ha_open", "ha_high", "ha_low", "ha_close")
    linealias = (
        ("ha_open", "open"),
        ("ha_high", "high"),
        ("ha_low", "low"),
        ("ha_close", "close"),
    )
    plotinfo: ClassVar = {"subplot": False}

    #: It makes the whole run go bar by bar.
    _nextforce = True

    def _periods(self):
        data = self.data
        self._prices = data.open, data.high, data.low, data.close
        return (self._base + 1,) * 3 + (self._base,)

    def _columns(self):
        from ....core.indicators.candles import averaged_candles

        lines = self._prices
        start = max(line._minperiod for line in lines) - 1
        return averaged_candles(*(line.column() for line in lines), self._base, start)
