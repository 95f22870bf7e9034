"""Does a script look ahead? It is run again on data that end early; what it decided must stay.

Decisions are the orders that it sent, and, to name the cause, its indicators and signals. Every run
is a process of its own on fillproof, whose results are those of the framework.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.lookahead import Lookahead, lookahead
from .trace import NEVER, Trace, TraceError, load
from .validate import RECORDER, _run

if TYPE_CHECKING:
    import polars as pl

__all__ = ["LookaheadError", "check_lookahead"]

#: What an order was when it was sent; what became of it later is no decision.
_DECIDED = ("side", "size", "kind", "price", "limit", "valid")


class LookaheadError(RuntimeError):
    """A script that cannot be checked; the message says why."""


def check_lookahead(
    script: str | Path,
    arguments: list[str] | None = None,
    cuts: int = 5,
    progress: Callable[[str], None] = lambda text: None,
) -> Lookahead:
    """Run `script` on all of its data twice, and `cuts` times on data that end early.

    Data end where they come in: `read_csv` and the like of pandas and Polars, feeds of Backtrader,
    the last session of a Zipline run. What a script makes up itself, or reads in other ways, stays
    whole. Raises LookaheadError when the script fails on all of its data, trades nothing that has
    a time, or reads nothing that can end early.
    """
    with tempfile.TemporaryDirectory(prefix="fillproof-") as folder:
        runs = _Runs(str(script), list(arguments or []), Path(folder), progress)
        first, meta, lines = runs.run(None)
        if first.status:
            raise LookaheadError(
                f"{script} ends with status {first.status} on all of its data.\n{runs.tail()}"
            )
        if not meta["count"]:
            raise LookaheadError(
                f"{script} reads no data that could end early: its frames are made in the script, "
                "or read by other means than pandas, Polars, feeds and bundles. Check its "
                "functions with fillproof.compat.lookahead."
            )
        stamps = first.tables["bars"]["time"].to_numpy()
        times = np.unique(stamps[stamps != NEVER])
        if len(times) < 2:
            raise LookaheadError(f"{script} ran over fewer than two bars.")
        import pandas as pd

        bars = pd.DataFrame({"bar": np.arange(len(times))}, index=pd.DatetimeIndex(times))
        kept = [_decisions(first, lines)]
        # Of bars made of bars the last one is not whole where data end early: one more is left.
        spare = int(meta["resampled"])

        def decided(data: Any) -> dict[str, Any]:
            if kept and len(data) == len(bars):
                return kept.pop()
            last = len(data) - 1 + spare
            trace, _, lines = runs.run(int(times[last]) if last < len(times) - 1 else None)
            if trace.status:
                raise RuntimeError(runs.words(trace))
            return _decisions(trace, lines)

        return lookahead(decided, bars, cuts, time="time", probes=("truncated",))


class _Runs:
    def __init__(
        self, script: str, arguments: list[str], folder: Path, progress: Callable[[str], None]
    ) -> None:
        self._script, self._arguments = script, arguments
        self._folder, self._progress = folder, progress
        self._count = 0
        self._last = folder

    def run(self, until: int | None) -> tuple[Trace, dict[str, Any], pl.DataFrame]:
        """Run once: the trace, what was cut, and the table of indicators and signals."""
        import polars as pl

        self._count += 1
        self._progress(f"run {self._count}")
        self._last = folder = self._folder / str(self._count)
        folder.mkdir()
        cut = "all" if until is None else str(until)
        command = [sys.executable, str(RECORDER), "--adapters", "--cut", cut, "--out", str(folder)]
        _run([*command, "--", self._script, *self._arguments], folder)
        try:
            trace = load(folder)
        except (TraceError, OSError) as error:
            raise LookaheadError(f"{error}\n{self.tail()}") from None
        meta = json.loads((folder / "trace.json").read_text())["cut"]
        return trace, meta, pl.read_parquet(folder / "lines.parquet")

    def words(self, trace: Trace) -> str:
        """Why the last run failed."""
        if trace.error is None:
            return f"it ended with status {trace.status}"
        return f"{trace.error['type']}: {trace.error['text']}"

    def tail(self) -> str:
        """The last lines that the last run printed on standard error."""
        lines = (self._last / "stderr.txt").read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])


def _decisions(trace: Trace, lines: pl.DataFrame) -> dict[str, Any]:
    """Orders, and each line by its name."""
    import polars as pl

    stamp = pl.col("time").cast(pl.Datetime("ns"))
    orders = trace.tables["orders"].filter(pl.col("time") != NEVER)
    asset = pl.format("{} {}", "run", "asset") if len(trace.runs) > 1 else pl.col("asset")
    found: dict[str, Any] = {"orders": orders.select(stamp, asset.alias("asset"), *_DECIDED)}
    for (name,), line in lines.with_columns(stamp).group_by("name", maintain_order=True):
        found[str(name)] = line.select("time", "value").unique(
            "time", keep="last", maintain_order=True
        )
    return found
