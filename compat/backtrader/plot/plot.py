"""Drawing a strategy with Matplotlib: a figure for each sheet of its layout."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import matplotlib
from matplotlib import font_manager as mfontmgr
from matplotlib import ticker as mticker

from ..drawing.layout import lay_out
from ..drawing.plotter import Plotter
from ..drawing.sheet import Artist, Curve, Dress, Fill, Legend, Pane, Prices, Sheet, Tag, Volume
from ..unsupported import unsupported
from .finance import plot_candlestick, plot_lineonclose, plot_ohlc, plot_volume
from .formatters import MyDateFormatter, MyVolFormatter
from .locator import AutoDateFormatter, AutoDateLocator
from .multicursor import MultiCursor
from .scheme import PlotScheme
from .utils import tag_box_style

_LEGEND = {"numpoints": 1, "frameon": False, "shadow": False, "fancybox": False}

#: Methods of the original in which it decides what is drawn where.
_DECIDING = ("calcrows", "plotdata", "plotind", "plotvolume", "sortdataindicators")


class PInfo:
    """What is known while a strategy is drawn: places and orders of drawing by axes."""

    sheet: Sheet

    def __init__(self, sch: PlotScheme) -> None:
        self.sch = sch
        self.nrows = 0
        self.row = 0
        self.clock: Any = None
        #: The times of the bars, which x counts.
        self.xreal: Any = None
        self.xlen = 0
        self.sharex: Any = None
        self.figs: list[Any] = []
        self.cursors: list[Any] = []
        #: Axes by the object that they were made for, and those that lie over others.
        self.daxis: dict[Any, Any] = {}
        self.vaxis: list[Any] = []
        self.zorder: dict[Any, float] = {}
        self.prop = mfontmgr.FontProperties(size=sch.subtxtsize)

    def newfig(self, figid: int, numfig: int, mpyplot: Any) -> Any:
        fig = mpyplot.figure(figid + numfig)
        self.figs.append(fig)
        self.daxis = {}
        self.vaxis = []
        self.sharex = None
        return fig

    def zordernext(self, ax: Any) -> float:
        return self.zorder[ax] * (0.9999 if self.sch.zdown else 1.0001)

    def zordercur(self, ax: Any) -> float:
        return self.zorder[ax]


class Plot_OldSync(Plotter):
    """Draws strategies with Matplotlib; keywords are settings of the scheme."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in _DECIDING:
            if name in vars(cls):
                advice = "Say what is drawn where by plotinfo, plotlines and the scheme."
                raise unsupported(f"{name} of an own Plot", advice)

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
        pinf = self.pinf = PInfo(self.p.scheme)
        pinf.clock = strategy
        for numfig, sheet in enumerate(lay_out(strategy, pinf.sch, start, end, numfigs)):
            pinf.newfig(figid, numfig, mpyplot)
            pinf.sheet = sheet
            pinf.nrows = sheet.rows
            pinf.xreal = sheet.times
            pinf.xlen = len(sheet.times)
            self._draw(sheet)
        return pinf.figs

    def _draw(self, sheet: Sheet) -> None:
        """Draw a sheet into the current figure."""
        axes: dict[Pane, Any] = {}
        artists: dict[Artist, Any] = {}
        for pane in sheet.panes:
            if pane.below is None:
                self.pinf.row = pane.row
                ax = self.newaxis(pane.of, pane.span)
            else:
                ax = self._overaxis(pane.of, axes[pane.below])
            axes[pane] = ax
            for artist in pane.artists:
                artists[artist] = self._draw_artist(ax, artist)
            if pane.dress is not None:
                self._dress(ax, pane.dress)
        for pane in sheet.panes:
            if pane.legend is not None:
                self._legend(axes[pane], pane.legend, artists)
        self._finish()

    def newaxis(self, obj: Any, rowspan: int) -> Any:
        """The pane of `obj`, of so many rows."""
        pinf = self.pinf
        ax = self.mpyplot.subplot2grid(
            (pinf.nrows, 1), (pinf.row, 0), rowspan=rowspan, sharex=pinf.sharex
        )
        if pinf.sharex is None:
            pinf.sharex = ax
        pinf.daxis[obj] = ax
        ax.yaxis.tick_right()
        ax.grid(pinf.sch.grid, which="both")
        return ax

    def _overaxis(self, obj: Any, below: Any) -> Any:
        """Axes over others."""
        ax = below.twinx()
        self.pinf.vaxis.append(ax)
        if obj is not None:
            self.pinf.daxis[obj] = ax
        return ax

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
        shown = MyDateFormatter(pinf.xreal, fmt=pinf.sheet.mouse)
        for axes in pinf.daxis.values():
            axes.fmt_xdata = shown
        locator = AutoDateLocator(pinf.xreal)
        ax.xaxis.set_major_locator(locator)
        if sch.fmt_x_ticks is None:
            ax.xaxis.set_major_formatter(AutoDateFormatter(pinf.xreal, locator))
        else:
            ax.xaxis.set_major_formatter(MyDateFormatter(pinf.xreal, fmt=sch.fmt_x_ticks))

    # Artists

    def _draw_artist(self, ax: Any, artist: Artist) -> Any:
        """Draw one; returns what stands for it in a legend."""
        if isinstance(artist, Curve):
            return self._curve(ax, artist)
        if isinstance(artist, Prices):
            return self._prices(ax, artist)
        if isinstance(artist, Volume):
            return self._volume(ax, artist)
        ax.set_yscale("log")
        return None

    def _tag(self, ax: Any, tag: Tag, face: Any) -> None:
        self.drawtag(ax, self.pinf.xlen, tag.value, facecolor=face, edgecolor=tag.edge)

    def _curve(self, ax: Any, curve: Curve) -> Any:
        pinf = self.pinf
        style = {"aa": True, **curve.style}
        if ax in pinf.zorder:
            style["zorder"] = pinf.zordernext(ax)
        drawn = first = getattr(ax, curve.method)(curve.xs, curve.ys, **style)
        with contextlib.suppress(TypeError, IndexError):
            first = drawn[0]
        pinf.zorder[ax] = first.get_zorder()
        if curve.tag is not None:
            self._tag(ax, curve.tag, pinf.sch.locbgother)
        for fill in curve.fills:
            self._fill(ax, fill)
        # A container has the label itself, its parts have none.
        return drawn if hasattr(drawn, "get_label") else first

    def _fill(self, ax: Any, fill: Fill) -> None:
        where = {} if fill.where is None else {"where": fill.where}
        ax.fill_between(
            fill.xs,
            fill.first,
            fill.second,
            facecolor=fill.color,
            alpha=fill.alpha,
            interpolate=True,
            **where,
        )

    def _prices(self, ax: Any, prices: Prices) -> Any:
        pinf, sch = self.pinf, self.pinf.sch
        label, xs = prices.label, prices.xs
        bars = prices.opens, prices.highs, prices.lows, prices.closes
        colors: Any = {"colorup": sch.barup, "colordown": sch.bardown}
        if prices.style == "line":
            plotted = plot_lineonclose(ax, xs, prices.closes, color=prices.color, label=label)
        elif prices.style == "candle":
            plotted = plot_candlestick(
                ax,
                xs,
                *bars,
                **colors,
                label=label,
                alpha=sch.baralpha,
                fillup=sch.barupfill,
                filldown=sch.bardownfill,
            )
        else:
            plotted = plot_ohlc(ax, xs, *bars, **colors, label=label)
        pinf.zorder[ax] = plotted[0].get_zorder()
        if prices.tag is not None:
            self._tag(ax, prices.tag, sch.locbg)
        ax.yaxis.set_major_locator(mticker.MaxNLocator(prune="both"))
        if prices.holds_limits:
            ax.set_ylim(ax.get_ylim())
        if prices.pushup:
            bottom, top = ax.get_ylim()
            ax.set_ylim(bottom * (1.0 - prices.pushup), top)
        return plotted[0]

    def _volume(self, ax: Any, volume: Volume) -> Any:
        sch, most = self.pinf.sch, volume.most
        if not most:
            ax.set_yticks([])
            return None
        (columns,) = plot_volume(
            ax,
            volume.xs,
            volume.opens,
            volume.closes,
            volume.volumes,
            colorup=sch.volup,
            colordown=sch.voldown,
            alpha=sch.voltrans if volume.overlay else 1.0,
            label=volume.label,
        )
        if volume.overlay:
            ax.set_ylim(0, most / sch.volscaling, auto=True)
            locator = mticker.MaxNLocator(nbins=int(6 / sch.volscaling), prune=None)
        else:
            locator = mticker.MaxNLocator(nbins=6, prune="both")
        ax.yaxis.set_major_locator(locator)
        ax.yaxis.set_major_formatter(MyVolFormatter(most))
        return columns

    def _dress(self, ax: Any, dress: Dress) -> None:
        sch = self.pinf.sch
        if dress.margin:
            ax.margins(y=dress.margin)
        if dress.ticks:
            ax.set_yticks(dress.ticks)
        else:
            ax.yaxis.set_major_locator(mticker.MaxNLocator(nbins=4, prune="both"))
        for level in dress.levels:
            ax.axhline(level, color=sch.hlinescolor, ls=sch.hlinesstyle, lw=sch.hlineswidth)

    def _legend(self, ax: Any, legend: Legend, artists: dict[Artist, Any]) -> None:
        drawn = ax.legend(
            [artists[artist] for _, artist in legend.entries],
            [label for label, _ in legend.entries],
            loc=legend.place,
            prop=self.pinf.prop,
            ncol=1,
            **_LEGEND,
        )
        if legend.aligned:
            drawn._legend_box.align = "left"

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
