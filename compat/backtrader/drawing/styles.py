"""Words of Matplotlib for colors, lines and markers, as in `plotlines`, in those of Bokeh."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from typing import Any, NamedTuple

from ..unsupported import unsupported

RGB = tuple[float, float, float]

_LETTERS = {
    "b": "#0000ff",
    "g": "#008000",
    "r": "#ff0000",
    "c": "#00bfbf",
    "m": "#bf00bf",
    "y": "#bfbf00",
    "k": "#000000",
    "w": "#ffffff",
}
#: The colors of Matplotlib's cycle: C0 to C9, or with their names.
_CYCLE = {
    "tab:blue": "#1f77b4",
    "tab:orange": "#ff7f0e",
    "tab:green": "#2ca02c",
    "tab:red": "#d62728",
    "tab:purple": "#9467bd",
    "tab:brown": "#8c564b",
    "tab:pink": "#e377c2",
    "tab:gray": "#7f7f7f",
    "tab:olive": "#bcbd22",
    "tab:cyan": "#17becf",
}
_KNOWN: dict[Any, Any] = {
    **_LETTERS,
    **_CYCLE,
    **{f"C{i}": hexed for i, hexed in enumerate(_CYCLE.values())},
}

_DASHES: dict[Any, str] = {
    "-": "solid",
    "solid": "solid",
    "--": "dashed",
    "dashed": "dashed",
    "-.": "dashdot",
    "dashdot": "dashdot",
    ":": "dotted",
    "dotted": "dotted",
}
_NOTHING = ("", " ", "None", "none", None)

#: Matplotlib's markers: Bokeh's name, and by how many degrees it is turned.
_MARKERS: dict[Any, tuple[str, float]] = {
    ".": ("dot", 0.0),
    ",": ("dot", 0.0),
    "o": ("circle", 0.0),
    "8": ("circle", 0.0),
    "^": ("triangle", 0.0),
    "v": ("inverted_triangle", 0.0),
    "<": ("triangle", 90.0),
    ">": ("triangle", -90.0),
    "1": ("y", 0.0),
    "2": ("y", 180.0),
    "3": ("y", -90.0),
    "4": ("y", 90.0),
    "s": ("square", 0.0),
    "p": ("hex", 0.0),
    "h": ("hex", 0.0),
    "H": ("hex", 90.0),
    "*": ("star", 0.0),
    "+": ("cross", 0.0),
    "P": ("cross", 0.0),
    "x": ("x", 0.0),
    "X": ("x", 0.0),
    "D": ("diamond", 0.0),
    "d": ("diamond", 0.0),
    "|": ("dash", 90.0),
    "_": ("dash", 0.0),
}

#: A point, in which Matplotlib measures markers and widths, in pixels of a screen.
POINT = 4.0 / 3.0

_PLACES = {
    "upper left": "top_left",
    "upper center": "top_center",
    "upper right": "top_right",
    "center left": "center_left",
    "center": "center",
    "center right": "center_right",
    "right": "center_right",
    "lower left": "bottom_left",
    "lower center": "bottom_center",
    "lower right": "bottom_right",
}


class Marker(NamedTuple):
    """A marker of Bokeh, turned by so many degrees."""

    name: str
    angle: float


def rgb(color: Any) -> RGB:
    """The parts of a color, from 0 to 1; ValueError for one that is not known."""
    if isinstance(color, tuple | list):
        red, green, blue = color[:3]
        return float(red), float(green), float(blue)
    text: str = _KNOWN.get(color, color)
    if not text.startswith("#"):
        try:
            gray = float(text)
        except ValueError:
            text = _named(text)
        else:
            return gray, gray, gray
    digits = text[1:]
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _named(name: str) -> str:
    from bokeh.colors import named

    try:
        return getattr(named, name.lower().replace(" ", "")).to_hex()
    except AttributeError:
        message = f"{name!r} is no color that Bokeh knows; write it as '#rrggbb'"
        raise ValueError(message) from None


def color_of(color: Any, alpha: float = 1.0) -> str:
    """A color as Bokeh takes it everywhere; its own alpha, if it has one, times `alpha`."""
    if color in ("None", "none"):
        return "#00000000"
    if isinstance(color, tuple | list) and len(color) == 4:
        alpha *= color[3]
    parts = [*rgb(color), alpha] if alpha < 1.0 else rgb(color)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def shaded(color: RGB, percent: float) -> RGB:
    """The color with its lightness changed by `percent` of it."""
    hue, light, saturation = rgb_to_hls(*color)
    light = max(0, min(1, light * (1 + float(percent) / 100)))
    return hls_to_rgb(hue, light, saturation)


def dash_of(style: Any) -> Any:
    """A line's dashes; None for a line that is not drawn."""
    if style in _NOTHING:
        return None
    if isinstance(style, tuple):
        offset_and_lengths: Any = style
        return [round(length * POINT) for length in offset_and_lengths[1]]
    return _DASHES[style]


def marker_of(marker: Any) -> Marker | None:
    """The marker for one of Matplotlib's; None for no marker."""
    if marker in _NOTHING:
        return None
    if marker not in _MARKERS:
        raise unsupported(
            f"the marker {marker!r} in a plot with Bokeh",
            "Draw with Matplotlib, or choose one of " + " ".join(_MARKERS),
        )
    return Marker(*_MARKERS[marker])


def place_of(place: Any) -> str:
    """Where a legend stands; Matplotlib's choice of the best place is the upper left."""
    return _PLACES.get(place, "top_left")
