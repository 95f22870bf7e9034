"""Output that is flushed at once, and output that is dropped."""

from __future__ import annotations

import sys
from typing import Any


class flushfile:
    """A file that flushes after each write."""

    def __init__(self, f: Any) -> None:
        self.f = f

    def write(self, x: str) -> None:
        self.f.write(x)
        self.f.flush()

    def flush(self) -> None:
        self.f.flush()


if sys.platform == "win32":
    sys.stdout = flushfile(sys.stdout)
    sys.stderr = flushfile(sys.stderr)


class StdOutDevNull:
    """Takes the place of stdout and drops what is written, until `stop()`."""

    def __init__(self) -> None:
        self.stdout = sys.stdout
        sys.stdout = self

    def write(self, x: str) -> None:
        pass

    def flush(self) -> None:
        pass

    def stop(self) -> None:
        sys.stdout = self.stdout
