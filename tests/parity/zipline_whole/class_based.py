"""An algorithm that is a class of its own, with arguments for initialize and methods of the API."""

import pandas as pd
from zipline.algorithm import TradingAlgorithm
from zipline.api import get_datetime
from zipline.data import bundles
from zipline.data.data_portal import DataPortal
from zipline.finance.trading import SimulationParameters
from zipline.utils.calendar_utils import get_calendar
from zipline.utils.events import date_rules, time_rules


class Ladder(TradingAlgorithm):
    def initialize(self, names, step=10):
        print("initialize", names, step, self.initialized, self.sim_params.capital_base)
        self.watched = [self.symbol(name) for name in names]
        self.step = step
        self.schedule_function(self.weekly, date_rules.week_start(), time_rules.market_open())
        self.set_max_order_size(max_shares=10_000)

    def weekly(self, context, data):
        assert context is self
        print(
            "weekly", get_datetime(), {o.symbol: len(v) for o, v in self.get_open_orders().items()}
        )
        for asset in self.watched:
            self.order(asset, self.step, limit_price=data.current(asset, "price") * 1.01)

    def before_trading_start(self, data):
        self.mornings = getattr(self, "mornings", 0) + 1

    def handle_data(self, data):
        self.record(held=len(self.portfolio.positions), mornings=self.mornings)
        if self.mornings % 9 == 0:
            print(self.get_datetime().date(), self.portfolio.cash, self.account.leverage)
            print(sorted((p.asset.symbol, p.amount) for p in self.portfolio.positions.values()))

    def analyze(self, perf):
        print("analyze", perf.shape[0], perf["mornings"].iloc[-1], self.recorded_vars)


calendar = get_calendar("XNYS")
bundle = bundles.load("market")
parameters = SimulationParameters(
    pd.Timestamp("2015-10-01"),
    pd.Timestamp("2015-12-12"),
    calendar,
    capital_base=50_000.0,
    data_frequency="daily",
)
print(str(parameters).partition("trading_calendar")[0])
portal = DataPortal(
    bundle.asset_finder,
    trading_calendar=calendar,
    first_trading_day=bundle.equity_daily_bar_reader.first_trading_day,
    equity_daily_reader=bundle.equity_daily_bar_reader,
    adjustment_reader=bundle.adjustment_reader,
)
algorithm = Ladder(
    sim_params=parameters,
    data_portal=portal,
    benchmark_returns=pd.Series(0.0, index=parameters.sessions),
    names=["STEADY", "SPLITS"],
    step=15,
)
print(algorithm.data_frequency, algorithm.trading_calendar.name, algorithm.initialized)
perf = algorithm.run()
for arguments in (
    {},
    {"asset_finder": bundle.asset_finder, "script": "x = 1", "handle_data": print},
):
    try:
        TradingAlgorithm(parameters, **arguments)
    except Exception as error:
        print(type(error).__name__)
try:
    TradingAlgorithm(parameters, asset_finder=bundle.asset_finder).run()
except Exception as error:
    print(type(error).__name__)

SCRIPT = """
from zipline.api import order, symbol, record
def initialize(context):
    context.asset = symbol(NAME)
def handle_data(context, data):
    order(context.asset, 3)
    record(price=data.current(context.asset, 'price'))
def analyze(context, perf):
    print('the script ends with', perf.price.iloc[-1], perf.portfolio_value.iloc[-1])
"""
text = TradingAlgorithm(
    parameters.create_new(pd.Timestamp("2015-10-01"), pd.Timestamp("2015-10-20")),
    script=SCRIPT,
    namespace={"NAME": "THIN"},
    asset_finder=bundle.asset_finder,
    benchmark_returns=pd.Series(0.0, index=parameters.sessions),
)
print(text.run(portal).shape[0], text.namespace["NAME"])
