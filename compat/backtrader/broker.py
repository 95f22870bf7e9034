"""The broker: its settings, the account and what it is worth. `sending` has the orders."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.leverage import Worth, net_worth, worth
from .brokerbase import BrokerBase
from .comminfo import CommInfoBase
from .order import BuyOrder, Order, SellOrder
from .position import Position
from .sending import cancel, drain, follow, submit
from .unsupported import unsupported

#: By what the original carries out orders and values the account; here the engine does.
_TRADES_BY = """
    check_submitted submit submit_accept transmit _bracketize _execute _get_value _ococheck _ocoize
    _process_fund_history _process_order_history _slip_down _slip_up _take_children _try_exec
    _try_exec_close _try_exec_historical _try_exec_limit _try_exec_market _try_exec_stop
    _try_exec_stoplimit
"""


class _Positions(defaultdict):
    """Positions by data, made when they are first asked for; `follow` is told of each."""

    def __init__(self, follow: Callable[[Any], None]) -> None:
        super().__init__()
        self._follow = follow

    def __missing__(self, data: Any) -> Position:
        position = self[data] = Position()
        position._data = data
        self._follow(data)
        return position


def _method(name: str, cls: type[Order]) -> Callable[..., Order]:
    """`BackBroker.buy` and `sell`, which differ in the class of the order only."""

    def method(
        self: BackBroker,
        owner: Any,
        data: Any,
        size: float,
        price: float | None = None,
        plimit: float | None = None,
        exectype: int | None = None,
        valid: Any = None,
        tradeid: int = 0,
        oco: Any = None,
        trailamount: float | None = None,
        trailpercent: float | None = None,
        parent: Any = None,
        transmit: bool = True,
        histnotify: bool = False,
        _checksubmit: bool = True,
        **kwargs: Any,
    ) -> Order:
        if histnotify or not _checksubmit or exectype == Order.Historical:
            raise unsupported("historical orders", "Use cerebro.add_order_history().")
        if data.cursor.idx < 0 or data not in self._asset:
            raise unsupported(
                f"an order on {data._name or 'a data'} before its first bar", "Wait for len(data)."
            )
        order = cls(
            owner, data, size, price, plimit, exectype, valid, tradeid, None, trailamount,
            trailpercent, parent, transmit,
        )  # fmt: skip
        if oco is not None:
            order._group = oco
        if kwargs:
            order.addinfo(**kwargs)
        submit(self, order)
        return order

    method.__name__, method.__qualname__ = name, f"BackBroker.{name}"
    return method


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
        #: Orders executed elsewhere: [the next one, those after it, notify].
        self._userhist: list[list[Any]] = []
        #: What a fund was worth: [the next entry, those after it, (share, value) now], or nothing.
        self._fundhist: list[Any] = []
        self._both = self._trading = False
        super().__init__()

    def init(self) -> None:
        """Cash and positions as at the beginning of a run."""
        super().init()
        self.startingcash = self._cash = self._value = self.p.cash
        self.positions: dict[Any, Position] = _Positions(self._follow)
        #: Whether prices are missing: what is valued then is not known, even of nothing.
        self._gaps = False
        self.orders: list[Order] = []
        #: Orders that wait to be notified, in sequence: copies, or snapshots for nobody's ears.
        self._notifs: deque[Any] = deque()
        #: True while a bar may change something.
        self.busy = False
        #: True before the broker's pass of the current bar (cheat-on-open).
        self.early = False
        self._by_number: list[Order] = []
        self._moving: list[Order] = []
        self._seen = 0
        #: What has happened in the current bar already: see `_leap`. -1: it is to be found out.
        self._news = -1
        self._sim: Any = None
        #: Whether the engine trades: settings that change now must be told to it.
        self._trading = False
        self._fundshares = self.p.cash / self.p.fundstartval
        #: Cash that the next valuation adds.
        self._additions: deque[float] = deque()
        #: Cash, value and fund value after a bar, where they are not what the engine says.
        self._kept: dict[int, tuple[float, float, float]] = {}
        #: Cash and value of the bar's notifications, which come before the strategy is called.
        self._notified: dict[int, tuple[float, float]] = {}
        #: Cash when the account was valued after a bar, where it has changed since.
        self._valued: dict[int, float] = {}
        #: What was told of several datas: time index and worth. It stands until the next pass.
        self._told: tuple[int, Any] = (-1, None)
        #: Functions for the engine, and what they must outlive.
        self._pricings: dict[Any, Any] = {}
        self._kept_alive: list[Any] = []

    def _check_run(self) -> None:
        p = self.p
        both = bool(p.coc and p.coo)
        if self._trading and both != self._both and self._sim.open_orders:
            raise unsupported(
                "changing cheat-on-close together with cheat-on-open while orders are pending"
            )
        self._both = both

    def _check_class(self) -> None:
        """Refuse a class that trades by methods of its own: nothing here would call them."""
        for name in _TRADES_BY.split():
            method = getattr(type(self), name, None)
            if method is not getattr(BackBroker, name, None):
                raise unsupported(
                    f"a broker with a method {name}() of its own",
                    "Slippage, fillers and commission infos are asked at each execution.",
                )

    # Run

    def start(self) -> None:
        """Before the strategies are made."""
        self.init()

    def stop(self) -> None:
        """After the run."""
        if self._trading:
            self._check_told()
        self._trading = False

    def _stand_on(self, feeds: list[Any], clock: Any, cursor: Any) -> None:
        """The loaded feeds of the run; `cursor` stands at the current time."""
        self._clock = clock
        self._cursor = cursor
        self._feeds = feeds
        self._asset = {feed: n for n, feed in enumerate(feeds)}
        self._rows = clock.rows
        self._single = clock.single

    def _begin(self) -> None:
        """Make the engine: the strategies have started, and set what they set."""
        from ...core.simulation import Simulation
        from .rules import rules_of, slippage_of

        self._check_run()
        self._check_class()
        feeds = self._feeds
        infos = [self.getcommissioninfo(feed) for feed in feeds]
        self._infos = dict(zip(feeds, infos, strict=True))
        bars = self._clock.bars(feeds)
        prices = bars.values[:4]
        self._gaps = bool(np.isnan(prices).any() and np.isnan(prices[:, bars.present.T]).any())
        instruments, fees = zip(*map(self._terms, feeds), strict=True)
        self._slippage = slippage_of(self.p)
        self._sim = Simulation(
            bars,
            rules_of(self.p),
            cash=float(self._cash),
            commission=fees,
            slippage=self._slippage,
            instruments=instruments,
        )
        #: A class with a pass of its own is called at each bar.
        self._always = type(self).next is not BackBroker.next or bool(self._fundhist)
        self.busy = self._always or bool(self._additions or self._userhist)
        self._trading = True
        for feed in self.positions:
            self._follow(feed)

    def _follow(self, data: Any) -> None:
        """Whatever was asked for is valued in each pass from now on, held or not."""
        if self._gaps:
            self._sim.follow(self._asset[data], self._last_pass() + 1)

    def _terms(self, feed: Any) -> tuple[Any, Any]:
        """Instrument and commission of a data, by its commission info as it now is."""
        from .rules import commission_of, instrument_of

        info, pricing = self._infos[feed], None
        if type(info) is not CommInfoBase or self.p.filler is not None or info.p.interest:
            from .own_costs import pricing_of

            pricing = pricing_of(self, feed, info)
        instrument = instrument_of(info, pricing, self.p.int2pnl, self._gaps)
        return instrument, commission_of(info, pricing)

    def next(self) -> None:
        """The pass of the current bar: pending orders meet it."""
        if self._additions or self._userhist or self._always:
            self._pass_with_more()
            return
        sim, news = self._sim, self._news
        if news < 0:
            news = sim.step(self._cursor.idx)
        else:
            self._news = -1
        if news:
            drain(self)
        if self._moving:
            follow(self)
        self.busy = not sim.idle

    def _pass_with_more(self) -> None:
        """The pass of a bar in which not only the pending orders change the account."""
        from . import history

        sim = self._sim
        tick = self._cursor.idx
        fund = self._fund_at(tick - 1) if self._additions else 0.0
        if self._userhist:
            history.send_due(self)
        if sim.step(tick):
            drain(self)
        if self._moving:
            follow(self)
        if self._additions:
            self._add(fund)
            value = sim.equity
            self._kept[tick] = sim.cash, value, value / self._fundshares
            self._notified[tick] = sim.cash, value
        if self._fundhist:
            history.value_fund(self, tick)
        self.busy = self._always or not sim.idle
        if self._userhist and not self.busy:
            self.busy = history.is_left(self)

    def _leap(self, t: int, last: int) -> int:
        """Let pending orders meet the bars from t on, up to one in which something happens to them.

        At the latest `last`. Returns that bar, of which the pass (`next`) tells what happened.
        Only where the passes call nobody: see `quiet.Guard.steady`.
        """
        if self._additions or self._always or t >= last:
            return t
        self._news = self._sim.step_until(t, last)
        return self._sim.bar

    def notify(self, order: Order) -> None:
        """Queue a copy of an order as it is now, to be notified."""
        self._notifs.append(order.clone())

    @property
    def notifs(self) -> deque[Order]:
        """Copies of orders that wait to be notified."""
        notifs = self._notifs
        for place, order in enumerate(notifs):
            if order.__class__ is tuple:
                notifs[place] = Order._revived(order)
        return notifs

    def add_order_history(self, orders: Any, notify: bool = True) -> None:
        """Play orders that were executed elsewhere: see `Cerebro.add_order_history`."""
        rest = iter(orders)
        self._userhist.append([next(rest, None), rest, notify])

    def set_fund_history(self, fund: Any) -> None:
        """Value the account as a fund was valued elsewhere: (time, share value, net asset value).

        From its time on an entry holds until the next one. What positions are not worth is cash.
        The first entry's value is the cash at the start; `runonce` has to be False.
        """
        rest = iter(fund)
        first = tuple(next(rest))
        self._fundhist = [first, rest, None]
        self.set_cash(float(first[2]))

    def get_notification(self) -> Order | None:
        """The next copy of an order to notify, or None."""
        return self.notifs.popleft() if self.notifs else None

    # Orders

    buy = _method("buy", BuyOrder)
    sell = _method("sell", SellOrder)

    def cancel(self, order: Order, bracket: bool = False) -> bool:
        """Cancel a pending order, with its OCO group and its bracket."""
        return cancel(self, order)

    @property
    def submit(self) -> Any:
        """An order that a script makes itself has no group there, and fails at its first bar."""
        raise unsupported("broker.submit()", "Use buy() and sell().", "reference cannot")

    transmit = submit_accept = submit

    def check_submitted(self) -> None:
        """The cash check, which the pass of a bar makes by itself; here where nothing waits."""
        if self.submitted:
            raise unsupported(
                "broker.check_submitted() while orders wait", "They are checked at the next bar."
            )

    def orderstatus(self, order: Order) -> int:
        known = 0 <= order._number < len(self._by_number)
        return (self._by_number[order._number] if known else order).status

    @property
    def submitted(self) -> deque[Order]:
        """Orders that wait for the cash check of their first bar."""
        return deque(order for order in self.orders if order.status == Order.Submitted)

    @property
    def pending(self) -> list[Order]:
        return [] if self._sim is None else [self._by_number[n] for n in self._sim.open_orders]

    def get_orders_open(self, safe: bool = False) -> list[Order]:
        return [o.clone() for o in self.pending] if safe else self.pending

    # Account

    def getposition(self, data: Any) -> Position:
        return self.positions[data]

    @property
    def cash(self) -> float:
        if self._sim is None:
            return self._cash
        if self._kept and (kept := self._kept.get(self._last_pass())):
            return kept[0]
        if self._sim.bar < 0 and self._last_pass() < 0 and self._sim.cash == self._cash:
            return self._cash  # as it was given: perhaps an integer
        return self._sim.cash

    def get_cash(self) -> float:
        return self.cash

    getcash = get_cash

    def set_cash(self, cash: float) -> None:
        """Make the cash `cash`, at once; positions stay."""
        self.startingcash = self._cash = self.p.cash = cash
        if not self._trading:
            self._value, self._sim = cash, None
            return
        tick = self._last_pass()
        self._valued.setdefault(tick, self._sim.cash)
        self._kept[tick] = cash, cash, self.fundvalue
        self._value = cash
        self._sim.bar = tick
        self._sim.set_cash(float(cash))
        self.busy = True

    setcash = set_cash

    def add_cash(self, cash: float) -> None:
        """Put cash in (negative: take it out) at the next valuation, in exchange for shares."""
        self._additions.append(cash)
        self.busy = True

    def _add(self, fundvalue: float) -> None:
        while self._additions:
            cash = self._additions.popleft()
            self._fundshares += cash / fundvalue
            self._sim.add_cash(float(cash))

    def get_value(self, datas: Any = None, mkt: bool = False, lever: bool = False) -> float:
        """The value of the portfolio, or of one position.

        mkt: of all positions without the cash; lever: borrowed money included. Asked for several
        datas, the portfolio counts as worth its cash and their positions, until the next bar.
        """
        if datas is None:
            if not (mkt or lever):
                return self._equity()
            found = self._worth()
            if mkt:
                return found.gross if lever else found.net
            if not self._passed():
                return 0.0
            # Cash that was put in since the account was valued is not in it.
            cash: Any = self._valued.get(self._last_pass(), self._sim.cash)
            return cash + found.gross
        if self._additions and self._trading:
            # Asked for the value of a data, the cash is added, but not yet valued.
            self._keep()
            tick = self._last_pass()
            self._valued.setdefault(tick, self._sim.cash)
            self._add(self.fundvalue)
            self._kept[tick] = (self._sim.cash, *self._kept[tick][1:])
        if len(datas) != 1:
            return self._value_of(datas or list(self.positions), lever)
        value, profit, leverage = self._part(datas[0])
        return net_worth(value, profit, leverage) if lever else value

    def _part(
        self, data: Any, tick: int | None = None, unsigned: bool = False
    ) -> tuple[float, float, float]:
        """Value, profit and leverage of a position, at the data's close."""
        info = self.getcommissioninfo(data)
        position = self.positions[data]
        close = data.close[0] if tick is None else self._close_at(data, tick)
        if self.p.shortcash:
            value = info.getvaluesize(position.size, close)
        else:
            value = info.getvalue(position, close)
            value = abs(value) if unsigned else value
        profit = info.profitandloss(position.size, position.price, close)
        return value, profit, info.get_leverage() if value > 0 else 1.0

    def _close_at(self, data: Any, tick: int) -> float:
        return data.close.at(tick if self._single else int(self._rows[self._asset[data], tick]))

    def _worth_of(self, datas: Any, tick: int | None = None) -> Worth:
        return worth(self._part(data, tick, unsigned=True) for data in datas)

    def _value_of(self, datas: Any, lever: bool) -> float:
        """The cash and the positions of these datas: what the portfolio counts as from now on."""
        found = self._worth_of(datas)
        cash = self.cash
        value = cash + found.net
        tick = self._last_pass()
        if self._trading:
            self._kept[tick] = cash, value, value / self._fundshares
            self._valued[tick] = cash
        else:
            self._value = value
        self._told = tick, found
        return cash + found.gross if lever else value

    def _passed(self) -> bool:
        """Whether there has been a pass, so that the account was valued."""
        return self._sim is not None and self._last_pass() >= 0

    def _worth(self) -> Worth:
        """What the positions were worth when the account was valued last."""
        if not self._passed():
            return Worth(0.0, 0.0, 0.0)
        tick = self._last_pass()
        if self._told[0] == tick and self._told[1] is not None:
            return self._told[1]
        valued = [data for data, p in self.positions.items() if p.size or self._gaps]
        return self._worth_of(valued, tick)

    def get_leverage(self) -> float:
        """What the positions are worth over what they add to the portfolio; 1.0 before any bar."""
        return self._worth().leverage if self._passed() else 1.0

    @property
    def d_credit(self) -> dict[Any, float]:
        """Interest charged by data, since a part of its position last closed."""
        found: dict[Any, float] = defaultdict(float)
        if self._sim is not None:
            charged = self._sim.positions["carried"]
            found.update((feed, float(charged[n])) for feed, n in self._asset.items() if charged[n])
        return found

    getvalue = get_value

    def get_value_lever(self, datas: Any = None, mkt: bool = False) -> float:
        return self.get_value(datas=datas, mkt=mkt)

    def _last_pass(self) -> int:
        """The time index of the broker's latest pass."""
        return self._cursor.idx - self.early

    def _equity(self) -> float:
        if self._sim is None:
            return self._value
        tick = self._last_pass()
        if tick in self._kept:
            return self._kept[tick][1]
        if tick < 0:
            return self._value
        self._sim.bar = tick
        return self._sim.equity

    def _keep(self) -> None:
        """What is set now does not change what the latest pass found the account to be worth."""
        tick = self._last_pass()
        if self._told[0] != tick:
            self._told = tick, self._worth()
        if tick not in self._kept:
            self._kept[tick] = self.cash, self._equity(), self.fundvalue

    def account_curves(self) -> tuple[np.ndarray, np.ndarray]:
        """Cash and value after each bar, float64[T] each; bars to come as if nothing happened."""
        cash, value = self._sim.cash_curve(), self._sim.equity_curve()
        for tick, (kept_cash, kept_value, _) in self._kept.items():
            if tick >= 0:
                cash[tick], value[tick] = kept_cash, kept_value
        return cash, value

    def notified_curves(self) -> tuple[np.ndarray, np.ndarray]:
        """Cash and value that each bar's notifications tell: before the strategy sets anything."""
        cash, value = self._sim.cash_curve(), self._sim.equity_curve()
        for tick, told in self._notified.items():
            cash[tick], value[tick] = told
        return cash, value

    def get_fundshares(self) -> float:
        return self._fundshares

    fundshares = property(get_fundshares)

    def get_fundvalue(self) -> float:
        return self.p.fundstartval if self._sim is None else self._fund_at(self._last_pass())

    def _fund_at(self, tick: int) -> float:
        if tick in self._kept:
            return self._kept[tick][2]
        if tick < 0:
            return self.p.fundstartval
        self._sim.bar = tick
        return self._sim.equity / self._fundshares

    fundvalue = property(get_fundvalue)

    # Settings

    def addcommissioninfo(self, comminfo: CommInfoBase, name: str | None = None) -> None:
        if self._trading:
            self._keep()
        super().addcommissioninfo(comminfo, name)

    def _set(self, **values: Any) -> None:
        if self._trading:
            self._keep()
        for name, value in values.items():
            setattr(self.p, name, value)
        self._tell()

    def _tell(self) -> None:
        """Settings that change while the engine trades hold from the next pass on."""
        if not self._trading:
            return
        from .rules import rules_of, slippage_of

        self._check_run()
        self._keep()
        sim = self._sim
        sim.bar = self._last_pass()
        rules, slippage = rules_of(self.p), slippage_of(self.p)
        if rules != sim.rules:
            if not self.p.checksubmit and sim.book.account["n_submitted"][0]:
                raise unsupported(
                    "broker.set_checksubmit(False) while orders wait for the check",
                    "Set it before the orders are sent.",
                )
            sim.change_rules(rules)
        if slippage != self._slippage:
            self._slippage = slippage
            for asset in range(len(self._feeds)):
                sim.change_terms(asset, slippage=slippage)
        for asset, feed in enumerate(self._feeds):
            self._infos[feed] = self.getcommissioninfo(feed)
            instrument, fee = self._terms(feed)
            instruments, fees, _ = sim.given
            if instrument != instruments[asset] or fee != fees[asset]:
                sim.change_terms(asset, instrument=instrument, commission=fee)
        self.busy = True

    def _check_told(self) -> None:
        """Refuse a run in which settings changed and nobody told the engine."""
        from .rules import rules_of, slippage_of

        instruments, fees, _ = self._sim.given
        told = [self._terms(feed) for feed in self._feeds] == [*zip(instruments, fees, strict=True)]
        if not told or rules_of(self.p) != self._sim.rules or slippage_of(self.p) != self._slippage:
            raise unsupported(
                "changing parameters (p) of the broker or of a commission info in mid-run",
                "Call the broker's set_... methods or addcommissioninfo().",
            )

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
        self._set(filler=filler)

    def set_eosbar(self, eosbar: bool) -> None:
        self.p.eosbar = eosbar  # nothing reads it

    seteosbar = set_eosbar

    def set_fundmode(self, fundmode: bool, fundstartval: float | None = None) -> None:
        self.p.fundmode = fundmode
        if fundstartval is not None:
            self.set_fundstartval(fundstartval)

    def get_fundmode(self) -> bool:
        return self.p.fundmode

    fundmode = property(get_fundmode, set_fundmode)

    def set_fundstartval(self, fundstartval: float) -> None:
        self.p.fundstartval = fundstartval

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


def __getattr__(name: str) -> Any:
    if name in ("filler", "fillers"):
        from . import fillers

        return fillers
    raise AttributeError(f"module 'backtrader.broker' has no attribute {name!r}")
