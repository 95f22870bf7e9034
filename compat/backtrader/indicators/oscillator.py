"""Data minus an average."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from ..iterators import Indicator
from .mabase import averages


def _name_after(indicator: Any, source: Any) -> None:
    """Show the line of `indicator` as that of an oscillator of `source`."""
    try:
        name = source.lines._getlinealias(0)
        indicator.plotlines._0._name = name + "_osc"
    except AttributeError:
        pass


class OscillatorMixIn(Indicator):
    """Joined to an indicator: its first line becomes the data minus itself."""

    plotlines: ClassVar = {"_0": {"_name": "osc"}}

    def _plotinit(self):
        _name_after(self, self)

    def __init__(self) -> None:
        self.lines[0] = self.data - self.lines[0]
        super().__init__()


class Oscillator(Indicator):
    """The data minus a second one, or the data of an indicator minus the indicator."""

    lines = ("osc",)
    plotlines: ClassVar = {"_0": {"_name": "osc"}}

    def _plotinit(self):
        _name_after(self, self.dataosc)

    def __init__(self) -> None:
        super().__init__()
        self.dataosc = self.data1 if len(self.datas) > 1 else self.data
        source = self.data if len(self.datas) > 1 else self.data.data
        self.lines[0] = source - self.dataosc


def _make(average: Any) -> None:
    """The oscillator of an average, and its aliases."""
    name = f"{average.__name__}Oscillator"
    aliases = [alias + end for alias in average.alias for end in ("Oscillator", "Osc")]
    space = {
        "__doc__": f"The data minus its {average.__name__}.",
        "__module__": __name__,
        "_notregister": True,
        "alias": [f"{average.__name__}Osc", *aliases],
    }
    made = type(average)(name, (average, OscillatorMixIn), space)
    setattr(sys.modules[__name__], name, made)


for _average in averages():
    _make(_average)
