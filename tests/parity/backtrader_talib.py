"""Every function of TA-Lib through `bt.talib`; run on both sides.

`FILE REQUEST ANSWER [--adapter]`: the request is a list of cases (`make_cases`), the answer has for
each the minimum period and all lines, or the exception. To an empty list it is what the classes say
of themselves.
"""

import random

import player

#: Other options than the defaults; moving averages of every kind where there is a `matype`.
OPTIONS = {"timeperiod": 7, "fastperiod": 4, "slowperiod": 9, "signalperiod": 3, "nbdevup": 1.5}
FIELDS = ("open", "high", "low", "close", "volume")


def inputs_of(function):
    """The names of a function's inputs, in the order in which it takes them."""
    names = []
    for key, value in function.input_names.items():
        names += list(value) if key.startswith("prices") else [value]
    return names


def make_cases():
    """Every function with its defaults and with others, on columns and bar by bar."""
    import talib
    import talib.abstract

    rng = random.Random(12)
    cases = []

    def add(name, inputs, rows=90, runonce=True, **params):
        cases.append(
            {
                "name": name,
                "inputs": inputs,
                "rows": rows,
                "runonce": runonce,
                "seed": rng.randint(1, 9999),
                "params": params,
            }
        )

    for name in talib.get_functions():
        function = talib.abstract.Function(name)
        inputs = inputs_of(function)
        options = {k: v for k, v in OPTIONS.items() if k in function.get_parameters()}
        for runonce in (True, False):
            add(name, inputs, runonce=runonce)
            if options:
                add(name, inputs, runonce=runonce, **options)
        add(name, inputs, rows=12)
        if "matype" in function.get_parameters():
            for matype in range(8):
                add(name, inputs, matype=matype)
    for runonce in (True, False):
        # Over lines that begin later, and too few, too many or wrong arguments.
        add("SMA", ["mean"], runonce=runonce, timeperiod=5)
        add("RSI", ["mean"], runonce=runonce, timeperiod=5)
        add("BBANDS", ["talib"], runonce=runonce, timeperiod=5)
        add("STOCH", ["high", "low", "mean"], runonce=runonce)
        add("STOCH", ["high", "low"], runonce=runonce)
        add("CDLDOJI", [], runonce=runonce)
        add("SMA", [], runonce=runonce, timeperiod=0)
        add("SMA", [], runonce=runonce, period=10)
        add("SMA", [], runonce=runonce, timeperiod=2.5)
        add("SMA", ["close", "open"], runonce=runonce)
        add("EMA", [], rows=29, runonce=runonce)
        add("EMA", [], rows=30, runonce=runonce)
        add("EMA", [], rows=31, runonce=runonce)
    return cases


def make_frame(pd, rows, seed):
    rng = random.Random(seed)
    table, close = [], 50.0
    for _ in range(rows):
        open_, close, *rest = (round(close * rng.uniform(0.97, 1.03), 2) for _ in range(4))
        if rng.random() < 0.2:
            close = open_
        every = (open_, close, *rest)
        table.append((open_, max(every), min(every), close, float(rng.randint(100, 900))))
    return pd.DataFrame(
        table, index=pd.date_range("2020-01-01", periods=rows, freq="D"), columns=list(FIELDS)
    )


def play(bt, pd, wanted):
    """The answer to one case."""
    answer = {"prenext": 0, "begins": None}

    class Look(bt.Strategy):
        def __init__(self):
            data = self.data
            sources = {
                "mean": lambda: bt.ind.SMA(data, period=4),
                "talib": lambda: bt.talib.EMA(data, timeperiod=4),
                "periods": lambda: data.close * 0.0 + 5.0,
            }
            inputs = []
            for name in wanted["inputs"]:
                # Functions of any series call them real, real0, real1, price or price0.
                made = sources.get(name, lambda n=name: getattr(data, n, data.close))
                inputs.append(made())
            made = getattr(bt.talib, wanted["name"])(*inputs, **wanted["params"])
            self.made = made
            self.mean = bt.ind.SMA(made, period=2)
            answer["period"] = self.mean._minperiod

        def prenext(self):
            answer["prenext"] += 1

        def nextstart(self):
            answer["begins"] = len(self)
            answer["first"] = [line[0] for line in self.made.lines]
            answer["previous"] = [line[-1] for line in self.made.lines]

    cerebro = bt.Cerebro(stdstats=False, runonce=wanted["runonce"])
    frame = make_frame(pd, wanted["rows"], wanted["seed"])
    # The real PandasData takes as long to read a bar as all the rest.
    cerebro.adddata(bt.feeds.PandasDirectData(dataname=frame, openinterest=-1))
    cerebro.addstrategy(Look)
    try:
        strategy = cerebro.run()[0]
    except Exception as error:
        return {**answer, "failed": type(error).__name__}
    made = strategy.made
    answer["minperiod"] = made._minperiod, strategy.mean._minperiod
    answer["names"] = list(made.lines.getlinealiases())
    answer["lines"] = [[float(x) for x in line.array] for line in made.lines]
    answer["mean"] = [float(x) for x in strategy.mean.array]
    answer["kwargs"] = {k: str(v) for k, v in made.p._getkwargs().items()}
    return answer


def about(bt):
    """What the classes say of themselves, and the module."""
    classes = {}
    for name in bt.talib.tafunctions:
        made = getattr(bt.talib, name)
        classes[name] = {
            "name": made.__name__,
            "base": [base.__name__ for base in made.__mro__[1:3]],
            "params": {key: str(value) for key, value in made.params._getitems()},
            "lines": list(made.lines._getlines()),
            "plotinfo": {key: str(value) for key, value in made.plotinfo._getitems()},
            "plotlines": {
                line: {key: str(value) for key, value in getattr(made.plotlines, line)._getitems()}
                for line in made.lines._getlines()
            },
            "candle": made._iscandle,
            "unstable": made._unstable,
        }
    kinds = {name: getattr(bt.talib.MA_Type, name) for name in ("SMA", "EMA", "KAMA", "T3")}
    return {"all": sorted(bt.talib.__all__), "kinds": kinds, "classes": classes}


def answer(cases):
    import backtrader as bt
    import pandas as pd

    return [play(bt, pd, wanted) for wanted in cases] or about(bt)


if __name__ == "__main__":
    player.play(answer)
