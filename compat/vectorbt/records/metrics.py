"""How the lines of the tables of statistics of records are declared."""

from __future__ import annotations

from ..generic.stats_builder import StatsBuilderMixin


def metric(title: str, calc_func, tags, **more) -> dict:
    """A line of a table of statistics: its title and how `StatsBuilderMixin.stats` gets it."""
    return {"title": title, "calc_func": calc_func, **more, "tags": tags}


def in_percent(self, out, settings):
    """A part as a percentage."""
    return out * 100


#: Start, end and period: the first lines of every table.
METRICS_OF_ROWS: dict = dict(StatsBuilderMixin._metrics)
