"""Settings that change while a simulation runs: its rules, and the terms of an asset.

What a bar has done stays as it was; orders that are pending meet the next bar under the new
settings. The equity of bars that were passed over is written down before, as the old settings
value it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .book import CLOSE_FIELD
from .costs import CARRIES, OWN_INTEREST, OWN_SETTLED, Commission, Slippage, impact_columns
from .errors import OrderError
from .inputs import terms_of
from .instruments import Instrument
from .rules import Rules

if TYPE_CHECKING:
    from .simulation import Simulation

#: What the arrays of a simulation were made for, so that it cannot change any more.
_FIXED_RULES = ("positioning", "bar_stamp")
_DAY_NS = 86_400_000_000_000
_FIXED_TERMS = ("currency", "venue", "underlying", "expiry", "inverse")


def change_rules(sim: Simulation, rules: Rules) -> None:
    """See `Simulation.change_rules`."""
    for name in _FIXED_RULES:
        if getattr(rules, name) != getattr(sim.rules, name):
            raise OrderError(f"rules.{name} is fixed when a simulation begins.")
    settle_curve(sim)
    record, row = rules.to_record(), sim.book.rules
    for name in record.dtype.names or ():
        if not name.startswith("column_"):
            row[name] = record[name]
    sim.rules = rules
    sim._prepare()


def change_terms(
    sim: Simulation,
    asset: int,
    instrument: Instrument | None,
    commission: Commission | None,
    slippage: Slippage | None,
) -> None:
    """See `Simulation.change_terms`."""
    assets = sim.bars.assets
    if not 0 <= asset < len(assets):
        raise OrderError(f"asset: {asset} is not one of {len(assets)} assets.")
    defaults = Instrument(), Commission(), Slippage()
    given: list[list[Any]] = [
        list(value) if isinstance(value, Sequence) else [value or default] * len(assets)
        for value, default in zip(sim._given, defaults, strict=True)
    ]
    for known, new in zip(given, (instrument, commission, slippage), strict=True):
        if new is not None:
            old, known[asset] = known[asset], new
            for name in _FIXED_TERMS if isinstance(new, Instrument) else ():
                if getattr(new, name) != getattr(old, name):
                    raise OrderError(f"instrument.{name} is fixed when a simulation begins.")
    read = sim.book.rules["column_impact_sigma"][0] >= 0
    if slippage is not None and not read and impact_columns(sim.bars, given[2]) is not None:
        raise OrderError(
            f"slippage: one of kind {slippage.kind!r} must be there when a simulation begins."
        )
    settle_curve(sim)
    instruments, fees, slips = given
    row = terms_of(assets, sim.wallets, instruments, fees, slips, sim._calls)[asset]
    book = sim.book
    before = book.terms[asset].copy()
    _settle_fees(sim, asset, row, commission is not None)
    slots = range(asset, len(sim.positions), len(book.terms))
    if sim.positions["carried"][list(slots)].any():
        row["own"] |= CARRIES  # what has been charged is still to be shown at the exit
    book.terms[asset] = row
    sim._given = (instruments, fees, slips)
    if _settles(before) != _settles(row):
        _settle_from_here(sim, asset)
    charged = CARRIES | OWN_INTEREST
    if row["own"] & charged and not before["own"] & charged:
        _charge_from_here(sim, asset)
    sim._prepare()


def _settle_fees(sim: Simulation, asset: int, row: np.void, changed: bool) -> None:
    """Orders that are filled in part owe nothing more for that: only their next fills pay anew."""
    orders = sim.orders
    part = (orders["asset"] == asset) & (orders["filled"] != 0.0) & (orders["remaining"] != 0.0)
    if part.any():
        if row["commission_kind"]:  # where nothing is charged there is nothing to count
            row["commission_plain"] = False  # which counts on what an order has filled as it pays
        if changed:
            orders["accrued"][part] = orders["commission"][part]


def settle_curve(sim: Simulation) -> None:
    """Write down cash and equity of every bar up to the current one."""
    upto = sim.bar + 1
    curve = sim.book.curve
    if upto > 0 and np.isinf(curve[:, :upto]).any():
        curve[:, :upto] = sim._filled_curve()[:, :upto]


def _settle_from_here(sim: Simulation, asset: int) -> None:
    """The asset's profit is settled at each close from now on, or no longer."""
    book, positions = sim.book, sim.positions
    slots = range(asset, len(positions), len(book.terms))
    settled = _settles(book.terms[asset])
    row = _latest_row(sim, asset)
    for slot in slots:
        if positions["size"][slot] != 0.0:
            book.account["n_marked"][0] += 1 if settled else -1
            if settled and row >= 0:
                positions["base"][slot] = book.values[CLOSE_FIELD, asset, row]
    sim._sync()


def _settles(row: np.void) -> bool:
    """`account.settles`, without a compiler."""
    return not row["stock_like"] or bool(row["own"] & OWN_SETTLED)


def _charge_from_here(sim: Simulation, asset: int) -> None:
    """Interest on the asset's positions counts from the current day."""
    book = sim.book
    row = _latest_row(sim, asset)
    if row >= 0:
        slots = range(asset, len(sim.positions), len(book.terms))
        stamp = book.stamps[asset, row] if len(book.stamps) else book.times[row]
        sim.positions["carried_day"][list(slots)] = stamp // _DAY_NS


def _latest_row(sim: Simulation, asset: int) -> int:
    """`book.row_of` at the current bar, without a compiler; -1 before the first bar."""
    rows = sim.book.rows
    return int(rows[asset, sim.bar]) if len(rows) and sim.bar >= 0 else sim.bar
