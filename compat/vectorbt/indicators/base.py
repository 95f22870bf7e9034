"""What an indicator is once it has run: inputs, outputs and parameters by column."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from .._settings import settings
from ..base import index_fns, reshape_fns
from ..base.array_wrapper import ArrayWrapper, Wrapping
from ..base.indexing import ParamLoc
from ..generic.plots_builder import PlotsBuilderMixin
from ..generic.stats_builder import StatsBuilderMixin
from ..utils import checks
from ..utils.config import merge_dicts
from .lines import Lines, compare, cross, wrap_lines

#: Whether a shallow copy is safe to write to: always from pandas 3 on.
_COPIES_ON_WRITE = int(pd.__version__.partition(".")[0]) >= 3


def combine_objs(
    obj,
    other,
    *args,
    level_name: str | None = None,
    keys=None,
    allow_multiple: bool = True,
    **kwargs,
) -> Any:
    """`obj.vbt.combine` with one other object, or with each of several side by side.

    level_name: of the level above several results, whose labels are the objects (or `keys`).
    """
    if allow_multiple and isinstance(other, (tuple, list)) and keys is None:
        keys = index_fns.index_from_values(other, name=level_name)
    return obj.vbt.combine(
        other, *args, keys=keys, concat=True, allow_multiple=allow_multiple, **kwargs
    )


class MetaIndicatorBase(type(StatsBuilderMixin), type(PlotsBuilderMixin)):
    """Classes of indicators."""


class IndicatorBase(Wrapping, StatsBuilderMixin, PlotsBuilderMixin, metaclass=MetaIndicatorBase):
    """An indicator that has run; the classes that `IndicatorFactory` makes.

    input_list: tables of the inputs, not repeated for each parameter; input_mapper: which column
    of them is under which column of the outputs. in_output_list, output_list: tables of the
    wrapper's shape. param_list: the values of each parameter; mapper_list: their labels by column.
    """

    input_names: ClassVar[tuple[str, ...]] = ()
    param_names: ClassVar[tuple[str, ...]] = ()
    in_output_names: ClassVar[tuple[str, ...]] = ()
    output_names: ClassVar[tuple[str, ...]] = ()
    output_flags: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        wrapper: ArrayWrapper,
        input_list: list,
        input_mapper: np.ndarray | None,
        in_output_list: list,
        output_list: list,
        param_list: list,
        mapper_list: list,
        short_name: str,
        level_names: tuple[str, ...],
    ) -> None:
        Wrapping.__init__(
            self,
            wrapper,
            input_list=input_list,
            input_mapper=input_mapper,
            in_output_list=in_output_list,
            output_list=output_list,
            param_list=param_list,
            mapper_list=mapper_list,
            short_name=short_name,
            level_names=level_names,
        )
        StatsBuilderMixin.__init__(self)
        PlotsBuilderMixin.__init__(self)
        rows, columns = wrapper.shape_2d
        if input_mapper is not None:
            checks.assert_equal(input_mapper.shape[0], columns)
        for table in input_list:
            checks.assert_equal(table.shape[0], rows)
        for table in [*in_output_list, *output_list]:
            checks.assert_equal(table.shape, (rows, columns))
        for params in param_list:
            checks.assert_len_equal(param_list[0], params)
        for mapper in mapper_list:
            checks.assert_equal(len(mapper), columns)
        checks.assert_instance_of(short_name, str)
        checks.assert_len_equal(level_names, param_list)

        self._short_name = short_name
        self._level_names = level_names
        self._input_mapper = input_mapper
        for name, table in zip(self.input_names, input_list, strict=False):
            setattr(self, f"_{name}", table)
        tables = [*in_output_list, *output_list]
        names = [*self.in_output_names, *self.output_names]
        self._tables = dict(zip(names, tables, strict=False))
        for name, params, mapper in zip(self.param_names, param_list, mapper_list, strict=False):
            setattr(self, f"_{name}_list", params)
            setattr(self, f"_{name}_mapper", mapper)
        self._frames: dict[str, Any] = {}
        self._locs: dict[str, ParamLoc] = {}

    @property
    def short_name(self) -> str:
        """The name of the indicator, with which the levels of its columns begin."""
        return self._short_name

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of the levels of its parameters."""
        return self._level_names

    @property
    def _mapper_list(self) -> list[pd.Index]:
        return [getattr(self, f"_{name}_mapper") for name in self.param_names]

    @property
    def _tuple_mapper(self) -> list[tuple]:
        """The parameters of each column."""
        return list(zip(*self._mapper_list, strict=True))

    def _lines(self, name: str) -> Lines:
        """An input or output as lines, which need not be laid out by column."""
        if name in self._tables:
            return Lines.of(self._tables[name])
        if name in self.input_names:
            lines = Lines.of(getattr(self, f"_{name}"))
            return lines if self._input_mapper is None else lines.take(self._input_mapper)
        return Lines.of(getattr(self, name))

    def _frame(self, name: str) -> Any:
        """An input or output with labels: each caller gets an own one, of the same memory as
        long as nobody writes to it.
        """
        frame = self._frames.get(name)
        if frame is None:
            frame = self._frames[name] = wrap_lines(self.wrapper, self._lines(name).array)
        return frame.copy(deep=not _COPIES_ON_WRITE)

    def _param_loc(self, name: str) -> ParamLoc:
        """Columns by the values of one parameter, or of all (`tuple`)."""
        loc = self._locs.get(name)
        if loc is None:
            if name == "tuple" and name not in self.param_names:
                values = pd.Series(self._tuple_mapper, index=self.wrapper.columns)
                level = self.level_names
            else:
                values = pd.Series(getattr(self, f"_{name}_mapper"), index=self.wrapper.columns)
                level = self.level_names[self.param_names.index(name)]
            loc = self._locs[name] = ParamLoc(values, self.indexing_func, level_name=level)
        return loc

    def indexing_func(self, pd_indexing_func, **kwargs) -> Any:
        """The columns and rows that `pd_indexing_func` selects; parameters stay those of all."""
        wrapper, rows, _, columns = self.wrapper.indexing_func_meta(pd_indexing_func, **kwargs)
        rows, columns = np.atleast_1d(rows), np.atleast_1d(columns)
        n_rows, n_columns = self.wrapper.shape_2d
        every = slice(None)
        picked: Any = every if np.array_equal(rows, np.arange(n_rows)) else rows
        chosen: Any = every if np.array_equal(columns, np.arange(n_columns)) else columns

        def selected(names) -> list:
            return [Lines.of(self._tables[name]).select(picked, chosen) for name in names]

        mapper = self._input_mapper
        return self.replace(
            wrapper=wrapper,
            input_list=[getattr(self, f"_{name}")[picked] for name in self.input_names],
            input_mapper=None if mapper is None else mapper[chosen],
            in_output_list=selected(self.in_output_names),
            output_list=selected(self.output_names),
            param_list=[getattr(self, f"_{name}_list") for name in self.param_names],
            mapper_list=[mapper[chosen] for mapper in self._mapper_list],
        )

    @classmethod
    def _run(cls, *args, **kwargs) -> Any:
        raise NotImplementedError

    @classmethod
    def run(cls, *args, **kwargs) -> Any:
        """Compute the indicator."""
        return cls._run(*args, **kwargs)

    @classmethod
    def _run_combs(cls, *args, **kwargs) -> Any:
        raise NotImplementedError

    @classmethod
    def run_combs(cls, *args, **kwargs) -> Any:
        """Compute several indicators, one for each place in all combinations of parameters."""
        return cls._run_combs(*args, **kwargs)


# Comparisons with others


def crossed_above(x, y, wait: int = 0) -> np.ndarray:
    """Where columns of one table rise above those of another; see `crossed_above` of the core."""
    return cross(Lines.of(np.asarray(x)), Lines.of(np.asarray(y)), wait)


def crossed_below(x, y, wait: int = 0) -> np.ndarray:
    """Where columns of one table fall below those of another."""
    return crossed_above(y, x, wait)


def _labels(obj) -> tuple[pd.Series, Any]:
    """Objects without data that have the rows, and the columns, of an indicator or table."""
    if checks.is_series(obj):
        return obj, obj
    index, columns = obj.index, obj.columns
    rows = pd.Series(np.empty(len(index)), index)
    if obj.ndim == 1:
        return rows, pd.Series([], name=obj.name, dtype=float)
    return rows, pd.DataFrame(np.empty((0, len(columns))), columns=columns)


def combine_lines(indicator: IndicatorBase, name: str, other, operation: Callable) -> Any:
    """What `indicator.NAME.vbt.combine(other)` gives, from lines and without tables in between.

    operation: makes a table of two `Lines`. Returns None for what has to go that way: other
    objects, and tables that must be aligned first.
    """
    left = indicator._lines(name)
    objs: list[Any] = [indicator.wrapper]
    if isinstance(other, IndicatorBase):
        right = other._lines(name)
        objs.append(other.wrapper)
    elif checks.is_pandas(other):
        right = Lines.of(other)
        objs.append(other)
    elif isinstance(other, (int, float, np.number)) and not isinstance(other, bool):
        right = Lines(np.full((1, left.shape[0]), other))
    else:
        return None
    rows = left.shape[0]
    if right.shape[0] != rows or left.shape != indicator.wrapper.shape_2d:
        return None
    known = settings["broadcasting"]
    stand_ins = [_labels(obj) for obj in objs]
    width = max(left.shape[1], right.shape[1])
    if 1 < min(left.shape[1], right.shape[1]) < width:
        if not known["align_columns"]:
            return None
        found = index_fns.align_indexes([labels.columns for _, labels in stand_ins])
        left, right = left.take(found[0]), right.take(found[1])
        stand_ins = [
            (index, labels.iloc[:, chosen])
            for (index, labels), chosen in zip(stand_ins, found, strict=True)
        ]
    ndim = max(obj.ndim for obj in objs)
    shape = (rows,) if ndim == 1 else (rows, width)
    index = reshape_fns.broadcast_index(
        [one[0] for one in stand_ins], shape, index_from=known["index_from"], axis=0
    )
    columns = reshape_fns.broadcast_index(
        [one[1] for one in stand_ins], shape, index_from=known["columns_from"], axis=1
    )
    if index is None or columns is None:
        return None
    first, second = (
        table if table.shape[1] == width else table.take(np.zeros(width, np.int64))
        for table in (left, right)
    )
    return wrap_lines(ArrayWrapper(index, columns, ndim), operation(first, second))


class Comparison(NamedTuple):
    """A method `INPUT_NAME(other)` of indicators, named for what it compares."""

    name: str
    function: Callable  #: of two arrays
    by_lines: Callable  #: of two `Lines`
    kwargs: dict[str, Any]
    options: tuple[str, ...] = ()  #: arguments that `by_lines` takes


NUMERIC = (
    Comparison("above", np.greater, lambda a, b: compare(a, b, np.greater), {}),
    Comparison("below", np.less, lambda a, b: compare(a, b, np.less), {}),
    Comparison("equal", np.equal, lambda a, b: compare(a, b, np.equal), {}),
    Comparison("crossed_above", crossed_above, cross, {"to_2d": True}, ("wait",)),
    Comparison(
        "crossed_below",
        crossed_below,
        lambda a, b, wait=0: cross(b, a, wait),
        {"to_2d": True},
        ("wait",),
    ),
)

BOOLEAN = (
    Comparison("and", np.logical_and, lambda a, b: compare(a, b, np.logical_and), {}),
    Comparison("or", np.logical_or, lambda a, b: compare(a, b, np.logical_or), {}),
    Comparison("xor", np.logical_xor, lambda a, b: compare(a, b, np.logical_xor), {}),
)


def comparison_method(kind: Comparison, attr_name: str, short_name: str, prepend_name: bool):
    """The method that compares `attr_name` with others by `kind`."""

    def combine_method(
        self,
        other,
        level_name: str | None = None,
        allow_multiple: bool = True,
        _prepend_name: bool = prepend_name,
        **kwargs,
    ) -> Any:
        if all(option in kind.options for option in kwargs):
            out = combine_lines(self, attr_name, other, functools.partial(kind.by_lines, **kwargs))
            if out is not None:
                return out
        if allow_multiple and isinstance(other, (tuple, list)):
            other = [getattr(o, attr_name) if isinstance(o, IndicatorBase) else o for o in other]
        elif isinstance(other, IndicatorBase):
            other = getattr(other, attr_name)
        if level_name is None:
            level_name = f"{attr_name}_{kind.name}"
            if _prepend_name and attr_name != short_name:
                level_name = f"{short_name}_{level_name}"
        return combine_objs(
            getattr(self, attr_name),
            other,
            combine_func=kind.function,
            level_name=level_name,
            allow_multiple=allow_multiple,
            **merge_dicts(kind.kwargs, kwargs),
        )

    combine_method.__name__ = f"{attr_name}_{kind.name}"
    combine_method.__doc__ = (
        f"Where `{attr_name}` is {kind.name.replace('_', ' ')} the other's; {_HOW}"
        if kind in NUMERIC
        else f"`{attr_name}` {kind.name} the other's, cell by cell; {_HOW}"
    )
    return combine_method


_HOW = "`other`: an indicator of this kind, an array, a number, or several of these."
