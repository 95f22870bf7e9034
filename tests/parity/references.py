"""Run one Python file on both sides: in a real framework's interpreter, and in ours.

The file is a script `FILE REQUEST ANSWER [--adapter]` that reads JSON and writes JSON. With
`--adapter` it calls `fillproof.compat.imports.install()` before it imports the framework.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
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


def adapter(file: str | Path, request):
    """The answer of fillproof's adapter."""
    return ask(sys.executable, file, request, "--adapter")


def both(name: str, file: str | Path, request):
    """(the real framework's answer, the adapter's), asked at the same time."""
    with ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(reference, name, file, request)
        ours = pool.submit(adapter, file, request)
        return theirs.result(), ours.result()
