"""Functions called many times, and their results side by side."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..unsupported import missing
from . import reshape_fns


def _counted(n: int, show_progress: bool, tqdm_kwargs: dict | None):
    if not show_progress:
        return range(n)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise missing("show_progress=True", "Install tqdm.") from None
    return tqdm(range(n), **(tqdm_kwargs or {}))


def apply_and_concat_none(
    n: int, apply_func, *args, show_progress: bool = False, tqdm_kwargs=None, **kwargs
) -> None:
    """`apply_func(i, *args, **kwargs)` for i from 0 to n - 1, for what it does to its arguments."""
    for i in _counted(n, show_progress, tqdm_kwargs):
        apply_func(i, *args, **kwargs)


def apply_and_concat_one(
    n: int, apply_func, *args, show_progress: bool = False, tqdm_kwargs=None, **kwargs
) -> np.ndarray:
    """`apply_func(i, *args, **kwargs)` for i from 0 to n - 1, the results' columns side by side."""
    numbers = _counted(n, show_progress, tqdm_kwargs)
    return np.column_stack([reshape_fns.to_2d(apply_func(i, *args, **kwargs)) for i in numbers])


def apply_and_concat_multiple(
    n: int, apply_func, *args, show_progress: bool = False, tqdm_kwargs=None, **kwargs
) -> list[np.ndarray]:
    """As `apply_and_concat_one`, for a function that returns several arrays."""
    numbers = _counted(n, show_progress, tqdm_kwargs)
    return _side_by_side([apply_func(i, *args, **kwargs) for i in numbers])


def _side_by_side(results: list) -> list[np.ndarray]:
    tables = [[reshape_fns.to_2d(array) for array in arrays] for arrays in results]
    return [np.column_stack(group) for group in zip(*tables, strict=False)]


def select_and_combine(i: int, obj, others, combine_func, *args, **kwargs):
    """`obj` with one of the others."""
    return combine_func(obj, others[i], *args, **kwargs)


def combine_and_concat(obj, others, combine_func, *args, **kwargs) -> np.ndarray:
    """`obj` with each of the others, the results' columns side by side."""
    return apply_and_concat_one(
        len(others), select_and_combine, obj, others, combine_func, *args, **kwargs
    )


def combine_multiple(objs, combine_func, *args, **kwargs):
    """The first with the second, the result with the third, and so on."""
    return functools.reduce(lambda a, b: combine_func(a, b, *args, **kwargs), objs)


# In other processes


def ray_apply(
    n: int,
    apply_func,
    *args,
    ray_force_init: bool = False,
    ray_func_kwargs: dict | None = None,
    ray_init_kwargs: dict | None = None,
    ray_shutdown: bool = False,
    **kwargs,
) -> list:
    """`apply_func(i, *args, **kwargs)` for i from 0 to n - 1, by Ray."""
    try:
        import ray  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise missing("use_ray=True", "Install ray.") from None
    if ray_force_init and ray.is_initialized():
        ray.shutdown()
    if not ray.is_initialized():
        ray.init(**(ray_init_kwargs or {}))
    options = ray_func_kwargs or {}
    remote = ray.remote(**options)(apply_func) if options else ray.remote(apply_func)
    shared = [ray.put(value) for value in args]
    named = {name: ray.put(value) for name, value in kwargs.items()}
    results = ray.get([remote.remote(i, *shared, **named) for i in range(n)])
    if ray_shutdown:
        ray.shutdown()
    return results


def apply_and_concat_one_ray(*args, **kwargs) -> np.ndarray:
    """`apply_and_concat_one` by Ray."""
    return np.column_stack([reshape_fns.to_2d(array) for array in ray_apply(*args, **kwargs)])


def apply_and_concat_multiple_ray(*args, **kwargs) -> list[np.ndarray]:
    """`apply_and_concat_multiple` by Ray."""
    return _side_by_side(ray_apply(*args, **kwargs))


def combine_and_concat_ray(obj, others, combine_func, *args, **kwargs) -> np.ndarray:
    """`combine_and_concat` by Ray."""
    return apply_and_concat_one_ray(
        len(others), select_and_combine, obj, others, combine_func, *args, **kwargs
    )


# Compiled: each function of a script makes another copy, and what unrolls tuples is the
# compiler's own; so they are made when the first of them is asked for.


@functools.cache
def _compiled() -> dict[str, Any]:
    from numba import literal_unroll, njit

    @njit
    def to_2d_one_nb(a):
        if a.ndim > 1:
            return a
        return np.expand_dims(a, axis=1)

    @njit
    def to_2d_multiple_nb(a):
        out = []
        for one in literal_unroll(a):
            out.append(to_2d_one_nb(one))  # noqa: PERF401 - for the compiler
        return out

    @njit
    def apply_and_concat_none_nb(n, apply_func_nb, *args):
        for i in range(n):
            apply_func_nb(i, *args)

    @njit
    def apply_and_concat_one_nb(n, apply_func_nb, *args):
        first = to_2d_one_nb(apply_func_nb(0, *args))
        width = first.shape[1]
        out = np.empty((first.shape[0], n * width), first.dtype)
        for i in range(n):
            part = first if i == 0 else to_2d_one_nb(apply_func_nb(i, *args))
            out[:, i * width : (i + 1) * width] = part
        return out

    @njit
    def apply_and_concat_multiple_nb(n, apply_func_nb, *args):
        first = to_2d_multiple_nb(apply_func_nb(0, *args))
        out = []
        for one in first:
            out.append(np.empty((one.shape[0], n * one.shape[1]), one.dtype))  # noqa: PERF401
        for i in range(n):
            parts = first if i == 0 else to_2d_multiple_nb(apply_func_nb(i, *args))
            for k in range(len(parts)):
                width = parts[k].shape[1]
                out[k][:, i * width : (i + 1) * width] = parts[k]
        return out

    @njit
    def select_and_combine_nb(i, obj, others, combine_func_nb, *args):
        return combine_func_nb(obj, others[i], *args)

    @njit
    def combine_and_concat_nb(obj, others, combine_func_nb, *args):
        return apply_and_concat_one_nb(
            len(others), select_and_combine_nb, obj, others, combine_func_nb, *args
        )

    @njit
    def combine_multiple_nb(objs, combine_func_nb, *args):
        out = objs[0]
        first = True
        for one in literal_unroll(objs):
            if first:
                first = False
            else:
                out = combine_func_nb(out, one, *args)
        return out

    return {name: kernel for name, kernel in locals().items() if name.endswith("_nb")}


def __getattr__(name: str) -> Any:
    if name.endswith("_nb") and name in _compiled():
        return _compiled()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
