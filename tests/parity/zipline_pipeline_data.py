"""Cases of datasets and loaders: frames, events, a script's own loaders, families, domains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from zipline_pipelines import cases, own_data, prices, raised

CASES, case = cases()


@case
def own_dataset(world):
    """A dataset of every dtype from frames; sids and days outside of them are missing."""
    from zipline.pipeline.loaders.frame import DataFrameLoader

    own, frames = own_data(world)
    loaders = {
        getattr(own, name): DataFrameLoader(getattr(own, name), frames[name]) for name in frames
    }
    columns = {name: getattr(own, name).latest for name in frames}
    columns["rank"] = own.number.latest.rank()
    columns["group"] = own.number.latest.demean(groupby=own.label.latest)
    columns["red"] = own.label.latest.eq("red")
    return [
        world.compute(columns, last="2015-11-13", loaders=loaders),
        repr(own),
        own.qualname,
        sorted(map(repr, own.columns)),
        repr(own.number.latest),
    ]


@case
def frame_with_adjustments(world):
    """Later changes of a frame's values, by their day of application, in custom windows."""
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.loaders.frame import DataFrameLoader

    own, frames = own_data(world)
    days = frames["number"].index
    rows = [
        [3, 2.0, 0, days[2], days[12], days[14]],
        [3, 10.0, 1, pd.NaT, days[20], days[21]],
        [7, 5.5, 2, days[15], days[24], days[25]],
        [11, 0.5, 0, pd.NaT, days[30], days[30]],
        [11, 0.25, 0, pd.NaT, days[31], days[30]],
        [1001, 3.0, 0, pd.NaT, days[31], days[30]],
        [15, 4.0, 0, days[1], days[5], pd.Timestamp("2015-09-07")],  # no session
    ]
    names = ["sid", "value", "kind", "start_date", "end_date", "apply_date"]
    table = pd.DataFrame(rows, columns=names)
    loader = DataFrameLoader(own.number, frames["number"], table)
    words = pd.DataFrame([[3, "blue", 2, days[2], days[20], days[18]]], columns=names)
    labels = DataFrameLoader(own.label, frames["label"], words)
    dates = pd.DataFrame([[7, days[3], 2, days[2], days[20], days[18]]], columns=names)
    moments = DataFrameLoader(own.day, frames["day"], dates)

    class Sum(CustomFactor):
        inputs = (own.number,)
        window_length = 6

        def compute(self, today, assets, out, number):
            out[:] = np.nansum(number, axis=0)

    loaders = {own.number: loader, own.label: labels, own.day: moments}
    return world.compute(
        {
            "sum": Sum(),
            "last": own.number.latest,
            "label": own.label.latest,
            "day": own.day.latest,
        },
        last="2015-10-30",
        loaders=loaders,
    )


@case
def events(world):
    """The next and the previous event of each asset, as they became known."""
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.domain import US_EQUITIES
    from zipline.pipeline.loaders.events import EventsLoader

    class Reports(DataSet):
        next_day = Column("datetime64[ns]")
        next_value = Column(float)
        last_day = Column("datetime64[ns]")
        last_value = Column(float)
        last_word = Column(object, missing_value="")
        last_count = Column(np.int64, missing_value=-1)

    days = world.days("2015-06-15", "2015-12-15")
    rng = np.random.RandomState(2)
    rows = []
    for sid in world.sids[::3]:
        for place in sorted(rng.choice(len(days) - 20, 4, replace=False) + 10):
            known = days[place + rng.randint(-8, 4)] + pd.Timedelta(hours=int(rng.randint(0, 24)))
            rows.append([sid, days[place], known, rng.normal(), f"w{place % 3}", place])
    rows.append([world.sids[0], pd.NaT, days[3], 1.0, "never", 5])
    names = ["sid", "event_date", "timestamp", "value", "word", "count"]
    table = pd.DataFrame(rows, columns=names)
    loader = EventsLoader(
        table,
        {Reports.next_day: "event_date", Reports.next_value: "value"},
        {
            Reports.last_day: "event_date",
            Reports.last_value: "value",
            Reports.last_word: "word",
            Reports.last_count: "count",
        },
    )
    Us = Reports.specialize(US_EQUITIES)
    us_loader = EventsLoader(
        table,
        {Us.next_day: "event_date", Us.next_value: "value"},
        {
            Us.last_day: "event_date",
            Us.last_value: "value",
            Us.last_word: "word",
            Us.last_count: "count",
        },
    )
    loaders = dict.fromkeys(Reports.columns, us_loader)
    columns = {one.name: one.latest for one in sorted(Us.columns, key=lambda c: c.name)}
    return [
        world.compute(columns, last="2015-12-11", loaders=loaders),
        raised(lambda: EventsLoader(table.drop(columns="sid"), {}, {})),
        raised(lambda: loader.load_adjusted_array(US_EQUITIES, [prices().close], days, [3], None)),
    ]


@case
def own_loader_and_what_it_is_asked(world):
    """Which columns, dates and sids a script's own loader is asked for, and adjusted arrays."""
    from zipline.lib.adjusted_array import AdjustedArray
    from zipline.lib.adjustment import Float64Add, Float64Multiply, Float64Overwrite
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.loaders.base import PipelineLoader

    asked = []

    class Two(DataSet):
        a = Column(float)
        b = Column(float)

    class Loader(PipelineLoader):
        def load_adjusted_array(self, domain, columns, dates, sids, mask):
            asked.append(
                [
                    repr(domain),
                    sorted(map(repr, columns)),
                    dates[0],
                    dates[-1],
                    len(dates),
                    type(dates).__name__,
                    list(sids),
                    type(sids).__name__,
                    str(sids.dtype),
                    mask.shape,
                    mask.dtype.name,
                    int(mask.sum()),
                ]
            )
            out = {}
            for column in columns:
                data = np.arange(float(mask.size)).reshape(mask.shape)
                changes = {
                    5: [Float64Multiply(0, 4, 1, 2, 2.0), Float64Add(2, 4, 0, 0, 0.5)],
                    9: [Float64Overwrite(3, 8, 2, 3, -1.0)],
                    12: [Float64Multiply(0, 11, 0, 4, 0.1)],
                }
                out[column] = AdjustedArray(data, changes, column.missing_value)
            return out

    class Mean(CustomFactor):
        inputs = (Two.a,)
        window_length = 4

        def compute(self, today, assets, out, a):
            out[:] = a.mean(axis=0)

    from zipline.pipeline.factors import SimpleMovingAverage

    loaders = dict.fromkeys(Two.columns, Loader())
    columns = {
        "mean": Mean(),
        "same": SimpleMovingAverage(inputs=[Two.a], window_length=4),
        "b": Two.b.latest,
        "both": Two.a.latest + Two.b.latest,
    }
    frame = world.compute(columns, last="2015-09-18", loaders=loaders)
    return [frame, sorted(asked, key=str)]


@case
def loader_that_brings_too_little(world):
    """A loader must bring what it was asked for, and know the columns that it is asked for."""
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.loaders.base import PipelineLoader
    from zipline.pipeline.loaders.frame import DataFrameLoader

    class One(DataSet):
        a = Column(float)
        b = Column(float)

    class Nothing(PipelineLoader):
        def load_adjusted_array(self, domain, columns, dates, sids, mask):
            return {}

    frame = pd.DataFrame([[1.0]], world.days()[:1], [3])
    other = DataFrameLoader(One.b, frame)
    return [
        raised(lambda: world.compute({"a": One.a.latest}, loaders={One.a: Nothing()})),
        raised(lambda: world.compute({"a": One.a.latest}, loaders={One.a: other})),
        raised(lambda: world.compute({"a": One.a.latest})),
        raised(lambda: PipelineLoader()),
    ]


@case
def domains(world):
    """Domains of terms and pipelines, their errors, own sessions."""
    from zipline.pipeline import Pipeline
    from zipline.pipeline import domain as d
    from zipline.pipeline.data import Column, DataSet, EquityPricing, USEquityPricing
    from zipline.pipeline.loaders.frame import DataFrameLoader

    class Any_(DataSet):
        x = Column(float)

    class Canada(DataSet):
        x = Column(float)
        domain = d.CA_EQUITIES

    us_x, ca_x = Any_.specialize(d.US_EQUITIES).x, Canada.x
    every = d.EquitySessionDomain(world.days()[::3], "US")
    frame = pd.DataFrame(1.5, world.days(), world.sids)
    nothing = world.engine(default_domain=d.GENERIC)
    spread = world.engine({Any_.x: DataFrameLoader(Any_.x, frame)})
    result = spread.run_pipeline(
        Pipeline({"x": Any_.x.latest}, domain=every), world.days()[3], world.days()[30]
    )
    late = pd.Timestamp("2015-08-08")
    return [
        [[repr(one), one.country_code] for one in d.BUILT_IN_DOMAINS],
        repr(d.GENERIC),
        repr(Any_.x),
        repr(us_x),
        repr(ca_x),
        repr(Any_.specialize(d.US_EQUITIES)),
        us_x is Any_.specialize(d.US_EQUITIES).x,
        us_x.unspecialize() is Any_.x,
        USEquityPricing is EquityPricing.specialize(d.US_EQUITIES),
        repr(d.infer_domain([Any_.x, us_x])),
        repr(d.infer_domain([])),
        raised(lambda: d.infer_domain([us_x, ca_x])),
        raised(lambda: us_x.latest + ca_x.latest),
        raised(lambda: ca_x.specialize(d.US_EQUITIES)),
        raised(lambda: Any_.specialize("US")),
        raised(lambda: Pipeline({"x": us_x.latest}, domain=d.CA_EQUITIES).domain(d.GENERIC)),
        raised(lambda: nothing.run_pipeline(Pipeline({"x": Any_.x.latest}), late, late)),
        raised(lambda: nothing.run_pipeline(Pipeline({"x": ca_x.latest}), *world.days()[[0, 5]])),
        raised(lambda: d.EquitySessionDomain([1], "US")),
        raised(lambda: d.EquityCalendarDomain("US", "XNYS", np.timedelta64(1, "m"))),
        d.US_EQUITIES.roll_forward("2015-08-08"),
        raised(lambda: every.roll_forward("2030-01-01")),
        d.US_EQUITIES.data_query_cutoff_for_sessions(world.days()[:3]),
        every.data_query_cutoff_for_sessions(every.sessions()[:2]),
        raised(lambda: d.US_EQUITIES.data_query_cutoff_for_sessions(pd.DatetimeIndex([late]))),
        result,
    ]


@case
def families_of_datasets(world):
    """Datasets with further dimensions, their slices and errors."""
    from zipline.pipeline.data import Column, DataSetFamily
    from zipline.pipeline.loaders.frame import DataFrameLoader

    class Estimates(DataSetFamily):
        extra_dims = (("horizon", {1, 2}), ("kind", {"low", "high"}))
        value = Column(float)

    one = Estimates.slice(1, "low")
    frame = pd.DataFrame(2.0, world.days(), world.sids)
    loaders = {one.value: DataFrameLoader(one.value, frame)}
    return [
        repr(Estimates),
        one.__name__,
        repr(one.value),
        dict(one.extra_coords),
        one is Estimates.slice(kind="low", horizon=1),
        one.dataset_family is Estimates,
        [raised(lambda: Estimates.value), raised(lambda: Estimates.slice(1))],
        [raised(lambda: Estimates.slice(1, "x")), raised(lambda: Estimates.slice(1, "low", 3))],
        [raised(lambda: Estimates.slice(1, horizon=2)), raised(lambda: Estimates.slice(depth=2))],
        raised(lambda: type("Empty", (DataSetFamily,), {"extra_dims": ()})),
        world.compute({"x": one.value.latest}, last="2015-08-10", loaders=loaders),
    ]


@case
def made_up_values(world):
    """Loaders of constants and of random values, for columns of every dtype."""
    from zipline.pipeline.data.testing import TestingDataSet
    from zipline.pipeline.loaders.synthetic import PrecomputedLoader
    from zipline.pipeline.loaders.testing import make_seeded_random_loader

    days = world.days(last="2015-08-14")
    drawn = make_seeded_random_loader(7, days, world.sids)
    constant = PrecomputedLoader({TestingDataSet.float_col: 2.5}, days, world.sids)
    names = ("bool_col", "float_col", "datetime_col", "int_col", "categorical_default_NULL_string")
    columns = {name: getattr(TestingDataSet, name).latest for name in names}
    shown = {"last": "2015-08-14"}
    return [
        world.compute(columns, loaders=dict.fromkeys(TestingDataSet.columns, drawn), **shown),
        world.compute(
            {"x": TestingDataSet.float_col.latest},
            loaders={TestingDataSet.float_col: constant},
            **shown,
        ),
        raised(
            lambda: world.compute(
                {"x": TestingDataSet.int_col.latest},
                loaders={TestingDataSet.int_col: constant},
                **shown,
            )
        ),
    ]


@case
def currencies(world):
    """Prices converted into another currency, currencies themselves."""
    from zipline.currency import Currency
    from zipline.data.fx import ExplodingFXRateReader, InMemoryFXRateReader
    from zipline.pipeline import Pipeline
    from zipline.pipeline.domain import US_EQUITIES
    from zipline.pipeline.engine import SimplePipelineEngine
    from zipline.pipeline.factors import Returns
    from zipline.pipeline.loaders import EquityPricingLoader

    us = prices()
    days = world.days("2015-06-01", "2015-12-31")
    rates = pd.DataFrame({"USD": np.linspace(0.8, 1.2, len(days)), "CAD": 0.7}, index=days)
    reader = InMemoryFXRateReader({"mid": {"EUR": rates, "USD": rates * 0 + 1}}, "mid")
    bundle = world.bundle
    loader = EquityPricingLoader(
        bundle.equity_daily_bar_reader, bundle.adjustment_reader, fx_reader=reader
    )
    euro = us.close.fx("EUR")
    columns = {
        "usd": us.close.latest,
        "eur": euro.latest,
        "same": us.close.fx("USD").latest,
        "returns": Returns(inputs=[euro], window_length=4),
    }
    engine = SimplePipelineEngine(lambda column: loader, world.finder, US_EQUITIES)
    naive = world.engine()
    pipeline = Pipeline(columns)
    one, last = world.begin, pd.Timestamp("2015-08-28")
    moments = pd.DatetimeIndex(["2015-06-05", "2015-05-01", "2015-06-05"])
    return [
        engine.run_pipeline(pipeline, one, last),
        raised(lambda: naive.run_pipeline(pipeline, one, last)),
        [repr(euro), euro is us.close.fx(Currency("EUR")), euro.fx("EUR") is euro],
        [euro.currency_conversion.currency.name, us.volume.currency_aware, us.close.currency_aware],
        [repr(Currency("USD")), Currency("USD") is Currency("USD"), Currency(None).name],
        [
            Currency("EUR") < Currency("USD"),
            Currency("EUR") == "EUR",
            raised(lambda: Currency("X")),
        ],
        reader.get_rate_scalar("mid", "EUR", "CAD", days[3]),
        reader.get_rates_columnar("mid", "EUR", np.array(["USD", "USD", "X"], object), moments),
        raised(lambda: reader.get_rates("mid", "EUR", np.array(["USD"]), days[::-1])),
        raised(lambda: ExplodingFXRateReader().get_rates("mid", "EUR", ["USD"], days)),
        (loader.currency_aware, world.pricing.currency_aware),
    ]


@case
def earnings_estimates(world):
    """Estimates of quarters ahead and behind, changed by splits or not, in windows."""
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.domain import US_EQUITIES
    from zipline.pipeline.loaders import earnings_estimates as ee

    class One(DataSet):
        event = Column("datetime64[ns]")
        quarter = Column(float)
        year = Column(float)
        eps = Column(float)
        sales = Column(float)
        num_announcements = 1
        domain = US_EQUITIES

    class Two(One):
        eps = Column(float)
        num_announcements = 2

    rng = np.random.RandomState(8)
    days = world.days("2015-06-03", "2016-03-31")
    rows = []
    for sid in world.sids[::2]:
        for quarter, event in enumerate(("2015-08-12", "2015-11-10", "2016-02-09", "2016-05-10")):
            if sid == world.sids[2] and quarter == 1:
                continue
            moved = pd.Timestamp(event) + pd.Timedelta(days=int(rng.randint(0, 9)))
            for place in np.sort(rng.choice(min(40 + 55 * quarter, len(days)), 3, replace=False)):
                known = days[place] + pd.Timedelta(hours=int(rng.randint(0, 23)))
                eps = np.nan if rng.rand() < 0.15 else rng.normal()
                rows.append([sid, moved, known, 2 + quarter, 2015, eps, rng.uniform(1, 9)])
    names = ["sid", "event_date", "timestamp", "fiscal_quarter", "fiscal_year", "eps", "sales"]
    table = pd.DataFrame(rows, columns=names)
    table["fiscal_year"] += table["fiscal_quarter"] // 5
    table["fiscal_quarter"] = (table["fiscal_quarter"] - 1) % 4 + 1
    fields = {"event": "event_date", "quarter": "fiscal_quarter", "year": "fiscal_year"}
    fields |= {"eps": "eps", "sales": "sales"}
    reader = world.bundle.adjustment_reader
    asof = pd.Timestamp("2015-10-20")
    loaders = {
        "next": ee.NextEarningsEstimatesLoader(table, fields),
        "previous": ee.PreviousEarningsEstimatesLoader(table, fields),
        "next, splits": ee.NextSplitAdjustedEarningsEstimatesLoader(
            table, fields, reader, ["eps", "sales"], asof
        ),
        "previous, splits": ee.PreviousSplitAdjustedEarningsEstimatesLoader(
            table, fields, reader, ["eps"], asof
        ),
    }

    class Weighted(CustomFactor):
        window_length = 45

        def compute(self, today, assets, out, values):
            weights = np.arange(1.0, len(values) + 1)[:, None]
            out[:] = np.nansum(np.nan_to_num(values) * weights, axis=0)

    columns = {one.name: one.latest for one in sorted(One.columns, key=lambda c: c.name)}
    columns |= {
        "eps window": Weighted(inputs=[One.eps]),
        "sales window": Weighted(inputs=[One.sales]),
    }
    # Apart: asked together with quarters at another distance the real loader mixes them up.
    further = {"latest": Two.eps.latest, "window": Weighted(inputs=[Two.eps])}

    class Bare(DataSet):
        eps = Column(float)

    class Below(DataSet):
        eps = Column(float)
        num_announcements = -1

    def compute(columns, loader, first="2015-08-10"):
        from zipline.pipeline import Pipeline
        from zipline.pipeline.engine import SimplePipelineEngine

        engine = SimplePipelineEngine(lambda column: loader, world.finder, US_EQUITIES)
        return engine.run_pipeline(
            Pipeline(columns), pd.Timestamp(first), pd.Timestamp("2016-04-15")
        )

    plain = loaders["next"]
    return [
        {name: compute(columns, loader) for name, loader in loaders.items()},
        {name: compute(further, loader) for name, loader in loaders.items()},
        raised(lambda: compute({"x": Bare.eps.latest}, plain)),
        raised(lambda: compute({"x": Below.eps.latest}, plain)),
        raised(lambda: ee.NextEarningsEstimatesLoader(table.drop(columns="eps"), fields)),
        raised(
            lambda: ee.NextSplitAdjustedEarningsEstimatesLoader(
                table, fields, reader, ["nothing"], asof
            )
        ),
        ee.normalize_quarters(2015, 3),
        ee.split_normalized_quarters(8062),
    ]
