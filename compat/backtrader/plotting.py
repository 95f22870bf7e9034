"""`Cerebro.plot()`: draws what `run()` returned."""

from __future__ import annotations

import os
import warnings
from typing import Any


class Plotting:
    """The part of `Cerebro` that draws."""

    p: Any
    runstrats: list[Any]
    _exactbars: int

    def plot(
        self,
        plotter: Any = None,
        numfigs: int = 1,
        iplot: bool = True,
        start: Any = None,
        end: Any = None,
        width: float = 16,
        height: float = 9,
        dpi: float = 300,
        tight: bool = True,
        use: Any = None,
        backend: str | None = None,
        **kwargs: Any,
    ) -> list[Any] | None:
        """Draw the strategies of the last run.

        `backend` is "matplotlib" or "bokeh"; by default what the environment variable
        FILLPROOF_PLOT says, else Matplotlib. `kwargs` are settings of the default plotter's
        scheme; with Bokeh also `filename` and `browser`, see `drawing.page.BokehPlot`. `start` and
        `end` are indexes or dates. `use` goes to the plotter; the default one, as the original,
        makes nothing of it, nor of width, height, dpi and tight, which its `savefig` takes.

        Returns a list of figures (with Bokeh: charts) for each strategy; None after a run that
        kept no bars. ValueError for a backend that there is not.
        """
        if self._exactbars > 0:
            return None
        if not plotter:
            plotter = _plotter(backend, kwargs)
        figures = []
        for strategies in self.runstrats:
            for number, strategy in enumerate(strategies):
                figures.append(
                    plotter.plot(
                        strategy,
                        figid=number * 100,
                        numfigs=numfigs,
                        iplot=iplot,
                        start=start,
                        end=end,
                        use=use,
                    )
                )
            with warnings.catch_warnings():
                # Without a display that is known, and said already.
                warnings.filterwarnings("ignore", ".*is non-interactive", UserWarning)
                plotter.show()
        return figures


def _plotter(backend: str | None, settings: dict[str, Any]) -> Any:
    """The plotter of the chosen library."""
    chosen = backend or os.environ.get("FILLPROOF_PLOT") or "matplotlib"
    if chosen == "matplotlib":
        from . import plot

        return plot.Plot(**settings)
    if chosen == "bokeh":
        from .drawing.page import BokehPlot

        return BokehPlot(**settings)
    source = "cerebro.plot(backend=...)" if backend else "the environment variable FILLPROOF_PLOT"
    raise ValueError(f"{source} is 'matplotlib' or 'bokeh', not {chosen!r}")
