"""Short scenarios: a few bars, calls made after some of them, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from fillproof.core.bars import Bars
from fillproof.core.orders import Kind, Reason, Status
from fillproof.core.rules import Rules
from fillproof.core.simulation import Simulation

HOUR = 3_600_000_000_000
DAY = 24 * HOUR
FLAT = (10.0, 10.0, 10.0, 10.0)


def bars_of(
    *rows: Sequence[float], volume: float | Sequence[float] = 1_000.0, step: int = DAY,
    start: int = 0, **extra: Sequence[float],
) -> Bars:  # fmt: skip
    """One asset; each row is (open, high, low, close); extra: columns, one number for each row."""
    o, h, low, c = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    times = start + np.arange(len(rows), dtype=np.int64) * step
    amount = np.broadcast_to(np.asarray(volume, dtype=float), (len(rows),)).copy()
    bars = Bars.from_arrays(times, o, h, low, c, amount, assets=("A",))
    for name, column in extra.items():
        bars = bars.with_extra(name, np.array(column, dtype=float)[:, None])
    return bars


def run(
    bars: Bars, calls: dict[int, list[Callable]], rules: Rules | None = None, **settings
) -> Simulation:
    """Step through all bars; `calls[t]` are functions of the simulation made after bar t."""
    settings.setdefault("cash", 100_000.0)
    sim = Simulation(bars, rules or Rules(), **settings)
    for t in range(len(bars.times)):
        sim.step(t)
        for call in calls.get(t, []):
            call(sim)
    return sim


def order(size: float, kind: Kind = Kind.MARKET, **arguments):
    return lambda sim: sim.submit(0, size, kind, **arguments)


def bracket(size=10.0, stop=8.0, target=12.0, **parent):
    """An entry with a stop and a target that wait for it."""

    def send(sim):
        entry = sim.submit(0, size, transmit=False, **parent)
        sim.submit(0, -size, Kind.STOP, stop=stop, parent=entry, transmit=False)
        sim.submit(0, -size, Kind.LIMIT, limit=target, parent=entry)

    return send


def cancel(number: int):
    return lambda sim: sim.cancel(number)


def modify(number: int, **changes):
    return lambda sim: sim.modify(number, **changes)


def outcome(sim: Simulation) -> list[tuple[int, int, float, float]]:
    """Fills as (order, bar, size, price)."""
    return [
        (int(f["order"]), int(f["bar"]), float(f["size"]), float(f["price"])) for f in sim.fills
    ]


def prices(sim: Simulation) -> list[float]:
    return sim.fills["price"].tolist()


def statuses(sim: Simulation, number: int) -> list[str]:
    return [Status(e["status"]).name for e in sim.events if e["order"] == number]


def ended(sim: Simulation, number: int) -> tuple[str, str]:
    """Status and reason of an order."""
    row = sim.orders[number]
    return Status(row["status"]).name, Reason(row["reason"]).name
