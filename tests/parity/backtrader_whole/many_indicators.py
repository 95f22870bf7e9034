"""Forty indicators of the library, their values now and then."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


NAMES = [
    "AccDeOsc",
    "AroonUpDown",
    "AroonOsc",
    "AverageTrueRange",
    "AwesomeOscillator",
    "BollingerBands",
    "CommodityChannelIndex",
    "DirectionalMovement",
    "DPO",
    "DV2",
    "DEMA",
    "Envelope",
    "EMA",
    "HullMovingAverage",
    "Ichimoku",
    "KAMA",
    "KST",
    "LaguerreRSI",
    "MACDHisto",
    "Momentum",
    "MomentumOsc",
    "ParabolicSAR",
    "PercentRank",
    "PivotPoint",
    "PGO",
    "PPO",
    "RSI",
    "RMI",
    "ROC100",
    "StochasticFull",
    "SMMA",
    "TEMA",
    "Trix",
    "TrueStrengthIndicator",
    "UltimateOscillator",
    "Vortex",
    "WilliamsR",
    "WilliamsAD",
    "WMA",
    "ZLEMA",
]


class Read(bt.Strategy):
    def __init__(self):
        self.all = []
        for name in NAMES:
            kwargs = dict(perc=3.0) if name == "Envelope" else {}
            self.all.append((name, getattr(bt.ind, name)(self.data, **kwargs)))

    def nextstart(self):
        print("first", len(self))
        self.next()

    def next(self):
        if len(self) % 40 == 0:
            for name, indicator in self.all:
                print(name, *("%r" % line[0] for line in indicator.lines))
        if len(self) % 30 == 0:
            self.buy() if not self.position else self.close()


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Read)
cerebro.run()
print(cerebro.broker.getvalue())
