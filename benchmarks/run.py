"""Time fillproof against the real frameworks, side by side: `python benchmarks/run.py`.

Each job first checks that both sides give the same result, then times them in turn. Writes
build/bench/results.json. `--quick` runs smaller inputs, to see whether the benchmarks work: its
figures are not for quoting.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import harness
import native
from fillproof.validation import references
from rich.console import Console
from rich.table import Column, Table

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).parent / "scripts"
EXAMPLES = ROOT / "examples"
INGEST = SCRIPTS / "zipline_ingest.py"
ARRAYS = tuple(
    Path(__file__).parent / f"vectorbt_{name}.py" for name in ("orders", "signals", "sweep")
)
BACKTESTING = Path(__file__).parent / "backtesting_sma_cross.py"
COLUMNS = (
    "there",
    "here",
    "ratio",
    "cold",
    "MB there",
    "MB here",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("only", nargs="*", help="parts of the names of the jobs to run")
    parser.add_argument("--repeat", type=int, default=5, help="timings of each side (5)")
    parser.add_argument("--quick", action="store_true", help="smaller inputs, one timing")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "results.json")
    options = parser.parse_args()
    if options.quick:
        options.repeat = 1
    console, errors = Console(), Console(stderr=True)
    width = None if console.is_terminal else 150
    console = Console(width=width, highlight=False)

    def say(text: str) -> None:
        if errors.is_terminal:
            errors.print(text, end="\r", soft_wrap=True)

    load = os.getloadavg() if hasattr(os, "getloadavg") else (math.nan,) * 3
    measured: list[harness.Measured] = []
    failed = []
    for name, run in jobs(options):
        if options.only and not any(part in name for part in options.only):
            continue
        try:
            measured += [one for one in run(options, say) if one is not None]
        except (RuntimeError, references.ReferenceMissing) as error:
            failed.append(name)
            errors.print(f"{name}: {error}", soft_wrap=True)
    rows = [row(one) for one in measured]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(rows, indent=1) + "\n")
    show(console, rows, load, options)
    return 1 if failed or not all(one["identical"] for one in rows) else 0


def jobs(options):
    """Name and function of each job."""
    quick = options.quick
    bars = (10_000, 2_000, 500) if quick else (100_000, 20_000, 5_000)
    rebalanced, crossed, piped, minutes = (
        ((10, 250), (10, 250), (50, 290), (5, 5))
        if quick
        else ((50, 1258), (40, 1258), (500, 1298), (10, 20))
    )
    yield from _scripts(
        "backtrader",
        (f"SMA cross, {bars[0]:,} bars", "backtrader_sma_cross.py", bars[0]),
    )
    yield "SMA cross against backtesting", _rival_jobs("backtesting", BACKTESTING)
    yield from _scripts(
        "backtrader",
        (f"8 indicators, 3 datas x {bars[1]:,} bars", "backtrader_three_datas.py", bars[1]),
        *(
            (
                f"optstrategy, 100 combinations x {bars[2]:,} bars, maxcpus={processes}",
                "backtrader_optimisation.py",
                bars[2],
                processes,
            )
            for processes in (1, 2)
        ),
    )
    # Names and arguments: assets and sessions. A pipeline looks back over the first forty.
    yield from _scripts(
        "zipline",
        ("rebalancing, {} assets x {:,} sessions".format(*rebalanced),
         "zipline_rebalance.py", *rebalanced),
        ("without history, {} assets x {:,} sessions".format(*crossed),
         "zipline_crossing.py", *crossed),
        (f"pipeline of six factors, {piped[0]} assets x {piped[1] - 40:,} sessions",
         "zipline_pipeline.py", *piped),
        ("minutes, {} assets x {} sessions".format(*minutes), "zipline_minutes.py", *minutes),
    )  # fmt: skip
    yield "ingest", _ingest_jobs
    for file in ARRAYS:
        for job in harness.load_jobs(file):
            yield job["name"], _array_job(file, job)
    yield "from_signals, kernel alone", _kernel_jobs
    yield "native, targets", _native_jobs
    yield "native, momentum against ml4t-backtest", _rival_jobs(native.RIVAL, native.MOMENTUM)
    yield from _scripts(
        "backtrader",
        *(
            (f"250 daily bars, {kind} feed", "backtrader_250_bars.py", kind)
            for kind in ("csv", "pandas")
        ),
        inside=False,
    )
    for framework, file in (
        ("backtrader", "backtrader_sma_cross.py"),
        ("zipline", "zipline_momentum.py"),
        ("vectorbt", "vectorbt_signals.py"),
    ):
        example = (f"example {file}", file)
        yield from _scripts(framework, example, folder=EXAMPLES, inside=False)


def _scripts(framework, *table, folder=SCRIPTS, inside=True):
    """Jobs of whole scripts. table: rows of name, file and arguments."""
    for name, file, *arguments in table:
        yield name, _script_job(name, framework, folder / file, arguments, inside)


def _script_job(name, framework, file, arguments, inside):
    def run(options, say):
        return harness.script_job(
            name,
            framework,
            file,
            [str(argument) for argument in arguments],
            inside=inside,
            repeat=options.repeat,
            say=say,
        )

    return run


def _ingest_jobs(options, say):
    assets, sessions = (50, 500) if options.quick else (500, 2518)
    name = f"ingest, {assets} assets x {sessions:,} daily bars"
    return [harness.ingest_job(name, INGEST, assets, sessions, repeat=options.repeat, say=say)]


def _array_job(file, job):
    """A job against each of VectorBT's engines: either may be its fastest."""

    def run(options, say):
        size = job.get("quick", {"rows": max(100, job["rows"] // 10)}) if options.quick else {}
        return [
            harness.array_job(
                file,
                "vectorbt",
                {**job, **size},
                engine,
                repeat=options.repeat,
                say=say,
                cold=engine == "numba",  # here it is the same work twice
            )
            for engine in ("numba", "rust")
        ]

    return run


def _kernel_jobs(options, say):
    return [harness.Measured(runs=options.repeat, **native.signals_job(options, say))]


def _native_jobs(options, say):
    found = []
    for job in (native.resting_jobs, native.rebalancing_job, native.memory_job):
        found += [harness.Measured(runs=options.repeat, **one) for one in job(options, say)]
    return found


def _rival_jobs(name, file):
    """The jobs of a file, against a rival in an environment of its own."""

    def run(options, say):
        other = native.rival(name, references.folder(), say)
        found = []
        for job in harness.load_jobs(file):
            smaller = {**job, "rows": job["rows"] // 5} if options.quick else job
            found.append(
                harness.array_job(
                    file, name, smaller, name, repeat=options.repeat, say=say, other=other
                )
            )
        return found

    return run


def row(one: harness.Measured) -> dict:
    """A row as DESIGN asks for it; NaN, which JSON lacks, becomes None."""
    data = {**asdict(one), "ratio": one.ratio}
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in data.items()
    }


def show(console: Console, rows: list[dict], load, options) -> None:
    numbers = [Column(name, justify="right", no_wrap=True) for name in COLUMNS]
    table = Table(Column("job", overflow="fold"), *numbers, "same result")
    for one in rows:
        table.add_row(
            one["job"],
            seconds(one["reference_s"]),
            seconds(one["ours_s"]),
            "-" if one["ratio"] is None else f"{one['ratio']:.2f} x",
            seconds(one["cold_s"]),
            megabytes(one["reference_rss_mb"]),
            megabytes(one["ours_rss_mb"]),
            ": ".join(filter(None, ("yes" if one["identical"] else "NO", one["note"]))),
        )
    console.print(table)
    console.print(
        f"Medians of {options.repeat}, both sides in turn. cold: here, in a new process with an "
        f"empty compile cache. MB: the peak, of several processes that of the largest."
    )
    frameworks = ", ".join(f"{n} {references.version(n)}" for n in references.NAMES)
    console.print(f"there: {frameworks}; a target: the time that it allows")
    ours = ", ".join(f"{name} {version(name)}" for name in ("fillproof", "numba", "numpy"))
    console.print(f"here: {ours}, Python {platform.python_version()}")
    console.print(
        f"{platform.platform()}, {os.cpu_count()} cores, load before {load[0]:.2f}, "
        f"after {os.getloadavg()[0] if hasattr(os, 'getloadavg') else math.nan:.2f}"
    )
    if options.quick:
        console.print("Smaller inputs and one timing (--quick): not for quoting.")


def seconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def megabytes(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
