"""Which objects of a strategy are drawn, and in whose pane: `plotinfo` says it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..lines import SingleLine
from .scheme import PlotScheme


def master_of(obj: Any) -> Any:
    """The object in whose pane this one is drawn, if that is another one."""
    master = obj.plotinfo.plotmaster
    return None if master is obj else master


def _clock_of(obj: Any) -> Any:
    """What an indicator is drawn with: of a single line, the object that has it."""
    clock = obj._clock
    return clock._owner if isinstance(clock, SingleLine) else getattr(clock, "owner", clock)


def _is_in(thing: Any, things: Any) -> bool:
    # `in` would ask lines whether they are equal: they answer with their values.
    return any(thing is other for other in things)


class Placing:
    """What is drawn: observers on top, and for each object what is above, below and over it."""

    def __init__(self, strategy: Any) -> None:
        self.top: list[Any] = []
        self.above: dict[Any, list] = defaultdict(list)
        self.below: dict[Any, list] = defaultdict(list)
        self.over: dict[Any, list] = defaultdict(list)
        for observer in strategy.getobservers():
            if not observer.plotinfo.plot or observer.plotinfo.plotskip:
                continue
            if observer.plotinfo.subplot:
                self.top.append(observer)
            else:
                self.over[_clock_of(observer)].append(observer)
        for indicator in strategy.getindicators():
            info = getattr(indicator, "plotinfo", None)
            if info is None or not info.plot or info.plotskip:
                continue
            self._place(strategy, indicator)

    def _place(self, strategy: Any, indicator: Any) -> None:
        info = indicator.plotinfo
        indicator._plotinit()
        key = _clock_of(indicator)
        if key is strategy:
            key = strategy.data
        if getattr(info, "plotforce", False):
            while not _is_in(key, strategy.datas):
                key = key._clock
        master = master_of(indicator)
        if master is not None:
            key = master
        if not info.subplot or master is not None:
            self.over[key].append(indicator)
        elif info.plotabove:
            self.above[key].append(indicator)
        else:
            self.below[key].append(indicator)

    def rows(self, datas: list[Any], scheme: PlotScheme) -> int:
        """How many rows all panes take; what belongs to hidden datas goes."""
        rows = 0
        for data in datas:
            if not data.plotinfo.plot:
                for places in (self.above, self.below, self.over):
                    places.pop(data, None)
            elif master_of(data) is not None:
                rows += scheme.rowsminor if scheme.volume else 0
            else:
                rows += scheme.rowsmajor
                if scheme.volume and not scheme.voloverlay:
                    rows += scheme.rowsminor
        rows += len(self.top) * scheme.rowsminor
        return rows + sum(len(v) for places in (self.above, self.below) for v in places.values())
