"""Cases of the indicators that are made of others; `backtrader_indicators.make_cases` has them."""

import random

#: Every name, with its aliases, and parameters that fit its defaults into few bars.
NAMES = {
    "AwesomeOscillator AwesomeOsc AO": {},
    "AccelerationDecelerationOscillator AccDeOsc": {},
    "AroonUp": {},
    "AroonDown": {},
    "AroonUpDown AroonIndicator": {},
    "AroonOscillator AroonOsc": {},
    "AroonUpDownOscillator AroonUpDownOsc": {},
    "CommodityChannelIndex CCI": {},
    "UpMove": {},
    "DownMove": {},
    "DirectionalIndicator DI": {},
    "PlusDirectionalIndicator PlusDI": {},
    "MinusDirectionalIndicator MinusDI": {},
    "AverageDirectionalMovementIndex ADX": {},
    "AverageDirectionalMovementIndexRating ADXR": {},
    "DirectionalMovementIndex DMI": {},
    "DirectionalMovement DM": {},
    "DetrendedPriceOscillator DPO": {},
    "DV2": {"period": 20},
    "haDelta haD": {},
    "HeikinAshi": {},
    "HurstExponent Hurst": {},
    "Ichimoku": {},
    "KnowSureThing KST": {},
    "LaguerreRSI LRSI": {},
    "LaguerreFilter LAGF": {},
    "PercentRank PctRank": {},
    "PivotPoint": {},
    "FibonacciPivotPoint": {},
    "DemarkPivotPoint": {},
    "PrettyGoodOscillator PGO PrettyGoodOsc": {},
    "PriceOscillator PriceOsc AbsolutePriceOscillator APO AbsPriceOsc": {},
    "PercentagePriceOscillator PPO PercPriceOsc": {},
    "PercentagePriceOscillatorShort PPOShort PercPriceOscShort": {},
    "ParabolicSAR PSAR": {},
    "RelativeMomentumIndex RMI": {},
    "StochasticFast": {},
    "Stochastic StochasticSlow": {},
    "StochasticFull": {},
    "Trix TRIX": {},
    "TrixSignal": {},
    "TrueStrengthIndicator TSI": {},
    "UltimateOscillator": {},
    "UpDay": {},
    "DownDay": {},
    "UpDayBool": {},
    "DownDayBool": {},
    "Vortex": {},
    "WilliamsR": {},
    "WilliamsAD": {},
}

#: What is computed from two datas.
PAIRS = ("OLS_Slope_InterceptN", "OLS_TransformationN", "OLS_BetaN", "CointN")

KINDS = ("Simple", "Exponential", "Smoothed", "Weighted", "HMA", "KAMA")

#: Other parameters, of bars with high and low.
ON_BARS = {
    "AO": ({"fast": 2, "slow": 5}, {"fast": 7, "slow": 3}),
    "AccDeOsc": ({"period": 2}, {"period": 7}),
    "AroonUpDownOsc": ({"period": 1}, {"period": 5}, {"period": 25}),
    "AroonUp": ({"period": 3, "upperband": 90},),
    "AroonOsc": ({"period": 4},),
    "CCI": ({"period": 5}, {"period": 7, "factor": 0.1}),
    "PlusDI": ({"period": 3},),
    "MinusDI": ({"period": 3},),
    "DI": ({"period": 1}, {"period": 5}),
    "DMI": ({"period": 4}, {"period": 10}),
    "DM": ({"period": 2}, {"period": 7}),
    "DV2": ({"period": 10, "maperiod": 4}, {"period": 1, "maperiod": 1}, {"period": 252}),
    "haDelta": ({"period": 1}, {"period": 6}),
    "Ichimoku": (
        {"tenkan": 3, "kijun": 5, "senkou": 9, "senkou_lead": 4, "chikou": 4},
        {"tenkan": 9, "kijun": 4, "senkou": 2, "senkou_lead": 7, "chikou": 30},
        {"senkou_lead": 0, "chikou": 0},
        {"chikou": -3, "senkou": 10},
    ),
    "PivotPoint": (
        {"open": True},
        {"close": True},
        {"open": True, "close": True, "_autoplot": False},
    ),
    "FibonacciPivotPoint": (
        {"open": True, "_autoplot": False},
        {"close": True, "level1": 0.25, "level2": 0.5, "level3": 2.0},
    ),
    "DemarkPivotPoint": ({"_autoplot": False},),
    "PGO": ({"period": 3},),
    "PSAR": (
        {"af": 0.05, "afmax": 0.1},
        {"af": 0.3, "afmax": 0.2},
        {"period": 5},
        {"period": 1},
        {"af": 0, "afmax": 1},
    ),
    "StochasticFast": ({"period": 5, "period_dfast": 1}, {"period": 3, "safediv": True}),
    "Stochastic": (
        {"period": 5, "period_dslow": 7},
        {"period": 1, "safediv": True, "safezero": 50.0},
    ),
    "StochasticFull": ({"period": 6, "period_dfast": 5, "period_dslow": 2},),
    "UltimateOscillator": ({"p1": 2, "p2": 5, "p3": 3},),
    "Vortex": ({"period": 1}, {"period": 6}),
    "WilliamsR": ({"period": 5}, {"period": 2, "upperband": -10.0}),
}

#: Other parameters, of any line.
ON_LINES = {
    "UpMove": ({},),
    "DownMove": ({},),
    "DPO": ({"period": 1}, {"period": 2}, {"period": 7}),
    "Hurst": (
        {"period": 20},
        {"period": 15, "lag_start": 3, "lag_end": 9},
        {"period": 12, "lag_start": 2, "lag_end": 20},
        {"period": 10, "lag_start": 5, "lag_end": 5},
        {"period": 8, "lag_end": 3},
    ),
    "KST": (
        {"rp1": 2, "rp2": 3, "rp3": 5, "rp4": 8, "rma1": 1, "rma2": 2, "rma3": 4, "rma4": 3},
        {"rfactors": [0.5, -1.0, 2.0, 7.0], "rsignal": 3},
        {"rfactors": [1.0]},
    ),
    "LRSI": ({"gamma": 0.2}, {"gamma": 0.8, "period": 3}, {"gamma": 1, "period": 1}),
    "LAGF": ({"gamma": 0.2}, {"gamma": 0.7, "period": 9}, {"gamma": 0}),
    "PctRank": ({"period": 1}, {"period": 9}, {"period": 12, "func": "sum"}),
    "APO": ({"period1": 3, "period2": 7}, {"period1": 9, "period2": 4}),
    "PPO": ({"period1": 3, "period2": 7, "period_signal": 2},),
    "PPOShort": ({"period1": 5, "period2": 9, "period_signal": 4},),
    "RMI": ({"period": 5}, {"period": 4, "lookback": 2, "safediv": True}, {"lookback": 1}),
    "Trix": ({"period": 3}, {"period": 4, "_rocperiod": 5}),
    "TrixSignal": ({"period": 3, "sigperiod": 2}, {"period": 2, "_rocperiod": 4}),
    "TSI": ({"period1": 3, "period2": 8}, {"period1": 6, "period2": 2, "pchange": 4}),
    "UpDay": ({"period": 4},),
    "DownDay": ({"period": 4},),
    "UpDayBool": ({"period": 4},),
    "DownDayBool": ({"period": 4},),
}

#: What takes another average, and under which name.
AVERAGED = {
    "AO": ({"fast": 3, "slow": 6}, ("movav",)),
    "AccDeOsc": ({"period": 4}, ("movav",)),
    "CCI": ({"period": 6}, ("movav",)),
    "DM": ({"period": 4}, ("movav",)),
    "PlusDI": ({"period": 4}, ("movav",)),
    "DPO": ({"period": 8}, ("movav",)),
    "DV2": ({"period": 15, "maperiod": 5}, ("_movav",)),
    "haDelta": ({"period": 4}, ("movav",)),
    "KST": ({}, ("_rmovav", "_smovav")),
    "PGO": ({"period": 5}, ("_movav",)),
    "PPO": ({"period1": 4, "period2": 9, "period_signal": 3}, ("_movav",)),
    "RMI": ({"period": 6, "safediv": True}, ("movav",)),
    "StochasticFull": ({"period": 6, "period_dfast": 4, "period_dslow": 4}, ("movav",)),
    "TrixSignal": ({"period": 4, "sigperiod": 5}, ("_movav",)),
    "TSI": ({"period1": 6, "period2": 4}, ("_movav",)),
}

#: Parameters, and the bars that the first value of the last line needs.
SHORT = (
    ("AO", {"fast": 2, "slow": 5}, 5),
    ("AroonUpDownOsc", {"period": 5}, 6),
    ("CCI", {"period": 3}, 5),
    ("ADX", {"period": 3}, 6),
    ("DM", {"period": 3}, 9),
    ("DPO", {"period": 6}, 8),
    ("DV2", {"period": 5}, 6),
    ("Hurst", {"period": 10}, 10),
    ("Ichimoku", {"tenkan": 2, "kijun": 3, "senkou": 5, "senkou_lead": 3, "chikou": 3}, 8),
    ("LRSI", {}, 6),
    ("PctRank", {"period": 6}, 6),
    ("PSAR", {}, 2),
    ("PSAR", {"period": 4}, 4),
    ("PPO", {"period1": 2, "period2": 4, "period_signal": 3}, 6),
    ("StochasticFull", {"period": 3}, 7),
    ("TrixSignal", {"period": 2, "sigperiod": 3}, 7),
    ("TSI", {"period1": 3, "period2": 3}, 6),
    ("UltimateOscillator", {"p1": 2, "p2": 3, "p3": 4}, 5),
    ("Vortex", {"period": 3}, 4),
    ("WilliamsAD", {}, 2),
    ("HeikinAshi", {}, 2),
    ("haDelta", {}, 4),
)


def composite_cases(case):
    """The cases; `case` makes one."""
    rng = random.Random(40)
    cases = []

    def add(name, inputs=("data",), rows=90, **params):
        cases.extend(
            case(name, inputs, rows=rows, prices=prices, seed=rng.randint(1, 9999), **params)
            for prices in ("walk", rng.choice(("ticks", "AAPL", "stretches")))
        )

    for names, params in NAMES.items():
        name, *others = names.split()
        for prices, rows in (("walk", 130), ("AAPL", 260), ("stretches", 200)):
            seed = rng.randint(1, 9999)
            cases.append(case(name, rows=rows, prices=prices, seed=seed, **params))
        cases.extend(case(other, rows=130, seed=rng.randint(1, 9999), **params) for other in others)
    for name, choices in ON_BARS.items():
        for params in choices:
            add(name, **params)
            add(name, ("heikin",), **params)
    for name, choices in ON_LINES.items():
        for params in choices:
            for source in ("data", "high", "mean", "difference"):
                add(name, (source,), **params)
    for name, (params, averages) in AVERAGED.items():
        for kind in KINDS:
            add(name, **{**params, **dict.fromkeys(averages, kind)})
    add("haDelta", ("heikin",), autoheikin=False)
    for name in PAIRS:
        for inputs in (("data", "open"), ("close", "high"), ("close", "difference")):
            both = ("walk", "AAPL")
            cases.extend(case(name, inputs, rows=40, prices=p, period=12) for p in both)
        if name != "OLS_BetaN":
            # That one always fails: bar by bar on its bar there, before the first bar here.
            cases.append(case(name, ("mean", "data"), rows=30, runonce=False))
    cases.append(case("OLS_Slope_InterceptN", ("close", "open"), rows=40, prices="stretches"))
    cases.append(case("CointN", ("close", "open"), rows=40, period=15, trend="ct"))
    for name, params, needed in SHORT:
        cases.extend(
            case(name, rows=rows, seed=rows, runonce=runonce, **params)
            for runonce in (True, False)
            for rows in (1, needed - 2, needed - 1, needed, needed + 1)
            if rows > 0
        )
    # Flat prices: divisions by 0, ranks of equal values.
    for names, params in NAMES.items():
        cases.append(case(names.split()[0], prices="flat", rows=130, **params))
    able = [chosen for chosen in cases if chosen["name"] != "OLS_BetaN"]
    return cases + [{**chosen, "runonce": False} for chosen in rng.sample(able, 200)]
