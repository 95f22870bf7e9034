"""What in a script wants a human: things that new imports cannot settle."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ..imports import FRAMEWORKS
from .names import dotted

#: Packages that themselves import a framework: beside a ported script they bring the real one.
_AROUND = {
    "backtrader_plotting": "backtrader",
    "btplotting": "backtrader",
    "backtrader_bokeh": "backtrader",
    "backtrader_ib_insync": "backtrader",
    "pyfolio": "zipline",
    "alphalens": "zipline",
    "vectorbtpro": "vectorbt",
}
_MOVED = {"trading_calendars": "exchange_calendars", "zipline_trader": "zipline"}
_BY_TEXT = ("import_module", "__import__", "find_spec", "run_module", "patch")


@dataclass(frozen=True, order=True)
class Note:
    """One place that a human should look at. line, column: from 1."""

    line: int
    column: int
    text: str


def notes(wrapper: MetadataWrapper) -> list[Note]:
    """Every note on a module, by line."""
    visitor = _Notes()
    wrapper.module.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    found = []
    for node, text in visitor.found:
        start = positions[node].start
        found.append(Note(start.line, start.column + 1, text))
    return sorted(found)


class _Notes(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, str]] = []

    def visit_Import(self, node: cst.Import) -> None:
        for one in node.names:
            self._package(node, dotted(one.name))

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        if node.module is None or node.relative:
            return
        module = dotted(node.module)
        self._package(node, module)
        if isinstance(node.names, cst.ImportStar) and module.partition(".")[0] in FRAMEWORKS:
            self.found.append(
                (node, f"from {module} import *: name what is imported, so that readers can see it")
            )

    def _package(self, node: cst.CSTNode, name: str) -> None:
        root = name.partition(".")[0]
        if root in _AROUND:
            self.found.append(
                (node, f"{root} works with objects of the real {_AROUND[root]}: check what it gets")
            )
        elif root in _MOVED:
            self.found.append((node, f"{root} is no longer maintained: use {_MOVED[root]}"))

    def visit_Call(self, node: cst.Call) -> None:
        function = dotted(node.func).rpartition(".")[2]
        if function not in _BY_TEXT or not node.args:
            return
        first = node.args[0].value
        if isinstance(first, cst.SimpleString):
            value = first.evaluated_value
            root = value.partition(".")[0] if isinstance(value, str) else ""
            if root in FRAMEWORKS:
                self.found.append(
                    (node, f"{function}({value!r}) names a module by a text: change it by hand")
                )
