"""What a plot looks like: sizes, colours, what is shown."""

from __future__ import annotations

from typing import Any

_PAIRS = (
    ("steelblue", "lightsteelblue"),
    ("darkorange", "peachpuff"),
    ("green", "lightgreen"),
    ("crimson", "lightcoral"),
    ("mediumpurple", "thistle"),
    ("saddlebrown", "rosybrown"),
    ("orchid", "lightpink"),
    ("gray", "lightgray"),
    ("olive", "palegoldenrod"),
    ("mediumturquoise", "paleturquoise"),
)
tableau20 = [color for pair in _PAIRS for color in pair]
tableau10 = ["blue", *(strong for strong, _ in _PAIRS[1:])]
tableau10_light = [light for _, light in _PAIRS]

#: The order in which the ten colours are taken: the first line of a pane is crimson.
tab10_index = [3, 0, 2, 1, 2, 4, 5, 6, 7, 8, 9]


class PlotScheme:
    """The settings of a plot; `cerebro.plot(name=value)` sets them."""

    def __init__(self) -> None:
        #: Whether the values fill the height of a pane; how much is left free otherwise.
        self.ytight = False
        self.yadjust = 0.0
        #: Whether later lines of a pane lie under the earlier ones.
        self.zdown = True
        self.tickrotation = 15
        #: Rows of a data's pane and of an indicator's.
        self.rowsmajor = 5
        self.rowsminor = 1
        #: The distance of panes.
        self.plotdist = 0.0
        self.grid = True
        #: "line", "bar" or "candle", and the colours: of the line, of rising and falling bars.
        self.style = "line"
        self.loc = "black"
        self.barup = "0.75"
        self.bardown = "red"
        self.bartrans = 1.0
        self.barupfill = True
        self.bardownfill = True
        self.baralpha = 1.0
        self.fillalpha = 0.2
        #: Whether volume is drawn, in the data's pane or in its own, and how high.
        self.volume = True
        self.voloverlay = True
        self.volscaling = 0.33
        self.volpushup = 0.0
        self.volup = "#aaaaaa"
        self.voldown = "#cc6073"
        self.voltrans = 0.5
        self.subtxttrans = 0.66
        self.subtxtsize = 9
        self.legendtrans = 0.25
        self.legendind = True
        self.legendindloc = "upper left"
        self.legenddataloc = "upper left"
        #: Whether the last values stand in the legend, and beside their line.
        self.linevalues = True
        self.valuetags = True
        self.hlinescolor = "0.66"
        self.hlinesstyle = "--"
        self.hlineswidth = 1.0
        self.lcolors = tableau10
        #: Formats of times: of ticks, and under the mouse (None: by the time frame).
        self.fmt_x_ticks: str | None = "%Y-%m-%d %H:%M"
        self.fmt_x_data: str | None = None

    locbg: Any
    locbgother: Any

    def color(self, idx: int) -> str:
        """The colour of the line with this number in its pane."""
        return self.lcolors[tab10_index[idx % len(tab10_index)]]
