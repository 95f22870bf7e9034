"""What `Portfolio.from_signals` takes here and VectorBT does not: waiting entries, late trailing
stops, leverage and liquidation.

The rules are those of `core.pending_signals`; docs/semantics.md has them under "Extensions".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....core import matrix as m
from ....core import pending_inputs as engine
from ....core.levered_orders import liquidation_levels
from ..records.base import Records
from ..records.decorators import attach_fields, override_field_config
from ..unsupported import missing
from ..utils.config import Config
from . import rules, simulation
from .simulation import Gathered, Simulated


class EntryTypeT(NamedTuple):
    Market: int = engine.ENTRY_MARKET
    Limit: int = engine.ENTRY_LIMIT
    Stop: int = engine.ENTRY_STOP


class WaitingEntryModeT(NamedTuple):
    Keep: int = engine.WAITING_KEPT
    Replace: int = engine.WAITING_REPLACED


class FillBarStopsT(NamedTuple):
    StopLoss: int = engine.FILL_BAR_LOSS
    Both: int = engine.FILL_BAR_BOTH
    Nothing: int = engine.FILL_BAR_NOTHING


class OrderKindT(NamedTuple):
    Signal: int = engine.BY_SIGNAL
    LimitEntry: int = engine.BY_LIMIT_ENTRY
    StopEntry: int = engine.BY_STOP_ENTRY
    StopLoss: int = engine.BY_STOP_LOSS
    TrailingStop: int = engine.BY_TRAILING_STOP
    TakeProfit: int = engine.BY_TAKE_PROFIT
    Liquidation: int = engine.BY_LIQUIDATION


EntryType = EntryTypeT()
WaitingEntryMode = WaitingEntryModeT()
FillBarStops = FillBarStopsT()
OrderKind = OrderKindT()

# Argument name -> (input of the engine, enumeration of its words or None).
ARGUMENTS: dict[str, tuple[int, object]] = {
    "entry_type": (engine.ENTRY_TYPE, EntryType),
    "entry_price": (engine.ENTRY_PRICE, None),
    "entry_delta": (engine.ENTRY_DELTA, None),
    "entry_expiry": (engine.ENTRY_EXPIRY, None),
    "upon_waiting_entry": (engine.UPON_WAITING, WaitingEntryMode),
    "fill_bar_stops": (engine.FILL_BAR, FillBarStops),
    "tsl_stop": (engine.TSL_STOP, None),
    "tsl_th": (engine.TSL_START, None),
    "leverage": (engine.LEVERAGE, None),
    "maintenance_margin": (engine.MAINTENANCE, None),
}
_NUMBERS = {number: name for name, (number, _) in ARGUMENTS.items()}
_ABOUT_WAITING = (
    "entry_price", "entry_delta", "entry_expiry", "upon_waiting_entry", "fill_bar_stops",
)  # fmt: skip
_ON_MARGIN = ("leverage", "maintenance_margin")


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The extensions that were asked for. Raises ValueError for one that lacks its companion."""
    found = {name: arguments[name] for name in ARGUMENTS if arguments[name] is not None}
    for name in _ABOUT_WAITING:
        if name in found and "entry_type" not in found:
            raise ValueError(f"{name} is about entries that wait: give entry_type (limit or stop)")
    if "tsl_th" in found and "tsl_stop" not in found:
        raise ValueError("tsl_th says when a trailing stop begins: give its distance, tsl_stop")
    return found


def is_duration(expiry) -> bool:
    """Whether `entry_expiry` is a time rather than a number of bars."""
    return (
        isinstance(expiry, str)
        or hasattr(expiry, "total_seconds")
        or (isinstance(expiry, np.timedelta64))
    )


def numbers_of(beyond: dict[str, Any]) -> dict[str, Any]:
    """Extensions as they broadcast: words as numbers, a duration as not known yet."""
    expiry = {"entry_expiry": np.nan} if is_duration(beyond.get("entry_expiry")) else {}
    return simulation.numbers_of({**beyond, **expiry}, ARGUMENTS)


def bars_of(expiry, index: pd.Index) -> np.ndarray:
    """For each row the bars that an entry waits: int64[rows, 1].

    expiry: "day" (to the end of the day of the first bar that it meets), or a duration from the
    row of its signal.
    """
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError(
            f"entry_expiry={expiry!r} is a time, but the rows of close have none: give a number of "
            "bars, or close with a DatetimeIndex"
        )
    rows = np.arange(len(index))
    if isinstance(expiry, str) and expiry.lower() == "day":
        days = index.normalize()
        first_met = days[np.minimum(rows + 1, len(rows) - 1)]
        last = days.searchsorted(first_met, side="right") - 1
    else:
        last = index.searchsorted(index + pd.Timedelta(expiry), side="right") - 1
    return np.maximum(last - rows, 0)[:, None]


def inputs_of(gathered: Gathered, expiry) -> m.Inputs:
    """The inputs of the engine; `expiry` is what was given as `entry_expiry`."""
    if is_duration(expiry):
        gathered.arrays["entry_expiry"] = bars_of(expiry, gathered.wrapper.index)
    table = {**rules.SIGNAL_ARGUMENTS, **ARGUMENTS}
    plain = {_NUMBERS[number]: value for number, value in engine.PLAIN.items()}
    gathered.arrays = {**plain, **gathered.arrays}
    return simulation.laid_out(gathered, table, engine.N_PENDING_INPUTS)


def check(arguments: dict[str, Any], names: dict[str, Any], inputs: m.Inputs, calls: bool) -> None:
    """Raise for what the extensions `names` cannot be combined with."""
    first = next(iter(names))
    where = f"Portfolio.from_signals({first}=...) with"
    if simulation.sharing_of(arguments)[0]:
        raise missing(f"{where} cash_sharing=True", "Give each column cash of its own.")
    if calls:
        raise missing(f"{where} call-backs", "Give signals and stops as arrays.")
    if simulation.logs(inputs):
        raise missing(f"{where} log=True", "See `order_origins` for what made each order.")
    if simulation.draws(inputs):
        raise missing(f"{where} reject_prob", "Remove signals at random beforehand.")
    on_margin = [name for name in _ON_MARGIN if name in names]
    mode = rules.init_cash_of(rules.default("init_cash", arguments["init_cash"]))[1]
    if on_margin and mode is not None:
        raise ValueError(f"{on_margin[0]} needs an amount of init_cash: a mode has no equity")
    engine.check_pending(inputs, _NUMBERS)


order_origins_field_config = Config(
    {
        "dtype": engine.ORIGIN_RECORD,
        "settings": {
            "id": {"title": "Order Id"},
            "kind": {"title": "Kind", "mapping": OrderKind},
            "placed_idx": {"title": "Placed", "mapping": "index"},
            "level": {"title": "Level"},
        },
    },
    readonly=True,
    as_attrs=False,
)

order_origins_attach_field_config = Config(
    {"kind": {"attach_filters": True}}, readonly=True, as_attrs=False
)


@attach_fields(order_origins_attach_field_config)
@override_field_config(order_origins_field_config)
class OrderOrigins(Records):
    """What made each order: one record beside each of `orders`, with the same id.

    kind: of `OrderKind`. placed_idx: the row since which it stood in the market: of an order by
    signal that of the signal, of a stop or liquidation that in which it was set. level: the limit,
    stop or liquidation price before gaps and slippage; NaN of market orders.
    """


@dataclass(frozen=True)
class Extensions:
    """What a portfolio with extensions keeps beside its orders.

    origins: `ORIGIN_RECORD`, one for each order. maintenance: the margin, a matrix that
    broadcasts to the shape.
    """

    origins: np.ndarray
    maintenance: np.ndarray

    def columns(self, origins: np.ndarray, chosen: np.ndarray) -> Extensions:
        """Those of the columns `chosen`, whose records are `origins`."""
        wide = self.maintenance.shape[1] > 1
        return Extensions(origins, self.maintenance[:, chosen] if wide else self.maintenance)

    def liquidation_price(self, cash: np.ndarray, held: np.ndarray) -> np.ndarray:
        """See `Portfolio.liquidation_price`; cash and units after each row."""
        margin = np.broadcast_to(self.maintenance, cash.shape)
        return liquidation_levels(*(np.ascontiguousarray(x, float) for x in (cash, held, margin)))


def attach(simulated: Simulated, inputs: m.Inputs) -> Simulated:
    """Put what the engine tells beyond VectorBT's records of orders beside them."""
    simulated.order_records, origins = engine.separated(simulated.order_records)
    maintenance = np.array(inputs.matrix(engine.MAINTENANCE))
    simulated.extensions = Extensions(origins, maintenance)
    return simulated
