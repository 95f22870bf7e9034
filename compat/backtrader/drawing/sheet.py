"""What a plot shows, as data: a sheet has panes, a pane has artists in the order of drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .scheme import PlotScheme

Values = Sequence[float]


@dataclass(eq=False, repr=False)
class Tag:
    """A value that is written beside its line, behind the last bar; `edge` is a color."""

    value: float
    edge: str


@dataclass(eq=False, repr=False)
class Fill:
    """An area between two lines at `xs`, where `where` holds (None: everywhere)."""

    xs: Values
    first: Any
    second: Any
    where: Any
    color: Any
    alpha: float


@dataclass(eq=False, repr=False)
class Curve:
    """A line of an indicator or observer.

    `method` and `style` are the name and the keywords of Matplotlib's method that draws it, as
    scripts write them in `plotlines`; `style` always has a label. `name` is that of the line,
    without the value that a label ends with.
    """

    xs: Any
    ys: Any
    method: str
    style: dict[str, Any]
    name: str = ""
    tag: Tag | None = None
    fills: list[Fill] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.style["label"]


@dataclass(eq=False, repr=False)
class Prices:
    """The prices of a data: `style` is "line", "candle" or "bar".

    `holds_limits`: what is drawn later does not widen the pane; `pushup`: by how much of it the
    lower limit is lowered, for the volume below.
    """

    xs: Values
    opens: Values
    highs: Values
    lows: Values
    closes: Values
    style: str
    label: str
    color: str
    tag: Tag | None
    holds_limits: bool
    pushup: float = 0.0


@dataclass(eq=False, repr=False)
class Volume:
    """The volume of a data, `overlay` under its prices or in a pane of its own."""

    xs: Values
    opens: Values
    closes: Values
    volumes: Values
    label: str
    overlay: bool
    most: float = 0.0


class LogScale:
    """From here on values are drawn by their logarithm."""


Artist = Curve | Prices | Volume | LogScale


@dataclass(eq=False, repr=False)
class Dress:
    """What a pane of indicators has: free space, ticks (None: some), and levels across it."""

    margin: float
    ticks: Any
    levels: Sequence[float]


@dataclass(eq=False, repr=False)
class Legend:
    """The artists that a legend names, by label; `place` as Matplotlib names it."""

    entries: list[tuple[str, Artist]]
    place: Any
    aligned: bool = True


@dataclass(eq=False, repr=False)
class Pane:
    """`span` rows from `row` on, or what lies over the pane `below` with an axis of its own.

    `of`: the object whose pane it is; None of a pane that another data lays over it.
    """

    of: Any
    row: int
    span: int
    below: Pane | None = None
    artists: list[Artist] = field(default_factory=list)
    dress: Dress | None = None
    legend: Legend | None = None
    #: The number of the color that was taken last; how many entries of the legend are placed.
    color: int = -1
    placed: int = 0

    @property
    def base(self) -> Pane:
        """The pane that lies under all others in this place."""
        return self if self.below is None else self.below.base


@dataclass(eq=False, repr=False)
class Sheet:
    """One figure: `times` of its bars (x counts them), and panes in the order of their making.

    `mouse`: the format of the time that is shown under the mouse.
    """

    scheme: PlotScheme
    times: Values
    rows: int
    mouse: str
    panes: list[Pane] = field(default_factory=list)
