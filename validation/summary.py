"""A validation as plain data, for `--json` and for the reports."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from .explain import explain
from .ledger import known
from .validate import Validation


def summary(result: Validation) -> dict[str, Any]:
    """Everything but the tables, as values that JSON knows; NaN becomes None."""
    comparison = result.comparison
    data: dict[str, Any] = {
        "script": result.script,
        "arguments": result.arguments,
        "framework": result.framework,
        "verdict": result.verdict,
        "exit_status": result.status,
        "reason": result.reason,
        "notes": result.notes,
        "known_divergences": [asdict(one) for one in known(result.framework)],
        "times_s": {
            "process_there": result.theirs_s,
            "process_here": result.ours_s,
            "inside_there": result.theirs_inside_s,
            "inside_here": result.ours_inside_s,
        },
    }
    for side, trace in (("there", result.theirs), ("here", result.ours)):
        if trace is not None:
            data[side] = {
                "python": trace.python,
                "versions": trace.versions,
                "exit_status": trace.status,
                "error": trace.error,
                "runs": trace.runs,
                "accounts": trace.accounts,
                "peak_rss_mb": trace.peak_rss_mb,
            }
    if comparison is not None and result.theirs and result.ours:
        data["compared_rows"] = {
            name: {"there": there, "here": here} for name, (there, here) in comparison.rows.items()
        }
        data["divergences"] = comparison.counts
        data["first_divergence"] = None if comparison.first is None else asdict(comparison.first)
        data["explanation"] = explain(comparison, result.theirs, result.ours, result.framework)
        data["lines_with_rounded_numbers"] = comparison.rounding
    return _without_nan(data)


def headline(result: Validation) -> str:
    """The verdict in one sentence."""
    if result.verdict == "could not run":
        return f"Could not run: {result.reason}"
    assert result.comparison is not None
    rows = result.comparison.rows
    if result.verdict == "divergent":
        total = sum(result.comparison.counts.values())
        return f"Divergent from {release(result)}: {total} divergence{'s'[: total != 1]}."
    if not result.comparison.traded:
        return f"Identical to {release(result)}, but the script placed no order on either side."
    return (
        f"Identical to {release(result)}: {rows['orders'][0]} orders, {rows['fills'][0]} fills, "
        f"cash and equity on {rows['bars'][0]} bars, {rows['calls'][0]} calls."
    )


def release(result: Validation) -> str:
    """The framework and the version that the result is stated against."""
    from .references import DISTRIBUTIONS

    distribution = DISTRIBUTIONS.get(result.framework, result.framework)
    versions = result.theirs.versions if result.theirs else {}
    return f"{distribution} {versions.get(distribution, '')}".strip()


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
