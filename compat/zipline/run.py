"""`run_algorithm`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .unsupported import missing, missing_minutes
from .utils.calendar_utils import get_calendar
from .utils.paths import default_extension as _default_extension


class RunAlgoError(ValueError):
    """The run cannot start."""


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
):
    """Run an algorithm over a bundle's daily bars; returns the performance frame.

    start, end: naive Timestamps; a start that is no session moves on, an end moves back.
    capital_base: dollars. The callbacks receive `context` and `data`, `analyze` receives
    `context` and the frame.
    """
    if data_frequency == "minute":
        raise missing_minutes("data_frequency='minute'")
    if data_frequency != "daily":
        raise ValueError(f"data_frequency must be 'daily', not {data_frequency!r}.")
    for name, given, default in (
        ("metrics_set", metrics_set, "default"),
        ("blotter", blotter, "default"),
        ("custom_loader", custom_loader, None),
    ):
        if given is not default and given != default:
            raise missing(f"run_algorithm({name}={given!r})", f"Leave {name} out.")
    _load_extensions(default_extension, extensions, strict_extensions, environ)

    from .context import TradingAlgorithm
    from .data import bundles
    from .data.data_portal import DataPortal

    loaded = bundles.load(bundle, environ, bundle_timestamp)
    calendar = get_calendar("XNYS") if trading_calendar is None else trading_calendar
    if calendar.name != loaded.calendar.name:
        raise missing(
            f"a run on the calendar {calendar.name} with a bundle on {loaded.calendar.name}",
            "Register the bundle with the calendar of the run.",
        )
    return TradingAlgorithm(
        _parameters(start, end, calendar, capital_base, data_frequency),
        DataPortal.of_bundle(loaded, calendar),
        initialize=initialize,
        handle_data=handle_data,
        before_trading_start=before_trading_start,
        analyze=analyze,
        benchmark_returns=_no_returns(start, end)
        if benchmark_returns is None
        else benchmark_returns,
    ).run()


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


def _no_returns(start, end):
    import pandas as pd

    return pd.Series(0.0, pd.date_range(start, end, tz="utc"))


def _load_extensions(default: bool, extensions, strict: bool, environ) -> None:
    """Execute the extension scripts, each once in a process."""
    import warnings

    paths = list(extensions)
    first = _default_extension(environ)
    if default and Path(first).is_file():
        paths.insert(0, first)
    for extension in paths:
        if extension in _loaded:
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
