"""What a plot looks like."""

from ..drawing.scheme import PlotScheme, tab10_index, tableau10, tableau10_light, tableau20

__all__ = ["PlotScheme", "tab10_index", "tableau10", "tableau10_light", "tableau20"]
