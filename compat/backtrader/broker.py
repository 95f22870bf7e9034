"""The broker: its settings, the account and what it is worth. `sending` has the orders."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .comminfo import CommInfoBase
from .order import BuyOrder, Order, SellOrder
from .params import ParamsBase
from .position import Position
from .sending import cancel, drain, follow, send
from .unsupported import unsupported


class _Positions(defaultdict):
    """Positions by data, made when they are first asked for."""

    def __missing__(self, data: Any) -> Position:
        position = self[data] = Position()
        position._data = data
        return position


class BrokerBase(ParamsBase):
    """What brokers have in common: the commission infos by data name."""

    params = (("commission", None),)

    def __init__(self) -> None:
        self.comminfo: dict[str | None, CommInfoBase] = {}

    def getcommissioninfo(self, data: Any) -> CommInfoBase:
        return self.comminfo.get(data._name) or self.comminfo[None]

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


class BackBroker(BrokerBase):
    """The simulated broker."""

    params = (
        ("cash", 10000.0),
        ("checksubmit", True),
        ("eosbar", False),
        ("filler", None),
        ("slip_perc", 0.0),
        ("slip_fixed", 0.0),
        ("slip_open", False),
        ("slip_match", True),
        ("slip_limit", True),
        ("slip_out", False),
        ("coc", False),
        ("coo", False),
        ("int2pnl", True),
        ("shortcash", True),
        ("fundstartval", 100.0),
        ("fundmode", False),
    )

    cerebro: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.comminfo[None] = self.p.commission or CommInfoBase(percabs=True)
        self._sim: Any = None
        self._reset()

    def _reset(self) -> None:
        self.startingcash = self._cash = self._value = self.p.cash
        self.positions: dict[Any, Position] = _Positions()
        self.orders: list[Order] = []
        #: Copies of orders that wait to be notified, in sequence.
        self.notifs: list[Order] = []
        #: True while a bar may change something.
        self.busy = False
        #: True before the broker's pass of the current bar (cheat-on-open).
        self.early = False
        self._by_number: list[Order] = []
        self._moving: list[Order] = []
        self._seen = 0
        self._sim = None
        self._fundshares = self.p.cash / self.p.fundstartval

    def _check_run(self) -> None:
        p = self.p
        if p.filler is not None:
            raise unsupported("broker filler", "")
        if p.eosbar:
            raise unsupported("broker eosbar", "")
        if p.fundmode:
            raise unsupported("broker fundmode", "")
        if p.coc and p.coo:
            raise unsupported("cheat-on-close together with cheat-on-open", "Set one of them.")

    # Run

    def start(self, feeds: list[Any], clock: Any, cursor: Any) -> None:
        """Make the engine for the loaded feeds; `cursor` stands at the current time."""
        from ...core.simulation import Simulation
        from .rules import commission_of, instrument_of, rules_of, slippage_of

        self._reset()
        self._check_run()
        infos = [self.getcommissioninfo(feed) for feed in feeds]
        self._sim = Simulation(
            clock.bars(feeds),
            rules_of(self.p),
            cash=float(self.p.cash),
            commission=[commission_of(info) for info in infos],
            slippage=slippage_of(self.p),
            instruments=[instrument_of(info) for info in infos],
        )
        self._cursor = cursor
        self._feeds = feeds
        self._infos = dict(zip(feeds, infos, strict=True))
        self._asset = {feed: n for n, feed in enumerate(feeds)}
        self._rows = clock.rows
        self._single = len(feeds) == 1

    def next(self) -> None:
        """The pass of the current bar: pending orders meet it."""
        sim = self._sim
        sim.step(self._cursor.idx)
        drain(self)
        if self._moving:
            follow(self)
        self.busy = not sim.idle

    # Orders

    def buy(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Order:
        return send(self, BuyOrder, owner, data, size, **kwargs)

    def sell(self, owner: Any, data: Any, size: float, **kwargs: Any) -> Order:
        return send(self, SellOrder, owner, data, size, **kwargs)

    def cancel(self, order: Order, bracket: bool = False) -> bool:
        """Cancel a pending order, with its OCO group and its bracket."""
        return cancel(self, order)

    def orderstatus(self, order: Order) -> int:
        return self._by_number[order._number].status

    @property
    def pending(self) -> list[Order]:
        return [self._by_number[n] for n in self._sim.open_orders]

    def get_orders_open(self, safe: bool = False) -> list[Order]:
        return [o.clone() for o in self.pending] if safe else self.pending

    # Account

    def getposition(self, data: Any) -> Position:
        return self.positions[data]

    @property
    def cash(self) -> float:
        return self._cash if self._sim is None else self._sim.cash

    def get_cash(self) -> float:
        return self.cash

    getcash = get_cash

    def set_cash(self, cash: float) -> None:
        if self._sim is not None and self.cerebro is not None and self.cerebro._inside:
            raise unsupported("broker.set_cash() during a run")
        self.startingcash = self._cash = self.p.cash = self._value = cash
        self._sim = None
        self._fundshares = cash / self.p.fundstartval

    setcash = set_cash

    def add_cash(self, cash: float) -> None:
        raise unsupported("broker.add_cash()")

    def get_value(self, datas: Any = None, mkt: bool = False, lever: bool = False) -> float:
        """The value of the portfolio, or of the position of one data."""
        if mkt or lever:
            raise unsupported("broker.get_value(mkt=, lever=)")
        if datas is None:
            return self._equity()
        if len(datas) != 1:
            raise unsupported("broker.get_value() of several datas", "Add the values up.")
        data = datas[0]
        info = self._infos[data]
        position = self.positions[data]
        if self.p.shortcash:
            return info.getvaluesize(position.size, data.close[0])
        return info.getvalue(position, data.close[0])

    getvalue = get_value

    def get_value_lever(self, datas: Any = None, mkt: bool = False) -> float:
        return self.get_value(datas=datas, mkt=mkt)

    def _equity(self) -> float:
        if self._sim is None:
            return self._value
        tick = self._cursor.idx - self.early
        if tick < 0:
            return self._value
        self._sim.bar = tick
        return self._sim.equity

    def get_fundshares(self) -> float:
        return self._fundshares

    fundshares = property(get_fundshares)

    def get_fundvalue(self) -> float:
        if self._sim is None or self._cursor.idx - self.early < 0:
            return self.p.fundstartval
        return self._equity() / self._fundshares

    fundvalue = property(get_fundvalue)

    # Settings

    def _set(self, **values: Any) -> None:
        if self.cerebro is not None and self.cerebro._inside:
            raise unsupported(f"changing {', '.join(values)} of the broker during a run")
        for name, value in values.items():
            setattr(self.p, name, value)

    def set_coc(self, coc: bool) -> None:
        self._set(coc=coc)

    def set_coo(self, coo: bool) -> None:
        self._set(coo=coo)

    def set_shortcash(self, shortcash: bool) -> None:
        self._set(shortcash=shortcash)

    def set_checksubmit(self, checksubmit: bool) -> None:
        self._set(checksubmit=checksubmit)

    def set_int2pnl(self, int2pnl: bool) -> None:
        self._set(int2pnl=int2pnl)

    def set_filler(self, filler: Any) -> None:
        if filler is not None:
            raise unsupported("broker.set_filler()")

    def set_eosbar(self, eosbar: bool) -> None:
        if eosbar:
            raise unsupported("broker.set_eosbar()")

    seteosbar = set_eosbar

    def set_fundmode(self, fundmode: bool, fundstartval: float | None = None) -> None:
        if fundmode:
            raise unsupported("broker.set_fundmode()")
        if fundstartval is not None:
            self.set_fundstartval(fundstartval)

    def get_fundmode(self) -> bool:
        return False

    fundmode = property(get_fundmode, set_fundmode)

    def set_fundstartval(self, fundstartval: float) -> None:
        self._set(fundstartval=fundstartval)
        self._fundshares = self.p.cash / fundstartval

    def set_slippage_perc(
        self,
        perc: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        self._set(
            slip_perc=perc,
            slip_fixed=0.0,
            slip_open=slip_open,
            slip_limit=slip_limit,
            slip_match=slip_match,
            slip_out=slip_out,
        )

    def set_slippage_fixed(
        self,
        fixed: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        self._set(
            slip_perc=0.0,
            slip_fixed=fixed,
            slip_open=slip_open,
            slip_limit=slip_limit,
            slip_match=slip_match,
            slip_out=slip_out,
        )


BrokerBack = BackBroker
