"""Pipelines on both sides: the market, what cases can use, and how results are shown.

A script `zipline_pipelines.py REQUEST ANSWER [--adapter]`: the request names modules of cases. A
case is a function that takes a `World` and returns anything that `shown` knows; the answer holds
what each returned, or which error it raised.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import importlib
import math
import random
from collections.abc import Callable

import numpy as np
import pandas as pd
import player
import zipline_programs as programs
from zipline_data import indexed, typed

COUNT = 18
#: The first session of results; terms look back before it.
BEGIN, END = "2015-08-03", "2016-05-13"


def make_bundle(seed: int) -> dict:
    """Eighteen assets, sids with gaps: late starts, early ends, gaps, all kinds of actions."""
    rng = random.Random(f"pipelines {seed}")
    days = programs.sessions()
    count = len(days)
    bundle: dict = {"days": days, "assets": [], "splits": [], "mergers": [], "dividends": []}
    for n in range(COUNT):
        sid = 2 * n + 3
        first = rng.randint(20, 130) if n % 5 == 1 else 0
        last = rng.randint(90, count - 30) if n % 5 == 2 else count - 1
        ratios = {}
        if n % 3 == 0:
            ratios = {
                day: rng.choice([0.5, 2.0, 0.3333, 0.1]) for day in _some(rng, first, last, 4)
            }
        bundle["splits"] += [[sid, days[day], ratio] for day, ratio in ratios.items()]
        if n % 4 == 0:
            held = [*_some(rng, first, last - 12, 6), *[d for d in ratios if d < last - 12]]
            for day in sorted(set(held)):
                amount = round(rng.uniform(0.01, 0.9), 3)
                bundle["dividends"].append([sid, amount, days[day], days[day + 5]])
        if n % 6 == 0:
            day = rng.randint(first + 10, last)
            bundle["mergers"].append([sid, days[day], 0.9])
        price, rows = rng.choice([4.0, 12.0, 40.0, 90.0]), []
        for day in range(first, last + 1):
            price = max(price * math.exp(rng.gauss(0, 0.02)) * ratios.get(day, 1.0), 0.05)
            rows.append(_row(rng, price, gaps=n % 7 == 3))
        bundle["assets"].append(
            {
                "sid": sid,
                "symbol": f"A{n:02d}",
                "start": days[first],
                "end": days[last],
                "auto_close": None if last == count - 1 else days[last + 1],
                "rows": rows,
            }
        )
    # The sequence of writing tells nothing of the sequence of sids.
    rng.shuffle(bundle["assets"])
    return bundle


def _some(rng, first: int, last: int, number: int) -> list[int]:
    return sorted(rng.sample(range(first + 1, last), number))


def _row(rng, price: float, gaps: bool) -> list:
    if gaps and rng.random() < 0.2:
        return [None, None, None, None, 0]
    close = round(price, 2)
    open_ = round(close * (1 + rng.gauss(0, 0.005)), 2)
    high = round(max(open_, close) * (1 + rng.random() * 0.01), 2)
    low = round(min(open_, close) * (1 - rng.random() * 0.01), 2)
    high, low = max(high, open_, close), min(low, open_, close)
    return [open_, high, low, close, rng.randint(200, 40_000)]


class World:
    """What a case has at hand: the bundle, its finder and loader, an engine, the dates."""

    def __init__(self) -> None:
        from zipline.data import bundles
        from zipline.pipeline.loaders import EquityPricingLoader
        from zipline.utils.calendar_utils import get_calendar

        self.bundle = bundles.load("programs")
        self.finder = self.bundle.asset_finder
        self.sessions = get_calendar("XNYS").sessions
        self.begin, self.end = pd.Timestamp(BEGIN), pd.Timestamp(END)
        self.pricing = EquityPricingLoader.without_fx(
            self.bundle.equity_daily_bar_reader, self.bundle.adjustment_reader
        )
        self.sids = [2 * n + 3 for n in range(COUNT)]

    def asset(self, n: int):
        """The asset A<n>."""
        return self.finder.retrieve_asset(2 * n + 3)

    def days(self, first: str = BEGIN, last: str = END):
        return self.sessions[(self.sessions >= first) & (self.sessions <= last)]

    def engine(self, loaders=None, **options):
        """An engine: prices from the bundle, other columns from a dictionary of loaders."""
        from zipline.pipeline.data import EquityPricing
        from zipline.pipeline.domain import US_EQUITIES
        from zipline.pipeline.engine import SimplePipelineEngine

        def get_loader(column):
            if column.unspecialize() in EquityPricing.columns:
                return self.pricing
            return (loaders or {})[column.unspecialize()]

        options.setdefault("default_domain", US_EQUITIES)
        return SimplePipelineEngine(get_loader, self.finder, **options)

    def compute(self, columns: dict, screen=None, first=None, last=None, loaders=None, **options):
        """The result of a pipeline."""
        from zipline.pipeline import Pipeline

        start = self.begin if first is None else pd.Timestamp(first)
        end = self.end if last is None else pd.Timestamp(last)
        pipeline = Pipeline(columns, screen, **options)
        return self.engine(loaders).run_pipeline(pipeline, start, end)

    def run(self, initialize, first=BEGIN, last=END, **options):
        """A whole run of an algorithm on the bundle."""
        from zipline import run_algorithm

        return run_algorithm(
            pd.Timestamp(first),
            pd.Timestamp(last),
            initialize,
            1e6,
            bundle="programs",
            benchmark_returns=pd.Series(0.0, pd.date_range(first, last, tz="utc")),
            **options,
        )


def cases() -> tuple[list, Callable]:
    """The list of a module's cases, and the decorator that adds to it."""
    found: list = []

    def case(function):
        found.append(function)
        return function

    return found, case


# What several cases use


def prices():
    from zipline.pipeline.data import USEquityPricing

    return USEquityPricing


def spread_factor():
    from zipline.pipeline import CustomFactor

    us = prices()

    class Spread(CustomFactor):
        inputs = (us.high, us.low, us.volume)
        window_length = 7

        def compute(self, today, assets, out, high, low, volume):
            out[:] = np.nansum((high - low) * volume, axis=0)

    return Spread


def own_data(world):
    """A dataset of every dtype, and frames for it."""
    from zipline.pipeline.data import Column, DataSet

    class Own(DataSet):
        number = Column(float)
        count = Column(np.int64, missing_value=-9)
        yes = Column(bool)
        label = Column(object, missing_value="none")
        day = Column("datetime64[ns]")

    days = world.days("2015-07-20", "2015-10-30")
    sids = [*world.sids[:12:2], 1001]
    shape = (len(days), len(sids))
    rng = np.random.RandomState(5)
    values = {
        "number": rng.normal(size=shape).round(3),
        "count": rng.randint(0, 5, shape),
        "yes": rng.random_sample(shape) < 0.5,
        "label": np.array(["red", "green", "blue", "none"], dtype=object)[rng.randint(0, 4, shape)],
        "day": days.values[rng.randint(0, len(days), shape)],
    }
    frames = {name: pd.DataFrame(one, days, sids) for name, one in values.items()}
    return Own, frames


# How results are shown


def raised(function) -> str:
    """The name of the error that a call raises; fails when it raises none."""
    try:
        found = function()
    except Exception as error:
        return type(error).__name__
    return f"no error but {found!r}"


def shown(value):
    """A result as JSON: types, dtypes, labels and values."""
    if isinstance(value, pd.DataFrame):
        return {
            "type": "DataFrame",
            "index": indexed(value.index),
            "columns": {str(name): _column(value[name]) for name in value.columns},
        }
    if isinstance(value, pd.Series):
        return {"type": "Series", "index": indexed(value.index), **_column(value)}
    if isinstance(value, pd.Index):
        return indexed(value)
    if isinstance(value, np.ndarray):
        return {"type": "array", "dtype": typed(value.dtype), "values": shown(value.tolist())}
    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    return programs.plain(value, {})


def _column(series) -> dict:
    shape: dict = {"dtype": typed(series.dtype), "values": [shown(one) for one in series]}
    if shape["dtype"] == "category":
        shape["categories"] = [shown(one) for one in series.cat.categories]
    return shape


def answer(request: dict) -> dict:
    programs.ingest(make_bundle(request.get("seed", 0)))
    world = World()
    answers = {}
    for name in request["modules"]:
        for case in importlib.import_module(name).CASES:
            try:
                answers[case.__name__] = shown(case(world))
            except Exception as error:
                import traceback

                where = "".join(traceback.format_tb(error.__traceback__)[-3:])
                answers[case.__name__] = {"error": type(error).__name__, "text": f"{where}{error}"}
    return answers


if __name__ == "__main__":
    player.play(answer)
