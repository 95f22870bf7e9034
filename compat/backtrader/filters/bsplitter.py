"""A day as two bars."""

from __future__ import annotations

import datetime
from typing import Any

from ..params import ParamsBase


class DaySplitter_Close(ParamsBase):
    """Open, high and low at the session's start, then the close with a part of the volume.

    closevol: the part of the volume that the close has.
    """

    params = (("closevol", 0.5),)

    def __init__(self, data: Any) -> None:
        self.lastdt: datetime.date | None = None

    def __call__(self, data: Any) -> bool:
        day = data.datetime.date()
        if day == self.lastdt:
            # The second bar of the day comes by again.
            return False
        self.lastdt = day
        first = [line[0] for line in data.lines]
        second = first[:]
        first[data.Close] = (first[data.Open] + first[data.High] + first[data.Low]) / 3.0
        volume = first[data.Volume]
        first[data.Volume] = int(volume * (1.0 - self.p.closevol))
        first[data.DateTime] = data.date2num(datetime.datetime.combine(day, data.p.sessionstart))
        for k in (data.Open, data.High, data.Low):
            second[k] = second[data.Close]
        second[data.Volume] = volume - first[data.Volume]
        second[data.DateTime] = data.date2num(datetime.datetime.combine(day, data.p.sessionend))
        data.backwards(force=True)
        data._add2stack(first)
        data._add2stack(second, stash=True)
        return False
