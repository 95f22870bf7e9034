"""Generated order programs priced by models of a script's own: see `zipline_programs.py`.

The models are drawn too: what they price at, how much they let trade, when they give up a bar,
what they take from a base; some programs have a blotter of their own.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import random

import player
import zipline_programs as programs

SLIPPAGES = ("range", "share", "volume_share", "basis_points", "fixed", "patched", "simulate")
COMMISSIONS = ("stepped", "rebate", "per_share", "per_dollar", "per_trade", None)


def make_program(seed: int, days: list[str]) -> dict:
    """An order program and the models that price it."""
    rng = random.Random(f"models {seed}")
    own = {
        "slippage": rng.choice(SLIPPAGES),
        "commission": rng.choice(COMMISSIONS),
        "share": rng.choice([0.004, 0.02, 0.1, 0.5]),
        "cents": rng.choice([0.0, 0.01, 0.05]),
        "rate": rng.choice([0.001, 0.01]),
        "minimum": rng.choice([0, 1, 2.5]),
        "blotter": rng.random() < 0.3,
    }
    return programs.make_program(seed, days) | {"own": own}


def make_slippage(own: dict):
    from zipline.finance import slippage
    from zipline.finance.transaction import create_transaction

    share, cents = own["share"], own["cents"]

    class Range(slippage.SlippageModel):
        def process_order(self, data, order):
            bar = data.current(order.asset, ["high", "low", "volume"])
            left = int(bar["volume"] * share) - self.volume_for_bar
            if left <= 0:
                raise slippage.LiquidityExceeded()
            price = bar["high"] if order.direction > 0 else bar["low"]
            if slippage.fill_price_worse_than_limit_price(price, order):
                return None, None
            return price, min(left, abs(order.open_amount)) * order.direction

    class Share(slippage.EquitySlippageModel):
        def process_order(self, data, order):
            part = int(order.open_amount * share)
            price = data.current(order.asset, "close") + cents * order.direction
            return (price, part) if part else (None, None)

    class Volume(slippage.VolumeShareSlippage):
        def process_order(self, data, order):
            price, amount = super().process_order(data, order)
            return (None, None) if price is None else (price + cents * order.direction, amount)

    class Points(slippage.FixedBasisPointsSlippage):
        def process_order(self, data, order):
            price, amount = super().process_order(data, order)
            return round(price, 2), amount

    class Fixed(slippage.FixedSlippage):
        pass

    class Whole(slippage.SlippageModel):
        def process_order(self, data, order):
            raise AssertionError

        def simulate(self, data, asset, orders):
            price = data.current(asset, "close")
            if price != price:
                return
            for order in orders:
                order.check_triggers(price, data.current_dt)
                if order.triggered and order.open_amount:
                    amount = order.open_amount
                    yield order, create_transaction(order, data.current_dt, price + cents, amount)

    patched = slippage.FixedSlippage(2 * cents)
    patched.process_order = lambda data, order: (data.current(order.asset, "open"), order.amount)
    return {
        "range": Range,
        "share": Share,
        "volume_share": lambda: Volume(share, 0.2),
        "basis_points": lambda: Points(7, share),
        "fixed": lambda: Fixed(cents),
        "patched": lambda: patched,
        "simulate": Whole,
    }[own["slippage"]]()


def make_commission(own: dict):
    from zipline.finance import commission

    rate, minimum = own["rate"], own["minimum"]

    class Stepped(commission.CommissionModel):
        def calculate(self, order, transaction):
            first = max(min(50 - abs(order.filled), abs(transaction.amount)), 0)
            fee = first * rate * 2 + (abs(transaction.amount) - first) * rate
            return fee if order.commission else max(fee, minimum)

    class Rebate(commission.EquityCommissionModel):
        def calculate(self, order, transaction):
            return rate * (transaction.amount - 3)

    class Taxed(commission.PerShare):
        def calculate(self, order, transaction):
            return super().calculate(order, transaction) + 0.0001 * transaction.price

    class Capped(commission.PerDollar):
        def calculate(self, order, transaction):
            return min(super().calculate(order, transaction), 3)

    class Twice(commission.PerTrade):
        def calculate(self, order, transaction):
            return 2 * super().calculate(order, transaction)

    return {
        "stepped": Stepped,
        "rebate": Rebate,
        "per_share": lambda: Taxed(rate, minimum),
        "per_dollar": lambda: Capped(rate),
        "per_trade": lambda: Twice(minimum),
    }[own["commission"]]()


def make_blotter():
    from zipline.finance.blotter import SimulationBlotter

    class Picky(SimulationBlotter):
        """Rejects every seventh order, holds every fifth; odd prices trade a cent higher."""

        def order(self, asset, amount, style, order_id=None):
            number = super().order(asset, amount, style, order_id)
            if number is not None and len(self.orders) % 7 == 0:
                self.reject(number, "the seventh")
            elif number is not None and len(self.orders) % 5 == 0:
                self.hold(number, "the fifth")
            return number

        def get_transactions(self, bar_data):
            transactions, commissions, closed = super().get_transactions(bar_data)
            for one in transactions:
                if int(one.price * 100) % 2:
                    one.price += 0.01
            return transactions, commissions, closed

    return Picky()


class Player(programs.Player):
    """Plays a program with its own models in place of the built-in ones."""

    def initialize(self, context) -> None:
        from zipline import api

        super().initialize(context)
        own = self.program["own"]
        api.set_slippage(make_slippage(own))
        if own["commission"]:
            api.set_commission(make_commission(own))

    def options(self) -> dict:
        return {"blotter": make_blotter()} if self.program["own"]["blotter"] else {}


def answer(request: dict) -> list:
    programs.ingest(request["bundle"])
    return [Player(program).play() for program in request["programs"]]


if __name__ == "__main__":
    player.play(answer)
