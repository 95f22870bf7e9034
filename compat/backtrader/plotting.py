"""`Cerebro.plot()`: draws what `run()` returned."""

from __future__ import annotations

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
        **kwargs: Any,
    ) -> list[Any] | None:
        """Draw the strategies of the last run.

        `kwargs` are settings of the default plotter's scheme. `start` and `end` are indexes or
        dates. `use` goes to the plotter; the default one, as the original, makes nothing of it,
        nor of width, height, dpi and tight, which its `savefig` takes.

        Returns a list of figures for each strategy; None after a run that kept no bars.
        """
        if self._exactbars > 0:
            return None
        if not plotter:
            from . import plot

            plotter = plot.Plot(**kwargs)
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
