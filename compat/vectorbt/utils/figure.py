"""Plotly figures with the layout of the settings. Plotly is imported here and nowhere before."""

from __future__ import annotations

from typing import Any

from .._settings import settings
from .config import merge_dicts

try:
    from plotly import graph_objects as go
    from plotly.graph_objects import Figure as _Figure
    from plotly.graph_objects import FigureWidget as _FigureWidget
    from plotly.subplots import make_subplots as _make_subplots
except ImportError as error:
    raise ImportError(
        "VectorBT's figures are drawn with Plotly, which is not installed: "
        "pip install 'fillproof[plot]'"
    ) from error

__all__ = [
    "Figure",
    "FigureMixin",
    "FigureWidget",
    "get_domain",
    "go",
    "make_figure",
    "make_subplots",
]

settings.register_templates()


def get_domain(ref: str, fig) -> tuple:
    """The part of the page that an axis ("x", "y2") takes."""
    axis = f"{ref[0]}axis{ref[1:]}"
    domain = fig.layout[axis]["domain"] if axis in fig.layout else None
    return (0, 1) if domain is None else domain


class FigureMixin:
    """Figures that are shown as pictures, too."""

    layout: Any

    def __init__(self, *args, **kwargs) -> None:
        layout = merge_dicts(settings["plotting"]["layout"], kwargs.pop("layout", {}))
        if args or isinstance(kwargs.get("data"), (_Figure, dict)):
            # Whole figures have a layout of their own below ours.
            super().__init__(*args, **kwargs)
            self.update_layout(**layout)  # pyright: ignore[reportAttributeAccessIssue]
        else:
            # At once, as Plotly is slow to put a template in the place of another.
            super().__init__(layout=layout, **kwargs)  # pyright: ignore[reportCallIssue]

    def show(self, *args, **kwargs) -> None:
        """Show the figure; `kwargs` over `settings["plotting"]["show_kwargs"]`."""
        size = {"width": self.layout.width, "height": self.layout.height}
        options = merge_dicts(size, settings["plotting"]["show_kwargs"], kwargs)
        _Figure.show(self, *args, **options)  # pyright: ignore[reportArgumentType]

    def show_png(self, **kwargs) -> None:
        self.show(renderer="png", **kwargs)

    def show_svg(self, **kwargs) -> None:
        self.show(renderer="svg", **kwargs)


class Figure(FigureMixin, _Figure):
    """A figure."""


class FigureWidget(FigureMixin, _FigureWidget):  # pyright: ignore[reportGeneralTypeIssues]
    """A figure that lives in a notebook."""


def make_figure(*args, **kwargs) -> Any:
    """A `FigureWidget` where the settings want that and the notebook's part is installed, else a
    `Figure`: they hold the same.
    """
    if settings["plotting"]["use_widgets"]:
        try:
            return FigureWidget(*args, **kwargs)
        except ImportError:
            pass
    return Figure(*args, **kwargs)


def make_subplots(*args, **kwargs) -> Any:
    """A figure of several subplots; arguments as Plotly's."""
    if kwargs.get("figure") is None:
        return _make_subplots(*args, **{**kwargs, "figure": make_figure()})
    return make_figure(_make_subplots(*args, **kwargs))
