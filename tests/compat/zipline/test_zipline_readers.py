"""Readers over what is in memory, alone and behind a `DataPortal`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.zipline.assets import AssetDBWriter, AssetFinder
from fillproof.compat.zipline.data.bar_reader import NoDataForSid, NoDataOnDate
from fillproof.compat.zipline.data.data_portal import DataPortal
from fillproof.compat.zipline.data.dispatch_bar_reader import AssetDispatchSessionBarReader
from fillproof.compat.zipline.data.in_memory_daily_bars import InMemoryDailyBarReader
from fillproof.compat.zipline.utils.calendar_utils import get_calendar

CALENDAR = get_calendar("XNYS")
DAYS = CALENDAR.sessions_in_range("2016-03-01", "2016-03-31")
FIELDS = ("open", "high", "low", "close", "volume")


@pytest.fixture
def finder(tmp_path) -> AssetFinder:
    equities = pd.DataFrame(
        {
            "symbol": ["ONE", "TWO"],
            "exchange": "NYSE",
            "start_date": DAYS[0],
            "end_date": DAYS[-1],
        },
        index=[5, 8],
    )
    AssetDBWriter(tmp_path / "assets.sqlite").write(equities=equities)
    return AssetFinder(str(tmp_path / "assets.sqlite"))


@pytest.fixture
def reader() -> InMemoryDailyBarReader:
    frames = {}
    for n, name in enumerate(FIELDS):
        values = np.arange(2.0 * len(DAYS)).reshape(-1, 2) + 10 + n
        frames[name] = pd.DataFrame(values, index=DAYS, columns=[5, 8])
    frames["close"].iloc[3, 1] = np.nan
    frames["volume"].iloc[3, 1] = 0
    return InMemoryDailyBarReader(frames, CALENDAR, pd.Series(["USD", "USD"], index=[5, 8]))


def test_frames_are_read(reader):
    close, volume = reader.load_raw_arrays(["close", "volume"], DAYS[2], DAYS[4], pd.Index([8, 5]))
    np.testing.assert_array_equal(close[:, 1], [17.0, 19.0, 21.0])
    assert np.isnan(close[1, 0])
    assert volume.shape == (3, 2)
    assert reader.get_value(5, DAYS[1], "open") == 12.0
    assert reader.get_last_traded_dt(8, DAYS[3]) == DAYS[2]
    assert reader.last_available_dt == DAYS[-1]


def test_what_is_not_there_is_refused(reader):
    with pytest.raises(NoDataForSid):
        reader.load_raw_arrays(["close"], DAYS[0], DAYS[1], pd.Index([5, 77]))
    with pytest.raises(NoDataOnDate):
        reader.load_raw_arrays(["close"], DAYS[0] - pd.Timedelta(days=2), DAYS[1], pd.Index([5]))
    frames = {name: frame.iloc[::2] for name, frame in reader.frames.items()}
    with pytest.raises(ValueError, match="XNYS calendar"):
        InMemoryDailyBarReader(frames, CALENDAR, None)
    with pytest.raises(ValueError, match="keys"):
        InMemoryDailyBarReader({"close": frames["close"]}, CALENDAR, None)


def test_a_portal_runs_over_any_reader(reader, finder):
    portal = DataPortal(finder, CALENDAR, DAYS[0], equity_daily_reader=reader)
    one, two = finder.retrieve_all([5, 8])
    assert portal.get_spot_value(one, "close", DAYS[6], "daily") == 25.0
    assert portal.get_spot_value(two, "volume", DAYS[3], "daily") == 0
    window = portal.get_history_window([one, two], DAYS[5], 3, "1d", "close", "daily")
    np.testing.assert_array_equal(window.to_numpy(), [[19, np.nan], [21, 22], [23, 24]])


def test_each_asset_is_asked_of_the_reader_of_its_type(reader, finder):
    asset = finder.retrieve_asset(5)
    both = AssetDispatchSessionBarReader(CALENDAR, finder, {type(asset): reader})
    (close,) = both.load_raw_arrays(["close"], DAYS[0], DAYS[1], [5, 8])
    np.testing.assert_array_equal(close, [[13, 14], [15, 16]])
    assert both.get_value(5, DAYS[0], "open") == 10.0
    assert list(both.sessions) == list(DAYS)
