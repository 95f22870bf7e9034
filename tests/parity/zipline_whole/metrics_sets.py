"""Metrics of a script's own with all hooks, the sets none and classic, sets by name."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, record, set_slippage, symbols
from zipline.finance import metrics, slippage


def asset_list(context):
    context.assets = symbols("STEADY", "PAYS", "SPLITS")
    set_slippage(slippage.FixedSlippage(0.01))


def trade(context, data):
    context.day = getattr(context, "day", 0) + 1
    for n, asset in enumerate(context.assets):
        order_target_percent(asset, 0.2 * (n - 1) if context.day % 4 else 0.1)
    record(day=context.day)


def run(metrics_set, end="2015-10-16"):
    return run_algorithm(
        pd.Timestamp("2015-10-01"),
        pd.Timestamp(end),
        asset_list,
        1e5,
        trade,
        bundle="market",
        metrics_set=metrics_set,
        benchmark_returns=pd.Series(0.001, pd.date_range("2015-10-01", "2016-04-29")),
    )


class Everything:
    """Prints what it is told."""

    def start_of_simulation(self, ledger, emission_rate, calendar, sessions, benchmark_source):
        print("start", emission_rate, calendar.name, len(sessions), ledger.portfolio.cash)
        print(benchmark_source.daily_returns(sessions[0], sessions[1]).tolist())
        print(benchmark_source.get_value(sessions[3]), ledger.daily_returns_series.isna().all())

    def start_of_session(self, ledger, session, data_portal):
        print("session", session, ledger.portfolio.portfolio_value, ledger.todays_returns)
        print(ledger.orders(), ledger.transactions())

    def end_of_session(self, packet, ledger, session, session_ix, data_portal):
        stats = ledger.position_tracker.stats
        print(
            "end", session, session_ix, sorted(packet), packet["progress"], packet["capital_base"]
        )
        print([(p["sid"].symbol, p["amount"], p["cost_basis"]) for p in ledger.positions])
        print(stats.net_value, stats.gross_exposure, stats.longs_count, stats.shorts_count)
        print(stats.position_exposure_array.tolist(), list(stats.position_exposure_series.index))
        print(len(ledger.orders()), len(ledger.transactions()), ledger.account.leverage)
        held = ledger.position_tracker.positions
        print([(asset.symbol, held[asset].amount, held[asset].last_sale_price) for asset in held])
        print(ledger.daily_returns_array[: session_ix + 1].tolist(), ledger.todays_returns)
        packet["daily_perf"]["longs"] = stats.longs_count
        packet["cumulative_risk_metrics"]["twice"] = 2 * session_ix

    def end_of_simulation(self, packet, ledger, calendar, sessions, data_portal, benchmark_source):
        print("over", packet, ledger.portfolio.returns)
        packet["all"] = 1


frame = run({Everything(), metrics.ReturnsStatistic(lambda r: r.sum(), "total")})
print(sorted(frame.columns), frame.shape)
print(frame[["longs", "twice", "total", "day"]].to_numpy().tolist())
frame = run("none")
print(sorted(frame.columns), frame.shape, frame.day.tolist())


@metrics.register("small")
def small():
    return {metrics.PNL(), metrics.NumTradingDays(), metrics.DailyLedgerField("account.cushion")}


print(sorted(metrics.metrics_sets))
frame = run("small")
print(sorted(frame.columns), frame.pnl.tolist(), frame.cushion.tolist())
metrics.unregister("small")
for call in (
    lambda: run("small"),
    lambda: metrics.load("small"),
    lambda: metrics.unregister("small"),
    lambda: metrics.register("none", set),
):
    try:
        call()
    except ValueError as error:
        print(str(error))


class Report:
    """What the classic set reports at the end."""

    def end_of_simulation(self, packet, *args):
        for name in ("one_month", "three_month", "six_month", "twelve_month"):
            for row in packet.get(name, ()):
                print(name, {key: row[key] for key in sorted(row)})


perf = run("classic", "2016-02-12")
