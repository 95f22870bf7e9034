"""Parameters and returns for runs that a script builds itself."""

from __future__ import annotations

import datetime
from typing import Any

from ..finance.trading import SimulationParameters
from ..unsupported import module_gaps
from .calendar_utils import get_calendar

__getattr__ = module_gaps("zipline.utils.factory")


def create_simulation_parameters(
    year=2006,
    start=None,
    end=None,
    capital_base=float("1.0e5"),
    num_days=None,
    data_frequency="daily",
    emission_rate="daily",
    trading_calendar=None,
) -> SimulationParameters:
    """Parameters of a run over a year, over two dates, or over a number of sessions.

    trading_calendar: by default that of the New York Stock Exchange.
    """
    import pandas as pd

    calendar = trading_calendar or get_calendar("NYSE")
    start = pd.Timestamp(f"{year}-01-01", tz="UTC") if start is None else start
    if end is None and num_days:
        at: Any = start
        first = int(calendar.sessions.searchsorted(at))
        end = calendar.sessions[first + num_days - 1]
    elif end is None:
        end = pd.Timestamp(f"{year}-12-31", tz="UTC")
    if type(start) is datetime.datetime:
        start = pd.Timestamp(start)
    if type(end) is datetime.datetime:
        end = pd.Timestamp(end)
    return SimulationParameters(
        start_session=start,
        end_session=end,
        trading_calendar=calendar,
        capital_base=capital_base,
        emission_rate=emission_rate,
        data_frequency=data_frequency,
    )


def create_returns_from_list(returns, sim_params):
    """A Series of returns on the first sessions of a run."""
    import pandas as pd

    return pd.Series(index=sim_params.sessions[: len(returns)], data=returns)


def create_returns_from_range(sim_params):
    """A Series of random returns, from 0 to 1, on the sessions of a run."""
    import numpy as np
    import pandas as pd

    sessions = sim_params.sessions
    # The global generator: a script that seeds it expects its own numbers.
    return pd.Series(index=sessions, data=np.random.rand(len(sessions)))  # noqa: NPY002
