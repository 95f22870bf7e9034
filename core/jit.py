"""The one place that decides how kernels run: compiled (and how), or as plain Python.

Importing the compiler and loading cached machine code takes longer than a few hundred bars take in
plain Python, so a small run stays interpreted. Both ways run the same source over the same arrays
and give the same bits; a test compares them.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

__all__ = [
    "FEW_CELLS",
    "SMALL",
    "STEPS",
    "STRICT",
    "Intrinsic",
    "Kernel",
    "compiled",
    "njit",
    "prefer",
    "threads_for",
]

#: Up to this many bars times assets a `Simulation` begins interpreted when the compiler is not
#: loaded yet: about where interpreting the indicators of a script costs as much as loading it.
SMALL = 20_000

#: So many steps of simulations run interpreted, then the compiler is loaded after all: a bar in
#: which orders are sent and filled takes fifty times as long interpreted.
STEPS = 1_500

#: How every kernel compiles. Floating point is strict (no `fastmath`): a reordered sum can change
#: whether an order is accepted. Division follows IEEE (1/0 is inf) since a kernel must not raise.
#: What would let C code call a kernel is left out: machine code that nobody calls.
STRICT = {
    "cache": True,
    "parallel": False,
    "error_model": "numpy",
    "inline": "never",
    "no_cfunc_wrapper": True,
}

_interpreting = False
_steps_left: float = STEPS
_announced = False


def prefer(work: int) -> None:
    """Choose how kernels run from now on, for a job of `work` bars times assets.

    Compiled, unless the job is small and nothing has loaded the compiler; what takes more than
    `STEPS` steps then goes on compiled: see `Simulation._follow_mode`. `FILLPROOF_JIT=1` always
    compiles, `FILLPROOF_JIT=0` never (as does `NUMBA_DISABLE_JIT=1`: for debuggers).
    """
    global _interpreting, _steps_left
    wish = os.environ.get("FILLPROOF_JIT", "")
    disabled = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    if disabled or wish == "0":
        _interpreting, _steps_left = True, math.inf
    elif wish == "1":
        _interpreting = False
    else:
        _interpreting = work <= SMALL and "numba" not in sys.modules
        _steps_left = min(_steps_left, STEPS)


def note_step() -> None:
    """A simulation takes an interpreted step: the last one for which that pays changes over."""
    global _interpreting, _steps_left
    _steps_left -= 1
    if _steps_left < 0:
        _interpreting = False


def compiled() -> bool:
    """Whether kernels run compiled at the moment."""
    return not _interpreting


class Kernel:
    """A function that compiles when it is first needed; see `njit`."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self._dispatcher: Any = None

    @property
    def chosen(self) -> Any:
        """What a call runs at the moment: for callers that call very often."""
        return self.py_func if _interpreting else self.dispatcher

    @property
    def dispatcher(self) -> Any:
        """The compiler's object for this function; the function itself when JIT is disabled."""
        if self._dispatcher is None:
            from numba import njit as numba_njit

            _leave_scipy()
            self._dispatcher = numba_njit(self.py_func, **self._options)
            _cache_by_sources(self._dispatcher)
            _load_late(self._dispatcher)
            _widen_arguments(self._dispatcher)
            if self._options["cache"]:
                _share_with_read_only(self._dispatcher)
            _announce(self._dispatcher)
        return self._dispatcher

    @property
    def _numba_type_(self) -> Any:
        # How a kernel that is being compiled sees another one among its globals.
        from numba.core.types import Dispatcher

        return Dispatcher(self.dispatcher)

    def __reduce__(self) -> str:
        # By name: so the cache knows the kernels that a kernel was made for (in its closure).
        return self.py_func.__qualname__

    def __call__(self, *arguments: Any) -> Any:
        if _interpreting:
            return self.py_func(*arguments)
        return self.dispatcher(*arguments)


def njit(
    function=None,
    *,
    parallel: bool = False,
    inline: str = "never",
    forceinline: bool = False,
    cache: bool = True,
) -> Any:
    """Declare a kernel: compiled on first use and cached on disk, or interpreted (see `prefer`).

    `parallel` lets `prange` loops use every core. `forceinline`: for what is short, or called in
    one place, on the way of each order: the call costs more than it does. `cache`: off for what
    takes the user's functions as arguments, as each makes another copy. See `STRICT` for the rest.
    """
    options = STRICT | {"parallel": parallel, "inline": inline, "cache": cache}
    if forceinline:
        options["forceinline"] = True
    if function is None:
        return lambda wrapped: Kernel(wrapped, options)
    return Kernel(function, options)


#: So little work (cells of a matrix) is done before another thread has woken up.
FEW_CELLS = 100_000


@contextlib.contextmanager
def threads_for(cells: int) -> Iterator[None]:
    """Inside, `parallel` kernels run on this thread alone if there are few cells to compute.

    Threads that have nothing to do wait for each other busily: on a machine that is loaded a tiny
    kernel would take milliseconds.
    """
    if cells >= FEW_CELLS or _interpreting:
        yield
        return
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)


class Intrinsic:
    """Something that kernels use and that is not to be imported before they do.

    make: imports and returns it, when the first kernel that uses it compiles or, interpreted,
    calls it. What is the compiler's own cannot be called so.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @functools.cached_property
    def _made(self) -> Any:
        return self._make()

    def __call__(self, *arguments: Any) -> Any:
        return self._made(*arguments)

    @property
    def _numba_type_(self) -> Any:
        from numba.core.registry import cpu_target

        made = self._made
        context: Any = cpu_target.typing_context
        context.refresh()  # by what was imported just now
        return context.resolve_value_type(made)


@functools.cache
def _leave_scipy() -> None:
    """Have the compiler import what looks for linear algebra without SciPy.

    It would import all of that only to find out whether there is any, which no kernel uses: much of
    the time that loading takes, and 16 MB. Whoever uses it imports it then.
    """
    import warnings
    from importlib.util import find_spec

    # Of a user's function that a kernel hands on among other arguments: it is called directly.
    warnings.filterwarnings("ignore", "First-class function type feature is experimental")
    from numba.np import linalg

    check = getattr(linalg, "ensure_blas", None)
    if check is None or find_spec("scipy") is None:
        return
    linalg.ensure_blas = lambda: None
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        linalg.ensure_blas = check


def _load_late(dispatcher: Any) -> None:
    """Take machine code from the cache without what the compiler needs to make some.

    That is types, rules and lowerings of all that it knows: as much time again as its import takes.
    It loads them by itself when it does compile.
    """
    cache: Any = getattr(dispatcher, "_cache", None)
    own = ("_load_overload", "_guard_against_spurious_io_errors")
    if not all(hasattr(cache, name) for name in own):
        return
    from numba.core.runtime.nrt import rtsys

    def load_overload(signature: Any, target: Any) -> Any:
        rtsys.initialize(target)  # machine code allocates through it
        with cache._guard_against_spurious_io_errors():
            return cache._load_overload(signature, target)

    cache.load_overload = load_overload


def _cache_by_sources(dispatcher: Any) -> None:
    """Make cached code stale when any file that the kernel's module imports changes.

    The compiler looks at the file of the outermost function only: machine code that has inlined a
    kernel of another file would outlive a change there, and trade by rules that are gone.
    """
    cache = getattr(dispatcher, "_cache", None)
    if cache is not None and hasattr(cache, "_cache_file"):
        cache._cache_file._source_stamp = _source_stamp(dispatcher.py_func.__code__.co_filename)


def _widen_arguments(dispatcher: Any) -> None:
    """Let kernels call each other with plain booleans and 64-bit integers only.

    The compiler would make a copy of a kernel for each constant and each width that it is called
    with: of one that takes three flags, eight copies.
    """
    from numba import types

    def widened(kind: Any) -> Any:
        if isinstance(kind, types.IntegerLiteral | types.BooleanLiteral):
            kind = types.unliteral(kind)
        narrow = isinstance(kind, types.Integer) and getattr(kind, "bitwidth", 64) < 64
        return types.int64 if narrow else kind

    find = getattr(dispatcher, "get_call_template", None)
    if find is None:  # compiling is switched off
        return

    def get_call_template(args: Any, kws: Any) -> Any:
        return find([widened(a) for a in args], {name: widened(a) for name, a in kws.items()})

    dispatcher.get_call_template = get_call_template


def _share_with_read_only(dispatcher: Any) -> None:
    """Run the same machine code for arrays that are read-only, as tables give them out.

    The compiler would make a copy of a kernel for each choice of its arrays that are. Kernels that
    take the user's functions still do: these may not write where the user must not.
    """
    compile_for = getattr(dispatcher, "_compile_for_args", None)
    if compile_for is None:  # compiling is switched off
        return
    import numpy as np
    from numba import types

    def compile_for_args(*arguments: Any) -> Any:
        if not any(isinstance(a, np.ndarray) and not a.flags.writeable for a in arguments):
            return compile_for(*arguments)
        kinds = [dispatcher.typeof_pyval(a) for a in arguments]
        shared = [k.copy(readonly=False) if isinstance(k, types.Array) else k for k in kinds]
        entry = dispatcher.compile(tuple(shared))
        dispatcher._insert([kind._code for kind in kinds], entry, False)
        return entry

    dispatcher._compile_for_args = compile_for_args


def _announce(dispatcher: Any) -> None:
    """Say once, on a terminal, why nothing seems to happen: kernels are not in the cache yet."""
    global _announced
    if _announced or not sys.stderr.isatty():
        return
    cache = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    try:
        known = cache is not None and cache._load_index()
    except OSError:
        known = False
    if not known:
        _announced = True
        print(
            "fillproof: compiling kernels for this machine, once; later runs find them on disk.",
            file=sys.stderr,
        )


@functools.cache
def _source_stamp(file: str) -> tuple[str, ...]:
    """Name, time and size of a module's file and of all that it imports relatively."""
    found: dict[Path, str] = {}
    todo = [Path(file)]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        try:
            stat, text = path.stat(), path.read_text(encoding="utf-8")
        except OSError:
            continue  # a name, not a module
        found[path] = f"{path.name}:{stat.st_mtime_ns}:{stat.st_size}"
        for dots, module, names in _RELATIVE_IMPORT.findall(text):
            folder = path.parents[len(dots) - 1].joinpath(*module.split("."))
            todo += [folder.with_suffix(".py"), folder / "__init__.py"]
            if not module:
                todo += [folder / f"{n.split()[0]}.py" for n in names.split(",") if n.strip()]
    return tuple(found[path] for path in sorted(found))


_RELATIVE_IMPORT = re.compile(r"^ *from (\.+)([\w.]*) import \(?([^()\n]*)", re.MULTILINE)


def __getattr__(name: str) -> Any:
    if name == "prange":
        from numba import prange

        return prange
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
