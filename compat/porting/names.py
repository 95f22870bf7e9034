"""The framework names that a script uses, found without running it.

A name counts where it is certain what it is: what imports bind, methods of classes derived from a
framework's classes, objects made by calling them, and the two arguments that every Zipline
call-back gets. A `self.x` that no class of the framework has is the script's own.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import (
    MetadataWrapper,
    PositionProvider,
    QualifiedNameProvider,
    QualifiedNameSource,
)

from ..imports import FRAMEWORKS

#: What Zipline hands to the script's functions, in this sequence.
_CALL_BACK = ("zipline.TradingAlgorithm", "zipline.protocol.BarData")
_CALL_BACKS = ("initialize", "handle_data", "before_trading_start", "analyze")
#: Where scripts give a function that is called with the same two.
_TAKES_CALL_BACK = ("zipline.api.schedule_function", "zipline.run_algorithm")
#: Names that stand on every frame and series once the framework is imported.
_ACCESSOR = ("vectorbt", "vbt")

#: Tells the class of what calling a framework's name gives, by names; None where that is unknown.
Makes = Callable[[str], "str | None"]
#: Whether an object of a framework's class has such an attribute.
Has = Callable[[str, str], bool]


@dataclass(frozen=True, order=True)
class Use:
    """One place where a script uses a framework's name.

    name: dotted, beginning with the framework's package; that of a class for what its objects
    have. line, column: from 1. arguments: keywords that are given where it is called.
    """

    line: int
    column: int
    name: str
    arguments: tuple[str, ...] = ()

    @property
    def framework(self) -> str:
        return self.name.partition(".")[0]


def uses(
    wrapper: MetadataWrapper, makes: Makes, has: Has, public: Callable[[str], Collection[str]]
) -> list[Use]:
    """Every use of a framework's name in a module, by line and column.

    makes, has: what the frameworks' names are, see `states`. public: the names that
    `from MODULE import *` binds.
    """
    finder = _Finder(wrapper.resolve(QualifiedNameProvider), makes, has, public)
    # Twice: a name may be used above the line that says what it is.
    for _ in range(2):
        finder.found.clear()
        wrapper.module.visit(finder)
    positions = wrapper.resolve(PositionProvider)
    found = set()
    for node, name, arguments in finder.found:
        start = positions[node].start
        found.add(Use(start.line, start.column + 1, name, arguments))
    return sorted(found)


class _Finder(cst.CSTVisitor):
    """Collects (node, name, keywords), and what the script's own names stand for."""

    def __init__(
        self,
        names: Mapping[cst.CSTNode, object],
        makes: Makes,
        has: Has,
        public: Callable[[str], Collection[str]],
    ) -> None:
        super().__init__()
        self._names = names
        self._makes, self._has, self._public = makes, has, public
        self.found: list[tuple[cst.CSTNode, str, tuple[str, ...]]] = []
        #: The script's names: what class of a framework their objects are of; None: of several.
        self._objects: dict[str, str | None] = {}
        #: The script's classes, and the framework's one that each derives from.
        self._classes: dict[str, str] = {}
        self._call_backs: set[str] = set(_CALL_BACKS)
        self._star: dict[str, str] = {}
        self._calls: dict[cst.CSTNode, tuple[str, ...]] = {}

    # What names stand for

    def _qualified(self, node: cst.CSTNode) -> Iterator[tuple[str, bool]]:
        """(dotted name, whether an import binds it) for each thing that a node may be."""
        found = self._names.get(node, ())
        for one in found() if callable(found) else found:  # type: ignore[union-attr]
            yield one.name, one.source is QualifiedNameSource.IMPORT

    def _imported(self, node: cst.CSTNode) -> str | None:
        """The framework's name that a node is by an import: of a plain dotted name only."""
        inner = node
        while isinstance(inner, cst.Attribute):
            inner = inner.value
        if not isinstance(inner, cst.Name):
            return None
        for name, bound in self._qualified(node):
            if bound and name.partition(".")[0] in FRAMEWORKS:
                return name
        if isinstance(node, cst.Name) and not list(self._qualified(node)):
            return self._star.get(node.value)
        return None

    def _class_of(self, node: cst.CSTNode) -> str | None:
        """The framework's class that the value of an expression is an object of."""
        if isinstance(node, cst.Call):
            made = self._imported(node.func)
            if made is None:
                for name, bound in self._qualified(node.func):
                    if not bound and name in self._classes:
                        return self._classes[name]
                return None
            return self._makes(made)
        for name, bound in self._qualified(node):
            if not bound:
                return self._objects.get(name)
        return None

    def _set(self, node: cst.CSTNode, kind: str | None) -> None:
        for name, bound in self._qualified(node):
            if not bound:
                known = self._objects.get(name, kind)
                self._objects[name] = kind if known == kind else None

    # What the script says

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        if node.module is None or node.relative:
            return False
        module = dotted(node.module)
        if module.partition(".")[0] not in FRAMEWORKS:
            return False
        if isinstance(node.names, cst.ImportStar):
            known = {name: f"{module}.{name}" for name in self._public(module)}
            self._star.update((n, d) for n, d in known.items() if not hasattr(builtins, n))
            self.found.append((node.module, module, ()))
        else:
            for one in node.names:
                self.found.append((one.name, f"{module}.{dotted(one.name)}", ()))
        return False

    def visit_Import(self, node: cst.Import) -> bool:
        for one in node.names:
            name = dotted(one.name)
            if name.partition(".")[0] in FRAMEWORKS:
                self.found.append((one.name, name, ()))
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        for base in node.bases:
            kind = self._imported(base.value)
            for name, bound in self._qualified(base.value):
                kind = kind or (None if bound else self._classes.get(name))
            for name, _ in self._qualified(node.name):
                if kind is not None:
                    self._classes[name] = kind
            if kind is not None:
                return

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        parameters = [*node.params.posonly_params, *node.params.params]
        for name, _ in self._qualified(node.name):
            owner = self._classes.get(name.rpartition(".")[0])
            if owner is not None and parameters:
                self._set(parameters[0].name, owner)
                self._objects[f"{name}.<locals>.{parameters[0].name.value}"] = owner
            elif name in self._call_backs and self._uses_zipline():
                for parameter, kind in zip(parameters, _CALL_BACK, strict=False):
                    self._objects[f"{name}.<locals>.{parameter.name.value}"] = kind
                if name == "analyze":
                    self._objects.pop(f"{name}.<locals>.{parameters[-1].name.value}", None)

    def _uses_zipline(self) -> bool:
        return any(name.startswith("zipline") for _, name, _ in self.found)

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            if isinstance(target.target, cst.Name | cst.Attribute):
                self._set(target.target, self._class_of(node.value))

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._set(node.target, self._class_of(node.value))

    def visit_Call(self, node: cst.Call) -> None:
        words = tuple(one.keyword.value for one in node.args if one.keyword is not None)
        self._calls[node.func] = words
        if self._imported(node.func) in _TAKES_CALL_BACK:
            for one in node.args:
                for name, bound in self._qualified(one.value):
                    if not bound:
                        self._call_backs.add(name)

    def visit_Name(self, node: cst.Name) -> None:
        name = self._imported(node)
        if name is not None:
            self._add(node, name)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        name = self._imported(node)
        if name is not None:
            self._add(node, name)
            return False
        if self._accessor(node):
            return False
        kind = self._class_of(node.value)
        if kind is not None and self._has(kind, node.attr.value):
            self._add(node, f"{kind}.{node.attr.value}")
        return True

    def _accessor(self, node: cst.Attribute) -> bool:
        """`frame.vbt.signals.fshift`: names of the accessor, whatever the frame is."""
        package, word = _ACCESSOR
        chain: list[str] = []
        inner: cst.BaseExpression = node
        while isinstance(inner, cst.Attribute):
            chain.insert(0, inner.attr.value)
            inner = inner.value
            if chain[0] == word and not self._is_import(inner):
                uses = any(name.startswith(package) for _, name, _ in self.found)
                if len(chain) > 1 and uses:
                    self._add(node, ".".join([package, word, *chain[1:]]))
                return len(chain) > 1 and uses
        return False

    def _is_import(self, node: cst.CSTNode) -> bool:
        return any(bound for _, bound in self._qualified(node))

    def _add(self, node: cst.CSTNode, name: str) -> None:
        self.found.append((node, name, self._calls.get(node, ())))


def dotted(node: cst.BaseExpression) -> str:
    """A name with its dots; what is no name, such as a call, counts as nothing."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""
