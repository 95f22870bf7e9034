"""What a simulation is given, checked and as the arrays of a `Book`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from .account import Wallet
from .bars import Bars
from .costs import terms
from .errors import OrderError
from .instruments import Instrument
from .rows import ACTION, GUARD, RISK, RISK_STATE
from .rules import BarStamp

if TYPE_CHECKING:
    from .risk import RiskRule

_DAY_NS = 86_400_000_000_000


def terms_of(assets, wallets, instruments, commission, slippage, owners) -> np.ndarray:
    """`TERMS[N]`, with the wallets and underlyings that the instruments name."""
    rows = terms(len(assets), instruments, commission, slippage, owners)
    if isinstance(instruments, Instrument) or instruments is None:
        instruments = [instruments or Instrument()] * len(assets)
    places = {(wallet.currency, wallet.venue): n for n, wallet in enumerate(wallets)}
    index = {name: n for n, name in enumerate(assets)}
    for n, (row, one) in enumerate(zip(rows, instruments, strict=True)):
        if one.currency or one.venue or len(wallets) > 1:
            place = places.get((one.currency, one.venue))
            if place is None:
                raise OrderError(
                    f"instruments[{n}]: there is no wallet of currency {one.currency!r} at "
                    f"venue {one.venue!r} for {assets[n]}."
                )
            row["wallet"] = place
        if one.underlying:
            if one.underlying not in index:
                raise OrderError(
                    f"instruments[{n}]: the underlying {one.underlying!r} is not among the "
                    "assets of the bars."
                )
            row["underlying"] = index[one.underlying]
    return rows


def wallets_of(cash: float | Sequence[Wallet]) -> list[Wallet]:
    if not isinstance(cash, Sequence):
        if not isfinite(cash):
            raise OrderError(f"cash must be finite, not {cash!r}.")
        return [Wallet(float(cash))]
    if not cash:
        raise OrderError("cash: an account needs at least one wallet.")
    names = [(wallet.currency, wallet.venue) for wallet in cash]
    if len(set(names)) < len(names):
        raise OrderError(f"cash: two wallets have one currency and venue: {names}.")
    return list(cash)


def conversion(wallets: list[Wallet], length: int) -> np.ndarray:
    """`float64[W, T]`: rates of the wallets' currencies; (0, 0) when all are 1."""
    if all(np.ndim(wallet.rate) == 0 and wallet.rate == 1.0 for wallet in wallets):
        return np.zeros((0, 0))
    rates = np.zeros((len(wallets), length))
    for row, wallet in zip(rates, wallets, strict=True):
        if np.ndim(wallet.rate) and np.shape(wallet.rate) != (length,):
            raise OrderError(
                f"cash: the rate of wallet {wallet.currency!r} has shape {np.shape(wallet.rate)}, "
                f"not ({length},)."
            )
        row[:] = wallet.rate
        if not (np.isfinite(row) & (row > 0.0)).all():
            raise OrderError(
                f"cash: the rate of wallet {wallet.currency!r} must be positive and finite; it is "
                f"{row[~(np.isfinite(row) & (row > 0.0))][0]} at bar "
                f"{np.flatnonzero(~(np.isfinite(row) & (row > 0.0)))[0]}."
            )
    return rates


def sessions_of(times: np.ndarray, given: np.ndarray | None) -> np.ndarray:
    if given is None:
        return times // _DAY_NS
    sessions = np.ascontiguousarray(given, dtype=np.int64)
    if sessions.shape != times.shape or (sessions[1:] < sessions[:-1]).any():
        raise OrderError("sessions must be one number for each time, not decreasing.")
    return sessions


def parts_inside(
    bars: Bars, finer: Bars | None, label: Any, stamp: BarStamp
) -> tuple[np.ndarray, np.ndarray]:
    """Finer bars for `Book.finer`, and which of them lie in which bar."""
    if finer is None:
        return np.zeros((5, 0, 0)), np.zeros(1, dtype=np.int64)
    if finer.assets != bars.assets:
        raise OrderError(f"finer: its assets {finer.assets} are not {bars.assets}.")
    if label not in ("left", "right"):
        raise OrderError(f'finer_label: "left" or "right", not {label!r}.')
    from .ticks import fine_rows

    index = fine_rows(bars.times, finer.times, "left" if stamp == BarStamp.OPEN else "right", label)
    values = finer.values
    if "bid" in finer.extra and "ask" in finer.extra:
        quotes = [finer.extra[name].T[None] for name in ("bid", "ask")]
        values = np.concatenate([values, *quotes])
    return np.ascontiguousarray(values), index


def latest_rows(bars: Bars) -> np.ndarray:
    """`int32[N, T]`: the latest bar of each asset at each time; (0, 0) when none is missing."""
    missing = ~bars.present.T
    if not missing.any():
        return np.zeros((0, 0), dtype=np.int32)
    rows = np.where(missing, -1, np.arange(len(bars), dtype=np.int32))
    return np.maximum.accumulate(rows, axis=1).astype(np.int32)


def actions_of(
    actions: Any,
    bars: Bars,
    terms: np.ndarray,
    wallets: Sequence[Wallet],
    sides: int,
    stamp: BarStamp,
) -> tuple[np.ndarray, int]:
    """`ACTION[·]`, and the most orders that they make the engine send in one bar."""
    if actions is None and not terms["expiry"].any():
        return np.zeros(0, dtype=ACTION), 0
    from .actions import action_rows, most_sent

    rows = action_rows(actions, bars, terms, wallets, stamped_open=stamp == BarStamp.OPEN)
    return rows, most_sent(rows, sides)


def risk_columns(rules: Sequence[RiskRule]) -> list[str]:
    """The columns of `Bars.extra` that rules read, each once."""
    return list(dict.fromkeys(c for rule in rules if (c := getattr(rule, "column", ""))))


def rules_of(
    rules: Sequence[RiskRule], assets: Sequence[str], columns: Mapping[str, int]
) -> np.ndarray:
    """`RISK[R]`: see `risk.risk_rows`."""
    if not rules:
        return np.zeros(0, dtype=RISK)
    from .risk import risk_rows

    return risk_rows(rules, assets, columns)


def risk_state(count: int, slots: int) -> np.ndarray:
    """`RISK_STATE[R, S]`; `best` and `last` are to be the equity that the account starts with."""
    state = np.zeros((count, slots), dtype=RISK_STATE)
    state["session"] = -1
    return state


def guards(count: int, slots: int) -> np.ndarray:
    """`GUARD[S]`; empty where there is no rule."""
    rows = np.zeros(slots if count else 0, dtype=GUARD)
    for name in ("stop", "target", "market", "entry"):
        rows[name] = -1
    return rows
