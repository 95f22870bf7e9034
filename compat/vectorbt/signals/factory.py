"""The factory of signal generators: classes from functions that choose where signals are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..base import combine_fns
from ..indicators.factory import IndicatorFactory
from ..utils import checks
from ..utils.config import merge_dicts
from ..utils.enum_ import map_enum_fields
from ..utils.params import to_typed_list
from . import dispatch, nb
from .enums import FactoryMode
from .nb import first_choice_nb

__all__ = ["SignalFactory"]

_SETTINGS = ["pass_inputs", "pass_in_outputs", "pass_params", "pass_kwargs", "pass_cache"]
# What a mode needs: is there an input of entries, does it choose entries, does it choose exits.
_SIDES = {
    FactoryMode.Entries: (False, True, False),
    FactoryMode.Exits: (True, False, True),
    FactoryMode.Both: (False, True, True),
    FactoryMode.Chain: (True, True, True),
}
_OUTPUTS = {
    FactoryMode.Entries: ["entries"],
    FactoryMode.Exits: ["exits"],
    FactoryMode.Both: ["entries", "exits"],
    FactoryMode.Chain: ["new_entries", "exits"],
}


class SignalFactory(IndicatorFactory):
    """An `IndicatorFactory` whose outputs are signals.

    mode (see `FactoryMode`): Entries makes `entries`; Exits makes `exits` for the input `entries`;
    Both makes both; Chain makes `new_entries` and `exits` from the input `entries`. Further
    outputs must be in-place ones.
    """

    def __init__(
        self,
        *args,
        mode: str | int = FactoryMode.Both,
        input_names: Sequence[str] | None = None,
        attr_settings: dict | None = None,
        **kwargs,
    ) -> None:
        self.mode: Any = map_enum_fields(mode, FactoryMode)
        names = list(input_names or ())
        for name in ("entries", "exits"):
            if name in names:
                raise ValueError(f"{name} cannot be among input_names: `mode` says where it is")
        given = ["entries"] if _SIDES[self.mode][0] else []
        outputs = _OUTPUTS[self.mode]
        own = {name: {"dtype": np.bool_} for name in given + outputs}
        super().__init__(
            *args,
            input_names=given + names,
            output_names=outputs,
            attr_settings={**(attr_settings or {}), **own},
            **kwargs,
        )
        self.Indicator.plot = _plotting(self.mode)

    def from_choice_func(
        self,
        entry_choice_func: Callable | None = None,
        exit_choice_func: Callable | None = None,
        generate_func: Callable = dispatch.generate,
        generate_ex_func: Callable = dispatch.generate_ex,
        generate_enex_func: Callable = dispatch.generate_enex,
        cache_func: Callable | None = None,
        entry_settings: dict | None = None,
        exit_settings: dict | None = None,
        cache_settings: dict | None = None,
        numba_loop: bool = False,
        **kwargs,
    ) -> Any:
        """The class, with compiled functions that choose rows; see `core.signal_generation`.

        A function gets what its settings name: `pass_inputs`, `pass_in_outputs`, `pass_params`,
        then the further arguments of `run`, the values of `pass_kwargs` (names, or names and
        defaults; those of `input_shape`, `wait`, `until_next`, `skip_until_exit`, `pick_first`,
        `flex_2d`, and a new int64 array of rows for `temp_idx_arr...`), and with `pass_cache` what
        `cache_func` has returned. A chain takes its entries from the input by default.

        `run` takes `entry_args`, `exit_args`, `entry_kwargs`, `exit_kwargs`, `cache_args` and
        `cache_kwargs`; where only one side is the script's, `*args` and `**kwargs` are its own.
        numba_loop: loop over parameters compiled.
        """
        mode: Any = self.mode
        has_entries, chooses_entries, chooses_exits = _SIDES[mode]
        if mode == FactoryMode.Chain:
            entry_choice_func = entry_choice_func or first_choice_nb
            entry_settings = merge_dicts({"pass_inputs": ["entries"]}, entry_settings or {})
        for side, wanted, function in (
            ("entry", chooses_entries, entry_choice_func),
            ("exit", chooses_exits, exit_choice_func),
        ):
            if not wanted and function is not None:
                raise ValueError(f"this mode chooses no such signals: leave {side}_choice_func out")
            if wanted:
                checks.assert_not_none(function)
                checks.assert_numba_func(function)
        entry, exit_, cached = (
            _Side(self, settings) for settings in (entry_settings, exit_settings, cache_settings)
        )
        # Whose arguments `*args` and `**kwargs` of `run` are.
        own_entries = mode == FactoryMode.Entries
        own_exits = mode == FactoryMode.Exits or (
            mode == FactoryMode.Chain and entry_choice_func is first_choice_nb
        )
        generators = {
            FactoryMode.Entries: (generate_func, dispatch.generate, nb.generate_nb),
            FactoryMode.Exits: (generate_ex_func, dispatch.generate_ex, nb.generate_ex_nb),
        }
        enex = (generate_enex_func, dispatch.generate_enex, nb.generate_enex_nb)
        given, usual, compiled = generators.get(mode, enex)
        generate = compiled if numba_loop and given is usual else given
        both = chooses_entries and chooses_exits
        if both:
            select = _selecting_both(generate, entry_choice_func, exit_choice_func, numba_loop)
        else:
            choice = entry_choice_func if chooses_entries else exit_choice_func
            select = _selecting_one(generate, choice, numba_loop)
        kind = "multiple" if both else "one"

        def custom_func(
            input_list,
            in_output_list,
            param_list,
            *args,
            input_shape=None,
            flex_2d: bool | None = None,
            entry_args: Any = None,
            exit_args: Any = None,
            cache_args: Any = None,
            entry_kwargs: Any = None,
            exit_kwargs: Any = None,
            cache_kwargs: Any = None,
            return_cache: bool = False,
            use_cache: Any = None,
            engine: str | None = None,
            **own_kwargs,
        ):
            dispatch._check(engine, calls_back=True)
            if input_list:
                input_shape = input_list[0].shape
            elif input_shape is None:
                raise ValueError("there are no inputs: pass input_shape")
            entry_args, entry_kwargs = _own_or_named(
                "entry", own_entries, args, own_kwargs, entry_args, entry_kwargs
            )
            exit_args, exit_kwargs = _own_or_named(
                "exit", own_exits, args, own_kwargs, exit_args, exit_kwargs
            )
            if (args or own_kwargs) and not (own_entries or own_exits):
                raise ValueError(
                    "both sides choose: pass entry_args and exit_args, entry_kwargs and "
                    "exit_kwargs instead of further arguments"
                )
            known = {
                "input_shape": input_shape,
                "wait": 1,
                "until_next": True,
                "skip_until_exit": False,
                "pick_first": mode != FactoryMode.Entries,
                "flex_2d": flex_2d,
            }
            entry_kwargs = merge_dicts(known, entry_kwargs)
            exit_kwargs = merge_dicts(known, exit_kwargs)
            cache_kwargs = merge_dicts(known, cache_kwargs or {})
            lists = input_list, in_output_list, param_list

            cache: Any = use_cache
            if cache is None and cache_func is not None:
                inputs, in_outputs, params = cached.chosen(*lists)
                if checks.is_numba_func(cache_func):
                    in_outputs = [to_typed_list(one) for one in in_outputs]
                    params = [to_typed_list(one) for one in params]
                more = cached.more_args(cache_kwargs, input_shape)
                cache = cache_func(*inputs, *in_outputs, *params, *(cache_args or ()), *more)
            if return_cache:
                return cache
            cache = () if cache is None else cache if isinstance(cache, tuple) else (cache,)

            count = len(param_list[0]) if param_list else 1

            def arguments(side: _Side, args: tuple, kwargs: dict) -> tuple:
                inputs, in_outputs, params = side.chosen(*lists)
                # A zero in front: a compiled loop takes no list of empty tuples.
                rows = list(zip([0] * count, *in_outputs, *params, strict=True))
                more = side.more_args(kwargs, input_shape)
                last = cache if side.settings.get("pass_cache", False) else ()
                rows = to_typed_list(rows) if numba_loop else rows
                return tuple(inputs), rows, (*args, *more, *last)

            if mode == FactoryMode.Entries:
                before = input_shape, entry_kwargs["pick_first"]
            elif mode == FactoryMode.Exits:
                order = ("wait", "until_next", "skip_until_exit", "pick_first")
                before = input_list[0], *(exit_kwargs[name] for name in order)
            else:
                before = (
                    input_shape,
                    entry_kwargs["wait"],
                    exit_kwargs["wait"],
                    entry_kwargs["pick_first"],
                    exit_kwargs["pick_first"],
                )
            sides = []
            if chooses_entries:
                sides += arguments(entry, entry_args, entry_kwargs)
            if chooses_exits:
                sides += arguments(exit_, exit_args, exit_kwargs)
            loop = getattr(combine_fns, f"apply_and_concat_{kind}{'_nb' if numba_loop else ''}")
            options = {} if numba_loop else {"engine": engine}
            return loop(count, select, before, *sides, **options)

        return self.from_custom_func(
            custom_func,
            as_lists=True,
            require_input_shape=kwargs.pop("require_input_shape", not has_entries),
            **kwargs,
        )


class _Side:
    """What a function is called with: names of inputs, in-place outputs and parameters."""

    def __init__(self, factory: SignalFactory, settings: dict | None) -> None:
        self.settings = settings or {}
        checks.assert_dict_valid(self.settings, _SETTINGS)
        self.places = []
        for setting, names in (
            ("pass_inputs", factory.input_names),
            ("pass_in_outputs", factory.in_output_names),
            ("pass_params", factory.param_names),
        ):
            wanted = self.settings.get(setting) or []
            for name in wanted:
                checks.assert_in(name, names)
            self.places.append([names.index(name) for name in wanted])

    def chosen(self, *lists) -> list[list]:
        """Of each list, what the function is called with."""
        return [[some[n] for n in own] for some, own in zip(lists, self.places, strict=True)]

    def more_args(self, kwargs: dict, shape: tuple) -> tuple:
        """The values of `pass_kwargs`."""
        wanted = self.settings.get("pass_kwargs") or []
        out = []
        for key in wanted.items() if isinstance(wanted, dict) else wanted:
            name, value = key if isinstance(key, tuple) else (key, None)
            if not isinstance(key, tuple) and name.startswith("temp_idx_arr"):
                value = np.empty(shape[0], np.int64)
            out.append(kwargs.get(name, value))
        return tuple(out)


def _own_or_named(side: str, own: bool, args, own_kwargs, named_args, named_kwargs) -> tuple:
    """Arguments of one side: those of `run` itself where they are its own."""
    if own and (named_args or named_kwargs):
        raise ValueError(f"pass arguments as they are instead of {side}_args or {side}_kwargs")
    return (args, own_kwargs) if own else (named_args or (), named_kwargs or {})


def _selecting_one(generate: Any, choice: Any, compiled: bool) -> Callable:
    """A function of the number of a combination of parameters that makes its signals."""
    if compiled:
        from numba import njit

        @njit
        def select_nb(i, before, inputs, rows, args):
            return generate(*before, choice, *inputs, *rows[i][1:], *args)

        return select_nb

    def select(i, before, inputs, rows, args, engine=None):
        return generate(*before, choice, *inputs, *rows[i][1:], *args, engine=engine)

    return select


def _selecting_both(generate: Any, entry: Any, exit_: Any, compiled: bool) -> Callable:
    """As `_selecting_one`, with two functions that choose."""
    if compiled:
        from numba import njit

        @njit
        def select_nb(
            i, before, entry_inputs, entry_rows, entry_args, exit_inputs, exit_rows, exit_args
        ):
            return generate(
                *before,
                entry,
                (*entry_inputs, *entry_rows[i][1:], *entry_args),
                exit_,
                (*exit_inputs, *exit_rows[i][1:], *exit_args),
            )

        return select_nb

    def select(
        i,
        before,
        entry_inputs,
        entry_rows,
        entry_args,
        exit_inputs,
        exit_rows,
        exit_args,
        engine=None,
    ):
        return generate(
            *before,
            entry,
            (*entry_inputs, *entry_rows[i][1:], *entry_args),
            exit_,
            (*exit_inputs, *exit_rows[i][1:], *exit_args),
            engine=engine,
        )

    return select


def _plotting(mode: int) -> Callable:
    """`plot` of the generators of a mode."""
    entries = "new_entries" if mode == FactoryMode.Chain else "entries"

    def plot(
        self,
        entry_y=None,
        exit_y=None,
        entry_types=None,
        exit_types=None,
        entry_trace_kwargs: dict | None = None,
        exit_trace_kwargs: dict | None = None,
        fig: Any = None,
        **kwargs,
    ) -> Any:
        """Markers of the entries and exits of one column.

        entry_y, exit_y: their heights; entry_types, exit_types: words that are shown at them.
        kwargs: of `.vbt.signals.plot_as_markers`.
        """
        if self.wrapper.ndim > 1:
            raise TypeError("there are several columns: select one by indexing first")
        name = "New Entry" if mode == FactoryMode.Chain else "Entry"
        sides = [(entries, "entry", name, entry_y, entry_types, entry_trace_kwargs)]
        if mode != FactoryMode.Entries:
            sides.append(("exits", "exit", "Exit", exit_y, exit_types, exit_trace_kwargs))
        for output, side, name, y, types, given in sides:
            style: dict[str, Any] = {"name": name}
            if types is not None:
                style["customdata"] = np.asarray(types)
                style["hovertemplate"] = "(%{x}, %{y})<br>Type: %{customdata}"
            draw = getattr(getattr(self, output).vbt.signals, f"plot_as_{side}_markers")
            fig = draw(y=y, trace_kwargs=merge_dicts(style, given), fig=fig, **kwargs)
        return fig

    return plot
