"""What makes market data unfit to trade on, and the named policies that settle it.

Each check has a name. By default a finding raises `DataError`; a `Repair` names another action for
a check, and each change that it makes is reported as a `Repaired`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal, NamedTuple

import numpy as np

from .errors import DataError
from .times import MISSING, format_time

__all__ = [
    "FIELDS",
    "AssetColumns",
    "Place",
    "Repair",
    "Repaired",
    "all_good",
    "clean",
    "clean_times",
    "settle",
    "sort_times",
]

FIELDS = ("open", "high", "low", "close", "volume")
OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)


@dataclass(frozen=True)
class Repair:
    """What to do with bars that fail a check; `raise` (the default everywhere) raises `DataError`.

    `drop` leaves the bar out: the asset has no bar then. `allow` takes the bar as it stands,
    knowingly. The other actions say what they change:

    - `duplicate_times`: `keep_first` or `keep_last` of the rows with the same time.
    - `unsorted_times`: `sort` by time; rows with the same time stay in their order.
    - `missing_time`: `drop` rows without a time. `unreadable_time`: `drop` rows whose time cannot
      be read.
    - `mixed_time_zones`: `convert` each time to UTC by its own offset (no offset: UTC, or the
      reader's `time_zone`).
    - `unreadable_value`: `missing` reads a text that is no number as NaN.
    - `incomplete_bar` (some of open, high, low, close missing): `from_close` sets the missing ones
      to the close; a row without a close is then left out.
    - `infinite_price`, `negative_price`, `zero_price`: `drop`, `allow`.
    - `high_below_low`: `swap` exchanges the two.
    - `open_outside_range`, `close_outside_range`: `widen` moves the high or the low out to the
      price; `clip` moves the price to the high or the low.
    - `negative_volume` (below zero or infinite): `zero` sets it to 0.
    - `crossed_quote` (a bid above the ask) and `one_sided_quote` (a bid or an ask alone), in quotes
      only: `drop`; for the first also `allow`.
    """

    duplicate_times: Literal["raise", "keep_first", "keep_last"] = "raise"
    unsorted_times: Literal["raise", "sort"] = "raise"
    missing_time: Literal["raise", "drop"] = "raise"
    unreadable_time: Literal["raise", "drop"] = "raise"
    mixed_time_zones: Literal["raise", "convert"] = "raise"
    unreadable_value: Literal["raise", "missing"] = "raise"
    infinite_price: Literal["raise", "drop", "allow"] = "raise"
    negative_price: Literal["raise", "drop", "allow"] = "raise"
    zero_price: Literal["raise", "drop", "allow"] = "raise"
    incomplete_bar: Literal["raise", "drop", "allow", "from_close"] = "raise"
    high_below_low: Literal["raise", "drop", "allow", "swap"] = "raise"
    open_outside_range: Literal["raise", "drop", "allow", "widen", "clip"] = "raise"
    close_outside_range: Literal["raise", "drop", "allow", "widen", "clip"] = "raise"
    negative_volume: Literal["raise", "drop", "allow", "zero"] = "raise"
    crossed_quote: Literal["raise", "drop", "allow"] = "raise"
    one_sided_quote: Literal["raise", "drop"] = "raise"

    def __post_init__(self) -> None:
        for one in fields(self):
            action = getattr(self, one.name)
            if action not in ACTIONS[one.name]:
                raise ValueError(
                    f"policy {one.name}={action!r}: choose one of {', '.join(ACTIONS[one.name])}"
                )

    @classmethod
    def of(cls, policy: Repair | Mapping[str, str] | None) -> Repair:
        """A policy from a `Repair`, a mapping of check to action, or None (every check raises)."""
        if policy is None:
            return cls()
        if isinstance(policy, Repair):
            return policy
        unknown = sorted(set(policy) - set(ACTIONS))
        if unknown:
            raise ValueError(
                f"policy names {', '.join(map(repr, unknown))}; the checks are {', '.join(ACTIONS)}"
            )
        return cls(**policy)  # type: ignore[arg-type]

    @classmethod
    def as_given(cls) -> Repair:
        """Prices and volumes taken as they stand, for callers that must not be stricter than they.

        The times are still checked, since an engine cannot run on unsorted ones.
        """
        return cls(**{name: "allow" for name, choices in ACTIONS.items() if "allow" in choices})  # type: ignore[arg-type]


def _choices() -> dict[str, tuple[str, ...]]:
    from typing import get_args, get_type_hints

    return {name: get_args(hint) for name, hint in get_type_hints(Repair).items()}


ACTIONS: dict[str, tuple[str, ...]] = _choices()
"""The actions that each check knows, the default first."""


class Repaired(NamedTuple):
    """One change that a policy made to the data."""

    check: str
    action: str
    asset: str | None
    time: int
    column: str | None
    before: float
    after: float
    file: str | None = None
    row: int | None = None
    """Data row counted from 1, None where the data did not come as rows."""

    def __str__(self) -> str:
        place = [p for p in (self.file, f"row {self.row}" if self.row else "", self.asset) if p]
        change = f": {self.column} {self.before:g} -> {self.after:g}" if self.column else ""
        return f"{', '.join([*place, format_time(self.time)])}: {self.check}, {self.action}{change}"


@dataclass(frozen=True)
class Place:
    """Where columns came from, for the errors."""

    file: str | None = None
    line_offset: int | None = None
    """line = row + line_offset in a text file, None elsewhere."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The source's own name of each field."""


@dataclass(frozen=True)
class AssetColumns:
    """The columns of one asset before they are aligned with others.

    asset: its name, None where several share the times. times: int64[n] ns UTC, `MISSING` where
    there is none. values: float64[5, n] in the order of
    `FIELDS`. extra: float64[n] by name. rows: int64[n], data rows of the source counted from 1.
    """

    asset: str | None
    times: np.ndarray
    values: np.ndarray
    extra: dict[str, np.ndarray]
    rows: np.ndarray
    place: Place = Place()

    def take(self, keep: np.ndarray) -> AssetColumns:
        """The rows of a boolean mask, or of an index array in its order."""
        return replace(
            self,
            times=self.times[keep],
            values=self.values[:, keep],
            extra={name: column[keep] for name, column in self.extra.items()},
            rows=self.rows[keep],
        )


def all_good(values: np.ndarray) -> bool:
    """Whether no value check finds anything in float64[5, ...]: one quick pass, no places."""
    o, h, lo, c, v = values
    with np.errstate(invalid="ignore"):
        present = ~np.isnan(c)
        # NaN makes each comparison False, so `present` must equal "all of it holds".
        fine = (lo <= o) & (o <= h) & (lo <= c) & (c <= h) & (lo > 0) & (h < np.inf)
        missing = np.isnan(o) & np.isnan(h) & np.isnan(lo)
        volume = ~((v < 0) | np.isinf(v))
    return bool((np.where(present, fine, missing) & volume).all())


def clean_times(columns: AssetColumns, policy: Repair) -> tuple[AssetColumns, list[Repaired]]:
    """Times known, sorted and unique, or `DataError`."""
    columns, repairs = sort_times(columns, policy)
    same = columns.times[1:] == columns.times[:-1]
    if same.any():
        again = np.concatenate([[False], same])
        if policy.duplicate_times == "raise":
            row = int(np.flatnonzero(again)[0])
            problem = f"this time is already that of row {columns.rows[row - 1]}"
            raise _error(columns, "duplicate_times", again, "time", problem)
        if policy.duplicate_times == "keep_last":
            again = np.concatenate([same, [False]])
        repairs += [
            _report(columns, "duplicate_times", policy.duplicate_times, int(i))
            for i in np.flatnonzero(again)
        ]
        columns = columns.take(~again)
    return columns, repairs


def sort_times(columns: AssetColumns, policy: Repair) -> tuple[AssetColumns, list[Repaired]]:
    """Times known and sorted, or `DataError`; equal ones may stand beside each other."""
    repairs: list[Repaired] = []

    def drop(check: str, action: str, where: np.ndarray) -> None:
        repairs.extend(_report(columns, check, action, int(i)) for i in np.flatnonzero(where))

    where = columns.times == MISSING
    if where.any():
        if policy.missing_time == "raise":
            raise _error(columns, "missing_time", where, "time", "the row has no time")
        drop("missing_time", "drop", where)
        columns = columns.take(~where)

    back = np.zeros(len(columns.times), dtype=bool)
    back[1:] = columns.times[1:] < columns.times[:-1]
    if back.any():
        if policy.unsorted_times == "raise":
            row = int(np.flatnonzero(back)[0])
            before = format_time(columns.times[row - 1])
            problem = f"this time is earlier than that of the row before it ({before})"
            raise _error(columns, "unsorted_times", back, "time", problem)
        order = np.argsort(columns.times, kind="stable")
        moved = np.zeros(len(order), dtype=bool)
        moved[order] = order != np.arange(len(order))
        drop("unsorted_times", "sort", moved)
        columns = columns.take(order)
    return columns, repairs


def settle(
    columns: AssetColumns, check: str, policy: Repair, where: np.ndarray, column: str, problem: str
) -> tuple[AssetColumns, list[Repaired]]:
    """Rows that a check of the caller's own found: raise, drop or allow them as the policy says."""
    if not where.any() or getattr(policy, check) == "allow":
        return columns, []
    if getattr(policy, check) == "raise":
        raise _error(columns, check, where, column, problem)
    repairs = [_report(columns, check, "drop", int(i)) for i in np.flatnonzero(where)]
    return columns.take(~where), repairs


def clean(
    columns: AssetColumns, policy: Repair, blank: bool = False
) -> tuple[AssetColumns, list[Repaired]]:
    """The columns after every value check, with what the policy changed, or `DataError`.

    A row whose four prices are all NaN is no bar and passes. `blank` makes `drop` set the row's
    prices to NaN and keep its time (for matrices, whose times are shared); else the row goes.
    The caller's arrays are never written to.
    """
    if all_good(columns.values):
        return columns, []
    columns = replace(columns, values=columns.values.copy())
    repairs: list[Repaired] = []
    for check, find in _VALUE_CHECKS:
        where, column = find(columns.values)
        if not where.any():
            continue
        action = getattr(policy, check)
        if action == "raise":
            first = int(np.flatnonzero(where)[0])
            at = int(column[first])
            problem = _problem(check, columns.values[:, first])
            raise _error(columns, check, where, FIELDS[at], problem, columns.values[at, first])
        if action == "allow":
            continue
        if action not in ("drop", "from_close"):
            repairs += _change(columns, check, action, np.flatnonzero(where), column)
            continue
        gone = where
        if action == "from_close":
            gone = where & np.isnan(columns.values[CLOSE])
            repairs += _from_close(columns, np.flatnonzero(where & ~gone))
        repairs += [_report(columns, check, "drop", int(i)) for i in np.flatnonzero(gone)]
        if blank:
            columns.values[:, gone] = np.nan
        else:
            columns = columns.take(~gone)
    return columns, repairs


def _first_of(masks: dict[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Where any mask holds, and for each row the first column whose mask does."""
    stacked = np.stack(list(masks.values()))
    order = np.array(list(masks))
    return np.logical_or.reduce(stacked, axis=0), order[stacked.argmax(axis=0)]


def _prices(test: Callable[[np.ndarray], np.ndarray]) -> Callable:
    return lambda v: _first_of({f: test(v[f]) for f in (OPEN, HIGH, LOW, CLOSE)})


def _incomplete(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    missing = np.isnan(v[:VOLUME])
    count = missing.sum(axis=0)
    return (count > 0) & (count < len(missing)), missing.argmax(axis=0)


def _high_below_low(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _first_of({HIGH: v[HIGH] < v[LOW]})


def _outside(price: int) -> Callable:
    def find(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # A bar whose high is below its low has no range to be outside of: its own check has it.
        ranged = ~(v[HIGH] < v[LOW])
        return _first_of({price: ranged & ((v[price] > v[HIGH]) | (v[price] < v[LOW]))})

    return find


def _bad_volume(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _first_of({VOLUME: (v[VOLUME] < 0) | np.isinf(v[VOLUME])})


_VALUE_CHECKS: tuple[tuple[str, Callable], ...] = (
    ("infinite_price", _prices(np.isinf)),
    ("negative_price", _prices(lambda x: (x < 0) & np.isfinite(x))),
    ("zero_price", _prices(lambda x: x == 0)),
    ("incomplete_bar", _incomplete),
    ("high_below_low", _high_below_low),
    ("open_outside_range", _outside(OPEN)),
    ("close_outside_range", _outside(CLOSE)),
    ("negative_volume", _bad_volume),
)


def _problem(check: str, bar: np.ndarray) -> str:
    o, h, lo, c, v = (float(x) for x in bar)
    return {
        "infinite_price": "the price is infinite",
        "negative_price": "the price is negative",
        "zero_price": "the price is zero",
        "incomplete_bar": f"part of the bar is missing (open {o}, high {h}, low {lo}, close {c})",
        "high_below_low": f"high {h} is below low {lo}",
        "open_outside_range": f"open {o} is outside low {lo} to high {h}",
        "close_outside_range": f"close {c} is outside low {lo} to high {h}",
        "negative_volume": "the volume is " + ("infinite" if np.isinf(v) else "negative"),
    }[check]


def _change(
    columns: AssetColumns, check: str, action: str, where: np.ndarray, column: np.ndarray
) -> list[Repaired]:
    """Carry out an action that alters values in place; report each value that it altered."""
    v = columns.values
    before = v[:, where].copy()
    if action == "swap":
        v[HIGH, where], v[LOW, where] = before[LOW], before[HIGH]
    elif action == "widen":
        price = before[column[where[0]]]
        v[HIGH, where] = np.fmax(before[HIGH], price)
        v[LOW, where] = np.fmin(before[LOW], price)
    elif action == "clip":
        at = int(column[where[0]])
        v[at, where] = np.fmin(np.fmax(before[at], before[LOW]), before[HIGH])
    elif action == "zero":
        v[VOLUME, where] = 0.0
    else:
        raise AssertionError(action)
    after = v[:, where]
    return [
        _report(
            columns, check, action, int(where[k]), int(f), float(before[f, k]), float(after[f, k])
        )
        for f, k in np.argwhere((before != after) & ~(np.isnan(before) & np.isnan(after)))
    ]


def _from_close(columns: AssetColumns, where: np.ndarray) -> list[Repaired]:
    v = columns.values
    repairs = []
    for f in (OPEN, HIGH, LOW):
        for i in where[np.isnan(v[f, where])]:
            v[f, i] = v[CLOSE, i]
            repairs.append(
                _report(columns, "incomplete_bar", "from_close", int(i), f, np.nan, v[f, i])
            )
    return repairs


def _report(
    columns: AssetColumns,
    check: str,
    action: str,
    i: int,
    at: int | None = None,
    before: float = np.nan,
    after: float = np.nan,
) -> Repaired:
    name = None if at is None else FIELDS[at]
    return Repaired(
        check,
        action,
        columns.asset,
        int(columns.times[i]),
        name,
        before,
        after,
        columns.place.file,
        int(columns.rows[i]),
    )


def _error(
    columns: AssetColumns,
    check: str,
    where: np.ndarray,
    column: str,
    problem: str,
    value: float | None = None,
) -> DataError:
    """The error of the first row where the check found something."""
    first = int(np.flatnonzero(where)[0])
    row = int(columns.rows[first])
    place = columns.place
    time = int(columns.times[first])
    count = int(np.count_nonzero(where))
    if count > 1:
        problem += f" (the first of {count} such rows)"
    return DataError(
        check,
        problem,
        file=place.file,
        row=row,
        line=None if place.line_offset is None else row + place.line_offset,
        column=place.names.get(column, column),
        asset=columns.asset,
        time=None if time == MISSING else format_time(time),
        value=None if value is None else float(value),
        remedy=remedy(check),
    )


def remedy(check: str) -> str:
    """The sentence that tells what can be done about a finding."""
    actions = [f"'{a}'" for a in ACTIONS[check] if a != "raise"]
    return f"Correct the data, or pass policy={{'{check}': {' or '.join(actions)}}}"
