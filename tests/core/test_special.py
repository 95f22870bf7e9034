"""The incomplete beta function and Student's tails against closed forms."""

from __future__ import annotations

import math

import pytest
from fillproof.core.special import incomplete_beta, two_sided_t
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("t", [0.0, 1e-9, 0.3, 1.0, -2.5, 40.0, 1e5])
def test_few_degrees_of_freedom_have_closed_forms(t: float) -> None:
    one = 2.0 / math.pi * math.atan2(1.0, abs(t))
    two = 2.0 / (t * t + 2.0 + abs(t) * math.sqrt(t * t + 2.0))
    assert two_sided_t(t, 1.0) == pytest.approx(one, rel=1e-13)
    assert two_sided_t(t, 2.0) == pytest.approx(two, rel=1e-13)


@settings(deadline=None)  # the first call may compile
@given(st.integers(1, 400), st.floats(0, 30))
def test_tails_are_the_finite_sums_of_whole_degrees(degrees: int, t: float) -> None:
    """Abramowitz and Stegun 26.7.3 and 26.7.4: the probability within t."""
    cosine = degrees / (degrees + t * t)
    terms = [1.0]
    for k in range(2 + degrees % 2, degrees - 1, 2):
        terms.append(terms[-1] * (k - 1) / k * cosine)
    sine = t / math.sqrt(degrees + t * t)
    if degrees % 2 == 0:
        within = sine * math.fsum(terms)
    else:
        angle = math.atan(t / math.sqrt(degrees))
        more = sine * math.sqrt(cosine) * math.fsum(terms) if degrees > 1 else 0.0
        within = 2.0 / math.pi * (angle + more)
    assert two_sided_t(t, float(degrees)) == pytest.approx(1.0 - within, abs=1e-13)


@settings(deadline=None)  # the first call may compile
@given(st.floats(0.5, 300), st.floats(0.5, 300), st.floats(0, 1))
def test_both_sides_make_one(a: float, b: float, x: float) -> None:
    low = incomplete_beta(a, b, x, 1.0 - x)
    assert 0.0 <= low <= 1.0
    assert low + incomplete_beta(b, a, 1.0 - x, x) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("n", "k", "x"), [(9, 3, 0.2), (40, 31, 0.7), (200, 5, 0.01)])
def test_whole_parameters_are_binomial_tails(n: int, k: int, x: float) -> None:
    tail = math.fsum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(k, n + 1))
    assert incomplete_beta(k, n - k + 1, x, 1.0 - x) == pytest.approx(tail, rel=1e-12)


def test_ends_and_unknown_values() -> None:
    assert incomplete_beta(2.0, 3.0, 0.0, 1.0) == 0.0
    assert incomplete_beta(2.0, 3.0, 1.0, 0.0) == 1.0
    assert math.isnan(incomplete_beta(2.0, 3.0, math.nan, math.nan))
    assert two_sided_t(math.inf, 5.0) == 0.0
    assert math.isnan(two_sided_t(math.nan, 5.0))
