"""Notebooks as one module: code cells one after the other, and back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_BETWEEN = "# ---- the next cell ----"
#: Lines for IPython, not for Python: kept as comments behind a `pass` while the text is parsed.
_MAGIC = re.compile(r"^(?P<indent>[ \t]*)(?P<text>[%!].*|\?.*|[\w.]+\?{1,2})$", re.MULTILINE)
_HIDDEN = re.compile(r"^(?P<indent>[ \t]*)pass  #magic (?P<text>.*)$", re.MULTILINE)
#: Cell magics whose cell is still Python.
_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun")


@dataclass
class Notebook:
    """A notebook, and its cells of Python by their place among all cells, from 1."""

    content: dict[str, Any]
    cells: list[int]
    indent: int

    @classmethod
    def parsed(cls, text: str) -> Notebook:
        """Raises ValueError when the text is no notebook."""
        content = json.loads(text)
        if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
            raise ValueError("it has no list of cells")
        cells = [
            number
            for number, cell in enumerate(content["cells"], 1)
            if cell.get("cell_type") == "code" and _is_python(_source(cell))
        ]
        found = re.match(r"\{\n( *)", text)
        return cls(content, cells, len(found[1]) if found else 1)

    def module(self) -> str:
        """The code of all cells."""
        return "".join(f"{_hidden(self._source(n))}\n{_BETWEEN}\n" for n in self.cells)

    def place(self, line: int) -> tuple[int, int]:
        """(cell, line in it) of a line of `module`."""
        before = 0
        for number in self.cells:
            length = self._source(number).count("\n") + 2
            if line <= before + length:
                return number, line - before
            before += length
        return self.cells[-1] if self.cells else 0, line - before

    def with_module(self, module: str) -> str:
        """The notebook's text with the cells that a changed `module` holds."""
        texts = module.split(f"\n{_BETWEEN}\n")
        for number, text in zip(self.cells, texts, strict=False):
            cell, text = self.content["cells"][number - 1], _shown(text)
            if text != _source(cell):
                lines = text.splitlines(keepends=True)
                cell["source"] = lines if isinstance(cell["source"], list) else text
        return json.dumps(self.content, indent=self.indent, ensure_ascii=False) + "\n"

    def magics(self) -> list[tuple[int, int, str]]:
        """(cell, line, text) of every line for IPython."""
        found = []
        for number, cell in enumerate(self.content["cells"], 1):
            if cell.get("cell_type") != "code":
                continue
            source = _source(cell)
            found += [
                (number, source[: match.start()].count("\n") + 1, match["text"])
                for match in _MAGIC.finditer(source)
            ]
        return found

    def _source(self, number: int) -> str:
        return _source(self.content["cells"][number - 1])


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _is_python(source: str) -> bool:
    start = source.lstrip()
    return not start.startswith("%%") or start.split(None, 1)[0] in _PYTHON


def _hidden(source: str) -> str:
    return _MAGIC.sub(lambda found: f"{found['indent']}pass  #magic {found['text']}", source)


def _shown(source: str) -> str:
    return _HIDDEN.sub(lambda found: found["indent"] + found["text"], source)
