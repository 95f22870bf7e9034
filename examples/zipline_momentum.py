"""Monthly momentum rotation over a handful of US stocks, with a weekly stop loss.

Each month the two stocks with the best return over the last six months (leaving out the
latest month) are held at equal weight, as long as that return is positive. The prices are
read from CSV files of unadjusted daily bars; splits go through the adjustment writer.

    python zipline_momentum.py
"""

import os
import tempfile
from pathlib import Path

import pandas as pd
from zipline import run_algorithm
from zipline.api import (
    cancel_order,
    date_rules,
    get_open_orders,
    order_target,
    order_target_percent,
    record,
    schedule_function,
    set_commission,
    set_slippage,
    symbols,
    time_rules,
)
from zipline.data.bundles import ingest, register
from zipline.finance import commission, slippage

DATA = Path(__file__).resolve().parent / "data"
TICKERS = ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
SPLITS = [("AAPL", "2000-06-21", 2), ("MSFT", "2003-02-18", 2), ("AAPL", "2005-02-28", 2)]

LOOKBACK = 126  # sessions, about six months
SKIP = 21  # the latest month reverses more often than it continues
HOLDINGS = 2
STOP_LOSS = 0.80  # of the average cost


def read_bars(ticker):
    bars = pd.read_csv(DATA / f"{ticker}.csv", parse_dates=["date"], index_col="date")
    return bars[["open", "high", "low", "close", "volume"]]


def csv_folder(
    environ,
    asset_db_writer,
    minute_bar_writer,
    daily_bar_writer,
    adjustment_writer,
    calendar,
    start_session,
    end_session,
    cache,
    show_progress,
    output_dir,
):
    bars = {sid: read_bars(ticker) for sid, ticker in enumerate(TICKERS)}
    equities = pd.DataFrame(
        {
            "symbol": TICKERS,
            "asset_name": TICKERS,
            "start_date": [frame.index[0] for frame in bars.values()],
            "end_date": [frame.index[-1] for frame in bars.values()],
            "exchange": "NYSE",
        },
        index=pd.Index(bars, name="sid"),
    )
    equities["auto_close_date"] = equities["end_date"] + pd.Timedelta(days=1)
    exchanges = pd.DataFrame({"exchange": ["NYSE"], "country_code": ["US"]})
    asset_db_writer.write(equities=equities, exchanges=exchanges)

    daily_bar_writer.write(bars.items(), show_progress=show_progress)

    splits = pd.DataFrame(
        {
            "sid": [TICKERS.index(ticker) for ticker, _, _ in SPLITS],
            "effective_date": pd.to_datetime([date for _, date, _ in SPLITS]),
            "ratio": [1 / factor for _, _, factor in SPLITS],
        }
    )
    adjustment_writer.write(splits=splits)


def initialize(context):
    context.universe = symbols(*TICKERS)
    context.rebalances = 0
    context.stopped_out = 0

    set_commission(commission.PerShare(cost=0.005, min_trade_cost=1.0))
    set_slippage(slippage.VolumeShareSlippage(volume_limit=0.025, price_impact=0.1))
    schedule_function(rebalance, date_rules.month_start(), time_rules.market_open(minutes=30))
    schedule_function(stop_losses, date_rules.week_end(), time_rules.market_close(minutes=30))


def rebalance(context, data):
    tradable = [asset for asset in context.universe if data.can_trade(asset)]
    prices = data.history(tradable, "price", LOOKBACK + 1, "1d").dropna(axis=1)
    momentum = (prices.iloc[-SKIP] / prices.iloc[0] - 1).sort_values(ascending=False)
    winners = [asset for asset in momentum.index[:HOLDINGS] if momentum[asset] > 0]

    for orders in get_open_orders().values():
        for order in orders:
            cancel_order(order)
    for asset in list(context.portfolio.positions):
        if asset not in winners:
            order_target(asset, 0)
    for asset in winners:
        order_target_percent(asset, 0.95 / HOLDINGS)
    context.rebalances += 1


def stop_losses(context, data):
    for asset, position in context.portfolio.positions.items():
        if data.current(asset, "price") < STOP_LOSS * position.cost_basis:
            order_target(asset, 0)
            context.stopped_out += 1


def handle_data(context, data):
    record(
        held=len(context.portfolio.positions),
        leverage=context.account.leverage,
        apple=data.current(context.universe[0], "price"),
    )


def analyze(context, perf):
    fills = perf["transactions"].explode().dropna()
    fees = {order["id"]: order["commission"] for day in perf["orders"] for order in day}

    print(f"{'sessions':<22}{len(perf):>14,}")
    print(f"{'rebalances':<22}{context.rebalances:>14,}")
    print(f"{'positions stopped out':<22}{context.stopped_out:>14,}")
    print(f"{'fills':<22}{len(fills):>14,}")
    print(f"{'shares traded':<22}{sum(abs(fill['amount']) for fill in fills):>14,}")
    print(f"{'commission paid':<22}{sum(fees.values()):>14,.2f}")
    print(f"{'final value':<22}{perf['portfolio_value'].iloc[-1]:>14,.2f}")
    print(f"{'total return':<22}{perf['algorithm_period_return'].iloc[-1]:>14.2%}")
    print(f"{'volatility':<22}{perf['algo_volatility'].iloc[-1]:>14.2%}")
    print(f"{'Sharpe ratio':<22}{perf['sharpe'].iloc[-1]:>14.4f}")
    print(f"{'Sortino ratio':<22}{perf['sortino'].iloc[-1]:>14.4f}")
    print(f"{'maximum drawdown':<22}{perf['max_drawdown'].iloc[-1]:>14.2%}")
    print(f"{'maximum leverage':<22}{perf['max_leverage'].iloc[-1]:>14.4f}")
    print(f"{'mean number held':<22}{perf['held'].mean():>14.4f}")

    print()
    print(f"{'year':<6}{'return':>10}{'value':>16}{'positions':>11}{'fills':>7}")
    for year, days in perf.groupby(perf.index.year):
        total = (1 + days["returns"]).prod() - 1
        value = days["portfolio_value"].iloc[-1]
        count = sum(len(day) for day in days["transactions"])
        print(f"{year:<6}{total:>10.2%}{value:>16,.2f}{days['held'].iloc[-1]:>11}{count:>7}")


def main():
    register(
        "csv-folder",
        csv_folder,
        calendar_name="XNYS",
        start_session=pd.Timestamp("2000-03-01"),
        end_session=pd.Timestamp("2013-03-01"),
    )
    with tempfile.TemporaryDirectory(prefix="zipline-momentum-") as root:
        environ = {**os.environ, "ZIPLINE_ROOT": root}
        ingest("csv-folder", environ=environ)
        run_algorithm(
            start=pd.Timestamp("2005-01-03"),
            end=pd.Timestamp("2012-12-31"),
            initialize=initialize,
            handle_data=handle_data,
            analyze=analyze,
            capital_base=1_000_000,
            bundle="csv-folder",
            environ=environ,
        )


if __name__ == "__main__":
    main()
