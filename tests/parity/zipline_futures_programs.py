"""Generated programs that trade futures and shares: `FILE REQUEST ANSWER [--adapter]`.

The request holds the seed of the bundle "market" and of each program. A program is drawn from its
seed while it runs, with the numbers that it sees, so both sides must see the same. The answer: by
seed everything that a script can see, and the performance frame.
"""

from __future__ import annotations

import random

import player
import zipline_market
import zipline_script_player

SHARES = ("STEADY", "GAPPY", "THIN", "ENDS", "SPLITS")
STARTS = ("2015-09-08", "2015-09-28", "2015-10-19", "2015-11-09", "2015-12-01")
SESSIONS = 22


def answer(request: dict) -> dict:
    market = zipline_market.make_market(request["market"])
    zipline_market.ingest(market)
    return {str(seed): Program(seed, market["days"]).run() for seed in request["seeds"]}


class Program:
    def __init__(self, seed: int, days: list[str]) -> None:
        self.days = days
        self.rng = random.Random(f"futures {seed}")
        self.log: list = []
        self.counts: dict[str, int] = {}

    def run(self) -> dict:
        import pandas as pd
        from zipline import run_algorithm

        days = self.days
        first = days.index(self.rng.choice(STARTS))
        morning = self.rng.random() < 0.5
        perf = run_algorithm(
            start=pd.Timestamp(days[first]),
            end=pd.Timestamp(days[first + SESSIONS]),
            initialize=self.initialize,
            handle_data=self.handle_data,
            before_trading_start=self.before if morning else None,
            capital_base=self.rng.choice([200_000, 3_000_000, 50_000_000]),
            bundle="market",
            benchmark_returns=pd.Series(dtype=float),
        )
        return {
            "log": self.log,
            "counts": self.counts,
            "perf": zipline_script_player.shown(perf),
        }

    def initialize(self, context) -> None:
        import zipline.api as z

        rng = self.rng
        fees, impact = models(rng)
        if fees is not None:
            z.set_commission(us_futures=fees)
        if impact is not None:
            z.set_slippage(us_futures=impact)
        if rng.random() < 0.3:
            z.set_cancel_policy(z.cancel_policy.EODCancel(warn_on_cancel=False))
        if rng.random() < 0.2:
            z.set_max_position_size(max_shares=400, on_error="log")
        symbols = rng.sample(sorted(zipline_market.FUTURES), 3)
        self.assets = [z.future_symbol(symbol) for symbol in symbols]
        self.assets.append(z.symbol(rng.choice(SHARES)))
        self.follow = z.continuous_future(
            rng.choice(list(zipline_market.ROOTS)), roll=rng.choice(["calendar", "volume"])
        )

    def before(self, context, data) -> None:
        portfolio = context.portfolio
        self.log.append(["morning", float(portfolio.cash), float(portfolio.portfolio_value)])

    def handle_data(self, context, data) -> None:
        import zipline.api as z

        rng = self.rng
        for asset in self.assets:
            if rng.random() < 0.35:
                self._order(z, data, asset)
        if rng.random() < 0.15:
            contract = data.current(self.follow, "contract")
            self.log.append(["follows", str(contract)])
            if contract is not None:
                self._try(z.order_target, contract, rng.choice([-3, 0, 5]))
        if rng.random() < 0.1:
            for orders in list(z.get_open_orders().values()):
                z.cancel_order(rng.choice(orders))
                self._count("cancels")
        self._look(z, context)

    def _order(self, z, data, asset) -> None:
        rng = self.rng
        how = rng.choice(["order"] * 3 + ["target", "value", "target_value", "percent", "prices"])
        size = rng.choice([1, 2, 5, 11, 40, 300]) * rng.choice([-1, 1])
        if how == "order":
            self._try(z.order, asset, size)
        elif how == "target":
            self._try(z.order_target, asset, rng.choice([0, 0, size]))
        elif how == "value":
            self._try(z.order_value, asset, size * 1000.0)
        elif how == "target_value":
            self._try(z.order_target_value, asset, size * 2500.0)
        elif how == "percent":
            self._try(z.order_target_percent, asset, rng.choice([-0.4, 0.0, 0.3, 1.2]))
        else:
            price = data.current(asset, "price")
            prices = {
                name: float(price) * rng.uniform(0.985, 1.015)
                for name in rng.choice([["limit_price"], ["stop_price"],
                                        ["limit_price", "stop_price"]])
            }  # fmt: skip
            self._try(z.order, asset, size, **prices)

    def _try(self, function, *arguments, **prices) -> None:
        try:
            placed = function(*arguments, **prices) is not None
        except Exception as error:
            placed = type(error).__name__
        self._count(f"placed {placed}")
        self.log.append([function.__name__, placed])

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def _look(self, z, context) -> None:
        portfolio, account = context.portfolio, context.account
        looked = [
            float(value)
            for value in (
                portfolio.cash, portfolio.portfolio_value, portfolio.positions_value,
                portfolio.positions_exposure, portfolio.pnl, portfolio.returns,
                portfolio.cash_flow, account.leverage, account.net_leverage,
                account.total_positions_value, account.total_positions_exposure,
            )
        ]  # fmt: skip
        held = [
            [asset.sid, int(each.amount), float(each.cost_basis), float(each.last_sale_price),
             str(each.last_sale_date)]
            for asset, each in portfolio.positions.items()
        ]  # fmt: skip
        waiting = [
            [asset.sid, each.amount, each.filled, each.limit, each.stop]
            for asset, orders in z.get_open_orders().items()
            for each in orders
        ]
        if any(amount < 0 for _, amount, *_ in held):
            self._count("short")
        if any(filled for *_, filled, _, _ in waiting):
            self._count("partial")
        self.log.append([str(z.get_datetime()), looked, held, waiting])


def models(rng) -> tuple:
    """A commission and a slippage model for futures; None for the default."""
    from zipline.finance import commission, slippage

    fees = rng.choice(
        [
            lambda: None,
            lambda: commission.PerContract(rng.choice([0.0, 0.7, 2.5]), 1.25, 6.0),
            lambda: commission.PerContract({"ES": 1.0}, {"CL": 0.0}),
            lambda: commission.PerFutureTrade(4.5),
            lambda: commission.PerTrade(3.0),
            commission.NoCommission,
        ]
    )()
    impact = rng.choice(
        [
            lambda: None,
            lambda: slippage.VolatilityVolumeShare(rng.choice([0.001, 0.01, 0.3])),
            lambda: slippage.VolatilityVolumeShare(0.02, eta=rng.choice([0.5, {"GC": 0.2}])),
            lambda: slippage.VolumeShareSlippage(0.01, 0.1),
            lambda: slippage.FixedSlippage(0.1),
            slippage.NoSlippage,
        ]
    )()
    return fees, impact


if __name__ == "__main__":
    player.play(answer)
