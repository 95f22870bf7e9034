"""Indicators out of the functions and classes of other packages, where these are installed."""

from __future__ import annotations

import inspect
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from ..utils.config import merge_dicts

#: Arguments that are columns of data, whatever is said of their type.
_DATA = {
    "open_", "open", "high", "low", "close", "adj_close", "volume", "dividends", "split",
}  # fmt: skip


def _by_column(function: Callable[[list], Any], inputs: list) -> Any:
    """Call a function of Series or 1-D arrays for each column and put the results side by side."""
    if isinstance(inputs[0], pd.Series):
        columns = [inputs]
    elif isinstance(inputs[0], pd.DataFrame):
        columns = [[one.iloc[:, n] for one in inputs] for n in range(inputs[0].shape[1])]
    else:
        columns = [[one[:, n] for one in inputs] for n in range(inputs[0].shape[1])]
    results = [function(column) for column in columns]
    if isinstance(results[0], tuple):
        return [np.column_stack(group) for group in zip(*results, strict=True)]
    return np.column_stack(results)


def _import_pandas_ta() -> Any:
    try:
        import pandas_ta  # pyright: ignore[reportMissingImports]
    except Exception:
        import pandas_ta_classic as pandas_ta  # pyright: ignore[reportMissingImports]
    return pandas_ta


def _arguments(function) -> Iterator[tuple[str, inspect.Parameter]]:
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield name, parameter


def _on_index(result: tuple, index: pd.Index) -> Iterator[tuple[int, Any]]:
    return ((n, part) for n, part in enumerate(result) if index.equals(part.index))


def _joined(parts: list) -> Any:
    return parts[0] if len(parts) == 1 else pd.concat(parts, axis=1)


def _without_numbers(column: str) -> str:
    """The name of an output: that of the column without its parameters, as `bbl_5_2.0` is bbl."""

    def is_number(text: str) -> bool:
        try:
            float(text)
        except ValueError:
            return False
        return True

    parts = [part for part in column.split("_") if not is_number(part)]
    return "_".join(part.replace("-", "_").lower() for part in parts)


class OutsideLibraries:
    """What `IndicatorFactory` makes of TA-Lib, pandas-ta and ta."""

    @classmethod
    def get_talib_indicators(cls) -> set[str]:
        """The names that `from_talib` takes."""
        import talib  # pyright: ignore[reportMissingImports]

        return set(talib.get_functions())

    @classmethod
    def from_talib(cls, func_name: str, init_kwargs: dict | None = None, **kwargs) -> Any:
        """The class of a function of TA-Lib (which must be installed), with its parameters.

        init_kwargs: for the factory; kwargs: for `from_apply_func`.
        """
        import talib.abstract  # pyright: ignore[reportMissingImports]

        func_name = func_name.upper()
        function = getattr(talib, func_name)
        info: Any = vars(talib.abstract)["Function"](func_name).info
        input_names: list[str] = []
        for names in info["input_names"].values():
            input_names += list(names) if isinstance(names, (list, tuple)) else [names]

        def apply_func(inputs, in_outputs, params, **options):
            return _by_column(lambda column: function(*column, *params, **options), inputs)

        config = {
            "class_name": info["name"],
            "class_docstring": f"{info['display_name']}, {info['group']}",
            "input_names": input_names,
            "param_names": list(info["parameters"]),
            "output_names": info["output_names"],
            "output_flags": info["output_flags"],
        }
        factory: Any = cls(**merge_dicts(config, init_kwargs))
        return factory.from_apply_func(apply_func, pass_packed=True, **info["parameters"], **kwargs)

    @classmethod
    def parse_pandas_ta_config(
        cls, func: Callable, test_input_names=None, test_index_len: int = 100
    ) -> dict[str, Any]:
        """The names of inputs, parameters and outputs of a function of pandas-ta, found by a call.

        test_input_names: arguments that are inputs; test_index_len: rows of the trial.
        """
        known = _DATA if test_input_names is None else test_input_names
        input_names, defaults = [], {}
        for name, parameter in _arguments(func):
            data = parameter.annotation is pd.Series or name in known
            if data or parameter.default is parameter.empty:
                input_names.append(name)
            else:
                defaults[name] = parameter.default
        index = pd.date_range("2020-01-01", periods=test_index_len, freq="D")
        rng = np.random.default_rng(0)
        trial = {
            name: pd.Series(rng.uniform(1, 10, test_index_len), index, name=name)
            for name in input_names
        }
        try:
            result = func(**trial)
        except Exception as error:
            raise ValueError(f"{func.__name__}: a trial call failed: {error}") from error
        if isinstance(result, tuple):
            fitting = list(_on_index(result, index))
            for n in set(range(len(result))) - {n for n, _ in fitting}:
                warnings.warn(
                    f"{func.__name__}: output {n} has another index and is left out", stacklevel=2
                )
            if not fitting:
                raise ValueError(f"{func.__name__}: no output has the index of the inputs")
            result = _joined([part for _, part in fitting])
        if not index.equals(result.index):
            raise ValueError(f"{func.__name__}: the output has another index than the inputs")
        frame = isinstance(result, pd.DataFrame)
        columns = [_without_numbers(name) for name in (result.columns if frame else [result.name])]
        output_names = []
        for name, count in Counter(columns).items():
            output_names += [name] if count == 1 else [f"{name}{n}" for n in range(count)]
        return {
            "class_name": func.__name__.upper(),
            "class_docstring": func.__doc__ or "",
            "input_names": input_names,
            "param_names": list(defaults),
            "output_names": output_names,
            "defaults": defaults,
        }

    @classmethod
    def get_pandas_ta_indicators(cls, silence_warnings: bool = True) -> set[str]:
        """The names that `from_pandas_ta` takes."""
        library = _import_pandas_ta()
        found = set()
        for name in [name for names in library.Category.values() for name in names]:
            try:
                cls.parse_pandas_ta_config(getattr(library, name))
                found.add(name.upper())
            except Exception as error:
                if not silence_warnings:
                    warnings.warn(f"{name}: {error}", stacklevel=2)
        return found

    @classmethod
    def from_pandas_ta(
        cls,
        func_name: str,
        parse_kwargs: dict | None = None,
        init_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """The class of a function of pandas-ta (or pandas-ta-classic), which must be installed.

        parse_kwargs: for `parse_pandas_ta_config`; others: see `from_talib`.
        """
        function = getattr(_import_pandas_ta(), func_name.lower())
        config = cls.parse_pandas_ta_config(function, **(parse_kwargs or {}))
        input_names, param_names = config["input_names"], config["param_names"]

        def apply_func(inputs, in_outputs, params, **options):
            def one(column):
                arguments = dict(zip(input_names, column, strict=True))
                arguments |= dict(zip(param_names, params, strict=True))
                output: Any = function(**arguments, **options)
                if isinstance(output, tuple):
                    parts = [part for _, part in _on_index(output, column[0].index)]
                    if not parts:
                        raise ValueError(f"{func_name}: no output has the index of the inputs")
                    output = _joined(parts)
                if isinstance(output, pd.DataFrame):
                    return tuple(output.iloc[:, n] for n in range(output.shape[1]))
                return output

            return _by_column(one, inputs)

        return cls._of_pandas(config, init_kwargs, apply_func, kwargs)

    @classmethod
    def _of_pandas(cls, config: dict, init_kwargs, apply_func: Callable, kwargs: dict) -> Any:
        defaults = config.pop("defaults")
        factory: Any = cls(**merge_dicts(config, init_kwargs))
        return factory.from_apply_func(
            apply_func, pass_packed=True, keep_pd=True, to_2d=False, **defaults, **kwargs
        )

    @classmethod
    def get_ta_indicators(cls) -> set[str]:
        """The names that `from_ta` takes."""
        import ta  # pyright: ignore[reportMissingImports]

        base = ta.utils.IndicatorMixin
        return {
            obj.__name__
            for module in _modules(ta)
            for obj in vars(module).values()
            if isinstance(obj, type) and obj is not base and issubclass(obj, base)
        }

    @classmethod
    def find_ta_indicator(cls, cls_name: str) -> type:
        """The class of that name in one of the modules of ta."""
        import ta  # pyright: ignore[reportMissingImports]

        for module in _modules(ta):
            if hasattr(module, cls_name):
                return getattr(module, cls_name)
        raise ValueError(f"ta has no indicator {cls_name!r}; see get_ta_indicators()")

    @classmethod
    def parse_ta_config(cls, ind_cls: type) -> dict[str, Any]:
        """The names of inputs, parameters and outputs of a class of ta, from its annotations."""
        input_names, param_names, defaults = [], [], {}
        for name, parameter in _arguments(ind_cls):
            if parameter.annotation is parameter.empty:
                raise ValueError(f"{ind_cls.__name__}: the type of argument {name!r} is not given")
            if parameter.annotation is pd.Series:
                input_names.append(name)
                continue
            param_names.append(name)
            if parameter.default is not parameter.empty:
                defaults[name] = parameter.default
        output_names = []
        for name in dir(ind_cls):
            if name.startswith("_"):
                continue
            method = getattr(ind_cls, name)
            documented = "Returns:\n            pandas.Series" in (method.__doc__ or "")
            if inspect.signature(method).return_annotation is pd.Series or documented:
                output_names.append(name)
        return {
            "class_name": ind_cls.__name__,
            "class_docstring": ind_cls.__doc__ or "",
            "input_names": input_names,
            "param_names": param_names,
            "output_names": output_names,
            "defaults": defaults,
        }

    @classmethod
    def from_ta(cls, cls_name: str, init_kwargs: dict | None = None, **kwargs) -> Any:
        """The class of a class of ta, which must be installed; see `from_talib`."""
        ind_cls = cls.find_ta_indicator(cls_name)
        config = cls.parse_ta_config(ind_cls)
        names = [*config["input_names"]], [*config["param_names"]], [*config["output_names"]]

        def apply_func(inputs, in_outputs, params, **options):
            def one(column):
                arguments = dict(zip(names[0], column, strict=True))
                indicator = ind_cls(
                    **arguments, **dict(zip(names[1], params, strict=True)), **options
                )
                outputs = tuple(getattr(indicator, name)() for name in names[2])
                return outputs[0] if len(outputs) == 1 else outputs

            return _by_column(one, inputs)

        return cls._of_pandas(config, init_kwargs, apply_func, kwargs)


def _modules(package: ModuleType) -> list[ModuleType]:
    return [value for _, value in sorted(vars(package).items()) if isinstance(value, ModuleType)]
