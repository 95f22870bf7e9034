"""`.vbt.signals`: entries and exits generated, cleaned, ranked, counted."""
# pyright: reportCallIssue=false, reportArgumentType=false
# (it takes an unpacked list for all arguments that follow)

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .._settings import settings
from ..base import reshape_fns
from ..base.array_wrapper import ArrayWrapper
from ..generic import nb as generic_nb
from ..generic.accessors import GenericAccessor, GenericDFAccessor, GenericSRAccessor
from ..generic.ranges import Ranges
from ..root_accessors import register_dataframe_vbt_accessor, register_series_vbt_accessor
from ..utils import checks
from ..utils.config import Config, merge_dicts, resolve_dict
from ..utils.decorators import class_or_instancemethod
from ..utils.template import RepFunc
from . import dispatch


def _two_dimensional(shape) -> tuple[int, int]:
    shape = shape if isinstance(shape, tuple) else (shape,)
    return (shape[0], 1) if len(shape) == 1 else shape


def _by_rank(name: str, compare: Callable[[Any, Any], Any], takes_n: bool) -> Any:
    """A method: the signals whose `pos_rank` compares so with n (0, unless the method takes it)."""

    def of_nth(self, n, engine=None, wrap_kwargs=None, **kwargs):
        ranks = self.pos_rank(engine=engine, **kwargs).to_numpy()
        return self._wrapped(compare(ranks, n), wrap_kwargs)

    def of_first(self, engine=None, wrap_kwargs=None, **kwargs):
        return of_nth(self, 0, engine, wrap_kwargs, **kwargs)

    method: Any = of_nth if takes_n else of_first

    method.__name__ = name
    of_n = "n" if takes_n else "0"
    method.__doc__ = (
        f"The signals whose rank is {of_n}{' or more' if compare is operator.ge else ''}; "
        "kwargs: see `pos_rank`."
    )
    return method


def _combining(name: str, function: Callable[..., Any]) -> Any:
    def method(self, other, **kwargs):
        return self.combine(other, combine_func=function, **kwargs)

    method.__name__ = name
    method.__doc__ = f"`numpy.{function.__name__}` with one other object, or each of several."
    return method


def _as_ranges(name: str, of_signals: Callable[..., Any], doc: str) -> Any:
    """A method that makes `Ranges` of the signals alone."""

    def method(self, group_by=None, attach_ts=True, engine=None, **kwargs):
        engine = self.engine if engine is None else engine
        records = of_signals(self.to_2d_array(), engine=engine)
        kwargs.setdefault("engine", engine)
        ts = self.obj if attach_ts else None
        return Ranges(self.wrapper, records, ts=ts, **kwargs).regroup(group_by)

    method.__name__ = name
    method.__doc__ = doc
    return method


# Statistics


def _metric(title: Any, calc_func: Any, *tags: str, **more) -> dict:
    all_tags = ["signals", *tags] if tags else "signals"
    return {"title": title, "calc_func": calc_func, "tags": all_tags, **more}


def _of_wrapper(title: str, calc_func: Callable[[Any], Any], **more) -> dict:
    return {"title": title, "calc_func": calc_func, "agg_func": None, "tags": "wrapper", **more}


def _percent(self, out, settings):
    return out * 100


def _spread(self, out, settings):
    return {
        "Min": out.min(),
        "Max": out.max(),
        "Mean": out.mean(),
        "Std": out.std(ddof=settings.get("ddof", 1)),
    }


def _overlapping(self, other, group_by):
    return (self & other).vbt.signals.total(group_by=group_by)


def _overlapping_rate(self, other, group_by):
    either = (self | other).vbt.signals.total(group_by=group_by)
    return _overlapping(self, other, group_by) / either


def _distance_title(other, other_name, from_other):
    if other is None:
        return "Distance"
    return f"Distance {'<-' if from_other else '->'} {other_name}"


def _distance_tags(other):
    return ["signals", "distance", *(["other"] if other is not None else [])]


class SignalsAccessor(GenericAccessor):
    """What `.vbt.signals` does with booleans. Raises AssertionError for other values."""

    def __init__(self, obj, **kwargs) -> None:
        checks.assert_dtype(obj, np.bool_)
        GenericAccessor.__init__(self, obj, **kwargs)

    @property
    def sr_accessor_cls(self):
        return SignalsSRAccessor

    @property
    def df_accessor_cls(self):
        return SignalsDFAccessor

    def bshift(self, *args, fill_value=False, **kwargs):
        """Signals moved back in time."""
        return GenericAccessor.bshift(self, *args, fill_value=fill_value, **kwargs)

    def fshift(self, *args, fill_value=False, **kwargs):
        """Signals moved on in time."""
        return GenericAccessor.fshift(self, *args, fill_value=fill_value, **kwargs)

    @classmethod
    def empty(cls, *args, fill_value=False, **kwargs):
        """No signals (or all) in a shape."""
        return GenericAccessor.empty(*args, fill_value=fill_value, dtype=np.bool_, **kwargs)

    @classmethod
    def empty_like(cls, *args, fill_value=False, **kwargs):
        """No signals (or all) with the labels of another object."""
        return GenericAccessor.empty_like(*args, fill_value=fill_value, dtype=np.bool_, **kwargs)

    @classmethod
    def _made(cls, table: np.ndarray, kwargs: dict) -> Any:
        if not cls.is_series():
            return pd.DataFrame(table, **kwargs)
        if table.shape[1] > 1:
            raise ValueError(
                f"a Series has one column, not {table.shape[1]}: use pd.DataFrame.vbt.signals"
            )
        return pd.Series(table[:, 0], **kwargs)

    # Generators. Those of the class make what the accessor is of; kwargs are for pandas

    @classmethod
    def generate(cls, shape, choice_func, *args, pick_first=False, engine=None, **kwargs):
        """Signals where `choice_func(first row, end, column, *args)` places them."""
        checks.assert_engine_func(choice_func, engine=engine)
        shape = _two_dimensional(shape)
        out = dispatch.generate(shape, pick_first, choice_func, *args, engine=engine)
        return cls._made(out, kwargs)

    @classmethod
    def generate_both(
        cls,
        shape,
        entry_choice_func=None,
        entry_args=None,
        exit_choice_func=None,
        exit_args=None,
        entry_wait=1,
        exit_wait=1,
        entry_pick_first=True,
        exit_pick_first=True,
        engine=None,
        **kwargs,
    ):
        """Entries and exits by turns, where two functions place them."""
        for function in (entry_choice_func, exit_choice_func):
            checks.assert_not_none(function)
            checks.assert_engine_func(function, engine=engine)
        both = dispatch.generate_enex(
            _two_dimensional(shape),
            entry_wait,
            exit_wait,
            entry_pick_first,
            exit_pick_first,
            entry_choice_func,
            entry_args or (),
            exit_choice_func,
            exit_args or (),
            engine=engine,
        )
        return tuple(cls._made(out, kwargs) for out in both)

    def generate_exits(
        self,
        exit_choice_func,
        *args,
        wait=1,
        until_next=True,
        skip_until_exit=False,
        pick_first=False,
        engine=None,
        wrap_kwargs=None,
    ):
        """Exits where a function places them behind each of these entries."""
        engine = self.engine if engine is None else engine
        checks.assert_engine_func(exit_choice_func, engine=engine)
        options = wait, until_next, skip_until_exit, pick_first
        out = dispatch.generate_ex(
            self.to_2d_array(), *options, exit_choice_func, *args, engine=engine
        )
        return self._wrapped(out, wrap_kwargs)

    @classmethod
    def generate_random(
        cls, shape, n=None, prob=None, pick_first=False, seed=None, engine=None, **kwargs
    ):
        """`n` signals in each column, or each with probability `prob`."""
        shape = _two_dimensional(shape)
        if n is not None and prob is not None:
            raise ValueError("give either n or prob, not both")
        if n is not None:
            counts = np.broadcast_to(n, shape[1])
            out = dispatch.generate_rand(shape, counts, seed=seed, engine=engine)
        elif prob is not None:
            out = dispatch.generate_rand_by_prob(
                shape, _laid_out(prob, shape), pick_first, True, seed=seed, engine=engine
            )
        else:
            raise ValueError("give n or prob")
        return cls._made(out, kwargs)

    @classmethod
    def generate_random_both(
        cls,
        shape,
        n=None,
        entry_prob=None,
        exit_prob=None,
        seed=None,
        entry_wait=1,
        exit_wait=1,
        entry_pick_first=True,
        exit_pick_first=True,
        engine=None,
        **kwargs,
    ):
        """Entries and exits by turns: `n` of each, or with the probabilities."""
        shape = _two_dimensional(shape)
        if n is not None and (entry_prob is not None or exit_prob is not None):
            raise ValueError("give either n, or entry_prob and exit_prob, not both")
        if n is not None:
            both = dispatch.generate_rand_enex(
                shape, n, entry_wait, exit_wait, seed=seed, engine=engine
            )
        elif entry_prob is not None and exit_prob is not None:
            both = dispatch.generate_rand_enex_by_prob(
                shape,
                _laid_out(entry_prob, shape),
                _laid_out(exit_prob, shape),
                entry_wait,
                exit_wait,
                entry_pick_first,
                exit_pick_first,
                True,
                seed=seed,
                engine=engine,
            )
        else:
            raise ValueError("give n, or entry_prob and exit_prob")
        return tuple(cls._made(out, kwargs) for out in both)

    def generate_random_exits(
        self,
        prob=None,
        seed=None,
        wait=1,
        until_next=True,
        skip_until_exit=False,
        engine=None,
        wrap_kwargs=None,
    ):
        """One exit at random behind each of these entries, or each bar with probability `prob`."""
        engine = self.engine if engine is None else engine
        options = wait, until_next, skip_until_exit
        if prob is None:
            out = dispatch.generate_rand_ex(self.to_2d_array(), *options, seed=seed, engine=engine)
            return self._wrapped(out, wrap_kwargs)
        raw: Any = [False, True]
        obj, prob = reshape_fns.broadcast(self.obj, prob, keep_raw=raw)
        entries = reshape_fns.to_2d_array(obj)
        prob = _laid_out(prob, entries.shape)
        out = dispatch.generate_rand_ex_by_prob(
            entries, prob, *options, True, seed=seed, engine=engine
        )
        return _wrapped_as(obj, out, wrap_kwargs)

    def generate_stop_exits(
        self,
        ts,
        stop,
        trailing=False,
        entry_wait=1,
        exit_wait=1,
        until_next=True,
        skip_until_exit=False,
        pick_first=True,
        chain=False,
        broadcast_kwargs=None,
        wrap_kwargs=None,
        engine=None,
    ):
        """Exits where `ts` has moved by `stop` since the entry, or since its best (`trailing`).

        chain: leave out entries that come before the exit of the last one, and return them too.
        """
        engine = self.engine if engine is None else engine
        entries, *arrays = reshape_fns.broadcast(
            self.obj, ts, stop, trailing, **resolve_dict(broadcast_kwargs), keep_raw=False
        )
        table = reshape_fns.to_2d_array(entries)
        tables = _tables(arrays)
        if chain:
            both = dispatch.generate_stop_enex(
                table, *tables, entry_wait, exit_wait, pick_first, True, engine=engine
            )
            return tuple(_wrapped_as(entries, out, wrap_kwargs) for out in both)
        _warn_of_skipping(skip_until_exit, until_next)
        out = dispatch.generate_stop_ex(
            table, *tables, exit_wait, until_next, skip_until_exit, pick_first, True, engine=engine
        )
        return _wrapped_as(entries, out, wrap_kwargs)

    def generate_ohlc_stop_exits(
        self,
        open,
        high=None,
        low=None,
        close=None,
        is_open_safe=True,
        out_dict=None,
        sl_stop=np.nan,
        sl_trail=False,
        tp_stop=np.nan,
        reverse=False,
        entry_wait=1,
        exit_wait=1,
        until_next=True,
        skip_until_exit=False,
        pick_first=True,
        chain=False,
        broadcast_kwargs=None,
        wrap_kwargs=None,
        engine=None,
    ):
        """Exits where a bar reaches a stop loss (trailing or not) or a take profit.

        open: entry prices; the other prices are the same unless given. out_dict: gets the tables
        `stop_price` and `stop_type`, or has those to write to. chain: see `generate_stop_exits`.
        """
        engine = self.engine if engine is None else engine
        bars = [open, *(open if price is None else price for price in (high, low, close))]
        written = {} if out_dict is None else out_dict
        entries, *arrays = reshape_fns.broadcast(
            self.obj,
            *bars,
            sl_stop,
            sl_trail,
            tp_stop,
            reverse,
            written.get("stop_price", np.nan),
            written.get("stop_type", -1),
            **resolve_dict(broadcast_kwargs),
            keep_raw=False,
        )
        table = reshape_fns.to_2d_array(entries)
        tables = _tables(arrays)
        outs = np.array(tables[8], np.float64), np.array(tables[9], np.int64)
        given = (table, *tables[:4], *outs, *tables[4:8], is_open_safe)
        if chain:
            result = dispatch.generate_ohlc_stop_enex(
                *given, entry_wait, exit_wait, pick_first, True, engine=engine
            )
        else:
            _warn_of_skipping(skip_until_exit, until_next)
            result = dispatch.generate_ohlc_stop_ex(
                *given, exit_wait, until_next, skip_until_exit, pick_first, True, engine=engine
            )
        for name, out in zip(("stop_price", "stop_type"), outs, strict=True):
            written[name] = _wrapped_as(entries, out, wrap_kwargs)
        if chain:
            return tuple(_wrapped_as(entries, out, wrap_kwargs) for out in result)
        return _wrapped_as(entries, result, wrap_kwargs)

    @class_or_instancemethod
    def clean(
        cls_or_self,
        *args,
        entry_first=True,
        engine=None,
        broadcast_kwargs=None,
        wrap_kwargs=None,
    ) -> Any:
        """The first of each run of signals; of entries and exits, those that take turns."""
        if not isinstance(cls_or_self, type):
            engine = cls_or_self.engine if engine is None else engine
            args = (cls_or_self.obj, *args)
        if len(args) == 1:
            obj = args[0]
            if not isinstance(obj, (pd.Series, pd.DataFrame)):
                obj = ArrayWrapper.from_shape(np.asarray(obj).shape).wrap(obj)
            return obj.vbt.signals.first(engine=engine, wrap_kwargs=wrap_kwargs)
        if len(args) != 2:
            raise ValueError(f"clean takes one or two arrays, not {len(args)}")
        both = reshape_fns.broadcast(*args, **resolve_dict(broadcast_kwargs))
        tables = _tables(both)
        cleaned = dispatch.clean_enex(*tables, entry_first, engine=engine)
        pairs = zip(both, cleaned, strict=True)
        return tuple(_wrapped_as(obj, out, wrap_kwargs) for obj, out in pairs)

    # Ranges

    def between_ranges(
        self,
        other=None,
        from_other=False,
        engine=None,
        broadcast_kwargs=None,
        group_by=None,
        attach_ts=True,
        attach_other=False,
        **kwargs,
    ) -> Ranges:
        """Ranges from each signal to the next one, or to the next of `other`.

        from_other: to each of `other`, from the last signal. A signal and one of `other` in the
        same row make a range of no length.
        """
        engine = self.engine if engine is None else engine
        if other is None:
            wrapper, ts = self.wrapper, self.obj
            records = dispatch.between_ranges(self.to_2d_array(), engine=engine)
        else:
            obj, other = reshape_fns.broadcast(self.obj, other, **resolve_dict(broadcast_kwargs))
            tables = (reshape_fns.to_2d_array(one) for one in (obj, other))
            records = dispatch.between_two_ranges(*tables, from_other=from_other, engine=engine)
            wrapper, ts = ArrayWrapper.from_obj(obj), other if attach_other else obj
        kwargs.setdefault("engine", engine)
        return Ranges(wrapper, records, ts=ts if attach_ts else None, **kwargs).regroup(group_by)

    partition_ranges = _as_ranges(
        "partition_ranges", dispatch.partition_ranges, "Ranges of the runs of signals."
    )
    between_partition_ranges = _as_ranges(
        "between_partition_ranges",
        dispatch.between_partition_ranges,
        "Ranges from the last signal of each run to the first one of the next.",
    )

    # Ranks

    def _ranked(self, ranks_of, reset_by, broadcast_kwargs, wrap_kwargs, as_mapped, kwargs):
        obj = self.obj
        if reset_by is not None:
            obj, reset_by = reshape_fns.broadcast(obj, reset_by, **resolve_dict(broadcast_kwargs))
            reset_by = reshape_fns.to_2d_array(reset_by)
        ranks = _wrapped_as(obj, ranks_of(reshape_fns.to_2d_array(obj), reset_by), wrap_kwargs)
        if not as_mapped:
            return ranks
        return ranks.replace(-1, np.nan).vbt.to_mapped(dropna=True, dtype=np.int64, **kwargs)

    def rank(
        self,
        rank_func,
        *args,
        prepare_func=None,
        reset_by=None,
        after_false=False,
        engine=None,
        broadcast_kwargs=None,
        wrap_kwargs=None,
        as_mapped=False,
        **kwargs,
    ):
        """A number for each signal by a compiled function, -1 elsewhere; see `core.signal_places`.

        prepare_func: of the signals and `reset_by` as tables, returns arguments that come before
        `args`. as_mapped: the ranks as a mapped array.
        """
        engine = self.engine if engine is None else engine
        checks.assert_not_none(rank_func)
        checks.assert_engine_func(rank_func, engine=engine)

        def ranks_of(a, reset):
            more = () if prepare_func is None else prepare_func(a, reset)
            return dispatch.rank(a, reset, after_false, rank_func, *more, *args, engine=engine)

        return self._ranked(ranks_of, reset_by, broadcast_kwargs, wrap_kwargs, as_mapped, kwargs)

    def pos_rank(
        self,
        allow_gaps=False,
        reset_by=None,
        after_false=False,
        engine=None,
        broadcast_kwargs=None,
        wrap_kwargs=None,
        as_mapped=False,
        **kwargs,
    ):
        """How many signals came before, in the run or (`allow_gaps`) at all; -1 elsewhere."""
        engine = self.engine if engine is None else engine

        def ranks_of(a, reset):
            return dispatch.sig_pos_rank(a, reset, after_false, allow_gaps, engine=engine)

        return self._ranked(ranks_of, reset_by, broadcast_kwargs, wrap_kwargs, as_mapped, kwargs)

    def partition_pos_rank(
        self,
        reset_by=None,
        after_false=False,
        engine=None,
        broadcast_kwargs=None,
        wrap_kwargs=None,
        as_mapped=False,
        **kwargs,
    ):
        """How many runs of signals came before; -1 where there is no signal."""
        engine = self.engine if engine is None else engine

        def ranks_of(a, reset):
            return dispatch.part_pos_rank(a, reset, after_false, engine=engine)

        return self._ranked(ranks_of, reset_by, broadcast_kwargs, wrap_kwargs, as_mapped, kwargs)

    first = _by_rank("first", operator.eq, False)
    nth = _by_rank("nth", operator.eq, True)
    from_nth = _by_rank("from_nth", operator.ge, True)

    def pos_rank_mapped(self, group_by=None, **kwargs):
        """`pos_rank` as a mapped array."""
        return self.pos_rank(as_mapped=True, group_by=group_by, **kwargs)

    def partition_pos_rank_mapped(self, group_by=None, **kwargs):
        """`partition_pos_rank` as a mapped array."""
        return self.partition_pos_rank(as_mapped=True, group_by=group_by, **kwargs)

    # Places and counts

    def _is_grouped(self, group_by) -> bool:
        return self.is_frame() and self.wrapper.grouper.is_grouped(group_by=group_by)

    def nth_index(self, n, return_labels=True, group_by=None, engine=None, wrap_kwargs=None):
        """The row of the n-th signal (from the end, if negative): its label, or its number."""
        engine = self.engine if engine is None else engine
        table = self.to_2d_array()
        if self._is_grouped(group_by):
            own: Any = self
            any_ = own.squeeze_grouped(generic_nb.any_squeeze_nb, group_by=group_by)
            table = reshape_fns.to_2d_array(any_)
        out = dispatch.nth_index(table, n, engine=engine)
        if return_labels:
            rows, some = out, out != -1
            out = np.full(len(rows), np.nan, dtype=object)
            out[some] = self.wrapper.index[rows[some]]
        label = merge_dicts({"name_or_index": "nth_index"}, wrap_kwargs)
        return self.wrapper.wrap_reduced(out, group_by=group_by, **label)

    def norm_avg_index(self, group_by=None, engine=None, wrap_kwargs=None):
        """The mean row of the signals, from -1 for the first row of all to 1 for the last."""
        engine = self.engine if engine is None else engine
        table = self.to_2d_array()
        out = dispatch.norm_avg_index(table, engine=engine)
        grouped = self._is_grouped(group_by)
        if grouped:
            count = table.sum(axis=0)
            lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
            start = np.cumsum(lengths) - lengths
            sums = np.add.reduceat(np.where(count > 0, out * count, 0.0), start)
            with np.errstate(invalid="ignore"):
                out = sums / np.add.reduceat(count, start)
        label = merge_dicts({"name_or_index": "norm_avg_index"}, wrap_kwargs)
        out = self.wrapper.wrap_reduced(out, group_by=group_by if grouped else False, **label)
        # Of one group alone, an array without dimensions.
        return np.asarray(out) if grouped and np.isscalar(out) else out

    def index_mapped(self, group_by=None, **kwargs):
        """The rows of the signals as a mapped array."""
        rows = np.arange(len(self.wrapper.index), dtype=np.float64)[:, None]
        out = self.wrapper.wrap(np.where(self.to_2d_array(), rows, np.nan))
        return out.vbt.to_mapped(dropna=True, dtype=np.int64, group_by=group_by, **kwargs)

    def total(self, wrap_kwargs=None, group_by=None):
        """How many signals there are."""
        return self.sum(
            group_by=group_by, wrap_kwargs=merge_dicts({"name_or_index": "total"}, wrap_kwargs)
        )

    def _share(self, name, part, whole, group_by, wrap_kwargs):
        label = merge_dicts({"name_or_index": name}, wrap_kwargs)
        with np.errstate(invalid="ignore", divide="ignore"):
            out = reshape_fns.to_1d_array(part) / whole
        return self.wrapper.wrap_reduced(out, group_by=group_by, **label)

    def rate(self, wrap_kwargs=None, group_by=None, **kwargs):
        """Signals as a part of all rows."""
        rows = self.wrapper.grouper.get_group_lens(group_by=group_by) * self.wrapper.shape[0]
        total = self.total(group_by=group_by, **kwargs)
        return self._share("rate", total, rows, group_by, wrap_kwargs)

    def total_partitions(self, wrap_kwargs=None, group_by=None, **kwargs):
        """How many runs of signals there are."""
        label = merge_dicts({"name_or_index": "total_partitions"}, wrap_kwargs)
        return self.partition_ranges(**kwargs).count(group_by=group_by, wrap_kwargs=label)

    def partition_rate(self, wrap_kwargs=None, group_by=None, **kwargs):
        """Runs of signals as a part of all signals."""
        runs = self.total_partitions(group_by=group_by, **kwargs)
        total = reshape_fns.to_1d_array(self.total(group_by=group_by))
        return self._share("partition_rate", runs, total, group_by, wrap_kwargs)

    AND = _combining("AND", np.logical_and)
    OR = _combining("OR", np.logical_or)
    XOR = _combining("XOR", np.logical_xor)

    # Statistics

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(
            GenericAccessor.stats_defaults.__get__(self), settings["signals"]["stats"]
        )

    @property
    def plots_defaults(self) -> dict:
        """Arguments of `plots` that are left out."""
        return merge_dicts(
            GenericAccessor.plots_defaults.__get__(self), settings["signals"]["plots"]
        )

    _metrics: ClassVar[Config] = Config(
        {
            "start": _of_wrapper("Start", lambda self: self.wrapper.index[0]),
            "end": _of_wrapper("End", lambda self: self.wrapper.index[-1]),
            "period": _of_wrapper(
                "Period", lambda self: len(self.wrapper.index), apply_to_timedelta=True
            ),
            "total": _metric("Total", "total"),
            "rate": _metric("Rate [%]", "rate", post_calc_func=_percent),
            "total_overlapping": _metric(
                "Total Overlapping", _overlapping, "other", check_silent_has_other=True
            ),
            "overlapping_rate": _metric(
                "Overlapping Rate [%]",
                _overlapping_rate,
                "other",
                post_calc_func=_percent,
                check_silent_has_other=True,
            ),
            "first_index": _metric("First Index", "nth_index", "index", n=0, return_labels=True),
            "last_index": _metric("Last Index", "nth_index", "index", n=-1, return_labels=True),
            "norm_avg_index": _metric("Norm Avg Index [-1, 1]", "norm_avg_index", "index"),
            "distance": {
                "title": RepFunc(_distance_title),
                "calc_func": "between_ranges.duration",
                "post_calc_func": _spread,
                "apply_to_timedelta": True,
                "tags": RepFunc(_distance_tags),
            },
            "total_partitions": _metric("Total Partitions", "total_partitions", "partitions"),
            "partition_rate": _metric(
                "Partition Rate [%]", "partition_rate", "partitions", post_calc_func=_percent
            ),
            "partition_len": _metric(
                "Partition Length",
                "partition_ranges.duration",
                "partitions",
                "distance",
                post_calc_func=_spread,
                apply_to_timedelta=True,
            ),
            "partition_distance": _metric(
                "Partition Distance",
                "between_partition_ranges.duration",
                "partitions",
                "distance",
                post_calc_func=_spread,
                apply_to_timedelta=True,
            ),
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    @property
    def subplots(self) -> Config:
        return self._subplots

    def plot(self, yref: str = "y", **kwargs) -> Any:
        """Lines between "false" and "true"; kwargs: of `lineplot`."""
        words = {"tickmode": "array", "tickvals": [0, 1], "ticktext": ["false", "true"]}
        return self.obj.vbt.lineplot(**merge_dicts({f"yaxis{yref[1:]}": words}, kwargs))


def _tables(arrays) -> Any:
    return [reshape_fns.to_2d_array(a) for a in arrays]


def _laid_out(value, shape: tuple[int, int]) -> np.ndarray:
    """Numbers in a table of `shape`, without copies."""
    return np.broadcast_to(np.asarray(value, np.float64), shape)


def _wrapped_as(obj, out, wrap_kwargs) -> Any:
    return ArrayWrapper.from_obj(obj).wrap(out, group_by=False, **merge_dicts({}, wrap_kwargs))


def _warn_of_skipping(skip_until_exit, until_next) -> None:
    if skip_until_exit and until_next:
        warnings.warn("skip_until_exit has no effect while until_next is True", stacklevel=3)


@register_series_vbt_accessor("signals")
class SignalsSRAccessor(SignalsAccessor, GenericSRAccessor):
    """`Series.vbt.signals`."""

    def __init__(self, obj, **kwargs) -> None:
        GenericSRAccessor.__init__(self, obj, **kwargs)
        SignalsAccessor.__init__(self, obj, **kwargs)

    def _plot_markers(self, y, symbol: str, color: str, size: int, kwargs, **style) -> Any:
        from ..generic.canvas import contrast, marker

        if y is None:
            y = GenericSRAccessor.empty_like(self.obj, 1)
        heights = reshape_fns.to_pd_array(y)[self.obj]
        style["marker"] = marker(symbol, contrast(color), size)
        return heights.vbt.scatterplot(**merge_dicts({"trace_kwargs": style}, kwargs))

    def plot_as_markers(self, y=None, **kwargs) -> Any:
        """A marker for each signal, at height `y` (1 if not given); kwargs: of `scatterplot`."""
        return self._plot_markers(y, "circle", "blue", 7, kwargs)

    def plot_as_entry_markers(self, y=None, **kwargs) -> Any:
        """A triangle up for each signal; see `plot_as_markers`."""
        return self._plot_markers(y, "triangle-up", "green", 8, kwargs, name="Entry")

    def plot_as_exit_markers(self, y=None, **kwargs) -> Any:
        """A triangle down for each signal; see `plot_as_markers`."""
        return self._plot_markers(y, "triangle-down", "red", 8, kwargs, name="Exit")


@register_dataframe_vbt_accessor("signals")
class SignalsDFAccessor(SignalsAccessor, GenericDFAccessor):
    """`DataFrame.vbt.signals`."""

    def __init__(self, obj, **kwargs) -> None:
        GenericDFAccessor.__init__(self, obj, **kwargs)
        SignalsAccessor.__init__(self, obj, **kwargs)
