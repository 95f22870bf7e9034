"""`Rules.booking` and `Simulation.cash_flow`: the very bits of running sums."""

from __future__ import annotations

import random

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.rules import Rules
from fillproof.core.simulation import Simulation

START = 10_000_000.0
DAY = 86_400_000_000_000


def traded(booking: str, time: str, commission=None, instrument=None, seed=1) -> Simulation:
    """Random market orders that open, add, reduce and reverse."""
    rng = random.Random(seed)
    count = 60
    price = np.array([round(rng.uniform(5, 90), 3) for _ in range(count)])
    times = np.arange(count, dtype=np.int64) * DAY
    bars = Bars.from_arrays(times, price, price, price, price, price * 1e4, assets=("A",))
    rules = Rules(booking=booking, commission_time=time, cash_check="none")
    sim = Simulation(
        bars, rules, cash=START, commission=commission, instruments=instrument or Instrument()
    )
    for t in range(count):
        sim.step(t)
        sim.submit(0, float(rng.choice([-1, 1]) * rng.randint(1, 900)))
    return sim


@pytest.mark.parametrize("time", ["with_fill", "end_of_bar"])
@pytest.mark.parametrize(
    "commission",
    [
        None,
        Commission("per_share", 0.013, minimum=2.5),
        Commission("per_trade", 4.95),
        Commission("percent", 0.0015),
    ],
)
def test_a_fill_booked_whole_moves_cash_by_size_times_price(commission, time):
    sim = traded("whole", time, commission)
    cash, flow = START, 0.0
    for fill in sim.fills.tolist():
        row = dict(zip(sim.fills.dtype.names, fill, strict=True))
        fee = row["commission"]
        if time == "with_fill":
            cash += -(row["size"] * row["price"]) - fee
            flow += -(row["size"] * row["price"]) - fee
        else:
            cash = cash - row["size"] * row["price"] - fee
            flow = flow - row["size"] * row["price"] - fee
    assert len(sim.fills) > 50
    assert sim.cash == cash
    assert sim.cash_flow == flow
    assert sim.cash == pytest.approx(START + flow, rel=1e-12)


def test_commission_in_one_step_is_the_price_share_times_size_or_the_total_less_the_paid():
    percent = traded("whole", "end_of_bar", Commission("percent", 0.0015)).fills
    assert percent["commission"].tolist() == [
        abs(size) * (price * 0.0015)
        for size, price in zip(percent["size"].tolist(), percent["price"].tolist(), strict=True)
    ]


def test_an_opening_purchase_is_averaged_and_an_opening_sale_is_not():
    firsts = [traded("whole", "with_fill", seed=seed).fills[0] for seed in range(30)]
    inexact = 0
    for row in firsts:
        size, price = float(row["size"]), float(row["price"])
        assert row["position_price"] == (size * price / size if size > 0.0 else price)
        inexact += row["position_price"] != price
    assert 0 < inexact < len(firsts)


def test_the_booking_changes_the_last_bits_and_no_more():
    commission = Commission("per_share", 0.013, minimum=2.5)
    whole, part = (traded(b, "end_of_bar", commission) for b in ("whole", "by_part"))
    assert whole.cash == pytest.approx(part.cash, rel=1e-13)
    assert whole.equity == pytest.approx(part.equity, rel=1e-13)
    for name in ("size", "price", "position_size"):
        assert whole.fills[name].tolist() == part.fills[name].tolist()
    assert whole.fills["commission"] == pytest.approx(part.fills["commission"], rel=1e-12)
    assert whole.cash != part.cash


@pytest.mark.parametrize(
    "instrument", [Instrument(leverage=2.0), Instrument(margin=3.0), Instrument(multiplier=5.0)]
)
def test_what_is_not_bought_for_its_price_is_booked_by_part(instrument):
    whole, part = (traded(b, "with_fill", instrument=instrument) for b in ("whole", "by_part"))
    assert whole.cash == part.cash
    assert whole.cash_flow == part.cash_flow
    assert whole.cash == pytest.approx(START + whole.cash_flow, rel=1e-12)


def test_cash_flow_counts_deposits_liquidations_and_fractions():
    sim = traded("whole", "with_fill")
    before = sim.cash_flow
    sim.add_cash(12.5)
    assert sim.cash_flow == before + 12.5
    before = sim.cash_flow
    paid = sim.split(0, 0.7)
    assert paid != 0.0
    assert sim.cash_flow == before + paid
    before = sim.cash_flow
    flow = sim.liquidate(0, 3.0)
    assert flow != 0.0
    assert sim.cash_flow == before + flow
