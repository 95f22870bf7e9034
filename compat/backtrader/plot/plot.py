"""Drawing a strategy: a pane for each data, its indicators above, in and below it.

`Panes` says what is drawn where; `Plot` draws it, a figure after the other.
"""

from __future__ import annotations

import bisect
import contextlib
import datetime
import math
import operator
import sys
from collections import defaultdict
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager as mfontmgr
from matplotlib import ticker as mticker

from ..data import TimeFrame
from ..dates import date2num
from ..info import AutoInfoClass
from ..lines import SingleLine
from ..params import ParamsBase
from .finance import plot_candlestick, plot_lineonclose, plot_ohlc, plot_volume
from .formatters import MyDateFormatter, MyVolFormatter
from .locator import AutoDateFormatter, AutoDateLocator
from .multicursor import MultiCursor
from .scheme import PlotScheme
from .utils import tag_box_style

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

_LEGEND = {"numpoints": 1, "frameon": False, "shadow": False, "fancybox": False}


class PInfo:
    """What is known while a strategy is drawn: places, colours and legends by axes."""

    pstart: int
    pend: int
    psize: int
    xstart: int
    xend: int

    def __init__(self, sch: PlotScheme) -> None:
        self.sch = sch
        self.nrows = 0
        self.row = 0
        self.clock: Any = None
        #: x of every bar of the strategy, their times, and x of the bars of what is drawn now.
        self.x: Any = None
        self.xlen = 0
        self.xreal: Any = None
        self.xdata: Any = None
        self.sharex: Any = None
        self.figs: list[Any] = []
        self.cursors: list[Any] = []
        self.daxis: dict[Any, Any] = {}
        #: Axes laid over others, of datas with their volume in one pane.
        self.vaxis: list[Any] = []
        self.zorder: dict[Any, float] = {}
        self.coloridx: dict[Any, int] = defaultdict(lambda: -1)
        self.handles: dict[Any, list] = defaultdict(list)
        self.labels: dict[Any, list] = defaultdict(list)
        self.legpos: dict[Any, int] = defaultdict(int)
        self.prop = mfontmgr.FontProperties(size=sch.subtxtsize)

    def newfig(self, figid: int, numfig: int, mpyplot: Any) -> Any:
        fig = mpyplot.figure(figid + numfig)
        self.figs.append(fig)
        self.daxis = {}
        self.vaxis = []
        self.row = 0
        self.sharex = None
        return fig

    def nextcolor(self, ax: Any) -> int:
        self.coloridx[ax] += 1
        return self.coloridx[ax]

    def color(self, ax: Any) -> str:
        return self.sch.color(self.coloridx[ax])

    def zordernext(self, ax: Any) -> float:
        return self.zorder[ax] * (0.9999 if self.sch.zdown else 1.0001)

    def zordercur(self, ax: Any) -> float:
        return self.zorder[ax]


def _master(obj: Any) -> Any:
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


class Panes:
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
        master = _master(indicator)
        if master is not None:
            key = master
        if not info.subplot or master is not None:
            self.over[key].append(indicator)
        elif info.plotabove:
            self.above[key].append(indicator)
        else:
            self.below[key].append(indicator)

    def rows(self, strategy: Any, sch: PlotScheme) -> int:
        """How many rows all panes take; what belongs to hidden datas goes."""
        rows = 0
        for data in strategy.datas:
            if not data.plotinfo.plot:
                for places in (self.above, self.below, self.over):
                    places.pop(data, None)
            elif _master(data) is not None:
                rows += sch.rowsminor if sch.volume else 0
            else:
                rows += sch.rowsmajor
                if sch.volume and not sch.voloverlay:
                    rows += sch.rowsminor
        rows += len(self.top) * sch.rowsminor
        return rows + sum(len(v) for places in (self.above, self.below) for v in places.values())


class Plot_OldSync(ParamsBase):
    """Draws strategies; keywords are settings of the scheme."""

    params = (("scheme", PlotScheme()),)

    def __init__(self, **kwargs: Any) -> None:
        # The scheme is the class's own: settings stay for the plots that follow.
        for name, value in kwargs.items():
            setattr(self.p.scheme, name, value)
        if not hasattr(self.p.scheme, "locbg"):
            self.p.scheme.locbg = "white"
            self.p.scheme.locbgother = "white"

    def drawtag(
        self,
        ax: Any,
        x: float,
        y: float,
        facecolor: Any,
        edgecolor: Any,
        alpha: float = 0.9,
        **kwargs: Any,
    ) -> None:
        """Write a value beside its line."""
        box = {
            "boxstyle": tag_box_style,
            "facecolor": facecolor,
            "edgecolor": edgecolor,
            "alpha": alpha,
        }
        ax.text(
            x,
            y,
            f"{y:.2f}",
            va="center",
            ha="left",
            fontsize=self.pinf.sch.subtxtsize,
            bbox=box,
            # Above every line of the pane.
            zorder=self.pinf.zorder[ax] + 3.0,
            **kwargs,
        )

    def plot(
        self,
        strategy: Any,
        figid: int = 0,
        numfigs: int = 1,
        iplot: bool = True,
        start: Any = None,
        end: Any = None,
        **kwargs: Any,
    ) -> list[Any] | None:
        """Draw a strategy that has run; returns the figures, or None where there is no bar."""
        if not strategy.datas or not len(strategy):
            return None
        if iplot and "ipykernel" in sys.modules:
            matplotlib.use("nbagg")
        import matplotlib.pyplot as mpyplot

        self.mpyplot = mpyplot
        self.pinf = PInfo(self.p.scheme)
        self.panes = Panes(strategy)
        self.pinf.nrows = self.panes.rows(strategy, self.pinf.sch)
        first, size = _range(strategy.lines.datetime.plot(), start, end)
        each, rest = divmod(size, numfigs)
        figures = []
        for numfig in range(numfigs):
            begin = first + numfig * each
            count = each + rest if numfig == numfigs - 1 else each
            figures.append(self.pinf.newfig(figid, numfig, mpyplot))
            self._draw(strategy, begin, count)
        return figures

    def _draw(self, strategy: Any, begin: int, size: int) -> None:
        """Draw `size` bars into the current figure."""
        pinf, panes = self.pinf, self.panes
        pinf.pstart = pinf.xstart = begin
        pinf.pend = pinf.xend = begin + size
        pinf.psize = size
        pinf.clock = strategy
        pinf.xreal = strategy.datetime.plot(begin, size)
        pinf.xlen = len(pinf.xreal)
        pinf.x = pinf.xdata = list(range(pinf.xlen))
        for observer in panes.top:
            self.plotind(None, observer, subinds=panes.over[observer])
        for data in strategy.datas:
            if not data.plotinfo.plot:
                continue
            self._follow(data)
            for indicator in panes.above[data]:
                self._plot_with_own(data, indicator)
            self.plotdata(data, panes.over[data])
            for indicator in panes.below[data]:
                self._plot_with_own(data, indicator)
        self._finish()

    def _follow(self, data: Any) -> None:
        """Where the bars of `data` stand among those of the strategy."""
        pinf = self.pinf
        pinf.xdata = pinf.x
        if len(data.datetime.plotrange(pinf.xstart, pinf.xend)) >= pinf.xlen:
            return
        times, drawn = data.datetime.plot(), pinf.xreal
        shown = [time for time in times if drawn[0] <= time <= drawn[-1]]
        pinf.xdata = [bisect.bisect_left(drawn, time) for time in shown]
        # The datas that follow are cut here as well, as there.
        pinf.xstart = bisect.bisect_left(times, shown[0])
        pinf.xend = bisect.bisect_right(times, shown[-1])

    def _plot_with_own(self, data: Any, indicator: Any) -> None:
        panes = self.panes
        self.plotind(
            data,
            indicator,
            subinds=panes.over[indicator],
            upinds=panes.above[indicator],
            downinds=panes.below[indicator],
        )

    def _finish(self) -> None:
        """Cursor, margins and ticks of the figure that was drawn last."""
        pinf, pyplot = self.pinf, self.mpyplot
        fig = pinf.figs[-1]
        axes = list(pinf.daxis.values())
        cursor = MultiCursor(
            fig.canvas, axes, horizOn=True, color="black", lw=1, ls=":", vertMulti=True
        )
        pinf.cursors.append(cursor)
        fig.subplots_adjust(hspace=pinf.sch.plotdist, top=0.98, left=0.05, bottom=0.05, right=0.95)
        last = next(ax for ax in reversed(axes) if ax not in pinf.vaxis)
        self.setlocators(last)
        for ax in axes:
            pyplot.setp(ax.get_xticklabels(), visible=False)
        pyplot.setp(last.get_xticklabels(), visible=True, rotation=pinf.sch.tickrotation)
        pyplot.autoscale(enable=True, axis="both" if pinf.sch.ytight else "x", tight=True)

    def setlocators(self, ax: Any) -> None:
        """Times at the lowest pane, and under the mouse."""
        pinf, sch = self.pinf, self.pinf.sch
        finest = min(pinf.clock.datas, key=lambda data: (data._timeframe, data._compression))
        mouse = sch.fmt_x_data or _TIMES[finest._timeframe]
        shown = MyDateFormatter(pinf.xreal, fmt=mouse)
        for axes in pinf.daxis.values():
            axes.fmt_xdata = shown
        locator = AutoDateLocator(pinf.xreal)
        ax.xaxis.set_major_locator(locator)
        if sch.fmt_x_ticks is None:
            ax.xaxis.set_major_formatter(AutoDateFormatter(pinf.xreal, locator))
        else:
            ax.xaxis.set_major_formatter(MyDateFormatter(pinf.xreal, fmt=sch.fmt_x_ticks))

    def newaxis(self, obj: Any, rowspan: int) -> Any:
        """The next pane, of so many rows."""
        pinf = self.pinf
        ax = self.mpyplot.subplot2grid(
            (pinf.nrows, 1), (pinf.row, 0), rowspan=rowspan, sharex=pinf.sharex
        )
        if pinf.sharex is None:
            pinf.sharex = ax
        pinf.row += rowspan
        pinf.daxis[obj] = ax
        ax.yaxis.tick_right()
        ax.grid(pinf.sch.grid, which="both")
        return ax

    # Indicators and observers

    def plotind(
        self,
        iref: Any,
        ind: Any,
        subinds: Any = None,
        upinds: Any = None,
        downinds: Any = None,
        masterax: Any = None,
    ) -> None:
        """Draw an indicator in a pane of its own, or in `masterax`."""
        for other in upinds or ():
            self.plotind(iref, other)
        ax = masterax or self.newaxis(ind, rowspan=self.pinf.sch.rowsminor)
        self._plotlines(ind, ax, masterax)
        for other in subinds or ():
            self.plotind(iref, other, subinds=self.panes.over[other], masterax=ax)
        if not masterax:
            self._dress(ind, ax)
        for other in downinds or ():
            self.plotind(iref, other)

    def _plotlines(self, ind: Any, ax: Any, masterax: Any) -> None:
        """The lines of an indicator; the name of all stands before one of them."""
        options = [_line_options(ind, i) for i in range(ind.size())]
        # Lines that are not curves come behind: the name goes to the first that is one.
        before = sum(
            1 - how._get("_plotskip", False)
            for how in options
            if how._get("_method", "plot") != "plot"
        )
        if before >= ind.size():
            before = 0
        name = ind.plotlabel()
        for i, how in enumerate(options):
            if how._get("_plotskip", False):
                continue
            if masterax and not ind.plotinfo.plotlinelabels:
                label = name * (not before) or "_nolegend"
            else:
                label = (name + "\n") * (not before)
                label += how._get("_name", "") or ind.lines._getlinealias(i)
            before -= 1
            self._plotline(ind, ind.lines[i], how, ax, label)

    def _plotline(self, ind: Any, line: Any, how: Any, ax: Any, label: str) -> None:
        pinf, sch = self.pinf, self.pinf.sch
        values = line.plotrange(pinf.xstart, pinf.xend)
        if sch.linevalues and ind.plotinfo.plotlinevalues and how._get("_plotvalue", True):
            label += "" if math.isnan(values[-1]) else f" {values[-1]:.2f}"
        given = how._getkwargs(skip_=True)
        style: dict[str, Any] = {}
        if given.get("color", None) is None:
            if not how._get("_samecolor", False):
                pinf.nextcolor(ax)
            style["color"] = pinf.color(ax)
        style.update(aa=True, label=label)
        style.update(given)
        if ax in pinf.zorder:
            style["zorder"] = pinf.zordernext(ax)
        xs, ys = pinf.xdata, values
        if how._get("_skipnan", False):
            known = np.isfinite(np.array(values))
            xs, ys = np.array(xs)[known], np.array(values)[known]
        artist = getattr(ax, how._get("_method", "plot"))(xs, ys, **style)
        with contextlib.suppress(TypeError, IndexError):
            artist = artist[0]
        pinf.zorder[ax] = artist.get_zorder()
        tagged = how._get("plotvaluetags", True) and how._get("_plotvaluetag", True)
        if sch.valuetags and tagged and not math.isnan(values[-1]):
            self.drawtag(
                ax,
                len(pinf.xreal),
                values[-1],
                facecolor=sch.locbgother,
                edgecolor=pinf.color(ax),
            )
        for option, compare in _FILLS:
            limit, color = how._get(option, (None, None))
            if limit is not None:
                self._fill(ind, ax, values, limit, color, compare)

    def _fill(self, ind: Any, ax: Any, values: Any, limit: Any, color: Any, compare: Any) -> None:
        """Fill from a line to a number or to another line, where the comparison holds."""
        pinf = self.pinf
        one = np.array(values)
        if isinstance(limit, int):
            other = np.full_like(one, limit)
        else:
            other = np.array(getattr(ind, limit).plotrange(pinf.xstart, pinf.xend))
        alpha = pinf.sch.fillalpha
        if isinstance(color, list | tuple):
            color, alpha = color
        where = {} if compare is None else {"where": compare(one, other)}
        ax.fill_between(
            pinf.xdata, one, other, facecolor=color, alpha=alpha, interpolate=True, **where
        )

    def _dress(self, ind: Any, ax: Any) -> None:
        """Margin, ticks, levels and legend of an indicator's own pane."""
        sch, info = self.pinf.sch, ind.plotinfo
        margin = max(info._get("plotymargin", 0.0), sch.yadjust)
        if margin:
            ax.margins(y=margin)
        ticks = info._get("plotyticks", []) or info._get("plotyhlines", [])
        if ticks:
            ax.set_yticks(ticks)
        else:
            ax.yaxis.set_major_locator(mticker.MaxNLocator(nbins=4, prune="both"))
        for level in info._get("plothlines", []) or info._get("plotyhlines", []):
            ax.axhline(level, color=sch.hlinescolor, ls=sch.hlinesstyle, lw=sch.hlineswidth)
        if sch.legendind and info._get("plotlegend", True) and ax.get_legend_handles_labels()[1]:
            self._legend(ax, (), info.legendloc or sch.legendindloc)

    def _legend(self, ax: Any, entries: tuple, loc: Any, align: bool = True, **more: Any) -> None:
        legend = ax.legend(*entries, loc=loc, prop=self.pinf.prop, **_LEGEND, **more)
        if align:
            legend._legend_box.align = "left"

    # Datas

    def plotvolume(
        self,
        data: Any,
        opens: Any,
        highs: Any,
        lows: Any,
        closes: Any,
        volumes: Any,
        label: str,
    ) -> Any:
        """Draw the volume in the data's pane or, without overlay, in its own."""
        pinf, sch = self.pinf, self.pinf.sch
        overlay = sch.voloverlay and _master(data) is None
        ax = self.newaxis(data.volume, rowspan=sch.rowsmajor if overlay else sch.rowsminor)
        most = max(volumes)
        if not most:
            ax.set_yticks([])
            return None
        (columns,) = plot_volume(
            ax,
            pinf.xdata,
            opens,
            closes,
            volumes,
            colorup=sch.volup,
            colordown=sch.voldown,
            alpha=sch.voltrans if overlay else 1.0,
            label=label,
        )
        if overlay:
            ax.set_ylim(0, most / sch.volscaling, auto=True)
            locator = mticker.MaxNLocator(nbins=int(6 / sch.volscaling), prune=None)
        else:
            if ax.get_legend_handles_labels()[0]:
                place = data.plotinfo.legendloc or sch.legendindloc
                self._legend(ax, (), place, align=False)
            locator = mticker.MaxNLocator(nbins=6, prune="both")
        ax.yaxis.set_major_locator(locator)
        ax.yaxis.set_major_formatter(MyVolFormatter(most))
        return columns

    def plotdata(self, data: Any, indicators: list[Any]) -> None:
        """Draw a data with what is over it; what these have above and below them as well."""
        pinf, sch, panes = self.pinf, self.pinf.sch, self.panes
        for ind in indicators:
            for other in panes.above[ind]:
                self._plot_with_own(data, other)
        prices = [
            getattr(data, name).plotrange(pinf.xstart, pinf.xend)
            for name in ("open", "high", "low", "close")
        ]
        volumes = data.volume.plotrange(pinf.xstart, pinf.xend)
        name = getattr(data, "_name", "") or ""
        master = _master(data)
        overlay = sch.voloverlay and master is None
        volume_name = "Volume" if overlay else f"Volume ({name})"
        bars: Any = (*prices, volumes, volume_name)
        columns, below = None, None
        if sch.volume and overlay:
            columns = self.plotvolume(data, *bars)
            ax = pinf.daxis[data.volume].twinx()
            pinf.daxis[data] = ax
            pinf.vaxis.append(ax)
        elif master is None:
            ax = self.newaxis(data, rowspan=sch.rowsmajor)
        else:
            below = pinf.daxis[master]
            if getattr(data.plotinfo, "sameaxis", False):
                ax = below
            else:
                ax = below.twinx()
                pinf.vaxis.append(ax)
        label = self._plotprices(data, ax, below, prices, name)
        ax.yaxis.set_major_locator(mticker.MaxNLocator(prune="both"))
        if data.plotinfo._get("plotylimited", True) and below is None:
            # Indicators over the data do not widen its pane.
            ax.set_ylim(ax.get_ylim())
        if sch.volume and not overlay:
            self.plotvolume(data, *bars)
        elif sch.volume and sch.volpushup:
            bottom, top = ax.get_ylim()
            ax.set_ylim(bottom * (1.0 - sch.volpushup), top)
        for ind in indicators:
            self.plotind(data, ind, subinds=panes.over[ind], masterax=ax)
        self._datalegend(data, ax, below, label, (volume_name, columns) if overlay else None)
        for ind in indicators:
            for other in panes.below[ind]:
                self._plot_with_own(data, other)
        pinf.legpos[below or ax] = len(pinf.handles[below or ax])
        if data.plotinfo._get("plotlog", False):
            (below or ax).set_yscale("log")

    def _plotprices(self, data: Any, ax: Any, below: Any, prices: list[Any], label: str) -> str:
        """Draw the prices of a data; returns their label."""
        pinf, sch = self.pinf, self.pinf.sch
        closes = prices[3]
        if hasattr(data, "_compression") and hasattr(data, "_timeframe"):
            frame = TimeFrame.getname(data._timeframe, data._compression)
            label += f" ({data._compression} {frame})"
        told = sch.linevalues and getattr(data.plotinfo, "plotlinevalues", True)
        colors = {"colorup": sch.barup, "colordown": sch.bardown}
        if sch.style.startswith("line"):
            if told:
                label += f" C:{closes[-1]:.2f}"
            color = sch.loc
            if below is not None:
                pinf.nextcolor(below)
                color = pinf.color(below)
            plotted = plot_lineonclose(ax, pinf.xdata, closes, color=color, label=label)
        else:
            if told:
                last = (
                    f"{key}:{values[-1]:.2f}" for key, values in zip("OHLC", prices, strict=True)
                )
                label += " " + " ".join(last)
            if sch.style.startswith("candle"):
                plotted = plot_candlestick(
                    ax,
                    pinf.xdata,
                    *prices,
                    **colors,
                    label=label,
                    alpha=sch.baralpha,
                    fillup=sch.barupfill,
                    filldown=sch.bardownfill,
                )
            else:
                plotted = plot_ohlc(ax, pinf.xdata, *prices, **colors, label=label)
        pinf.zorder[ax] = plotted[0].get_zorder()
        if sch.valuetags and data.plotinfo._get("plotvaluetags", True):
            self.drawtag(ax, len(pinf.xreal), closes[-1], facecolor=sch.locbg, edgecolor=sch.loc)
        return label

    def _datalegend(self, data: Any, ax: Any, below: Any, label: str, volume: Any) -> None:
        """The legend of a data's pane: data, volume, what is over it, then the next data."""
        pinf, sch = self.pinf, self.pinf.sch
        handles, labels = ax.get_legend_handles_labels()
        if not handles:
            return
        owner = below or ax
        place = pinf.legpos[owner]
        if volume is not None and sch.volume and volume[1] is not None:
            labels.insert(place, volume[0])
            handles.insert(place, volume[1])
        at = labels.index(label)
        labels.insert(place, labels.pop(at))
        handles.insert(place, handles.pop(at))
        pinf.handles[owner], pinf.labels[owner] = handles, labels
        self._legend(
            owner,
            (handles, labels),
            data.plotinfo.legendloc or sch.legenddataloc,
            ncol=1,
        )

    # What is done with figures

    def show(self) -> None:
        """Open the windows, if there can be any."""
        self.mpyplot.show()

    def savefig(
        self,
        fig: Any,
        filename: Any,
        width: float = 16,
        height: float = 9,
        dpi: float = 300,
        tight: bool = True,
    ) -> None:
        """Save a figure of width x height inches."""
        fig.set_size_inches(width, height)
        fig.savefig(filename, dpi=dpi, bbox_inches="tight" if tight else None)


Plot = Plot_OldSync


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


def _line_options(ind: Any, i: int) -> Any:
    """The plotlines of line `i`: by number or by name."""
    found = getattr(ind.plotlines, f"_{i}", None)
    if found is None:
        found = getattr(ind.plotlines, ind.lines._getlinealias(i) or "_", None)
    return AutoInfoClass() if found is None else found
