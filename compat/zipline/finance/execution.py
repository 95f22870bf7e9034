"""Execution styles: at which prices an order may trade."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache
from sys import float_info

from ..errors import BadOrderParameters

__all__ = ["ExecutionStyle", "LimitOrder", "MarketOrder", "StopLimitOrder", "StopOrder"]

_DEFAULT_TICK = 0.01


class ExecutionStyle:
    """Base of the styles. A style of your own needs `get_limit_price` and `get_stop_price`."""

    _exchange = None

    def get_limit_price(self, is_buy):
        """The limit, a price of at least 0, or None."""
        raise NotImplementedError

    def get_stop_price(self, is_buy):
        """The stop, a price of at least 0, or None."""
        raise NotImplementedError

    @property
    def exchange(self):
        return self._exchange


class MarketOrder(ExecutionStyle):
    """At the market."""

    def __init__(self, exchange=None) -> None:
        self._exchange = exchange

    def get_limit_price(self, _is_buy):
        return None

    def get_stop_price(self, _is_buy):
        return None


class LimitOrder(ExecutionStyle):
    """Once the price is `limit_price` or better."""

    def __init__(self, limit_price, asset=None, exchange=None) -> None:
        check_stoplimit_prices(limit_price, "limit")
        self.limit_price = limit_price
        self._exchange = exchange
        self.asset = asset

    def get_limit_price(self, is_buy):
        return asymmetric_round_price(self.limit_price, is_buy, _tick(self.asset))

    def get_stop_price(self, _is_buy):
        return None


class StopOrder(ExecutionStyle):
    """At the market once the price reaches `stop_price`."""

    def __init__(self, stop_price, asset=None, exchange=None) -> None:
        check_stoplimit_prices(stop_price, "stop")
        self.stop_price = stop_price
        self._exchange = exchange
        self.asset = asset

    def get_limit_price(self, _is_buy):
        return None

    def get_stop_price(self, is_buy):
        return asymmetric_round_price(self.stop_price, not is_buy, _tick(self.asset))


class StopLimitOrder(ExecutionStyle):
    """A limit order once the price reaches `stop_price`."""

    def __init__(self, limit_price, stop_price, asset=None, exchange=None) -> None:
        check_stoplimit_prices(limit_price, "limit")
        check_stoplimit_prices(stop_price, "stop")
        self.limit_price = limit_price
        self.stop_price = stop_price
        self._exchange = exchange
        self.asset = asset

    def get_limit_price(self, is_buy):
        return asymmetric_round_price(self.limit_price, is_buy, _tick(self.asset))

    def get_stop_price(self, is_buy):
        return asymmetric_round_price(self.stop_price, not is_buy, _tick(self.asset))


def _tick(asset) -> float:
    return _DEFAULT_TICK if asset is None else asset.tick_size


def asymmetric_round_price(price, prefer_round_down, tick_size, diff=0.95):
    """Round a price to a tick so that a near miss improves it.

    With `prefer_round_down` the fraction of a tick up to `diff` is dropped, else what exceeds
    1 - `diff` is rounded up. Values that cannot be told from 0 give 0.0.
    """
    places, ticks = _grid(tick_size)
    # A few epsilons less, so that the end of the interval stays outside in binary as well.
    shift = (diff - 0.5) * 10**-places * ticks - float_info.epsilon * 10
    count = (price - (shift if prefer_round_down else -shift)) / tick_size
    rounded = tick_size * (math.ceil(count) if count % 1 >= 0.5 else round(count))
    if math.isclose(rounded, 0.0, rel_tol=1e-6, abs_tol=1e-6):
        return 0.0
    return rounded


@lru_cache(typed=True)
def _grid(tick_size) -> tuple[int, int]:
    """Decimal places of a tick, and how many units of the last one it has."""
    places = -int(Decimal(str(tick_size)).as_tuple().exponent)
    return places, int(tick_size * (10**places))


def check_stoplimit_prices(price, label) -> None:
    """Raise BadOrderParameters for a price that is no finite number of at least 0."""
    try:
        finite = math.isfinite(price)
    except TypeError:
        raise BadOrderParameters(
            msg=f"The {label} price must be a number, not {type(price)}."
        ) from None
    if not finite:
        raise BadOrderParameters(msg=f"The {label} price must be finite, not {price}.")
    if price < 0:
        raise BadOrderParameters(msg=f"The {label} price must not be negative, not {price}.")
