"""`WriterFile`: prints nested results as indented lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from .lines import LineSeries
from .params import ParamsBase
from .unsupported import unsupported


class WriterBase(ParamsBase):
    """The base of writers."""


class WriterFile(WriterBase):
    """Writes to `out`: a file name, an open file, or standard output (None)."""

    params = (
        ("out", None),
        ("close_out", False),
        ("csv", False),
        ("csvsep", ","),
        ("csv_filternan", True),
        ("csv_counter", True),
        ("indent", 2),
        ("separators", ["=", "-", "+", "*", ".", "~", '"', "^", "#"]),
        ("seplen", 79),
        ("rounding", None),
    )

    def start(self) -> None:
        if self.p.csv:
            raise unsupported("WriterFile(csv=True)")
        out = self.p.out
        self.close_out = self.p.close_out
        if out is None:
            out, self.close_out = sys.stdout, False
        elif isinstance(out, str):
            out, self.close_out = open(out, "w"), True  # noqa: SIM115
        self.out: Any = out

    def stop(self) -> None:
        if self.close_out:
            self.out.close()

    def writeline(self, line: str) -> None:
        self.out.write(line + "\n")

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.writeline(line)

    def writelineseparator(self, level: int = 0) -> None:
        p = self.p
        indent = level * p.indent
        mark = p.separators[level % len(p.separators)]
        self.writeline(" " * indent + mark * (p.seplen - indent))

    def writedict(self, dct: dict, level: int = 0, recurse: bool = False) -> None:
        """Each key on its line, dictionaries indented below a separator."""
        if not recurse:
            self.writelineseparator(level)
        lead = " " * (level * self.p.indent) + ("- " if recurse else "")
        for key, value in dct.items():
            line = f"{lead}{key}:"
            if isinstance(value, type) and issubclass(value, LineSeries):
                line += " " + value.__name__
            elif isinstance(value, float):
                if self.p.rounding is not None:
                    value = round(value, self.p.rounding)
                line += f" {value}"
            elif isinstance(value, dict):
                if recurse:
                    self.writelineseparator(level)
                self.writeline(line)
                self.writedict(value, level + 1, recurse=True)
                continue
            elif isinstance(value, Iterable) and not isinstance(value, str):
                line += " " + ", ".join(map(str, value))
            else:
                line += f" {value}"
            self.writeline(line)
