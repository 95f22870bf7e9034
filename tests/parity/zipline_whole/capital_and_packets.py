"""Capital changes, packets of sessions and minutes, fields of the account that a script sets."""

import pandas as pd
from zipline import TradingAlgorithm
from zipline.data import bundles
from zipline.data.data_portal import DataPortal
from zipline.finance.trading import SimulationParameters
from zipline.utils.calendar_utils import get_calendar

calendar = get_calendar("XNYS")
bundle = bundles.load("market")


def portal():
    return DataPortal(
        bundle.asset_finder,
        calendar,
        bundle.equity_daily_bar_reader.first_trading_day,
        equity_daily_reader=bundle.equity_daily_bar_reader,
        equity_minute_reader=bundle.equity_minute_bar_reader,
        adjustment_reader=bundle.adjustment_reader,
    )


def parameters(end, **options):
    return SimulationParameters(
        pd.Timestamp("2015-11-17"), pd.Timestamp(end), calendar, 1e5, **options
    )


class Steps(TradingAlgorithm):
    def initialize(self):
        self.assets = self.symbols("STEADY", "SPLITS")
        self.count = 0

    def handle_data(self, data):
        self.count += 1
        if self.count % 3 == 1:
            self.order(self.assets[self.count % 2], 30)
        self.record(count=self.count)


def utc(day, time=""):
    return pd.Timestamp(f"{day} {time}", tz="UTC")


changes = {
    utc("2015-11-18"): {"type": "delta", "value": 5000.0},
    utc("2015-11-20"): {"type": "target", "value": 90000.0},
    utc("2015-11-24", "16:00"): {"type": "delta", "value": 1.0},
}
returns = pd.Series(0.001, pd.date_range("2015-11-01", "2015-12-29"))
algorithm = Steps(
    parameters("2015-12-01"), portal(), capital_changes=changes, benchmark_returns=returns
)
perf = algorithm.run()
print(algorithm.capital_change_deltas)
print(
    perf[["starting_cash", "ending_cash", "pnl", "returns", "portfolio_value"]].to_numpy().tolist()
)
print(algorithm.risk_report)


def shown(packet):
    """A packet without orders' ids."""
    if isinstance(packet, dict):
        return {
            key: shown(packet[key])
            for key in sorted(packet)
            if key not in ("id", "order_id", "sid")
        }
    return [shown(one) for one in packet] if isinstance(packet, list) else packet


algorithm = Steps(
    parameters("2015-11-20"), portal(), capital_changes=changes, benchmark_returns=returns
)
for packet in algorithm.get_generator():
    print(algorithm.count, shown(packet))

emitting = parameters("2015-11-18", data_frequency="minute", emission_rate="minute")
changes = {utc("2015-11-18", "15:00"): {"type": "delta", "value": 77.0}}
algorithm = Steps(emitting, portal(), capital_changes=changes, benchmark_returns=returns)
for number, packet in enumerate(algorithm.get_generator()):
    if number % 97 == 0 or "minute_perf" not in packet:
        print(number, shown(packet))


class Overridden(Steps):
    def handle_data(self, data):
        super().handle_data(data)
        if self.count == 2:
            self.metrics_tracker.override_account_fields(leverage=0.25, regt_margin=5)
        if self.count == 3:
            self.metrics_tracker.update_position(self.assets[0], amount=70, cost_basis=12.0)
        account = self.account
        print(account.leverage, account.regt_margin, account.settled_cash)
        held = self.portfolio.positions[self.assets[0]]
        print(held.amount, held.cost_basis, self.portfolio.portfolio_value)


perf = Overridden(parameters("2015-11-24"), portal(), benchmark_returns=returns).run()
print(perf.max_leverage.tolist())
