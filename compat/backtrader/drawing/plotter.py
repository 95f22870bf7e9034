"""What the plotters of all libraries share: the scheme."""

from __future__ import annotations

from typing import Any

from ..params import ParamsBase
from .scheme import PlotScheme


class Plotter(ParamsBase):
    """Draws strategies; keywords are settings of the scheme."""

    params = (("scheme", PlotScheme()),)

    def __init__(self, **kwargs: Any) -> None:
        # The scheme is the class's own: settings stay for the plots that follow.
        for name, value in kwargs.items():
            setattr(self.p.scheme, name, value)
        if not hasattr(self.p.scheme, "locbg"):
            self.p.scheme.locbg = "white"
            self.p.scheme.locbgother = "white"
