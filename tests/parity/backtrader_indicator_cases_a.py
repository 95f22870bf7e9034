"""Cases of windows, averages, envelopes and oscillators, for `backtrader_indicators.make_cases`."""

import random
from typing import Any

WINDOWS = (
    "SumN",
    "AnyN",
    "AllN",
    "FindFirstIndexHighest",
    "FindFirstIndexLowest",
    "FindLastIndexHighest",
    "FindLastIndexLowest",
    "Average",
    "ArithmeticMean",
    "Mean",
    "ExponentialSmoothing",
    "ExpSmoothing",
)
#: Each average with its other names and the name of its line.
AVERAGES = {
    "MovingAverageSimple": "SMA SimpleMovingAverage",
    "ExponentialMovingAverage": "EMA MovingAverageExponential",
    "SmoothedMovingAverage": (
        "SMMA WilderMA MovingAverageSmoothed MovingAverageWilder ModifiedMovingAverage"
    ),
    "WeightedMovingAverage": "WMA MovingAverageWeighted",
    "DoubleExponentialMovingAverage": "DEMA MovingAverageDoubleExponential",
    "TripleExponentialMovingAverage": "TEMA MovingAverageTripleExponential",
    "AdaptiveMovingAverage": "KAMA MovingAverageAdaptive",
    "ZeroLagExponentialMovingAverage": "ZLEMA ZeroLagEma",
    "HullMovingAverage": "HMA HullMA",
    "ZeroLagIndicator": "ZLIndicator ZLInd EC ErrorCorrecting",
    "DicksonMovingAverage": "DMA DicksonMA",
}
NEW = list(AVERAGES)[4:]
INPUTS = ("high", "mean", "difference", "signs", "chain")
#: Other averages that composites are made of; "Own" is a class of the script's own.
MOVAVS = ("DEMA", "KAMA", "HMA", "ZLEMA", "ZLInd", "TEMA", "Own")


def make_cases(case):
    rng = random.Random(22)
    cases = []

    def add(name, inputs=("data",), rows=None, **params):
        prices = params.pop("prices", None)
        kinds = rng.sample(("walk", "ticks", "stretches", "AAPL"), 2)
        for kind in (prices,) if prices else kinds:
            size = rows or (110 if kind == "AAPL" else 100)
            seed = rng.randint(1, 9999)
            cases.append(case(name, inputs, prices=kind, seed=seed, rows=size, **params))

    for name in (*WINDOWS, "Highest", "Lowest"):
        add(name)
        for period in (2, 7, 20):
            add(name, period=period)
        for source in INPUTS:
            add(name, (source,), prices="ticks", period=rng.randint(2, 9))
    for name in ("Accum", "CumSum", "CumulativeSum"):
        add(name)
        add(name, seed_=100.5)
        add(name, (rng.choice(INPUTS),), seed_=3, prices="walk")
    for name in ("ExponentialSmoothing", "ExpSmoothing"):
        for alpha in (0.5, 0.1, 0, 1):
            add(name, period=rng.randint(2, 9), alpha=alpha, prices="stretches")
    for name in ("ExponentialSmoothingDynamic", "ExpSmoothingDynamic"):
        add(name, period=6)
        for period in (1, 6, 12):
            add(name, period=period, alpha={"line": 9})
            add(name, ("mean",), period=period, alpha={"line": 3}, prices="walk")
    for name in ("WeightedAverage", "AverageWeighted"):
        add(name, period=4)
        add(name, period=3, coef=0.25, weights=[1.0, 1.0, 2.0])
        add(name, ("chain",), period=3, coef=2, weights=[3, -1, 2], prices="walk")
        add(name, period=5, coef=1.0, weights=[0.3, 0.3], prices="walk")
        add(name, period=2, coef=1.0, weights=[0.3, 0.3, 0.4], prices="walk")
    for function in ("max", "spread", "first", "reversed", "typecode", "True", "None", "complex"):
        add("ApplyN", period=3, func={"function": function}, prices="walk")
    add("ApplyN", prices="walk")
    add("ApplyN", ("chain",), period=4, func={"function": "spread"})
    for name in ("FindFirstIndex", "FindLastIndex"):
        add(name, prices="walk")
        for function in ("max", "min", "first", "median"):
            add(name, period=5, _evalfunc={"function": function}, prices="ticks")
    for function in ("multiply", "larger"):
        add("ReduceN", ("data", {"function": function}), period=4)
    add("ReduceN", ("data", {"function": "multiply"}), period=4, initializer=2.0, prices="walk")
    add("ReduceN", prices="walk")
    for name in ("PeriodN", "OperationN", "BaseApplyN", "MovingAverageBase", "Indicator"):
        add(name, prices="walk")
    for name in ("OwnWindow", "OwnNext", "OwnExtreme", "OwnAverage", "OwnEnvelope", "OwnGain"):
        add(name)

    for name in NEW:
        for known_as in (name, *AVERAGES[name].split()):
            add(known_as)
            add(known_as, (rng.choice(INPUTS),), period=rng.randint(2, 15), prices="walk")
        for period in (1, 2, 3, 9, 25):
            add(name, period=period)
        for source in INPUTS:
            add(name, (source,), period=rng.randint(2, 15), prices="ticks")
        add(name, period=5, prices="flat")
    for name in ("DEMA", "TEMA", "ZLEMA", "HMA"):
        for movav in ("SMA", "WilderMA", "KAMA", "Own"):
            add(name, period=9, _movav=movav, prices="walk")
    add("KAMA", period=5, fast=3, slow=10)
    add("KAMA", period=5, fast=10, slow=2)
    for limit in (0, 3, 20, -3):
        add("EC", period=7, gainlimit=limit)
    add("EC", period=7, _movav="SMA", prices="walk")
    add("DMA", period=9, gainlimit=10, hperiod=4, _hma="SMA")
    for name, others in AVERAGES.items():
        for known_as in (name, *others.split()):
            period = rng.randint(2, 12)
            add(f"{known_as}Envelope", period=period, prices=rng.choice(("walk", "ticks")))
            add(f"{known_as}Oscillator", period=period, prices="stretches")
            add(f"{known_as}Osc", period=period, prices="ticks")
        add(f"{name}Envelope", (rng.choice(INPUTS),), period=5, perc=rng.choice((0.0, 1, 7.5)))
        add(f"{name}Oscillator", (rng.choice(INPUTS),), period=5)
        add(f"{name}Envelope")
        add(f"{name}Oscillator")
    for source in ("data", *INPUTS):
        add("Envelope", (source,), perc=rng.choice((2.5, 1, 10.0)))
        add("Oscillator", (source,), prices="walk")
        add("Oscillator", (source, "mean"), prices="ticks")
    add("OscillatorMixIn", prices="walk")

    for movav in MOVAVS:
        add("ATR", period=5, movav=movav)
        add("RSI", period=5, movav=movav, safediv=True, prices="walk")
        add("RSI", period=4, movav=movav, lookback=3, safehigh=90.0)
        add("MACD", period_me1=3, period_me2=8, period_signal=4, movav=movav)
        add("MACDHisto", ("chain",), period_me1=3, period_me2=8, period_signal=4, movav=movav)
        add("StdDev", period=6, movav=movav)
        add("StdDev", ("data", "mean"), period=6, movav=movav, prices="walk")
        add("MeanDev", period=6, movav=movav)
        add("BollingerBands", period=6, movav=movav)
        add("BollingerBandsPct", ("mean",), period=6, movav=movav)
    for name in ("MeanDeviation", "MeanDev"):
        add(name)
        for kind in ("Simple", "Exponential", "Smoothed", "Weighted"):
            add(name, ("chain",), period=5, movav=kind)
        add(name, ("data", "mean"), period=5)
        add(name, ("mean", "data"), period=5)
    for kind in ("Simple", "Exponential", "Weighted", "DEMA"):
        add("StdDev", period=5, movav=kind, safepow=False)
    add("StdDev", period=5, safepow=False, prices="flat")
    for name in ("MomentumOscillator", "MomentumOsc", "RateOfChange100", "ROC100"):
        add(name)
        add(name, ("mean",), period=3, band=90.0) if name.startswith("M") else add(name, period=5)

    # Periods that no kernel knows.
    names = (
        "SMA EMA SMMA WMA DEMA KAMA HMA ZLEMA EC DMA SumN Average Highest AnyN Accum "
        "ExponentialSmoothing WeightedAverage FindFirstIndexHighest FindLastIndexLowest ATR RSI "
        "StdDev MeanDev BollingerBands Momentum SMAEnvelope SMAOscillator"
    )
    for name in names.split():
        for period in () if name == "Accum" else (2.0, "3"):
            add(name, period=period, prices="walk", rows=30)
        if name in ("SMA", "SMMA", "EMA", "WMA", "KAMA", "RSI"):
            add(name, period=0, prices="walk", rows=30)
        # Few bars: too few, as many as needed, one more.
        period = {} if name == "Accum" else {"period": 6}
        for runonce in (True, False):
            for rows in (1, 5, 6, 7, 9):
                add(name, prices="walk", rows=rows, runonce=runonce, **period)

    cases += [{**chosen, "runonce": False} for chosen in rng.sample(cases, 250)]
    return cases


def _first(values):
    return values[0]


FUNCTIONS = {
    "max": max,
    "min": min,
    "spread": lambda values: max(values) - min(values),
    "first": _first,
    "median": lambda values: sorted(values)[len(values) // 2],
    "reversed": lambda values: float(sum(x * i for i, x in enumerate(reversed(values)))),
    "typecode": lambda values: values.itemsize * len(values) + ord(values.typecode),
    "True": lambda values: values[-1] > values[0],
    "None": lambda values: None,
    "complex": lambda values: 1j,
    "multiply": lambda a, b: a * b,
    "larger": lambda a, b: a if a > b else b,
}


def given(bt, data, value):
    """What stands for a function or a line in a case."""
    if isinstance(value, dict) and "function" in value:
        return FUNCTIONS[value["function"]]
    if isinstance(value, dict):
        return 1.0 / (1.0 + bt.ind.SMA(abs(data.close - data.open), period=value["line"]))
    return value


def sources(bt, data):
    """Inputs of other kinds: 0 and 1, an indicator with several lines."""
    return {
        "signs": lambda: data.close > data.open,
        "chain": lambda: bt.ind.MACD(data, period_me1=3, period_me2=5, period_signal=4),
    }


def own_indicators(bt):
    """Classes that scripts derive from the built-in ones."""

    class OwnMovingAverage(bt.ind.MovingAverageBase):
        lines: Any = ("own",)

        def __init__(self):
            half = bt.ind.SMA(self.data, period=max(1, self.p.period // 2))
            self.lines.own = (half + bt.ind.Highest(self.data, period=self.p.period)) / 2.0
            super().__init__()

    class OwnWindow(bt.ind.OperationN):
        lines: Any = ("own",)
        params = (("period", 5),)

        def func(self, window):
            return window[-1] - window[0] + self.p.period

    class OwnNext(bt.ind.PeriodN):
        lines: Any = ("own",)
        params = (("period", 5),)

        def next(self):
            self.lines.own[0] = sum(self.data.get(size=self.p.period))

    class OwnExtreme(bt.ind.Highest):
        params = (("period", 4),)

        def next(self):
            self.lines.highest[0] = -1.0

    class OwnAverage(bt.ind.SMA):
        lines: Any = ("twice",)
        params = (("period", 4),)

        def __init__(self):
            super().__init__()
            self.lines.twice = self.lines.sma * 2.0

    class OwnEnvelope(bt.ind.EMAEnvelope):
        params = (("period", 6), ("perc", 4.0))

    class OwnGain(bt.ind.ZeroLagIndicator):
        params = (("period", 6),)

        def next(self):
            super().next()
            self.lines.ec[0] = round(self.lines.ec[0], 1)

    made = (OwnWindow, OwnNext, OwnExtreme, OwnAverage, OwnEnvelope, OwnGain)
    return {cls.__name__: cls for cls in made}
