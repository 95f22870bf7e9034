"""Lists of securities that change with time, read from folders.

`SECURITY_LISTS_DIR/<list>/<date known>/<date effective>/{add,delete}`, dates as 20150131, a symbol
on each line. No list comes with this package: put one there, or name another folder.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

from ..errors import SymbolNotFound
from ..finance.asset_restrictions import SecurityListRestrictions
from .paths import zipline_path

__all__ = [
    "DATE_FORMAT",
    "SECURITY_LISTS_DIR",
    "SecurityList",
    "SecurityListSet",
    "load_from_directory",
]

DATE_FORMAT = "%Y%m%d"
SECURITY_LISTS_DIR = zipline_path(["security_lists"])


class SecurityList:
    """A list as it was known at each time.

    data: by the date from which they are known, by the date of effect: {"add": symbols, "delete":
    symbols}. current_date_func: the simulation's time. asset_finder: resolves the symbols.
    """

    def __init__(self, data, current_date_func, asset_finder) -> None:
        self.data = data
        self.current_date = current_date_func
        self.asset_finder = asset_finder
        self._knowledge_dates = self.make_knowledge_dates(data)
        self._taken: set = set()
        self._current: set = set()

    def __iter__(self):
        _warn_of("Iterating over a security list")
        return iter(self.current_securities(self.current_date()))

    def __contains__(self, item) -> bool:
        _warn_of("Asking a security list for a member")
        return item in self.current_securities(self.current_date())

    def current_securities(self, dt) -> set:
        """The sids in the list at a time. Times must not go back."""
        for known in self._knowledge_dates:
            if dt < known.tz_localize(dt.tzinfo):
                break
            if known in self._taken:
                continue
            self._taken.add(known)
            for effective, changes in self.data[known].items():
                self.update_current(effective, changes["add"], self._current.add)
                self.update_current(effective, changes["delete"], self._current.remove)
        return self._current

    def make_knowledge_dates(self, data) -> list:
        """The dates from which the changes are known, in sequence."""
        import pandas as pd

        return sorted(pd.Timestamp(known) for known in data)

    def update_current(self, effective_date, symbols, change_func) -> None:
        """Call `change_func` with the sid of each symbol that is known on a date."""
        for symbol in symbols:
            try:
                asset = self.asset_finder.lookup_symbol(symbol, as_of_date=effective_date)
            except SymbolNotFound:
                continue
            change_func(asset.sid)


class SecurityListSet:
    """The lists of `SECURITY_LISTS_DIR`."""

    security_list_type = SecurityList

    def __init__(self, current_date_func, asset_finder) -> None:
        self.current_date_func = current_date_func
        self.asset_finder = asset_finder
        self._leveraged: SecurityList | None = None

    @property
    def leveraged_etf_list(self) -> SecurityList:
        """The list of the folder `leveraged_etf_list`."""
        if self._leveraged is None:
            self._leveraged = self.security_list_type(
                load_from_directory("leveraged_etf_list"),
                self.current_date_func,
                asset_finder=self.asset_finder,
            )
        return self._leveraged

    @property
    def restrict_leveraged_etfs(self) -> SecurityListRestrictions:
        return SecurityListRestrictions(self.leveraged_etf_list)


def load_from_directory(list_name: str) -> dict:
    """Read a list; FileNotFoundError with its folder when there is none."""
    folder = Path(SECURITY_LISTS_DIR, list_name)
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no list {list_name!r}: put its files into {folder}.")
    return {
        _date(known): {
            _date(effective): {
                file.name: file.read_text().splitlines() for file in effective.iterdir()
            }
            for effective in known.iterdir()
        }
        for known in folder.iterdir()
    }


def _date(path: Path) -> datetime:
    return datetime.strptime(path.name, DATE_FORMAT)


def _warn_of(what: str) -> None:
    warnings.warn(
        f"{what} is deprecated: use current_securities(dt).", DeprecationWarning, stacklevel=3
    )
