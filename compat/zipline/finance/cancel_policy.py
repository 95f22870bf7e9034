"""What happens to open orders at the end of a session."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

__all__ = ["CancelPolicy", "EODCancel", "NeverCancel"]

log = logging.getLogger("AlgoWarning")

#: The event that a policy is asked about: a session ends.
SESSION_END = 2


class CancelPolicy(ABC):
    """Base of the policies. warn_on_cancel: whether a cancelled order is logged."""

    warn_on_cancel: bool

    @abstractmethod
    def should_cancel(self, event) -> bool:
        """Whether open orders are cancelled on `event`, which is `SESSION_END`."""


class EODCancel(CancelPolicy):
    """Cancel at the end of the session. With daily bars only the oldest of several orders."""

    def __init__(self, warn_on_cancel=True) -> None:
        self.warn_on_cancel = warn_on_cancel

    def should_cancel(self, event) -> bool:
        return event == SESSION_END


class NeverCancel(CancelPolicy):
    """Orders stay until they fill."""

    def __init__(self) -> None:
        self.warn_on_cancel = False

    def should_cancel(self, event) -> bool:
        return False


def log_cancelled(asset, amount, filled) -> None:
    """Say that the end of a session cancelled an order: `filled` of `amount` shares were done."""
    shares = f"{amount} shares of {asset.symbol}"
    if not filled:
        text = f"Your order for {shares} failed to fill by the end of day and was canceled."
    else:
        done, sign = ("purchased", 1) if filled > 0 else ("sold", -1)
        text = (
            f"Your order for {shares} has been partially filled. {sign * filled} shares were "
            f"successfully {done}. {sign * (amount - filled)} shares were not filled by the end of "
            "day and were canceled."
        )
    log.warning(text)
