"""A benchmark that is an asset, in runs that emit every minute; and the source by itself."""

import os

import pandas as pd
from zipline import TradingAlgorithm
from zipline.data import bundles
from zipline.data.data_portal import DataPortal
from zipline.finance.trading import SimulationParameters
from zipline.sources.benchmark_source import BenchmarkSource
from zipline.utils.calendar_utils import get_calendar

calendar = get_calendar("XNYS")
bundle = bundles.load("market", os.environ)
finder = bundle.asset_finder
portal = DataPortal(
    finder,
    calendar,
    bundle.equity_daily_bar_reader.first_trading_day,
    bundle.equity_daily_bar_reader,
    bundle.equity_minute_bar_reader,
    adjustment_reader=bundle.adjustment_reader,
)


def shown(series):
    values = [round(value, 10) for value in series.tolist()]
    return [*map(str, series.index[:2]), *map(str, series.index[-2:]), len(values), values[:6]]


def source(symbol, first, last, **options):
    asset = None if symbol is None else finder.lookup_symbol(symbol, as_of_date=None)
    sessions = calendar.sessions_in_range(first, last)
    try:
        made = BenchmarkSource(asset, calendar, sessions, portal, **options)
    except Exception as error:
        print(type(error).__name__)
        return
    print(symbol, made.emission_rate, shown(made.daily_returns(sessions[0], sessions[-1])))
    if made.emission_rate == "minute":
        first, last = calendar.session_open(sessions[0]), calendar.session_close(sessions[-1])
        print("  ", shown(made.get_range(first, last)), round(made.get_value(last), 10))
    else:
        print("  ", shown(made.get_range(sessions[1], sessions[-1])))
        print("  ", round(made.get_value(sessions[-1]), 10))
        print("  ", round(made.daily_returns(sessions[0]), 10))


for symbol in ("STEADY", "SPLITS", "GAPPY", "LATE", "GIVES", "ENDS"):
    source(symbol, "2015-11-24", "2015-12-04")
    source(symbol, "2015-11-24", "2015-12-04", emission_rate="minute")
source("LATE", "2015-11-20", "2015-12-04")
days = pd.Series(0.001, pd.date_range("2015-11-25", "2015-12-02"))
source(None, "2015-11-24", "2015-12-04", benchmark_returns=days)
source(None, "2015-11-24", "2015-12-04", benchmark_returns=days, emission_rate="minute")


class Steps(TradingAlgorithm):
    def initialize(self):
        self.count = 0

    def handle_data(self, data):
        self.count += 1
        if self.count % 150 == 1:
            self.order(self.symbol("STEADY"), 20)


parameters = SimulationParameters(
    pd.Timestamp("2015-11-24"),
    pd.Timestamp("2015-11-30"),
    calendar,
    data_frequency="minute",
    emission_rate="minute",
)
for symbol in ("STEADY", "SPLITS"):
    benchmark = finder.lookup_symbol(symbol, as_of_date=None)
    algorithm = Steps(parameters, portal, benchmark_sid=benchmark.sid)
    for number, packet in enumerate(algorithm.get_generator()):
        if number % 151 == 0 or "daily_perf" in packet:
            metrics = packet["cumulative_risk_metrics"]
            for name in ("benchmark_period_return", "benchmark_volatility", "alpha", "beta"):
                value = metrics.get(name)
                print(number, name, None if value is None else round(value, 9))
perf = Steps(parameters, portal, benchmark_sid=0).run()
