"""What `data` can see: daily bars, minutes, or minutes as they stood before the market opened."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .assets import Asset, ContinuousFuture, Equity
from .market import Market, MinuteMarket
from .utils.calendar_utils import get_calendar

if TYPE_CHECKING:
    from .market.continuous import Continuous

_FIELDS = ("open", "high", "low", "close", "volume", "price", "last_traded")


class Look(Protocol):
    """A market up to some time. t: the bar; of minutes it is counted within the session.

    spot: by field and sid the values at all bars that t can be.
    """

    spot: dict[str, dict[int, list]]
    calendar: Any
    sessions: Any
    continuous: Continuous

    def value(self, asset, field: str, t: int) -> Any:
        """A field at a bar."""
        ...

    def at_bar(self, asset, field: str, t: int) -> Any:
        """A field at a bar, whichever bar `value` shows: what `is_stale` goes by."""
        return self.value(asset, field, t)

    def tradable(self, asset: Asset, t: int) -> bool:
        """Whether an asset is alive and listed, and has a price."""
        ...

    def time(self, clock: Callable) -> Any:
        """The time as of which the look is; clock() is that of the simulation."""
        ...

    def session(self, t: int) -> int:
        """The number of the session that runs."""
        ...

    def index(self, t: int, count: int, frequency: str) -> Any:
        """The times of a window that ends at a bar."""
        ...

    def windows(self, assets: list, field: str, t: int, count: int, frequency: str) -> np.ndarray:
        """float64[N, count]: windows that end at a bar, a copy."""
        ...


class _AtBar(Look):
    """A market as it stands at a bar, whose columns of values are at hand."""

    _market: Any

    def __init__(self, market: Market | MinuteMarket) -> None:
        self._market = market
        self.calendar, self.sessions = market.calendar, market.sessions
        self.continuous = market.days.continuous
        self.spot = {field: market.spot(field) for field in _FIELDS}

    @abstractmethod
    def _label(self, t: int) -> Any:
        """The session or the minute of a bar: when a continuous future is asked what it follows."""

    def value(self, asset, field: str, t: int) -> Any:
        if isinstance(asset, ContinuousFuture):
            return _followed(self, asset, field, t, self._label(t))
        column = self.spot[field].get(asset.sid)
        if column is None:
            column = self._market.spot_column(asset, field)
        return column[t]

    def tradable(self, asset: Asset, t: int) -> bool:
        return self._market.tradable(asset)[t]

    def time(self, clock: Callable) -> Any:
        return clock()


class DailyLook(_AtBar):
    """Daily bars."""

    _market: Market

    def _label(self, t: int) -> Any:
        return self.sessions[t]

    def session(self, t: int) -> int:
        return t

    def lifetime(self, asset: Asset) -> tuple[int, int]:
        """First and last t of an asset's life; first > last when it has none."""
        return self._market.lifetime(asset)

    def index(self, t: int, count: int, frequency: str) -> Any:
        if frequency == "1m":
            raise ValueError("history of minutes ('1m') needs a run over minutes.")
        return self._market.window_index(t, count)

    def windows(self, assets: list, field: str, t: int, count: int, frequency: str) -> np.ndarray:
        if not _any_continuous(assets):
            return self._market.windows(assets, field, t, count)
        return np.array([self._window(asset, field, t, count) for asset in assets])

    def _window(self, asset, field: str, t: int, count: int) -> np.ndarray:
        source: Any = self.continuous if isinstance(asset, ContinuousFuture) else self._market
        if field == "price":
            return source.price_window(asset, t, count)
        return source.window(asset, field, t, count)


class LateLook(DailyLook):
    """Daily bars of sessions that end at midnight: most of them show the bar of the one before.

    A script finds the bar of the session to which the midnight of its own session's label belongs,
    as a minute: where sessions follow each other without a break that is the session before. What
    can be traded, what is stale and what positions are worth go by the session itself.

    shown: a market that begins one session earlier; at: for each session of the run the number of
    the one shown, in that market.
    """

    def __init__(self, market: Market, shown: Market, at: list[int]) -> None:
        super().__init__(market)
        self.spot = {field: {} for field in _FIELDS}
        self._shown, self._at = DailyLook(shown), at
        self._own = DailyLook(market)

    def value(self, asset, field: str, t: int) -> Any:
        if isinstance(asset, ContinuousFuture):
            return self._shown.value(asset, field, self._at[t])
        column = self.spot[field].get(asset.sid)
        if column is None:
            column = self.spot[field][asset.sid] = self._column(asset, field)
        return column[t]

    def _column(self, asset, field: str) -> list:
        column = [self._shown.value(asset, field, at) for at in self._at]
        if field == "volume":
            # An asset that lives today had no day yet to have a volume: it is not 0.
            first, _ = self._market.lifetime(asset)
            shown_first, _ = self._shown.lifetime(asset)
            for t in range(max(first, 0), len(column)):
                if self._at[t] >= shown_first:
                    break
                column[t] = np.nan
        return column

    def at_bar(self, asset, field: str, t: int) -> Any:
        return self._own.value(asset, field, t)

    def index(self, t: int, count: int, frequency: str) -> Any:
        return self._shown.index(self._at[t], count, frequency)

    def windows(self, assets: list, field: str, t: int, count: int, frequency: str) -> np.ndarray:
        return self._shown.windows(assets, field, self._at[t], count, frequency)


def look_at(market: Market | MinuteMarket) -> DailyLook | MinuteLook:
    """What `data` sees of a run's market."""
    if isinstance(market, MinuteMarket):
        return MinuteLook(market)
    shown, at = market.shown()
    return DailyLook(market) if shown is market else LateLook(market, shown, at)


class MinuteLook(_AtBar):
    """Minutes of the session that runs, and all before."""

    _market: MinuteMarket

    def _label(self, t: int) -> Any:
        return self._market.axis.index[self._minute(t)]

    def session(self, t: int) -> int:
        return self._market.session

    def _minute(self, t: int) -> int:
        return self._market.first_minute + t

    def index(self, t: int, count: int, frequency: str) -> Any:
        return self._market.window_index(self._minute(t), count, frequency)

    def windows(self, assets: list, field: str, t: int, count: int, frequency: str) -> np.ndarray:
        return self._market.windows(assets, field, self._minute(t), count, frequency)


class MorningLook(Look):
    """Before trading starts: the minute before, adjusted for what has happened since.

    Values are not rounded after that.
    """

    #: Nothing is at hand: every value is worked out when it is asked for.
    spot: dict[str, dict[int, list]]

    def __init__(self, market: MinuteMarket) -> None:
        self._market = market
        self.calendar, self.sessions = market.calendar, market.sessions
        self.continuous = market.days.continuous
        self.spot = {field: {} for field in _FIELDS}
        self._time = self._minute = 0

    def open(self, time: int) -> None:
        """The simulation's time, ns UTC, which is before the market opens."""
        self._time = time
        self._minute = self._market.before(time)

    def value(self, asset, field: str, t: int) -> Any:
        if isinstance(asset, ContinuousFuture):
            return _followed(self, asset, field, t, self._market.axis.index[self._minute])
        value = self._market.value(asset, field, self._minute)
        if field == "last_traded" or not isinstance(asset, Equity):
            return value
        return value * self._ratio(asset, field)

    def _ratio(self, asset, field: str) -> float:
        return self._market.ratio(asset, self._minute, self._time, field == "volume")

    def tradable(self, asset: Asset, t: int) -> bool:
        # Asked of the exchange is the open that comes next. Where a bar is stamped with its end
        # that is no minute of trade: then no asset can be traded yet, as a script finds it.
        import pandas as pd

        market = self._market
        if not market.days.listed(asset, market.session):
            return False
        now: Any = pd.Timestamp(self._time, tz="UTC")
        if not self.calendar.is_open_on_minute(now):
            now = self.calendar.next_open(now)
        if not get_calendar(asset.exchange).is_open_on_minute(now):
            return False
        price = self._market.value(asset, "price", self._minute)
        return price == price

    def time(self, clock: Callable) -> Any:
        return self._market.axis.index[self._minute]

    def session(self, t: int) -> int:
        return self._market.session

    def index(self, t: int, count: int, frequency: str) -> Any:
        return self._market.window_index(self._minute, count, frequency)

    def windows(self, assets: list, field: str, t: int, count: int, frequency: str) -> np.ndarray:
        values = self._market.windows(assets, field, self._minute, count, frequency)
        return values * [[self._ratio(asset, field)] for asset in assets]


def _any_continuous(assets: list) -> bool:
    return ContinuousFuture in set(map(type, assets))


def _followed(look: Look, future: ContinuousFuture, field: str, t: int, when) -> Any:
    """A field of a continuous future: that of the contract that it follows at a time."""
    return look.continuous.value(
        future, field, when, lambda contract, name: look.value(contract, name, t)
    )
