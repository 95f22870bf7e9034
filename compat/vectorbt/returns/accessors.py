"""`.vbt.returns`: ratios, drawdowns and statistics of Series and DataFrames of returns."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ....core import return_ratios as ratios
from .._settings import settings
from ..base.array_wrapper import ArrayWrapper, Wrapping
from ..base.reshape_fns import broadcast, broadcast_to, to_1d_array, to_2d_array
from ..generic.accessors import GenericAccessor, GenericDFAccessor, GenericSRAccessor
from ..generic.drawdowns import Drawdowns
from ..root_accessors import register_dataframe_vbt_accessor, register_series_vbt_accessor
from ..utils import checks
from ..utils.config import Config, merge_dicts
from ..utils.datetime_ import DatetimeIndexes, freq_to_timedelta


class _Ratio(NamedTuple):
    """A ratio of `core.return_ratios` as a method: which parameters it takes, by their names."""

    number: int
    p: str | None = None
    q: str | None = None
    yearly: bool = True
    against: bool = False
    result: str | None = None


def _signature(ratio: _Ratio, windows: bool) -> Signature:
    names = ["benchmark_rets"] if ratio.against else []
    names += ["window", "minp"] if windows else []
    names += [name for name in (ratio.p, ratio.q) if name is not None]
    kind = Parameter.POSITIONAL_OR_KEYWORD
    arguments = [Parameter(name, kind, default=None) for name in (*names, "engine", "wrap_kwargs")]
    return Signature([Parameter("self", kind), *arguments])


def _ratio(name: str, number: int, *parameters: Any, **more: Any) -> tuple[Any, Any]:
    """Two methods: of each column, and of the last `window` rows at each."""
    ratio = _Ratio(number, *parameters, **more)
    return _method(name, ratio, False), _method(name, ratio, True)


def _method(name: str, ratio: _Ratio, windows: bool) -> Callable[..., Any]:
    """The method of a ratio; arguments that are left out are those of `defaults`."""
    signature = _signature(ratio, windows)

    def method(self, *args, **kwargs):
        given = signature.bind(self, *args, **kwargs).arguments
        defaults = self.defaults

        def chosen(argument: str | None) -> Any:
            if argument is None:
                return 0.0
            value = given.get(argument)
            return defaults[argument] if value is None else value

        own = self.to_2d_array()
        benchmark = self._benchmark_array(given) if ratio.against else None
        factor = self.ann_factor if ratio.yearly else 1.0
        p, q = chosen(ratio.p), chosen(ratio.q)
        wrap_kwargs = given.get("wrap_kwargs")
        if windows:
            out = ratios.rolling(
                ratio.number, own, chosen("window"), chosen("minp"), benchmark, factor, p, q
            )
            return self.wrapper.wrap(out, group_by=False, **merge_dicts({}, wrap_kwargs))
        out = ratios.of_columns(ratio.number, own, benchmark, factor, p, q)
        label = {"name_or_index": ratio.result or name}
        return self.wrapper.wrap_reduced(out, group_by=False, **merge_dicts(label, wrap_kwargs))

    method.__signature__ = signature  # type: ignore[attr-defined]
    method.__name__ = f"rolling_{name}" if windows else name
    of = "at each row, of the last `window` of them" if windows else "of each column"
    method.__doc__ = f"`core.return_ratios.{ratios.NAMES[ratio.number]}` {of}."
    return method


def _metric(title: str, calc_func: Any, *checked: str, tags: Any = "returns", **more) -> dict:
    return {
        "title": title,
        "calc_func": calc_func,
        **{f"check_has_{name}": True for name in checked},
        "tags": tags,
        **more,
    }


def _percent(self, out, settings):
    return out * 100


def _of_wrapper(title: str, calc_func: Callable[[Any], Any], **more) -> dict:
    return {
        "title": title,
        "calc_func": calc_func,
        "agg_func": None,
        "check_is_not_grouped": False,
        "tags": "wrapper",
        **more,
    }


_YEARLY = ("freq", "year_freq")


class ReturnsAccessor(GenericAccessor):
    """Ratios and statistics of returns; `Series.vbt.returns` and `DataFrame.vbt.returns`.

    obj: returns per row. benchmark_rets: returns to compare with. year_freq: how long a year is,
    by default that of the settings (365 days). defaults: arguments of the methods, over those of
    `settings.returns["defaults"]`.
    """

    def __init__(self, obj, benchmark_rets=None, year_freq=None, defaults=None, **kwargs) -> None:
        GenericAccessor.__init__(
            self,
            obj,
            benchmark_rets=benchmark_rets,
            year_freq=year_freq,
            defaults=defaults,
            **kwargs,
        )
        self._benchmark_rets = None if benchmark_rets is None else broadcast_to(benchmark_rets, obj)
        self._year_freq = year_freq
        self._defaults = defaults

    @property
    def sr_accessor_cls(self):
        return ReturnsSRAccessor

    @property
    def df_accessor_cls(self):
        return ReturnsDFAccessor

    def indexing_func(self, pd_indexing_func, **kwargs):
        """The accessor of some rows and columns."""
        wrapper, rows, _, columns = self.wrapper.indexing_func_meta(pd_indexing_func, **kwargs)

        def part(values):
            return wrapper.wrap(to_2d_array(values)[rows, :][:, columns], group_by=False)

        obj = part(self.obj)
        benchmark = None if self.benchmark_rets is None else part(self.benchmark_rets)
        kind = self.sr_accessor_cls if isinstance(obj, pd.Series) else self.df_accessor_cls
        return self.replace(cls_=kind, obj=obj, benchmark_rets=benchmark, wrapper=wrapper)

    @classmethod
    def from_value(
        cls,
        value,
        init_value=np.nan,
        broadcast_kwargs=None,
        engine=None,
        wrap_kwargs=None,
        **kwargs,
    ):
        """The accessor of the returns that values make; `init_value`: before the first row."""
        if not checks.is_any_array(value):
            value = np.asarray(value)
        matrix = to_2d_array(value)
        first = broadcast(init_value, to_shape=matrix.shape[1], **(broadcast_kwargs or {}))
        from ....core.metrics import returns

        out = returns(matrix, np.asarray(first, dtype=float))
        wrapped = ArrayWrapper.from_obj(value).wrap(out, **(wrap_kwargs or {}))
        return cls(wrapped, engine=engine, **kwargs)

    @property
    def benchmark_rets(self):
        """Returns of the benchmark, None where there is none."""
        return self._benchmark_rets

    @property
    def year_freq(self) -> pd.Timedelta | None:
        """How long a year is."""
        given = settings["returns"]["year_freq"] if self._year_freq is None else self._year_freq
        return None if given is None else freq_to_timedelta(given)

    @property
    def ann_factor(self) -> float:
        """Rows per year. Raises ValueError where the frequency of either is not known."""
        if self.wrapper.freq is None:
            raise ValueError(
                "Index frequency is None: pass freq=... (freq='D', say) or set "
                "settings.array_wrapper['freq']."
            )
        if self.year_freq is None:
            raise ValueError(
                "Year frequency is None: pass year_freq=... or set settings.returns['year_freq']."
            )
        return self.year_freq / self.wrapper.freq

    @property
    def defaults(self) -> dict:
        """Arguments of the methods where they are left out."""
        return merge_dicts(settings["returns"]["defaults"], self._defaults)

    def _benchmark_array(self, given: dict) -> np.ndarray:
        benchmark = given.get("benchmark_rets")
        if benchmark is None:
            benchmark = self.benchmark_rets
        return broadcast_to(to_2d_array(benchmark), to_2d_array(self.obj))

    # By calendar

    def resample_total_return(self, freq, engine=None, wrap_kwargs=None, **kwargs):
        """Growth of each period of the calendar; kwargs go to `resample` of pandas."""
        returns = self.to_2d_array()
        resampled: Any = self.obj.resample(freq, **kwargs)
        periods = resampled.asfreq().index
        out = np.full((len(periods), returns.shape[1]), np.nan)
        place = {label: n for n, label in enumerate(periods)}
        for label, rows in resampled.indices.items():
            out[place[label]] = ratios.of_columns(ratios.TOTAL, returns[np.asarray(rows)])
        return self.wrapper.wrap(
            out, group_by=False, **merge_dicts({"index": periods}, wrap_kwargs)
        )

    def daily(self, engine=None, **kwargs):
        """Returns of days."""
        checks.assert_instance_of(self.wrapper.index, DatetimeIndexes)
        if self.wrapper.freq == pd.Timedelta("1D"):
            return self.obj
        return self.resample_total_return("1D", **kwargs)

    def annual(self, engine=None, **kwargs):
        """Returns of years, each `year_freq` long."""
        checks.assert_instance_of(self.obj.index, DatetimeIndexes)
        if self.wrapper.freq == self.year_freq:
            return self.obj
        return self.resample_total_return(self.year_freq, **kwargs)

    # By row

    def cumulative(self, start_value=None, engine=None, wrap_kwargs=None):
        """What `start_value` has grown to at each row; with 0 the growth less one."""
        start = self.defaults["start_value"] if start_value is None else start_value
        out = ratios.cumulative(self.to_2d_array(), start)
        return self.wrapper.wrap(out, group_by=False, **merge_dicts({}, wrap_kwargs))

    def drawdown(self, engine=None, wrap_kwargs=None):
        """How far the compounded returns are below their peak."""
        out = ratios.drawdown(self.to_2d_array())
        return self.wrapper.wrap(out, group_by=False, **merge_dicts({}, wrap_kwargs))

    @property
    def drawdowns(self) -> Drawdowns:
        """Records of the drawdowns of the compounded returns."""
        return self.get_drawdowns()

    def get_drawdowns(self, wrapper_kwargs=None, engine=None, **kwargs) -> Drawdowns:
        return Drawdowns.from_ts(
            self.cumulative(start_value=1.0),
            wrapper_kwargs=merge_dicts(self.wrapper.config, wrapper_kwargs),
            **kwargs,
        )

    # Ratios: `x()` of each column, `rolling_x()` of the last rows at each

    total, rolling_total = _ratio("total", ratios.TOTAL, yearly=False, result="total_return")
    annualized, rolling_annualized = _ratio(
        "annualized", ratios.ANNUALIZED, result="annualized_return"
    )
    annualized_volatility, rolling_annualized_volatility = _ratio(
        "annualized_volatility", ratios.VOLATILITY, "levy_alpha", "ddof"
    )
    calmar_ratio, rolling_calmar_ratio = _ratio("calmar_ratio", ratios.CALMAR)
    ulcer_index, rolling_ulcer_index = _ratio("ulcer_index", ratios.ULCER, yearly=False)
    martin_ratio, rolling_martin_ratio = _ratio("martin_ratio", ratios.MARTIN, "risk_free")
    omega_ratio, rolling_omega_ratio = _ratio(
        "omega_ratio", ratios.OMEGA, "risk_free", "required_return"
    )
    sharpe_ratio, rolling_sharpe_ratio = _ratio("sharpe_ratio", ratios.SHARPE, "risk_free", "ddof")
    downside_risk, rolling_downside_risk = _ratio(
        "downside_risk", ratios.DOWNSIDE, "required_return"
    )
    sortino_ratio, rolling_sortino_ratio = _ratio(
        "sortino_ratio", ratios.SORTINO, "required_return"
    )
    information_ratio, rolling_information_ratio = _ratio(
        "information_ratio", ratios.INFORMATION, q="ddof", yearly=False, against=True
    )
    beta, rolling_beta = _ratio("beta", ratios.BETA, yearly=False, against=True)
    alpha, rolling_alpha = _ratio("alpha", ratios.ALPHA, "risk_free", against=True)
    tail_ratio, rolling_tail_ratio = _ratio("tail_ratio", ratios.TAIL, yearly=False)
    value_at_risk, rolling_value_at_risk = _ratio(
        "value_at_risk", ratios.VALUE_AT_RISK, "cutoff", yearly=False
    )
    cond_value_at_risk, rolling_cond_value_at_risk = _ratio(
        "cond_value_at_risk", ratios.EXPECTED_SHORTFALL, "cutoff", yearly=False
    )
    capture, rolling_capture = _ratio("capture", ratios.CAPTURE, against=True)
    up_capture, rolling_up_capture = _ratio("up_capture", ratios.UP_CAPTURE, against=True)
    down_capture, rolling_down_capture = _ratio("down_capture", ratios.DOWN_CAPTURE, against=True)
    max_drawdown, rolling_max_drawdown = _ratio("max_drawdown", ratios.MAX_DRAWDOWN, yearly=False)

    def common_sense_ratio(self, engine=None, wrap_kwargs=None):
        """Tail ratio times the annualised growth of 1."""
        tail, yearly = (to_1d_array(x) for x in (self.tail_ratio(), self.annualized()))
        label = merge_dicts({"name_or_index": "common_sense_ratio"}, wrap_kwargs)
        return self.wrapper.wrap_reduced(tail * (1 + yearly), group_by=False, **label)

    def rolling_common_sense_ratio(self, window=None, minp=None, engine=None, wrap_kwargs=None):
        """`common_sense_ratio` of the last `window` rows at each."""
        tail = to_2d_array(self.rolling_tail_ratio(window, minp=minp))
        yearly = to_2d_array(self.rolling_annualized(window, minp=minp))
        out = tail * (1 + yearly)
        return self.wrapper.wrap(out, group_by=False, **merge_dicts({}, wrap_kwargs))

    def deflated_sharpe_ratio(
        self,
        risk_free=None,
        ddof=None,
        var_sharpe=None,
        nb_trials=None,
        bias=True,
        wrap_kwargs=None,
    ):
        """Probability that a column's Sharpe ratio beats the luckiest of the trials.

        The trials are the columns, unless `nb_trials` and `var_sharpe` (of yearly ratios) say
        otherwise; see `core.equity_statistics.deflated_sharpe_ratio`. bias: moments of the sample
        instead of estimates of the population's.
        """
        from ....core import equity_statistics, running

        defaults = self.defaults
        free = defaults["risk_free"] if risk_free is None else risk_free
        yearly = to_1d_array(self.sharpe_ratio(risk_free=free))
        if var_sharpe is None:
            var_sharpe = np.var(yearly, ddof=defaults["ddof"] if ddof is None else ddof)
        if nb_trials is None:
            nb_trials = self.wrapper.shape_2d[1]
        factor = self.ann_factor
        variance = float(var_sharpe / factor)
        luck = equity_statistics.expected_maximum_sharpe_ratio(nb_trials, variance)
        if nb_trials < 2:
            # The formula's limit: any ratio beats the best of no other trial, if they vary at all.
            luck = -np.inf if variance > 0 else np.nan
        rows = running.observe_returns(to_2d_array(self.obj))
        out = equity_statistics.probabilistic_ratio(rows, yearly / np.sqrt(factor), luck, bias)
        label = merge_dicts({"name_or_index": "deflated_sharpe_ratio"}, wrap_kwargs)
        return self.wrapper.wrap_reduced(out, group_by=False, **label)

    @property
    def qs(self):
        """The functions of quantstats on these returns."""
        from .qs_adapter import QSAdapter

        return QSAdapter(self)

    # Statistics

    def resolve_self(
        self,
        cond_kwargs=None,
        custom_arg_names=None,
        impacts_caching=True,
        silence_warnings=False,
    ):
        """This accessor, or a copy for another frequency or length of a year."""
        cond_kwargs = {} if cond_kwargs is None else cond_kwargs
        custom_arg_names = set() if custom_arg_names is None else custom_arg_names
        own = Wrapping.resolve_self(
            self,
            cond_kwargs=cond_kwargs,
            custom_arg_names=custom_arg_names,
            impacts_caching=impacts_caching,
            silence_warnings=silence_warnings,
        )
        if "year_freq" not in cond_kwargs:
            return own
        copy = own.replace(year_freq=cond_kwargs["year_freq"])
        if copy.year_freq == own.year_freq:
            return own
        if not silence_warnings:
            warnings.warn(
                "another year_freq makes a copy of the object: pass it when the object is made to "
                "share what was computed",
                stacklevel=2,
            )
        for alias in own.self_aliases:
            if alias not in custom_arg_names:
                cond_kwargs[alias] = copy
        cond_kwargs["year_freq"] = copy.year_freq
        if impacts_caching:
            cond_kwargs["use_caching"] = False
        return copy

    @property
    def stats_defaults(self) -> dict:
        """Arguments of `stats` that are left out."""
        return merge_dicts(
            GenericAccessor.stats_defaults.__get__(self),
            {"settings": self.defaults},
            {"settings": {"year_freq": self.year_freq}},
            settings["returns"]["stats"],
        )

    @property
    def plots_defaults(self) -> dict:
        """Arguments of `plots` that are left out."""
        return merge_dicts(
            GenericAccessor.plots_defaults.__get__(self),
            {"settings": self.defaults},
            {"settings": {"year_freq": self.year_freq}},
            settings["returns"]["plots"],
        )

    _metrics: ClassVar[Config] = Config(
        {
            "start": _of_wrapper("Start", lambda self: self.wrapper.index[0]),
            "end": _of_wrapper("End", lambda self: self.wrapper.index[-1]),
            "period": _of_wrapper(
                "Period", lambda self: len(self.wrapper.index), apply_to_timedelta=True
            ),
            "total_return": _metric("Total Return [%]", "total", post_calc_func=_percent),
            "benchmark_return": _metric(
                "Benchmark Return [%]",
                "benchmark_rets.vbt.returns.total",
                "benchmark_rets",
                post_calc_func=_percent,
            ),
            "ann_return": _metric(
                "Annualized Return [%]", "annualized", *_YEARLY, post_calc_func=_percent
            ),
            "ann_volatility": _metric(
                "Annualized Volatility [%]",
                "annualized_volatility",
                *_YEARLY,
                post_calc_func=_percent,
            ),
            "max_dd": _metric(
                "Max Drawdown [%]",
                "drawdowns.max_drawdown",
                post_calc_func=lambda self, out, settings: -out * 100,
                tags=["returns", "drawdowns"],
            ),
            "max_dd_duration": _metric(
                "Max Drawdown Duration",
                "drawdowns.max_duration",
                fill_wrap_kwargs=True,
                tags=["returns", "drawdowns", "duration"],
            ),
            "sharpe_ratio": _metric("Sharpe Ratio", "sharpe_ratio", *_YEARLY),
            "calmar_ratio": _metric("Calmar Ratio", "calmar_ratio", *_YEARLY),
            "omega_ratio": _metric("Omega Ratio", "omega_ratio", *_YEARLY),
            "sortino_ratio": _metric("Sortino Ratio", "sortino_ratio", *_YEARLY),
            "skew": _metric("Skew", "obj.skew"),
            "kurtosis": _metric("Kurtosis", "obj.kurtosis"),
            "tail_ratio": _metric("Tail Ratio", "tail_ratio"),
            "common_sense_ratio": _metric("Common Sense Ratio", "common_sense_ratio", *_YEARLY),
            "value_at_risk": _metric("Value at Risk", "value_at_risk"),
            "alpha": _metric("Alpha", "alpha", *_YEARLY, "benchmark_rets"),
            "beta": _metric("Beta", "beta", "benchmark_rets"),
        },
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    @property
    def subplots(self) -> Config:
        return self._subplots


@register_series_vbt_accessor("returns")
class ReturnsSRAccessor(ReturnsAccessor, GenericSRAccessor):
    """`Series.vbt.returns`."""

    def __init__(self, obj, benchmark_rets=None, year_freq=None, defaults=None, **kwargs) -> None:
        GenericSRAccessor.__init__(self, obj, **kwargs)
        ReturnsAccessor.__init__(
            self,
            obj,
            benchmark_rets=benchmark_rets,
            year_freq=year_freq,
            defaults=defaults,
            **kwargs,
        )

    def plot_cumulative(
        self,
        benchmark_rets=None,
        start_value: float = 1,
        fill_to_benchmark: bool = False,
        main_kwargs: dict | None = None,
        benchmark_kwargs: dict | None = None,
        hline_shape_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig: Any = None,
        **layout_kwargs,
    ) -> Any:
        """What `start_value` grows to, and what it grows to with the returns of the benchmark.

        fill_to_benchmark: the area reaches to the benchmark, not to `start_value`. main_kwargs:
        of `plot_against`; benchmark_kwargs: of `plot`; hline_shape_kwargs: of the level.
        """
        from ..generic.canvas import Canvas, color

        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, xref, yref)
        place = {"add_trace_kwargs": add_trace_kwargs, "fig": canvas.fig}
        if benchmark_rets is None:
            benchmark_rets = self.benchmark_rets
        reached: Any = start_value
        if benchmark_rets is not None:
            benchmark_rets = broadcast_to(benchmark_rets, self.obj)
            grown = benchmark_rets.vbt.returns.cumulative(start_value=start_value)
            style = {"line": {"color": color("gray")}, "name": "Benchmark"}
            grown.vbt.plot(**merge_dicts({"trace_kwargs": style}, benchmark_kwargs), **place)
            reached = grown if fill_to_benchmark else start_value
        main = {
            "trace_kwargs": {"line": {"color": color("purple")}},
            "other_trace_kwargs": "hidden",
        }
        own = self.cumulative(start_value=start_value)
        own.vbt.plot_against(reached, **merge_dicts(main, main_kwargs), **place)
        canvas.level(start_value, hline_shape_kwargs)
        return canvas.fig


@register_dataframe_vbt_accessor("returns")
class ReturnsDFAccessor(ReturnsAccessor, GenericDFAccessor):
    """`DataFrame.vbt.returns`."""

    def __init__(self, obj, benchmark_rets=None, year_freq=None, defaults=None, **kwargs) -> None:
        GenericDFAccessor.__init__(self, obj, **kwargs)
        ReturnsAccessor.__init__(
            self,
            obj,
            benchmark_rets=benchmark_rets,
            year_freq=year_freq,
            defaults=defaults,
            **kwargs,
        )
