"""Sizers of a fixed number of units."""

from __future__ import annotations

from ..sizer import Sizer


class FixedSize(Sizer):
    """`stake` units, or an equal part of them when in `tranches`."""

    params = (("stake", 1), ("tranches", 1))

    def getsizing(self, data, isbuy):
        if type(self)._getsizing is FixedSize._getsizing:
            return self._getsizing(None, 0.0, data, isbuy)  # it does not look at the account
        return super().getsizing(data, isbuy)

    def _getsizing(self, comminfo, cash, data, isbuy):
        if self.p.tranches > 1:
            return abs(int(self.p.stake / self.p.tranches))
        return self.p.stake

    def setsizing(self, stake):
        parts = self.p.tranches
        self.p.stake = abs(int(self.p.stake / parts)) if parts > 1 else stake


SizerFix = FixedSize


class FixedReverser(Sizer):
    """`stake` units, twice as many when there is a position to reverse."""

    params = (("stake", 1),)

    def _getsizing(self, comminfo, cash, data, isbuy):
        reversing = self.strategy.getposition(data).size != 0
        return self.p.stake * (1 + reversing)


class FixedSizeTarget(Sizer):
    """For orders to a target: up to `stake` units, by tranches."""

    params = (("stake", 1), ("tranches", 1))

    def _next_target(self):
        part = abs(int(self.p.stake / self.p.tranches))
        return min(self.strategy.position.size + part, self.p.stake)

    def _getsizing(self, comminfo, cash, data, isbuy):
        return self._next_target() if self.p.tranches > 1 else self.p.stake

    def setsizing(self, stake):
        self.p.stake = self._next_target() if self.p.tranches > 1 else stake
