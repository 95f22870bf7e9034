"""Imports of the frameworks, rewritten to those of fillproof; everything else stays as it is."""

from __future__ import annotations

import libcst as cst

from ..imports import FRAMEWORKS
from .names import dotted

_HERE = "fillproof.compat"


def rewritten(module: cst.Module) -> cst.Module:
    """The module with `import backtrader as bt` made `import fillproof.compat.backtrader as bt`.

    Names that the script uses afterwards stay bound to the same things; comments and layout are
    kept. Imports under `fillproof.compat` are left alone, so that a second pass changes nothing.
    """
    return module.visit(_Imports())


class _Imports(cst.CSTTransformer):
    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        module = updated_node.module
        if module is None or updated_node.relative or _root(module) not in FRAMEWORKS:
            return updated_node
        return updated_node.with_changes(module=_below(module))

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        names: list[cst.ImportAlias] = []
        for one in updated_node.names:
            names += self._alias(one)
        return updated_node.with_changes(names=names)

    def _alias(self, one: cst.ImportAlias) -> list[cst.ImportAlias]:
        root = _root(one.name)
        if root not in FRAMEWORKS:
            return [one]
        whole = _below(one.name)
        if one.asname is not None:
            return [one.with_changes(name=whole)]
        # `import zipline.api` binds `zipline`: load the one, bind the other.
        bound = cst.ImportAlias(
            name=_below(cst.Name(root)),
            asname=cst.AsName(name=cst.Name(root)),
            comma=one.comma,
        )
        if isinstance(one.name, cst.Name):
            return [bound]
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        return [cst.ImportAlias(name=whole, comma=comma), bound]


def _root(name: cst.BaseExpression) -> str:
    return dotted(name).partition(".")[0]


def _below(name: cst.BaseExpression) -> cst.Attribute:
    """`backtrader.feeds` below the package of the adapters."""
    if isinstance(name, cst.Attribute):
        return name.with_changes(value=_below(name.value))
    assert isinstance(name, cst.Name)
    here = cst.parse_expression(_HERE)
    return cst.Attribute(value=here, attr=name)
