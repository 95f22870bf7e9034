"""The indicators that come with VectorBT: MA, MSTD, BBANDS, RSI, STOCH, MACD, ATR, OBV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import compute, dispatch, plots
from .factory import IndicatorFactory

__all__ = ["ATR", "BBANDS", "MA", "MACD", "MSTD", "OBV", "RSI", "STOCH"]


def _indicator(
    name: str,
    doc: str,
    function: Callable[..., Any],
    inputs: list[str],
    params: list[str],
    outputs: list[str],
    short_name: str | None = None,
    properties: dict[str, Callable] | None = None,
    **defaults,
) -> Any:
    vars(function)["reads_only"] = True  # no copies of inputs for it to write to
    factory = IndicatorFactory(
        class_name=name,
        class_docstring=doc,
        module_name=__name__,
        short_name=short_name or name.lower(),
        input_names=inputs,
        param_names=params,
        output_names=outputs,
        custom_output_props=properties,
    )
    cls = factory.from_custom_func(function, as_lists=bool(params), **defaults)
    if params:
        cls.apply_func = getattr(dispatch, f"{short_name or name.lower()}_apply")
    cls.plot = getattr(plots, f"plot_{name.lower()}")
    return cls


def _percent_b(self) -> Any:
    """Where close stands between the bands: 0 at the lower, 1 at the upper one."""
    lower = self.lower.values
    return self.wrapper.wrap((self.close.values - lower) / (self.upper.values - lower))


def _bandwidth(self) -> Any:
    """The distance of the bands as a share of the average."""
    return self.wrapper.wrap((self.upper.values - self.lower.values) / self.middle.values)


def _hist(self) -> Any:
    """MACD less its signal."""
    return self.wrapper.wrap(self.macd.values - self.signal.values)


MA: Any = _indicator(
    "MA",
    "Moving average: simple, or exponential with a span (`ewm`, `adjust`).",
    compute.moving_average,
    ["close"],
    ["window", "ewm"],
    ["ma"],
    ewm=False,
    adjust=False,
)

MSTD: Any = _indicator(
    "MSTD",
    "Moving standard deviation: of windows, or with exponential weights (`ewm`, `adjust`).",
    compute.moving_deviation,
    ["close"],
    ["window", "ewm"],
    ["mstd"],
    ewm=False,
    adjust=False,
    ddof=0,
)

BBANDS: Any = _indicator(
    "BBANDS",
    "Bollinger bands: a moving average with `alpha` standard deviations above and below.",
    compute.bollinger_bands,
    ["close"],
    ["window", "ewm", "alpha"],
    ["middle", "upper", "lower"],
    short_name="bb",
    properties={"percent_b": _percent_b, "bandwidth": _bandwidth},
    window=20,
    ewm=False,
    alpha=2,
    adjust=False,
    ddof=0,
)

RSI: Any = _indicator(
    "RSI",
    "Relative strength index: average rises against average falls, from 0 to 100.",
    compute.relative_strength,
    ["close"],
    ["window", "ewm"],
    ["rsi"],
    window=14,
    ewm=False,
    adjust=False,
)

STOCH: Any = _indicator(
    "STOCH",
    "Stochastic oscillator: where close stands in the range of a window, and its average.",
    compute.stochastic_oscillator,
    ["high", "low", "close"],
    ["k_window", "d_window", "d_ewm"],
    ["percent_k", "percent_d"],
    k_window=14,
    d_window=3,
    d_ewm=False,
    adjust=False,
)

MACD: Any = _indicator(
    "MACD",
    "Moving average convergence/divergence: a fast average less a slow one, and its signal.",
    compute.average_difference,
    ["close"],
    ["fast_window", "slow_window", "signal_window", "macd_ewm", "signal_ewm"],
    ["macd", "signal"],
    properties={"hist": _hist},
    fast_window=12,
    slow_window=26,
    signal_window=9,
    macd_ewm=False,
    signal_ewm=False,
    adjust=False,
)

ATR: Any = _indicator(
    "ATR",
    "Average true range: how far bars reach, gaps included, and the average of that.",
    compute.average_true_range,
    ["high", "low", "close"],
    ["window", "ewm"],
    ["tr", "atr"],
    window=14,
    ewm=True,
    adjust=False,
)

OBV: Any = _indicator(
    "OBV",
    "On-balance volume: volumes of rising bars added up, those of falling ones subtracted.",
    compute.on_balance_volume,
    ["close", "volume"],
    [],
    ["obv"],
)
