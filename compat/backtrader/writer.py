"""`WriterFile`: prints nested results as indented lines, and bars as lines of values."""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Callable, Iterable
from typing import Any

from .lines import LineSeries
from .params import ParamsBase


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

    out: Any = None
    close_out = False

    def __init__(self) -> None:
        self._len = itertools.count(1)
        self.headers: list[str] = []
        self.values: list[Any] = []

    def _start_output(self) -> None:
        if self.out:
            return
        if self.p.out is None:
            self.out, self.close_out = sys.stdout, False
        elif isinstance(self.p.out, str):
            self.out, self.close_out = open(self.p.out, "w"), True  # noqa: SIM115
        else:
            self.out, self.close_out = self.p.out, self.p.close_out

    def start(self) -> None:
        self._start_output()
        if self.p.csv:
            self.writelineseparator()
            self.writeiterable(self.headers, counter="Id")

    def stop(self) -> None:
        if self.close_out:
            self.out.close()

    def next(self) -> None:
        """Write the values of a bar."""
        if self.p.csv:
            self.writeiterable(self.values, func=str, counter=next(self._len))
            self.values = []

    def addheaders(self, headers: Iterable[str]) -> None:
        if self.p.csv:
            self.headers.extend(headers)

    def addvalues(self, values: Iterable[Any]) -> None:
        if self.p.csv:
            if self.p.csv_filternan:
                values = (x if x == x else "" for x in values)
            self.values.extend(values)

    def writeiterable(
        self, iterable: Iterable[Any], func: Callable[[Any], str] | None = None, counter: Any = ""
    ) -> None:
        """A line of values, after the number of the line."""
        if self.p.csv_counter:
            iterable = itertools.chain([counter], iterable)
        if func is not None:
            iterable = map(func, iterable)
        self.writeline(self.p.csvsep.join(iterable))

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


class WriterStringIO(WriterFile):
    """Writes to a text in memory, `out`, which stands at its beginning after the run."""

    params = (("out", io.StringIO),)

    def _start_output(self) -> None:
        super()._start_output()
        self.out = self.out()

    def stop(self) -> None:
        super().stop()
        self.out.seek(0)
