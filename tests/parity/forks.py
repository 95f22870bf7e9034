"""Scripts for `fillproof validate` in forks: what all of them import is imported once.

A script still has a process of its own, as if it had imported these modules first. Starting an
interpreter for each takes longer than most scripts do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_SERVER = Path(__file__).with_name("fork_server.py")
_COMMON = ("numpy", "pandas", "pyarrow.parquet")
# Not Numba: whether it is loaded decides how kernels run.
_OURS = (*_COMMON, "fillproof.compat.backtrader")


class Forks:
    """One process for each interpreter and file that is run, until `close`."""

    def __init__(self) -> None:
        self._servers: dict[tuple[str, str], subprocess.Popen] = {}

    def run(self, command: list[str], folder: Path) -> tuple[int, float]:
        """As `validate._run`, but for the time that a run took, which is NaN."""
        python, played, *arguments = command
        server = self._server(python, played)
        assert server.stdin
        assert server.stdout
        files = {name: str(folder / f"{name}.txt") for name in ("stdout", "stderr")}
        request = {"arguments": arguments, "folder": os.getcwd(), **files}
        print(json.dumps(request), file=server.stdin, flush=True)
        answer = server.stdout.readline()
        assert answer, f"{python} has ended with {server.wait()}"
        return int(answer), float("nan")

    def close(self) -> None:
        for server in self._servers.values():
            server.communicate(timeout=60)

    def _server(self, python: str, played: str) -> subprocess.Popen:
        if (python, played) not in self._servers:
            modules = _OURS if python == sys.executable else _COMMON
            self._servers[python, played] = subprocess.Popen(
                [python, _SERVER, played, *modules],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
        return self._servers[python, played]
