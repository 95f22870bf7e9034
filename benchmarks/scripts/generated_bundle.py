"""A bundle of generated prices for the scripts beside it: daily bars, and minute bars on demand."""

import os
import tempfile
from contextlib import contextmanager

import numpy as np
import pandas as pd
from zipline.data.bundles import ingest, register
from zipline.utils.calendar_utils import get_calendar


def names(assets: int) -> list[str]:
    return [f"A{number:03d}" for number in range(assets)]


def sessions(count: int):
    return get_calendar("XNYS").sessions_in_range("2010-01-04", "2020-12-31")[:count]


def walk(rng, index, minutes: bool) -> pd.DataFrame:
    count = len(index)
    close = (50 * np.exp(np.cumsum(rng.normal(0, 0.0006 if minutes else 0.015, count)))).round(2)
    open_ = (close * (1 + rng.normal(0, 0.003, count))).round(2)
    return pd.DataFrame(
        {
            "open": open_,
            "high": (np.maximum(open_, close) * 1.004).round(2),
            "low": (np.minimum(open_, close) * 0.996).round(2),
            "close": close,
            "volume": rng.integers(5_000, 50_000, count) * (1 if minutes else 100),
        },
        index=index,
    )


def frames(assets: int, days, seed: int = 11) -> list:
    """(sid, frame) of daily bars."""
    rng = np.random.default_rng(seed)
    return [(sid, walk(rng, days, minutes=False)) for sid in range(assets)]


def minute_frames(assets: int, days) -> list:
    calendar = get_calendar("XNYS")
    index = calendar.sessions_minutes(days[0], days[-1])
    rng = np.random.default_rng(12)
    return [(sid, walk(rng, index, minutes=True)) for sid in range(assets)]


def splits(assets: int, days) -> pd.DataFrame:
    """Each asset splits once."""
    rng = np.random.default_rng(13)
    return pd.DataFrame(
        {
            "sid": np.arange(assets),
            "effective_date": days[rng.integers(1, len(days), assets)],
            "ratio": 0.5,
        }
    )


def bundle(assets: int, days, minutes: bool = False, adjusted: bool = False):
    """The function to register."""

    def write(
        environ,
        asset_db_writer,
        minute_bar_writer,
        daily_bar_writer,
        adjustment_writer,
        calendar,
        start_session,
        end_session,
        cache,
        show_progress,
        output_dir,
    ):
        equities = pd.DataFrame(
            {
                "symbol": names(assets),
                "asset_name": names(assets),
                "start_date": days[0],
                "end_date": days[-1],
                "exchange": "NYSE",
            },
            index=pd.Index(range(assets), name="sid"),
        )
        equities["auto_close_date"] = equities["end_date"] + pd.Timedelta(days=1)
        exchanges = pd.DataFrame({"exchange": ["NYSE"], "country_code": ["US"]})
        asset_db_writer.write(equities=equities, exchanges=exchanges)
        daily_bar_writer.write(frames(assets, days), show_progress=show_progress)
        if minutes:
            minute_bar_writer.write(minute_frames(assets, days), show_progress=show_progress)
        adjustment_writer.write(splits=splits(assets, days) if adjusted else None)

    return write


@contextmanager
def ingested(assets: int, days, **options):
    """The bundle "generated" in a root of its own: gives the environment to run in."""
    register(
        "generated",
        bundle(assets, days, **options),
        calendar_name="XNYS",
        start_session=days[0],
        end_session=days[-1],
    )
    with tempfile.TemporaryDirectory(prefix="zipline-generated-") as root:
        environ = {**os.environ, "ZIPLINE_ROOT": root}
        ingest("generated", environ=environ)
        yield environ
