"""Which files a script writes, kept as they stand when it ends. Standard library only.

Seen through the interpreter's audit events: what compiled code opens by itself (Parquet, HDF5) is
not among them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

_LARGEST = 64 * 2**20


class Files:
    """From `watch` on, the paths that are opened for writing."""

    def __init__(self) -> None:
        self._paths: dict[str, None] = {}
        self._watching = False

    def watch(self) -> None:
        self._watching = True
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if not self._watching or event != "open":
            return
        path, _, flags = arguments
        if isinstance(path, str | bytes) and (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            self._paths[os.path.abspath(os.fsdecode(path))] = None

    def keep(self, out: str) -> list[dict]:
        """Copy the files into `out`/files; one entry each: its name, and that of the copy.

        Names are relative to the current folder where the file lies in it. Left out are files that
        are gone, those of caches, and those of the system's temporary folder, whose names are
        chance, unless it holds the current folder. A file that is too large has no copy.
        """
        self._watching = False
        here = os.getcwd()
        home = os.path.expanduser("~")
        elsewhere = [sys.prefix, tempfile.gettempdir(), out]
        elsewhere += [os.path.join(home, name) for name in (".cache", ".config", ".local")]
        entries = []
        for path in self._paths:
            if not os.path.isfile(path) or "__pycache__" in path:
                continue
            inside = _within(path, here) and not _within(path, out)
            if not inside and any(_within(path, folder) for folder in elsewhere):
                continue
            entry = {"name": os.path.relpath(path, here) if inside else path, "copy": ""}
            if os.path.getsize(path) <= _LARGEST:
                os.makedirs(os.path.join(out, "files"), exist_ok=True)
                entry["copy"] = os.path.join("files", str(len(entries)))
                shutil.copyfile(path, os.path.join(out, entry["copy"]))
            entries.append(entry)
        return sorted(entries, key=lambda entry: entry["name"])


def _within(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(os.path.abspath(folder), ""))
