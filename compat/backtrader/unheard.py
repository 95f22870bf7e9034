"""Notifications of orders that a strategy surely ignores: they need neither a copy nor a call.

Most scripts return at once while an order is only submitted or accepted. Where `notify_order` is
read to do so, that is done for it. `FILLPROOF_QUIET=0` calls it each time; the outcome is the same.
"""

from __future__ import annotations

import ast
import operator
import os
import sys
from types import ModuleType
from typing import Any

from .lines import bar_by_bar
from .order import BuyOrder, Order, OrderBase, SellOrder
from .quiet_source import definition, watched
from .strategy import Strategy

#: Of the orders to which nothing has happened yet.
_EARLY = (Order.Submitted, Order.Accepted)

#: A number or truth value that is not known.
_SOME: Any = object()
#: The order itself.
_ORDER: Any = object()

_COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
#: Attributes of an order that are numbers, whatever they are.
_NUMBERS = ("plen", "ref", "size")
_METHODS = ("alive", "isbuy", "issell")


class Skips(frozenset):
    """The statuses of which a strategy does not hear.

    strategy: whose `notify_order` was read; None where it has none of its own.
    """

    strategy: Any = None
    function: Any = None

    def holds(self) -> bool:
        """Whether what was read is still what would be called, and nobody watches the calls."""
        strategy = self.strategy
        return strategy is None or (
            type(strategy).notify_order is self.function
            and "notify_order" not in strategy.__dict__
            and sys.gettrace() is None
            and sys.getprofile() is None
        )


class _ActsError(Exception):
    """Something may be done here."""


def skips_of(cerebro: Any, strategy: Any) -> Skips:
    """The statuses of which nobody hears in a run."""
    cls = type(strategy)
    if os.environ.get("FILLPROOF_QUIET") == "0" or bar_by_bar() or cerebro.p.quicknotify:
        return Skips()
    if cls._notify is not Strategy._notify or cls._addnotification is not Strategy._addnotification:
        return Skips()
    if not strategy._hears_orders:
        return Skips(_EARLY)
    function = cls.notify_order
    if strategy._order_ears or "notify_order" in strategy.__dict__ or watched():
        return Skips()
    if any(getattr(one, name) is not getattr(Order, name) for one in _KINDS for name in _METHODS):
        return Skips()
    node = definition(function, arguments=2)
    if node is None:
        return Skips()
    skips = Skips(status for status in _EARLY if _ignores(function, node, status))
    skips.strategy, skips.function = strategy, function
    return skips


_KINDS = (BuyOrder, SellOrder)


def _ignores(function: Any, node: ast.FunctionDef, status: int) -> bool:
    """Whether `notify_order` does nothing with an order of a status."""
    reading = _Reading(function, node.args.args[1].arg, status)
    try:
        reading.body(node.body, {})
    except _ActsError:
        return False
    return True


class _Reading:
    """`notify_order`, called with an order of a status."""

    def __init__(self, function: Any, order: str, status: int) -> None:
        self.space, self.locals = function.__globals__, function.__code__.co_varnames
        self.order, self.status = order, status

    def body(self, statements: list[ast.stmt], names: dict[str, Any]) -> bool:
        """Whether the end of these statements may be reached. names: values of local names."""
        for statement in statements:
            if isinstance(statement, ast.If):
                test = self.value(statement.test, names)
                if test is _ORDER:
                    raise _ActsError
                branches = (statement.body, statement.orelse)
                if test is not _SOME:
                    if not self.body(branches[not test], names):
                        return False
                    continue
                after = [{**names}, {**names}]
                ends = [self.body(b, known) for b, known in zip(branches, after, strict=True)]
                if not any(ends):
                    return False
                # What one of the branches may have set is not known any more.
                for name in {*after[0], *after[1]}:
                    if any(known.get(name, self) is not names.get(name) for known in after):
                        names.pop(name, None)
            elif isinstance(statement, ast.Return):
                if statement.value is not None:
                    self.value(statement.value, names)
                return False
            elif isinstance(statement, ast.Assign):
                [target, *more] = statement.targets
                if more or not isinstance(target, ast.Name) or target.id not in self.locals[2:]:
                    raise _ActsError
                names[target.id] = self.value(statement.value, names)
            elif isinstance(statement, ast.Expr):
                self.value(statement.value, names)
            elif not isinstance(statement, ast.Pass):
                raise _ActsError
        return True

    def value(self, node: ast.expr, names: dict[str, Any]) -> Any:
        """A plain value, a list of them, `_SOME`, `_ORDER`, a module or a class of orders."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self._name(node.id, names)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.value(node.value, names), node.attr)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compared(node, names)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            found = self._truth(node.operand, names)
            return found if found is _SOME else not found
        if isinstance(node, ast.BoolOp):
            return self._joined(node, names)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found = [self.value(one, names) for one in node.elts]
            if all(type(one) is int for one in found):
                return found
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            bare = not node.args and not node.keywords
            if bare and self.value(node.func.value, names) is _ORDER:
                if node.func.attr == "alive":
                    return self.status <= Order.Partial
                if node.func.attr in _METHODS:
                    return _SOME
        raise _ActsError

    def _name(self, name: str, names: dict[str, Any]) -> Any:
        if name in self.locals:
            if name == self.order and name not in names:
                return _ORDER
            if name in names:
                return names[name]
        else:
            found = self.space.get(name)
            if type(found) is ModuleType or self._of_orders(found):
                return found
        raise _ActsError

    def _of_orders(self, found: Any) -> bool:
        return isinstance(found, type) and issubclass(found, OrderBase)

    def _attribute(self, of: Any, name: str) -> Any:
        if of is _ORDER:
            if name == "status":
                return self.status
            if name in _NUMBERS:
                return _SOME
            of = Order
        if type(of) is ModuleType:
            found = vars(of).get(name)
            if type(found) is ModuleType or self._of_orders(found):
                return found
        elif self._of_orders(of):
            found = next((vars(base)[name] for base in of.__mro__ if name in vars(base)), None)
            if type(found) is int:
                return found
        raise _ActsError

    def _compared(self, node: ast.Compare, names: dict[str, Any]) -> Any:
        compare = _COMPARISONS.get(type(node.ops[0]))
        a, b = self.value(node.left, names), self.value(node.comparators[0], names)
        listed = isinstance(node.ops[0], ast.In | ast.NotIn)
        if compare is None or listed is not (type(b) is list):
            raise _ActsError
        if not all(one is _SOME or type(one) is int for one in ((a,) if listed else (a, b))):
            raise _ActsError
        return _SOME if a is _SOME or b is _SOME else compare(a, b)

    def _truth(self, node: ast.expr, names: dict[str, Any]) -> Any:
        found = self.value(node, names)
        if found is not _SOME and type(found) not in (int, bool):
            raise _ActsError
        return found if found is _SOME else bool(found)

    def _joined(self, node: ast.BoolOp, names: dict[str, Any]) -> Any:
        """The truth value of `and` and `or`."""
        decides = isinstance(node.op, ast.Or)
        known = True
        for part in node.values:
            found = self._truth(part, names)
            if found is _SOME:
                known = False
            elif found is decides:
                return found if known else _SOME
        return (not decides) if known else _SOME
