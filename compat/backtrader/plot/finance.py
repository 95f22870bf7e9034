"""Bars of prices and volumes as artists, each with its picture in the legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import colors as mcolors
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from .utils import shade_color

Values = Sequence[float]


def _with_alpha(color: Any, alpha: float) -> tuple[float, float, float, float]:
    return (*mcolors.to_rgb(color), alpha)


def _by_direction(opens: Values, closes: Values, up: Any, down: Any) -> list[Any]:
    """`up` for each bar that closes above its open, else `down`."""
    return [up if start < end else down for start, end in zip(opens, closes, strict=False)]


class _InLegend:
    """An artist that draws a small one of its kind in the legend."""

    #: How many bars the small one has.
    _bars: int
    #: Whether `legend.legend_handles` holds all its artists, or the only one.
    _shown_as_tuple = True

    def _register(self, artist: Any) -> None:
        # The map is the class's: every legend draws this artist through us.
        handlers: Any = {artist: self}
        Legend.update_default_handler_map(handlers)

    def _small(self, xs: list[float], width: float, height: float, bottom: float) -> tuple:
        """The artists of the small one: x of each bar, width of one, height and lower end."""
        raise NotImplementedError

    def legend_artist(self, legend: Any, orig_handle: Any, fontsize: Any, handlebox: Any) -> Any:
        width = handlebox.width / self._bars
        xs = [handlebox.xdescent + width * (i + 0.5) for i in range(self._bars)]
        artists = self._small(xs, width, handlebox.height, handlebox.ydescent)
        for artist in artists:
            artist.set_transform(handlebox.get_transform())
            handlebox.add_artist(artist)
        return artists if self._shown_as_tuple else artists[0]


class CandlestickPlotHandler(_InLegend):
    """Candles: boxes between open and close, and wicks."""

    legend_opens: Values = (0.5, 0.5, 0.5)
    legend_highs: Values = (1.0, 1.0, 1.0)
    legend_lows: Values = (0.0, 0.0, 0.0)
    legend_closes: Values = (0.8, 0.0, 1.0)
    _bars = 3

    def __init__(
        self,
        ax: Any,
        x: Values,
        opens: Values,
        highs: Values,
        lows: Values,
        closes: Values,
        colorup: Any = "k",
        colordown: Any = "r",
        edgeup: Any = None,
        edgedown: Any = None,
        tickup: Any = None,
        tickdown: Any = None,
        width: float = 1,
        tickwidth: float = 1,
        edgeadjust: float = 0.05,
        edgeshading: float = -10,
        alpha: float = 1.0,
        label: str = "_nolegend",
        fillup: bool = True,
        filldown: bool = True,
        **kwargs: Any,
    ) -> None:
        def edge(given: Any, body: Any) -> Any:
            return (_with_alpha(given, alpha),) if given else shade_color(body, edgeshading)

        self.colorup = _with_alpha(colorup, alpha)
        self.colordown = _with_alpha(colordown, alpha)
        self.edgeup = edge(edgeup, self.colorup)
        self.edgedown = edge(edgedown, self.colordown)
        self.tickup = (_with_alpha(tickup, alpha),) if tickup else self.edgeup
        self.tickdown = (_with_alpha(tickdown, alpha),) if tickdown else self.edgedown
        self.barcol, self.tickcol = self.barcollection(
            x,
            opens,
            highs,
            lows,
            closes,
            width,
            tickwidth,
            edgeadjust,
            label=label,
            fillup=fillup,
            filldown=filldown,
            **kwargs,
        )
        # The wicks lie under the boxes.
        ax.add_collection(self.tickcol)
        ax.add_collection(self.barcol)
        ax.update_datalim(((0, min(lows)), (len(opens), max(highs))))
        ax.autoscale_view()
        self._register(self.barcol)

    def _small(self, xs: list[float], width: float, height: float, bottom: float) -> tuple:
        prices = self.legend_opens, self.legend_highs, self.legend_lows, self.legend_closes
        return self.barcollection(xs, *prices, width, 2, scaling=height, bot=bottom)

    def barcollection(
        self,
        xs: Values,
        opens: Values,
        highs: Values,
        lows: Values,
        closes: Values,
        width: float,
        tickwidth: float = 1,
        edgeadjust: float = 0,
        label: str = "_nolegend",
        scaling: float = 1.0,
        bot: float = 0,
        fillup: bool = True,
        filldown: bool = True,
        **kwargs: Any,
    ) -> tuple[PolyCollection, LineCollection]:
        """(boxes, wicks); prices are `price * scaling + bot`."""
        half = width / 2 - edgeadjust
        o, h, low, c = (
            [price * scaling + bot for price in prices] for prices in (opens, highs, lows, closes)
        )
        boxes = [
            ((x - half, start), (x - half, end), (x + half, end), (x + half, start))
            for x, start, end in zip(xs, o, c, strict=False)
        ]
        bars = list(zip(xs, o, h, low, c, strict=False))
        above = [((x, high), (x, max(start, end))) for x, start, high, _, end in bars]
        below = [((x, least), (x, min(start, end))) for x, start, _, least, end in bars]
        fill_up = self.colorup if fillup else "None"
        fill_down = self.colordown if filldown else "None"
        barcol = PolyCollection(
            boxes,
            facecolors=_by_direction(opens, closes, fill_up, fill_down),
            edgecolors=_by_direction(opens, closes, self.edgeup, self.edgedown),
            antialiaseds=(0,),
            linewidths=(0.5,),
            label=label,
            **kwargs,
        )
        kwargs["zorder"] = barcol.get_zorder() * 0.9999
        tickcol = LineCollection(
            above + below,
            colors=_by_direction(opens, closes, self.tickup, self.tickdown),
            linewidths=(tickwidth,),
            antialiaseds=(0,),
            **kwargs,
        )
        return barcol, tickcol


def plot_candlestick(
    ax: Any,
    x: Values,
    opens: Values,
    highs: Values,
    lows: Values,
    closes: Values,
    colorup: Any = "k",
    colordown: Any = "r",
    edgeup: Any = None,
    edgedown: Any = None,
    tickup: Any = None,
    tickdown: Any = None,
    width: float = 1,
    tickwidth: float = 1.25,
    edgeadjust: float = 0.05,
    edgeshading: float = -10,
    alpha: float = 1.0,
    label: str = "_nolegend",
    fillup: bool = True,
    filldown: bool = True,
    **kwargs: Any,
) -> tuple:
    """Draw candles; returns (boxes, wicks)."""
    made = CandlestickPlotHandler(
        ax,
        x,
        opens,
        highs,
        lows,
        closes,
        colorup,
        colordown,
        edgeup,
        edgedown,
        tickup,
        tickdown,
        width,
        tickwidth,
        edgeadjust,
        edgeshading,
        alpha,
        label,
        fillup,
        filldown,
        **kwargs,
    )
    return made.barcol, made.tickcol


class VolumePlotHandler(_InLegend):
    """Columns of volume."""

    legend_vols: Values = (0.5, 1.0, 0.75)
    legend_opens: Values = (0, 1, 0)
    legend_closes: Values = (1, 0, 1)
    _bars = 3
    _shown_as_tuple = False

    def __init__(
        self,
        ax: Any,
        x: Values,
        opens: Values,
        closes: Values,
        volumes: Values,
        colorup: Any = "k",
        colordown: Any = "r",
        edgeup: Any = None,
        edgedown: Any = None,
        edgeshading: float = -5,
        edgeadjust: float = 0.05,
        width: float = 1,
        alpha: float = 1.0,
        **kwargs: Any,
    ) -> None:
        def edge(given: Any, body: Any) -> Any:
            return _with_alpha(given, alpha) if given else shade_color(body, edgeshading)

        self.colorup = _with_alpha(colorup, alpha)
        self.colordown = _with_alpha(colordown, alpha)
        self.edgeup = edge(edgeup, self.colorup)
        self.edgedown = edge(edgedown, self.colordown)
        ax.update_datalim(((0, 0), (len(closes), max(volumes))))
        ax.autoscale_view()
        self.barcol = self.barcollection(
            x, opens, closes, volumes, width=width, edgeadjust=edgeadjust, **kwargs
        )
        ax.add_collection(self.barcol)
        self._register(self.barcol)

    def _small(self, xs: list[float], width: float, height: float, bottom: float) -> tuple:
        bars = self.legend_opens, self.legend_closes, self.legend_vols
        return (self.barcollection(xs, *bars, width=width, vscaling=height, vbot=bottom),)

    def barcollection(
        self,
        x: Values,
        opens: Values,
        closes: Values,
        vols: Values,
        width: float,
        edgeadjust: float = 0,
        vscaling: float = 1.0,
        vbot: float = 0,
        **kwargs: Any,
    ) -> PolyCollection:
        """The columns; a volume is `volume * vscaling` above `vbot`."""
        half = width / 2 - edgeadjust
        tops = [vbot + volume * vscaling for volume in vols]
        columns = [
            ((i - half, vbot), (i - half, top), (i + half, top), (i + half, vbot))
            for i, top in zip(x, tops, strict=False)
        ]
        return PolyCollection(
            columns,
            facecolors=_by_direction(opens, closes, self.colorup, self.colordown),
            edgecolors=_by_direction(opens, closes, self.edgeup, self.edgedown),
            antialiaseds=(0,),
            linewidths=(0.5,),
            **kwargs,
        )


def plot_volume(
    ax: Any,
    x: Values,
    opens: Values,
    closes: Values,
    volumes: Values,
    colorup: Any = "k",
    colordown: Any = "r",
    edgeup: Any = None,
    edgedown: Any = None,
    edgeshading: float = -5,
    edgeadjust: float = 0.05,
    width: float = 1,
    alpha: float = 1.0,
    **kwargs: Any,
) -> tuple:
    """Draw volumes; returns (columns,)."""
    made = VolumePlotHandler(
        ax,
        x,
        opens,
        closes,
        volumes,
        colorup,
        colordown,
        edgeup,
        edgedown,
        edgeshading,
        edgeadjust,
        width,
        alpha,
        **kwargs,
    )
    return (made.barcol,)


class OHLCPlotHandler(_InLegend):
    """Bars from low to high with ticks at open and close."""

    legend_opens: Values = (0.5, 0.5, 0.5)
    legend_highs: Values = (1.0, 1.0, 1.0)
    legend_lows: Values = (0.0, 0.0, 0.0)
    legend_closes: Values = (0.8, 0.2, 0.9)
    _bars = 3

    def __init__(
        self,
        ax: Any,
        x: Values,
        opens: Values,
        highs: Values,
        lows: Values,
        closes: Values,
        colorup: Any = "k",
        colordown: Any = "r",
        width: float = 1,
        tickwidth: float = 0.5,
        alpha: float = 1.0,
        label: str = "_nolegend",
        **kwargs: Any,
    ) -> None:
        self.colorup = _with_alpha(colorup, alpha)
        self.colordown = _with_alpha(colordown, alpha)
        made = self.barcollection(
            x, opens, highs, lows, closes, width=width, tickwidth=tickwidth, label=label, **kwargs
        )
        self.barcol, self.opencol, self.closecol = made
        for collection in made:
            ax.add_collection(collection)
        ax.update_datalim(((0, min(lows)), (len(opens), max(highs))))
        ax.autoscale_view()
        self._register(self.barcol)

    def _small(self, xs: list[float], width: float, height: float, bottom: float) -> tuple:
        prices = self.legend_opens, self.legend_highs, self.legend_lows, self.legend_closes
        return self.barcollection(xs, *prices, width=1.5, tickwidth=2, scaling=height, bot=bottom)

    def barcollection(
        self,
        xs: Values,
        opens: Values,
        highs: Values,
        lows: Values,
        closes: Values,
        width: float,
        tickwidth: float,
        label: str = "_nolegend",
        scaling: float = 1.0,
        bot: float = 0,
        **kwargs: Any,
    ) -> tuple[LineCollection, LineCollection, LineCollection]:
        """(bars, ticks of opens, ticks of closes); prices are `price * scaling + bot`."""
        o, h, low, c = (
            [price * scaling + bot for price in prices] for prices in (opens, highs, lows, closes)
        )
        ranges = [((x, least), (x, most)) for x, most, least in zip(xs, h, low, strict=False)]
        starts = [((x - tickwidth, at), (x, at)) for x, at in zip(xs, o, strict=False)]
        ends = [((x, at), (x + tickwidth, at)) for x, at in zip(xs, c, strict=False)]
        kwargs |= {
            "colors": _by_direction(opens, closes, self.colorup, self.colordown),
            "antialiaseds": (0,),
        }
        return (
            LineCollection(ranges, linewidths=(width,), label=label, **kwargs),
            LineCollection(starts, linewidths=(tickwidth,), label="_nolegend", **kwargs),
            LineCollection(ends, linewidths=(tickwidth,), label="_nolegend", **kwargs),
        )


def plot_ohlc(
    ax: Any,
    x: Values,
    opens: Values,
    highs: Values,
    lows: Values,
    closes: Values,
    colorup: Any = "k",
    colordown: Any = "r",
    width: float = 1.5,
    tickwidth: float = 0.5,
    alpha: float = 1.0,
    label: str = "_nolegend",
    **kwargs: Any,
) -> tuple:
    """Draw bars; returns (bars, ticks of opens, ticks of closes)."""
    made = OHLCPlotHandler(
        ax,
        x,
        opens,
        highs,
        lows,
        closes,
        colorup,
        colordown,
        width,
        tickwidth,
        alpha,
        label,
        **kwargs,
    )
    return made.barcol, made.opencol, made.closecol


class LineOnClosePlotHandler(_InLegend):
    """A line through the closes."""

    legend_closes: Values = (0.0, 0.66, 0.33, 1.0)
    _bars = 4

    def __init__(
        self,
        ax: Any,
        x: Values,
        closes: Values,
        color: Any = "k",
        width: float = 1,
        alpha: float = 1.0,
        label: str = "_nolegend",
        **kwargs: Any,
    ) -> None:
        self.color = color
        self.alpha = alpha
        (self.loc,) = self.barcollection(x, closes, width=width, label=label, **kwargs)
        ax.add_line(self.loc)
        ax.update_datalim(((x[0], min(closes)), (x[-1], max(closes))))
        ax.autoscale_view()
        self._register(self.loc)

    def _small(self, xs: list[float], width: float, height: float, bottom: float) -> tuple:
        return self.barcollection(xs, self.legend_closes, width=1.5, scaling=height, bot=bottom)

    def barcollection(
        self,
        xs: Values,
        closes: Values,
        width: float,
        label: str = "_nolegend",
        scaling: float = 1.0,
        bot: float = 0,
        **kwargs: Any,
    ) -> tuple[Line2D]:
        """(the line,); prices are `price * scaling + bot`."""
        scaled = [close * scaling + bot for close in closes]
        line = Line2D(
            xs, scaled, color=self.color, lw=width, label=label, alpha=self.alpha, **kwargs
        )
        return (line,)


def plot_lineonclose(
    ax: Any,
    x: Values,
    closes: Values,
    color: Any = "k",
    width: float = 1.5,
    alpha: float = 1.0,
    label: str = "_nolegend",
    **kwargs: Any,
) -> tuple:
    """Draw a line through the closes; returns (the line,)."""
    made = LineOnClosePlotHandler(
        ax, x, closes, color=color, width=width, alpha=alpha, label=label, **kwargs
    )
    return (made.loc,)
