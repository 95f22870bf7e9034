"""Shapes and colours."""

from __future__ import annotations

from typing import Any

from matplotlib import colors as mplcolors
from matplotlib.path import Path

from ..drawing.styles import shaded


def tag_box_style(
    x0: float,
    y0: float,
    width: float,
    height: float,
    mutation_size: float,
    mutation_aspect: float = 1,
) -> Path:
    """The outline of a value's tag: a box that points to the left."""
    pad = 0.2 * mutation_size
    left, bottom = x0 - pad, y0 - pad
    right, top = left + (width + 2.0 * pad), bottom + (height + 2.0 * pad)
    tip = (left - pad, (bottom + top) / 2.0)
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), tip]
    codes = [Path.MOVETO, *[Path.LINETO] * 5, Path.CLOSEPOLY]
    return Path([*corners, corners[0], corners[0]], codes)


def shade_color(color: Any, percent: float) -> tuple[float, float, float]:
    """The colour with its lightness changed by `percent` of it."""
    return shaded(mplcolors.to_rgb(color), percent)
