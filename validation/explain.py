"""The first divergence in words: the bar, what each side did, and the account before it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from .compare import Comparison, Divergence, Situation, situation
from .trace import NEVER, Trace

_WHAT = {
    "orders": "an order is created differently",
    "outcome": "an order ends differently",
    "events": "an order's life takes another course",
    "fills": "a fill differs",
    "trades": "a trade differs",
    "bars": "the account differs",
    "calls": "the strategy is called, or orders, differently",
    "series": "a recorded series differs",
    "stdout": "the standard output differs",
    "files": "a file that the script writes differs",
    "exit status": "the script ends with another exit status",
    "exception": "the script ends with another exception",
    "runs": "another run took place",
    "account": "the account at the end differs",
}
_WHOLE = ("stdout", "files", "exit status", "exception", "runs", "account")  # of no bar
_HIDDEN = ("run", "seq", "ref", "bar", "time", "opened", "closed")


def explain(comparison: Comparison, theirs: Trace, ours: Trace, framework: str) -> list[str]:
    """Lines of text about the first divergence and what follows it; empty when identical."""
    one = comparison.first
    if one is None:
        return []
    lines = [f"First divergence: {place(one, theirs)}{_WHAT[one.kind]}"]
    if one.theirs is not None and one.ours is not None and one.fields:
        lines[0] += f" in {', '.join(one.fields)}"
    lines[0] += "."
    sides = ((f"{framework}", one.theirs), ("fillproof", one.ours))
    width = max(len(name) for name, _ in sides)
    for name, row in sides:
        lines.append(f"  {name:<{width}}  {describe(one.kind, row, one.fields)}")
    if one.kind in _WHOLE:
        lines += _exception(ours)
    else:
        lines += account(situation(one, theirs, ours), framework)
    if ours.error and one.kind != "exception":
        lines.append(f"On fillproof the script ended with {_error(ours)}")
    rest = ", ".join(f"{count} in {kind}" for kind, count in comparison.counts.items())
    lines.append(f"Divergences in all: {rest}.")
    return lines


def place(one: Divergence, trace: Trace) -> str:
    """Where a divergence is: run, bar and date, as far as there are any."""
    parts = []
    if len(trace.runs) > 1 and one.run < len(trace.runs):
        parts.append(f"run {one.run + 1} ({trace.runs[one.run]['name']})")
    if one.kind not in _WHOLE:
        parts.append(f"bar {one.bar}" + (f" ({date(one.time)})" if one.time != NEVER else ""))
    return ", ".join(parts) + ": " if parts else ""


def describe(kind: str, row: dict[str, Any] | None, fields: tuple[str, ...] = ()) -> str:
    """One row as a person reads it; differing fields are always shown, with all their digits."""
    if row is None:
        return "nothing"
    parts = []
    for name, value in row.items():
        if name in fields:
            text = date(value) if name in ("time", "opened", "closed") else repr(value)
            parts.append(f"{name} {text}")
        elif name in _HIDDEN or value in ("", None) or _is_nan(value):
            continue
        elif isinstance(value, float):
            parts.append(f"{name} {value:.6g}" if name != "size" else f"{name} {value!r}")
        else:
            parts.append(f"{name} {value}")
    return ", ".join(parts)


def account(before: Situation, framework: str) -> list[str]:
    """The account and the pending orders of both sides before the bar in question."""
    lines = ["Before that bar:"]
    width = max(len(framework), len("fillproof"))
    for side, name in enumerate((framework, "fillproof")):
        held = ", ".join(f"{size:g} {asset}" for asset, size in before.positions[side].items())
        pending = [
            f"#{o['order']} {o['side']} {abs(o['size']):g} {o['asset']} {o['kind']}"
            for o in before.pending[side]
        ]
        shown = "; ".join(pending[:5]) + (" …" if len(pending) > 5 else "")
        lines.append(
            f"  {name:<{width}}  cash {_money(before.cash[side])}, "
            f"equity {_money(before.equity[side])}, position {held or 'none'}, "
            f"pending {shown or 'none'}"
        )
    return lines


def date(nanoseconds: int) -> str:
    """A time stamp as ISO text, without a time of day when that is midnight."""
    if nanoseconds == NEVER:
        return "never"
    seconds, rest = divmod(int(nanoseconds), 1_000_000_000)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError):
        return str(nanoseconds)
    text = moment.strftime("%Y-%m-%d" if seconds % 86400 == 0 and not rest else "%Y-%m-%d %H:%M:%S")
    return text + (f".{rest:09d}".rstrip("0") if rest else "")


def _exception(ours: Trace) -> list[str]:
    return [f"  ({_error(ours)})"] if ours.error else []


def _error(trace: Trace) -> str:
    error = trace.error or {}
    where = f" at {error['where'][0]}" if error.get("where") else ""
    return f"{error.get('type')}: {error.get('text')}{where}"


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _money(value: float) -> str:
    return "none yet" if math.isnan(value) else f"{value:,.2f}"
