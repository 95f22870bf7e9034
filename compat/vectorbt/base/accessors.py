"""`.vbt` on Series and DataFrames: labels, shapes, combining, and operators that broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..utils import checks
from ..utils.config import get_func_arg_names, merge_dicts
from ..utils.decorators import (
    attach_binary_magic_methods,
    attach_unary_magic_methods,
    class_or_instancemethod,
)
from . import combine_fns, index_fns, reshape_fns
from .array_wrapper import ArrayWrapper, Wrapping
from .column_grouper import ColumnGrouper

_WRAPPER_ARGUMENTS = {
    name
    for cls in (ArrayWrapper, ColumnGrouper)
    for name in get_func_arg_names(cls.__init__)
    if name != "self"
}


def _object(value):
    """What an accessor is about; anything else as it is."""
    return value.obj if isinstance(value, BaseAccessor) else value


@attach_binary_magic_methods(
    lambda self, other, np_func: self.combine(other, allow_multiple=False, combine_func=np_func)
)
@attach_unary_magic_methods(lambda self, np_func: self.apply(apply_func=np_func))
class BaseAccessor(Wrapping):
    """What is the same for Series and DataFrames; `kwargs` are for the wrapper.

    Operators broadcast as NumPy does and calculate with arrays.
    """

    def __init__(self, obj, wrapper: ArrayWrapper | None = None, **kwargs) -> None:
        checks.assert_instance_of(obj, (pd.Series, pd.DataFrame))
        self._obj = obj
        of_wrapper = {k: kwargs.pop(k) for k in list(kwargs) if k in _WRAPPER_ARGUMENTS}
        if wrapper is None:
            wrapper = ArrayWrapper.from_obj(obj, **of_wrapper)
        elif of_wrapper:
            wrapper = wrapper.replace(**of_wrapper)
        Wrapping.__init__(self, wrapper, obj=obj, **kwargs)

    def __call__(self, **kwargs) -> Any:
        """The accessor with other arguments."""
        return self.replace(**kwargs)

    @property
    def sr_accessor_cls(self) -> type[BaseSRAccessor]:
        return BaseSRAccessor

    @property
    def df_accessor_cls(self) -> type[BaseDFAccessor]:
        return BaseDFAccessor

    def indexing_func(self, pd_indexing_func, **kwargs) -> Any:
        wrapper, rows, _, cols = self.wrapper.indexing_func_meta(pd_indexing_func, **kwargs)
        obj = wrapper.wrap(self.to_2d_array()[rows, :][:, cols], group_by=False)
        kind = self.sr_accessor_cls if checks.is_series(obj) else self.df_accessor_cls
        return self.replace(cls_=kind, obj=obj, wrapper=wrapper)

    @property
    def obj(self) -> Any:
        """The Series or DataFrame."""
        return self._obj

    @class_or_instancemethod
    def is_series(cls_or_self) -> bool:
        raise NotImplementedError

    @class_or_instancemethod
    def is_frame(cls_or_self) -> bool:
        raise NotImplementedError

    # New ones

    @classmethod
    def empty(cls, shape, fill_value=np.nan, **kwargs) -> Any:
        """A Series or table of one value."""
        kind = pd.DataFrame if isinstance(shape, tuple) and len(shape) > 1 else pd.Series
        return kind(np.full(shape, fill_value), **kwargs)

    @classmethod
    def empty_like(cls, other, fill_value=np.nan, **kwargs) -> Any:
        """A Series or table of one value with the labels of another."""
        if checks.is_series(other):
            labels = {"index": other.index, "name": other.name}
        else:
            labels = {"index": other.index, "columns": other.columns}
        return cls.empty(other.shape, fill_value=fill_value, **labels, **kwargs)

    # Labels

    def apply_on_index(self, apply_func, *args, axis: int = 1, inplace: bool = False, **kwargs):
        """With other columns (axis 1) or index (axis 0): what `apply_func` makes of them."""
        checks.assert_in(axis, (0, 1))
        name = "columns" if axis == 1 else "index"
        labels = apply_func(getattr(self.wrapper, name), *args, **kwargs)
        obj = self.obj if inplace else self.obj.copy()
        setattr(obj, name, labels)
        return None if inplace else obj

    def stack_index(self, index, on_top: bool = True, axis: int = 1, inplace=False, **kwargs):
        """With more levels, on top or below; see `index_fns.stack_indexes`."""
        return self.apply_on_index(
            lambda own: index_fns.stack_indexes([index, own] if on_top else [own, index], **kwargs),
            axis=axis,
            inplace=inplace,
        )

    def drop_levels(self, levels, axis: int = 1, inplace: bool = False, strict: bool = True):
        return self.apply_on_index(
            index_fns.drop_levels, levels, strict=strict, axis=axis, inplace=inplace
        )

    def rename_levels(self, name_dict, axis: int = 1, inplace: bool = False, strict: bool = True):
        return self.apply_on_index(
            index_fns.rename_levels, name_dict, strict=strict, axis=axis, inplace=inplace
        )

    def select_levels(self, level_names, axis: int = 1, inplace: bool = False):
        return self.apply_on_index(index_fns.select_levels, level_names, axis=axis, inplace=inplace)

    def drop_redundant_levels(self, axis: int = 1, inplace: bool = False):
        return self.apply_on_index(index_fns.drop_redundant_levels, axis=axis, inplace=inplace)

    def drop_duplicate_levels(self, keep: str | None = None, axis: int = 1, inplace=False):
        return self.apply_on_index(
            index_fns.drop_duplicate_levels, keep=keep, axis=axis, inplace=inplace
        )

    # Shapes

    def to_1d_array(self) -> np.ndarray:
        return reshape_fns.to_1d_array(self.obj)

    def to_2d_array(self) -> np.ndarray:
        return reshape_fns.to_2d_array(self.obj)

    def tile(self, n: int, keys=None, axis: int = 1, wrap_kwargs: dict | None = None):
        """All columns (axis 1) or rows (axis 0) `n` times, with `keys` as a level on top."""
        tiled = reshape_fns.tile(self.obj, n, axis=axis)
        return self._keyed(tiled, keys, axis, True, wrap_kwargs)

    def repeat(self, n: int, keys=None, axis: int = 1, wrap_kwargs: dict | None = None):
        """Each column (axis 1) or row (axis 0) `n` times, with `keys` as a level below."""
        repeated = reshape_fns.repeat(self.obj, n, axis=axis)
        return self._keyed(repeated, keys, axis, False, wrap_kwargs)

    def _keyed(self, obj, keys, axis: int, on_top: bool, wrap_kwargs):
        if keys is None:
            return obj
        name = "columns" if axis == 1 else "index"
        own = getattr(self.wrapper, name)
        labels = index_fns.combine_indexes([keys, own] if on_top else [own, keys])
        how = merge_dicts({name: labels}, wrap_kwargs)
        return ArrayWrapper.from_obj(obj).wrap(obj.to_numpy(), **how)

    def align_to(self, other, wrap_kwargs: dict | None = None):
        """Brought to the labels of another, by the levels that both have."""
        checks.assert_instance_of(other, (pd.Series, pd.DataFrame))
        obj, other = reshape_fns.to_2d(self.obj), reshape_fns.to_2d(other)
        rows = index_fns.align_index_to(obj.index, other.index)
        cols = index_fns.align_index_to(obj.columns, other.columns)
        how = merge_dicts({"index": other.index, "columns": other.columns}, wrap_kwargs)
        return self.wrapper.wrap(obj.iloc[rows, cols].to_numpy(), group_by=False, **how)

    @class_or_instancemethod
    def broadcast(cls_or_self, *others, **kwargs):
        """See `reshape_fns.broadcast`."""
        objs = tuple(map(_object, others))
        if not isinstance(cls_or_self, type):
            objs = (cls_or_self.obj, *objs)
        return reshape_fns.broadcast(*objs, **kwargs)

    def broadcast_to(self, other, **kwargs):
        """See `reshape_fns.broadcast_to`."""
        return reshape_fns.broadcast_to(self.obj, _object(other), **kwargs)

    def make_symmetric(self) -> pd.DataFrame:
        return reshape_fns.make_symmetric(self.obj)

    def unstack_to_array(self, **kwargs) -> np.ndarray:
        return reshape_fns.unstack_to_array(self.obj, **kwargs)

    def unstack_to_df(self, **kwargs) -> pd.DataFrame:
        return reshape_fns.unstack_to_df(self.obj, **kwargs)

    def to_dict(self, **kwargs) -> dict:
        return reshape_fns.to_dict(self.obj, **kwargs)

    # Combining

    def apply(
        self,
        *args,
        apply_func: Any = None,
        keep_pd: bool = False,
        to_2d: bool = False,
        wrap_kwargs: dict | None = None,
        **kwargs,
    ):
        """`apply_func(obj, *args, **kwargs)`, with these labels.

        The function gets an array, or a pandas object (`keep_pd`); in two dimensions (`to_2d`).
        """
        checks.assert_not_none(apply_func)
        result = apply_func(_as_input(self.obj, keep_pd, to_2d), *args, **kwargs)
        return self.wrapper.wrap(result, group_by=False, **(wrap_kwargs or {}))

    @class_or_instancemethod
    def concat(cls_or_self, *others, broadcast_kwargs: dict | None = None, keys=None):
        """The columns of all side by side, with `keys` as a level on top."""
        objs = tuple(map(_object, others))
        if not isinstance(cls_or_self, type):
            objs = (cls_or_self.obj, *objs)
        full = reshape_fns.broadcast(*objs, **(broadcast_kwargs or {}))
        out = pd.concat([reshape_fns.to_2d(one) for one in full], axis=1, keys=keys)
        if not isinstance(out.columns, pd.MultiIndex) and np.all(out.columns == 0):
            out.columns = pd.RangeIndex(len(out.columns))
        return out

    def apply_and_concat(
        self,
        ntimes: int,
        *args,
        apply_func: Any = None,
        keep_pd: bool = False,
        to_2d: bool = False,
        numba_loop: bool = False,
        use_ray: bool = False,
        keys=None,
        wrap_kwargs: dict | None = None,
        **kwargs,
    ):
        """`apply_func(i, obj, *args, **kwargs)` for i from 0 to ntimes - 1, side by side.

        numba_loop: the loop is compiled too. use_ray: in other processes. keys: the level on
        top, else the number i. Others: see `apply`.
        """
        checks.assert_not_none(apply_func)
        obj = _as_input(self.obj, keep_pd, to_2d)
        loop = _loop("apply_and_concat_one", apply_func, numba_loop, use_ray)
        result = loop(ntimes, apply_func, obj, *args, **kwargs)
        if keys is None:
            keys = pd.Index(np.arange(ntimes), name="apply_idx")
        how = {"columns": index_fns.combine_indexes([keys, self.wrapper.columns])}
        return self.wrapper.wrap(result, group_by=False, **merge_dicts(how, wrap_kwargs))

    def combine(
        self,
        other,
        *args,
        allow_multiple: bool = True,
        combine_func: Any = None,
        keep_pd: bool = False,
        to_2d: bool = False,
        concat: bool = False,
        numba_loop: bool = False,
        use_ray: bool = False,
        broadcast: bool = True,
        broadcast_kwargs: dict | None = None,
        keys=None,
        wrap_kwargs: dict | None = None,
        **kwargs,
    ):
        """`combine_func(obj, other, *args, **kwargs)`, with the labels of both.

        other: one, or several (`allow_multiple`) in a list or tuple: combined one after the
        other, or (`concat`) each with this one, side by side under `keys`. broadcast: bring all
        to one shape first. Others: see `apply_and_concat`.
        """
        several = allow_multiple and isinstance(other, (tuple, list))
        others = tuple(map(_object, other if several else (other,)))
        checks.assert_not_none(combine_func)
        if broadcast:
            how = broadcast_kwargs or {}
            if checks.is_numba_func(combine_func):
                # One type of array for the compiler.
                how = merge_dicts({"require_kwargs": {"requirements": ["W", "C"]}}, how)
            obj, *others = reshape_fns.broadcast(self.obj, *others, **how)
        else:
            obj = self.obj
        if not checks.is_pandas(obj):
            obj = ArrayWrapper.from_shape(obj.shape).wrap(obj)
        inputs = tuple(_as_input(one, keep_pd, to_2d) for one in (obj, *others))
        wrapper = ArrayWrapper.from_obj(obj)
        if len(inputs) == 2:
            result = combine_func(inputs[0], inputs[1], *args, **kwargs)
            return wrapper.wrap(result, **(wrap_kwargs or {}))
        if concat:
            loop = _loop("combine_and_concat", combine_func, numba_loop, use_ray)
            if checks.is_numba_func(combine_func) and numba_loop:
                for one in inputs[1:]:
                    checks.assert_meta_equal(inputs[0], one)
            result = loop(inputs[0], inputs[1:], combine_func, *args, **kwargs)
            if keys is None:
                keys = pd.Index(np.arange(len(others)), name="combine_idx")
            how = {"columns": index_fns.combine_indexes([keys, wrapper.columns])}
            return wrapper.wrap(result, **merge_dicts(how, wrap_kwargs))
        if use_ray:
            raise ValueError("use_ray=True needs concat=True")
        loop = _loop("combine_multiple", combine_func, numba_loop, False)
        if checks.is_numba_func(combine_func) and numba_loop:
            for one in inputs[1:]:
                checks.assert_dtype_equal(inputs[0], one)
        result = loop(inputs, combine_func, *args, **kwargs)
        return wrapper.wrap(result, **(wrap_kwargs or {}))


def _as_input(obj, keep_pd: bool, to_2d: bool):
    if to_2d:
        return reshape_fns.to_2d(obj, raw=not keep_pd)
    return obj if keep_pd else np.asarray(obj)


def _loop(name: str, function, numba_loop: bool, use_ray: bool):
    """The function of `combine_fns` that loops in the way asked for."""
    compiled = numba_loop and checks.is_numba_func(function)
    if compiled and use_ray:
        raise ValueError("use_ray=True and numba_loop=True exclude each other")
    return getattr(combine_fns, name + ("_nb" if compiled else "_ray" if use_ray else ""))


class BaseSRAccessor(BaseAccessor):
    """On Series."""

    def __init__(self, obj, **kwargs) -> None:
        checks.assert_instance_of(obj, pd.Series)
        BaseAccessor.__init__(self, obj, **kwargs)

    @class_or_instancemethod
    def is_series(cls_or_self) -> bool:
        return True

    @class_or_instancemethod
    def is_frame(cls_or_self) -> bool:
        return False


class BaseDFAccessor(BaseAccessor):
    """On DataFrames."""

    def __init__(self, obj, **kwargs) -> None:
        checks.assert_instance_of(obj, pd.DataFrame)
        BaseAccessor.__init__(self, obj, **kwargs)

    @class_or_instancemethod
    def is_series(cls_or_self) -> bool:
        return False

    @class_or_instancemethod
    def is_frame(cls_or_self) -> bool:
        return True
