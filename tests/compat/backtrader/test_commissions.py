"""Costs of a script's own: commission classes, interest, fillers, cash that comes and goes."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import pytest
from fillproof.compat.unsupported import UnsupportedFeature

CLOSE = [10.0, 10.0, 11.0, 12.0, 11.0, 10.0, 9.0, 12.0]


class Trading(bt.Strategy):
    """Buys 10 on the second bar, sells 15 on the fourth, and notes cash after each bar."""

    def __init__(self):
        self.cash, self.orders = [], []

    def next(self):
        if len(self) == 2:
            self.buy(size=10)
        if len(self) == 4:
            self.sell(size=15)
        self.cash.append(self.broker.getcash())

    def notify_order(self, order):
        if order.status in (order.Completed, order.Partial):
            self.orders.append(order)


def run(cerebro_of, info=None, **broker):
    cerebro = cerebro_of(CLOSE)
    if info is not None:
        cerebro.broker.addcommissioninfo(info)
    for name, value in broker.items():
        getattr(cerebro.broker, f"set_{name}")(value)
    cerebro.addstrategy(Trading)
    return cerebro.run()[0]


@pytest.mark.parametrize("method", ["_getcommission", "getcommission"])
def test_a_commission_of_its_own(cerebro_of, method):
    seen = []

    def fee(self, size, price, pseudoexec=True):
        seen.append((size, price))
        return 2.0 if size > 0 else 3.0

    Own = type("Own", (bt.CommInfoBase,), {method: fee, "confirmexec": lambda *a: 0.0})
    strategy = run(cerebro_of, Own(commission=1.0))
    # The sale closes 10 and opens 5: each part is asked for, with its sign.
    assert [(s, p) for s, p in seen if p == 11.0][:2] == [(10, 11.0), (-10, 11.0)]
    assert all(type(size) is int for size, _ in seen)
    assert [o.executed.comm for o in strategy.orders] == [2.0, 6.0]
    assert strategy.cash[-1] == 1000.0 - 110.0 - 2.0 + 165.0 - 6.0


def test_methods_that_only_call_the_built_in_ones_change_nothing(cerebro_of):
    def passing(name):
        def method(self, *args):
            return getattr(super(Own, self), name)(*args)

        return method

    names = [
        "_getcommission",
        "getcommission",
        "confirmexec",
        "get_margin",
        "getvaluesize",
        "getvalue",
        "get_leverage",
        "getoperationcost",
        "profitandloss",
        "cashadjust",
        "get_credit_interest",
        "_get_credit_interest",
    ]
    Own = type("Own", (bt.CommInfoBase,), {name: passing(name) for name in names})
    for scheme in (
        {"commission": 0.5},
        {"commission": 0.5, "margin": 20.0, "mult": 3.0},
        {"commission": 0.5, "leverage": 2.0, "interest": 0.3, "interest_long": True},
    ):
        for shortcash in (True, False):
            plain = run(cerebro_of, bt.CommInfoBase(**scheme), shortcash=shortcash)
            own = run(cerebro_of, Own(**scheme), shortcash=shortcash)
            assert plain.cash == own.cash
            assert plain.broker.getvalue() == own.broker.getvalue()


@pytest.mark.parametrize(
    ("name", "stocklike", "percent"),
    [
        ("CommInfo", True, True),
        ("CommInfo_Futures_Perc", False, True),
        ("CommInfo_Futures_Fixed", False, False),
        ("CommInfo_Stocks_Perc", True, True),
        ("CommInfo_Stocks_Fixed", True, False),
    ],
)
def test_kinds_of_commission(name, stocklike, percent):
    info = getattr(bt.commissions, name)(commission=2.0)
    assert bt.comms is bt.commissions
    assert info.stocklike is stocklike
    assert info.getcommission(10, 50.0) == (10.0 if percent else 20.0)


def test_interest_is_charged_by_days_and_shown_at_the_exit(cerebro_of):
    info = bt.CommInfoBase(interest=0.365, interest_long=True)
    strategy = run(cerebro_of, info)
    day = 0.001 * 10 * 11.0
    assert strategy.cash[3] == pytest.approx(1000.0 - 110.0 - day)
    assert strategy.orders[1].executed.comm == pytest.approx(2 * day)
    assert strategy.broker.d_credit[strategy.data] == pytest.approx(3 * 0.001 * 5 * 11.0)
    apart = run(cerebro_of, info, int2pnl=False)
    assert apart.orders[1].executed.comm == 0.0
    assert apart.cash == strategy.cash


def test_a_filler_decides_the_sizes(cerebro_of):
    sizes = iter([4, 0, 6.0, 15])
    strategy = run(cerebro_of, filler=lambda order, price, ago: next(sizes))
    assert [o.executed.size for o in strategy.orders] == [4, 10.0, -15]
    assert [o.getstatusname() for o in strategy.orders] == ["Partial", "Completed", "Completed"]


@pytest.mark.parametrize("size", [11, -1, float("nan")])
def test_a_filler_that_makes_no_sense(cerebro_of, size):
    with pytest.raises(UnsupportedFeature, match="remain"):
        run(cerebro_of, filler=lambda order, price, ago: size)


def test_cash_that_is_added_buys_shares_of_the_fund(cerebro_of):
    class Saving(bt.Strategy):
        def next(self):
            if len(self) == 1:
                self.broker.add_cash(500.0)

    cerebro = cerebro_of(CLOSE)
    cerebro.broker.set_fundmode(True, 10.0)
    cerebro.addstrategy(Saving)
    broker = cerebro.run()[0].broker
    assert broker.fundmode
    assert (broker.getvalue(), broker.fundshares, broker.fundvalue) == (1500.0, 150.0, 10.0)


def test_values_and_leverage(cerebro_of):
    strategy = run(cerebro_of, bt.CommInfoBase(leverage=2.0), shortcash=False)
    broker, data = strategy.broker, strategy.data
    # Short 5 from 11.0, now at 12.0: half of what it took, and the loss.
    net, gross = (50.0 + 5.0) / 2.0 - 5.0, 50.0
    assert broker.getvalue(mkt=True) == net
    assert broker.getvalue(mkt=True, lever=True) == gross
    assert broker.getvalue(lever=True) == broker.getcash() + gross
    assert broker.getvalue([data]) == -50.0
    assert broker.get_leverage() == gross / net
