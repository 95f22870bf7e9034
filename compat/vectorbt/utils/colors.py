"""Colors as Plotly wants them. Those that are not "#rrggbb" are Matplotlib's to understand."""

from __future__ import annotations

import colorsys
import re
from importlib import import_module
from typing import Any

_HEX = re.compile("#[0-9a-fA-F]{6}")


def _parts(color: Any) -> tuple[float, float, float]:
    """Red, green and blue, each from 0 to 1."""
    if isinstance(color, str) and _HEX.fullmatch(color):
        red, green, blue = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return red, green, blue
    return _matplotlib("matplotlib.colors").to_rgb(color)


def _matplotlib(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportError(
            "names of colors and color maps are Matplotlib's, which is not installed: "
            "pip install 'fillproof[plot]'"
        ) from error


def _numbers(parts) -> str:
    return ",".join(str(int(part * 255)) for part in parts)


def rgb_from_cmap(cmap_name: str, value: float, value_range: tuple[float, float]) -> str:
    """The color that a color map of Matplotlib has for `value` in `value_range`."""
    low, high = value_range
    place = 0.5 if low == high else (value - low) / (high - low)
    red, green, blue = (
        round(part * 255) for part in _matplotlib("matplotlib").colormaps[cmap_name](place)[:3]
    )
    return f"rgb({red},{green},{blue})"


def adjust_opacity(color: Any, opacity: float) -> str:
    """The color, so much of it visible: 0 nothing, 1 all."""
    return f"rgba({_numbers(_parts(color))},{opacity:.4f})"


def adjust_lightness(color: Any, amount: float = 0.7) -> str:
    """The color, `amount` times as light."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(color))
    lightness = min(max(amount * lightness, 0), 1)
    return f"rgb({_numbers(colorsys.hls_to_rgb(hue, lightness, saturation))})"
