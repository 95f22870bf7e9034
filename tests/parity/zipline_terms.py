"""Built-in terms of pipelines, computed by whichever zipline is imported.

A script FILE REQUEST ANSWER [--adapter]. The request holds a seed and texts of terms; the answer
what each gives over the same sessions of a generated bundle: values by column, or the error.
Nothing but the standard library, NumPy and pandas may be imported at the top.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

ASSETS, DAYS, SHOWN = 26, 150, 45
#: Terms computed by one pipeline, unless one of them fails.
TOGETHER = 40


class Market:
    """Daily bars of 26 assets with what makes pipelines hard.

    Assets 0 to 12 trade all the time; then late starters, early ends and gaps; 20 never moves; 21
    never trades in the last months. Splits, mergers and dividends fall on all of them.
    """

    def __init__(self, seed: int, days: pd.DatetimeIndex) -> None:
        rng = np.random.RandomState(seed)
        self.days = days
        shape = (DAYS, ASSETS)
        close = 20 * np.exp(np.cumsum(rng.normal(0, 0.02, shape), axis=0)) + rng.rand(ASSETS) * 30
        close[:, 20] = 10.1
        spread = np.abs(rng.normal(0, 0.01, (2, *shape))) * close
        opened = close * (1 + rng.normal(0, 0.005, shape))
        high, low = np.maximum(opened, close) + spread[0], np.minimum(opened, close) - spread[1]
        high[:, 20] = low[:, 20] = opened[:, 20] = 10.1
        volume = rng.randint(100, 100_000, shape).astype(float)
        gaps = (rng.rand(*shape) < 0.08) & (np.arange(ASSETS) >= 16)
        gaps[90:, 21] = True
        self.first = np.where(np.arange(ASSETS) // 2 == 7, DAYS - 60 + np.arange(ASSETS), 0)
        self.last = np.where(np.arange(ASSETS) == 13, DAYS - 20, DAYS - 1)
        self.bars = {}
        for sid in range(ASSETS):
            part = slice(self.first[sid], self.last[sid] + 1)
            bars = {"open": opened, "high": high, "low": low, "close": close}
            columns = {name: np.round(values[part, sid], 3) for name, values in bars.items()}
            frame = pd.DataFrame(columns | {"volume": volume[part, sid]}, index=days[part])
            gap = gaps[part, sid]
            frame.loc[gap, ["open", "high", "low", "close"]] = np.nan
            frame.loc[gap, "volume"] = 0
            self.bars[sid] = frame
        actions = rng.permutation([(sid, day) for sid in range(20) for day in range(60, DAYS - 2)])
        self.actions = [(int(sid), days[day]) for sid, day in actions[:70]]
        self.ratios = np.round(rng.choice([0.5, 0.25, 2.0, 0.9, 1.5], 70), 3)
        self.amounts = np.round(rng.uniform(0.05, 0.6, 70), 2)

    def equities(self) -> pd.DataFrame:
        """The assets, as the writer takes them."""
        first = [self.days[day] for day in self.first]
        last = [self.days[day] for day in self.last]
        return pd.DataFrame(
            {
                "symbol": [f"A{sid:02}" for sid in range(ASSETS)],
                "asset_name": [f"Asset {sid}" for sid in range(ASSETS)],
                "start_date": first,
                "end_date": last,
                "auto_close_date": [day + pd.Timedelta(days=1) for day in last],
                "exchange": "NYSE",
            },
            index=pd.RangeIndex(ASSETS, name="sid"),
        )

    def splits(self, rows: slice) -> pd.DataFrame:
        sids, dates = zip(*self.actions[rows], strict=True)
        return pd.DataFrame({"sid": sids, "effective_date": dates, "ratio": self.ratios[rows]})

    def dividends(self, rows: slice) -> pd.DataFrame:
        sids, dates = zip(*self.actions[rows], strict=True)
        columns = ("ex_date", "declared_date", "record_date", "pay_date")
        frame = pd.DataFrame({"sid": sids, "amount": self.amounts[rows]})
        return frame.assign(**dict.fromkeys(columns, pd.DatetimeIndex(dates)))


def ingest(market: Market) -> None:
    """Register and ingest the market as the bundle "terms"."""
    from zipline.data import bundles

    def write(
        environ,
        asset_db_writer,
        minute_bar_writer,
        daily_bar_writer,
        adjustment_writer,
        calendar,
        start_session,
        end_session,
        cache,
        show_progress,
        output_dir,
    ):
        exchanges = pd.DataFrame(
            {"exchange": ["NYSE"], "canonical_name": ["NYSE"], "country_code": ["US"]}
        )
        asset_db_writer.write(equities=market.equities(), exchanges=exchanges)
        daily_bar_writer.write(market.bars.items(), invalid_data_behavior="ignore")
        adjustment_writer.write(
            splits=market.splits(slice(0, 25)),
            mergers=market.splits(slice(25, 30)),
            dividends=market.dividends(slice(30, 70)),
        )

    bundles.register(
        "terms", write, "XNYS", start_session=market.days[0], end_session=market.days[-1]
    )
    bundles.ingest("terms")


def extra_columns(seed: int, days: pd.DatetimeIndex):
    """A dataset of everything that bars are not, and the loader of each of its columns."""
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.domain import US_EQUITIES
    from zipline.pipeline.loaders.frame import DataFrameLoader

    class Extra(DataSet):
        domain = US_EQUITIES
        x = Column(float)
        ties = Column(float)
        zero = Column(float, missing_value=0.0)
        count = Column(np.int64, missing_value=-1)
        flag = Column(bool)
        sector = Column(object)
        code = Column(object, missing_value="")
        when = Column("datetime64[ns]")
        later = Column("datetime64[ns]")

    rng = np.random.RandomState(seed + 1)
    shape = (len(days), ASSETS)
    x = rng.normal(size=shape)
    x[rng.rand(*shape) < 0.1] = np.nan
    ties = np.round(rng.normal(size=shape), 0) + 0.1
    ties[::3][rng.rand(*ties[::3].shape) < 0.2] = np.nan
    zero = np.where(rng.rand(*shape) < 0.2, 0.0, rng.normal(size=shape))
    labels = np.array([None, "tech", "bank", "oil", "food"], dtype=object)
    codes = np.array(["", "A1", "A2", "B1", "B20"], dtype=object)
    stamps = days.values[:, None] + rng.randint(-40, 40, shape).astype("timedelta64[D]")
    when = np.where(rng.rand(*shape) < 0.1, np.datetime64("NaT"), stamps)
    frames = {
        "x": x,
        "ties": ties,
        "zero": zero,
        "count": rng.randint(-1, 5, shape),
        "flag": rng.rand(*shape) < 0.7,
        "sector": labels[rng.randint(0, 5, shape)],
        "code": codes[rng.randint(0, 5, shape)],
        "when": when,
        "later": stamps + np.timedelta64(45, "D"),
    }
    sids = pd.Index(range(ASSETS))
    loaders = {}
    for name, values in frames.items():
        column = getattr(Extra, name)
        changes = None
        if name in ("x", "zero"):
            places = rng.randint(0, [ASSETS, len(days) - 30], (30, 2))
            changes = pd.DataFrame(
                {
                    "sid": places[:, 0],
                    "value": np.round(rng.uniform(0.5, 2.0, 30), 2),
                    "kind": rng.randint(0, 3, 30),
                    "start_date": days[places[:, 1]],
                    "end_date": days[places[:, 1] + 10],
                    "apply_date": days[places[:, 1] + rng.randint(5, 30, 30)],
                }
            )
        loaders[column] = DataFrameLoader(
            column, pd.DataFrame(values, index=days, columns=sids), changes
        )
    return Extra, loaders


class Desk:
    """Computes terms from their texts."""

    def __init__(self, seed: int) -> None:
        from zipline.data import bundles
        from zipline.pipeline.data import USEquityPricing
        from zipline.pipeline.domain import US_EQUITIES
        from zipline.pipeline.engine import SimplePipelineEngine
        from zipline.pipeline.loaders import USEquityPricingLoader

        sessions = US_EQUITIES.sessions()
        end = sessions.searchsorted(pd.Timestamp("2016-06-30"))
        days = sessions[end - DAYS : end]
        ingest(Market(seed, days))
        bundle = bundles.load("terms")
        prices = USEquityPricingLoader.without_fx(
            bundle.equity_daily_bar_reader, bundle.adjustment_reader
        )
        extra, loaders = extra_columns(seed, days)
        columns = {one.unspecialize() for one in USEquityPricing.columns}

        def loader(column):
            return prices if column.unspecialize() in columns else loaders[column]

        self.engine = SimplePipelineEngine(loader, bundle.asset_finder, US_EQUITIES)
        self.first, self.last = days[DAYS - SHOWN - 1], days[-2]
        self.names = self._names(extra, bundle.asset_finder)

    @staticmethod
    def _names(extra, finder) -> dict:
        from zipline.pipeline import classifiers, factors, filters
        from zipline.pipeline.data import USEquityPricing
        from zipline.pipeline.factors.basic import Clip
        from zipline.pipeline.factors.statistical import RollingLinearRegression

        names = {"P": USEquityPricing, "X": extra, "np": np, "Clip": Clip}
        names["RollingLinearRegression"] = RollingLinearRegression
        for module in (factors, filters, classifiers):
            names |= {name: getattr(module, name) for name in module.__all__ if name != "Latest"}
        names["asset"] = finder.retrieve_asset
        return names

    def term(self, text: str):
        return eval(text, dict(self.names))

    def answers(self, texts: list[str]) -> list[dict]:
        """What each term gives: computed together as long as none of them fails."""
        found = []
        for start in range(0, len(texts), TOGETHER):
            some = texts[start : start + TOGETHER]
            try:
                found += self.columns(some)
            except Exception:
                found += [self.alone(text) for text in some]
        return found

    def alone(self, text: str) -> dict:
        try:
            return self.columns([text])[0]
        except Exception as error:
            return {"error": type(error).__name__}

    def columns(self, texts: list[str]) -> list[dict]:
        from zipline.pipeline.pipeline import Pipeline

        terms = {str(n): self.term(text) for n, text in enumerate(texts)}
        frame = self.engine.run_pipeline(Pipeline(terms), self.first, self.last)
        return [described(frame[name]) for name in terms]


def described(column: pd.Series) -> dict:
    """A column as JSON: its dtype, and its values as bytes or texts."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = [None if one is None or one != one else str(one) for one in column]
        kinds = sorted(map(str, column.cat.categories))
        return {"dtype": "category", "texts": texts, "categories": kinds}
    values = column.to_numpy()
    if values.dtype == object:
        return {"dtype": "object", "texts": [repr(one) for one in values]}
    if values.dtype.kind == "M":
        values = values.astype("datetime64[ns]")
    data = base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
    return {"dtype": str(values.dtype), "data": data}


def main() -> None:
    request, answer = map(Path, sys.argv[1:3])
    if "--adapter" in sys.argv:
        from fillproof.compat import imports

        imports.install()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    asked = json.loads(request.read_text())
    answer.write_text(json.dumps(Desk(asked["seed"]).answers(asked["terms"])))


if __name__ == "__main__":
    main()
