"""`run_algorithm`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from .unsupported import missing, missing_minutes
from .utils.calendar_utils import get_calendar
from .utils.paths import default_extension as _default_extension

_BEFORE_TRADING = 8 * 60 + 45  # minutes after midnight in New York


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

    from .algorithm import Algorithm, Callbacks
    from .data import bundles
    from .errors import ZeroCapitalError
    from .market import Market

    loaded = bundles.load(bundle, environ, bundle_timestamp)
    calendar = get_calendar("XNYS") if trading_calendar is None else trading_calendar
    if calendar.name != loaded.calendar.name:
        raise missing(
            f"a run on the calendar {calendar.name} with a bundle on {loaded.calendar.name}",
            "Register the bundle with the calendar of the run.",
        )
    parameters = _parameters(start, end, calendar, capital_base)
    if capital_base <= 0:
        raise ZeroCapitalError()
    closes = np.array([close.value for close in parameters.closes], dtype=np.int64)
    market = Market(loaded, calendar, parameters.sessions, closes)
    algorithm = Algorithm(
        market,
        loaded.asset_finder,
        parameters,
        Callbacks(initialize, handle_data, before_trading_start, analyze),
        _benchmark(benchmark_returns, parameters.sessions),
    )
    return algorithm.run()


def _parameters(start, end, calendar, capital_base):
    import pandas as pd

    from .context import SimulationParameters

    for name, date in (("start", start), ("end", end)):
        if not isinstance(date, pd.Timestamp):
            raise TypeError(f"{name} must be a pandas Timestamp, not {date!r}.")
        if date.tzinfo is not None:
            raise ValueError(f"{name} must have no time zone: leave tz out of {date!r}.")
    sessions = calendar.sessions_in_range(start.normalize(), end.normalize())
    if not len(sessions):
        raise RunAlgoError(f"There are no sessions between {start.date()} and {end.date()}.")
    closes = calendar.schedule.loc[sessions, "close"]
    opens = calendar.first_minutes.loc[sessions]
    minutes = pd.Timedelta(minutes=_BEFORE_TRADING)
    mornings = (sessions + minutes).tz_localize("US/Eastern").tz_convert("UTC")
    return SimulationParameters(
        start_session=sessions[0],
        end_session=sessions[-1],
        capital_base=capital_base,
        trading_calendar=calendar,
        sessions=sessions,
        first_open=opens.iloc[0],
        last_close=closes.iloc[-1],
        opens=list(opens),
        closes=list(closes),
        mornings=list(mornings),
    )


def _benchmark(returns, sessions) -> np.ndarray:
    """float64[T]; days without a return count as 0."""
    if returns is None:
        return np.zeros(len(sessions))
    if getattr(returns.index, "tz", None) is not None:
        # Labels with a time zone equal no session label, so that none is found.
        return np.zeros(len(sessions))
    return returns.reindex(sessions).fillna(0).to_numpy(dtype=np.float64)


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
