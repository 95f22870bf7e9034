"""`.vbt.returns.qs`: the functions of quantstats with the returns, benchmark and year at hand.

quantstats is imported when an adapter is made, and not a dependency.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd

from .._settings import settings
from ..utils import checks
from ..utils.config import Configured, get_func_arg_names, merge_dicts

# How the functions of each module are called here.
_NAMES = {"utils": "{}", "stats": "{}", "plots": "plot_{}", "reports": "{}_report"}


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    """Everything in quantstats that takes returns, by its name here."""
    out: dict[str, Callable[..., Any]] = {}
    for module_name, form in _NAMES.items():
        module = importlib.import_module(f"quantstats.{module_name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and checks.func_accepts_arg(function, "returns"):
                out[form.format(name)] = function
    return out


def _missing(values: pd.Series | pd.DataFrame) -> pd.Series:
    empty = values.isnull()
    return empty.any(axis=1) if isinstance(empty, pd.DataFrame) else empty


class QSAdapter(Configured):
    """quantstats' functions as methods; calling the adapter changes its defaults."""

    def __init__(self, returns_accessor, defaults=None, **kwargs) -> None:
        from .accessors import ReturnsAccessor

        checks.assert_instance_of(returns_accessor, ReturnsAccessor)
        Configured.__init__(self, returns_accessor=returns_accessor, defaults=defaults, **kwargs)
        self._returns_accessor = returns_accessor
        self._defaults = defaults
        _functions()

    def __call__(self, **kwargs):
        return self.replace(**kwargs)

    def __dir__(self):
        return [*super().__dir__(), *_functions()]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in _functions():
            raise AttributeError(f"'QSAdapter' object has no attribute {name!r}")
        function = _functions()[name]

        def method(**kwargs):
            return self._call(function, kwargs)

        method.__name__ = name
        method.__doc__ = f"See `{function.__module__}.{function.__name__}`."
        return method

    @property
    def returns_accessor(self):
        return self._returns_accessor

    @property
    def defaults_mapping(self) -> dict[str, str]:
        """quantstats' names of the accessor's defaults."""
        return {"rf": "risk_free"}

    @property
    def defaults(self) -> dict:
        """Arguments of the functions where they are left out."""
        own = self.returns_accessor.defaults
        known = {k: own[v] for k, v in self.defaults_mapping.items() if v in own}
        return merge_dicts(settings["qs_adapter"]["defaults"], known, self._defaults)

    def _call(self, function: Callable[..., Any], kwargs: dict[str, Any]) -> Any:
        accessor, defaults = self.returns_accessor, self.defaults
        given = dict(kwargs)
        for name in get_func_arg_names(function):
            if name in given:
                continue
            if name in defaults:
                given[name] = defaults[name]
            elif name == "benchmark" and accessor.benchmark_rets is not None:
                given[name] = accessor.benchmark_rets
            elif name in ("periods", "periods_per_year"):
                given[name] = int(accessor.ann_factor)
        returns = accessor.obj
        empty = _missing(returns)
        if "benchmark" in given:
            empty |= _missing(given["benchmark"])
            given["benchmark"] = given["benchmark"].loc[~empty]
        returns = returns.loc[~empty]
        inspect.signature(function).bind(returns=returns, **given)
        return function(returns=returns, **given)
