"""Limits that a script puts on its own orders and on its account."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

from ..errors import AccountControlViolation, TradingControlViolation

log = logging.getLogger("TradingControl")


class TradingControl(ABC):
    """A test of each order before it is placed. on_error: "fail" raises, "log" places it."""

    def __init__(self, on_error, **kwargs) -> None:
        self.on_error = on_error
        self._shown = kwargs

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"

    @abstractmethod
    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data):
        """Call `handle_violation` for an order that must not be placed."""

    def handle_violation(self, asset, amount, datetime, metadata=None) -> None:
        """Raise TradingControlViolation, or log it. metadata: shown with the control."""
        constraint = f"{self!r} (Metadata: {metadata})" if metadata else repr(self)
        if self.on_error == "fail":
            raise TradingControlViolation(
                asset=asset, amount=amount, datetime=datetime, constraint=constraint
            )
        if self.on_error == "log":
            log.error(
                "Order for %s shares of %s at %s violates trading constraint %s",
                amount, asset, datetime, constraint,
            )  # fmt: skip


class MaxOrderCount(TradingControl):
    """At most `max_count` order calls a day; calls that fail later count as well."""

    def __init__(self, on_error, max_count) -> None:
        super().__init__(on_error, max_count=max_count)
        self.max_count = max_count
        self._placed = 0
        self._date = None

    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data) -> None:
        date = algo_datetime.date()
        if self._date and self._date != date:
            self._placed = 0
        self._date = date
        if self._placed >= self.max_count:
            self.handle_violation(asset, amount, algo_datetime)
        self._placed += 1


class RestrictedListOrder(TradingControl):
    """No order in a restricted asset."""

    def __init__(self, on_error, restrictions) -> None:
        super().__init__(on_error)
        self.restrictions = restrictions

    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data) -> None:
        if self.restrictions.is_restricted(asset, algo_datetime):
            self.handle_violation(asset, amount, algo_datetime)


class _Size(TradingControl):
    """A limit in shares, in dollars, or both, on one asset or on all."""

    def __init__(self, on_error, asset=None, max_shares=None, max_notional=None) -> None:
        super().__init__(on_error, asset=asset, max_shares=max_shares, max_notional=max_notional)
        self.asset = asset
        self.max_shares = max_shares
        self.max_notional = max_notional
        if max_shares is None and max_notional is None:
            raise ValueError("Give max_shares, max_notional or both.")
        if max_shares and max_shares < 0:
            raise ValueError(f"max_shares must not be negative, not {max_shares}.")
        if max_notional and max_notional < 0:
            raise ValueError(f"max_notional must not be negative, not {max_notional}.")

    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data) -> None:
        if self.asset is not None and self.asset != asset:
            return
        shares = self._shares(asset, amount, portfolio)
        if self.max_shares is not None and abs(shares) > self.max_shares:
            self.handle_violation(asset, amount, algo_datetime)
        value = shares * algo_current_data.current(asset, "price")
        if self.max_notional is not None and abs(value) > self.max_notional:
            self.handle_violation(asset, amount, algo_datetime)

    def _shares(self, asset, amount, portfolio):
        raise NotImplementedError


class MaxOrderSize(_Size):
    """Limits a single order."""

    def _shares(self, asset, amount, portfolio):
        return amount


class MaxPositionSize(_Size):
    """Limits the position that an order would lead to; open orders do not count."""

    def _shares(self, asset, amount, portfolio):
        return portfolio.positions[asset].amount + amount


class LongOnly(TradingControl):
    """No order that would lead to a short position."""

    def __init__(self, on_error) -> None:
        super().__init__(on_error)

    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data) -> None:
        if portfolio.positions[asset].amount + amount < 0:
            self.handle_violation(asset, amount, algo_datetime)


class AssetDateBounds(TradingControl):
    """No order before the first day of an asset or after its last one."""

    def validate(self, asset, amount, portfolio, algo_datetime, algo_current_data) -> None:
        if amount == 0:
            return
        today = algo_datetime.normalize().tz_localize(None)
        for name, date in (("start", asset.start_date), ("end", asset.end_date)):
            if date and (today < date.normalize() if name == "start" else today > date.normalize()):
                known = {f"asset_{name}_date": date.normalize()}
                self.handle_violation(asset, amount, algo_datetime, metadata=known)


class AccountControl(ABC):
    """A test of the account at the end of each session."""

    def __init__(self, **kwargs) -> None:
        self._shown = kwargs

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"

    @abstractmethod
    def validate(self, _portfolio, _account, _algo_datetime, _algo_current_data):
        """Call `fail` for an account that is not as it must be."""

    def fail(self) -> None:
        """Stop the run."""
        raise AccountControlViolation(constraint=repr(self))


class MaxLeverage(AccountControl):
    """Gross exposure over portfolio value must not be above `max_leverage`."""

    def __init__(self, max_leverage) -> None:
        super().__init__(max_leverage=max_leverage)
        if max_leverage is None or max_leverage < 0:
            raise ValueError(f"max_leverage must be at least 0, not {max_leverage}.")
        self.max_leverage = max_leverage

    def validate(self, _portfolio, _account, _algo_datetime, _algo_current_data) -> None:
        if _account.leverage > self.max_leverage:
            self.fail()


class MinLeverage(AccountControl):
    """After `deadline` leverage must not be below `min_leverage`."""

    def __init__(self, min_leverage, deadline) -> None:
        super().__init__(min_leverage=min_leverage, deadline=deadline)
        if not isinstance(min_leverage, (int, float)):
            raise TypeError(f"min_leverage must be a number, not {min_leverage!r}.")
        if min_leverage < 0:
            raise ValueError(f"min_leverage must be at least 0, not {min_leverage}.")
        self.min_leverage = min_leverage
        self.deadline = deadline

    def validate(self, _portfolio, account, algo_datetime, _algo_current_data) -> None:
        late = algo_datetime > self.deadline.tz_localize(algo_datetime.tzinfo)
        if late and account.leverage < self.min_leverage:
            self.fail()
