"""A script, a notebook or a folder of them: what it uses, what wants a human, and its new text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper

from . import states
from .imports import rewritten
from .names import Use, uses
from .notebooks import Notebook
from .notes import Note, notes
from .states import State, state_of

#: Folders that hold no scripts of their own.
_SKIPPED = {".git", ".venv", "venv", "__pycache__", ".ipynb_checkpoints", "node_modules"}
_KINDS = (".py", ".ipynb")


class PortError(ValueError):
    """A file that cannot be read as Python; the message says where and what to do."""


@dataclass(frozen=True)
class Place:
    """Where in a file. cell: of a notebook, from 1; None in a script."""

    line: int
    column: int
    cell: int | None = None

    def __str__(self) -> str:
        cell = "" if self.cell is None else f"cell {self.cell}, "
        return f"{cell}line {self.line}"


@dataclass(frozen=True)
class Assessment:
    """What a file uses of the frameworks.

    names: each use with its place and state. notes: what wants a human. text: the file with new
    imports.
    """

    path: Path
    names: list[tuple[Place, Use, State]] = field(repr=False)
    notes: list[tuple[Place, str]]
    text: str = field(repr=False)

    @property
    def frameworks(self) -> list[str]:
        return sorted({use.framework for _, use, _ in self.names})

    @property
    def counts(self) -> Counter[str]:
        """How many different names are in each state."""
        worst = {}
        for _, use, state in self.names:
            if worst.get(use.name, "supported") == "supported":
                worst[use.name] = state.word
        return Counter(worst.values())

    @property
    def ready(self) -> bool:
        """Whether every name is supported as it is used."""
        return set(self.counts) <= {"supported"}

    def as_json(self) -> dict[str, Any]:
        """Plain data: the same that the text shows, every use by itself."""

        def where(place: Place) -> dict[str, int]:
            cell = {} if place.cell is None else {"cell": place.cell}
            return {**cell, "line": place.line, "column": place.column}

        return {
            "file": str(self.path),
            "frameworks": self.frameworks,
            "counts": dict(self.counts),
            "names": [
                {
                    **where(place),
                    "name": use.name,
                    "arguments": list(use.arguments),
                    "state": state.word,
                    "remark": state.remark,
                }
                for place, use, state in self.names
            ],
            "notes": [{**where(place), "text": text} for place, text in self.notes],
        }


def files(path: Path) -> Iterator[Path]:
    """The scripts and notebooks of a folder, or the file itself.

    Raises PortError when there is nothing by that name, or nothing in it.
    """
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise PortError(f"cannot open {str(path)!r}: there is no such file or folder.")
    found = [
        one
        for one in sorted(path.rglob("*"))
        if one.suffix in _KINDS
        and one.is_file()
        and not _SKIPPED & set(one.relative_to(path).parts)
    ]
    if not found:
        raise PortError(f"{path}: there is no script (.py) and no notebook (.ipynb) in it.")
    yield from found


def assess(path: Path) -> Assessment:
    """Read one script or notebook. Raises PortError when it cannot be read as Python."""
    raw = path.read_bytes()
    if path.suffix != ".ipynb":
        module = _parsed(raw, lambda line: f"{path}, line {line}")
        return _assessment(path, module, lambda one: Place(one.line, one.column))
    try:
        notebook = Notebook.parsed(raw.decode("utf-8"))
    except ValueError as error:
        raise PortError(f"{path} is no notebook: {error}.") from None

    def in_notebook(one: Use | Note) -> Place:
        cell, line = notebook.place(one.line)
        return Place(line, one.column, cell)

    def where(line: int) -> str:
        cell, line = notebook.place(line)
        return f"{path}, cell {cell}, line {line}"

    found = _assessment(path, _parsed(notebook.module(), where), in_notebook)
    for cell, line, text in notebook.magics():
        word, _, rest = text.partition(" ")
        if word == "%%zipline" or rest.strip() in ("zipline", "vectorbt", "backtrader"):
            advice = "a command of the real framework: call run_algorithm in the cell instead"
            found.notes.append((Place(line, 1, cell), f"{text}: {advice}"))
    return replace(found, text=notebook.with_module(found.text))


def _parsed(source: bytes | str, where: Callable[[int], str]) -> cst.Module:
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        raise PortError(
            f"{where(error.raw_line)}: this is not Python 3: {error.message.splitlines()[0]} "
            "Scripts for Python 2 go through `2to3` or `futurize` first."
        ) from None
    except UnicodeDecodeError as error:
        raise PortError(f"{where(1)}: not UTF-8, and no coding line says what it is.") from error


def _assessment(path: Path, module: cst.Module, place: Callable[[Any], Place]) -> Assessment:
    wrapper = MetadataWrapper(module)
    found = uses(wrapper, states.makes, states.has, states.public)
    return Assessment(
        path,
        [(place(use), use, state_of(use)) for use in found],
        [(place(note), note.text) for note in notes(wrapper)],
        rewritten(module).code,
    )
