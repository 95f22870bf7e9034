"""Corporate actions as dated rows: what there is, how it is given, and the checks.

`Simulation(actions=...)` takes a list of `Action` or a table with its fields as columns. The rows
are sorted by the bar at which they take effect, and `action_kernels` applies them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .errors import FillproofError
from .rows import ACTION

if TYPE_CHECKING:
    from .account import Wallet
    from .bars import Bars

__all__ = [
    "Action",
    "ActionError",
    "ActionKind",
    "Stage",
    "action_rows",
    "most_sent",
]

_NAN = float("nan")


class ActionError(FillproofError, ValueError):
    """An action that has no meaning: which row, which field, and why."""


class ActionKind(IntEnum):
    """What happens to an asset, or to a wallet; each names the fields of `Action` that it uses.

    `SPLIT`: `per` old units become `ratio` new ones; prices, pending orders and averages follow.
    Under `Sizing.WHOLE` a fraction of a unit is paid in cash at `price` (new units), by default the
    last close restated.
    `CASH_DIVIDEND`: who holds a unit as `time` comes is paid `amount` at `pay` (by default at
    once), less the fraction `withholding`; a short pays it all.
    `STOCK_DIVIDEND`: `ratio` further units for `per` units held. Without `pay` it is a split; with
    it the units come then, at a price of 0, for those that were held as `time` came.
    `SYMBOL_CHANGE`: position and pending orders move to the column `to`, `ratio` for `per`.
    `DELISTING`: positions are closed at `price`, by default at `rate` (the recovery) times the
    last close, or stay (`hold`); orders end, and no new ones are taken.
    `EXPIRY`: the contract is settled at `price`; see `Instrument.expiry`, which makes this row.
    `ROLL`: the position is closed at `price` and opened in `to` at `to_price`, by default at the
    last closes, `ratio` for `per`; commission is paid unless `free`. Pending orders are cancelled,
    or moved with their prices shifted by the difference (`orders`).
    `FUNDING`: longs pay `amount` per unit, or `rate` of the position's value at `price` (by
    default the last close); shorts receive it.
    `INTEREST`: of an asset: longs receive, else as funding. Without one: `rate` of the cash of the
    wallet of `currency` and `venue`, or `amount`, is added to it.
    """

    SPLIT = 0
    CASH_DIVIDEND = 1
    STOCK_DIVIDEND = 2
    SYMBOL_CHANGE = 3
    DELISTING = 4
    EXPIRY = 5
    ROLL = 6
    FUNDING = 7
    INTEREST = 8


class Stage(IntEnum):
    """Which part of an action a row is: the whole, what entitles, or what is paid for that."""

    WHOLE = 0
    EX = 1
    PAY = 2


_USES: dict[ActionKind, tuple[str, ...]] = {
    ActionKind.SPLIT: ("ratio", "per", "price"),
    ActionKind.CASH_DIVIDEND: ("amount", "pay", "withholding"),
    ActionKind.STOCK_DIVIDEND: ("ratio", "per", "price", "pay"),
    ActionKind.SYMBOL_CHANGE: ("to", "ratio", "per"),
    ActionKind.DELISTING: ("price", "rate", "hold", "at_close"),
    ActionKind.EXPIRY: ("price",),
    ActionKind.ROLL: ("to", "ratio", "per", "price", "to_price", "free", "orders", "at_close"),
    ActionKind.FUNDING: ("amount", "rate", "price", "at_close"),
    ActionKind.INTEREST: ("amount", "rate", "price", "currency", "venue", "at_close"),
}
_NEEDS: dict[ActionKind, tuple[str, ...]] = {
    ActionKind.SPLIT: ("ratio",),
    ActionKind.CASH_DIVIDEND: ("amount",),
    ActionKind.STOCK_DIVIDEND: ("ratio",),
    ActionKind.SYMBOL_CHANGE: ("to",),
    ActionKind.ROLL: ("to",),
}


@dataclass(frozen=True)
class Action:
    """One action; `ActionKind` tells which fields a kind uses.

    kind: an `ActionKind` or its name. time: ns UTC, a date, a datetime or ISO text; it takes
    effect at the first bar at or after it, before that bar's orders (with `at_close` after them,
    at that bar's close). Raises ActionError for fields that have no meaning.
    """

    kind: ActionKind | str
    time: Any
    asset: str = ""
    to: str = ""
    ratio: float = _NAN
    per: float = 1.0
    amount: float = _NAN
    rate: float = _NAN
    price: float = _NAN
    to_price: float = _NAN
    pay: Any = None
    withholding: float = 0.0
    hold: bool = False
    free: bool = False
    orders: Literal["cancel", "move"] = "cancel"
    at_close: bool = False
    currency: str = ""
    venue: str = ""

    def __post_init__(self) -> None:
        from .times import instant

        kind = self.kind
        if isinstance(kind, str):
            try:
                kind = ActionKind[kind.strip().upper()]
            except KeyError:
                names = ", ".join(k.name.lower() for k in ActionKind)
                raise ActionError(f"Action.kind: {self.kind!r} is none of {names}.") from None
        kind = ActionKind(kind)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "time", instant(self.time))
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if name in ("kind", "time", "asset") or name in _USES[kind]:
                continue
            if value != field.default and value == value:  # not the default, and not NaN
                uses = ", ".join(_USES[kind])
                raise ActionError(f"Action.{name}: {kind.name} does not use it, but {uses}.")
        if not self.asset and kind != ActionKind.INTEREST:
            raise ActionError(f"Action.asset: {kind.name} needs one.")
        for name in _NEEDS.get(kind, ()):
            value = getattr(self, name)
            if value == "" or value != value:
                raise ActionError(f"Action.{name}: {kind.name} needs it.")
        self._check_numbers(kind)
        if self.orders not in ("cancel", "move"):
            raise ActionError(f'Action.orders: "cancel" or "move", not {self.orders!r}.')
        if self.pay is not None:
            object.__setattr__(self, "pay", instant(self.pay))
            if self.pay < self.time:
                raise ActionError("Action.pay: it must not be before `time`.")

    def _check_numbers(self, kind: ActionKind) -> None:
        for name in ("ratio", "per"):
            value = getattr(self, name)
            if value == value and not (math.isfinite(value) and value > 0.0):
                raise ActionError(f"Action.{name} must be positive and finite, not {value!r}.")
        for name in ("amount", "rate", "price", "to_price"):
            if math.isinf(getattr(self, name)):
                raise ActionError(f"Action.{name} must be finite.")
        if not 0.0 <= self.withholding <= 1.0:
            raise ActionError(f"Action.withholding is a fraction, not {self.withholding!r}.")
        if kind == ActionKind.CASH_DIVIDEND and self.amount < 0.0:
            raise ActionError(f"Action.amount must not be negative, but is {self.amount!r}.")
        if kind == ActionKind.DELISTING and self.rate < 0.0:
            raise ActionError(f"Action.rate: a recovery is not negative, but is {self.rate!r}.")
        if kind in (ActionKind.FUNDING, ActionKind.INTEREST) and (
            math.isnan(self.amount) == math.isnan(self.rate)
        ):
            raise ActionError(f"Action: {kind.name} needs `amount` or `rate`, one of them.")


# Orders that the engine sends for a row, for each side of the asset: by `ActionKind`.
_SENT = np.array([1, 0, 2, 3, 1, 1, 2, 0, 0])


def action_rows(
    actions: Any,
    bars: Bars,
    terms: np.ndarray,
    wallets: Sequence[Wallet] = (),
    *,
    stamped_open: bool = True,
) -> np.ndarray:
    """`ACTION[·]` in the sequence of their effect, with the expiries of the instruments.

    actions: `Action`s, or a Polars, pandas or Arrow table with the fields of `Action` as columns
    (`date` may stand for `time`; null or NaN: not given). terms: `TERMS[N]`. stamped_open: a bar's
    time is that of its open. Actions after the last bar are left out. Raises ActionError, with the
    row (from 1), for what cannot be applied to these bars.
    """
    given = list(enumerate(_as_actions(actions)))
    settled = {a.asset for _, a in given if a.kind == ActionKind.EXPIRY}
    for asset in np.flatnonzero(terms["expiry"]):
        if bars.assets[asset] not in settled:
            expiry = int(terms["expiry"][asset])
            given.append((-1, Action(ActionKind.EXPIRY, expiry, bars.assets[asset])))
    if not given:
        return np.zeros(0, dtype=ACTION)
    places = {(wallet.currency, wallet.venue): n for n, wallet in enumerate(wallets)}
    rows: list[tuple[tuple[int, int, int], np.ndarray]] = []
    for place, (number, action) in enumerate(given):
        try:
            for stage, key, time in _stages(action, bars, stamped_open):
                row = _row(action, bars, terms, places, number, stage)
                row["key"] = key
                rows.append(((key, time, place), row))
        except ActionError as error:
            where = f"row {number + 1}" if number >= 0 else "expiry"
            raise ActionError(f"actions, {where} ({_name(action)}): {error}") from None
    rows.sort(key=lambda entry: entry[0])
    out = np.concatenate([row for _, row in rows])
    entitles: dict[int, int] = {}
    for n, ((_, _, place), _) in enumerate(rows):
        if out[n]["stage"] == Stage.EX:
            entitles[place] = n
        out[n]["link"] = entitles[place] if out[n]["stage"] == Stage.PAY else -1
    return out[out["key"] < 2 * len(bars.times)]


def most_sent(rows: np.ndarray, sides: int) -> int:
    """The most orders that `ACTION[·]` make the engine send in one bar."""
    if not len(rows):
        return 0
    _, bar = np.unique(rows["key"] // 2, return_inverse=True)
    return sides * int(np.bincount(bar, _SENT[rows["kind"]]).max())


def _name(action: Action) -> str:
    return f"{ActionKind(action.kind).name} of {action.asset!r}" if action.asset else "INTEREST"


def _as_actions(actions: Any) -> Iterable[Action]:
    if actions is None:
        return []
    from .tables import is_table

    if is_table(actions):
        return _of_table(actions)
    actions = list(actions)
    for n, action in enumerate(actions):
        if not isinstance(action, Action):
            raise ActionError(f"actions, row {n + 1}: an Action is needed, not {action!r}.")
    return actions


def _of_table(table: Any) -> list[Action]:
    from .tables import plain_table
    from .times import MISSING, to_times

    plain = plain_table(table)
    known = {field.name for field in fields(Action)}
    columns: dict[str, list] = {}
    for label, values in plain.columns.items():
        name = label.strip().lower()
        name = "time" if name in ("date", plain.index) else name
        if name not in known:
            if label == plain.index:
                continue
            raise ActionError(f"actions: no action has a {label!r}; columns are {sorted(known)}.")
        if name in ("time", "pay"):
            times = [None if v is None or v != v else v for v in _listed(values)]
            told = to_times(_as_times(values, times))
            columns[name] = [None if t == MISSING else t for t in told.tolist()]
        else:
            columns[name] = _listed(values)
    for name in ("kind", "time"):
        if name not in columns:
            raise ActionError(f"actions: the table needs a column {name!r}.")
    actions = []
    for n, values in enumerate(zip(*columns.values(), strict=True)):
        filled = {k: v for k, v in zip(columns, values, strict=True) if v is not None and v == v}
        try:
            actions.append(Action(**filled))
        except (ActionError, TypeError) as error:
            raise ActionError(f"actions, row {n + 1}: {error}") from None
    return actions


def _listed(values: Any) -> list:
    return values.to_list() if hasattr(values, "to_list") else values.tolist()


def _as_times(values: Any, times: list) -> Any:
    """A column of times: as it is where it has a type, else without holes."""
    if getattr(values, "dtype", None) is not None and getattr(values.dtype, "kind", "") == "M":
        return values
    return np.array([np.datetime64("NaT") if v is None else _moment(v) for v in times])


def _moment(value: Any) -> np.datetime64:
    from .times import instant

    return np.datetime64(instant(int(value) if isinstance(value, float) else value), "ns")


def _stages(action: Action, bars: Bars, stamped_open: bool) -> list[tuple[Stage, int, int]]:
    """The parts of an action, each with its key and its time."""
    kind, time = ActionKind(action.kind), action.time
    first = int(np.searchsorted(bars.times, time, "left"))
    at_close = action.at_close
    if kind == ActionKind.EXPIRY:
        # A bar that begins after the expiry is none of the contract's.
        exact = first < len(bars.times) and bars.times[first] == time
        at_close = exact or not stamped_open
    elif kind in (ActionKind.SPLIT, ActionKind.CASH_DIVIDEND, ActionKind.STOCK_DIVIDEND):
        first = _own_bar(bars, action.asset, first)
    elif kind == ActionKind.SYMBOL_CHANGE:
        first = _own_bar(bars, action.to, first)
    elif kind == ActionKind.ROLL:
        for name, price in ((action.asset, action.price), (action.to, action.to_price)):
            if math.isnan(price):
                first = max(first, _own_bar(bars, name, 0) + (0 if at_close else 1))
    key = 2 * first + at_close
    if action.pay is None or action.pay == time:
        return [(Stage.WHOLE, key, time)]
    due = max(first, int(np.searchsorted(bars.times, action.pay, "left")))
    return [(Stage.EX, key, time), (Stage.PAY, 2 * due, action.pay)]


def _own_bar(bars: Bars, asset: str, first: int) -> int:
    """The first bar of an asset at or after a time index; the number of times if there is none."""
    there = np.flatnonzero(~np.isnan(bars.values[3, _column(bars, asset, "asset"), first:]))
    return first + int(there[0]) if len(there) else len(bars.times)


def _column(bars: Bars, asset: str, name: str) -> int:
    if asset not in bars.assets:
        raise ActionError(f"{name}: {asset!r} is not among the assets of the bars.")
    return bars.assets.index(asset)


def _row(action: Action, bars: Bars, terms: np.ndarray, places: dict, number: int, stage: Stage):
    """`ACTION[1]` of an action; refuses what its assets cannot do."""
    kind = ActionKind(action.kind)
    row = np.zeros(1, dtype=ACTION)
    row["kind"], row["stage"], row["given"] = int(kind), int(stage), number
    row["asset"] = row["to"] = -1
    unit = 1.0 if math.isnan(action.ratio) else float(action.ratio)
    row["new"], row["old"] = unit, action.per
    if kind == ActionKind.STOCK_DIVIDEND and stage != Stage.PAY:
        row["new"] = action.per + unit
    for name in ("amount", "rate", "price", "to_price", "withholding", "hold", "free"):
        row[name] = getattr(action, name)
    if kind == ActionKind.DELISTING and math.isnan(action.rate):
        row["rate"] = 1.0
    row["moves_orders"] = action.orders == "move" or kind == ActionKind.SYMBOL_CHANGE
    if not action.asset:
        place = places.get((action.currency, action.venue))
        if place is None and (action.currency or action.venue):
            raise ActionError(f"there is no wallet of {action.currency!r} at {action.venue!r}.")
        row["wallet"] = place or 0
        return row
    asset = _column(bars, action.asset, "asset")
    row["asset"], row["wallet"] = asset, terms[asset]["wallet"]
    if action.to:
        row["to"] = _column(bars, action.to, "to")
        if action.to == action.asset:
            raise ActionError("to: it is the same asset.")
    _check_terms(kind, action, terms, row[0])
    return row


_SAME_TERMS = ("wallet", "multiplier", "unit", "margin", "margin_rate", "leverage", "inverse")


def _check_terms(kind: ActionKind, action: Action, terms: np.ndarray, row: np.void) -> None:
    term = terms[row["asset"]]
    restates = kind in (ActionKind.SPLIT, ActionKind.STOCK_DIVIDEND, ActionKind.CASH_DIVIDEND)
    if term["inverse"] and (restates or (row["new"] != row["old"] and kind != ActionKind.ROLL)):
        raise ActionError("an inverse contract does not know it.")
    if kind == ActionKind.STOCK_DIVIDEND and not term["stock_like"]:
        raise ActionError("only what is bought for its price has one.")
    if term["inverse"] and kind == ActionKind.DELISTING and action.rate == 0.0:
        raise ActionError("rate: an inverse contract has no price of 0.")
    if kind == ActionKind.SYMBOL_CHANGE:
        other = terms[row["to"]]
        for name in (
            "wallet",
            "multiplier",
            "unit",
            "margin",
            "margin_rate",
            "leverage",
            "inverse",
        ):
            if not np.array_equal(term[name], other[name], equal_nan=True):
                raise ActionError(
                    f"to: {name} of the two instruments differs ({term[name]} and {other[name]})."
                )
