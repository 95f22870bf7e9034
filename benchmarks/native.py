"""The engine without any framework: what `make bench` holds it to, and a rival in the open.

The speeds are set as targets: `there` is then the time that the target allows, and a ratio of 1 or
more has met it. `python native.py memory` prints the memory of the largest job (see `memory`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from fillproof.core import Bars, Kind, Rules, Simulation, matrix, run
from fillproof.core.signals import simulate_signals
from fillproof.core.sweep import settings
from fillproof.core.traced_signals import trace_signals
from peak import peak_mb
from vectorbt_signals import COSTS, prepare

HERE = Path(__file__).parent
MOMENTUM = HERE / "native_momentum.py"
RIVAL = "ml4t-backtest"
DAY = 86_400_000_000_000
RESTING = 100

# Work per second.
PYTHON_CHECKS, JITTED_CHECKS, ASSET_BARS, SIGNAL_BARS = 2e6, 5e7, 2e7, 1e8
#: Times the arrays of the bars.
MEMORY = 3.0


def rest(now):
    """Limit orders that no bar reaches."""
    if now.t == 0:
        for n in range(100):
            now.order(0, 1.0, Kind.LIMIT, limit=1.0 + 0.01 * n)


def rotate(now):
    """Fifty assets more each day are brought to their weight."""
    count = len(now.holdings)
    part = min(50, count)
    weights = np.full(count, np.nan)
    first = (now.t * part) % count
    for n in range(part):
        weights[(first + n) % count] = 0.9 / count
    now.target_weights(weights)


def market(length: int, count: int) -> Bars:
    """Random bars, made in the place where the engine reads them."""
    rng = np.random.default_rng(1)
    values = np.empty((5, count, length))
    open_, high, low, close, volume = values
    rng.standard_normal(out=close)
    close *= 0.01
    np.cumsum(close, axis=1, out=close)
    np.exp(close, out=close)
    close *= 100.0
    rng.standard_normal(out=open_)
    open_ *= 0.002
    open_ += 1.0
    open_ *= close
    np.maximum(open_, close, out=high)
    high *= 1.002
    np.minimum(open_, close, out=low)
    low *= 0.998
    volume[:] = 1e6
    times = np.arange(length, dtype=np.int64) * DAY
    return Bars(times, tuple(f"A{n}" for n in range(count)), values)


def rested(bars: Bars) -> Simulation:
    """A simulation at its first bar, with the orders of `rest`."""
    sim = Simulation(bars, Rules(), cash=1e6)
    sim.step(0)
    for n in range(RESTING):
        sim.submit(0, 1.0, Kind.LIMIT, limit=1.0 + 0.01 * n)
    return sim


def stepped(bars: Bars) -> Simulation:
    """`rest` from the Python face: one call per bar."""
    sim = rested(bars)
    for t in range(1, len(bars)):
        sim.step(t)
    return sim


def same(one: Any, other: Any) -> list[str]:
    """The names of what differs between two results, in any bit but those of NaN."""
    names = ("order_rows", "fill_rows", "cash", "equity")
    return [name for name in names if not _same(getattr(one, name), getattr(other, name))]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype.names is None:
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    return len(one) == len(other) and all(_same(one[n], other[n]) for n in one.dtype.names)


def timed(work: Callable[[], Any], repeat: int) -> float:
    """The median of several runs, after the first."""
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def resting_jobs(options, say) -> list[dict]:
    """100,000 bars against 100 limit orders that none reaches, bar by bar and compiled."""
    import numba

    bars = market(10_000 if options.quick else 100_000, 1)
    strategy = numba.njit(rest)
    say("resting orders: comparing")
    cold = _seconds(lambda: run(bars, strategy, Rules(), cash=1e6))
    differing = same(run(bars, strategy, Rules(), cash=1e6), stepped(bars).result())
    checks = RESTING * (len(bars) - 1)
    size = f"{RESTING} resting limit orders x {len(bars):,} bars"
    found = []
    for label, target, work, first in (
        ("stepped from Python", PYTHON_CHECKS, lambda: stepped(bars), None),
        (
            "jitted strategy",
            JITTED_CHECKS,
            lambda: run(bars, strategy, Rules(), cash=1e6),
            cold,
        ),
    ):
        say(f"{size}, {label}")
        seconds = timed(work, options.repeat)
        found.append(
            against(f"{size}, {label}", target, checks, "order checks", seconds, differing, first)
        )
    return found


def rebalancing_job(options, say) -> list[dict]:
    """500 assets x 2,520 sessions, of which 50 are brought to their weight each day."""
    import numba

    length, count = (252, 100) if options.quick else (2520, 500)
    bars = market(length, count)
    strategy = numba.njit(rotate)
    name = f"{count} assets x {length:,} sessions, 50 rebalanced a day, jitted strategy"
    say(f"{name}: comparing")
    first = _seconds(lambda: run(bars, strategy, Rules(), cash=1e6))
    differing = same(run(bars, strategy, Rules(), cash=1e6), run(bars, rotate, Rules(), cash=1e6))
    say(name)
    seconds = timed(lambda: run(bars, strategy, Rules(), cash=1e6), options.repeat)
    work = length * count
    return [against(name, ASSET_BARS, work, "asset-bars", seconds, differing, first)]


def signals_job(options, say) -> dict:
    """The kernel of matrices of signals on one core, from arrays to order records."""
    import numba

    length = 100_000 if options.quick else 1_000_000
    name = f"from_signals, kernel alone, {length:,} x 1"
    say(f"{name}: comparing")
    close, entries, exits = (table.to_numpy() for table in prepare(length, 1))
    arrays = {matrix.CLOSE: close, matrix.ENTRIES: entries, matrix.EXITS: exits}
    costs = settings.read({"fees": COSTS["fees"], "slippage": COSTS["slippage"]}, length)
    pools = matrix.Pools(np.ones(1, np.int64), np.array([COSTS["init_cash"]]))

    def inputs() -> matrix.Inputs:
        return settings.inputs_of(close.shape, costs, np.empty(1), slice(0, length), arrays)

    # Another kernel, which visits every bar.
    visited, _ = trace_signals(inputs(), pools, np.zeros(close.shape, np.int64, order="F"))
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        cold = _seconds(lambda: simulate_signals(inputs(), pools))
        orders = simulate_signals(inputs(), pools)
        seconds = timed(lambda: simulate_signals(inputs(), pools), options.repeat)
    finally:
        numba.set_num_threads(before)
    differing = [field for field in orders.dtype.names if not _same(orders[field], visited[field])]
    return against(name, SIGNAL_BARS, length, "bars a core", seconds, differing, cold)


def against(name, target, work, unit, seconds, differing, first) -> dict:
    """A row of a job that has a target."""
    return {
        "job": name,
        "reference": "target",
        "reference_version": f"{target:,.0f} {unit}/s",
        "ours_s": seconds,
        "reference_s": work / target,
        "cold_s": float("nan") if first is None else first,
        "identical": not differing,
        "note": f"differs in {', '.join(differing)}"
        if differing
        else f"{work / seconds:,.0f} {unit}/s (target {target:,.0f})",
    }


def memory_job(options, say) -> list[dict]:
    """The peak of the rebalancing job in a process of its own, above what imports take."""
    say("memory")
    done = subprocess.run(
        [sys.executable, __file__, "memory", *(["--quick"] if options.quick else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the memory job ended with {done.returncode}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    allowed = MEMORY * found["bars_mb"]
    return [
        {
            "job": "the same, peak memory above the imports",
            "reference": "target",
            "reference_version": f"{MEMORY:g} x the bars",
            "ours_s": float("nan"),
            "reference_s": float("nan"),
            "ours_rss_mb": found["peak_mb"],
            "reference_rss_mb": allowed,
            "identical": found["same"],
            "note": f"{found['peak_mb'] / found['bars_mb']:.2f} x the bars (target {MEMORY:g})",
        }
    ]


def memory(quick: bool) -> dict:
    """Peak memory in MB of bars and run together, above imports and compiled code."""
    import resource

    import numba

    strategy = numba.njit(rotate)
    run(market(10, 60), strategy, Rules(), cash=1e6)  # what compiling takes is not the job's
    before = peak_mb()
    if sys.platform == "linux":
        # The peak of compiling would hide that of the job: Linux can begin a new one.
        Path("/proc/self/clear_refs").write_text("5")
        before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
        before /= 2**20
    bars = market(*((252, 100) if quick else (2520, 500)))
    result = run(bars, strategy, Rules(), cash=1e6)
    return {
        "bars_mb": bars.values.nbytes / 2**20,
        "peak_mb": peak_mb() - before,
        "same": len(result.fill_rows) > 0 and bool(np.isfinite(result.equity).all()),
    }


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def rival(name: str, folder: Path, say: Callable[[str], None]) -> tuple[Path, str]:
    """Interpreter and version of a rival, in an environment that is built when it is missing."""
    wanted = HERE / f"{name}.txt"
    version = next(
        line.partition("==")[2].strip()
        for line in wanted.read_text().splitlines()
        if line.startswith(f"{name}==")
    )
    environment = folder / name
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = environment / "fillproof-requirements.stamp"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python, version
    say(f"{name} {version}: building {environment}")
    if environment.exists():
        shutil.rmtree(environment)
    base = getattr(sys, "_base_executable", sys.executable)
    for command in (
        [base, "-m", "venv", str(environment)],
        [str(python), "-m", "pip", "install", "-q", "--no-input", "-r", str(wanted)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    stamp.write_text(digest)
    return python, version


if __name__ == "__main__":
    if sys.argv[1:2] != ["memory"]:
        sys.exit("python native.py memory [--quick]")
    print(json.dumps(memory("--quick" in sys.argv)))
