"""Built-in indicators on generated prices; run on both sides.

`FILE REQUEST ANSWER [--adapter]`: the request is a list of cases (`make_cases`), the answer has for
each the bar on which `next` begins, the minimum period and all lines, or the exception.
"""

import json
import random
from pathlib import Path

import backtrader_indicator_cases_a as windows
import player
from backtrader_indicator_cases_b import composite_cases

#: What an indicator is computed from; "mean" begins later than the data.
INPUTS = ("data", "high", "mean", "difference")

AVERAGES = (
    "SMA",
    "SimpleMovingAverage",
    "MovingAverageSimple",
    "EMA",
    "ExponentialMovingAverage",
    "MovingAverageExponential",
    "SMMA",
    "SmoothedMovingAverage",
    "MovingAverageSmoothed",
    "WilderMA",
    "MovingAverageWilder",
    "ModifiedMovingAverage",
    "WMA",
    "WeightedMovingAverage",
    "MovingAverageWeighted",
)
KINDS = (None, "Simple", "Exponential", "Smoothed", "Weighted")
STRENGTHS = ("RSI", "RSI_SMMA", "RSI_Wilder", "RelativeStrengthIndex", "RSI_SMA", "RSI_Cutler")


def case(name, inputs=("data",), rows=70, prices="walk", seed=1, runonce=True, **params):
    return {
        "name": name,
        "inputs": list(inputs),
        "rows": rows,
        "prices": prices,
        "seed": seed,
        "runonce": runonce,
        "params": params,
    }


def make_cases():
    """Every built-in indicator with several parameters, inputs, prices and lengths."""
    rng = random.Random(20)
    cases = []

    def add(name, inputs=("data",), **params):
        cases.extend(
            case(name, inputs, prices=prices, seed=rng.randint(1, 9999), **params)
            for prices in ("walk", "ticks")
        )

    def add_with_inputs(name, **params):
        for source in INPUTS:
            add(name, (source,), **params)

    for name in (*AVERAGES, "Highest", "MaxN", "Lowest", "MinN"):
        add(name)
        for period in (1, 2, 7):
            add(name, period=period)
        add(name, (rng.choice(INPUTS[1:]),), period=rng.randint(3, 20))
    for name in ("TrueHigh", "TrueLow", "TrueRange", "TR", "ATR", "AverageTrueRange"):
        add(name)
    for period in (1, 2, 5, 20):
        for kind in KINDS:
            add("ATR", period=period, movav=kind)
    for name in (*STRENGTHS, "RSI_EMA", "RSI_Safe"):
        add(name)
        add_with_inputs(name, period=rng.randint(2, 9))
    for period in (1, 3, 10):
        for kind in KINDS:
            add("RSI", period=period, movav=kind, safediv=True)
            add("RSI", period=period, movav=kind, lookback=rng.randint(1, 5))
    add("RSI", safediv=True, safehigh=90.0, safelow=40.0, period=3)
    for name in ("MACD", "MACDHisto", "MACDHistogram"):
        add(name)
        add_with_inputs(name, period_me1=5, period_me2=9, period_signal=4)
        add(name, period_me1=9, period_me2=4, period_signal=1)
        for kind in KINDS:
            add(name, period_me1=3, period_me2=8, period_signal=5, movav=kind)
    for name in ("Momentum", "RateOfChange", "ROC", "PercentChange", "PctChange"):
        add(name)
        for period in (1, 5):
            add(name, period=period)
        add(name, ("mean",), period=3)
    for name in ("StandardDeviation", "StdDev", "BollingerBands", "BBands", "BollingerBandsPct"):
        add(name)
        add_with_inputs(name, period=6)
        for kind in KINDS:
            add(name, period=8, movav=kind)
    for period in (4, 9):
        add("StdDev", ("data", "mean"), period=period)
        add("StdDev", ("mean", "close"), period=period)
    for factor in (1, 2.5, -1.0):
        add("BollingerBands", period=5, devfactor=factor)
    for name in ("NonZeroDifference", "NZD", "CrossUp", "CrossDown", "CrossOver"):
        for inputs in (
            ("data", "mean"),
            ("mean", "data"),
            ("close", "open"),
            ("high", "close"),
            ("close", "close"),
            ("mean", "difference"),
        ):
            add(name, inputs)
        add(name, ("data", 50.0))

    # Few bars: one less than the first value needs, as many, one more.
    for name, params, needed in (
        ("SMA", {"period": 6}, 6),
        ("EMA", {"period": 6}, 6),
        ("SMMA", {"period": 6}, 6),
        ("WMA", {"period": 6}, 6),
        ("Highest", {"period": 6}, 6),
        ("Lowest", {"period": 6}, 6),
        ("ATR", {"period": 6}, 7),
        ("TrueRange", {}, 2),
        ("RSI", {"period": 6, "safediv": True}, 7),
        ("RSI_Safe", {"period": 6}, 7),
        ("MACD", {"period_me1": 3, "period_me2": 6, "period_signal": 4}, 9),
        ("MACDHisto", {"period_me1": 3, "period_me2": 6, "period_signal": 4}, 9),
        ("StdDev", {"period": 6}, 6),
        ("BollingerBands", {"period": 6}, 6),
        ("BollingerBandsPct", {"period": 6}, 6),
        ("Momentum", {"period": 6}, 7),
        ("RateOfChange", {"period": 6}, 7),
        ("PercentChange", {"period": 6}, 7),
    ):
        cases.extend(
            case(name, rows=rows, seed=rows, runonce=runonce, **params)
            for runonce in (True, False)
            for rows in (1, needed - 2, needed - 1, needed, needed + 1)
            if rows > 0
        )
    for name in ("CrossOver", "CrossUp", "CrossDown", "NonZeroDifference"):
        cases.extend(case(name, ("data", "mean"), rows=rows) for rows in (1, 2, 3, 4, 5))

    # Flat prices: divisions by 0.
    for name in (*STRENGTHS, "RSI_EMA", "RSI_Safe", "BollingerBandsPct", "StdDev", "CrossOver"):
        inputs = ("data", "mean") if name == "CrossOver" else ("data",)
        cases.append(case(name, inputs, prices="flat"))

    own = cases + [{**chosen, "runonce": False} for chosen in rng.sample(cases, 200)]
    return own + windows.make_cases(case) + composite_cases(case)


def thinned(cases):
    """Each indicator with all its parameters, of few bars and flat prices too.

    Of several inputs and kinds of prices, where nothing else differs, one is drawn.
    """
    alike = {}
    for one in cases:
        inputs = one["inputs"] if len(one["inputs"]) > 1 else None
        few = one["rows"] if one["rows"] < 12 else None
        kept = [one["name"], one["params"], one["runonce"], one["prices"] == "flat", inputs, few]
        alike.setdefault(json.dumps(kept), []).append(one)
    rng = random.Random(21)
    return [rng.choice(ones) for ones in alike.values()]


def make_prices(rows, kind, seed):
    """(open, high, low, close) by row.

    Free floats ("walk"), a tick grid ("ticks"; with flat "stretches"), one value, or real ones.
    """
    rng = random.Random(seed)
    if kind == "flat":
        return [(10.0,) * 4] * rows
    if kind == "AAPL":
        with open(Path(__file__).parents[2] / "examples" / "data" / "AAPL.csv") as file:
            lines = file.read().splitlines()[1 + seed % 500 :][:rows]
        return [tuple(map(float, line.split(",")[1:5])) for line in lines]
    table, close = [], 50.0
    for i in range(rows):
        if kind == "stretches" and i // 9 % 3 == 1:
            values = [close] * 4
        elif kind in ("ticks", "stretches"):
            values = [max(1.0, close + 0.5 * rng.randint(-3, 3)) for _ in range(4)]
        else:
            values = [close * rng.uniform(0.96, 1.04) for _ in range(4)]
        open_, close = values[:2]
        table.append((open_, max(values), min(values), close))
    return table


def play(bt, pd, own, wanted):
    """The answer to one case."""
    index = pd.date_range("2020-01-01", periods=wanted["rows"], freq="D")
    table = make_prices(wanted["rows"], wanted["prices"], wanted["seed"])
    frame = pd.DataFrame(table, index=index, columns=["open", "high", "low", "close"])
    params = {}
    for name, value in wanted["params"].items():
        name = name.rstrip("_")
        if name.endswith(("movav", "_hma")):
            if value is not None:
                params[name] = getattr(bt.ind.MovAv, value)
        else:
            params[name] = sum if value == "sum" else value
    answer = {"begins": None, "prenext": 0, "lengths": []}

    class Look(bt.Strategy):
        def __init__(self):
            sources = {
                "data": lambda: self.data,
                "mean": lambda: bt.ind.SMA(self.data, period=4),
                "heikin": lambda: bt.ind.HeikinAshi(self.data),
                "difference": lambda: self.data.close - self.data.open + 60.0,
                **windows.sources(bt, self.data),
            }
            inputs = []
            for name in wanted["inputs"]:
                if isinstance(name, float | dict):
                    inputs.append(windows.given(bt, self.data, name))
                else:
                    inputs.append(sources.get(name, lambda n=name: getattr(self.data, n))())
            given = {k: windows.given(bt, self.data, value) for k, value in params.items()}
            made = own.get(wanted["name"]) or getattr(bt.ind, wanted["name"])
            self.made = made(*inputs, **given)

        def prenext(self):
            answer["prenext"] += 1

        def nextstart(self):
            answer["begins"] = len(self)
            answer["first"] = [line[0] for line in self.made.lines]

        def next(self):
            answer["lengths"].append(len(self.made))

    cerebro = bt.Cerebro(stdstats=False, runonce=wanted["runonce"])
    # The real PandasData takes as long to read a bar as all the rest.
    cerebro.adddata(bt.feeds.PandasDirectData(dataname=frame, volume=-1, openinterest=-1))
    cerebro.addstrategy(Look)
    try:
        made = cerebro.run()[0].made
    except Exception as error:
        return {**answer, "failed": type(error).__name__}
    answer["minperiod"] = made._minperiod
    answer["names"] = list(made.lines.getlinealiases())
    answer["lines"] = [[float(x) for x in line.array] for line in made.lines]
    classes = ("movav", "func", "_hma", "alpha")
    kept = {k: v for k, v in made.params._getkwargs().items() if not k.endswith(classes)}
    answer["kwargs"] = {k: str(v) for k, v in kept.items()}
    return answer


def answer(cases):
    import backtrader as bt
    import pandas as pd

    own = windows.own_indicators(bt)
    return [play(bt, pd, own, wanted) for wanted in cases]


if __name__ == "__main__":
    player.play(answer)
