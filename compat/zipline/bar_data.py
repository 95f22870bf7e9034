"""`data`: what the market showed up to the current bar, as the callbacks receive it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .assets import Asset
from .market import Market
from .unsupported import missing, missing_minutes

_SPOT_FIELDS = frozenset(("open", "high", "low", "close", "volume", "price", "last_traded"))
_HISTORY_FIELDS = frozenset(("open", "high", "low", "close", "volume", "price"))


class BarData:
    """Prices and volumes at the current bar and before it.

    `current` and `history` take one asset or several, one field or several, and answer with a
    scalar, a Series or a DataFrame accordingly.
    """

    def __init__(self, market: Market, clock, restrictions) -> None:
        self._market = market
        self._clock = clock
        self._restrictions = restrictions
        self._t = 0
        self._spot = {field: market.spot(field) for field in _SPOT_FIELDS}

    def current(self, assets, fields):
        """The value at this bar of `fields`: price, open, high, low, close, volume, last_traded.

        `price` is the last close, carried over sessions without a trade; the others are NaN (0
        for the volume) there.
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
        if isinstance(asset, str):
            raise missing(f"data.current of the text {asset!r}", "Use symbol() to get an asset.")
        if not isinstance(asset, Asset):
            raise TypeError(f"assets: {asset!r} is no asset.")
        if field not in _SPOT_FIELDS:
            return np.nan
        column = self._spot[field].get(asset.sid)
        if column is None:
            column = self._market.spot_column(asset, field)
        return column[self._t]

    def can_trade(self, assets):
        """Whether an order can be meant: alive, not restricted, not closed out, with a price."""
        if isinstance(assets, Asset):
            return self._can_trade(assets)
        import pandas as pd

        return pd.Series([self._can_trade(asset) for asset in assets], index=assets, dtype=bool)

    def _can_trade(self, asset) -> bool:
        self._check_asset(asset)
        if self._restrictions().is_restricted(asset, self._clock()):
            return False
        return self._market.tradable(asset)[self._t]

    def is_stale(self, assets):
        """Whether the asset is alive, did not trade at this bar, and has traded before."""
        if isinstance(assets, Asset):
            return self._is_stale(assets)
        import pandas as pd

        return pd.Series({asset: self._is_stale(asset) for asset in assets})

    def _is_stale(self, asset) -> bool:
        self._check_asset(asset)
        if not asset.is_alive_for_session(self._market.sessions[self._t]):
            return False
        if self._value(asset, "volume") > 0:
            return False
        last_traded = self._value(asset, "last_traded")
        return last_traded == last_traded

    @staticmethod
    def _check_asset(asset) -> None:
        if not isinstance(asset, Asset):
            raise TypeError(f"assets: {asset!r} is no asset.")

    def history(self, assets, fields, bar_count, frequency):
        """The last `bar_count` sessions up to this one, adjusted for splits and dividends.

        One field: a Series (one asset) or a DataFrame with the assets as columns. Several: a
        DataFrame with rows (date, asset) and the fields as columns. frequency: "1d".
        """
        one_field = isinstance(fields, str)
        one_asset = isinstance(assets, Asset)
        asset_list = [assets] if one_asset else list(assets)
        field_list = [fields] if one_field else list(fields)
        self._check_window(asset_list, field_list, bar_count, frequency)
        if one_field:
            frame = self._frame(asset_list, assets, fields, bar_count)
            return frame.loc[:, assets] if one_asset else frame
        import pandas as pd

        frames = {
            field: self._frame(asset_list, asset_list, field, bar_count).loc[:, asset_list]
            for field in field_list
        }
        stacked = pd.concat(frames, keys=frames.keys(), names=["fields", "date"])
        return stacked.stack(**_stack_options()).unstack(level="fields").sort_index()

    def _check_window(self, assets, fields, bar_count, frequency) -> None:
        for asset in assets:
            if isinstance(asset, str):
                raise missing(f"data.history of the text {asset!r}", "Use symbol().")
            self._check_asset(asset)
        for field in fields:
            if not isinstance(field, str):
                raise TypeError(f"fields: {field!r} is no name of a field.")
            if field not in _HISTORY_FIELDS:
                raise ValueError(f"fields: {field!r} is none of {', '.join(_HISTORY_FIELDS)}.")
        if not isinstance(bar_count, (int, np.integer)):
            raise TypeError(f"bar_count must be an int, not {bar_count!r}.")
        if bar_count < 1:
            raise ValueError(f"bar_count must be at least 1, not {bar_count}.")
        if frequency == "1m":
            raise missing_minutes("data.history with frequency '1m'")
        if frequency != "1d":
            raise ValueError(f"frequency must be '1d', not {frequency!r}.")

    def _frame(self, asset_list, given, field, count):
        import pandas as pd

        market, t = self._market, self._t
        index = market.window_index(t, count)
        if not asset_list:
            return pd.DataFrame(None, index=index, columns=None)
        values = np.empty((count, len(asset_list)))
        for n, asset in enumerate(asset_list):
            if field == "price":
                values[:, n] = market.price_window(asset, t, count)
            else:
                values[:, n] = market.window(asset, field, t, count)
        columns = given if given is not None and not isinstance(given, Asset) else asset_list
        return pd.DataFrame(values, index=index, columns=columns)

    def current_chain(self, continuous_future):
        raise missing("data.current_chain", "Only equities trade.")

    @property
    def current_dt(self):
        """The simulation's time, UTC."""
        return self._clock()

    @property
    def current_session(self):
        """The label of the current session."""
        return self._market.sessions[self._t]

    @property
    def current_session_minutes(self):
        """The minutes of the current session."""
        return self._market.calendar.session_minutes(self.current_session)

    @property
    def fetcher_assets(self) -> list:
        """Assets of fetched files: none can be fetched."""
        return []


def _several(given) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, str)


def _stack_options() -> dict:
    """What asks pandas 2 for the way of stacking that pandas 3 has alone."""
    import pandas as pd

    return {} if int(pd.__version__.partition(".")[0]) >= 3 else {"future_stack": True}
