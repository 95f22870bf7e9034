"""`Simulation`: the Python face of the engine, and what adapters use."""

from __future__ import annotations

import operator
import struct
from collections.abc import Sequence
from math import isfinite, isinf, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from . import engine, filling, hooks, jit, messages, outside, submission, valuation
from .account import (
    ACCOUNT,
    CARRY,
    FAULT_HOOK,
    FAULT_ROOM,
    FAULT_TRANSITION,
    FUNDING,
    INTEREST,
    POSITION,
    SETTLEMENT,
    SHORTS,
    Wallet,
)
from .bars import Bars
from .book import PENDING, Book, handles
from .costs import (
    CARRIES,
    OWN_FILL,
    OWN_INTEREST,
    OWN_WORTH,
    Commission,
    Slippage,
    impact_columns,
)
from .errors import FillproofError, OrderError
from .inputs import (
    actions_of,
    conversion,
    guards,
    latest_rows,
    parts_inside,
    risk_columns,
    risk_state,
    rules_of,
    sessions_of,
    terms_of,
    wallets_of,
)
from .instruments import Instrument
from .orders import EVENT, FILL, FINAL, GIVEN, ORDER, Kind, TimeInForce
from .rows import ACTION_EVENT, MOST_ENTRIES, MOST_EVENTS, NEVER
from .rules import (
    COLUMNS,
    IMPACT_COLUMNS,
    BracketActivation,
    BuyingPower,
    CashCheck,
    FillTime,
    LateMember,
    MarginCall,
    Positioning,
    Queue,
    Rules,
    UnknownPrice,
)

if TYPE_CHECKING:
    from .calls import Call
    from .result import Result
    from .risk import RiskRule

_NAN = float("nan")
_NO_STAMPS = np.zeros((0, 0), dtype=np.int64)


class Simulation:
    """Orders against bars, one bar at a time.

    ::

        sim = Simulation(bars, Rules(), cash=10_000.0)
        for t in range(len(bars.times)):
            sim.step(t)
            if wanted:
                sim.submit(0, 100.0, Kind.LIMIT, limit=25.0)

    Sizes are signed (buy > 0) and in units of the asset, prices per unit, cash and equity in the
    account's currency, times in ns UTC. `commission`, `slippage` and `instruments` are one value
    for all assets or a sequence with one for each. An order sent at bar t meets bar t + 1 first.
    """

    def __init__(
        self,
        bars: Bars,
        rules: Rules | None = None,
        *,
        cash: float | Sequence[Wallet],
        commission: Commission | Sequence[Commission] | None = None,
        slippage: Slippage | Sequence[Slippage] | None = None,
        instruments: Instrument | Sequence[Instrument] | None = None,
        sessions: np.ndarray | None = None,
        finer: Bars | None = None,
        finer_label: str = "left",
        columns: Sequence[str] = (),
        memory: np.ndarray | None = None,
        actions: Any = None,
        risk: Sequence[RiskRule] = (),
    ) -> None:
        """cash: of the account, or its wallets (the first one gives the account's currency).

        sessions: int64[T], the number of the session of each time, not decreasing; by default the
        UTC day. finer: bars of the same assets inside `bars`; orders meet them in place of the bar
        that holds them. finer_label: "left" if their times (as of ticks) are those of their
        beginning, "right" if those of their end; `Rules.bar_stamp` says so of `bars`. Columns of
        `bars.extra` that `rules.COLUMNS` names are read; finer bars may have a bid and an
        ask. columns: names of `bars.extra` that `Book.columns` shall begin with. memory:
        float64[·, ·] for a strategy's own use, see `native.run`. risk: rules that the engine
        evaluates, see the dataclasses of `risk`.

        Raises OrderError for an argument that has no meaning.
        """
        self.bars = bars
        self.rules = rules if rules is not None else Rules()
        self.bar = -1  #: time index at which orders are created and equity is read
        length, count = len(bars.times), bars.values.shape[1]
        jit.prefer(length * count)
        self._choose_kernels()
        self._calls: list[Call] = []  # the user's functions, alive as long as we are
        wallets = wallets_of(cash)
        slots = 2 * count if self.rules.positioning == Positioning.HEDGING else count
        record = self.rules.to_record()
        for name in columns:
            if name not in bars.extra:
                known_names = ", ".join(sorted(bars.extra)) or "none"
                raise OrderError(f"columns: bars.extra has no {name!r}, only: {known_names}.")
        # What the strategy reads stands first, what only risk rules read last.
        own = [bars.extra[name] for name in columns]
        read = {name: bars.extra[name] for name in COLUMNS if name in bars.extra}
        known = impact_columns(bars, slippage)
        if known is not None:
            read |= dict(zip(IMPACT_COLUMNS, known, strict=True))
        for place, name in enumerate(read, len(own)):
            record[f"column_{name}"] = place
        wanted = [name for name in risk_columns(risk) if name in bars.extra]
        read |= {name: bars.extra[name] for name in wanted}
        if ("bid" in read) != ("ask" in read):
            raise OrderError('bars.extra: "bid" and "ask" are read together; one is missing.')
        if not (own or read):
            extra = np.zeros((0, count, length))
        else:
            extra = np.ascontiguousarray([m.T for m in (*own, *read.values())], dtype=float)
        account = np.zeros(len(wallets), dtype=ACCOUNT)
        for row, wallet in zip(account, wallets, strict=True):
            row["cash"] = wallet.cash
            row["deposit_rate"] = wallet.deposit_rate
            row["loan_rate"] = wallet.loan_rate
            row["venue"] = [other.venue for other in wallets].index(wallet.venue)
        account["bar"] = account["cursor"] = account["session"] = account["stepped"] = -1
        positions = np.zeros(slots, dtype=POSITION)
        positions["traded_bar"] = positions["ambiguous_bar"] = -1
        self._account, self._positions = account, positions
        self.wallets = tuple(wallets)
        #: Cash moved between wallets, see `exchange`: as dicts.
        self.exchanges: list[dict[str, float]] = []
        # Memory that is not written to costs nothing: little is gained by beginning small.
        room = 64 if self._interpreted else min(max(length * count, 2**16), 2**18)
        inside, inside_from = parts_inside(bars, finer, finer_label, self.rules.bar_stamp)
        asset_terms = terms_of(bars.assets, wallets, instruments, commission, slippage, self._calls)
        sides, stamp = slots // max(count, 1), self.rules.bar_stamp
        self._actions, self._sent_by_actions = actions_of(
            actions, bars, asset_terms, wallets, sides, stamp
        )
        account["action_due"] = self._actions["key"][0] if len(self._actions) else NEVER
        self._book = Book(
            times=bars.times,
            sessions=sessions_of(bars.times, sessions),
            values=np.ascontiguousarray(bars.values),
            rows=latest_rows(bars),
            stamps=_NO_STAMPS if bars.stamps is None else np.ascontiguousarray(bars.stamps),
            columns=extra,
            conversion=conversion(wallets, length),
            finer=inside,
            finer_from=inside_from,
            rules=record,
            terms=asset_terms,
            account=account,
            positions=positions,
            orders=np.empty(room, dtype=ORDER),  # kernels write a row in full before it counts
            queue=np.zeros((3, 64), dtype=np.int64),
            fills=np.empty(room, dtype=FILL),
            events=np.empty(4 * room, dtype=EVENT),
            curve=np.full((2, length), np.inf),
            risk=rules_of(risk, bars.assets, {name: n for n, name in enumerate(read, len(own))}),
            risk_state=risk_state(len(risk), slots),
            guards=guards(len(risk), slots),
            actions=self._actions,
            action_events=np.zeros(MOST_EVENTS * len(self._actions), dtype=ACTION_EVENT),
            hooks=np.zeros(len(hooks.HOOKS), dtype=np.int64),
            memory=np.zeros((0, 0)) if memory is None else memory,
            path=np.zeros((filling.PATH_FIELDS, count, 1)),
        )
        self._cash = account["cash"][:1]
        self._single = len(wallets) == 1 and not len(self._book.conversion)
        self._counts = account[:1].view(np.int64)[_FIRST_COUNT:]
        self._count_bytes = self._counts.data
        self._parts, self._guarded = 1, 0
        self._open()
        self._start_cash = self._total_cash(0) if length else float(wallets[0].cash)
        account["equity"][0] = self._start_cash
        self._book.risk_state["best"] = self._book.risk_state["last"] = self._start_cash
        self._n_orders = self._n_fills = self._n_events = 0
        self._live = self._activating = self._parked = 0
        self._busy = False
        self._parked_of: dict[int, int] = {}
        self._marked = -1
        self._given: tuple[Any, Any, Any] = (instruments, commission, slippage)
        self._has_finer, self._restless = finer is not None, False
        self._prepare()

    def _prepare(self) -> None:
        """Get ready for what the rules and terms as they now are ask for."""
        book, account = self._book, self._account
        risk = len(book.risk) > 0
        self._parts = 1
        if len(book.finer_from) > 1 and not np.isnan(book.terms["volume_limit"]).all():
            self._parts = max(int(np.diff(book.finer_from).max()), 1)
        account["parts"] = self._parts
        account["finances"][0] = self._finances()
        # Cash, or what it is worth, can change at a bar without an order: no bar may be skipped.
        margin_call = self.rules.margin_call != MarginCall.NEVER
        self._restless |= margin_call or not self._single or bool(account["finances"][0])
        self._restless |= len(self._actions) > 0 or risk
        own = int(np.bitwise_or.reduce(book.terms["own"], initial=0))
        if own:
            from .pricing import check_rules

            check_rules(self.rules, book.terms["own"])
            self._restless |= bool(own & OWN_WORTH)
        # Inside a bar each entry can bring a stop and a target.
        same_bar = self.rules.bracket_activation == BracketActivation.SAME_BAR
        inside = self._has_finer or same_bar
        self._guarded = 2 * min(self._parts, MOST_ENTRIES) if risk and inside else 0
        account["guarded"] = self._guarded
        self._set_easy()
        self._busy = self._busy or self._restless
        self._attach()

    def _attach(self) -> None:
        """Compile, or find on disk, the kernels that only this simulation's settings need."""
        if self._interpreted:
            return
        rules, book = self.rules, self._book
        for needed, kernels in (
            (book.account["finances"][0] & ~CARRY, (hooks.finance,)),
            ((book.terms["own"] & OWN_FILL).any(), hooks.OF_PRICING),
            (len(book.actions), (hooks.apply_actions,)),
            (rules.latency or rules.latency_bars, (hooks.receive,)),
            (len(book.finer_from) > 1 or rules.price_path, (hooks.pass_inside,)),
            (rules.buying_power == BuyingPower.MARGIN, (hooks.buying_power, hooks.screen)),
            (rules.margin_call != MarginCall.NEVER, (hooks.call_margin,)),
            (len(book.risk), hooks.OF_RISK),
        ):
            for kernel in kernels if needed else ():
                book.hooks[kernel.place] = kernel.address

    def _finances(self) -> int:
        """What `financing` has to look after in this account."""
        book = self._book
        rule, account, rows = book.rules[0], book.account, book.terms
        shorts = rule["column_borrow_rate"] >= 0
        shorts |= (rows["borrow_rate"] != 0.0).any() or (rows["short_rebate"] != 0.0).any()
        interest = (account["deposit_rate"] != 0.0).any() or (account["loan_rate"] != 0.0).any()
        return (
            INTEREST * bool(interest)
            | SHORTS * bool(shorts)
            | FUNDING * bool(rule["column_funding"] >= 0)
            | SETTLEMENT * bool(rule["settlement_sessions"] > 0)
            | CARRY * bool((rows["own"] & (CARRIES | OWN_INTEREST)).any())
        )

    def _open(self) -> None:
        """Hand the kernels the arrays as they now are: after each growth of one."""
        book = self._book
        self._table = book if self._interpreted else handles(book)
        self._orders, self._queue = book.orders, book.queue
        self._fills, self._events = book.fills, book.events
        self._fill_bytes = book.fills.view(np.uint8).data
        self._event_bytes = book.events.view(np.uint8).data
        self._reached = _flags_of(book.orders)
        self._room = (len(book.orders), book.queue.shape[1], len(book.fills), len(book.events))
        self._set_easy()

    # Orders

    def submit(
        self,
        asset: int,
        size: float,
        kind: Kind = Kind.MARKET,
        *,
        limit: float = _NAN,
        stop: float = _NAN,
        trail_amount: float = _NAN,
        trail_percent: float = _NAN,
        tif: TimeInForce = TimeInForce.GTC,
        expires: int = 0,
        session_end: int = 0,
        reference: float = _NAN,
        parent: int = -1,
        oco: int = -1,
        transmit: bool = True,
        reduce_only: bool = False,
        independent: bool = False,
        side: str = "",
        fill_time: FillTime | None = None,
        made: bool = False,
    ) -> int:
        """Send an order at `self.bar`; returns its number, its row in `orders`.

        limit, stop: prices that the kind needs; a trailing order's `stop` (and `limit`) is where
        it starts, by default the latest close. trail_amount: distance in price; trail_percent: as
        a fraction of the price. tif: see `TimeInForce`; `GTD` needs `expires` (ns): expired on the
        first bar after it. session_end: for `CLOSE` orders, ns (0: the next bar ends a session).
        reference: the price at which cash is checked on submission, by default the order's own.

        parent: the order of whose bracket this is a child; it can trade once the parent has
        filled, and children cancel each other unless they are `independent`. oco: an order of the
        group in which the first to trade cancels the rest. transmit=False parks the order until
        one of its bracket is sent with transmit. reduce_only: it is cut to the position, and
        cancelled where there is none to reduce. side: "long" or "short", the position that it
        trades under `Positioning.HEDGING` (a sale from the long one is reduce-only, a purchase for
        the short one too).

        fill_time: of a market order of its own, by default that of the rules. made: the trade was
        made elsewhere: it is booked at `reference` in the next step (also of the bar in which it is
        sent), without slippage, and not checked on submission.

        Raises OrderError for an argument that has no meaning.
        """
        if (
            size - size != 0.0  # NaN or infinite
            or size == 0.0
            or kind
            or parent >= 0
            or oco >= 0
            or parent < -1
            or oco < -1
            or tif
            or side
            or limit == limit  # not NaN
            or stop == stop
            or type(asset) is not int
            or not 0 <= asset < len(self.bars.assets)
        ):
            self._check(
                asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires, parent,
                oco, side,
            )  # fmt: skip
        short_side = side == "short"
        if side and (size > 0.0) == short_side:
            reduce_only = True
        if self._interpreted or not self._roomy:
            self._reserve()
        own_time = -1
        if made or fill_time is not None:
            own_time = self._own_time(fill_time, made, kind, reference)
            check = self._book.rules["cash_check"]
            was = int(check[0])
            if made:
                check[0] &= ~int(CashCheck.ON_SUBMIT)
        number = self._submit_kernel(
            self.bar,
            asset,
            float(size),
            int(kind),
            limit,
            stop,
            trail_amount,
            trail_percent,
            expires,
            session_end,
            reference,
            parent,
            oco,
            transmit,
            int(tif),
            reduce_only,
            independent,
            short_side,
            0,
            self._table,
        )
        if own_time >= 0:
            check[0] = was
            self._orders["fill_time"][number] = own_time
        if parent >= 0 or not transmit:
            self._park(parent if parent >= 0 else number, transmit)
        self._sync()
        return number

    def send_market(self, asset: int, size: float, reference: float) -> int:
        """`submit` of a market order of which nothing else is given: quicker."""
        known = type(asset) is int and 0 <= asset < len(self.bars.assets)
        if size - size != 0.0 or size == 0.0 or not known:
            return self.submit(asset, size, reference=reference)  # which says what is wrong
        if self._interpreted or not self._roomy:
            self._reserve()
        number = self._market_kernel(self.bar, asset, float(size), reference, self._table)
        self._sync()
        return number

    def _takes_unknown(self) -> bool:
        """Whether a level that is not known is one, which nothing reaches."""
        return self.rules.unknown_price == UnknownPrice.TRADES

    def _own_time(self, fill_time: FillTime | None, made: bool, kind: Kind, price: float) -> int:
        """`ORDER.fill_time` of an order that does not follow the rules."""
        if kind != Kind.MARKET:
            raise OrderError(f"fill_time and made: an order of kind {Kind(kind).name} has none.")
        if not made:
            return int(_one_of(FillTime, "fill_time", fill_time))
        if not isfinite(price):
            raise OrderError("reference: a trade that was made elsewhere needs its price.")
        return GIVEN

    def _park(self, root: int, transmit: bool) -> None:
        """Count the orders that wait for one of their bracket to be transmitted."""
        if transmit:
            self._parked -= self._parked_of.pop(root, 0)
        else:
            self._parked += 1
            self._parked_of[root] = self._parked_of.get(root, 0) + 1

    def _check(
        self, asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires, parent,
        oco, side,
    ) -> None:  # fmt: skip
        """Refuse what has no meaning."""
        try:
            operator.index(asset)
        except TypeError:
            raise OrderError(f"asset must be a whole number, not {asset!r}.") from None
        if not 0 <= asset < len(self.bars.assets):
            raise OrderError(f"asset: {asset} is not one of {len(self.bars.assets)} assets.")
        if not isfinite(size) or size == 0.0:
            raise OrderError(f"size must be finite and not 0, not {size!r}.")
        if type(kind) is not Kind:
            kind = _one_of(Kind, "kind", kind)
        if type(tif) is not TimeInForce:
            tif = _one_of(TimeInForce, "tif", tif)
        for name, value in (("limit", limit), ("stop", stop)):
            if isnan(value) and name in _NEEDS.get(kind, ()) and not self._takes_unknown():
                raise OrderError(f"{name}: an order of kind {kind.name} needs it.")
            if isinf(value):
                raise OrderError(f"{name} must be finite, not {value!r}.")
            if not isnan(value) and kind not in _TAKES[name]:
                raise OrderError(f"{name}: an order of kind {kind.name} has none.")
        for name, value in (("trail_amount", trail_amount), ("trail_percent", trail_percent)):
            if isinf(value):
                raise OrderError(f"{name} must be finite, not {value!r}.")
        if kind in (Kind.TRAIL, Kind.TRAIL_LIMIT) and isnan(trail_amount) and isnan(trail_percent):
            raise OrderError(
                f"trail_amount or trail_percent: an order of kind {kind.name} needs one."
            )
        for name, number in (("parent", parent), ("oco", oco)):
            if number >= self._n_orders or number < -1:
                raise OrderError(f"{name}: there is no order {number}.")
        if parent >= 0 and self.rules.late_member == LateMember.JOINS:
            above = int(self._orders["parent"][parent])
            if above >= 0:
                raise OrderError(
                    f"parent: order {parent} is itself a child, of order {above}; a bracket has "
                    "one level."
                )
        if tif == TimeInForce.GTD and expires == 0:
            raise OrderError("expires: time in force GTD needs it.")
        if tif in (TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE) and kind not in (
            Kind.MARKET,
            Kind.LIMIT,
        ):
            raise OrderError(f"tif: {tif.name} is for MARKET and LIMIT orders, not {kind.name}.")
        hedging = self.rules.positioning == Positioning.HEDGING
        if hedging != bool(side) or side not in ("", "long", "short"):
            raise OrderError(
                'side: "long" or "short" under Positioning.HEDGING, and not given otherwise; '
                f"got {side!r}."
            )

    def cancel(self, order: int) -> bool:
        """Cancel a pending order, its OCO group and its bracket; False when it is not pending.

        An order that waits for the cash check of its first bar is not pending yet. Under latency
        it becomes PENDING_CANCEL, and may trade until the cancel arrives.
        """
        self._see(order)
        done = self._kernel(messages.cancel)(order, self._table)
        self._sync()
        if done and self.rules.queue == Queue.BY_ASSET:
            self._busy = True  # the next step takes the place of its asset in the queue
        return bool(done)

    def modify(
        self, order: int, *, size: float = _NAN, limit: float = _NAN, stop: float = _NAN
    ) -> bool:
        """Change a pending order; what is not given stays. False when it cannot be changed.

        size: of the whole order, signed, what has been filled included; where that leaves nothing
        to trade, the order is cancelled. An order that was made larger or given another price
        loses its place in the queue (`Rules.change_priority`). Under latency the change takes its
        time, and True means that it was sent. A change that the cash check on submission would
        refuse is not made.
        """
        self._see(order)
        if isnan(size) and isnan(limit) and isnan(stop):
            raise OrderError("size, limit or stop: a change needs at least one of them.")
        kind = Kind(self._orders["kind"][order])
        for name, value in (("limit", limit), ("stop", stop)):
            if not isnan(value) and kind not in _TAKES[name]:
                raise OrderError(f"{name}: an order of kind {kind.name} has none.")
        for name, value in (("size", size), ("limit", limit), ("stop", stop)):
            if value in (np.inf, -np.inf):
                raise OrderError(f"{name} must be finite, not {value!r}.")
        done = self._kernel(messages.modify)(
            order, float(size), float(limit), float(stop), self._table
        )
        self._sync()
        return bool(done)

    def _see(self, order: int) -> None:
        """Ready for a call about an existing order, at the current bar."""
        if not 0 <= order < self._n_orders:
            raise OrderError(f"order: there is no order {order}.")
        self._reserve()
        if self._account["bar"][0] < self.bar:
            self._account["bar"][0] = self.bar

    def _choose_kernels(self) -> None:
        """Run kernels as the process does from now on."""
        self._submit_kernel = submission.submit.chosen
        self._market_kernel = submission.submit_market.chosen
        self._step_kernel = engine.step.chosen
        self._interpreted = not jit.compiled()

    def _follow_mode(self) -> None:
        """The compiler is used since: kernels cannot call each other both ways."""
        self._choose_kernels()
        self._open()
        self._attach()

    def _kernel(self, kernel: jit.Kernel):
        """A kernel as this simulation runs them."""
        if self._interpreted and jit.compiled():
            self._follow_mode()
        return kernel.py_func if self._interpreted else kernel.dispatcher

    # Time

    def step(self, t: int) -> int:
        """Bar t becomes current and pending orders meet it; returns the number of new events.

        t must be above the bar before. Bars may be left out while `idle` is True.
        """
        if t <= self._marked:
            raise OrderError(f"step: bar {t} is not after bar {self._marked}.")
        if self._interpreted:
            jit.note_step()
        # Where bars were passed over, the actions of several are due.
        passed = len(self._actions) if t > self._marked + 1 else 0
        if passed or self._interpreted or not self._roomy:
            self._reserve(1 + passed * self._sent_by_actions)
        self.bar = self._marked = t
        count = self._step_kernel(t, self._table)
        self._sync()
        self._check_room()
        return count

    def step_until(self, t: int, last: int) -> int:
        """`step` from bar t on until a bar brings new events, at the latest to bar `last`.

        Returns the number of new events; `bar` is the bar that is current then. Where functions of
        the user are asked in each bar, and interpreted, that is t.
        """
        if self._interpreted or self._calls or t <= self._marked or len(self._actions):
            return self.step(t)
        if not self._roomy:
            self._reserve()
        known = self._n_events
        self.bar = self._marked = int(self._kernel(engine.step_until)(t, last, self._table))
        self._sync()
        self._check_room()
        return self._n_events - known

    def _check_room(self) -> None:
        if self._guarded and self._account["fault"][0] == FAULT_ROOM:
            raise FillproofError(
                f"bar {self.bar}: positions were opened and closed so often inside it that the "
                "orders of risk rules found no room: use coarser finer bars, or a larger "
                "volume_limit."
            )

    def catch_up(self) -> bool:
        """Whether `events` had grown: for functions that the engine calls in the middle of a step.

        What orders, fills, positions and cash show is then what has been done so far.
        """
        known = self._n_events
        self._roomy = False
        self._n_events, self._n_fills = int(self._counts[1]), int(self._counts[2])
        return self._n_events > known

    @property
    def idle(self) -> bool:
        """True while `step` could do nothing but mark equity.

        Never with interest, fees or funding to pay, proceeds to settle, margin calls, several
        wallets, or after cash or positions were moved by a call.
        """
        return not self._busy

    # State

    @property
    def cash(self) -> float:
        """Of all wallets, in the account's currency."""
        return self._cash.item() if self._single else self._total_cash(max(self.bar, 0))

    def wallet_cash(self, wallet: int) -> float:
        """The cash of one wallet, in its own currency."""
        return float(self._account["cash"][wallet])

    def _total_cash(self, t: int) -> float:
        return float(self._kernel(valuation.cash_at)(t, self._table))

    @property
    def cash_flow(self) -> float:
        """All that moved cash since the start, added up in sequence from 0.

        Equal to `cash` less the starting cash but for rounding: this sum is as exact as the flows
        are, whatever the account's size. Of the first wallet.
        """
        return float(self._account["flow"][0])

    @property
    def equity(self) -> float:
        """Cash plus the worth of all positions at the closes of `self.bar`."""
        if self.bar < 0:
            return self.cash
        # float(): a kernel run as plain Python returns NumPy's own.
        return float(self._kernel(valuation.equity_at)(self.bar, self._table))

    def follow(self, asset: int, bar: int) -> None:
        """Value an asset from time index `bar` on also while nothing of it is held.

        That is 0, but where its close is not known: then equity is not.
        """
        self._positions["followed"][asset :: len(self.bars.assets)] = bar + 1
        self._account["follows"][0] = 1

    def _acted(self) -> None:
        """Something moved cash or a position between two steps: see `idle`."""
        self._account["equity"][0] = self.equity
        self._restless = self._busy = True

    @property
    def ambiguous_bars(self) -> int:
        """Bars of an asset in which only the unknown path of the price decided what traded."""
        return int(self._account["ambiguous"][0])

    def position_size(self, asset: int, side: str = "") -> float:
        """Signed units; under `Positioning.HEDGING` of one side, or of both together."""
        sizes = self._positions["size"]
        if len(sizes) == len(self.bars.assets):
            return float(sizes[asset])
        sides = {"": (0, 1), "long": (0,), "short": (1,)}[side]
        return float(sum(sizes[asset + n * len(self.bars.assets)] for n in sides))

    def position_price(self, asset: int, side: str = "long") -> float:
        """Average entry price; 0 when flat. side: under `Positioning.HEDGING`."""
        slot = asset
        if side == "short" and len(self._positions) > len(self.bars.assets):
            slot += len(self.bars.assets)
        return float(self._positions["price"][slot])

    @property
    def positions(self) -> np.ndarray:
        """`POSITION[N]`, under `Positioning.HEDGING` `[2 N]`, the short sides last: a live view."""
        return self._positions

    @property
    def orders(self) -> np.ndarray:
        """`ORDER[·]`: a view, valid until the next call that changes the simulation."""
        return self._orders[: self._n_orders]

    @property
    def fills(self) -> np.ndarray:
        """`FILL[·]`: a view, as `orders`."""
        return self._fills[: self._n_fills]

    @property
    def events(self) -> np.ndarray:
        """`EVENT[·]`: every status change in sequence; a view, as `orders`."""
        return self._events[: self._n_events]

    def events_since(self, first: int) -> list[tuple[int, ...]]:
        """The status changes from row `first` on, each as plain integers: quick to read."""
        size = _EVENT_ROW.size
        if first >= self._n_events - 1:
            if first == self._n_events:
                return []
            return [_EVENT_ROW.unpack_from(self._event_bytes, first * size)]
        return [*_EVENT_ROW.iter_unpack(self._event_bytes[first * size : self._n_events * size])]

    def fill(self, number: int) -> tuple[Any, ...]:
        """One fill as plain numbers: the fields `FILL_TERMS` of `FILL`, in that sequence."""
        return _FILL_ROW.unpack_from(self._fill_bytes, number * _FILL_ROW.size)

    def reached(self, orders: np.ndarray) -> np.ndarray:
        """uint16[·]: what each of some orders (int64[·]) has reached, its stop, its limit or both.

        Of two numbers it is only told whether they are the same: quick to compare bar by bar.
        """
        return self._reached[orders]

    @property
    def action_events(self) -> np.ndarray:
        """`ACTION_EVENT[·]`: what corporate actions did; a view."""
        return self._book.action_events[: int(self._account["n_action_events"][0])]

    @property
    def open_orders(self) -> list[int]:
        """Numbers of the pending orders, in the sequence in which they meet a bar."""
        return self._queue[PENDING, : int(self._account["n_pending"][0])].tolist()

    def cash_curve(self) -> np.ndarray:
        """Cash after each bar, `float64[T]`; bars after `self.bar` as if nothing more happened."""
        return self._filled_curve()[0]

    def equity_curve(self) -> np.ndarray:
        """Equity at each bar's closes, `float64[T]`; bars after `self.bar` as `cash_curve`."""
        return self._filled_curve()[1]

    def result(self, copy: bool = True) -> Result:
        """What the simulation came to so far: tables of orders, fills, trades and the account.

        copy: False shares the rows of orders and fills, for a simulation that does not go on.
        """
        from .result import Result

        cash, equity = self._filled_curve()
        return Result(
            self.bars.times,
            self.bars.assets,
            self.orders.copy() if copy else self.orders,
            self.fills.copy() if copy else self.fills,
            cash,
            equity,
            self._start_cash,
            self._book.values,
            self._book.terms["multiplier"].copy(),
            self._book.terms["inverse"].copy(),
            self._positions["size"].copy(),
            self.action_events.copy(),
            self._account.copy(),
            tuple((wallet.currency, wallet.venue) for wallet in self.wallets),
            self._book.memory.copy() if copy else self._book.memory,
        )

    def _filled_curve(self) -> np.ndarray:
        curve = self._book.curve.copy()
        if not np.isinf(curve).any():
            return curve
        scratch = np.zeros_like(self._positions)
        kernel = self._kernel(valuation.fill_curve)
        kernel(scratch, self._n_fills, self._start_cash, curve, self._table)
        return curve

    # Settings that change, at the current bar

    @property
    def given(self) -> tuple[Any, Any, Any]:
        """Instruments, commissions and slippages as they now are, as they were given."""
        return self._given

    def change_rules(self, rules: Rules) -> None:
        """Go on under other rules, from the next step on; pending orders stay.

        `positioning` and `bar_stamp` cannot change. Raises OrderError where they do.
        """
        from .changes import change_rules

        change_rules(self, rules)

    def change_terms(
        self,
        asset: int,
        *,
        instrument: Instrument | None = None,
        commission: Commission | None = None,
        slippage: Slippage | None = None,
    ) -> None:
        """Go on under other terms of an asset; what is None stays as it is.

        They hold for every fill from now on, also for what closes a position that was opened
        before, and for what positions are worth. Pending orders stay. `result()` computes its
        tables of trades with the latest multiplier.

        Raises OrderError for an asset that is not there, and for what cannot change: currency,
        venue, expiry, underlying and `inverse` of an instrument, a slippage that needs columns
        which were not read.
        """
        from .changes import change_terms

        change_terms(self, asset, instrument, commission, slippage)

    # Corporate actions, at the current bar

    def split(self, asset: int, ratio: float) -> float:
        """Split an asset: see `cent_splits.apply_split`; returns the cash paid for a fraction."""
        if not (isfinite(ratio) and ratio > 0.0):
            raise OrderError(f"ratio must be positive and finite, not {ratio!r}.")
        from .cent_splits import apply_split

        cash = apply_split(asset, ratio, self._account, self._positions, self._orders, self._queue)
        self._sync()
        if len(self._book.risk):
            from .risk_guard import split

            self.call(split, asset, ratio)
        self._acted()
        return cash

    def add_cash(self, amount: float, wallet: int = 0, *, capital: bool = False) -> None:
        """Put cash in (or take it out, negative), in the wallet's currency: a deposit, a dividend.

        capital: it is the owner's, and does not count in `cash_flow`. No check: cash may become
        negative, which is a debt.
        """
        if not isfinite(amount):
            raise OrderError(f"amount must be finite, not {amount!r}.")
        row = self._wallet(wallet, "wallet")
        flow = row["flow"]
        self._move(row, amount)
        if capital:
            row["flow"] = flow
        self._acted()

    def set_cash(self, amount: float, wallet: int = 0) -> None:
        """Make a wallet's cash `amount`, in its currency: the difference is put in or taken out."""
        if not isfinite(amount):
            raise OrderError(f"amount must be finite, not {amount!r}.")
        row = self._wallet(wallet, "wallet")
        self._move(row, amount - row["cash"])
        row["cash"] = amount
        self._acted()

    def exchange(self, source: int, target: int, amount: float, rate: float | None = None) -> float:
        """Move cash from one wallet to another; returns what the target receives.

        amount: in the currency of the source, positive. rate: units of the target's currency for
        one of the source's, by default by the wallets' rates at the current bar. Recorded in
        `exchanges`. Raises OrderError where cash is checked and the source has less that is free:
        neither held for shorts nor unsettled.
        """
        from_row, to_row = self._wallet(source, "source"), self._wallet(target, "target")
        if source == target:
            raise OrderError(f"target: wallet {target} is the source too.")
        if not (isfinite(amount) and amount > 0.0):
            raise OrderError(f"amount must be positive and finite, not {amount!r}.")
        if rate is None:
            table, t = self._book.conversion, max(self.bar, 0)
            rate = float(table[source, t] / table[target, t]) if len(table) else 1.0
        if not (isfinite(rate) and rate > 0.0):
            raise OrderError(f"rate must be positive and finite, not {rate!r}.")
        free = float(from_row["cash"] - from_row["held"] - from_row["unsettled"])
        checked = self.rules.cash_check != CashCheck.NONE
        if checked and self.rules.buying_power == BuyingPower.CASH and amount > free:
            raise OrderError(f"amount: {amount!r} is more than wallet {source} has free, {free!r}.")
        received = amount * rate
        self._move(from_row, -amount)
        self._move(to_row, received)
        self.exchanges.append(
            {
                "bar": self.bar,
                "source": source,
                "target": target,
                "amount": amount,
                "rate": rate,
                "received": received,
            }
        )
        self._acted()
        return received

    def _wallet(self, number: int, name: str) -> np.void:
        if not 0 <= number < len(self.wallets):
            raise OrderError(f"{name}: there is no wallet {number}, only {len(self.wallets)}.")
        return self._account[number]

    def _move(self, row: np.void, amount: float) -> None:
        row["cash"] += amount
        row["flow"] += amount
        row["deposits"] += amount

    def liquidate(self, asset: int, price: float, side: str = "long") -> float:
        """Close a position at `price` outside the market, free of cost; returns the cash flow.

        For a delisting: no order and no fill record it. Into the wallet of the asset, free at
        once. side: under `Positioning.HEDGING`. Returns 0.0 when flat.
        """
        if not 0 <= asset < len(self.bars.assets):
            raise OrderError(f"asset: {asset} is not one of {len(self.bars.assets)} assets.")
        if not isfinite(price):
            raise OrderError(f"price must be finite, not {price!r}.")
        slot = asset
        if side == "short" and len(self._positions) > len(self.bars.assets):
            slot += len(self.bars.assets)
        from .financing import liquidate

        flow = float(self._kernel(liquidate)(slot, float(price), self._table))
        self._sync()
        self._acted()
        return flow

    def settle(self, t: int | None = None) -> None:
        """Pay into cash what futures-like positions have gained up to the closes of bar t.

        t: by default the current bar. Each step does so at its end; here it is for a look at the
        account before the step.
        """
        self._kernel(valuation.settle)(self.bar if t is None else t, self._table)
        self._account["equity"][0] = self.equity

    # What was decided elsewhere, booked at the current bar

    def book_trade(self, asset: int, size: float, price: float) -> int:
        """Book a trade that was made elsewhere, at once: an order of its own, free of commission.

        size: signed units; price: per unit. Neither slippage nor a check of cash. Returns the
        number of its fill. Raises OrderError for an argument that has no meaning, and where
        commission or a `Pricing` of the asset would price it a second time.
        """
        term = self._book.terms[asset]
        if term["commission_kind"] or term["own"]:
            raise OrderError(
                f"asset {asset}: trades made elsewhere need an asset without commission or Pricing."
            )
        number = self.submit(asset, size, made=True, reference=price)
        fill = self._kernel(outside.trade_now)(number, float(price), self._table)
        self._sync()
        return int(fill)

    def charge(self, asset: int, fee: float) -> None:
        """Take a fee of a trade in an asset: cash falls, `Rules.cost_basis` holds as for any fee.

        fee: in cash of the asset's wallet, positive when paid.
        """
        self._check_position(asset)
        if not isfinite(fee):
            raise OrderError(f"fee must be finite, not {fee!r}.")
        self._kernel(outside.charge)(asset, float(fee), self._table)
        self._acted()

    def set_position(self, asset: int, size: float, price: float) -> None:
        """Give a position another size and average price; no cash moves and no fill records it."""
        self._check_position(asset)
        if not (isfinite(size) and isfinite(price)):
            raise OrderError(f"size and price must be finite, not {size!r} and {price!r}.")
        self._kernel(outside.set_position)(asset, float(size), float(price), self._table)
        self._sync()
        self._acted()

    def _check_position(self, asset: int) -> None:
        """Refuse an asset that has not exactly one position."""
        if not 0 <= asset < len(self.bars.assets):
            raise OrderError(f"asset: {asset} is not one of {len(self.bars.assets)} assets.")
        if len(self._positions) > len(self.bars.assets):
            raise OrderError("fees and corrections from elsewhere need Positioning.NETTING.")

    # For strategies

    @property
    def book(self) -> Book:
        """The arrays as they now are: see `Book`. Those of orders and events may be replaced."""
        return self._book

    @property
    def table(self) -> Any:
        """What entry kernels take for the `Book`: valid until the next call that may grow it."""
        return self._table

    @property
    def sent_by_rules(self) -> int:
        """The most orders that the engine itself can send in one bar."""
        calls = 0 if self.rules.margin_call == MarginCall.NEVER else len(self._positions)
        guards = 3 * len(self._book.guards)  # a stop, a target and an exit for each position
        return calls + guards + self._sent_by_actions

    def call(self, kernel: jit.Kernel, *arguments: Any, room: int = 1) -> Any:
        """Call an entry kernel that sends up to `room` orders, at the current bar."""
        self._reserve(room)
        if self._account["bar"][0] < self.bar:
            self._account["bar"][0] = self.bar
        result = self._kernel(kernel)(*arguments, self._table)
        self._sync()
        return result

    def reserve(self, room: int) -> None:
        """See to room for `room` more orders, and for a bar that they meet."""
        self._reserve(room)

    # Capacity

    def _reserve(self, room: int = 1) -> None:
        """Room for the most that one call can write.

        A pending order writes at most one fill in a bar (in each finer bar, where volumes limit
        fills), and a handful of events (accepted, a fill, what ends it, once more by a group); a
        submission sends at most its whole bracket, of which parked orders are not pending yet.
        """
        if self._interpreted and jit.compiled():
            self._follow_mode()
        if room == 1 and self._roomy:
            return
        waiting = self._live + self._activating + self._parked
        new, wide, more_fills, more_events = self._needed(waiting, room)
        orders, queue, fills, events = self._room
        if (
            self._n_orders + new <= orders
            and wide <= queue
            and self._n_fills + more_fills <= fills
            and self._n_events + more_events <= events
        ):
            return
        book = self._book
        if self._n_orders + new > orders:
            book = book._replace(orders=_grown(book.orders, self._n_orders, new))
        if wide > queue:
            wider = np.zeros((3, 2 * wide), dtype=np.int64)
            wider[:, :queue] = book.queue
            book = book._replace(queue=wider)
        if self._n_fills + more_fills > fills:
            book = book._replace(fills=_grown(book.fills, self._n_fills, more_fills))
        if self._n_events + more_events > events:
            book = book._replace(events=_grown(book.events, self._n_events, more_events))
        self._book = book
        self._open()

    def _needed(self, waiting: int, room: int) -> tuple[int, int, int, int]:
        """Rows of orders, width of the queue, rows of fills and of events: see `_reserve`."""
        sent = room + self.sent_by_rules
        live = waiting + sent
        guards = self._guarded * live
        live += guards
        wide = 2 * live + 8
        # Where an order could enter more often than that, `risk_guard` sees what room is left.
        live *= 2 if self._guarded and self._parts > MOST_ENTRIES else 1
        return sent + guards, wide, self._parts * live, (8 + 2 * self._parts) * live + 8

    def _set_easy(self) -> None:
        """Up to how many rows there is room for one more order while `_FEW` wait: see `_sync`.

        Spares most calls from working out how much they need.
        """
        needed = self._needed(_FEW, 1)
        orders, queue, fills, events = self._room
        new, wide, more_fills, more_events = needed
        self._easy = (orders - new, fills - more_fills, events - more_events)
        if wide > queue:
            self._easy = (-1, -1, -1)
        self._roomy = False

    def _sync(self) -> None:
        """Read the engine's counts; raise when it broke its own rules.

        `_roomy` says whether there is room for one more order.
        """
        counts = _COUNTS.unpack(self._count_bytes)
        orders, events, fills, pending, submitted, activating, marked, fault = counts
        self._n_orders = orders
        self._n_events = events
        self._n_fills = fills
        self._activating = activating
        if self._calls:
            from .calls import raise_pending

            raise_pending()
        self._live = waiting = pending + submitted
        if activating:
            waiting += activating
        self._busy = waiting + marked > 0 or self._restless
        most_orders, most_fills, most_events = self._easy
        self._roomy = (
            waiting + self._parked <= _FEW
            and orders <= most_orders
            and fills <= most_fills
            and events <= most_events
        )
        if fault:
            self._fail(fault)

    def _fail(self, fault: int) -> None:
        if fault == FAULT_HOOK:
            raise FillproofError(
                f"the engine needed at bar {self.bar} what this simulation had not prepared: an "
                "error in the engine, please report it with the settings of the simulation."
            )
        if fault == FAULT_TRANSITION:
            raise FillproofError(
                f"an order was to take a step at bar {self.bar} that its status does not allow: an "
                "error in the engine, please report it with the script."
            )


_CODES = {"i1": "b", "b1": "?", "i4": "i", "i8": "q", "f8": "d"}


def _row(dtype: np.dtype, wanted: Sequence[str] = ()) -> struct.Struct:
    """A row of a dtype without gaps: several times quicker than `ndarray.item`.

    wanted: the only fields to read, in the dtype's sequence; by default all.
    """
    codes = [
        _CODES[dtype[name].str[1:]] if not wanted or name in wanted else f"{dtype[name].itemsize}x"
        for name in dtype.names or ()
    ]
    return struct.Struct("=" + "".join(codes))


def _flags_of(orders: np.ndarray) -> np.ndarray:
    """uint16[·], the same memory: `triggered` and `limit_reached`, which stand side by side."""
    fields = orders.dtype.fields
    assert fields is not None
    assert fields["limit_reached"][1] == fields["triggered"][1] + 1
    return np.ndarray(len(orders), np.uint16, orders, fields["triggered"][1], orders.strides)


#: What `Simulation.fill` tells.
FILL_TERMS = (
    *("bar", "price", "closed", "opened", "closed_value", "opened_value", "closed_commission"),
    *("opened_commission", "pnl", "position_size", "position_price"),
)
_EVENT_ROW, _FILL_ROW = _row(EVENT), _row(FILL, FILL_TERMS)
_COUNTS = struct.Struct("=8q")
#: So many waiting orders that a simulation keeps room for: see `Simulation._set_easy`.
_FEW = 16
# Every field of ACCOUNT has eight bytes, so the counts can be read at once as integers.
_FIRST_COUNT = ACCOUNT.fields["n_orders"][1] // 8 if ACCOUNT.fields else 0


#: The prices that a kind of order needs.
_NEEDS = {
    Kind.LIMIT: ("limit",),
    Kind.STOP: ("stop",),
    Kind.STOP_LIMIT: ("limit", "stop"),
    Kind.MARKET_IF_TOUCHED: ("stop",),
    Kind.LIMIT_IF_TOUCHED: ("limit", "stop"),
}


#: The kinds that can be given a price of that name; a trailing stop leaves a limit unused.
_TAKES = {
    "limit": (Kind.LIMIT, Kind.STOP_LIMIT, Kind.TRAIL, Kind.TRAIL_LIMIT, Kind.LIMIT_IF_TOUCHED),
    "stop": tuple(kind for kind in Kind if kind not in (Kind.MARKET, Kind.CLOSE, Kind.LIMIT)),
}


def _one_of(enum: Any, name: str, value: Any) -> Any:
    try:
        return enum(value)
    except ValueError:
        names = ", ".join(member.name for member in enum)
        raise OrderError(f"{name}: {value!r} is none of {names}.") from None


def _grown(array: np.ndarray, used: int, more: int) -> np.ndarray:
    """A copy with room for `more` rows and as many again as it had: growth costs little in all.

    used: the rows that are written. The rest of it is not touched, and so takes no memory yet.
    """
    grown = np.empty(max(2 * len(array), used + more), dtype=array.dtype)
    grown[:used] = array[:used]
    return grown


def is_final(status: int) -> bool:
    """Whether an order in this status can never change again."""
    return status in FINAL
