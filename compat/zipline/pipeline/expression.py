"""Expressions: arithmetic, comparisons and functions of terms as one term.

An expression is a text over the variables x_0, x_1, ..., one for each input; a term that combines
two expressions holds one text over the inputs of both, so that `a + b * 2` is one node.
"""

from __future__ import annotations

import ast
import functools
import operator
import re
from numbers import Number
from typing import Any

import numpy as np

from ..utils.numpy_utils import bool_dtype
from .term import ComputableTerm, Term

_VARIABLE = re.compile(r"\bx_(\d+)\b")

ops_to_methods = {
    "+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "%": "__mod__",
    "**": "__pow__", "&": "__and__", "|": "__or__", "^": "__xor__", "<": "__lt__",
    "<=": "__le__", "==": "__eq__", "!=": "__ne__", ">=": "__ge__", ">": "__gt__",
}  # fmt: skip
methods_to_ops = {method: op for op, method in ops_to_methods.items()}
#: The method of the right operand when the left one knows nothing.
ops_to_commuted_methods = {
    "+": "__radd__", "-": "__rsub__", "*": "__rmul__", "/": "__rtruediv__", "%": "__rmod__",
    "**": "__rpow__", "&": "__rand__", "|": "__ror__", "^": "__rxor__", "<": "__gt__",
    "<=": "__ge__", "==": "__eq__", "!=": "__ne__", ">=": "__le__", ">": "__lt__",
}  # fmt: skip
unary_ops_to_methods = {"-": "__neg__", "~": "__invert__"}

UNARY_OPS = {"-"}
MATH_BINOPS = {"+", "-", "*", "/", "**", "%"}
FILTER_BINOPS = {"&", "|"}
COMPARISONS = {"<", "<=", "!=", ">=", ">", "=="}
#: Functions that an expression may call, by numpy's names.
NUMEXPR_MATH_FUNCS = {
    "abs", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cos", "cosh", "exp",
    "expm1", "log", "log10", "log1p", "sin", "sinh", "sqrt", "tan", "tanh",
}  # fmt: skip
#: From so many inputs on two expressions are not made one.
NPY_MAXARGS = 32


class BadBinaryOperator(TypeError):
    """An operator between a term and something that it cannot be combined with."""

    def __init__(self, op, left, right) -> None:
        super().__init__(f"Cannot compute {type(left).__name__} {op} {type(right).__name__}.")


def method_name_for_op(op, commute=False) -> str:
    """The method of an operator; with commute that of the right operand."""
    return (ops_to_commuted_methods if commute else ops_to_methods)[op]


def unary_op_name(op) -> str:
    """The method of an operator with one operand."""
    return unary_ops_to_methods[op]


def is_comparison(op) -> bool:
    """Whether an operator compares."""
    return op in COMPARISONS


class NumericalExpression(ComputableTerm):
    """A term that is an expression of its inputs.

    expr: the text. binds: the inputs in the sequence of their variables. dtype: of the result.
    """

    window_length = 0

    _settings = ("expr",)
    _expr: str

    def __new__(cls, expr, binds, dtype):
        # A filter can be looked back upon; anything else only if all its inputs can.
        safe = dtype == bool_dtype or all(one.window_safe for one in binds)
        return super().__new__(cls, inputs=binds, expr=expr, dtype=dtype, window_safe=safe)

    def _validate(self) -> None:
        names = {node.id for node in ast.walk(_parsed(self._expr)) if isinstance(node, ast.Name)}
        used = names - NUMEXPR_MATH_FUNCS - {"inf"}
        expected = {f"x_{n}" for n in range(len(self.inputs))}
        if used != expected:
            raise ValueError(
                f"The expression {self._expr!r} has the variables {sorted(used)}, its inputs are "
                f"{sorted(expected)}."
            )
        super()._validate()

    def _compute(self, inputs, dates, assets, mask):
        out = np.full(mask.shape, self.missing_value, dtype=self.dtype)
        with np.errstate(all="ignore"):
            out[:] = evaluate(self._expr, inputs)
        return out

    def _rebind_variables(self, new_inputs) -> str:
        """The text for another sequence of inputs."""
        place = {one: n for n, one in enumerate(new_inputs)}
        return _VARIABLE.sub(
            lambda match: f"x_{place[self.inputs[int(match.group(1))]]}", self._expr
        )

    def _merge_expressions(self, other) -> tuple[str, str, tuple]:
        """(own text, the other's text, inputs) over the inputs of both."""
        inputs = tuple(dict.fromkeys((*self.inputs, *other.inputs)))
        return self._rebind_variables(inputs), other._rebind_variables(inputs), inputs

    def build_binary_op(self, op, other) -> tuple[str, str, tuple]:
        """(left text, right text, inputs) for an operator between this and another operand."""
        if isinstance(other, NumericalExpression):
            left, right, inputs = self._merge_expressions(other)
        elif isinstance(other, Term):
            inputs = tuple(dict.fromkeys((*self.inputs, other)))
            left, right = self._expr, f"x_{inputs.index(other)}"
        elif isinstance(other, Number):
            left, right, inputs = self._expr, str(other), self.inputs
        else:
            raise BadBinaryOperator(op, self, other)
        if len(inputs) >= NPY_MAXARGS:
            return "x_0", "x_1", (self, other)
        return left, right, inputs

    @property
    def bindings(self) -> dict[str, Any]:
        """The input of each variable."""
        return {f"x_{n}": one for n, one in enumerate(self.inputs)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(expr={self._expr!r}, bindings={self.bindings})"

    def graph_repr(self) -> str:
        short = re.sub(r"[-+]?\d*\.\d+", lambda m: f"{float(m.group()):.2E}", self._expr)
        return f"Expression:\\l  {short}\\l"


@functools.lru_cache(maxsize=1024)
def _parsed(expr: str) -> ast.expr:
    return ast.parse(expr, mode="eval").body


def evaluate(expr: str, arrays):
    """The value of a text over the variables x_0, x_1, ...: arrays of one shape.

    Raises ZeroDivisionError for a division by the constant 0, ValueError for dates.
    """
    for array in arrays:
        if array.dtype.kind == "M":
            raise ValueError(f"There is no arithmetic of dates ({array.dtype}) in expressions.")
    return _value(_parsed(expr), arrays)


_BINARY: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_COMPARE: dict[type, Any] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
}
_UNARY: dict[type, Any] = {ast.USub: operator.neg, ast.Invert: operator.invert}


def _value(node: ast.expr, arrays):
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id="inf"):
            return np.inf
        case ast.Name(id=name):
            return arrays[int(name[2:])]
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _divided(_value(left, arrays), _value(right, arrays))
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, arrays), _value(right, arrays))
        case ast.UnaryOp(op=op, operand=operand):
            return _UNARY[type(op)](_value(operand, arrays))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _COMPARE[type(op)](_value(left, arrays), _value(right, arrays))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return getattr(np, name)(_value(argument, arrays))
    raise ValueError(f"There is no {ast.unparse(node)} in expressions.")


def _divided(left, right):
    # A float constant becomes a factor before any cell is computed, so that 0.0 raises.
    if isinstance(right, float) and left.dtype.kind == "f":
        return left * (1.0 / right)
    return left / right
