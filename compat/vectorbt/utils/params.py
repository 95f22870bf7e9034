"""Lists of parameters: combined, repeated, multiplied."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from . import checks


def to_typed_list(lst: list):
    """A list that compiled functions take."""
    from numba.typed import List

    out = List()  # pyright: ignore[reportCallIssue] - a class there
    for element in lst:
        out.append(element)
    return out


def flatten_param_tuples(param_tuples) -> list[list]:
    """Tuples of (nested) parameters as one list for each parameter."""
    out: list[list] = []
    for values in zip(*param_tuples, strict=False):
        if isinstance(values[0], tuple):
            out.extend(flatten_param_tuples(values))
        else:
            out.append(list(values))
    return out


def create_param_combs(op_tree: tuple, depth: int = 0) -> list:
    """Carry out `(function, argument, ...)`, where arguments may be such tuples too, as for
    `(product, (combinations, [0, 1, 2], 2), [4, 5])`: one list for each parameter.
    """
    checks.assert_instance_of(op_tree, tuple)
    checks.assert_instance_of(op_tree[0], Callable)
    arguments = [
        create_param_combs(x, depth + 1) if isinstance(x, tuple) and callable(x[0]) else x
        for x in op_tree[1:]
    ]
    out = list(op_tree[0](*arguments))
    return flatten_param_tuples(out) if depth == 0 else out


def broadcast_params(param_list: Sequence[Sequence], to_n: int | None = None) -> list[list]:
    """Lists of one value, repeated to the length of the longest (or to `to_n`)."""
    to_n = max(map(len, param_list)) if to_n is None else to_n
    out = []
    for n, values in enumerate(param_list):
        if len(values) not in (1, to_n):
            raise ValueError(
                f"the parameters at position {n} are {len(values)}: one or {to_n} are needed"
            )
        out.append(list(values) * to_n if len(values) < to_n else list(values))
    return out


def create_param_product(param_list: Sequence[Sequence]) -> list[list]:
    """Every value with every other one: one list for each parameter."""
    return [list(values) for values in zip(*itertools.product(*param_list), strict=True)]
