"""The reader where there are no exchange rates."""

from __future__ import annotations

from .base import FXRateReader


class ExplodingFXRateReader(FXRateReader):
    """Raises AssertionError whenever it is asked."""

    def get_rates(self, rate, quote, bases, dts):
        raise AssertionError("There are no exchange rates.")
