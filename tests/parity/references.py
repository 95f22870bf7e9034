"""Run one Python file on both sides: in a real framework's interpreter, and in ours.

The file is a script `FILE REQUEST ANSWER [--adapter]` that reads JSON and writes JSON. With
`--adapter` it calls `fillproof.compat.imports.install()` before it imports the framework.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fillproof.validation import references


def environment(interpreter: str | Path) -> dict[str, str]:
    """The environment variables for a process of an interpreter."""
    kept = dict(os.environ)
    if str(interpreter) != sys.executable:
        # What is on our own path is not for the real framework's interpreter. Nor is our cache of
        # kernels: its own stay where it is installed, also when ours is emptied.
        for name in ("PYTHONPATH", "NUMBA_CACHE_DIR"):
            kept.pop(name, None)
    return kept


def ask(interpreter: str | Path, file: str | Path, request, *arguments: str, timeout: float = 900):
    """The answer of `file`, run by `interpreter`, to `request`; AssertionError when it failed."""
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        question.write_text(json.dumps(request))
        # Nothing of the user's settings, nothing left behind.
        own = {"ZIPLINE_ROOT": str(Path(folder, "zipline"))}
        done = subprocess.run(
            [str(interpreter), str(file), str(question), str(answer), *arguments],
            capture_output=True,
            text=True,
            env=environment(interpreter) | own,
            cwd=folder,
            timeout=timeout,
        )
        assert done.returncode == 0, f"{interpreter} {file}:\n{(done.stdout + done.stderr)[-6000:]}"
        return json.loads(answer.read_text())


def reference(name: str, file: str | Path, request):
    """The answer of the real framework `name`."""
    return ask(references.python(name), file, request)


def vectorbt(file: str | Path, request, folder: Path, compiled: bool = True):
    """The answer of the real VectorBT to `request`: `PYTHON FILE REQUEST ANSWER`, both pickled.

    compiled: with its compiler, else all of its functions as plain Python. They compile for longer
    than they run, so the compiler optimises nothing: arithmetic is strict at each level, and the
    answers have the same bits. Machine code is cached apart from what benchmarks use.
    """
    python = references.python("vectorbt")
    own = {"NUMBA_OPT": "0", "NUMBA_CACHE_DIR": str(python.parents[1] / "unoptimised")}
    own["NUMBA_DISABLE_JIT"] = "0" if compiled else "1"
    given, got = folder / "request.pickle", folder / "answer.pickle"
    given.write_bytes(pickle.dumps(request))
    subprocess.run(
        [python, "-W", "ignore", file, given, got],
        check=True,
        cwd=folder,
        env=environment(python) | own,
    )
    return pickle.loads(got.read_bytes())


def settled(file: str | Path, request: dict, ours: dict, differences: Callable, folder: Path):
    """What the real VectorBT answers to the `request` that has got the answers `ours` from us.

    Answers are by seed and by what is asked. `file` answers to the questions in `request["only"]`
    alone, which are by seed too, if there are any.

    Its functions run as plain Python, as compiling them takes most of the time. Where our answer is
    another one, it is asked again, and what it says compiled counts: always, where `wide`.
    """
    answers = vectorbt(file, request, folder, compiled=request["wide"])
    only = {
        seed: [text for text in known if differences(answers[seed].get(text), known[text])]
        for seed, known in ours.items()
    }
    only = {seed: texts for seed, texts in only.items() if texts}
    if only and not request["wide"]:
        for seed, again in vectorbt(file, request | {"only": only}, folder).items():
            answers[seed] |= again
    return answers


def adapter(file: str | Path, request):
    """The answer of fillproof's adapter."""
    return ask(sys.executable, file, request, "--adapter")


def both(name: str, file: str | Path, request):
    """(the real framework's answer, the adapter's), asked at the same time."""
    with ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(reference, name, file, request)
        ours = pool.submit(adapter, file, request)
        return theirs.result(), ours.result()
