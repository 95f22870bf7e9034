"""Does a strategy look ahead? It is run again without the later bars, and with other later bars.

A decision made on bar t may depend on the bars up to t only. So it must stay as it is when what
comes after t is cut off, or replaced. Every decision that does not stay is reported.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .decisions import Form, Part, alike, equal, parts_of
from .probes import Source, source_of
from .times import format_time, instant

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PROBES", "Change", "Lookahead", "lookahead"]

PROBES = ("truncated", "raised", "lowered")
"""What is done to the bars after a cut: taken away; shuffled, and their numbers raised or lowered.

Code that asks for the next price may be silent when there is none, or may find out that there is
one; the two directions make sure that a comparison with a later price comes out differently.
"""

MOST = 1000
"""Changes kept of one probe, cut and name; more are only counted."""


class Change(NamedTuple):
    """One decision that depends on later bars."""

    probe: str
    """How the later bars were changed: one of `PROBES`, or "repeated": not at all."""
    cut: int
    """The last time (ns UTC) up to which the bars stayed as they are."""
    name: str
    """Which table of decisions or which indicator; "decisions" where the run returns one thing."""
    kind: str
    """changed; missing or added (with the changed bars); failed (the run raised an error)."""
    time: int
    """When the decision was made, ns UTC."""
    bar: int
    """The same as a bar counted from 0, -1 where the time is not that of a bar."""
    asset: str
    field: str
    before: str
    """What was decided on the whole data."""
    after: str


@dataclass(frozen=True)
class Lookahead:
    """What `lookahead` found."""

    changes: tuple[Change, ...]
    """In the order of the time of the decision."""
    cuts: tuple[int, ...]
    """int ns UTC."""
    runs: int
    """How often the strategy was run."""
    decisions: int
    """How many rows and numbers were decided on the whole data."""
    left_out: int
    """Changes that were found and not kept (see `MOST`)."""

    @property
    def clean(self) -> bool:
        """Whether something was compared and nothing changed."""
        return not self.changes and self.decisions > 0

    @property
    def first(self) -> Change | None:
        """The earliest decision that changed."""
        return self.changes[0] if self.changes else None

    @property
    def names(self) -> tuple[str, ...]:
        """The tables of decisions and indicators that changed, the one that changed first first."""
        return tuple(dict.fromkeys(change.name for change in self.changes))

    @property
    def rows(self) -> pl.DataFrame:
        """The changes as a table: the fields of `Change`, times as datetimes in UTC."""
        import polars as pl

        when = pl.Datetime("ns", "UTC")
        columns = {"cut": pl.Int64, "time": pl.Int64, "bar": pl.Int64}
        schema = {name: columns.get(name, pl.String) for name in Change._fields}
        table = pl.DataFrame(list(map(tuple, self.changes)), schema, orient="row")
        return table.with_columns(pl.col("cut", "time").cast(when))

    def __str__(self) -> str:
        cuts = ", ".join(format_time(cut) for cut in self.cuts)
        tried = f"{self.runs} runs; cuts after {cuts}"
        if not self.changes:
            if not self.decisions:
                return f"Nothing compared: the strategy decided nothing ({tried})."
            return (
                f"No look-ahead found: {self.decisions} decisions do not depend on later bars "
                f"({tried})."
            )
        count = len(self.changes) + self.left_out
        lines = [f"LOOK-AHEAD: {count} differences in what was decided before a cut ({tried})."]
        for name in self.names:
            mine = [change for change in self.changes if change.name == name]
            lines.append(f"  {name}: {len(mine)} differences, the first: {_sentence(mine[0])}")
        if self.left_out:
            lines.append(f"  ({self.left_out} more differences are counted but not listed)")
        return "\n".join(lines)


_DONE = {
    "truncated": "without the bars after {}",
    "raised": "with higher prices after {}",
    "lowered": "with lower prices after {}",
    "repeated": "in a second run on the same bars: it is not repeatable (fix its random seed)",
}


def _sentence(change: Change) -> str:
    done = _DONE[change.probe].format(format_time(change.cut))
    if change.kind == "failed":
        return f"{done} it failed: {change.after} (does it read beyond the end, or need more bars?)"
    place = format_time(change.time)
    if change.bar >= 0:
        place += f" (bar {change.bar})"
    what = " ".join(part for part in (change.asset, change.field) if part)
    place = f"{place} {what}".strip()
    if change.kind == "changed":
        return f"{place}: {change.before} became {change.after} {done}"
    verb = "was not there" if change.kind == "missing" else "appeared"
    return f"{place}: {change.before or change.after} {verb} {done}"


def lookahead(
    run: Callable[[Any], Any],
    data: Any,
    cuts: int | Sequence[Any] = 5,
    *,
    key: Sequence[str] = (),
    time: str | None = None,
    fields: Sequence[str] | None = None,
    probes: Sequence[str] = PROBES,
    warmup: int | None = None,
    rtol: float = 1e-9,
    seed: int = 0,
) -> Lookahead:
    """Run a strategy again on data cut at several places; report decisions that change.

    run: takes data like `data` and returns what it decided, as a new calculation each time: nothing
    may be left from an earlier call. Either

    - a table of decisions (Polars, pandas, Arrow, a structured array, a list of dicts, named tuples
      or dataclasses, a dict of columns) with a time column (`time`, or found by
      `core.decisions.TIME_NAMES`) that says when the decision was *made*, and a column for the
      asset if there are several. Return what was decided (side, size, limit), not what became of
      it later (status, fill);
    - a matrix of signals [T] or [T, N] with a row for each bar, or a pandas frame by time;
    - a mapping of names to such tables and matrices: decisions beside indicators, say. The report
      names those whose past changes.

    data: `Bars`; or a pandas or Polars frame with a time index or column; or a mapping of names to
    such frames. Of frames all numbers after a cut are altered, prices of one row together.

    cuts: how many, or the bars (from 0) or times after which to cut. Chosen ones lie after `warmup`
    bars (default: a fifth of them); one half where decisions were made, one half evenly spread.
    Each cut costs a run for each of `probes`, and two runs are on the whole data: a strategy that
    decides differently the second time is reported as "repeated".

    key: columns of a table that identify a decision besides its time and asset; those that agree in
    all are matched in sequence. fields: the columns to compare (default: all). rtol: numbers that
    differ by no more than this fraction are the same, since sums over data of different lengths
    are rounded differently.

    An error in the first run is raised; an error on cut data is reported as a failure, since
    reading beyond the end is one way of looking ahead.
    """
    unknown = [name for name in probes if name not in PROBES]
    if unknown or not probes:
        raise ValueError(f"probes={tuple(probes)!r}: choose from {', '.join(PROBES)}")
    source = source_of(data)
    length = len(source.times)
    if length < 2:
        raise ValueError("there must be at least two bars, one before a cut and one after it")
    options = Form(tuple(key), time, None if fields is None else tuple(fields))
    last = length - 1
    full = parts_of(run(source.until(last)), source.times, source.assets, options)
    places = _cuts(cuts, source.times, full, warmup)
    found = _Found(source, rtol)
    again = parts_of(run(source.until(last)), source.times, source.assets, options)
    found.compare(full, again, "repeated", last)
    runs = 2
    for t in places if not found.changes else ():
        for probe in probes:
            rng = np.random.default_rng([seed, t, PROBES.index(probe)])
            changed = (
                source.until(t)
                if probe == "truncated"
                else source.altered(t, probe == "raised", rng)
            )
            runs += 1
            try:
                with warnings.catch_warnings():
                    # Data made up for the probe may well make it warn.
                    warnings.simplefilter("ignore")
                    result = run(changed)
            except Exception as error:
                found.fail(probe, t, error)
                continue
            times = source.times[: t + 1] if probe == "truncated" else source.times
            found.compare(full, parts_of(result, times, source.assets, options), probe, t)
    order = {name: n for n, name in enumerate(("repeated", *PROBES))}
    changes = sorted(found.changes, key=lambda c: (c.time, c.cut, order[c.probe]))
    count = sum(part.size for part in full.values())
    cut_times = tuple(int(source.times[t]) for t in places)
    return Lookahead(tuple(changes), cut_times, runs, count, found.left_out)


def _cuts(
    cuts: int | Sequence[Any], times: np.ndarray, full: dict[str, Part], warmup: int | None
) -> list[int]:
    """The bars after which to cut, increasing."""
    last = len(times) - 2
    if not isinstance(cuts, (int, np.integer)):
        places = set()
        for cut in cuts:
            if isinstance(cut, (int, np.integer)) and 0 <= cut < len(times):
                t = int(cut)
            else:
                t = int(np.searchsorted(times, instant(cut), "right")) - 1
            if not 0 <= t <= last:
                raise ValueError(f"cuts: {cut!r} leaves no bar before it or none after it")
            places.add(t)
        if not places:
            raise ValueError("cuts must name at least one bar")
        return sorted(places)
    if cuts < 1:
        raise ValueError(f"cuts={cuts}: at least one is needed")
    first = min(len(times) // 5 if warmup is None else int(warmup), last)
    made = np.unique(np.concatenate([part.made() for part in full.values()] or [times[:0]]))
    bars = np.unique(np.searchsorted(times, made, "right") - 1)
    bars = bars[(bars >= first) & (bars <= last)]
    half = min(len(bars), (int(cuts) + 1) // 2)
    places = {int(bars[k]) for k in np.linspace(0, len(bars) - 1, half).round().astype(int)}
    for n in range(1, 4):  # evenly spread ones may fall on those: then more of them
        for t in np.linspace(first, last, n * int(cuts)).round().astype(int).tolist():
            if len(places) >= cuts:
                break
            places.add(t)
    return sorted(places)


# Comparing


def _text(value: Any) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)


class _Found:
    """The changes found so far."""

    def __init__(self, source: Source, rtol: float) -> None:
        self.times = source.times
        self.rtol = rtol
        self.changes: list[Change] = []
        self.left_out = 0

    def fail(self, probe: str, t: int, error: Exception) -> None:
        cut = int(self.times[t])
        text = f"{type(error).__name__}: {error}"
        self.changes.append(Change(probe, cut, "run", "failed", cut, t, "", "", "", text))

    def compare(self, full: dict[str, Part], other: dict[str, Part], probe: str, t: int) -> None:
        cut = int(self.times[t])
        for name in dict.fromkeys([*full, *other]):
            self._room = MOST
            empty = Part(self.times[:0], [], fields={})
            a, b = full.get(name, empty), other.get(name, empty)
            if a.values is not None and b.values is not None:
                self._matrices(a, b, probe, cut, name)
            elif a.values is None and b.values is None:
                self._tables(a, b, probe, cut, name)
            elif a.size and b.size:
                raise ValueError(f"{name}: the run returned a matrix once and a table once")
            else:
                kind, part = ("missing", a) if a.size else ("added", b)
                for time in part.times[part.times <= cut].tolist():
                    self._add(probe, cut, name, kind, time, "", "", "", "")

    def _add(
        self,
        probe: str,
        cut: int,
        name: str,
        kind: str,
        time: int,
        asset: str,
        field: str,
        before: str,
        after: str,
    ) -> None:
        if self._room <= 0:
            self.left_out += 1
            return
        self._room -= 1
        bar = int(np.searchsorted(self.times, time, "right")) - 1
        if bar >= 0 and self.times[bar] != time:
            bar = -1
        self.changes.append(
            Change(probe, cut, name, kind, int(time), bar, asset, field, before, after)
        )

    def _matrices(self, a: Part, b: Part, probe: str, cut: int, name: str) -> None:
        assert a.values is not None
        assert b.values is not None
        for kind, one, other in (("missing", a, b), ("added", b, a)):
            for k, column in enumerate(one.assets):
                if column not in other.assets:
                    time = int(one.times[0]) if len(one.times) else cut
                    self._add(probe, cut, name, kind, time, column, "", f"column {k}", "")
            for time in np.setdiff1d(one.times[one.times <= cut], other.times).tolist():
                self._add(probe, cut, name, kind, time, "", "", "the row", "")
        times, i, j = np.intersect1d(a.times, b.times, return_indices=True)
        i, j = i[times <= cut], j[times <= cut]
        columns = [c for c in a.assets if c in b.assets]
        x = a.values[i][:, [a.assets.index(c) for c in columns]]
        y = b.values[j][:, [b.assets.index(c) for c in columns]]
        wrong = ~equal(x, y, self.rtol)
        places = np.argwhere(wrong)
        for row, k in places[: self._room].tolist():
            time, asset = int(times[row]), columns[k]
            before, after = _text(x[row, k]), _text(y[row, k])
            self._add(probe, cut, name, "changed", time, asset, "", before, after)
        self.left_out += max(len(places) - MOST, 0)

    def _tables(self, a: Part, b: Part, probe: str, cut: int, name: str) -> None:
        first, second = _by_key(a, cut), _by_key(b, cut)
        fields = dict.fromkeys([*(a.fields or ()), *(b.fields or ())])
        for key in dict.fromkeys([*first, *second]):
            time, asset = key[0], key[1]
            if key not in second or key not in first:
                kind, row = ("missing", first[key]) if key in first else ("added", second[key])
                text = ", ".join(f"{field}={_text(value)}" for field, value in row.items())
                sides = (text, "") if kind == "missing" else ("", text)
                self._add(probe, cut, name, kind, time, asset, "", *sides)
                continue
            for field in fields:
                x, y = first[key].get(field), second[key].get(field)
                if not alike(x, y, self.rtol):
                    self._add(probe, cut, name, "changed", time, asset, field, _text(x), _text(y))


def _by_key(part: Part, cut: int) -> dict[tuple, dict[str, Any]]:
    """Rows up to the cut, by time, asset, the key columns and the place among their equals."""
    out: dict[tuple, dict[str, Any]] = {}
    count: dict[tuple, int] = {}
    fields = part.fields or {}
    for row, time in enumerate(part.times.tolist()):
        if time > cut:
            continue
        key = (time, part.assets[row], *(part.key[row] if part.key else ()))
        count[key] = count.get(key, -1) + 1
        out[(*key, count[key])] = {field: column[row] for field, column in fields.items()}
    return out
