"""Cancel policies and what they log, controls and restrictions of a script's own."""

import logging
import sys

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    get_open_orders,
    order,
    set_asset_restrictions,
    set_cancel_policy,
    set_slippage,
    symbol,
    symbols,
)
from zipline.errors import AccountControlViolation, TradingControlViolation
from zipline.finance.asset_restrictions import (
    NoRestrictions,
    Restrictions,
    SecurityListRestrictions,
    StaticRestrictions,
)
from zipline.finance.cancel_policy import CancelPolicy, EODCancel
from zipline.finance.controls import AccountControl, AssetDateBounds, TradingControl
from zipline.finance.slippage import FixedBasisPointsSlippage


class ToStdout(logging.Handler):
    def emit(self, record):
        print("log:", record.getMessage(), file=sys.stdout)


class OnFridays(CancelPolicy):
    """Counts what it is asked; cancels from the fifth time on."""

    warn_on_cancel = True

    def __init__(self):
        self.asked = 0

    def should_cancel(self, event):
        self.asked += 1
        return self.asked > 4 and event == 2


class EvenOnly(TradingControl):
    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data):
        if amount % 2:
            price = algo_current_data.current(asset, "price")
            self.handle_violation(asset, amount, algo_datetime, metadata={"price": price})


class FewPositions(AccountControl):
    def validate(self, _portfolio, _account, _algo_datetime, _algo_current_data):
        if len(_portfolio.positions) > 2:
            self.fail()


class OddSids(Restrictions):
    def is_restricted(self, assets, dt):
        if hasattr(assets, "sid"):
            return assets.sid % 2 == 1
        return pd.Series([asset.sid % 2 == 1 for asset in assets], index=pd.Index(assets))


def go(initialize, handle_data, end="2015-10-20"):
    return run_algorithm(
        pd.Timestamp("2015-10-05"),
        pd.Timestamp(end),
        initialize,
        1e5,
        handle_data,
        bundle="market",
    )


def cancelling(policy):
    def initialize(context):
        context.asset = symbol("SPLITS")
        context.day = 0
        set_cancel_policy(policy)
        set_slippage(FixedBasisPointsSlippage(5, 0.001))

    def handle_data(context, data):
        context.day += 1
        if context.day % 2:
            order(context.asset, 900)
            order(context.asset, -700, limit_price=data.current(context.asset, "price") * 1.2)
        print(context.day, [(o.amount, o.filled) for o in get_open_orders(context.asset)])

    return go(initialize, handle_data)


handler = ToStdout()
logger = logging.getLogger("AlgoWarning")
logger.addHandler(handler)
logging.disable(logging.NOTSET)
for policy in (EODCancel(), EODCancel(warn_on_cancel=False), OnFridays()):
    perf = cancelling(policy)
logging.disable(logging.CRITICAL)
logger.removeHandler(handler)


def guarded(context):
    context.assets = symbols("STEADY", "GAPPY", "PAYS", "GIVES")
    context.register_trading_control(EvenOnly("fail", why="odd lots"))
    context.register_trading_control(AssetDateBounds("fail"))
    context.register_account_control(FewPositions(most=2))
    print(context.trading_controls, context.account_controls)


def spend(context, data):
    for n, asset in enumerate(context.assets):
        try:
            order(asset, 4 + n)
        except TradingControlViolation as error:
            print(type(error).__name__, bool(str(error)))


try:
    go(guarded, spend)
except AccountControlViolation as error:
    print(type(error).__name__, "most" in str(error))


class Listed:
    """A list of securities, as `SecurityListRestrictions` takes it."""

    def current_securities(self, dt):
        return {0, 7} if dt.day > 12 else {7}


def restricted(context):
    context.assets = symbols("STEADY", "GAPPY", "THIN", "PAYS")
    set_asset_restrictions(OddSids() | StaticRestrictions(context.assets[2:3]), on_error="log")
    set_asset_restrictions(SecurityListRestrictions(Listed()), on_error="log")
    print(type(context.restrictions).__name__, type(NoRestrictions() | NoRestrictions()).__name__)


def look(context, data):
    print(data.current_dt.day, [bool(data.can_trade(asset)) for asset in context.assets])
    print(list(context.restrictions.is_restricted(context.assets, data.current_dt)))
    order(context.assets[0], 10)


perf = go(restricted, look)
print(perf.portfolio_value.iloc[-1])
