"""Momentum over large US stocks on the engine itself: one function, called with all assets.

Every 21 sessions the two stocks with the best half year are held in equal parts, each sold 15 %
below its average entry price. Run it as it is, or with `--jit`: compiled, with the same result.

    python native_momentum.py [--jit]
"""

import sys

import numpy as np
from fillproof.core import Commission, Rules, Slippage, run
from fillproof.core.data import sample
from fillproof.core.native import CLOSE

SYMBOLS = ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
LOOK_BACK, EVERY, HELD = 126, 21, 2


def momentum(now):
    close = now.close
    holdings = now.holdings
    entries = now.entry_prices
    for asset in range(len(close)):
        if holdings[asset] > 0.0 and close[asset] < 0.85 * entries[asset]:
            now.target_size(asset, 0.0)
    if now.t < LOOK_BACK or now.t % EVERY != 0:
        return
    past = now.history(CLOSE, LOOK_BACK + 1)
    growth = close / past[:, 0] - 1.0
    weights = np.zeros(len(close))
    for asset in np.argsort(-growth)[:HELD]:
        if growth[asset] > 0.0:
            weights[asset] = 0.95 / HELD
    now.target_weights(weights)


def main():
    strategy = momentum
    if "--jit" in sys.argv:
        import numba

        strategy = numba.njit(momentum)
    result = run(
        sample(SYMBOLS),
        strategy,
        Rules(sizing="whole"),
        cash=100_000.0,
        commission=Commission("per_share", 0.005, minimum=1.0),
        slippage=Slippage("percent", 0.0005),
    )
    trades = result.trades
    print(f"{len(result.fills)} fills, {len(trades)} trades, net {trades['net'].sum():,.2f}")
    print(f"equity {result.equity[-1]:,.2f}")


if __name__ == "__main__":
    main()
