"""Filters of feeds."""

from ..data import AbstractDataBase, TimeFrame
from ..flt import Filter
from .bsplitter import DaySplitter_Close
from .calendardays import CalendarDays
from .datafiller import DataFiller
from .datafilter import DataFilter
from .daysteps import BarReplayer_Open, DayStepsFilter
from .heikinashi import HeikinAshi
from .renko import Renko
from .session import SessionFiller, SessionFilter, SessionFilterSimple

__all__ = [
    "AbstractDataBase",
    "BarReplayer_Open",
    "CalendarDays",
    "DataFiller",
    "DataFilter",
    "DaySplitter_Close",
    "DayStepsFilter",
    "Filter",
    "HeikinAshi",
    "Renko",
    "SessionFiller",
    "SessionFilter",
    "SessionFilterSimple",
    "TimeFrame",
]
