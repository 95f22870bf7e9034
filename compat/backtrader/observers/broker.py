"""Observers of the account: cash, value, and the fund's value and shares."""

from __future__ import annotations

from typing import Any, ClassVar

from ..observer import Observer


class OfAccount(Observer):
    """Follows the account, or with `fund` the fund's value."""

    _stclock = True
    _fundmode = False
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}

    def start(self) -> None:
        fund = self.p._get("fund")
        self._fundmode = self._owner.broker.fundmode if fund is None else fund

    def _reads_account(self) -> bool:
        return not self._fundmode

    def _columns(self, bars: int) -> list[list[float]]:
        broker = self._owner.broker
        if not bars or broker._sim is None:
            return [[] for _ in self.lines]
        cash, value = broker.account_curves()
        curves: dict[str, Any] = {"cash": cash, "value": value}
        return [curves[name][:bars].tolist() for name in self._line_names]


class Cash(OfAccount):
    """The cash."""

    lines = ("cash",)

    def start(self) -> None:
        pass

    def next(self) -> None:
        self.lines[0][0] = self._owner.broker.getcash()


class Value(OfAccount):
    """The portfolio's value, or the fund's."""

    params = (("fund", None),)
    lines = ("value",)

    def next(self) -> None:
        broker = self._owner.broker
        self.lines[0][0] = broker.fundvalue if self._fundmode else broker.getvalue()


class Broker(OfAccount):
    """Cash and value; with the fund, its value only."""

    alias = ("CashValue",)
    params = (("fund", None),)
    lines = ("cash", "value")

    def start(self) -> None:
        super().start()
        if self._fundmode:
            self.plotlines.cash._plotskip = True
            self.plotlines.value._name = "FundValue"

    def next(self) -> None:
        broker = self._owner.broker
        if self._fundmode:
            self.lines.value[0] = broker.fundvalue
        else:
            self.lines.value[0] = broker.getvalue()
            self.lines.cash[0] = broker.getcash()


class FundValue(Observer):
    """The value of a share of the fund."""

    alias = ("FundShareValue", "FundVal")
    _stclock = True
    lines = ("fundval",)
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}

    def next(self) -> None:
        self.lines.fundval[0] = self._owner.broker.fundvalue


class FundShares(Observer):
    """The number of shares of the fund."""

    _stclock = True
    lines = ("fundshares",)
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": True}

    def next(self) -> None:
        self.lines.fundshares[0] = self._owner.broker.fundshares
