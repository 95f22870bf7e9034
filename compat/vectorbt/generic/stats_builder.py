"""Tables of statistics: `stats()`, and the metrics that it is made of."""

from __future__ import annotations

import inspect
import string
import warnings
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .._settings import settings as _settings
from ..utils import checks
from ..utils.attr_ import get_dict_attr
from ..utils.config import Config, merge_dicts
from ..utils.template import deep_substitute
from .builder import OwnConfig, Part, Request, arguments_of, found_by_path, without_marks


class MetaStatsBuilderMixin(OwnConfig):
    """Classes with metrics."""

    @property
    def metrics(cls) -> Config:
        """The metrics that every object of the class begins with."""
        return cls._metrics  # pyright: ignore[reportAttributeAccessIssue]


def as_list(value):
    """One word or pair in a list, "all" as None."""
    if isinstance(value, str) and value == "all":
        return None
    return [value] if isinstance(value, (str, tuple)) else value


class StatsBuilderMixin(metaclass=MetaStatsBuilderMixin):
    """What has `stats()`; the other base class is `Wrapping`.

    `metrics` holds a dict of settings for each metric: `title`; `calc_func`, a function of
    (some of) the settings or the path of an attribute, as "trades.win_rate"; `tags`; whatever
    `calc_func` gets; and

    - `check_NAME`, `inv_check_NAME`: only if the filter says yes (no);
    - `agg_func`: None where several columns have one value in common;
    - `post_calc_func(self, out, settings)`: what to make of the result;
    - `apply_to_timedelta`: numbers of rows as times; `fill_wrap_kwargs`: leave that to the method;
    - `resolve_calc_func=False`: call `calc_func(self, settings)`;
    - `pass_ARGUMENT`: whether the function gets it; `resolve_ARGUMENT`: by an attribute of the
      object; `resolve_path_ATTRIBUTE=False`: the first of a path as it is, without settings;
    - `template_mapping`: names for templates in these settings.
    """

    wrapper: Any

    def __init__(self) -> None:
        from ..base.array_wrapper import Wrapping

        checks.assert_instance_of(self, Wrapping)

    @property
    def writeable_attrs(self) -> set[str]:
        return {"_metrics"}

    @property
    def stats_defaults(self) -> dict:
        """The arguments of `stats` that are not given; see `settings["stats_builder"]`."""
        freq = {"settings": {"freq": self.wrapper.freq}}
        return merge_dicts(_settings["stats_builder"], freq)

    _metrics: ClassVar[Config] = Config(
        {
            "start": {
                "title": "Start",
                "calc_func": lambda self: self.wrapper.index[0],
                "agg_func": None,
                "tags": "wrapper",
            },
            "end": {
                "title": "End",
                "calc_func": lambda self: self.wrapper.index[-1],
                "agg_func": None,
                "tags": "wrapper",
            },
            "period": {
                "title": "Period",
                "calc_func": lambda self: len(self.wrapper.index),
                "apply_to_timedelta": True,
                "agg_func": None,
                "tags": "wrapper",
            },
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        """The metrics of this object: a copy of those of ${cls_name}, which may be changed.

        ${metrics}
        """
        return self._metrics

    def stats(
        self,
        metrics=None,
        tags=None,
        column=None,
        group_by=None,
        agg_func=np.mean,
        silence_warnings: bool | None = None,
        template_mapping: dict | None = None,
        settings: dict | None = None,
        filters: dict | None = None,
        metric_settings: dict | None = None,
    ) -> Any:
        """Statistics: a Series, or a table of one row per column with agg_func=None.

        metrics: names, pairs of a name and settings, or a dict of them; "all". tags: only
        metrics with one of them, or for which one as an expression is true. column: one column
        or group of several; else `agg_func` makes one value of theirs. settings: for all
        metrics; metric_settings: by name of metric. filters: see `check_NAME` of the class. What
        is None is taken from `stats_defaults`.
        """
        defaults = self.stats_defaults
        if silence_warnings is None:
            silence_warnings = defaults.get("silence_warnings", False)
        mapping: dict = merge_dicts(defaults.get("template_mapping", {}), template_mapping)
        filters = merge_dicts(defaults.get("filters", {}), filters)
        settings = merge_dicts(defaults.get("settings", {}), settings)
        metric_settings = merge_dicts(defaults.get("metric_settings", {}), metric_settings)
        filled_in = settings
        if mapping:
            filled_in = deep_substitute(settings, mapping=mapping)
        obj: Any = self.resolve_self(  # pyright: ignore[reportAttributeAccessIssue]
            cond_kwargs=filled_in, impacts_caching=False, silence_warnings=silence_warnings
        )
        request = Request(
            kind="metric",
            obj=obj,
            wanted=obj.stats_defaults.get("metrics", "all") if metrics is None else metrics,
            tags=as_list(obj.stats_defaults.get("tags", "all") if tags is None else tags),
            known=lambda: obj.metrics,
            given=metric_settings or {},
            template_mapping=mapping,
            filters=filters or {},
        )
        parts = request.parts(
            lambda name: merge_dicts(
                dict.fromkeys(obj.self_aliases, obj),
                {
                    "column": column,
                    "group_by": group_by,
                    "metric_name": name,
                    "agg_func": agg_func,
                    "silence_warnings": silence_warnings,
                    "to_timedelta": None,
                },
                settings,
            )
        )
        if not parts:
            if not silence_warnings:
                warnings.warn("No metrics to calculate", stacklevel=2)
            return None
        out: dict[str, Any] = {}
        cache: dict = {}
        aggregated = False
        for part in parts:
            try:
                for title, value, was_aggregated in _values(part, cache, agg_func is not None):
                    aggregated |= was_aggregated
                    if title in out and not part.settings.get("silence_warnings"):
                        warnings.warn(f"Duplicate metric title '{title}'", stacklevel=2)
                    out[title] = value
            except Exception:
                warnings.warn(f"Metric '{part.name}' raised an exception", stacklevel=2)
                raise
        wrapper = obj.wrapper
        if wrapper.get_ndim(group_by=group_by) == 1:
            return pd.Series(out, name=wrapper.get_name(group_by=group_by))
        if column is not None:
            return pd.Series(out, name=column)
        if agg_func is None:
            return pd.DataFrame(out, index=wrapper.grouper.get_columns(group_by=group_by))
        if aggregated and not silence_warnings:
            warnings.warn(
                f"the statistics of several columns are aggregated with {agg_func.__name__}; "
                "pass column=... for one of them",
                stacklevel=2,
            )
        return pd.Series(out, name=f"agg_func_{agg_func.__name__}")

    @classmethod
    def build_metrics_doc(cls, source_cls: type | None = None) -> str:
        """The document of `metrics`, with the metrics of this class in it."""
        doc = get_dict_attr(source_cls or StatsBuilderMixin, "metrics").__doc__
        names = {"metrics": cls.metrics.to_doc(), "cls_name": cls.__name__}
        return string.Template(inspect.cleandoc(doc)).substitute(names)

    @classmethod
    def override_metrics_doc(cls, __pdoc__: dict, source_cls: type | None = None) -> None:
        """Put that document into a table of documents."""
        __pdoc__[f"{cls.__name__}.metrics"] = cls.build_metrics_doc(source_cls=source_cls)


def _values(part: Part, cache: dict, aggregates: bool):
    """(title, value, whether it was aggregated) of everything that a metric gives."""
    settings = without_marks(part.settings)
    obj = part.obj
    column, group_by = settings.get("column"), settings.get("group_by")
    agg_func, silent = settings.get("agg_func"), settings.get("silence_warnings")
    if settings["to_timedelta"] is None:
        settings["to_timedelta"] = obj.wrapper.freq is not None
    to_timedelta = settings["to_timedelta"]
    title = settings.pop("title", part.name)
    calc_func = settings.pop("calc_func")
    resolves = settings.pop("resolve_calc_func", True)
    post_calc_func = settings.pop("post_calc_func", None)
    use_caching = settings.pop("use_caching", True)
    if settings.pop("fill_wrap_kwargs", False):
        settings["wrap_kwargs"] = merge_dicts(
            {"to_timedelta": to_timedelta, "silence_warnings": silent}, settings.get("wrap_kwargs")
        )
    as_time = settings.pop("apply_to_timedelta", False) and to_timedelta
    if not resolves:
        out = calc_func(obj, part.settings)
    else:
        if not callable(calc_func):
            calc_func = found_by_path(part, calc_func, settings, cache, use_caching)
        if callable(calc_func):
            calc_func = calc_func(**arguments_of(part, calc_func, settings, cache, use_caching))
        out = calc_func
    if post_calc_func is not None:
        out = post_calc_func(obj, out, part.settings)
    several = isinstance(out, dict)
    for key, value in out.items() if several else ((None, out),):
        name: Any = title
        if several:
            name = str(key) if title is None else f"{title}: {key}"
        if checks.is_any_array(value) and not checks.is_series(value):
            raise TypeError(
                f"{part.name}: calc_func must give one value, a Series of one value per column, "
                f"or a dict of these, not {type(value)}"
            )
        if as_time:
            value = obj.wrapper.to_timedelta(value, silence_warnings=silent)
        aggregated = False
        if checks.is_series(value):
            if column is not None:
                wrapper = obj.wrapper.regroup(group_by)
                value = obj.select_one_from_obj(value, wrapper, column=column)
            elif aggregates and agg_func is not None:
                value, aggregated = agg_func(value), True
            elif aggregates:
                if not silent:
                    warnings.warn(
                        f"Metric '{part.name}' returned multiple values despite having no "
                        "aggregation function",
                        stacklevel=3,
                    )
                continue
        yield name, value, aggregated
