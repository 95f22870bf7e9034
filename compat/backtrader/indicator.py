"""Where Backtrader keeps the base of indicators, and an indicator for plots."""

from __future__ import annotations

from typing import Any

from .info import AutoInfoClass, lines_name
from .iterators import Indicator
from .lines import SingleLine
from .unsupported import missing

MetaIndicator = type(Indicator)


class MetaLinePlotterIndicator(MetaIndicator):
    """Each object adds a line to the class; the first line, whatever its name, has the values."""

    def __call__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        line = kwargs.pop("name")
        cls._line_names = (*cls._line_names, line)
        cls.plotlines = AutoInfoClass._derive(cls.__name__, {line: {}}, [], recurse=True)
        cls._made_lines = None  # made anew when somebody asks
        return super().__call__(*args, **kwargs)


class LinePlotterIndicator(Indicator, metaclass=MetaLinePlotterIndicator):
    """A line of an object or of an operation (`name=` how plots call it), for plots to show."""

    def _set_up(self) -> None:
        line: Any = self.data
        if not isinstance(line, SingleLine):
            raise AttributeError(f"{lines_name(type(line))[:50]!r} object has no attribute 'owner'")
        if line._owner._clock is None:
            kind = lines_name(type(line._owner))[:50]
            raise AttributeError(f"{kind!r} object has no attribute '_clock'")
        line._line0.addbinding(self._line0)


__all__ = [
    "Indicator",
    "LinePlotterIndicator",
    "MetaIndicator",
]


def __getattr__(name: str):
    raise missing("indicator", name)
