"""Observers: accepted, since they only draw; a script cannot read them."""

from __future__ import annotations

from .params import ParamsBase
from .unsupported import missing, unsupported


class Observer(ParamsBase):
    """The base of observers. A script's own observers are not run."""

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__module__.startswith(__name__.rpartition(".")[0]):
            raise unsupported(f"the observer class {cls.__name__}", "Record values in next().")


def _standard(name: str, **params):
    return type(Observer)(
        name, (Observer,), {"params": params, "__module__": __name__, "__doc__": "See the module."}
    )


Broker = CashValue = _standard("Broker", fund=None)
Cash = _standard("Cash")
Value = _standard("Value", fund=None)
FundValue = _standard("FundValue")
FundShares = _standard("FundShares")
BuySell = _standard("BuySell", barplot=False, bardist=0.015)
Trades = _standard("Trades", pnlcomm=True)
DataTrades = _standard("DataTrades", usenames=True)
DrawDown = _standard("DrawDown", fund=None)
DrawDownLength = _standard("DrawDownLength")
DrawDown_Old = _standard("DrawDown_Old")
TimeReturn = _standard(
    "TimeReturn", timeframe=None, compression=None, fund=None, data=None, firstopen=True
)


def __getattr__(name: str):
    raise missing("observers", name)
