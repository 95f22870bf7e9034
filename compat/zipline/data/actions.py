"""Corporate actions as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

#: Seconds since 1970 of a date that is not known.
NO_DATE = np.iinfo(np.int64).min

RATIO = np.dtype([("sid", np.int64), ("date", np.int64), ("ratio", np.float64)])
_DATES = [(name, np.int64) for name in ("ex_date", "pay_date", "declared_date", "record_date")]
PAYOUT = np.dtype([("sid", np.int64), ("amount", np.float64), *_DATES])
STOCK_PAYOUT = np.dtype(
    [("sid", np.int64), ("payment_sid", np.int64), ("ratio", np.float64), *_DATES]
)


@dataclass
class Actions:
    """Corporate actions in the sequence in which they were written; dates in s since 1970.

    splits, mergers, dividends: sid, date, ratio, which multiplies the prices before the date.
    payouts: sid, amount (for each share) and dates. stock_payouts: sid, payment_sid, ratio (shares
    of payment_sid for each share) and dates. A date that is not known is NO_DATE.
    """

    splits: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    mergers: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    dividends: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    payouts: np.ndarray = field(default_factory=lambda: np.zeros(0, PAYOUT))
    stock_payouts: np.ndarray = field(default_factory=lambda: np.zeros(0, STOCK_PAYOUT))

    def extend(self, more: Actions) -> None:
        """Add the rows of a further call of a writer."""
        for one in fields(self):
            setattr(self, one.name, np.r_[getattr(self, one.name), getattr(more, one.name)])
