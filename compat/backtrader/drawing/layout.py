"""The sheets of a plot: what each pane shows, with colors, labels and legends.

Every choice that scripts make by `plotinfo`, `plotlines` and the scheme is taken here, once for all
libraries that draw.
"""

from __future__ import annotations

import bisect
import datetime
import math
import operator
from typing import Any

import numpy as np

from ..data import TimeFrame
from ..dates import date2num
from ..info import AutoInfoClass
from .placing import Placing, master_of
from .scheme import PlotScheme
from .sheet import (
    Artist,
    Curve,
    Dress,
    Fill,
    Legend,
    LogScale,
    Pane,
    Prices,
    Sheet,
    Tag,
    Volume,
)

#: How times are told under the mouse.
_TIMES = {
    TimeFrame.Years: "%Y",
    TimeFrame.Months: "%Y-%m",
    TimeFrame.Weeks: "%Y-%m-%d",
    TimeFrame.Days: "%Y-%m-%d",
    TimeFrame.Minutes: "%Y-%m-%d %H:%M",
    TimeFrame.Seconds: "%Y-%m-%d %H:%M:%S",
    TimeFrame.MicroSeconds: "%Y-%m-%d %H:%M:%S.%f",
    TimeFrame.Ticks: "%Y-%m-%d %H:%M:%S.%f",
}

#: Areas between a line and another: the option that asks for one, and where it is filled.
_FILLS: tuple[tuple[str, Any], ...] = (
    ("_fill_gt", operator.gt),
    ("_fill_lt", operator.lt),
    ("_fill", None),
)

#: Methods whose result is a container: legends name those behind all others.
_CONTAINERS = ("bar", "barh", "errorbar", "stem")


def lay_out(
    strategy: Any, scheme: PlotScheme, start: Any = None, end: Any = None, numfigs: int = 1
) -> list[Sheet]:
    """The sheets of a strategy that has run; its bars between `start` and `end`, indexes or
    dates, are spread over `numfigs` of them."""
    placing = Placing(strategy)
    rows = placing.rows(strategy.datas, scheme)
    first, size = _range(strategy.lines.datetime.plot(), start, end)
    each, rest = divmod(size, numfigs)
    sheets = []
    for number in range(numfigs):
        count = each + rest if number == numfigs - 1 else each
        layout = _Layout(strategy, scheme, placing, rows)
        sheets.append(layout.drawn(first + number * each, count))
    return sheets


def _range(times: Any, start: Any, end: Any) -> tuple[int, int]:
    """(first bar, number of bars) between `start` and `end`: indexes or dates."""
    if start is None:
        start = 0
    elif isinstance(start, datetime.date):
        start = bisect.bisect_left(times, date2num(start))
    if end is None:
        end = len(times)
    elif isinstance(end, datetime.date):
        end = bisect.bisect_right(times, date2num(end))
    if end < 0:
        end += len(times) + 1
    return start, len(times[start:end])


class _Layout:
    """Makes one sheet."""

    def __init__(self, strategy: Any, scheme: PlotScheme, placing: Placing, rows: int) -> None:
        self.strategy = strategy
        self.scheme = scheme
        self.placing = placing
        self.rows = rows
        self.row = 0
        self.pane_of: dict[Any, Pane] = {}

    def drawn(self, begin: int, size: int) -> Sheet:
        """The sheet of `size` bars from `begin` on."""
        strategy, placing, scheme = self.strategy, self.placing, self.scheme
        self.start, self.end = begin, begin + size
        times = strategy.datetime.plot(begin, size)
        finest = min(strategy.datas, key=lambda data: (data._timeframe, data._compression))
        mouse = scheme.fmt_x_data or _TIMES[finest._timeframe]
        self.sheet = Sheet(scheme, times, self.rows, mouse)
        self.every_x = self.xs = list(range(len(times)))
        for observer in placing.top:
            self._indicator(observer, over=placing.over[observer])
        for data in strategy.datas:
            if not data.plotinfo.plot:
                continue
            self._follow(data)
            for indicator in placing.above[data]:
                self._with_own(indicator)
            self._data(data, placing.over[data])
            for indicator in placing.below[data]:
                self._with_own(indicator)
        return self.sheet

    def _follow(self, data: Any) -> None:
        """Where the bars of `data` stand among those of the strategy."""
        self.xs = self.every_x
        if len(data.datetime.plotrange(self.start, self.end)) >= len(self.xs):
            return
        times, drawn = data.datetime.plot(), self.sheet.times
        shown = [time for time in times if drawn[0] <= time <= drawn[-1]]
        self.xs = [bisect.bisect_left(drawn, time) for time in shown]
        # The datas that follow are cut here as well, as there.
        self.start = bisect.bisect_left(times, shown[0])
        self.end = bisect.bisect_right(times, shown[-1])

    def _values(self, line: Any) -> Any:
        return line.plotrange(self.start, self.end)

    def _new_pane(self, of: Any, span: int) -> Pane:
        """The next pane, of so many rows."""
        pane = self.pane_of[of] = Pane(of, self.row, span)
        self.sheet.panes.append(pane)
        self.row += span
        return pane

    def _over(self, below: Pane, of: Any) -> Pane:
        """A pane in the place of another one."""
        pane = Pane(of, below.row, below.span, below)
        if of is not None:
            self.pane_of[of] = pane
        self.sheet.panes.append(pane)
        return pane

    def _color(self, pane: Pane, following: bool = False) -> str:
        """The color of the last line of a pane, or of the one after it."""
        pane.color += following
        return self.scheme.color(pane.color)

    # Indicators and observers

    def _with_own(self, indicator: Any) -> None:
        placing = self.placing
        self._indicator(
            indicator,
            over=placing.over[indicator],
            above=placing.above[indicator],
            below=placing.below[indicator],
        )

    def _indicator(
        self, indicator: Any, over: Any = (), above: Any = (), below: Any = (), into: Any = None
    ) -> None:
        """An indicator in a pane of its own, or `into` another one."""
        for other in above:
            self._indicator(other)
        pane = into or self._new_pane(indicator, self.scheme.rowsminor)
        self._lines(indicator, pane, guest=into is not None)
        for other in over:
            self._indicator(other, over=self.placing.over[other], into=pane)
        if into is None:
            self._dress(indicator, pane)
        for other in below:
            self._indicator(other)

    def _lines(self, indicator: Any, pane: Pane, guest: bool) -> None:
        """The lines of an indicator; the name of all stands before one of them."""
        options = [_line_options(indicator, i) for i in range(indicator.size())]
        # Lines that are not curves come behind: the name goes to the first that is one.
        before = sum(
            1 - how._get("_plotskip", False)
            for how in options
            if how._get("_method", "plot") != "plot"
        )
        if before >= indicator.size():
            before = 0
        name = indicator.plotlabel()
        for i, how in enumerate(options):
            if how._get("_plotskip", False):
                continue
            line = how._get("_name", "") or indicator.lines._getlinealias(i)
            if guest and not indicator.plotinfo.plotlinelabels:
                label = name * (not before) or "_nolegend"
            else:
                label = (name + "\n") * (not before) + line
            before -= 1
            curve = self._curve(indicator, indicator.lines[i], how, pane, label)
            curve.name = f"{name} {line}" if guest else line
            pane.artists.append(curve)

    def _curve(self, indicator: Any, line: Any, how: Any, pane: Pane, label: str) -> Curve:
        scheme = self.scheme
        values = self._values(line)
        known = not math.isnan(values[-1])
        if scheme.linevalues and indicator.plotinfo.plotlinevalues and how._get("_plotvalue", True):
            label += f" {values[-1]:.2f}" if known else ""
        given = how._getkwargs(skip_=True)
        style: dict[str, Any] = {}
        if given.get("color", None) is None:
            style["color"] = self._color(pane, following=not how._get("_samecolor", False))
        style["label"] = label
        style.update(given)
        xs, ys = self.xs, values
        if how._get("_skipnan", False):
            finite = np.isfinite(np.array(values))
            xs, ys = np.array(xs)[finite], np.array(values)[finite]
        curve = Curve(xs, ys, how._get("_method", "plot"), style)
        tagged = how._get("plotvaluetags", True) and how._get("_plotvaluetag", True)
        if scheme.valuetags and tagged and known:
            curve.tag = Tag(values[-1], self._color(pane))
        for option, compare in _FILLS:
            limit, color = how._get(option, (None, None))
            if limit is not None:
                curve.fills.append(self._fill(indicator, values, limit, color, compare))
        return curve

    def _fill(self, indicator: Any, values: Any, limit: Any, color: Any, compare: Any) -> Fill:
        """From a line to a number or to another line, where the comparison holds."""
        one = np.array(values)
        if isinstance(limit, int):
            other = np.full_like(one, limit)
        else:
            other = np.array(self._values(getattr(indicator, limit)))
        alpha = self.scheme.fillalpha
        if isinstance(color, list | tuple):
            color, alpha = color
        where = None if compare is None else compare(one, other)
        return Fill(self.xs, one, other, where, color, alpha)

    def _dress(self, indicator: Any, pane: Pane) -> None:
        """Margin, ticks, levels and legend of an indicator's own pane."""
        scheme, info = self.scheme, indicator.plotinfo
        pane.dress = Dress(
            margin=max(info._get("plotymargin", 0.0), scheme.yadjust),
            ticks=info._get("plotyticks", []) or info._get("plotyhlines", []) or None,
            levels=info._get("plothlines", []) or info._get("plotyhlines", []),
        )
        entries = _named(pane)
        if scheme.legendind and info._get("plotlegend", True) and entries:
            pane.legend = Legend(entries, info.legendloc or scheme.legendindloc)

    # Datas

    def _data(self, data: Any, indicators: list[Any]) -> None:
        """A data with what is over it; what these have above and below them as well."""
        scheme, placing = self.scheme, self.placing
        for indicator in indicators:
            for other in placing.above[indicator]:
                self._with_own(other)
        master = master_of(data)
        overlay = scheme.voloverlay and master is None
        volume = self._volume(data, overlay)
        below = None
        if scheme.volume and overlay:
            pane = self._over(self._volume_pane(data, volume), data)
        elif master is None:
            pane = self._new_pane(data, scheme.rowsmajor)
        else:
            pane = below = self.pane_of[master]
            if not getattr(data.plotinfo, "sameaxis", False):
                pane = self._over(below, None)
        owner = below or pane
        prices = self._prices(data, below)
        pane.artists.append(prices)
        if scheme.volume and not overlay:
            self._volume_pane(data, volume)
        elif scheme.volume:
            prices.pushup = scheme.volpushup
        for indicator in indicators:
            self._indicator(indicator, over=placing.over[indicator], into=pane)
        under = volume if scheme.volume and overlay and volume.most else None
        self._legend(data, pane, owner, prices, under)
        for indicator in indicators:
            for other in placing.below[indicator]:
                self._with_own(other)
        owner.placed = len(owner.legend.entries) if owner.legend else 0
        if data.plotinfo._get("plotlog", False):
            owner.artists.append(LogScale())

    def _volume(self, data: Any, overlay: bool) -> Volume:
        label = "Volume" if overlay else f"Volume ({getattr(data, '_name', '') or ''})"
        opens, closes, volumes = (
            self._values(line) for line in (data.open, data.close, data.volume)
        )
        made = Volume(self.xs, opens, closes, volumes, label, overlay)
        if self.scheme.volume:
            made.most = max(volumes)
        return made

    def _volume_pane(self, data: Any, volume: Volume) -> Pane:
        """The pane of the volume, in the data's place or below it."""
        scheme = self.scheme
        span = scheme.rowsmajor if volume.overlay else scheme.rowsminor
        pane = self._new_pane(data.volume, span)
        pane.artists.append(volume)
        if volume.most and not volume.overlay:
            place = data.plotinfo.legendloc or scheme.legendindloc
            pane.legend = Legend(_named(pane), place, aligned=False)
        return pane

    def _prices(self, data: Any, below: Pane | None) -> Prices:
        scheme, info = self.scheme, data.plotinfo
        prices = [self._values(line) for line in (data.open, data.high, data.low, data.close)]
        closes = prices[3]
        label = getattr(data, "_name", "") or ""
        if hasattr(data, "_compression") and hasattr(data, "_timeframe"):
            frame = TimeFrame.getname(data._timeframe, data._compression)
            label += f" ({data._compression} {frame})"
        told = scheme.linevalues and getattr(info, "plotlinevalues", True)
        color = scheme.loc
        if scheme.style.startswith("line"):
            style = "line"
            if told:
                label += f" C:{closes[-1]:.2f}"
            if below is not None:
                color = self._color(below, following=True)
        else:
            style = "candle" if scheme.style.startswith("candle") else "bar"
            if told:
                last = zip("OHLC", prices, strict=True)
                label += " " + " ".join(f"{key}:{values[-1]:.2f}" for key, values in last)
        tagged = scheme.valuetags and info._get("plotvaluetags", True)
        return Prices(
            self.xs,
            *prices,
            style=style,
            label=label,
            color=color,
            tag=Tag(closes[-1], scheme.loc) if tagged else None,
            # Indicators over a data do not widen its pane.
            holds_limits=bool(info._get("plotylimited", True)) and below is None,
        )

    def _legend(
        self, data: Any, pane: Pane, owner: Pane, prices: Prices, volume: Volume | None
    ) -> None:
        """The legend of a data's pane: data, volume, what is over it, then the next data."""
        entries = _named(pane)
        if not entries:
            return
        if volume is not None:
            entries.insert(owner.placed, (volume.label, volume))
        labels = [label for label, _ in entries]
        entries.insert(owner.placed, entries.pop(labels.index(prices.label)))
        owner.legend = Legend(entries, data.plotinfo.legendloc or self.scheme.legenddataloc)


def _named(pane: Pane) -> list[tuple[str, Artist]]:
    """What a legend of a pane names, in its order."""
    named = [
        (artist.label, artist)
        for artist in pane.artists
        if not isinstance(artist, LogScale) and artist.label and not artist.label.startswith("_")
    ]
    return sorted(named, key=lambda entry: getattr(entry[1], "method", "") in _CONTAINERS)


def _line_options(indicator: Any, i: int) -> Any:
    """The plotlines of line `i`: by number or by name."""
    found = getattr(indicator.plotlines, f"_{i}", None)
    if found is None:
        # Lines of datas without a name have none either, and share what is kept under "".
        found = getattr(indicator.plotlines, indicator.lines._getlinealias(i), None)
    return AutoInfoClass() if found is None else found
