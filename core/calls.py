"""A user's own function, jitted or plain Python, in place of a commission, a slippage and so on.

Kernels see such a function as an address in a row of `costs.TERMS` and call through it, so that
they are compiled (and cached on disk) once, whatever is called. A function jitted by the user is
called as machine code, a plain one through a thunk that enters Python. Interpreted kernels look
the address up here and call the Python function: the compiler is not needed then.

An error inside the function cannot pass through a kernel. It is kept, the call returns NaN, and
`raise_pending` raises it again.
"""

from __future__ import annotations

import functools
import inspect
import math
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .jit import Kernel, compiled

__all__ = ["COMMISSION", "PRICING", "ROLES", "SLIPPAGE", "Call", "bind", "call_commission"]
__all__ += ["call_pricing", "call_slippage", "check_callable", "raise_pending"]


@dataclass(frozen=True)
class Role:
    """What a function stands for: its name in messages, its parameters, and if it may say NaN."""

    name: str
    parameters: tuple[str, ...]
    nan_means: str = ""  # what NaN as a result means; empty: it is an error

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


#: The fee in cash of one fill. units: unsigned, of this fill; price: of this fill; filled: units
#: of the order filled before; paid: what the order has paid before.
COMMISSION = Role("Commission.function", ("units", "price", "filled", "paid"))

#: The price after slippage, NaN for no fill. price: before it; direction: +1 buys, -1 sells;
#: units: unsigned; volume, sigma: of the asset as `costs.impact` is given them, NaN if unknown.
SLIPPAGE = Role(
    "Slippage.function", ("price", "direction", "units", "volume", "sigma"), "no such fill"
)

#: What an asset's own functions say: see `pricing.Pricing`, which is called so.
PRICING = Role("Instrument.pricing", ("what", "order", "size", "price", "entry"))

#: By the dataclass whose `function` it is.
ROLES = {"Commission": COMMISSION, "Slippage": SLIPPAGE, "Pricing": PRICING}

_functions: dict[int, Callable[..., float]] = {}  # by address: what interpreted kernels call
_pending: list[BaseException] = []
_numbered: weakref.WeakValueDictionary[int, Call] = weakref.WeakValueDictionary()
# The first failure of a compiled function: code, number of the Call, then its arguments. Compiled
# code writes here by address: the array must never move.
_failure = np.zeros(8)
_RAISED, _NOT_A_NUMBER = 1.0, 2.0


class Call:
    """A function at an address: keep it as long as anything holds the address.

    `address`: what `call_commission` or `call_slippage` take. Made by `bind`.
    """

    def __init__(self, role: Role, function: Callable[..., Any], python: Callable[..., Any]):
        self.role = role
        self.function = function
        self._compiled = False
        self.address = 0
        self._python = _guarded(role, python)
        self._code: Any = None  # the thunk or the compiled function: machine code lives with it

    def stands_for(self, function: object) -> bool:
        """Whether a call of `function` made now would be this one."""
        dispatcher = _dispatcher(function)
        return self.function is (dispatcher or function) and self._compiled == bool(dispatcher)

    def _stand(self, address: int, code: Any) -> None:
        self.address, self._code = address, code
        _functions[address] = self._python
        weakref.finalize(self, _functions.pop, address, None)


def bind(role: Role, function: Callable[..., Any]) -> Call:
    """The call of `function` in `role`: `COMMISSION` or `SLIPPAGE`.

    A function jitted by the user is compiled here for float arguments, once while it lives. Raises
    TypeError when it does not compile for them or is not callable with so many arguments.
    """
    check_callable(role, function)
    dispatcher = _dispatcher(function)
    python = getattr(function, "py_func", function)
    if dispatcher is None:
        from ctypes import PYFUNCTYPE, c_double, c_void_p, cast  # kernels hold the lock: so does it

        call = Call(role, function, python)
        thunk = PYFUNCTYPE(c_double, *[c_double] * len(role.parameters))(call._python)
        call._stand(cast(thunk, c_void_p).value or 0, thunk)
        return call
    known = dispatcher.__dict__.setdefault("_fillproof_calls", {})
    if role.name not in known:
        call = Call(role, dispatcher, python)
        number = max(_numbered, default=0) + 1
        code = _machine_code(role, dispatcher, number)
        call._compiled = True
        call._stand(code.address, code)
        _numbered[number] = known[role.name] = call
    return known[role.name]


def check_callable(role: Role, function: object) -> None:
    """TypeError unless `function` can be called with the role's parameters by position."""
    if not callable(function):
        raise TypeError(f"{role.name} must be a function {role}, not {function!r}.")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # of a compiled module that does not tell
    try:
        signature.bind(*role.parameters)
    except TypeError as error:
        raise TypeError(
            f"{role.name}: {_name(function)}{signature} cannot be called as {role}: {error}."
        ) from None


def raise_pending() -> None:
    """Raise the first error that a user's function raised since the last call of this.

    It is the user's exception with its traceback and a note of the arguments; ValueError when the
    function returned what is no number (see the roles). To be called after every step of a
    simulation that has such functions.
    """
    if _pending:
        error = _pending[0]
        _pending.clear()
        _failure[0] = 0.0
        raise error
    if _failure[0] == 0.0:
        return
    code, number, *arguments = _failure.tolist()
    _failure[0] = 0.0
    call = _numbered.get(int(number))
    if call is None:
        raise RuntimeError("A cost function failed, and is gone since.")
    arguments = arguments[: len(call.role.parameters)]
    # Compiled code cannot hand its exception over: the same call from Python raises it again.
    try:
        result = call.function(*arguments)
    except Exception as error:
        error.add_note(_called(call.role, call.function, arguments))
        raise
    if code == _NOT_A_NUMBER:
        error = _bad_result(call.role, call.function, arguments, result)
        error.add_note(_called(call.role, call.function, arguments))
        raise error
    raise RuntimeError(
        f"{_called(call.role, call.function, arguments)}: it raised an error that does not come "
        "again with the same arguments, so it cannot be shown; is it a function of anything else?"
    )


def _guarded(role: Role, function: Callable[..., Any]) -> Callable[..., float]:
    """`function` for kernels: returns a float, keeps its errors for `raise_pending`."""

    def call(*arguments: float) -> float:
        try:
            answer = function(*arguments)
            result = float(answer)
            allowed = math.isfinite(result) or (role.nan_means and math.isnan(result))
            # What is asked of a price that is not known need not be known.
            if not allowed and math.isfinite(sum(arguments)):
                raise _bad_result(role, function, arguments, answer)
        except BaseException as error:  # an interrupt by the user, too, would be lost in a kernel
            if not _pending:
                error.add_note(_called(role, function, arguments))
                _pending.append(error)
            return math.nan
        return result

    return call


def _bad_result(role: Role, function: Any, arguments: Any, result: object) -> ValueError:
    wanted = (
        f"a finite number, or NaN for {role.nan_means}" if role.nan_means else "a finite number"
    )
    return ValueError(f"{role.name}: {_name(function)} returned {result!r}, which is not {wanted}.")


def _called(role: Role, function: Any, arguments: Any) -> str:
    given = ", ".join(f"{k}={v!r}" for k, v in zip(role.parameters, arguments, strict=True))
    return f"{role.name}: the engine called {_name(function)}({given})"


def _name(function: Any) -> str:
    return getattr(function, "__name__", None) or repr(function)


def _dispatcher(function: Any) -> Any:
    """The compiler's object for a jitted function, None for others and while interpreting."""
    if not compiled():
        return None
    if isinstance(function, Kernel):
        function = function.dispatcher
    if "numba" not in sys.modules:
        return None
    from numba.core.dispatcher import Dispatcher

    return function if isinstance(function, Dispatcher) else None


def _machine_code(role: Role, dispatcher: Any, number: int) -> Any:
    """A C function of doubles around a jitted one, which notes a failure in `_failure`."""
    from numba import cfunc, types
    from numba.core.errors import NumbaError

    note = _intrinsics()[1]
    place = _failure.ctypes.data
    nan_allowed = bool(role.nan_means)

    def four(a, b, c, d):
        try:
            result = float(dispatcher(a, b, c, d))
        except Exception:
            return note(place, _RAISED, number, a, b, c, d, 0.0)
        allowed = np.isfinite(result) or (nan_allowed and np.isnan(result))
        if not allowed and np.isfinite(a + b + c + d):
            return note(place, _NOT_A_NUMBER, number, a, b, c, d, 0.0)
        return result

    def five(a, b, c, d, e):
        try:
            result = float(dispatcher(a, b, c, d, e))
        except Exception:
            return note(place, _RAISED, number, a, b, c, d, e)
        allowed = np.isfinite(result) or (nan_allowed and np.isnan(result))
        if not allowed and np.isfinite(a + b + c + d + e):
            return note(place, _NOT_A_NUMBER, number, a, b, c, d, e)
        return result

    count = len(role.parameters)
    signature = types.float64(*[types.float64] * count)
    try:
        return cfunc(signature, error_model="numpy")(four if count == 4 else five)
    except NumbaError as error:
        raise TypeError(
            f"{role.name}: {_name(dispatcher)} does not compile to a float for floats "
            f"{', '.join(role.parameters)}: {error}"
        ) from error


class _ByAddress:
    """A function that kernels call through its address; the first argument is the address."""

    def __init__(self, role: Role) -> None:
        self._role = role

    def __call__(self, address: int, *arguments: float) -> float:
        return _functions[int(address)](*[float(value) for value in arguments])

    @functools.cached_property
    def dispatcher(self) -> Any:
        """The compiler's object that calls an address; it is inlined into each kernel."""
        from numba import njit

        call = _intrinsics()[0]

        def four(address, a, b, c, d):
            return call(address, a, b, c, d)

        def five(address, a, b, c, d, e):
            return call(address, a, b, c, d, e)

        return njit(four if len(self._role.parameters) == 4 else five)

    @property
    def _numba_type_(self) -> Any:
        # How a kernel that is being compiled sees this among its globals; see `jit.Kernel`.
        from numba.core.types import Dispatcher

        return Dispatcher(self.dispatcher)


#: call_commission(address, units, price, filled, paid) -> fee; see `COMMISSION`.
call_commission: Any = _ByAddress(COMMISSION)
#: call_slippage(address, price, direction, units, volume, sigma) -> price; see `SLIPPAGE`.
call_slippage: Any = _ByAddress(SLIPPAGE)
#: call_pricing(address, what, order, size, price, entry) -> what that function says.
call_pricing: Any = _ByAddress(PRICING)


@functools.cache
def _intrinsics() -> tuple[Any, Any]:
    """What compiled code cannot say by itself: call an address; write a failure at an address."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def call(typing, address, *values):
        count = len(values[0]) if len(values) == 1 and hasattr(values[0], "types") else len(values)
        signature = types.float64(types.int64, types.StarArgTuple([types.float64] * count))

        def generate(context, builder, signature, arguments):
            number = ir.DoubleType()
            kind = ir.FunctionType(number, [number] * count).as_pointer()
            pointer = builder.inttoptr(arguments[0], kind)
            packed = [builder.extract_value(arguments[1], i) for i in range(count)]
            return builder.call(pointer, packed)

        return signature, generate

    @intrinsic
    def note(typing, address, code, number, a, b, c, d, e):
        signature = types.float64(types.int64, *[types.float64] * 7)

        def generate(context, builder, signature, arguments):
            place = builder.inttoptr(arguments[0], ir.DoubleType().as_pointer())
            nothing = ir.Constant(ir.DoubleType(), 0.0)
            with builder.if_then(builder.fcmp_ordered("==", builder.load(place), nothing)):
                for i, value in enumerate(arguments[1:]):
                    index = ir.Constant(ir.IntType(64), i)
                    builder.store(value, builder.gep(place, [index]))
            return ir.Constant(ir.DoubleType(), math.nan)

        return signature, generate

    return call, note
