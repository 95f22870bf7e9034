"""How a job is measured: first that both sides give the same result, then in turn, A B A B ….

Each side runs in an interpreter of its own. What is reported is the median; losses are printed
like wins.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fillproof.validation import references
from fillproof.validation.compare import same_numbers
from fillproof.validation.validate import RECORDER, validate

HERE = Path(__file__).parent
NAN = float("nan")


@dataclass
class Measured:
    """One row of `results.json`. Seconds, megabytes; NaN for what was not measured."""

    job: str
    reference: str
    reference_version: str
    ours_s: float
    reference_s: float
    ours_rss_mb: float = NAN
    reference_rss_mb: float = NAN
    cold_s: float = NAN
    identical: bool = False
    runs: int = 0
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.reference_s / self.ours_s if self.ours_s else NAN


@dataclass(frozen=True)
class Sample:
    """One run of a script: the whole process, the time inside the entry point (the first time,
    and when the script runs again in the same process), peak memory."""

    process_s: float
    inside_s: float
    again_s: float
    rss_mb: float


def script_job(
    name: str,
    framework: str,
    script: Path,
    arguments: list[str],
    *,
    inside: bool,
    repeat: int,
    say: Callable[[str], None],
) -> list[Measured]:
    """Time a script on both sides.

    Without `inside` the whole process, with no stopwatch. With it there are three rows: inside the
    framework's entry point, with a stopwatch and nothing else round it, in a new process; the same
    of a second run of the script in that process, when all is imported and loaded; and the whole
    process of one run.
    """
    command = [str(script), *arguments]
    say(f"{name}: comparing")
    compared = validate(script, arguments, timing="none")
    note = "" if compared.verdict == "identical" else (compared.reason or "diverges")
    version = references.version(framework)
    samples: dict[str, list[Sample]] = {"reference": [], "ours": []}
    cold = Sample(NAN, NAN, NAN, NAN)
    if compared.verdict != "could not run":
        with tempfile.TemporaryDirectory(prefix="fillproof-bench-") as folder:
            for turn in range(repeat):
                for side in samples:
                    say(f"{name}: {side}, {turn + 1} of {repeat}")
                    samples[side].append(sample(framework, side, command, inside, folder))
            say(f"{name}: cold")
            empty = {"NUMBA_CACHE_DIR": str(Path(folder) / "empty-cache")}
            cold = sample(framework, "ours", command, False, folder, empty)

    def median(side: str, what: str) -> float:
        values = [getattr(sample, what) for sample in samples[side]]
        return statistics.median(values) if values else NAN

    measured = []
    for what, label in (
        ("inside_s", "inside the run"),
        ("again_s", "inside a second run"),
        ("process_s", "whole process"),
    ):
        if what != "process_s" and not inside:
            continue
        measured.append(
            Measured(
                f"{name}, {label}",
                framework,
                version,
                median("ours", what),
                median("reference", what),
                median("ours", "rss_mb"),
                median("reference", "rss_mb"),
                getattr(cold, what),
                compared.verdict == "identical",
                repeat,
                note,
            )
        )
    return measured


def ingest_job(
    name: str, script: Path, assets: int, sessions: int, *, repeat: int, say: Callable[[str], None]
) -> Measured:
    """Time the ingestion of a bundle on both sides, without what makes its frames.

    What the readers give back must be the same to the last bit.
    """
    commands = {
        "reference": [str(references.python("zipline"))],
        "ours": [sys.executable, "-m", "fillproof.cli", "run"],
    }
    seconds: dict[str, list[float]] = {side: [] for side in commands}
    peaks: dict[str, list[float]] = {side: [] for side in commands}
    digests = set()
    with tempfile.TemporaryDirectory(prefix="fillproof-bench-") as folder:
        result = Path(folder) / "result.json"
        for turn in range(repeat):
            for side, start in commands.items():
                say(f"{name}: {side}, {turn + 1} of {repeat}")
                command = [*start, str(script), str(assets), str(sessions), str(result)]
                peaks[side].append(run_process(command)[1])
                told = json.loads(result.read_text())
                seconds[side].append(told["seconds"])
                digests.add(told["digest"])
    same = len(digests) == 1
    return Measured(
        name,
        "zipline",
        references.version("zipline"),
        statistics.median(seconds["ours"]),
        statistics.median(seconds["reference"]),
        statistics.median(peaks["ours"]),
        statistics.median(peaks["reference"]),
        NAN,
        same,
        repeat,
        "" if same else "what was stored differs",
    )


def sample(
    framework: str,
    side: str,
    command: list[str],
    inside: bool,
    folder: str,
    environment: dict[str, str] | None = None,
) -> Sample:
    """The whole process of a script and its arguments; with `inside` another one with the
    stopwatch, which runs the script twice."""
    real = str(references.python(framework))
    plain = [real] if side == "reference" else [sys.executable, "-m", "fillproof.cli", "run"]
    seconds, peak = run_process([*plain, *command], environment)
    if not inside:
        return Sample(seconds, NAN, NAN, peak)
    start = [real] if side == "reference" else [sys.executable]
    options = ["--light", "--again", *([] if side == "reference" else ["--adapters"])]
    run_process([*start, str(RECORDER), *options, "--out", folder, "--", *command], environment)
    times = json.loads((Path(folder) / "trace.json").read_text())
    return Sample(seconds, times["inside_s"], times["again_s"], peak)


def run_process(
    command: list[str], environment: dict[str, str] | None = None
) -> tuple[float, float]:
    """Run a command to its end: seconds and megabytes at the peak (of its largest process). Raises
    RuntimeError with its last words when it fails."""
    # Not every system tells the peak of a child.
    measuring = hasattr(os, "wait4") and hasattr(os, "posix_spawn")
    with tempfile.TemporaryDirectory(prefix="fillproof-bench-") as folder:
        result = Path(folder) / "measured.json"
        small = [sys.executable, "-I", "-S", str(HERE / "measured.py"), str(result)]
        started = time.perf_counter()
        done = subprocess.run(
            [*(small if measuring else ()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(environment),
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            words = done.stderr.decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{words}")
        if not measuring:
            return seconds, NAN
        measured = json.loads(result.read_text())
        return measured["seconds"], measured["peak_mb"]


def _environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of what is timed, on both sides."""
    environment = {**os.environ, **(more or {})}
    # Where it is set, every process compiles all modules anew: nobody runs scripts so, and the
    # figures would be those of Python's compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class Worker:
    """One side of an array job in a process of its own; see worker.py."""

    def __init__(self, python: str, file: Path, side: str, rows: int, columns: int, result: Path):
        self.result = result
        self.process = subprocess.Popen(
            [
                python,
                str(HERE / "worker.py"),
                str(file),
                side,
                str(rows),
                str(columns),
                str(result),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            text=True,
        )

    def ask(self, command: str) -> dict:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"A benchmark worker ended with status {self.process.wait()}.")
        return json.loads(line)

    def end(self) -> float:
        peak = self.ask("end")["peak_rss_mb"]
        self.process.wait()
        return peak


def array_job(
    file: Path,
    framework: str,
    job: dict,
    engine: str,
    *,
    repeat: int,
    say: Callable[[str], None],
    other: tuple[Path, str] | None = None,
    cold: bool = True,
) -> Measured | None:
    """Time a function on arrays on both sides; None when the reference lacks the engine.

    other: interpreter and version of the other side, when it is none of the references. cold:
    whether to compile everything anew as well.
    """
    python, version = other or (references.python(framework), references.version(framework))
    name = f"{job['name']} ({engine})"
    with tempfile.TemporaryDirectory(prefix="fillproof-bench-") as folder:
        say(f"{name}: comparing")
        size = (job["rows"], job["columns"])
        sides = {
            "reference": (str(python), engine),
            "ours": (sys.executable, "ours"),
        }
        workers = {
            side: Worker(interpreter, file, which, *size, Path(folder) / f"{side}.npz")
            for side, (interpreter, which) in sides.items()
        }
        first = {side: worker.ask("save") for side, worker in workers.items()}
        if "absent" in first["reference"]:
            workers["ours"].end()
            workers["reference"].process.wait()
            return None
        differing = differing_results(workers["reference"].result, workers["ours"].result)
        for worker in workers.values():
            worker.ask("time")  # warm
        seconds: dict[str, list[float]] = {"reference": [], "ours": []}
        for turn in range(repeat):
            for side, worker in workers.items():
                say(f"{name}: {side}, {turn + 1} of {repeat}")
                seconds[side].append(worker.ask("time")["seconds"])
        peaks = {side: worker.end() for side, worker in workers.items()}
        cold_s = _cold_array(file, size, Path(folder)) if cold else NAN
    return Measured(
        name,
        framework,
        version,
        statistics.median(seconds["ours"]),
        statistics.median(seconds["reference"]),
        peaks["ours"],
        peaks["reference"],
        cold_s,
        not differing,
        repeat,
        f"differs in {', '.join(differing)}" if differing else "",
    )


def _cold_array(file: Path, size: tuple[int, int], folder: Path) -> float:
    """The first call in a new process with an empty compile cache."""
    before = os.environ.get("NUMBA_CACHE_DIR")
    os.environ["NUMBA_CACHE_DIR"] = str(folder / "empty-cache")
    try:
        worker = Worker(sys.executable, file, "ours", *size, folder / "cold.npz")
        seconds = worker.ask("save")["seconds"]
        worker.end()
    finally:
        del os.environ["NUMBA_CACHE_DIR"]
        if before is not None:
            os.environ["NUMBA_CACHE_DIR"] = before
    return seconds


def differing_results(theirs: Path, ours: Path) -> list[str]:
    """The names of the arrays that differ: whole numbers exactly, others within 1e-9 relative."""
    with np.load(theirs) as left, np.load(ours) as right:
        names = sorted(set(left.files) | set(right.files))
        return [
            name
            for name in names
            if name not in left.files
            or name not in right.files
            or left[name].shape != right[name].shape
            or not _same(left[name], right[name])
        ]


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    if left.dtype.kind == "f" or right.dtype.kind == "f":
        return bool(same_numbers(left.astype(float), right.astype(float)).all())
    return bool((left == right).all())


def load_jobs(file: Path) -> list[dict]:
    """The list `JOBS` of a file of array benchmarks."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.JOBS
