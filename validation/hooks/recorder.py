"""Run a script and record what it traded, without editing it.

    python recorder.py --out FOLDER [--adapters] [--light] [--cut all|NS] -- SCRIPT [args…]

Started by the interpreter of a real framework, or by fillproof's own with `--adapters`, which
resolves the frameworks to fillproof's adapters first. Either way the same hooks are laid on the
framework's public entry points as soon as the script imports it. `--light` lays a stopwatch round
the entry point and records nothing else. `--cut` is for look-ahead checks: the data end at a time
(ns UTC), and indicators are recorded; see `cut.py`.

Writes `trace.json` and one Parquet file per table into FOLDER. Ends with the script's own status.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMEWORKS = ("backtrader", "zipline", "vectorbt")


def _load(name: str):
    """A file beside this one, by path: its folder must not be on the script's `sys.path`."""
    full = f"_fillproof_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, os.path.join(HERE, f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


class HookFinder:
    """Calls `lay(module)` right after a framework's top package was imported."""

    def __init__(self, lay: dict) -> None:
        self.lay = lay
        self.busy = False

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.lay or self.busy:
            return None
        self.busy = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self.busy = False
        if spec is None:
            return None
        loader: Any = _HookLoader(spec.loader, self.lay[fullname])
        spec.loader = loader
        return spec


class _HookLoader:
    def __init__(self, loader, lay) -> None:
        self.loader = loader
        self.lay = lay

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module) -> None:
        self.loader.exec_module(module)
        self.lay(module)


class Recording:
    """What the hooks write to: the tables, the runs, and the time spent inside the framework."""

    def __init__(self, light: bool) -> None:
        self.light = light
        tables = _load("tables")
        self.tables = {name: tables.Columns(layout) for name, layout in tables.TABLES.items()}
        self.prices = tables.Columns(tables.PRICES)
        self.lines = tables.Columns(tables.LINES)
        self.cut: Any = None
        self.runs: list[dict] = []
        self.inside_s = 0.0
        self.again_s: float | None = None  # the same of a second run in this process
        self.depth = 0
        self.collectors: list = []  # called when the script has ended
        self.accounts: list[tuple[float, float]] = []  # cash, equity at the end of each run
        self.files = _load("files").Files()  # that the script writes

    def timed(self, function):
        """`function` with its time added to `inside_s`; calls inside a call count once."""

        def timed(*args, **kwargs):
            self.depth += 1
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.depth -= 1
                if not self.depth:
                    self.inside_s += time.perf_counter() - started

        return timed

    def new_run(self, framework: str, name: str) -> int:
        self.runs.append({"framework": framework, "name": name, "bars": 0})
        return len(self.runs) - 1


def main(arguments: list[str]) -> int:
    out, adapters, light, again, cut = ".", False, False, False, ""
    while arguments and arguments[0] != "--":
        option = arguments.pop(0)
        if option == "--out":
            out = arguments.pop(0)
        elif option == "--adapters":
            adapters = True
        elif option == "--light":
            light = True
        elif option == "--again":
            again = True
        elif option == "--cut":
            cut = arguments.pop(0)
        else:
            print(f"recorder: unknown option {option}", file=sys.stderr)
            return 2
    script, script_arguments = arguments[1], arguments[2:]
    started = time.perf_counter()
    if adapters:
        importlib.import_module("fillproof.compat.imports").install()
    recording = Recording(light)
    hooks: dict[str, Any] = {
        name: (lambda module, name=name: _load(f"record_{name}").lay(module, recording))
        for name in FRAMEWORKS
    }
    if cut:
        recording.cut = _load("cut").Cut(None if cut == "all" else int(cut), recording)
        for name, lay in recording.cut.hooks().items():
            hooks[name] = _both(lay, hooks[name]) if name in hooks else lay
    sys.meta_path.insert(0, HookFinder(hooks))

    errors: list[BaseException] = []
    leave: SystemExit | None = None
    folder = os.path.abspath(out)
    if not light:
        recording.files.watch()
    try:
        status = _load("execute").execute(script, script_arguments, errors.append)
        if again and not status:
            # What a run costs where everything is imported and loaded: in a notebook, a search.
            first_s, recording.inside_s = recording.inside_s, 0.0
            status = _load("execute").execute(script, script_arguments, errors.append)
            recording.again_s, recording.inside_s = recording.inside_s, first_s
    except SystemExit as wanted:
        leave = wanted
        status = wanted.code if isinstance(wanted.code, int) else int(wanted.code is not None)
    sys.stdout.flush()
    ended = time.perf_counter()
    try:
        for collect in recording.collectors:
            collect()
        _write(folder, recording, status, errors, ended - started)
    except Exception as error:
        import traceback

        traceback.print_exc()
        with open(os.path.join(folder, "recorder-failed.txt"), "w") as opened:
            opened.write(f"{type(error).__name__}: {error}")
    if leave is not None:
        raise leave
    return status


def _both(first, second):
    def lay(module) -> None:
        first(module)
        second(module)

    return lay


def _write(out: str, recording: Recording, status: int, errors: list, script_s: float) -> None:
    import platform
    import resource

    error = None
    if errors:
        first = errors[0]
        trace = first.__traceback__
        lines = []
        while trace is not None:
            lines.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        error = {
            "type": type(first).__name__,
            "text": str(first),
            "where": lines[:1],
            # The adapters' error for what they lack; a cause in a chain counts as well.
            "unsupported": any(
                type(e).__name__ == "UnsupportedFeature"
                for e in (first, first.__cause__, first.__context__)
            ),
            "import": isinstance(first, ImportError),
        }
    if not recording.light:
        import pyarrow.parquet as pq

        for name, columns in [*recording.tables.items(), ("prices", recording.prices)]:
            pq.write_table(columns.table(), os.path.join(out, f"{name}.parquet"))
    if recording.cut is not None:
        import pyarrow.parquet as pq

        pq.write_table(recording.lines.table(), os.path.join(out, "lines.parquet"))
    with open(os.path.join(out, "trace.json"), "w") as opened:
        json.dump(
            {
                "status": status,
                "error": error,
                "runs": recording.runs,
                "accounts": recording.accounts,
                "cut": recording.cut
                and {"count": recording.cut.count, "resampled": recording.cut.resampled},
                "files": recording.files.keep(out),
                "inside_s": recording.inside_s,
                "again_s": recording.again_s,
                "script_s": script_s,
                # ru_maxrss is in KiB on Linux and in bytes on macOS.
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                / (1024 * 1024 if sys.platform == "darwin" else 1024),
                "python": platform.python_version(),
                "versions": _versions(),
            },
            opened,
            indent=1,
        )


def _versions() -> dict[str, str]:
    from importlib import metadata

    found = {}
    for name in (
        "backtrader",
        "zipline-reloaded",
        "vectorbt",
        "vectorbt-rust",
        "fillproof",
        "numpy",
        "pandas",
        "numba",
    ):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
