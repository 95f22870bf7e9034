"""Daily bars in an HDF5 file, one group for each country.

A group holds `index/{sid,day}`, `lifetimes/{start_date,end_date}` (places of the days),
`currency/code` and `data/<field>`, uint32[sids, days] with what values were multiplied by.
"""

from __future__ import annotations

from functools import cached_property, reduce

import numpy as np

from .bar_reader import NoDataAfterDate, NoDataBeforeDate, NoDataForSid, NoDataOnDate
from .hdf5_files import opened
from .session_bars import CurrencyAwareSessionBarReader
from .sources import FIELDS

__all__ = ["HDF5DailyBarReader", "HDF5DailyBarWriter", "MultiCountryDailyBarReader"]

VERSION = 0
DEFAULT_SCALING_FACTORS = {"open": 1000, "high": 1000, "low": 1000, "close": 1000, "volume": 1}
MISSING_CURRENCY = "XXX"


class HDF5DailyBarWriter:
    """Writes such a file.

    date_chunk_size: how many days of all assets are stored together.
    """

    def __init__(self, filename, date_chunk_size) -> None:
        self._filename = filename
        self._date_chunk_size = date_chunk_size

    def h5_file(self, mode):
        """The file, opened; use it as a context."""
        return opened(self._filename, mode)

    def write(self, country_code, frames, currency_codes=None, scaling_factors=None) -> None:
        """Add a country: a frame for each field, rows days, columns sids, NaN where there is none.

        currency_codes: a Series by sid. Raises ValueError when the frames do not match.
        """
        import pandas as pd

        factors = DEFAULT_SCALING_FACTORS if scaling_factors is None else scaling_factors
        frames = {name: frame.sort_index(axis=1).sort_index() for name, frame in frames.items()}
        close = frames["close"]
        for name, frame in frames.items():
            if not frame.index.equals(close.index):
                raise ValueError(f"Frames have mismatched days: {name!r} and 'close'.")
            if not frame.columns.equals(close.columns):
                raise ValueError(f"Frames have mismatched sids: {name!r} and 'close'.")
        sids, days = close.columns.to_numpy(dtype=np.int64), close.index.to_numpy()
        if currency_codes is None:
            currency_codes = pd.Series(MISSING_CURRENCY, index=sids)
        if list(currency_codes.index) != sids.tolist():
            raise ValueError("currency_codes sids do not match data sids: give one for each.")
        starts, ends = _lifetimes([frames[name].to_numpy(dtype=float) for name in FIELDS])
        with self.h5_file("a") as file:
            file.attrs["version"] = VERSION
            group = file.create_group(country_code)
            index = group.create_group("index")
            index.create_dataset("sid", data=sids)
            index.create_dataset("day", data=days.astype("datetime64[ns]").astype(np.int64))
            lifetimes = group.create_group("lifetimes")
            lifetimes.create_dataset("start_date", data=starts)
            lifetimes.create_dataset("end_date", data=ends)
            codes = np.array(currency_codes.to_list(), dtype="S3")
            group.create_group("currency").create_dataset("code", data=codes)
            data = group.create_group("data")
            chunks = (len(sids), min(self._date_chunk_size, len(days))) if len(sids) else None
            for name in FIELDS:
                values = np.nan_to_num(frames[name].to_numpy(dtype=float).T) * factors[name]
                whole = np.round(values).astype(np.int64).astype(np.uint32)
                dataset = data.create_dataset(
                    name, data=whole, compression="lzf", shuffle=True, chunks=chunks
                )
                dataset.attrs["scaling_factor"] = factors[name]

    def write_from_sid_df_pairs(
        self, country_code, data, currency_codes=None, scaling_factors=None
    ) -> None:
        """As `write`, from pairs of a sid and its frame of all fields."""
        import pandas as pd

        by_sid = dict(data)
        empty = pd.DataFrame(index=pd.DatetimeIndex([]), columns=np.array([], dtype=np.int64))
        frames = {
            name: pd.DataFrame({sid: frame[name] for sid, frame in by_sid.items()})
            if by_sid
            else empty
            for name in FIELDS
        }
        self.write(country_code, frames, currency_codes, scaling_factors)


def _lifetimes(values: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The places of each asset's first and last day with any value."""
    known = ~np.logical_and.reduce([np.isnan(one) for one in values])
    if not known.size:
        none = np.zeros(0, dtype=np.int64)
        return none, none
    return known.argmax(axis=0), len(known) - 1 - known[::-1].argmax(axis=0)


class HDF5DailyBarReader(CurrencyAwareSessionBarReader):
    """Reads the daily bars of one country.

    country_group: its group in an open file; `from_path` opens one.
    """

    def __init__(self, country_group) -> None:
        self._group = country_group

    @classmethod
    def from_file(cls, h5_file, country_code):
        """Raises ValueError for a file of another version."""
        found = h5_file.attrs["version"]
        if found != VERSION:
            raise ValueError(f"mismatched version: file is of version {found}, expected {VERSION}")
        return cls(h5_file[country_code])

    @classmethod
    def from_path(cls, path, country_code):
        return cls.from_file(opened(path), country_code)

    @cached_property
    def dates(self) -> np.ndarray:
        """datetime64[ns]: the sessions."""
        return self._group["index"]["day"][:].astype("datetime64[ns]")

    @cached_property
    def sids(self) -> np.ndarray:
        return self._group["index"]["sid"][:].astype(np.int64)

    @cached_property
    def asset_start_dates(self) -> np.ndarray:
        return self.dates[self._group["lifetimes"]["start_date"][:]]

    @cached_property
    def asset_end_dates(self) -> np.ndarray:
        return self.dates[self._group["lifetimes"]["end_date"][:]]

    @cached_property
    def sessions(self):
        import pandas as pd

        return pd.DatetimeIndex(self.dates)

    @property
    def first_trading_day(self):
        return self.sessions[0]

    @property
    def last_available_dt(self):
        return self.sessions[-1]

    @property
    def trading_calendar(self):
        raise NotImplementedError("HDF5 pricing has no trading calendar.")

    def _values(self, column: str, stored: np.ndarray) -> np.ndarray:
        """Stored numbers as prices, NaN for none; volumes as they are."""
        if column == "volume":
            return stored
        factor = self._group["data"][column].attrs["scaling_factor"]
        return np.where(stored == 0, np.nan, stored.astype(np.float64)) * (1.0 / factor)

    def _session(self, date) -> int:
        place = int(self.dates.searchsorted(date.asm8))
        if place == len(self.dates) or self.dates[place] != date.asm8:
            raise NoDataOnDate(date)
        return place

    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list[np.ndarray]:
        """For each column an array [sessions, assets]; unknown assets are empty.

        Raises NoDataOnDate.
        """
        rows = slice(self._session(start_date), self._session(end_date) + 1)
        wanted = np.array([int(asset) for asset in assets], dtype=np.int64)
        places = self.sids.searchsorted(wanted)
        known = np.isin(wanted, self.sids)
        out = []
        for column in columns:
            stored = self._group["data"][column][:, rows]
            whole = np.zeros((len(wanted), stored.shape[1]), dtype=np.uint32)
            whole[known] = stored[places[known]]
            out.append(self._values(column, whole.T))
        return out

    def get_value(self, sid, dt, field):
        """Raises NoDataForSid, NoDataOnDate, NoDataBeforeDate, NoDataAfterDate."""
        place = int(self.sids.searchsorted(int(sid)))
        if place == len(self.sids) or self.sids[place] != int(sid):
            raise NoDataForSid(f"Assets not contained in daily pricing file: {[int(sid)]}")
        session = self._session(dt)
        value = self._values(field, self._group["data"][field][place, session])
        if np.isnan(value):
            if dt.asm8 < self.asset_start_dates[place]:
                raise NoDataBeforeDate(f"No data of sid {int(sid)} before {dt}.")
            if dt.asm8 > self.asset_end_dates[place]:
                raise NoDataAfterDate(f"No data of sid {int(sid)} after {dt}.")
        return value

    def get_last_traded_dt(self, asset, dt):
        import pandas as pd

        place = int(self.sids.searchsorted(int(asset)))
        end = int(self.dates.searchsorted(dt.asm8, side="right"))
        traded = np.flatnonzero(self._group["data"]["volume"][place, :end])
        return self.sessions[int(traded[-1])] if len(traded) else pd.NaT

    def currency_codes(self, sids) -> np.ndarray:
        """The three letters of each sid; None for unknown ones."""
        codes = [code.decode() for code in self._group["currency"]["code"][:]]
        by_sid = dict(zip(self.sids.tolist(), codes, strict=True))
        return np.array([by_sid.get(int(sid)) for sid in sids], dtype=object)


class MultiCountryDailyBarReader(CurrencyAwareSessionBarReader):
    """Asks the reader of the country that an asset belongs to.

    readers: by country code.
    """

    def __init__(self, readers) -> None:
        self._readers = readers
        self._country = {
            sid: country for country, reader in readers.items() for sid in reader.sids.tolist()
        }

    @classmethod
    def from_file(cls, h5_file):
        return cls({name: HDF5DailyBarReader.from_file(h5_file, name) for name in h5_file})

    @classmethod
    def from_path(cls, path):
        return cls.from_file(opened(path))

    @property
    def countries(self):
        return self._readers.keys()

    def _reader(self, assets) -> HDF5DailyBarReader:
        found = {self._country[int(one)] for one in assets if int(one) in self._country}
        if not found:
            raise ValueError("At least one valid asset id is required.")
        if len(found) > 1:
            raise NotImplementedError(
                f"Assets of several countries ({', '.join(sorted(found))}) cannot be read at once."
            )
        return self._readers[found.pop()]

    @property
    def trading_calendar(self):
        raise NotImplementedError("HDF5 pricing has no trading calendar.")

    @property
    def first_trading_day(self):
        return min(reader.first_trading_day for reader in self._readers.values())

    @property
    def last_available_dt(self):
        return max(reader.last_available_dt for reader in self._readers.values())

    @property
    def sessions(self):
        import pandas as pd

        dates = [reader.dates for reader in self._readers.values()]
        return pd.DatetimeIndex(reduce(np.union1d, dates))

    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list[np.ndarray]:
        """As the reader of the assets' country; raises ValueError when none is known."""
        return self._reader(assets).load_raw_arrays(columns, start_date, end_date, assets)

    def get_value(self, sid, dt, field):
        if int(sid) not in self._country:
            raise NoDataForSid(f"Asset not contained in daily pricing file: {sid}")
        return self._reader([sid]).get_value(sid, dt, field)

    def get_last_traded_dt(self, asset, dt):
        return self._reader([asset]).get_last_traded_dt(asset, dt)

    def currency_codes(self, sids) -> np.ndarray:
        return self._reader(sids).currency_codes(sids)
