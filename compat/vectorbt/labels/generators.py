"""The generators of labels: what prices do in the rows that follow.

FMEAN, FSTD, FMIN and FMAX are moving windows that look ahead; those that end in LB are labels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..indicators.configs import flex_elem_param_config
from ..indicators.factory import IndicatorFactory
from . import dispatch
from .enums import TrendMode

__all__ = ["BOLB", "FIXLB", "FMAX", "FMEAN", "FMIN", "FSTD", "LEXLB", "MEANLB", "TRENDLB"]

_SHARES = {"pos_th": flex_elem_param_config, "neg_th": flex_elem_param_config}


def _generator(
    name: str,
    doc: str,
    function: Callable[..., Any],
    params: list[str],
    output: str = "labels",
    settings: dict[str, Any] | None = None,
    **how: Any,
) -> Any:
    """A class of generators. settings: of parameters; how: defaults of all other arguments."""
    factory = IndicatorFactory(
        class_name=name,
        class_docstring=doc,
        module_name=__name__,
        input_names=["close"],
        param_names=params,
        output_names=[output],
    )
    arguments = [key for key in ("wait", "adjust", "ddof") if key in how]
    if settings:
        how |= {"param_settings": settings, "pass_flex_2d": True}
    cls = factory.from_apply_func(function, kwargs_to_args=arguments, **how)
    if output == "labels":
        cls.plot = _plot
    return cls


def _plot(self, column=None, **kwargs):
    """The prices of one column, over their labels as colors."""
    one = self.select_one(column=column, group_by=False)
    labels = one.labels.rename("labels")
    return one.close.rename("close").vbt.overlay_with_heatmap(labels, **kwargs)


_WEIGHTS = {"ewm": False, "wait": 1, "adjust": False}

FMEAN = _generator(
    "FMEAN",
    "The mean of the next `window` rows.",
    dispatch.future_mean_apply,
    ["window", "ewm"],
    "fmean",
    **_WEIGHTS,
)

FSTD = _generator(
    "FSTD",
    "The standard deviation of the next `window` rows.",
    dispatch.future_std_apply,
    ["window", "ewm"],
    "fstd",
    **_WEIGHTS,
    ddof=0,
)

FMIN = _generator(
    "FMIN",
    "The lowest of the next `window` rows.",
    dispatch.future_min_apply,
    ["window"],
    "fmin",
    wait=1,
)

FMAX = _generator(
    "FMAX",
    "The highest of the next `window` rows.",
    dispatch.future_max_apply,
    ["window"],
    "fmax",
    wait=1,
)

FIXLB = _generator("FIXLB", "The return of the next `n` rows.", dispatch.fixed_labels_apply, ["n"])

MEANLB = _generator(
    "MEANLB",
    "The return up to the mean of the next `window` rows.",
    dispatch.mean_labels_apply,
    ["window", "ewm"],
    **_WEIGHTS,
)

LEXLB = _generator(
    "LEXLB",
    "1 at peaks, -1 at troughs: `pos_th` and `neg_th` are the least rise and fall between them.",
    dispatch.local_extrema_apply,
    ["pos_th", "neg_th"],
    settings=_SHARES,
)

TRENDLB = _generator(
    "TRENDLB",
    "Labels between the extremes of `LEXLB`, as `mode` says; see `TrendMode`.",
    dispatch.trend_labels_apply,
    ["pos_th", "neg_th", "mode"],
    settings={**_SHARES, "mode": {"dtype": TrendMode}},
    mode=TrendMode.Binary,
)

BOLB = _generator(
    "BOLB",
    "1 where the next `window` rows first rise by `pos_th`, -1 where they first fall by `neg_th`.",
    dispatch.breakout_labels,
    ["window", "pos_th", "neg_th"],
    settings=_SHARES,
    pos_th=0.0,
    neg_th=0.0,
    wait=1,
)
