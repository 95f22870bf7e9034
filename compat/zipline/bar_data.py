"""`data`: what the market showed up to the current bar, as the callbacks receive it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .assets import Asset, ContinuousFuture, PricingDataAssociable
from .looks import Look
from .unsupported import missing

if TYPE_CHECKING:
    import pandas as pd

    from .sources.extra import ExtraSources

SPOT_FIELDS = frozenset(
    ("open", "high", "low", "close", "volume", "price", "last_traded", "contract", "sid")
)
HISTORY_FIELDS = frozenset(("open", "high", "low", "close", "volume", "price", "sid"))
_FREQUENCIES = ("1m", "1d")


class BarData:
    """Prices and volumes at the current bar and before it.

    `current` and `history` take one asset or several, one field or several, and answer with a
    scalar, a Series or a DataFrame accordingly. Everything handed out is a copy that ends with the
    current bar.
    """

    def __init__(
        self, data_portal, simulation_dt_func, data_frequency, trading_calendar, restrictions
    ) -> None:
        raise missing("BarData(...)", "Use the `data` of the callbacks, or a DataPortal.")

    @classmethod
    def of_run(cls, look: Look, clock: Callable, restrictions: Callable) -> BarData:
        """The data of a run.

        look: at which data, and from when. clock: the time. restrictions: those in force.
        """
        data = cls.__new__(cls)
        data._begin(look, clock, restrictions)
        return data

    def _begin(self, look: Look, clock: Callable, restrictions: Callable) -> None:
        self._clock = clock
        self._restrictions = restrictions
        self._extra: ExtraSources | None = None
        # The window that was asked for last, and its times.
        self._asked: tuple | None = None
        self._index: Any = None
        self._labels: dict[tuple, pd.Index] = {}
        self._t = 0
        self._look(look)

    def _look(self, look: Look) -> None:
        """From now on answer with what this look shows."""
        self._seen = look
        self._spot = look.spot

    def current(self, assets, fields):
        """The value at this bar of `fields`: price, open, high, low, close, volume, last_traded.

        `price` is the last close, carried over bars without a trade; the others are NaN (0 for the
        volume) there. `contract` is the contract that a continuous future now follows. Other
        fields, and texts in the place of assets, are those of fetched files.
        """
        try:
            # The hot path: one known asset and one field.
            return self._spot[fields][assets.sid][self._t]
        except (KeyError, AttributeError, TypeError):
            pass
        if not _several(assets):
            if not _several(fields):
                return self._value(assets, fields)
            import pandas as pd

            values = {field: self._value(assets, field) for field in fields}
            return pd.Series(values, index=fields, name=assets.symbol)
        import pandas as pd

        if not _several(fields):
            return self._series(assets, fields)
        return pd.DataFrame({field: self._series(assets, field) for field in fields})

    def _series(self, assets, field):
        import pandas as pd

        values = {asset: self._value(asset, field) for asset in assets}
        return pd.Series(values, index=assets, name=field)

    def _value(self, asset, field):
        if not isinstance(field, str):
            raise TypeError(f"fields: {field!r} is no name of a field.")
        known = isinstance(asset, PricingDataAssociable)
        if not known and not isinstance(asset, str):
            raise TypeError(f"assets: {asset!r} is no asset.")
        if known and field in SPOT_FIELDS:
            return self._seen.value(asset, field, self._t)
        if self._extra is None:
            return np.nan
        return self._extra.value(asset, field, self._seen.session(self._t))

    def can_trade(self, assets):
        """Whether an order can be meant: alive, not restricted, not closed out, with a price."""
        if isinstance(assets, Asset):
            return self._can_trade(assets)
        import pandas as pd

        return pd.Series([self._can_trade(asset) for asset in assets], index=assets, dtype=bool)

    def _can_trade(self, asset) -> bool:
        self._check_asset(asset)
        look = self._seen
        if self._restrictions().is_restricted(asset, look.time(self._clock)):
            return False
        return look.tradable(asset, self._t)

    def is_stale(self, assets):
        """Whether the asset is alive, did not trade at this bar, and has traded before."""
        if isinstance(assets, Asset):
            return self._is_stale(assets)
        import pandas as pd

        return pd.Series({asset: self._is_stale(asset) for asset in assets})

    def _is_stale(self, asset) -> bool:
        self._check_asset(asset)
        if not asset.is_alive_for_session(self._clock().normalize()):
            return False
        look, t = self._seen, self._t
        if look.at_bar(asset, "volume", t) > 0:
            return False
        last_traded = look.at_bar(asset, "last_traded", t)
        return last_traded == last_traded

    @staticmethod
    def _check_asset(asset) -> None:
        if not isinstance(asset, Asset):
            raise TypeError(f"assets: {asset!r} is no asset.")

    def history(self, assets, fields, bar_count, frequency):
        """The last `bar_count` bars up to this one, adjusted for splits and dividends.

        One field: a Series (one asset) or a DataFrame with the assets as columns. Several: a
        DataFrame with rows (time, asset) and the fields as columns. frequency: "1d" for sessions,
        of which the last one is what there is of it so far; "1m" for minutes, in runs over minutes.
        """
        one_field = isinstance(fields, str)
        one_asset = isinstance(assets, PricingDataAssociable)
        asset_list: list = [assets] if one_asset else list(assets)
        field_list = [fields] if one_field else list(fields)
        self._check_window(asset_list, field_list, bar_count, frequency)
        look, t = self._seen, self._t
        key = (self._clock(), bar_count, frequency)
        if key != self._asked:
            self._asked, self._index = key, look.index(t, bar_count, frequency)
        index = self._index
        import pandas as pd

        if one_field:
            if not asset_list:
                return pd.DataFrame(None, index=index, columns=None)
            values = look.windows(asset_list, fields, t, bar_count, frequency)
            if one_asset:
                return pd.Series(values[0], index=index, name=assets)
            return pd.DataFrame(values.T, index=index, columns=self._columns(assets))
        windows = {
            field: look.windows(asset_list, field, t, bar_count, frequency) for field in field_list
        }
        return _stacked(windows, asset_list, index, "date" if frequency == "1d" else "date_time")

    def _columns(self, assets) -> pd.Index:
        """Assets as labels, made once for each list of them."""
        import pandas as pd

        if not isinstance(assets, (list, tuple)):
            return assets if isinstance(assets, pd.Index) else pd.Index(assets)
        key = tuple([asset.sid for asset in assets])
        found = self._labels.get(key)
        if found is None:
            found = self._labels[key] = pd.Index(assets)
        return found

    def _check_window(self, assets, fields, bar_count, frequency) -> None:
        for asset in assets:
            if not isinstance(asset, PricingDataAssociable):
                raise TypeError(f"assets: {asset!r} is no asset.")
        for field in fields:
            if not isinstance(field, str):
                raise TypeError(f"fields: {field!r} is no name of a field.")
            if field not in HISTORY_FIELDS:
                raise ValueError(
                    f"fields: {field!r} is none of {', '.join(sorted(HISTORY_FIELDS))}."
                )
        if not isinstance(bar_count, (int, np.integer)):
            raise TypeError(f"bar_count must be an int, not {bar_count!r}.")
        if bar_count < 1:
            raise ValueError(f"bar_count must be at least 1, not {bar_count}.")
        if frequency not in _FREQUENCIES:
            raise ValueError(f"frequency must be '1d' or '1m', not {frequency!r}.")

    def current_chain(self, continuous_future):
        """The contracts of a continuous future from the current one on, as a list."""
        if not isinstance(continuous_future, ContinuousFuture):
            raise TypeError(f"current_chain needs a continuous future, not {continuous_future!r}.")
        return self._seen.continuous.chain(continuous_future, self.current_session)

    @property
    def current_dt(self):
        """The simulation's time, UTC."""
        return self._clock()

    @property
    def current_session(self):
        """The label of the current session."""
        return self._seen.sessions[self._seen.session(self._t)]

    @property
    def current_session_minutes(self):
        """The minutes of the current session."""
        return self._seen.calendar.session_minutes(self.current_session)

    @property
    def extra(self) -> ExtraSources:
        """What fetched files show."""
        if self._extra is None:
            from .sources.extra import ExtraSources

            self._extra = ExtraSources(self._seen.sessions)
        return self._extra

    @property
    def fetcher_assets(self) -> list:
        """The assets of the file that was fetched last, on this session."""
        return [] if self._extra is None else self._extra.assets(self._seen.session(self._t))


def _several(given) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, str)


def _stacked(windows: dict[str, np.ndarray], assets: list, index, label: str) -> pd.DataFrame:
    """One row for each time and asset, both sorted, and one column for each field, as given.

    windows: by field, float64[N, count].
    """
    import pandas as pd

    # Rows of one time lie together, assets in sequence.
    rows = sorted(range(len(assets)), key=assets.__getitem__)
    count, number = len(index), len(assets)
    values = np.stack([window[rows].T.ravel() for window in windows.values()])
    labels = pd.MultiIndex(
        levels=[index, [assets[row] for row in rows]],
        codes=[np.repeat(np.arange(count), number), np.tile(np.arange(number), count)],
        names=[label, None],
        verify_integrity=False,
    )
    return pd.DataFrame(values.T, index=labels, columns=pd.Index(list(windows), name="fields"))
