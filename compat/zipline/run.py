"""`run_algorithm`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .command_errors import CommandError
from .unsupported import missing
from .utils.calendar_utils import get_calendar
from .utils.paths import default_extension as _default_extension


class RunAlgoError(CommandError, ValueError):
    """The run cannot start. `on_command_line` says so in the words of the command line."""

    def __init__(self, message: str, on_command_line: str | None = None) -> None:
        super().__init__(message)
        self.on_command_line = on_command_line or message

    def format_message(self) -> str:
        return self.on_command_line


def run_algorithm(
    start,
    end,
    initialize,
    capital_base,
    handle_data=None,
    before_trading_start=None,
    analyze=None,
    data_frequency="daily",
    bundle="quantopian-quandl",
    bundle_timestamp=None,
    trading_calendar=None,
    metrics_set="default",
    benchmark_returns=None,
    default_extension=True,
    extensions=(),
    strict_extensions=True,
    environ=os.environ,
    custom_loader=None,
    blotter="default",
    data=None,
):
    """Run an algorithm over a bundle's bars; returns the performance frame.

    start, end: naive Timestamps; a start that is no session moves on, an end moves back.
    capital_base: dollars. The callbacks receive `context` and `data`, `analyze` receives
    `context` and the frame. data: frames to run over in place of the bundle, see
    `data.frames.bundle_of`; the calendar is then one that fits them, and the run is cut to their
    sessions.
    """
    load_extensions(default_extension, extensions, strict_extensions, environ)
    if data is not None:
        from .data.frames import bundle_of, within

        data = bundle_of(data, trading_calendar)
        start, end = within(data, start, end)
    return simulate(
        start,
        end,
        capital_base,
        data_frequency=data_frequency,
        bundle=bundle,
        bundle_timestamp=bundle_timestamp,
        trading_calendar=trading_calendar,
        metrics_set=metrics_set,
        blotter=blotter,
        custom_loader=custom_loader,
        environ=environ,
        data=data,
        benchmark=lambda finder: (
            None,
            no_returns(start, end) if benchmark_returns is None else benchmark_returns,
        ),
        initialize=initialize,
        handle_data=handle_data,
        before_trading_start=before_trading_start,
        analyze=analyze,
    )


def simulate(
    start,
    end,
    capital_base,
    *,
    data_frequency,
    bundle,
    bundle_timestamp,
    trading_calendar,
    metrics_set,
    blotter,
    custom_loader,
    environ,
    benchmark,
    data=None,
    **algorithm,
):
    """Run an algorithm over a bundle; returns the performance frame.

    benchmark: takes the asset finder, returns the sid and the returns of the benchmark; None twice
    where the algorithm sets one. algorithm: the callbacks, or the script, as `TradingAlgorithm`
    takes them. data: a loaded bundle to take in place of the named one. The others are those of
    `run_algorithm`.
    """
    if data_frequency not in ("daily", "minute"):
        raise ValueError(f"data_frequency must be 'daily' or 'minute', not {data_frequency!r}.")
    if isinstance(metrics_set, str):
        metrics_set = _named_metrics(metrics_set)
    if blotter == "default":
        blotter = None
    elif isinstance(blotter, str):
        blotter = _named_blotter(blotter)

    from .context import NoBenchmark, TradingAlgorithm
    from .data import bundles
    from .data.data_portal import DataPortal

    if data is None:
        loaded = bundles.load(bundle, environ, bundle_timestamp)
        calendar = get_calendar("XNYS") if trading_calendar is None else trading_calendar
    else:
        loaded, calendar = data, data.calendar
    if calendar.name != loaded.calendar.name:
        raise missing(
            f"a run on the calendar {calendar.name} with a bundle on {loaded.calendar.name}",
            "Register the bundle with the calendar of the run.",
        )
    parameters = _parameters(start, end, calendar, capital_base, data_frequency)
    sid, returns = benchmark(loaded.asset_finder)
    try:
        return TradingAlgorithm(
            parameters,
            DataPortal.of_bundle(loaded, calendar),
            benchmark_sid=sid,
            benchmark_returns=returns,
            get_pipeline_loader=_pipeline_loader(loaded, custom_loader),
            metrics_set=metrics_set,
            blotter=blotter,
            **algorithm,
        ).run()
    except NoBenchmark as error:
        raise RunAlgoError(
            "The run has no benchmark: call set_benchmark in initialize, or give "
            "benchmark_returns.",
            "The run has no benchmark: give --benchmark-symbol, --benchmark-sid, "
            "--benchmark-file or --no-benchmark, or call set_benchmark in initialize.",
        ) from error


def _pipeline_loader(bundle, custom_loader):
    """What gives a pipeline's column its loader; nothing is imported before a pipeline asks."""
    loaders: list = []

    def get_loader(column):
        if not loaders:
            from .pipelines import loader_of

            loaders.append(loader_of(bundle, custom_loader))
        return loaders[0](column)

    return get_loader


def _named_metrics(name: str) -> set | None:
    """A new set of metrics; None for the built-in default, which a run needs no objects for."""
    from .finance.metrics.core import metrics_sets

    if name == "default":
        made_by = metrics_sets.get(name)
        if made_by is None or made_by.__module__.startswith(__package__ or ""):
            return None
    from .finance import metrics

    try:
        return metrics.load(name)
    except ValueError as error:
        raise RunAlgoError(str(error)) from error


def _named_blotter(name: str):
    """A new object of the factory that an extension registered."""
    from .extensions import load
    from .finance.blotter import Blotter

    try:
        return load(Blotter, name)
    except ValueError as error:
        raise RunAlgoError(str(error)) from error


def _parameters(start, end, calendar, capital_base, data_frequency):
    import pandas as pd

    from .finance.trading import SimulationParameters

    for name, date in (("start", start), ("end", end)):
        if not isinstance(date, pd.Timestamp):
            raise TypeError(f"{name} must be a pandas Timestamp, not {date!r}.")
        if date.tzinfo is not None:
            raise ValueError(f"{name} must have no time zone: leave tz out of {date!r}.")
    if calendar.sessions_distance(start, end) < 1:
        raise RunAlgoError(f"There are no sessions between {start.date()} and {end.date()}.")
    return SimulationParameters(
        start, end, calendar, capital_base=capital_base, data_frequency=data_frequency
    )


def no_returns(start, end):
    """A benchmark that never moves."""
    import pandas as pd

    return pd.Series(0.0, pd.date_range(start, end, tz="utc"))


def load_extensions(default: bool, extensions, strict: bool, environ, reload: bool = False) -> None:
    """Execute the extension scripts, each once in a process."""
    import warnings

    paths = list(extensions)
    first = _default_extension(environ)
    if default and Path(first).is_file():
        paths.insert(0, first)
    for extension in paths:
        if extension in _loaded and not reload:
            continue
        try:
            if extension.endswith(".py"):
                names: dict = {}
                code = compile(Path(extension).read_text(), extension, "exec")
                exec(code, names, names)
            elif extension not in sys.modules:
                __import__(extension)
        except Exception as error:
            if strict:
                raise
            warnings.warn(f"The extension {extension!r} failed: {error}", stacklevel=3)
        else:
            _loaded.add(extension)


_loaded: set[str] = set()
