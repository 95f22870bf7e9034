"""Cases of terms: latest values, custom terms, masks, downsampling, slices."""

from __future__ import annotations

import numpy as np
from zipline_pipelines import cases, own_data, prices, raised, spread_factor

CASES, case = cases()


@case
def latest_of_all_columns(world):
    """The bars as each morning knows them, over splits, dividends, starts, ends and gaps."""
    us = prices()
    names = ("open", "high", "low", "close", "volume")
    return world.compute({name: getattr(us, name).latest for name in names})


@case
def custom_factor_over_adjusted_windows(world):
    """Windows show each day as it is known then."""
    spread = spread_factor()
    return world.compute({"seven": spread(), "two": spread(window_length=2)})


@case
def what_compute_is_given(world):
    """Types, shapes, masks and dates of the arguments of compute, and that windows are writable."""
    from zipline.pipeline import CustomFactor

    us, seen = prices(), []

    class Look(CustomFactor):
        inputs = (us.close, us.volume)
        window_length = 3
        params = {"factor": 2.0}  # noqa: RUF012

        def compute(self, today, assets, out, close, volume, factor):
            seen.append(
                [
                    today,
                    type(today).__name__,
                    type(assets).__name__,
                    str(assets.dtype),
                    assets.tolist(),
                    out.dtype.name,
                    np.isnan(out).all(),
                    close.shape,
                    close.dtype.name,
                    close.flags.writeable,
                    factor,
                ]
            )
            close[:] = close * factor
            out[:] = close[0]

    mask = us.close.latest > 20
    frame = world.compute({"look": Look(mask=mask), "more": Look(factor=3.0)}, last="2015-09-04")
    return [frame, sorted(seen, key=str)]


@case
def several_outputs(world):
    """Terms with outputs: as columns, one by one, in other terms; with masks."""
    from zipline.pipeline import CustomFactor

    us = prices()

    class Range(CustomFactor):
        inputs = (us.high, us.low)
        window_length = 5
        outputs = ("top", "bottom")

        def compute(self, today, assets, out, high, low):
            out.top = np.nanmax(high, axis=0)
            out["bottom"][:] = np.nanmin(low, axis=0)

    both = Range(mask=us.close.latest > 10)
    top, bottom = both
    return [
        world.compute(
            {"both": both, "top": top, "ratio": both.top / both.bottom, "sum": top + bottom}
        ),
        repr(top),
        both.outputs,
    ]


@case
def masks_of_masks(world):
    """A mask that is computed within another mask, and a screen."""
    us, spread = prices(), spread_factor()
    large = spread(window_length=3).top(9)
    cheap = us.close.latest.bottom(5, mask=large)
    return world.compute({"a": spread(mask=large), "b": spread(mask=cheap)}, screen=large | cheap)


@case
def empty_screen(world):
    """Nobody passes: no rows, columns with dtypes."""
    us = prices()
    close = us.close.latest
    frame = world.compute(
        {"close": close, "cheap": close < 5, "group": close.quartiles()}, screen=close < -1
    )
    return [frame, frame.index.nlevels]


@case
def downsampled(world):
    """Terms computed once a period: custom and built-in ones, filters, expressions."""
    from zipline.pipeline.factors import SimpleMovingAverage

    us, spread = prices(), spread_factor()
    close = us.close.latest
    mean = SimpleMovingAverage(inputs=[us.close], window_length=4)
    return world.compute(
        {
            "week": spread().downsample("week_start"),
            "month": mean.downsample("month_start"),
            "quarter": (close > 20).downsample("quarter_start"),
            "year": (close * 2).downsample("year_start"),
            "rank": mean.rank().downsample("week_start"),
            "window": SimpleMovingAverage(inputs=[(close * 0 + 1).zscore()], window_length=2),
        },
        first="2016-01-20",
    )


@case
def slices_and_aliases(world):
    """One asset's column within other terms; names of terms."""
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.factors import Returns

    returns = Returns(window_length=2)
    one = returns[world.asset(0)]

    class Against(CustomFactor):
        window_length = 5

        def compute(self, today, assets, out, all_of_them, market):
            out[:] = np.nansum(all_of_them * market, axis=0) + market.shape[1]

    named = Against(inputs=[returns, one]).alias("against")
    return [
        world.compute({"against": named, "twice": named + named}),
        repr(one),
        repr(named),
        named.name,
        one.asset.symbol,
        one.ndim,
    ]


@case
def slice_of_an_unknown_asset(world):
    """An asset that is not there on any of the days."""
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.factors import Returns

    late = next(n for n in range(18) if world.asset(n).start_date > world.begin)
    one = Returns(window_length=2)[world.asset(late)]

    class Copy(CustomFactor):
        window_length = 1
        inputs = (one,)

        def compute(self, today, assets, out, value):
            out[:] = value[-1]

    return raised(lambda: world.compute({"copy": Copy()}, last="2015-08-05"))


@case
def filled(world):
    """fillna with constants and terms, isnull and notnull."""
    us = prices()
    close = us.close.latest
    return world.compute(
        {
            "constant": close.fillna(-1),
            "term": close.fillna(us.open.latest * 0 + 7),
            "null": close.isnull(),
            "there": close.notnull(),
            "choice": (close > 30).if_else(close, us.volume.latest),
        }
    )


@case
def custom_filters_and_classifiers(world):
    """Custom terms of the other kinds, with labels in windows."""
    from zipline.pipeline import CustomClassifier, CustomFactor, CustomFilter
    from zipline.pipeline.loaders.frame import DataFrameLoader

    own, frames = own_data(world)
    us = prices()
    loaders = {
        getattr(own, name): DataFrameLoader(getattr(own, name), frames[name]) for name in frames
    }

    class Rising(CustomFilter):
        inputs = (us.close,)
        window_length = 3

        def compute(self, today, assets, out, close):
            out[:] = close[-1] > close[0]

    class Parity(CustomClassifier):
        inputs = (own.count,)
        window_length = 2
        dtype = np.int64
        missing_value = -1

        def compute(self, today, assets, out, count):
            out[:] = count.sum(axis=0) % 2

    class First(CustomClassifier):
        inputs = (own.label,)
        window_length = 3
        dtype = object
        missing_value = "none"

        def compute(self, today, assets, out, label):
            out[:] = label[0]

    class Reds(CustomFactor):
        inputs = (own.label, own.day, own.yes)
        window_length = 4

        def compute(self, today, assets, out, label, day, yes):
            ages = (np.datetime64(today) - day).astype("timedelta64[D]").astype(float)
            out[:] = (label == "red").sum(axis=0) + ages.max(axis=0) / 100 + yes.sum(axis=0) / 10

    return world.compute(
        {"rising": Rising(), "parity": Parity(), "first": First(), "reds": Reds()},
        last="2015-10-15",
        loaders=loaders,
    )


@case
def terms_are_one(world):
    """Equal settings give the same object."""
    from zipline.pipeline import CustomFactor
    from zipline.pipeline.factors import SimpleMovingAverage

    us = prices()

    class P(CustomFactor):
        inputs = (us.close,)
        window_length = 2
        params = ("n",)

    a, b = P(n=1), P(n=1)
    mean = SimpleMovingAverage(inputs=[us.close], window_length=3)
    return [
        a is b,
        a is P(n=2),
        a == b,
        a.params,
        hash(a) == hash(b),
        mean is SimpleMovingAverage(inputs=(us.close,), window_length=3),
        us.close is us.close,
        us.close.latest is us.close.latest,
        mean.rank() is mean.rank(),
        mean.rank() is mean.rank(method="average"),
        mean[world.asset(1)] is mean[world.asset(1)],
        mean.alias("a") is mean.alias("a"),
        mean.alias("a") is mean.alias("b"),
        mean.window_safe,
        mean.rank().window_safe,
        repr(mean),
        repr(us.close),
        repr(a),
        us.close.recursive_repr(),
        mean.recursive_repr(),
        [str(mean.dtype), mean.ndim, mean.window_length, repr(mean.missing_value)],
        us.close.metadata,
        us.close.name,
        us.close.qualname,
    ]


@case
def errors_of_terms(world):
    """What cannot be constructed."""
    from zipline.pipeline import CustomClassifier, CustomFactor, CustomFilter
    from zipline.pipeline.data import Column, DataSet
    from zipline.pipeline.factors import Returns, SimpleMovingAverage

    us = prices()
    close = us.close.latest

    class Own(CustomFactor):
        def compute(self, *arguments):
            pass

    class Needs(CustomFactor):
        inputs = (us.close,)
        window_length = 1
        params = ("n",)

    class Shadow(CustomFactor):
        inputs = (us.close,)
        window_length = 1
        params = {"inputs": 1}  # noqa: RUF012

    class Bare(CustomFactor):
        inputs = (us.close,)
        window_length = 1

    return [
        raised(lambda: Own(window_length=2)),
        raised(lambda: Own(inputs=[us.close])),
        raised(lambda: Own(inputs=[us.close], window_length=0)),
        raised(lambda: Own(inputs=[us.close], window_length=-3)),
        raised(lambda: Own(inputs=[us.close, 3], window_length=2)),
        raised(lambda: Own(inputs=[close], window_length=2)),
        raised(lambda: Own(inputs=[us.close], window_length=2, outputs=[])),
        raised(lambda: Own(inputs=[us.close], window_length=2, outputs=["a", "mask"])),
        raised(lambda: Own(inputs=[us.close], window_length=2, outputs=["_a"])),
        raised(lambda: Own(inputs=[us.close], window_length=2, outputs=["compute"])),
        raised(lambda: Own(inputs=[us.close], window_length=2, what=3)),
        raised(lambda: Own(inputs=[us.close], window_length=2, dtype="nothing")),
        raised(lambda: Own(inputs=[us.close], window_length=2, dtype=np.complex128)),
        raised(lambda: Own(inputs=[us.close], window_length=2, dtype=bool)),
        raised(lambda: Own(inputs=[us.close], window_length=2, dtype=np.int64)),
        raised(lambda: Own(inputs=[us.close], window_length=2, missing_value="x")),
        raised(Needs),
        raised(lambda: Needs(n=[1])),
        raised(Shadow),
        raised(lambda: world.compute({"x": Bare()})),
        raised(lambda: CustomClassifier(inputs=[us.close], window_length=1, dtype=object)),
        raised(lambda: CustomClassifier(inputs=[us.close], window_length=1, dtype=float)),
        raised(lambda: CustomFilter(inputs=[us.close], window_length=1, dtype=float)),
        raised(lambda: SimpleMovingAverage(inputs=[us.close], window_length=0)),
        raised(lambda: SimpleMovingAverage(window_length=3)),
        raised(lambda: Returns(window_length=1)),
        raised(lambda: us.close[world.asset(1)]),
        raised(lambda: close[3]),
        raised(lambda: close.downsample("day_start")),
        raised(lambda: (close > 3).fillna(True)),
        raised(lambda: (close > 3).isnull()),
        raised(lambda: close.fillna("x")),
        raised(lambda: close.fillna(us.open)),
        raised(lambda: us.close > 3),
        raised(lambda: Column("nothing")),
        raised(lambda: Column(np.int64, currency_aware=True)),
        raised(lambda: type("Bad", (DataSet,), {"x": Column(np.int64)})),
        raised(lambda: type("Bad", (DataSet,), {"x": Column(float, missing_value="a")})),
        raised(lambda: type("Bad", (DataSet, DataSet), {})),
        raised(lambda: type("Bad", (DataSet,), {"domain": 3})),
        raised(lambda: us.get_column("nothing")),
        raised(lambda: us.volume.fx("EUR")),
        raised(lambda: us.get_column("close")),
        us.unspecialize().get_column("close") is us.unspecialize().close,
    ]
