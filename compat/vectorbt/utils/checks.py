"""Questions about arguments, and the assertions that are made of them."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Hashable, Mapping
from keyword import iskeyword
from typing import Any, cast

import numpy as np
import pandas as pd

from ....core.jit import Kernel


def is_np_array(arg) -> bool:
    return isinstance(arg, np.ndarray)


def is_series(arg) -> bool:
    return isinstance(arg, pd.Series)


def is_index(arg) -> bool:
    return isinstance(arg, pd.Index)


def is_frame(arg) -> bool:
    return isinstance(arg, pd.DataFrame)


def is_pandas(arg) -> bool:
    return isinstance(arg, (pd.Series, pd.DataFrame))


def is_any_array(arg) -> bool:
    return isinstance(arg, (np.ndarray, pd.Series, pd.DataFrame))


def _to_any_array(arg) -> Any:
    return arg if is_any_array(arg) else np.asarray(arg)


def is_sequence(arg) -> bool:
    """Whether `arg` has a length and can be sliced."""
    try:
        len(arg)
        arg[0:0]
    except TypeError:
        return False
    return True


def is_iterable(arg) -> bool:
    try:
        iter(arg)
    except TypeError:
        return False
    return True


def is_numba_func(arg, func_suffix: str = "_nb") -> bool:
    """Whether `arg` is a compiled function (or counts as one, where compiling is off)."""
    from .._settings import settings

    numba = settings["numba"]
    if not numba["check_func_type"]:
        return True
    if os.environ.get("NUMBA_DISABLE_JIT") == "1" and (
        not numba["check_func_suffix"] or arg.__name__.endswith(func_suffix)
    ):
        return True
    if isinstance(arg, Kernel):
        return True
    if "numba" not in sys.modules:
        return False
    from numba.core.registry import CPUDispatcher

    return isinstance(arg, CPUDispatcher)


def is_rust_func(arg, func_suffix: str = "_rs") -> bool:
    """Whether `arg` says by its name that it is compiled from Rust."""
    from .._settings import settings

    numba = settings["numba"]
    if not numba["check_func_type"]:
        return True
    if not callable(arg):
        return False
    named = getattr(arg, "__name__", "").endswith(func_suffix)
    if numba["check_func_suffix"] and not named:
        return False
    return named or getattr(arg, "__module__", "").startswith("vectorbt_rust")


def is_engine_dispatch_func(arg, func_suffix: str | None = None) -> bool:
    """Whether `arg` chooses between engines by an argument `engine`."""
    if not callable(arg):
        return False
    if func_suffix is not None and not getattr(arg, "__name__", "").endswith(func_suffix):
        return False
    module = getattr(arg, "__module__", "")
    return module.endswith(".dispatch") and func_accepts_arg(arg, "engine")


def is_engine_compatible_func(
    func, engine: str | None = None, func_suffix: str | None = None
) -> bool:
    """Whether `func` can be used with the engine asked for."""
    from .._settings import settings

    engine = settings["engine"] if engine is None else engine
    if engine not in ("auto", "numba", "rust"):
        raise ValueError(f"engine={engine!r} is unknown; choose from auto, numba, rust")
    return (
        (engine in ("auto", "numba") and is_numba_func(func))
        or (engine in ("auto", "rust") and is_rust_func(func))
        or is_engine_dispatch_func(func, func_suffix=func_suffix)
    )


def is_hashable(arg) -> bool:
    if not isinstance(arg, Hashable):
        return False
    try:
        hash(arg)
    except TypeError:
        return False
    return True


def is_index_equal(arg1, arg2, strict: bool = True) -> bool:
    """Whether two indexes have the same labels and (`strict`) the same names."""
    if strict:
        multi = isinstance(arg1, pd.MultiIndex)
        if multi != isinstance(arg2, pd.MultiIndex):
            return False
        if (arg1.names != arg2.names) if multi else (arg1.name != arg2.name):
            return False
    return pd.Index.equals(arg1, arg2)


def is_default_index(arg) -> bool:
    """Whether `arg` is unnamed and counts 0, 1, 2, ..."""
    return (
        not isinstance(arg, pd.MultiIndex)
        and arg.name is None
        and pd.Index.equals(arg, pd.RangeIndex(len(arg)))
    )


def is_namedtuple(x) -> bool:
    kind = type(x)
    fields = getattr(kind, "_fields", None)
    return (
        kind.__bases__ == (tuple,)
        and isinstance(fields, tuple)
        and all(type(name) is str for name in fields)
    )


def func_accepts_arg(func, arg_name: str, arg_kind=None) -> bool:
    """Whether `func` has a parameter of that name: `x`, `*args` or `**kwargs`."""
    parameters = inspect.signature(func).parameters.values()
    if arg_kind is not None:
        kinds = (arg_kind,) if isinstance(arg_kind, int) else arg_kind
    elif arg_name.startswith("**"):
        arg_name, kinds = arg_name[2:], (inspect.Parameter.VAR_KEYWORD,)
    elif arg_name.startswith("*"):
        arg_name, kinds = arg_name[1:], (inspect.Parameter.VAR_POSITIONAL,)
    else:
        kinds = (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        )
    return any(p.name == arg_name and p.kind in kinds for p in parameters)


def is_equal(arg1, arg2, equality_func=lambda x, y: x == y) -> bool:
    """Whether `equality_func` says so; False where it raises."""
    try:
        return equality_func(arg1, arg2)
    except Exception:
        return False


_CODE = ("co_code", "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars",
         "co_argcount", "co_kwonlyargcount", "co_posonlyargcount", "co_flags")  # fmt: skip


def _same_function(a, b) -> bool:
    """Whether two functions do the same: code, defaults and what they captured."""
    if a is b:
        return True
    if not (hasattr(a, "__code__") and hasattr(b, "__code__")):
        return False
    if any(getattr(a.__code__, name) != getattr(b.__code__, name) for name in _CODE):
        return False
    if a.__defaults__ != b.__defaults__ or a.__kwdefaults__ != b.__kwdefaults__:
        return False
    captured = [[c.cell_contents for c in f.__closure__ or ()] for f in (a, b)]
    return captured[0] == captured[1]


def is_deep_equal(arg1, arg2, check_exact: bool = False, **kwargs) -> bool:
    """Whether two objects have the same type and contents; floats may differ by 1e-7 relative,
    unless `check_exact`. `kwargs`: for the assertions of pandas and NumPy that accept them.
    """
    try:
        return _deep_equal(arg1, arg2, check_exact, kwargs)
    except Exception:
        return False


def _accepted(function, kwargs: dict) -> dict:
    return {k: v for k, v in kwargs.items() if func_accepts_arg(function, k)}


def _deep_equal(a: Any, b: Any, check_exact: bool, kwargs: dict) -> bool:
    if type(a) is not type(b):
        return False
    checks: tuple[tuple[type, Any], ...] = (
        (pd.Series, pd.testing.assert_series_equal),
        (pd.DataFrame, pd.testing.assert_frame_equal),
        (pd.Index, pd.testing.assert_index_equal),
    )
    for kind, check in checks:
        if isinstance(a, kind):
            a, b = cast(Any, a), cast(Any, b)
            try:
                check(a, b, check_exact=check_exact, **_accepted(check, kwargs))
            except AssertionError:
                return False
            return True
    if isinstance(a, np.ndarray):
        return _equal_arrays(a, b, check_exact, kwargs)
    if isinstance(a, (tuple, list)):
        return all(is_deep_equal(a[i], b[i], **kwargs) for i in range(len(a)))
    if isinstance(a, dict):
        return all(is_deep_equal(v, b[k], **kwargs) for k, v in a.items())
    try:
        if a == b:
            return True
    except Exception:
        pass
    if callable(a) and callable(b):
        return _same_function(a, b)
    from .config import dump_object

    return dump_object(a) == dump_object(b)


def _equal_arrays(a: np.ndarray, b: np.ndarray, check_exact: bool, kwargs: dict) -> bool:
    if a.dtype != b.dtype:
        return False
    pairs = [(a, b)] if a.dtype.names is None else [(a[n], b[n]) for n in a.dtype.names]
    for check in (np.testing.assert_array_equal, np.testing.assert_allclose):
        accepted = _accepted(check, kwargs)
        try:
            for x, y in pairs:
                check(x, y, **accepted)
        except AssertionError:
            if check_exact:
                return False
            continue
        return True
    return False


def is_subclass_of(arg, types) -> bool:
    """Whether the class `arg` is one of `types` (classes or their names, alone or in a tuple)."""
    if isinstance(types, type):
        return issubclass(arg, types)
    if isinstance(types, str):
        return any(types in (str(base), base.__name__) for base in inspect.getmro(arg))
    if isinstance(types, tuple):
        return any(is_subclass_of(arg, kind) for kind in types)
    return False


def is_instance_of(arg, types) -> bool:
    """Whether `arg` is of one of `types` (classes or their names, alone or in a tuple)."""
    return is_subclass_of(type(arg), types)


def is_mapping(arg) -> bool:
    return isinstance(arg, Mapping)


def is_mapping_like(arg) -> bool:
    return is_mapping(arg) or is_series(arg) or is_index(arg) or is_namedtuple(arg)


def is_valid_variable_name(arg: str) -> bool:
    return arg.isidentifier() and not iskeyword(arg)


# Assertions: AssertionError where the answer is no


def safe_assert(arg, msg: str | None = None) -> None:
    if not arg:
        raise AssertionError(msg)


def assert_in(arg1, arg2) -> None:
    safe_assert(arg1 in arg2, f"{arg1!r} is none of {arg2}")


def assert_numba_func(func) -> None:
    safe_assert(is_numba_func(func), f"{func} is not compiled: decorate it with numba.njit")


def assert_rust_func(func) -> None:
    safe_assert(is_rust_func(func), f"{func} is not a function of the Rust engine")


def assert_engine_func(func, engine: str | None = None, func_suffix: str | None = None) -> None:
    fits = is_engine_compatible_func(func, engine=engine, func_suffix=func_suffix)
    safe_assert(fits, f"{func} cannot be used with engine={engine!r}")


def assert_not_none(arg) -> None:
    safe_assert(arg is not None, "an argument that must be given is None")


def assert_instance_of(arg, types) -> None:
    if not is_instance_of(arg, types):
        raise AssertionError(f"expected {_names(types)}, got {type(arg).__name__}: {arg!r:.200}")


def assert_subclass_of(arg, classes) -> None:
    safe_assert(is_subclass_of(arg, classes), f"{arg} is no subclass of {_names(classes)}")


def _names(types) -> str:
    kinds = types if isinstance(types, tuple) else (types,)
    return " or ".join(kind if isinstance(kind, str) else kind.__name__ for kind in kinds)


def assert_type_equal(arg1, arg2) -> None:
    safe_assert(type(arg1) is type(arg2), f"types differ: {type(arg1)} and {type(arg2)}")


def _dtypes(arg) -> np.ndarray:
    array = _to_any_array(arg)
    return array.dtypes.to_numpy() if is_frame(array) else np.array([array.dtype], dtype=object)


def assert_dtype(arg, dtype) -> None:
    for n, kind in enumerate(_dtypes(arg)):
        safe_assert(kind == dtype, f"column {n} has dtype {kind}, not {dtype}")


def assert_subdtype(arg, dtype) -> None:
    for n, kind in enumerate(_dtypes(arg)):
        safe_assert(np.issubdtype(kind, dtype), f"column {n} has dtype {kind}, no {dtype}")


def assert_dtype_equal(arg1, arg2) -> None:
    a, b = _dtypes(arg1), _dtypes(arg2)
    if len(a) == len(b):
        same = all(x == y for x, y in zip(a, b, strict=True))
    else:
        same = len({*a, *b}) == 1
    safe_assert(same, f"dtypes differ: {a} and {b}")


def assert_ndim(arg, ndims) -> None:
    ndim = _to_any_array(arg).ndim
    allowed = ndims if isinstance(ndims, tuple) else (ndims,)
    safe_assert(ndim in allowed, f"the array has {ndim} dimensions, not {ndims}")


def assert_len_equal(arg1, arg2) -> None:
    safe_assert(len(arg1) == len(arg2), f"lengths differ: {len(arg1)} and {len(arg2)}")


def assert_shape_equal(arg1, arg2, axis=None) -> None:
    a, b = _to_any_array(arg1).shape, _to_any_array(arg2).shape
    if axis is None:
        safe_assert(a == b, f"shapes differ: {a} and {b}")
        return
    m, n = axis if isinstance(axis, tuple) else (axis, axis)
    safe_assert(a[m] == b[n], f"axis {m} of shape {a} and axis {n} of shape {b} differ")


def assert_index_equal(arg1, arg2, **kwargs) -> None:
    safe_assert(is_index_equal(arg1, arg2, **kwargs), f"labels differ: {arg1} and {arg2}")


def assert_meta_equal(arg1, arg2) -> None:
    """Same type, same shape, same labels."""
    a, b = _to_any_array(arg1), _to_any_array(arg2)
    assert_type_equal(a, b)
    assert_shape_equal(a, b)
    if is_pandas(a):
        assert_index_equal(a.index, b.index)
        if is_frame(a):
            assert_index_equal(a.columns, b.columns)


def assert_array_equal(arg1, arg2) -> None:
    a, b = _to_any_array(arg1), _to_any_array(arg2)
    assert_meta_equal(a, b)
    same = a.equals(b) if is_pandas(a) else np.array_equal(a, b)
    safe_assert(same, f"arrays differ: {a} and {b}")


def assert_level_not_exists(arg: pd.Index, level_name) -> None:
    safe_assert(level_name not in arg.names, f"level {level_name!r} is there: {list(arg.names)}")


def assert_equal(arg1, arg2, deep: bool = False) -> None:
    same = is_deep_equal(arg1, arg2) if deep else is_equal(arg1, arg2)
    safe_assert(same, f"{arg1} and {arg2} differ")


def assert_dict_valid(arg, lvl_keys) -> None:
    """The keys of `arg` are among the first of `lvl_keys`, those of its dicts among the next."""
    if not arg or not lvl_keys:
        return
    levels = [lvl_keys] if isinstance(lvl_keys[0], str) else lvl_keys
    unknown = set(arg) - set(levels[0])
    safe_assert(not unknown, f"unknown keys {sorted(map(str, unknown))}; known: {levels[0]}")
    for value in arg.values():
        if isinstance(value, dict):
            assert_dict_valid(value, levels[1:])


def assert_dict_sequence_valid(arg, lvl_keys) -> None:
    for one in [arg] if arg is None or isinstance(arg, dict) else arg:
        assert_dict_valid(one, lvl_keys)


def assert_sequence(arg) -> None:
    if not is_sequence(arg):
        raise ValueError(f"{arg!r} is no sequence")


def assert_iterable(arg) -> None:
    if not is_iterable(arg):
        raise ValueError(f"{arg!r} cannot be iterated over")
