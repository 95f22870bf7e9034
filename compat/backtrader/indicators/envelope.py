"""Lines at a distance from another line."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from ..iterators import Indicator
from .mabase import averages


class EnvelopeMixIn:
    """Joined to an indicator: lines `perc` percent above and below its first line."""

    lines: Any = ("top", "bot")
    params: Any = (("perc", 2.5),)
    p: Any
    plotlines: ClassVar = {"top": {"_samecolor": True}, "bot": {"_samecolor": True}}

    def __init__(self) -> None:
        share = self.p.perc / 100.0
        self.lines.top = self.lines[0] * (1.0 + share)
        self.lines.bot = self.lines[0] * (1.0 - share)
        super().__init__()


class _EnvelopeBase(Indicator):
    lines = ("src",)
    plotinfo: ClassVar = {"subplot": False}
    plotlines: ClassVar = {"src": {"_plotskip": True}}

    def __init__(self) -> None:
        self.lines.src = self.data
        super().__init__()


class Envelope(_EnvelopeBase, EnvelopeMixIn):
    """The data, and lines `perc` percent above and below it."""


def _make(average: Any) -> None:
    """The envelope of an average, and its aliases."""
    name = f"{average.__name__}Envelope"
    space = {
        "__doc__": f"A {average.__name__}, and lines `perc` percent above and below it.",
        "__module__": __name__,
        "_notregister": True,
        "alias": [f"{alias}Envelope" for alias in average.alias],
    }
    made = type(average)(name, (average, EnvelopeMixIn), space)
    setattr(sys.modules[__name__], name, made)


for _average in averages():
    _make(_average)
