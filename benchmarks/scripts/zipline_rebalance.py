"""Daily rebalancing of many assets: `python zipline_rebalance.py [ASSETS] [SESSIONS]`.

50 assets on 1,258 sessions (five years) by default, on generated prices in a bundle of its own.
"""

import os
import sys
import tempfile

import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target_percent, set_commission, set_slippage, symbols
from zipline.data.bundles import ingest, register
from zipline.finance import commission, slippage
from zipline.utils.calendar_utils import get_calendar

ASSETS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
SESSIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 1258
NAMES = [f"A{number:03d}" for number in range(ASSETS)]
DAYS = get_calendar("XNYS").sessions_in_range("2015-01-02", "2020-12-31")[:SESSIONS]


def generated(
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
    rng = np.random.default_rng(11)
    frames = {}
    for sid in range(ASSETS):
        close = (50 * np.exp(np.cumsum(rng.normal(0.0002, 0.015, len(DAYS))))).round(2)
        open_ = (close * (1 + rng.normal(0, 0.003, len(DAYS)))).round(2)
        frames[sid] = pd.DataFrame(
            {
                "open": open_,
                "high": (np.maximum(open_, close) * 1.004).round(2),
                "low": (np.minimum(open_, close) * 0.996).round(2),
                "close": close,
                "volume": rng.integers(500_000, 5_000_000, len(DAYS)),
            },
            index=DAYS,
        )
    equities = pd.DataFrame(
        {
            "symbol": NAMES,
            "asset_name": NAMES,
            "start_date": DAYS[0],
            "end_date": DAYS[-1],
            "exchange": "NYSE",
        },
        index=pd.Index(range(ASSETS), name="sid"),
    )
    equities["auto_close_date"] = equities["end_date"] + pd.Timedelta(days=1)
    exchanges = pd.DataFrame({"exchange": ["NYSE"], "country_code": ["US"]})
    asset_db_writer.write(equities=equities, exchanges=exchanges)
    daily_bar_writer.write(frames.items(), show_progress=show_progress)
    adjustment_writer.write()


def initialize(context):
    context.assets = symbols(*NAMES)
    context.day = 0
    # Weights that change every day, the same in every run.
    rng = np.random.default_rng(5)
    raw = rng.uniform(0.5, 1.5, (len(DAYS), ASSETS))
    context.weights = 0.95 * raw / raw.sum(axis=1, keepdims=True)
    set_commission(commission.PerShare(cost=0.001, min_trade_cost=1.0))
    set_slippage(slippage.VolumeShareSlippage(volume_limit=0.025, price_impact=0.1))


def handle_data(context, data):
    weights = context.weights[context.day]
    for asset, weight in zip(context.assets, weights, strict=True):
        if data.can_trade(asset):
            order_target_percent(asset, weight)
    context.day += 1


def main():
    register(
        "generated",
        generated,
        calendar_name="XNYS",
        start_session=DAYS[0],
        end_session=DAYS[-1],
    )
    with tempfile.TemporaryDirectory(prefix="zipline-rebalance-") as root:
        environ = {**os.environ, "ZIPLINE_ROOT": root}
        ingest("generated", environ=environ)
        perf = run_algorithm(
            start=DAYS[0],
            end=DAYS[-1],
            initialize=initialize,
            handle_data=handle_data,
            capital_base=10_000_000,
            bundle="generated",
            environ=environ,
        )
    fills = sum(len(day) for day in perf["transactions"])
    print(f"sessions {len(perf)}, fills {fills}, value {perf['portfolio_value'].iloc[-1]:.2f}")


if __name__ == "__main__":
    main()
