"""Sums whose terms change with every value: by the kernels, by columns, and as they are defined."""

import math

import numpy as np
import pytest
from fillproof.core import expanding, jit

NAN, INF = math.nan, math.inf
#: float64[T] three times: values, levels or slopes, weights or factors.
_CASES = {
    "none": np.zeros((3, 0)),
    "one": np.array([[0.1], [0.3], [-2.0]]),
    "zeros": np.zeros((3, 5)),
    "unknown": np.array([[0.1, NAN, 0.2, 0.3], [0.1, 0.2, INF, 0.0], [1.0, 2.0, -1.0, NAN]]),
    "random": np.random.default_rng(5).normal(0.0, 0.01, (3, 257)),
}
_TERMS = {
    "squares": lambda value, level, _: (value - level) * (value - level),
    "products": lambda value, level, weight: (value - level) * weight,
    "residuals": lambda value, slope, factor: value - slope * factor,
}


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "columns"])
@pytest.mark.parametrize("case", _CASES)
@pytest.mark.parametrize("name", _TERMS)
def test_terms_are_added_one_after_the_other(name, case, compiled, monkeypatch):
    monkeypatch.setattr(jit, "_interpreting", not compiled)
    values, moving, others = (column.copy() for column in _CASES[case])
    for column in (values, moving, others):
        column.flags.writeable = False
    arguments = (values, moving) if name == "squares" else (values, moving, others)
    wanted = []
    for n in range(len(values)):
        total = 0.0
        for i in range(n + 1):
            total += _TERMS[name](values[i], moving[n], others[i])
        wanted.append(total)
    with np.errstate(invalid="ignore"):
        found = getattr(expanding, name)(*arguments)
    np.testing.assert_array_equal(found, np.array(wanted))
