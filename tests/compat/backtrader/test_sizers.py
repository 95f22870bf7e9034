"""Sizers: how many units an order without a size asks for."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import pytest

CLOSE = [8.0, 10.0, 16.0, 12.0, 12.0]


@pytest.fixture
def sizes(cerebro_of):
    """The sizes that a sizer gives on the first bar, for a buy and a sell, and after a buy of 5."""

    def ask(sizer, **kwargs):
        found = []

        class Look(bt.Strategy):
            def next(self):
                found.append((self.getsizing(isbuy=True), self.getsizing(isbuy=False)))
                if len(self) == 1:
                    self.buy(size=5)

        cerebro = cerebro_of(CLOSE)
        cerebro.addstrategy(Look)
        cerebro.addsizer(sizer, **kwargs)
        strategy = cerebro.run()[0]
        assert isinstance(strategy.sizer, sizer)
        # The buy trades at the open of the second bar: cash is 1000 - 5 * 10.
        return found[0], found[2]

    return ask


@pytest.mark.parametrize(
    ("name", "kwargs", "flat", "holding"),
    [
        ("FixedSize", {}, 1, 1),
        ("FixedSize", {"stake": 7}, 7, 7),
        ("SizerFix", {"stake": 7, "tranches": 3}, 2, 2),
        ("FixedReverser", {"stake": 7}, 7, 14),
        ("FixedSizeTarget", {"stake": 7}, 7, 7),
        ("FixedSizeTarget", {"stake": 9, "tranches": 3}, 3, 8),
        ("FixedSizeTarget", {"stake": 6, "tranches": 2}, 3, 6),
        ("PercentSizer", {"percents": 50}, 62.5, 5),
        ("PercentSizerInt", {"percents": 50}, 62, 5),
        ("AllInSizer", {}, 125.0, 5),
        ("AllInSizerInt", {"percents": 99}, 123, 5),
    ],
)
def test_built_in_sizers(sizes, name, kwargs, flat, holding):
    assert sizes(getattr(bt.sizers, name), **kwargs) == ((flat, flat), (holding, holding))


def test_an_own_sizer(sizes):
    class CashPart(bt.Sizer):
        params = (("part", 0.5),)

        def _getsizing(self, comminfo, cash, data, isbuy):
            if not isbuy:
                return self.broker.getposition(data).size
            return comminfo.getsize(data.close[0], cash * self.p.part)

    assert sizes(CashPart) == ((62, 0), (29, 5))


def test_sizers_by_strategy(cerebro_of):
    bought = {}

    class Buy(bt.Strategy):
        params = (("name", ""),)

        def next(self):
            if len(self) == 1:
                bought[self.p.name] = self.buy().size

    cerebro = cerebro_of(CLOSE)
    for name in ("first", "second", "third"):
        cerebro.addstrategy(Buy, name=name)
    cerebro.addsizer(bt.sizers.FixedSize, stake=3)
    cerebro.addsizer_byidx(1, bt.sizers.FixedSize, stake=8)
    cerebro.run()
    assert bought == {"first": 3, "second": 8, "third": 3}


def test_no_order_when_the_sizer_says_zero(run_once):
    class Buy(bt.Strategy):
        def __init__(self):
            self.setsizer(bt.sizers.PercentSizerInt(percents=0))

        def next(self):
            self.order = self.buy()

    assert run_once(Buy, CLOSE).order is None
