"""What closed trades gained or lost."""

from __future__ import annotations

import math
from itertools import cycle
from typing import Any, ClassVar

from ..lines import Lines
from ..observer import MetaObserver, Observer

_MARKERS = (*"ov^<>12348sp*hH+xDd",)
_COLORS = (*"bgrcmyk",)

_COUNTERS = (
    "trades",
    "trades_long",
    "trades_short",
    "trades_plus",
    "trades_minus",
    "trades_plus_gross",
    "trades_minus_gross",
    "trades_win",
    "trades_win_max",
    "trades_win_min",
    "trades_loss",
    "trades_loss_max",
    "trades_loss_min",
    "trades_length",
    "trades_length_max",
    "trades_length_min",
)


def _dots(name: str, color: str) -> dict[str, Any]:
    look = {"ls": "", "marker": "o", "color": color, "markersize": 8.0, "fillstyle": "full"}
    return {"_name": name, **look}


class _OfTrades(Observer):
    _stclock = True

    def next(self) -> None:
        for trade in self._owner._tradespending:
            if trade.data in self.ddatas and trade.isclosed:
                index, value = self._place(trade)
                self.lines[index][0] = value

    def _place(self, trade: Any) -> tuple[int, float]:
        """Which line gets a closed trade, and what it gets."""
        raise NotImplementedError

    def _reads_account(self) -> bool:
        return True

    def _columns(self, bars: int) -> list[list[float]]:
        lines = [[math.nan] * bars for _ in self.lines]
        for tick, trade in self._owner._closings:
            if tick < bars and trade.data in self.ddatas:
                index, value = self._place(trade)
                lines[index][tick] = value
        return lines


class Trades(_OfTrades):
    """The profit of the trade that closed at a bar, or its loss on a line of its own."""

    lines = ("pnlplus", "pnlminus")
    params: ClassVar[Any] = {"pnlcomm": True}
    plotinfo: ClassVar[Any] = {
        "plot": True,
        "subplot": True,
        "plotname": "Trades - Net Profit/Loss",
        "plotymargin": 0.10,
        "plothlines": [0.0],
    }
    plotlines: ClassVar[Any] = {
        "pnlplus": _dots("Positive", "blue"),
        "pnlminus": _dots("Negative", "red"),
    }

    def __init__(self) -> None:
        # Counters that stay 0, there as here.
        for name in _COUNTERS:
            setattr(self, name, 0)

    def _place(self, trade: Any) -> tuple[int, float]:
        pnl = trade.pnlcomm if self.p.pnlcomm else trade.pnl
        return (0 if pnl >= 0.0 else 1), pnl


class MetaDataTrades(MetaObserver):
    """One line per data, by its name."""

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        numbered = [f"data{d}" for d in range(len(obj.datas))]
        names = [data._name for data in obj.datas] if obj.p.usenames else numbered
        space = obj.__dict__
        space["lines"] = space["l"] = lines = Lines(obj, tuple(names), {})
        space["line"] = space["_line0"] = lines[0]
        for i, line in enumerate(lines):
            space[f"line{i}"] = space[f"line_{i}"] = line
            line.addminperiod(obj._minperiod)
        space["getlinealiases"] = lines.getlinealiases
        space["_getlinealias"] = lines._getlinealias
        looks = {
            name: {
                "ls": "",
                "markersize": 8.0,
                "fillstyle": "full",
                "marker": marker,
                "color": color,
            }
            for name, marker, color in zip(names, _MARKERS, cycle(_COLORS), strict=False)
        }
        obj.plotlines = cls.plotlines._derive("datatrades", looks, [], recurse=True)()
        return args, kwargs


class DataTrades(_OfTrades, metaclass=MetaDataTrades):
    """The profit of closed trades, one line per data."""

    params = (("usenames", True),)
    plotinfo: ClassVar[Any] = {
        "plot": True,
        "subplot": True,
        "plothlines": [0.0],
        "plotymargin": 0.10,
    }

    def _place(self, trade: Any) -> tuple[int, float]:
        return trade.data._id - 1, trade.pnl
