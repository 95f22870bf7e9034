"""The factory of indicators: classes from the names of inputs, parameters and outputs, and a
function.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..utils import checks
from ..utils.config import Config, Default, merge_dicts
from ..utils.decorators import cached_property
from ..utils.mapping import to_mapping
from ..utils.params import broadcast_params, create_param_product, to_typed_list
from .base import (
    BOOLEAN,
    NUMERIC,
    IndicatorBase,
    MetaIndicatorBase,
    combine_objs,
    comparison_method,
)
from .outside import OutsideLibraries
from .pipeline import build_columns, params_to_list, prepare_params, run_pipeline

__all__ = [
    "IndicatorBase",
    "IndicatorFactory",
    "MetaIndicatorBase",
    "build_columns",
    "combine_objs",
    "params_to_list",
    "prepare_params",
    "run_pipeline",
]


def _names(values: Sequence[str] | None) -> list[str]:
    if values is None:
        return []
    checks.assert_sequence(values)
    return list(values)


def _dict(value: dict | None, allowed=None) -> dict:
    value = {} if value is None else value
    checks.assert_instance_of(value, dict)
    if value and allowed is not None:
        checks.assert_dict_valid(value, allowed)
    return value


class IndicatorFactory(OutsideLibraries):
    """Makes a class of indicators; `from_apply_func` or `from_custom_func` say how they compute.

    class_name, class_docstring, module_name: of the class. short_name: what the levels of its
    parameters begin with, unless `prepend_name` is False. input_names, param_names, output_names:
    in the order of the function's arguments and results; in_output_names: arrays that it writes
    to. output_flags: notes on outputs. custom_output_props: functions of the indicator, as cached
    properties. attr_settings: for inputs, outputs and properties, `dtype`: numbers are compared
    (`NAME_above`, `NAME_crossed_above`, ...), booleans combined (`NAME_and`, ...), mappings and
    enumerations made readable (`NAME_readable`). metrics, stats_defaults, subplots,
    plots_defaults: what `stats` and `plots` begin with.
    """

    def __init__(
        self,
        class_name: str = "Indicator",
        class_docstring: str = "",
        module_name: str | None = __name__,
        short_name: str | None = None,
        prepend_name: bool = True,
        input_names: Sequence[str] | None = None,
        param_names: Sequence[str] | None = None,
        in_output_names: Sequence[str] | None = None,
        output_names: Sequence[str] | None = None,
        output_flags: dict | None = None,
        custom_output_props: dict | None = None,
        attr_settings: dict | None = None,
        metrics: dict | None = None,
        stats_defaults: Callable | dict | None = None,
        subplots: dict | None = None,
        plots_defaults: Callable | dict | None = None,
    ) -> None:
        for text in (class_name, class_docstring):
            checks.assert_instance_of(text, str)
        if short_name is None:
            short_name = "custom" if class_name == "Indicator" else class_name.lower()
        checks.assert_instance_of(short_name, str)
        if module_name is not None:
            checks.assert_instance_of(module_name, str)
        checks.assert_instance_of(prepend_name, bool)
        self.class_name, self.class_docstring = class_name, class_docstring
        self.module_name, self.short_name = module_name, short_name
        self.prepend_name = prepend_name
        self.input_names = _names(input_names)
        self.param_names = _names(param_names)
        self.in_output_names = _names(in_output_names)
        self.output_names = _names(output_names)
        all_outputs = self.in_output_names + self.output_names
        if not all_outputs:
            raise ValueError("an indicator needs outputs: pass output_names or in_output_names")
        self.output_flags = _dict(output_flags, all_outputs)
        self.custom_output_props = _dict(custom_output_props)
        attributes = self.input_names + all_outputs + list(self.custom_output_props)
        self.attr_settings = _dict(attr_settings, attributes)

        namespace: dict[str, Any] = {"__doc__": class_docstring}
        if module_name is not None:
            namespace["__module__"] = module_name
        for kind in ("input_names", "param_names", "in_output_names", "output_names"):
            namespace[kind] = namespace[f"_{kind}"] = tuple(getattr(self, kind))
        namespace["output_flags"] = namespace["_output_flags"] = self.output_flags
        for name in self.param_names:
            namespace[f"{name}_list"] = _param_list(name)
        for name in self.param_names + (["tuple"] if len(self.param_names) > 1 else []):
            namespace[f"{name}_loc"] = _param_loc(name)
        for name in self.input_names + all_outputs:
            namespace[name] = _table(name, self.output_flags.get(name), name in self.input_names)
        for name in all_outputs:
            namespace[f"_{name}"] = _array(name)
        for name, function in self.custom_output_props.items():
            function.__name__ = name
            prop = cached_property(function)
            namespace[name] = prop
        for name in attributes:
            namespace |= self._methods_of(name)
        for kind, given in (("metrics", metrics), ("subplots", subplots)):
            if given is not None:
                config = given if isinstance(given, Config) else _deep_config(given)
                namespace[f"_{kind}"] = config.copy()
        for kind, given in (("stats_defaults", stats_defaults), ("plots_defaults", plots_defaults)):
            if given is not None:
                namespace[kind] = _defaults(given)
        self.Indicator = MetaIndicatorBase(class_name, (IndicatorBase,), namespace)

    def _methods_of(self, name: str) -> dict[str, Any]:
        """What the type of an input, output or property adds to the class."""
        own = self.attr_settings.get(name, {})
        checks.assert_dict_valid(own, ["dtype"])
        dtype = own.get("dtype", np.float64)
        methods: dict[str, Any] = {}
        if checks.is_mapping_like(dtype):
            methods[f"{name}_readable"] = _readable(name, dtype)
            methods[f"{name}_stats"] = _stats(name, lambda table: table.vbt(mapping=dtype))
            return methods
        if np.issubdtype(dtype, np.number):
            kinds = NUMERIC
            methods[f"{name}_stats"] = _stats(name, lambda table: table.vbt)
        elif np.issubdtype(dtype, np.bool_):
            kinds = BOOLEAN
            methods[f"{name}_stats"] = _stats(name, lambda table: table.vbt.signals)
        else:
            return methods
        for kind in kinds:
            method = comparison_method(kind, name, self.short_name, self.prepend_name)
            method.__qualname__ = f"{self.class_name}.{name}_{kind.name}"
            methods[f"{name}_{kind.name}"] = method
        return methods

    def from_custom_func(
        self,
        custom_func: Callable,
        require_input_shape: bool = False,
        param_settings: dict | None = None,
        in_output_settings: dict | None = None,
        hide_params: Sequence[str] | None = None,
        hide_default: bool = True,
        var_args: bool = False,
        keyword_only_args: bool = False,
        **pipeline_kwargs,
    ) -> Any:
        """The class, computing by a function of all parameters at once; see `run_pipeline`.

        require_input_shape: `run` takes the shape first. param_settings, in_output_settings:
        settings by name. hide_params: parameters without a level of columns; hide_default: none
        for those left at their default. var_args: `run` hands further arguments on.
        keyword_only_args: `run` takes all arguments by name. pipeline_kwargs: defaults of inputs
        (the name of another one, too), parameters and in-place outputs; the rest for
        `run_pipeline` and the function.
        """
        if var_args and keyword_only_args:
            raise ValueError("var_args and keyword_only_args exclude each other")
        own_names = self.input_names + self.param_names + self.in_output_names
        defaults: dict[str, Any] = dict.fromkeys(self.in_output_names)
        for name, value in pipeline_kwargs.items():
            if name in own_names:
                hidden = name in self.param_names and not isinstance(value, Default)
                defaults[name] = Default(value) if hidden else value
        others = {k: v for k, v in pipeline_kwargs.items() if k not in own_names}
        recipe = _Recipe(
            self, custom_func, require_input_shape, param_settings or {}, in_output_settings or {},
            hide_params, hide_default, var_args, keyword_only_args, defaults, others,
        )  # fmt: skip
        cls: Any = self.Indicator
        cls.custom_func = custom_func
        cls._run = classmethod(recipe.run)
        cls.run = recipe.public("run", recipe.run_defaults)
        if self.param_names:
            cls._run_combs = classmethod(recipe.run_combs)
            cls.run_combs = recipe.public("run_combs", recipe.combs_defaults)
        return cls

    def from_apply_func(
        self,
        apply_func: Callable,
        cache_func: Callable | None = None,
        pass_packed: bool = False,
        kwargs_to_args: Sequence[str] | None = None,
        numba_loop: bool = False,
        pass_seed: bool = False,
        **kwargs,
    ) -> Any:
        """The class, computing by a function of one combination of parameters.

        It gets the inputs, its views of the in-place outputs and one value of each parameter (as
        three tuples where `pass_packed`), before them the shape and the column if these are asked
        for, behind them further arguments, those named in `kwargs_to_args`, `flex_2d` and what
        `cache_func`, which gets the lists of all parameters, has returned. numba_loop: loop
        compiled. use_ray (of `run`): loop over processes. kwargs: see `from_custom_func`.
        """
        cls: Any = self.Indicator
        cls.apply_func = apply_func
        to_args = list(kwargs_to_args or ())
        select = _selector(
            apply_func, pass_packed, bool(self.in_output_names), bool(self.param_names), numba_loop
        )
        outputs = len(self.output_names)
        kind = "none" if outputs == 0 else "one" if outputs == 1 else "multiple"
        has_in_outputs, has_params = bool(self.in_output_names), bool(self.param_names)

        def custom_func(
            input_list,
            in_output_list,
            param_list,
            *args,
            input_shape=None,
            col: int | None = None,
            flex_2d: bool | None = None,
            return_cache: bool = False,
            use_cache=None,
            use_ray: bool = False,
            **options,
        ):
            from ..base import combine_fns

            if use_ray and has_in_outputs:
                raise ValueError("use_ray: other processes cannot write to in-place outputs")
            if use_ray and numba_loop:
                raise ValueError("use_ray and numba_loop exclude each other")
            if use_ray and not outputs:
                raise ValueError("use_ray needs regular outputs")
            suffix = "_nb" if numba_loop else "_ray" if use_ray else ""
            loop = getattr(combine_fns, f"apply_and_concat_{kind}{suffix}")
            inputs = tuple(input_list)
            before = ()
            if input_shape is not None and "input_shape" not in to_args:
                before += (input_shape,)
            if col is not None and "col" not in to_args:
                before += (col,)
            more = tuple(options.pop(name) for name in to_args)
            if flex_2d is not None and "flex_2d" not in to_args:
                more += (flex_2d,)
            cache = use_cache
            if cache is None and cache_func is not None:
                lists = in_output_list, param_list
                if checks.is_numba_func(cache_func):
                    lists = [[to_typed_list(one) for one in some] for some in lists]
                cache = cache_func(*before, *inputs, *lists[0], *lists[1], *args, *more, **options)
            if return_cache:
                return cache
            if cache is None:
                cache = ()
            elif not isinstance(cache, tuple):
                cache = (cache,)
            tuples = []
            for some, there in ((in_output_list, has_in_outputs), (param_list, has_params)):
                if there:
                    each = list(zip(*some, strict=True))
                    tuples.append(to_typed_list(each) if numba_loop else each)
            count = len(param_list[0]) if param_list else 1
            return loop(count, select, before, inputs, *tuples, *args, *more, *cache, **options)

        return self.from_custom_func(custom_func, as_lists=True, pass_seed=pass_seed, **kwargs)


def _selector(
    apply_func: Callable, packed: bool, in_outputs: bool, params: bool, compiled: bool
) -> Callable:
    """A function of the number of a combination that calls `apply_func` with its parameters.

    There is one for each form since the compiler must know which arguments there are.
    """
    if not compiled:

        def select(i, before, inputs, *rest, **kwargs):
            rest = list(rest)
            written = rest.pop(0)[i] if in_outputs else ()
            values = rest.pop(0)[i] if params else ()
            if packed:
                return apply_func(*before, inputs, written, values, *rest, **kwargs)
            return apply_func(*before, *inputs, *written, *values, *rest, **kwargs)

        return select

    from numba import njit

    def with_both(i, before, inputs, written, values, *args):
        return apply_func(*before, *inputs, *written[i], *values[i], *args)

    def with_one(i, before, inputs, some, *args):
        return apply_func(*before, *inputs, *some[i], *args)

    def with_none(i, before, inputs, *args):
        return apply_func(*before, *inputs, *args)

    def packed_both(i, before, inputs, written, values, *args):
        return apply_func(*before, inputs, written[i], values[i], *args)

    def packed_written(i, before, inputs, written, *args):
        return apply_func(*before, inputs, written[i], (), *args)

    def packed_values(i, before, inputs, values, *args):
        return apply_func(*before, inputs, (), values[i], *args)

    def packed_none(i, before, inputs, *args):
        return apply_func(*before, inputs, (), (), *args)

    forms = {
        (True, True): (with_both, packed_both),
        (True, False): (with_one, packed_written),
        (False, True): (with_one, packed_values),
        (False, False): (with_none, packed_none),
    }
    return njit(forms[in_outputs, params][packed])


class _Recipe:
    """How an indicator runs: what `from_custom_func` was given."""

    def __init__(
        self, factory, custom_func, require_input_shape, param_settings, in_output_settings,
        hide_params, hide_default, var_args, keyword_only_args, defaults, pipeline_kwargs,
    ) -> None:  # fmt: skip
        self.factory = factory
        self.custom_func = custom_func
        self.require_input_shape = require_input_shape
        self.param_settings = param_settings
        self.in_output_settings = in_output_settings
        self.hide_params = hide_params
        self.hide_default = hide_default
        self.var_args = var_args
        self.keyword_only_args = keyword_only_args
        self.defaults = defaults
        self.pipeline_kwargs = pipeline_kwargs
        self.run_defaults = {
            "short_name": factory.short_name,
            "hide_params": hide_params,
            "hide_default": hide_default,
        }
        self.combs_defaults = {
            "r": 2,
            "param_product": False,
            "comb_func": itertools.combinations,
            "run_unique": True,
            "short_names": None,
            "hide_params": hide_params,
            "hide_default": hide_default,
        }

    def public(self, name: str, options: dict[str, Any]) -> Any:
        """The class method `name`, with the signature that the names and defaults make."""
        factory = self.factory
        own = factory.input_names + factory.param_names
        kind = inspect.Parameter
        named = kind.KEYWORD_ONLY if self.keyword_only_args else kind.POSITIONAL_OR_KEYWORD
        parameters = [kind("cls", kind.POSITIONAL_ONLY)]
        required = ["input_shape"] if self.require_input_shape else []
        required += [n for n in own if n not in self.defaults]
        parameters += [kind(n, named) for n in required]
        if self.var_args:
            parameters.append(kind("args", kind.VAR_POSITIONAL))
            named = kind.KEYWORD_ONLY
        optional = {n: self.defaults[n] for n in own if n in self.defaults}
        optional |= {n: self.defaults[n] for n in factory.in_output_names}
        parameters += [kind(n, named, default=v) for n, v in (optional | options).items()]
        parameters.append(kind("kwargs", kind.VAR_KEYWORD))
        signature = inspect.Signature(parameters)
        handed_on = [*(["input_shape"] if self.require_input_shape else []), *options]
        all_names = own + factory.in_output_names

        def method(cls, *args, **kwargs):
            try:
                bound = signature.bind(cls, *args, **kwargs)
            except TypeError as error:
                raise TypeError(f"{factory.class_name}.{name}(): {error}") from None
            bound.apply_defaults()
            values = bound.arguments
            return getattr(cls, f"_{name}")(
                *(values[n] for n in all_names),
                *values.get("args", ()),
                **{n: values[n] for n in handed_on},
                **values["kwargs"],
            )

        method.__name__ = name
        method.__qualname__ = f"{factory.class_name}.{name}"
        method.__signature__ = signature  # pyright: ignore[reportFunctionMemberAccess]
        parts = {
            "inputs": factory.input_names,
            "parameters": factory.param_names,
            "outputs": factory.output_names,
            "in-place outputs": factory.in_output_names,
        }
        listed = "; ".join(f"{what}: {', '.join(names)}" for what, names in parts.items() if names)
        purpose = (
            f"Compute {factory.class_name}"
            if name == "run"
            else f"Compute several {factory.class_name}, with all combinations (`comb_func`) of "
            "`r` parameters out of those given"
        )
        method.__doc__ = (
            f"{purpose} ({listed}).\n\nhide_params: parameters without a level of columns; "
            "hide_default: none for defaults; kwargs: see `run_pipeline`."
        )
        return classmethod(method)

    def _settings(self, own: dict, given: dict | None, names: list[str]) -> list[dict]:
        merged = merge_dicts(own, given or {})
        if merged:
            checks.assert_dict_valid(merged, [names])
        return [merged.get(name, {}) for name in names]

    def _split(self, args: tuple) -> tuple[list, list, list, list]:
        """Inputs, parameters, in-place outputs and further arguments; names of others resolved."""
        factory = self.factory
        groups = [factory.input_names, factory.param_names, factory.in_output_names]
        names = [name for group in groups for name in group]
        values = list(args[: len(names)])
        checks.assert_len_equal(values, names)
        rest = list(args[len(names) :])
        if rest and not self.var_args:
            raise TypeError(
                f"{factory.class_name} takes {len(names)} arguments, {len(args)} were given; "
                "further ones need var_args=True"
            )
        for n, value in enumerate(values):
            default = isinstance(value, Default)
            meant = value.value if default else value
            if isinstance(meant, str) and meant in names:
                meant = values[names.index(meant)]
                values[n] = Default(meant) if default else meant
        out = []
        for group in groups:
            out.append(values[: len(group)])
            values = values[len(group) :]
        return out[0], out[1], out[2], rest

    def run(self, cls, *args, **kwargs) -> Any:
        """Compute one indicator of class `cls`."""
        factory = self.factory
        short_name = kwargs.pop("short_name", factory.short_name)
        hide_params = kwargs.pop("hide_params", self.hide_params) or []
        hide_default = kwargs.pop("hide_default", self.hide_default)
        param_settings = self._settings(
            self.param_settings, kwargs.pop("param_settings", None), factory.param_names
        )
        in_output_settings = self._settings(
            self.in_output_settings, kwargs.pop("in_output_settings", None), factory.in_output_names
        )
        inputs, params, in_outputs, rest = self._split(args)
        level_names = [
            f"{short_name}_{name}" if factory.prepend_name else name for name in factory.param_names
        ]
        hidden = [
            n
            for n, name in enumerate(factory.param_names)
            if name in hide_params or (hide_default and isinstance(params[n], Default))
        ]
        result = run_pipeline(
            len(factory.output_names),
            self.custom_func,
            *rest,
            require_input_shape=self.require_input_shape,
            input_list=inputs,
            in_output_list=in_outputs,
            param_list=[_value(one) for one in params],
            level_names=level_names,
            hide_levels=hidden,
            param_settings=param_settings,
            in_output_settings=in_output_settings,
            **merge_dicts(self.pipeline_kwargs, kwargs),
        )
        if kwargs.get("return_raw", False) or kwargs.get("return_cache", False):
            return result
        *parts, others = result
        indicator = cls(*parts, factory.short_name, tuple(level_names))
        return (indicator, *others) if others else indicator

    def run_combs(self, cls, *args, **kwargs) -> tuple:
        """Compute one indicator for each place in all combinations of parameters."""
        factory = self.factory
        options = {name: kwargs.pop(name, value) for name, value in self.combs_defaults.items()}
        r = options["r"]
        hide_params = list(options["hide_params"] or ())
        short_names = options["short_names"]
        if short_names is None:
            short_names = [f"{factory.short_name}_{n + 1}" for n in range(r)]
        inputs, params, in_outputs, rest = self._split(args)
        settings = self._settings(
            self.param_settings, kwargs.get("param_settings"), factory.param_names
        )
        lists = []
        for name, value, own in zip(factory.param_names, params, settings, strict=True):
            if options["hide_default"] and isinstance(value, Default):
                hide_params.append(name)
            kind = own.get("is_tuple", False), own.get("is_array_like", False)
            lists.append(params_to_list(_value(value), *kind))
        lists = (create_param_product if options["param_product"] else broadcast_params)(lists)
        if options["run_unique"]:
            kwargs["use_raw"] = cls._run(
                *inputs, *lists, *in_outputs, *rest, return_raw=True, run_unique=False, **kwargs
            )
        tuples = zip(*lists, strict=True)
        if options["comb_func"] is itertools.product:
            combinations = itertools.product(tuples, repeat=r)
        else:
            combinations = options["comb_func"](tuples, r)
        return tuple(
            cls._run(
                *inputs,
                *map(list, zip(*chosen, strict=True)),
                *in_outputs,
                *rest,
                short_name=short_names[n],
                hide_params=hide_params,
                hide_default=options["hide_default"],
                run_unique=False,
                **kwargs,
            )
            for n, chosen in enumerate(zip(*combinations, strict=True))
        )


def _value(param) -> Any:
    return param.value if isinstance(param, Default) else param


# Parts of the class


def _param_list(name: str) -> property:
    return property(lambda self: getattr(self, f"_{name}_list"), doc=f"The values of `{name}`.")


def _param_loc(name: str) -> property:
    what = "all parameters, as tuples" if name == "tuple" else f"parameter `{name}`"
    return property(lambda self: self._param_loc(name), doc=f"Columns by the values of {what}.")


def _array(name: str) -> property:
    return property(lambda self: self._lines(name).array, doc=f"`{name}` without labels.")


def _table(name: str, flags, is_input: bool) -> property:
    doc = f"The {'input' if is_input else 'output'} `{name}`, with the columns of the outputs."
    if flags:
        doc += "\n\n" + (", ".join(flags) if isinstance(flags, (tuple, list)) else str(flags))
    return property(lambda self: self._frame(name), doc=doc)


def _readable(name: str, mapping) -> property:
    def readable(self):
        return getattr(self, name).vbt(mapping=mapping).apply_mapping()

    return property(readable, doc=f"`{name}` in words: {to_mapping(mapping)}.")


def _stats(name: str, accessor: Callable) -> Callable:
    def stats(self, *args, **kwargs):
        return accessor(getattr(self, name)).stats(*args, **kwargs)

    stats.__name__ = f"{name}_stats"
    stats.__doc__ = f"Statistics of `{name}`."
    return stats


def _defaults(given) -> property:
    if isinstance(given, dict):
        return property(lambda self: given)
    return property(functools.partial(_call_with_self, given))


def _call_with_self(function, self):
    return function(self)


def _deep_config(given: dict) -> Config:
    return Config(given, copy_kwargs={"copy_mode": "deep"})
