"""Drawing a run with Matplotlib, which is imported here: `cerebro.plot()` is the first to do so."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys

try:
    import matplotlib
except ImportError as missing:
    raise ImportError(
        "Matplotlib seems to be missing. Needed for plotting support: pip install 'fillproof[plot]'"
    ) from missing

_HEADLESS = (
    "fillproof: there is no display, so plots are drawn with Matplotlib's Agg: "
    "cerebro.plot() returns the figures, and figure.savefig(name) saves one."
)


def _has_display() -> bool:
    """Whether a window can be opened: on Linux that takes a display server and Tk."""
    if sys.platform in ("darwin", "win32"):
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        importlib.import_module("tkinter")
    except ImportError:
        return False
    return True


def _choose_backend() -> None:
    """Windows of Tk (on macOS its own) as in the original; without a display, pictures."""
    if _has_display() or "ipykernel" in sys.modules:
        with contextlib.suppress(ImportError):
            matplotlib.use("TKAgg" if sys.platform != "darwin" else "MacOSX")
        return
    chosen = sys.modules.get("matplotlib.pyplot") and matplotlib.get_backend().lower()
    if chosen != "agg":
        matplotlib.use("Agg")
        print(_HEADLESS, file=sys.stderr)


_choose_backend()

from .plot import Plot, Plot_OldSync  # noqa: E402
from .scheme import PlotScheme  # noqa: E402

__all__ = ["Plot", "PlotScheme", "Plot_OldSync"]
