"""Align two traces and find the first divergence.

What "the same" means stands in one place, here: the same rows in the same sequence; whole
numbers, text and sizes exactly; prices, commissions, cash and equity within 1e-9 relative. A row
without a partner on the other side is a divergence and never left out of the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from .hooks.tables import EXACT, FLOAT, OUTCOME, TABLES
from .trace import NEVER, Trace

RELATIVE = 1e-9
# Tables whose rows are found by these columns; the others are aligned row by row within a run.
KEYS = {"bars": ("run", "group", "bar"), "series": ("run", "name", "bar")}
# At one bar the cause comes before its effects.
RANK = ("orders", "events", "fills", "outcome", "trades", "bars", "calls", "series")
ENDED = (
    "Completed",
    "Canceled",
    "Expired",
    "Margin",
    "Rejected",
    "filled",
    "cancelled",
    "rejected",
)


@dataclass(frozen=True)
class Divergence:
    """One difference. `theirs` or `ours` is None when that side has nothing to compare.

    `kind` is a table's name, `outcome` (how an order ended), or `stdout`, `files`, `exit status`,
    `exception`, `runs`, `account`; `fields` names the columns that differ, or the file and line.
    """

    kind: str
    run: int
    bar: int
    time: int
    fields: tuple[str, ...]
    theirs: dict[str, Any] | None
    ours: dict[str, Any] | None


@dataclass(frozen=True)
class Comparison:
    """The verdict: `counts` holds the number of divergences by kind, `rows` what was compared."""

    first: Divergence | None
    counts: dict[str, int]
    rows: dict[str, tuple[int, int]]
    firsts: list[Divergence] = field(default_factory=list)
    rounding: int = 0  # lines of output and files whose numbers differ within 1e-9

    @property
    def identical(self) -> bool:
        return not self.counts

    @property
    def traded(self) -> bool:
        """Whether either side had an order or a fill."""
        return any(sum(self.rows[name]) for name in ("orders", "fills"))


def compare(theirs: Trace, ours: Trace) -> Comparison:
    """Compare what the real framework did (`theirs`) with what fillproof did (`ours`)."""
    counts: dict[str, int] = {}
    found: list[Divergence] = []
    rows: dict[str, tuple[int, int]] = {}
    for name in TABLES:
        left, right = theirs.tables[name], ours.tables[name]
        rows[name] = (left.height, right.height)
        for kind, columns in _parts(name):
            count, first = _compare_table(kind, name, columns, left, right)
            if count and first is not None:
                counts[kind] = count
                found.append(_date_outcome(first, theirs, ours) if kind == "outcome" else first)
    found.sort(key=lambda one: (one.run, one.bar, RANK.index(one.kind)))
    for whole in _whole(theirs, ours):
        counts[whole.kind] = counts.get(whole.kind, 0) + 1
        found.append(whole)
    differing, rounding = compare_text(theirs.stdout, ours.stdout)
    if differing:
        number, left, right = differing[0]
        counts["stdout"] = len(differing)
        found.append(
            Divergence("stdout", 0, 0, NEVER, (f"line {number}",), _line(left), _line(right))
        )
    for one, more in _files(theirs, ours):
        rounding += more
        if one is not None:
            counts["files"] = counts.get("files", 0) + 1
            found.append(one)
    return Comparison(found[0] if found else None, counts, rows, found, rounding)


def _parts(name: str) -> list[tuple[str, list[str]]]:
    """How an order ended is judged apart: it happens on a later bar than its creation."""
    columns = list(TABLES[name])
    if name != "orders":
        return [(name, columns)]
    return [("orders", [c for c in columns if c not in OUTCOME]), ("outcome", list(OUTCOME))]


def _compare_table(
    kind: str, name: str, columns: list[str], left: pl.DataFrame, right: pl.DataFrame
) -> tuple[int, Divergence | None]:
    """The number of rows that differ, and the earliest of them by run and bar."""
    at_left, at_right = _align(name, left, right)
    # -1 stands for "no partner".
    alone = (at_left < 0) | (at_right < 0)
    differs = alone.copy() if kind != "outcome" else np.zeros(len(alone), bool)
    both = ~alone
    pair = (at_left[both], at_right[both])
    by_column: dict[str, np.ndarray] = {}
    for column in columns:
        unequal = _unequal(name, column, left[column], right[column], pair)
        if unequal.any():
            full = np.zeros(len(alone), bool)
            full[both] = unequal
            by_column[column] = full
            differs |= full
    where = np.flatnonzero(differs)
    if not len(where):
        return 0, None
    bars = _either(left["bar"], right["bar"], at_left[where], at_right[where])
    runs = _either(left["run"], right["run"], at_left[where], at_right[where])
    first = int(where[np.lexsort((np.arange(len(where)), bars, runs))[0]])
    theirs = left.row(int(at_left[first]), named=True) if at_left[first] >= 0 else None
    ours = right.row(int(at_right[first]), named=True) if at_right[first] >= 0 else None
    present = theirs if theirs is not None else ours
    assert present is not None
    fields = tuple(column for column, unequal in by_column.items() if unequal[first])
    return len(where), Divergence(
        kind, present["run"], present["bar"], present["time"], fields, theirs, ours
    )


def _either(left: pl.Series, right: pl.Series, at_left: np.ndarray, at_right: np.ndarray):
    """The values of the left rows; of the right ones where the left side has none."""
    values = np.empty(len(at_left), np.int64)
    there = at_left >= 0
    values[there] = left.to_numpy()[at_left[there]]
    values[~there] = right.to_numpy()[at_right[~there]]
    return values


def _align(name: str, left: pl.DataFrame, right: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Partners: two arrays of row numbers of equal length, with -1 where there is no partner."""
    keys = KEYS.get(name)
    if keys and left.height == right.height and left[list(keys)].equals(right[list(keys)]):
        rows = np.arange(left.height)
        return rows, rows
    by_key = []
    for frame in (left, right):
        if keys is None:
            key = [frame["run"], pl.int_range(frame.height, eager=True).alias("row")]
            numbered = pl.DataFrame(key).with_columns(
                n=pl.int_range(pl.len()).over("run"), row=pl.col("row")
            )
        else:
            # Rows with one key twice must not be multiplied or lost: they get a number as well.
            numbered = frame.select(
                *keys, row=pl.int_range(pl.len()), n=pl.int_range(pl.len()).over(*keys)
            )
        by_key.append(numbered)
    on = [*(keys or ("run",)), "n"]
    joined = by_key[0].join(
        by_key[1], on=on, how="full", suffix="_right", maintain_order="left_right", coalesce=True
    )
    return (
        joined["row"].fill_null(-1).to_numpy().astype(np.int64),
        joined["row_right"].fill_null(-1).to_numpy().astype(np.int64),
    )


def _unequal(name: str, column: str, left: pl.Series, right: pl.Series, pair) -> np.ndarray:
    if TABLES[name][column] != FLOAT:
        return left.gather(pair[0]).ne_missing(right.gather(pair[1])).to_numpy()
    a, b = left.to_numpy()[pair[0]], right.to_numpy()[pair[1]]
    return ~same_numbers(a, b, 0.0 if (name, column) in EXACT else RELATIVE)


def same_numbers(a: np.ndarray, b: np.ndarray, relative: float = RELATIVE) -> np.ndarray:
    """Elementwise: equal, both NaN, or finite and within `relative` of the larger one."""
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if relative:
        with np.errstate(invalid="ignore", over="ignore"):
            close = np.abs(a - b) <= relative * np.maximum(np.abs(a), np.abs(b))
        same |= close & np.isfinite(a) & np.isfinite(b)
    return same


def _date_outcome(one: Divergence, theirs: Trace, ours: Trace) -> Divergence:
    """Date the different end of an order by its first different event, not by its creation."""
    assert one.theirs is not None
    number, bars, times = one.theirs["order"], [one.bar], [one.time]
    for trace in (theirs, ours):
        events = trace.tables["events"].filter(run=one.run, order=number)
        if events.height:
            bars.append(int(events["bar"][-1]))
            times.append(int(events["time"][-1]))
    bar = min(bars[1:], default=one.bar)
    time = times[bars.index(bar)]
    return Divergence(one.kind, one.run, bar, time, one.fields, one.theirs, one.ours)


def _whole(theirs: Trace, ours: Trace) -> Iterator[Divergence]:
    """Differences that belong to no bar."""

    def of(kind: str, fields: tuple[str, ...], left: Any, right: Any, run: int = 0) -> Divergence:
        return Divergence(kind, run, 0, NEVER, fields, {"value": left}, {"value": right})

    for number in range(max(len(theirs.runs), len(ours.runs))):
        left = theirs.runs[number] if number < len(theirs.runs) else None
        right = ours.runs[number] if number < len(ours.runs) else None
        if left != right:
            differing = tuple(
                k
                for k in (left or right or {})
                if not left or not right or left.get(k) != right.get(k)
            )
            yield of("runs", differing, left, right, number)
    for number in range(max(len(theirs.accounts), len(ours.accounts))):
        left = theirs.accounts[number] if number < len(theirs.accounts) else None
        right = ours.accounts[number] if number < len(ours.accounts) else None
        if left is None or right is None or not same_numbers(np.array(left), np.array(right)).all():
            yield of("account", ("cash at the end", "equity at the end"), left, right, number)
    if (theirs.error or {}).get("type") != (ours.error or {}).get("type"):
        yield of("exception", ("type",), theirs.error, ours.error)
    if theirs.status != ours.status:
        yield of("exit status", ("status",), theirs.status, ours.status)


def _files(theirs: Trace, ours: Trace) -> Iterator[tuple[Divergence | None, int]]:
    """What differs in each file that the script wrote, and how many of its lines by rounding.

    Text is judged as standard output is; other files (pictures, pickles) must be equal.
    """
    for name in sorted(theirs.files.keys() | ours.files.keys()):
        if name not in theirs.files or name not in ours.files:
            left, right = ("written" if name in side.files else None for side in (theirs, ours))
            yield Divergence("files", 0, 0, NEVER, (name,), _line(left), _line(right)), 0
            continue
        left, right = theirs.files[name], ours.files[name]
        if left == right:
            continue
        texts = [_decoded(content) for content in (left, right)]
        if texts[0] is None or texts[1] is None:
            what = [f"{len(content or b''):,} bytes" for content in (left, right)]
            yield Divergence("files", 0, 0, NEVER, (name,), _line(what[0]), _line(what[1])), 0
            continue
        differing, rounding = compare_text(texts[0], texts[1])
        first = None
        if differing:
            number, x, y = differing[0]
            place = f"{name}, line {number}"
            first = Divergence("files", 0, 0, NEVER, (place,), _line(x), _line(y))
        yield first, rounding


def _decoded(content: bytes | None) -> str | None:
    """The text of a file; None when it holds none."""
    if content is None or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.])")


_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+\b")


def compare_text(left: str, right: str) -> tuple[list[tuple[int, str | None, str | None]], int]:
    """Compare standard output line by line.

    Returns the lines that differ, as (number from 1, theirs, ours) with None for an absent line,
    and how many lines differ only in the last digits of numbers with a decimal point, within 1e-9
    relative: those count as the same, as the numbers of the tables do. So do the addresses of
    objects (`<Order object at 0x7f...>`), which differ between any two processes.
    """
    if left == right:
        return [], 0
    left, right = (_ADDRESS.sub("at 0x...", text) for text in (left, right))
    if left == right:
        return [], 0
    a, b = left.splitlines(), right.splitlines()
    differing: list[tuple[int, str | None, str | None]] = []
    rounding = 0
    for number in range(max(len(a), len(b))):
        x = a[number] if number < len(a) else None
        y = b[number] if number < len(b) else None
        if x == y:
            continue
        if x is not None and y is not None and _same_line(x, y):
            rounding += 1
        else:
            differing.append((number + 1, x, y))
    if not differing and not rounding:
        differing.append((len(a), "(line end at the end of the text)", "(another one)"))
    return differing, rounding


def _same_line(x: str, y: str) -> bool:
    xs, ys = _NUMBER.findall(x), _NUMBER.findall(y)
    # A number printed with more digits takes the place of blanks before it.
    words = [[text.split() for text in _NUMBER.split(line)] for line in (x, y)]
    if words[0] != words[1] or xs == ys:
        return False
    for one, other in zip(xs, ys, strict=True):
        if one == other:
            continue
        if not (_is_decimal(one) and _is_decimal(other)):
            return False
        if not same_numbers(np.array([float(one)]), np.array([float(other)]))[0]:
            return False
    return True


def _is_decimal(text: str) -> bool:
    return "." in text or "e" in text or "E" in text


def _line(text: str | None) -> dict[str, Any] | None:
    return None if text is None else {"line": text}


@dataclass(frozen=True)
class Situation:
    """What stood on both sides just before a divergence."""

    cash: tuple[float, float]
    equity: tuple[float, float]
    positions: tuple[dict[str, float], dict[str, float]]
    pending: tuple[list[dict[str, Any]], list[dict[str, Any]]]


def situation(one: Divergence, theirs: Trace, ours: Trace) -> Situation:
    """The account and the pending orders of both sides before the bar of the divergence."""
    sides = [_before(trace, one.run, one.bar) for trace in (theirs, ours)]
    pairs = [tuple(side[part] for side in sides) for part in range(4)]
    return Situation(*pairs)  # type: ignore[arg-type]


def _before(trace: Trace, run: int, bar: int):
    earlier = (pl.col("run") == run) & (pl.col("bar") < bar)
    bars = trace.tables["bars"].filter(earlier)
    if bars.height:
        last = bars.filter(pl.col("bar") == bars["bar"].max())
        cash, equity = float(last["cash"].sum()), float(last["equity"].sum())
    else:
        cash = equity = float("nan")
    fills = trace.tables["fills"].filter(earlier)
    held = (
        fills.with_columns(
            signed=pl.when(pl.col("side") == "buy").then(pl.col("size")).otherwise(-pl.col("size"))
        )
        .group_by("asset", maintain_order=True)
        .agg(pl.col("signed").sum())
    )
    positions = {asset: size for asset, size in held.iter_rows() if size}
    over = set(
        trace.tables["events"].filter(earlier & pl.col("status").is_in(ENDED))["order"].to_list()
    )
    orders = trace.tables["orders"].filter(earlier)
    if not trace.tables["events"].height:  # no life cycle: an order ends in its own bar
        orders = orders.clear()
    pending = [order for order in orders.iter_rows(named=True) if order["order"] not in over]
    return cash, equity, positions, pending
