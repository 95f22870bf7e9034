"""What every broker has: its commission infos, and the methods that a script asks it by."""

from __future__ import annotations

from typing import Any

from .comminfo import CommInfoBase
from .params import ParamsBase


class BrokerBase(ParamsBase):
    """What brokers have in common: the commission infos by data name. The rest is to be written."""

    params = (("commission", CommInfoBase(percabs=True)),)

    def __init__(self) -> None:
        self.comminfo: dict[str | None, CommInfoBase] = {}
        self.init()

    def init(self) -> None:
        """Called when it is made, and when a run starts."""
        if None not in self.comminfo:
            self.comminfo = {None: self.p.commission}

    def start(self) -> None:
        self.init()

    def stop(self) -> None:
        pass

    def next(self) -> None:
        pass

    def getcash(self) -> float:
        raise NotImplementedError

    def getvalue(self, datas: Any = None) -> float:
        raise NotImplementedError

    def getposition(self, data: Any) -> Any:
        raise NotImplementedError

    def submit(self, order: Any) -> Any:
        raise NotImplementedError

    def cancel(self, order: Any) -> Any:
        raise NotImplementedError

    def buy(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Any:
        raise NotImplementedError

    def sell(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Any:
        raise NotImplementedError

    def add_order_history(self, orders: Any, notify: bool = False) -> None:
        raise NotImplementedError

    def set_fund_history(self, fund: Any) -> None:
        raise NotImplementedError

    def get_fundshares(self) -> float:
        return 1.0

    fundshares = property(get_fundshares)

    def get_fundvalue(self) -> float:
        return self.getvalue()

    fundvalue = property(get_fundvalue)

    def set_fundmode(self, fundmode: bool, fundstartval: float | None = None) -> None:
        pass

    def get_fundmode(self) -> bool:
        return False

    fundmode = property(get_fundmode, set_fundmode)

    def getcommissioninfo(self, data: Any) -> CommInfoBase:
        if data._name in self.comminfo:
            return self.comminfo[data._name]
        return self.comminfo[None]

    def setcommission(
        self,
        commission: float = 0.0,
        margin: float | None = None,
        mult: float = 1.0,
        commtype: int | None = None,
        percabs: bool = True,
        stocklike: bool = False,
        interest: float = 0.0,
        interest_long: bool = False,
        leverage: float = 1.0,
        automargin: float = False,
        name: str | None = None,
    ) -> None:
        """Commission and margin for one data name, or for all (None)."""
        self.addcommissioninfo(
            CommInfoBase(
                commission=commission,
                margin=margin,
                mult=mult,
                commtype=commtype,
                stocklike=stocklike,
                percabs=percabs,
                interest=interest,
                interest_long=interest_long,
                leverage=leverage,
                automargin=automargin,
            ),
            name=name,
        )

    def addcommissioninfo(self, comminfo: CommInfoBase, name: str | None = None) -> None:
        self.comminfo[name] = comminfo
        self._tell()

    def _tell(self) -> None:
        """Something was set: whoever trades by it is told."""
