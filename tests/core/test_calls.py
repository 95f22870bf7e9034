"""A user's own function in place of a commission or a slippage, called through its address."""

from __future__ import annotations

import gc
import math
import textwrap
import traceback
from functools import partial

import numba
import numpy as np
import pytest
from fillproof.core import calls, costs, jit
from fillproof.core.costs import Commission, Slippage
from processes import run_python

call_commission, call_slippage = calls.call_commission, calls.call_slippage


def fee(units, price, filled, paid):
    return units * 0.001 * price


def worse(price, direction, units, volume, sigma):
    return price * (1.0 + direction * (0.5 * sigma * math.sqrt(units / volume)))


@jit.njit
def sum_of_fees(address, units, prices):
    total = filled = 0.0
    for i in range(len(units)):
        total += call_commission(address, units[i], prices[i], filled, total)
        filled += units[i]
    return total


@jit.njit
def one_price(address, price, direction, units, volume, sigma):
    return call_slippage(address, price, direction, units, volume, sigma)


@pytest.fixture(params=["compiled", "interpreted"])
def mode(request, monkeypatch):
    monkeypatch.setenv("FILLPROOF_JIT", "1" if request.param == "compiled" else "0")
    jit.prefer(1)
    yield request.param
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    jit.prefer(1)


@pytest.fixture(params=["python", "njit", "kernel"])
def made(request):
    """Makes of a Python function what a user may give."""
    return {"python": lambda f: f, "njit": numba.njit, "kernel": jit.njit}[request.param]


def test_a_users_commission_gives_the_bits_of_the_built_in(mode, made):
    rng = np.random.default_rng(3)
    owners: list[calls.Call] = []
    own = costs.terms(1, commission=Commission(function=made(fee)), owners=owners)[0]
    built = costs.terms(1, commission=Commission("percent", 0.001, maximum=1e300))[0]
    plain = costs.terms(1, commission=Commission("percent", 0.001))[0]
    assert own["commission_plain"] == np.False_ == built["commission_plain"]
    for units, price in rng.uniform(0.001, 900.0, (200, 2)).tolist():
        mine = costs.commission_of_fill(own, units, price, False, 0.0, 0.0, 0.0, 0.0)
        assert mine == costs.commission_of_fill(built, units, price, False, 0.0, 0.0, 0.0, 0.0)
        assert mine[0] == costs.commission_raw(plain, units, price)
    calls.raise_pending()


def test_a_users_slippage_gives_the_bits_of_the_built_in(mode, made):
    rng = np.random.default_rng(4)
    owners: list[calls.Call] = []
    own = costs.terms(1, slippage=Slippage(function=made(worse)), owners=owners)[0]
    built = costs.terms(1, slippage=Slippage("square_root", 0.5))[0]
    for price, units in rng.uniform(1.0, 900.0, (200, 2)).tolist():
        for direction in (1.0, -1.0):
            given = (price, direction, units, 5_000.0, 0.02, price * 0.995, price * 1.005)
            assert costs.impact(own, *given) == costs.impact(built, *given)
    calls.raise_pending()


def test_a_kernel_calls_any_function_by_its_address(mode, made):
    units, prices = np.array([1.0, 2.0, 4.0]), np.array([10.0, 20.0, 40.0])

    def growing(units, price, filled, paid):
        return units * price + 100.0 * filled + 10_000.0 * paid

    call = calls.bind(calls.COMMISSION, made(growing))
    paid, filled = 0.0, 0.0
    for u, p in zip(units.tolist(), prices.tolist(), strict=True):
        paid += growing(u, p, filled, paid)
        filled += u
    assert sum_of_fees(call.address, units, prices) == paid
    call = calls.bind(calls.SLIPPAGE, made(lambda p, d, u, v, s: p + 10 * d + 100 * u + v + s))
    assert one_price(call.address, 1.0, -1.0, 2.0, 3000.0, 40000.0) == 43191.0


def test_methods_partials_and_builtins_can_be_called(mode):
    class Broker:
        rate = 0.25

        def fee(self, units, price, filled, paid):
            return units * self.rate

    broker = Broker()
    call = calls.bind(calls.COMMISSION, broker.fee)
    assert sum_of_fees(call.address, np.ones(2), np.ones(2)) == 0.5
    broker.rate = 1.0
    assert sum_of_fees(call.address, np.ones(2), np.ones(2)) == 2.0
    call = calls.bind(calls.COMMISSION, partial(lambda rate, u, p, f, paid: u * rate, 3.0))
    assert sum_of_fees(call.address, np.ones(2), np.ones(2)) == 6.0
    call = calls.bind(calls.COMMISSION, max)
    assert sum_of_fees(call.address, np.array([4.0]), np.array([7.0])) == 7.0


def too_many(units, price, filled, paid):
    if units > 5.0:
        raise OverflowError("too many units")
    return units


def test_an_error_in_the_function_comes_back_with_its_traceback(mode, made):
    call = calls.bind(calls.COMMISSION, made(too_many))
    assert sum_of_fees(call.address, np.array([5.0]), np.ones(1)) == 5.0
    calls.raise_pending()
    assert math.isnan(sum_of_fees(call.address, np.array([5.0, 6.0, 7.0]), np.ones(3)))
    with pytest.raises(OverflowError, match="too many units") as caught:
        calls.raise_pending()
    assert caught.value.__notes__ == [
        "Commission.function: the engine called "
        "too_many(units=6.0, price=1.0, filled=5.0, paid=5.0)"
    ]
    text = "".join(traceback.format_exception(caught.value))
    assert 'raise OverflowError("too many units")' in text
    calls.raise_pending()  # once only
    assert sum_of_fees(call.address, np.array([5.0]), np.ones(1)) == 5.0


@pytest.mark.parametrize("result", [math.nan, math.inf, -math.inf])
def test_a_fee_must_be_a_finite_number(mode, made, result):
    call = calls.bind(calls.COMMISSION, made(lambda units, price, filled, paid: result))
    assert math.isnan(sum_of_fees(call.address, np.ones(1), np.ones(1)))
    with pytest.raises(
        ValueError, match=r"returned -?(nan|inf), which is not a finite number"
    ) as e:
        calls.raise_pending()
    assert "units=1.0" in e.value.__notes__[0]


def test_a_slipped_price_may_be_nan_for_no_fill_but_not_infinite(mode, made):
    call = calls.bind(calls.SLIPPAGE, made(lambda p, d, u, v, s: math.nan if p > 5.0 else math.inf))
    assert math.isnan(one_price(call.address, 6.0, 1.0, 1.0, 1.0, 1.0))
    calls.raise_pending()
    assert math.isnan(one_price(call.address, 1.0, 1.0, 1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="finite number, or NaN for no such fill"):
        calls.raise_pending()


def test_what_is_no_number_and_interrupts_are_not_swallowed(mode):
    def interrupted(units, price, filled, paid):
        raise KeyboardInterrupt

    for function, error in [(lambda u, p, f, d: "a lot", ValueError), (interrupted, BaseException)]:
        call = calls.bind(calls.COMMISSION, function)
        assert math.isnan(sum_of_fees(call.address, np.ones(1), np.ones(1)))
        with pytest.raises(error):
            calls.raise_pending()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Commission(function=lambda units: 1.0),
            r"cannot be called as .*function\(units, ",
        ),
        (lambda: Slippage(function=3.0), "must be a function"),  # type: ignore
        (lambda: Slippage(function=numba.njit(fee)), "cannot be called as Slippage.function"),
    ],
)
def test_a_function_that_cannot_be_called_is_refused_at_once(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_a_jitted_function_that_does_not_compile_says_so():
    @numba.njit
    def text(units, price, filled, paid):
        return "a lot of " + units

    with pytest.raises(TypeError, match=r"Commission\.function: text does not compile to a float"):
        costs.terms(1, commission=Commission(function=text), owners=[])


def test_functions_live_as_long_as_their_owners(mode):
    def of_rate(rate):
        def fee(units, price, filled, paid):
            return units * rate

        return fee

    commissions = [Commission(function=of_rate(float(i))) for i in range(50)]
    owners: list[calls.Call] = []
    rows = costs.terms(50, commission=commissions, owners=owners)
    del commissions
    gc.collect()
    fees = [
        costs.commission_of_fill(rows[i], 2.0, 1.0, False, 0.0, 0.0, 0.0, 0.0)[0] for i in range(50)
    ]
    assert fees == [2.0 * i for i in range(50)]
    known = len(calls._functions)
    addresses = {call.address for call in owners}
    assert len(addresses) == 50
    del owners
    gc.collect()
    assert len(calls._functions) == known - 50
    with pytest.raises(ValueError, match="needs `owners`"):
        costs.terms(1, commission=Commission(function=fee))


def test_assets_share_one_call_of_one_function():
    owners: list[calls.Call] = []
    jitted = numba.njit(fee)
    for function in (fee, jitted):
        rows = costs.terms(
            3,
            commission=[Commission(function=function), Commission(), Commission(function=function)],
            owners=owners,
        )
        assert rows["commission_call"][0] == rows["commission_call"][2] != 0
        assert rows["commission_call"][1] == 0
    assert len(owners) == 2
    # A jitted function is compiled for the engine once, whoever asks.
    assert calls.bind(calls.COMMISSION, jitted) is owners[1]


MODULE = """
    import numba
    from fillproof.core import calls, jit

    call_commission = calls.call_commission

    @jit.njit
    def inner(address, units):
        return call_commission(address, units, 10.0, 0.0, 0.0)

    @jit.njit
    def outer(address, units):
        return inner(address, units) + 1.0

    def fee(units, price, filled, paid):
        return units * price * 0.5

    @numba.njit
    def jitted(units, price, filled, paid):
        return units * price * 0.5
"""


def test_a_second_process_finds_the_kernels_that_call_on_disk(tmp_path):
    (tmp_path / "own.py").write_text(textwrap.dedent(MODULE))
    code = """
        from fillproof.core import calls
        from own import fee, inner, jitted, outer
        for function in (fee, jitted):
            call = calls.bind(calls.COMMISSION, function)
            print(outer(call.address, 3.0), inner(call.address, 1.0))
        for kernel in (outer, inner):
            stats = kernel.dispatcher.stats
            print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
    """
    cache = {
        "FILLPROOF_JIT": "1",
        "NUMBA_DISABLE_JIT": "0",
        "NUMBA_CACHE_DIR": str(tmp_path / "cache"),
    }
    first = run_python(code, tmp_path, **cache).split("\n")
    second = run_python(code, tmp_path, **cache).split("\n")
    assert first == ["16.0 5.0", "16.0 5.0", "0 1", "0 1"]
    # Other addresses, the same machine code: nothing is compiled again.
    assert second == ["16.0 5.0", "16.0 5.0", "1 0", "1 0"]


def test_interpreted_calls_do_not_load_the_compiler(tmp_path):
    code = """
        import sys
        from fillproof.core import calls, costs, jit
        jit.prefer(1)
        owners = []
        own = costs.Commission(function=lambda units, price, filled, paid: units * price)
        row = costs.terms(1, commission=own, owners=owners)[0]
        print(costs.commission_of_fill(row, 2.0, 3.0, False, 0.0, 0.0, 0.0, 0.0))
        print("numba" in sys.modules)
    """
    disabled = {"FILLPROOF_JIT": "1", "NUMBA_DISABLE_JIT": "1"}
    for environment in ({"FILLPROOF_JIT": "0"}, {"FILLPROOF_JIT": ""}, disabled):
        assert run_python(code, tmp_path, **environment) == "(6.0, 6.0)\nFalse"


def test_a_function_bound_while_interpreting_serves_compiled_kernels(monkeypatch):
    monkeypatch.setenv("FILLPROOF_JIT", "0")
    jit.prefer(1)
    call = calls.bind(calls.COMMISSION, numba.njit(fee))
    assert sum_of_fees(call.address, np.ones(1), np.ones(1)) == 0.001
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    jit.prefer(1)
    assert sum_of_fees(call.address, np.ones(1), np.ones(1)) == 0.001
