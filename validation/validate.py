"""Run one script on the real framework and on fillproof, and compare what they did.

Each side runs in a process of its own: first with the recorder, then, for the times that are
reported, once more without any hook. The two sides take turns, so that a script that writes
files, or reads what it wrote, finds the folder as it left it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from . import references
from .compare import Comparison, compare, compare_text
from .trace import Trace, TraceError, load

Verdict = Literal["identical", "divergent", "could not run"]
STATUS: dict[Verdict, int] = {"identical": 0, "divergent": 1, "could not run": 2}
RECORDER = Path(__file__).with_name("hooks") / "recorder.py"


@dataclass
class Validation:
    """What `validate` found. `reason` says why a script could not run, in words for its user.

    Times are in seconds, NaN when not measured: `theirs_s` and `ours_s` for the whole process
    without hooks, `theirs_inside_s` and `ours_inside_s` inside the framework's entry point, with
    nothing but a stopwatch round it.
    """

    script: str
    arguments: list[str]
    framework: str
    verdict: Verdict
    reason: str = ""
    comparison: Comparison | None = None
    theirs: Trace | None = None
    ours: Trace | None = None
    theirs_s: float = float("nan")
    ours_s: float = float("nan")
    theirs_inside_s: float = float("nan")
    ours_inside_s: float = float("nan")
    notes: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The exit status: 0 identical, 1 divergent, 2 could not run."""
        return STATUS[self.verdict]

    @property
    def ratio(self) -> float:
        """How many times faster the whole process is here than there."""
        return self.theirs_s / self.ours_s


def detect(script: Path) -> list[str]:
    """The frameworks that a script imports, itself or through files beside it, in that order.

    Raises OSError or SyntaxError when the script cannot be read.
    """
    found: dict[str, None] = {}
    seen: set[Path] = set()

    def visit(file: Path) -> None:
        seen.add(file)
        for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                top = name.partition(".")[0]
                beside = script.parent / f"{top}.py"
                if top in references.NAMES:
                    found[top] = None
                elif beside.exists() and beside not in seen:
                    visit(beside)

    visit(script)
    return list(found)


def validate(
    script: str | Path,
    arguments: list[str] | None = None,
    *,
    timing: Literal["none", "process", "inside"] = "process",
    progress: Callable[[str], None] = lambda text: None,
) -> Validation:
    """Run `script` on both sides and compare; see `Validation`.

    `timing` chooses what is measured after the comparison: nothing, the whole process without
    hooks, or also the time inside the framework's entry point. `progress` gets a line at each
    step. Nothing is raised for a script that fails: the verdict says so.
    """
    script, arguments = str(script), list(arguments or [])
    try:
        candidates = detect(Path(script))
    except OSError as error:
        return _could_not(script, arguments, "", f"{script} cannot be read: {error.strerror}.")
    except SyntaxError as error:
        return _could_not(script, arguments, "", f"{script} is not Python: {error}.")
    if not candidates:
        names = ", ".join(references.NAMES)
        return _could_not(script, arguments, "", f"{script} imports none of {names}.")
    with tempfile.TemporaryDirectory(prefix="fillproof-") as folder:
        results = []
        for framework in candidates:
            side = _Sides(script, arguments, framework, Path(folder), progress)
            results.append(side.compare(timing))
            if results[-1].verdict != "could not run":
                return results[-1]
        return results[0]


def _could_not(script: str, arguments: list[str], framework: str, reason: str) -> Validation:
    return Validation(script, arguments, framework, "could not run", reason)


@dataclass
class _Sides:
    script: str
    arguments: list[str]
    framework: str
    folder: Path
    progress: Callable[[str], None]

    def compare(self, timing: str) -> Validation:
        name = self.framework
        try:
            real = str(references.python(name))
        except references.ReferenceMissing as missing:
            return self.could_not(str(missing))
        self.progress(f"running on the real {name}")
        theirs = self.record("theirs", real)
        if isinstance(theirs, str):
            return self.could_not(f"On the real {name}: {theirs}")
        if theirs.error:
            where = _words(theirs.error)
            return self.could_not(f"The script fails on the real {name} itself: {where}", theirs)
        if name not in theirs.frameworks:
            return self.could_not(f"The script imports {name}, but runs nothing on it.", theirs)
        self.progress("running on fillproof")
        ours = self.record("ours", sys.executable, "--adapters")
        if isinstance(ours, str):
            return self.could_not(f"On fillproof: {ours}", theirs)
        if ours.error and (ours.error["unsupported"] or ours.error["import"]):
            return self.could_not(f"On fillproof: {_words(ours.error)}", theirs, ours)
        self.progress("comparing")
        comparison = compare(theirs, ours)
        verdict = "identical" if comparison.identical else "divergent"
        result = Validation(
            self.script, self.arguments, name, verdict, "", comparison, theirs, ours
        )
        if not comparison.traded:
            result.notes.append("The script placed no order on either side.")
        if timing != "none":
            self.progress("timing both sides without hooks")
            self.time(result, real, inside=timing == "inside")
        return result

    def could_not(
        self, reason: str, theirs: Trace | None = None, ours: Trace | None = None
    ) -> Validation:
        result = _could_not(self.script, self.arguments, self.framework, reason)
        result.theirs, result.ours = theirs, ours
        return result

    def record(self, side: str, python: str, *options: str) -> Trace | str:
        """The trace of one side, or in words why there is none."""
        folder = self.folder / f"{self.framework}-{side}"
        folder.mkdir()
        command = [python, str(RECORDER), *options, "--out", str(folder)]
        status, _ = _run([*command, "--", self.script, *self.arguments], folder)
        try:
            return load(folder)
        except (TraceError, OSError) as error:
            tail = (folder / "stderr.txt").read_text(errors="replace").splitlines()[-8:]
            return "\n".join([f"{error} (exit status {status})", *tail])

    def time(self, result: Validation, real: str, inside: bool) -> None:
        """Time both sides; note when a run without hooks did something else than with them."""
        here = [sys.executable, "-m", "fillproof.cli", "run"]
        sides = {"theirs": ([real], result.theirs), "ours": (here, result.ours)}
        for side, (command, recorded) in sides.items():
            folder = self.folder / f"{self.framework}-{side}-plain"
            folder.mkdir()
            status, seconds = _run([*command, self.script, *self.arguments], folder)
            setattr(result, f"{side}_s", seconds)
            assert recorded is not None
            printed = (folder / "stdout.txt").read_text(errors="replace")
            if status != recorded.status or compare_text(recorded.stdout, printed)[0]:
                where = f"the real {self.framework}" if side == "theirs" else "fillproof"
                result.notes.append(
                    f"On {where} the script does not print the same, or does not end with the "
                    "same status, when it runs again without the recorder."
                )
        if not inside:
            return
        for side, python, options in (
            ("theirs", real, ()),
            ("ours", sys.executable, ("--adapters",)),
        ):
            folder = self.folder / f"{self.framework}-{side}-light"
            folder.mkdir()
            command = [python, str(RECORDER), "--light", *options, "--out", str(folder), "--"]
            _run([*command, self.script, *self.arguments], folder)
            setattr(result, f"{side}_inside_s", inside_seconds(folder))


def inside_seconds(folder: Path) -> float:
    """Seconds inside the framework's entry point, from a trace; NaN when there is none."""
    import json

    try:
        return float(json.loads((folder / "trace.json").read_text())["inside_s"])
    except OSError:
        return float("nan")


def _run(command: list[str], folder: Path) -> tuple[int, float]:
    """Run a command with its output in `folder`: the exit status and the seconds it took."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    # What a script prints must not depend on the terminal that validate runs in.
    kept.setdefault("PYTHONIOENCODING", "utf-8")
    with open(folder / "stdout.txt", "wb") as out, open(folder / "stderr.txt", "wb") as err:
        started = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=kept)
        return done.returncode, time.perf_counter() - started


def _words(error: dict) -> str:
    where = f" ({error['where'][0]})" if error["where"] else ""
    return f"{error['type']}: {error['text']}{where}"
