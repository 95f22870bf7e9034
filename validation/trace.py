"""The common form to which both sides of a comparison are reduced.

A trace is a folder: `trace.json` (exit status, error, runs, versions, times), `stdout.txt`, and
one Parquet file per table of `hooks.tables`. The recorder writes it in the interpreter in which
the script ran; here it is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .hooks.tables import FLOAT, INT, TABLES

if TYPE_CHECKING:
    import polars as pl

NEVER = -(2**63)  # the time of what happened outside of any bar


class TraceError(RuntimeError):
    """A trace is absent or not complete; the message says which file and why."""


@dataclass(frozen=True)
class Trace:
    """What one run of a script did.

    `tables` maps a name of `hooks.tables.TABLES` to its frame; `prices` is for drawing only.
    `status` is the script's exit status; `error` describes an exception that ended it, or is None.
    `accounts` holds cash and equity at the end of each call of the framework's entry point. `files`
    are those that the script wrote, by name; None for one that was too large to keep.
    """

    tables: dict[str, pl.DataFrame]
    prices: pl.DataFrame
    runs: list[dict[str, Any]]
    status: int = 0
    error: dict[str, Any] | None = None
    accounts: list[list[float]] = field(default_factory=list)
    stdout: str = ""
    files: dict[str, bytes | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    python: str = ""
    inside_s: float = float("nan")
    peak_rss_mb: float = float("nan")

    @property
    def bars(self) -> int:
        """Bars of all runs together."""
        return sum(run["bars"] for run in self.runs)

    @property
    def frameworks(self) -> list[str]:
        """The frameworks that ran something, without repetition."""
        return list(dict.fromkeys(run["framework"] for run in self.runs))


def empty_table(layout: dict[str, str]) -> pl.DataFrame:
    """A table without rows, with the columns and types of `layout`."""
    import polars as pl

    types = {INT: pl.Int64, FLOAT: pl.Float64}
    return pl.DataFrame(schema={name: types.get(kind, pl.String) for name, kind in layout.items()})


def load(folder: Path) -> Trace:
    """Read the trace that a recorder left in `folder`. Raises TraceError when it is incomplete."""
    import polars as pl

    failed = folder / "recorder-failed.txt"
    if failed.exists():
        raise TraceError(f"The recorder could not read the results: {failed.read_text()}")
    meta_file = folder / "trace.json"
    if not meta_file.exists():
        raise TraceError(f"The script left no trace in {folder}: it ended before it could.")
    meta = json.loads(meta_file.read_text())
    stdout_file = folder / "stdout.txt"
    return Trace(
        tables={name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES},
        prices=pl.read_parquet(folder / "prices.parquet"),
        runs=meta["runs"],
        status=meta["status"],
        error=meta["error"],
        accounts=meta["accounts"],
        stdout=stdout_file.read_text(errors="replace") if stdout_file.exists() else "",
        files={
            one["name"]: (folder / one["copy"]).read_bytes() if one["copy"] else None
            for one in meta.get("files", [])
        },
        versions=meta["versions"],
        python=meta["python"],
        inside_s=meta["inside_s"],
        peak_rss_mb=meta["peak_rss_mb"],
    )
