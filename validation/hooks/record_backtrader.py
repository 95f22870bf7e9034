"""Record Backtrader scripts: strategies wrapped in place, when they are added to a Cerebro.

The public names only (`Cerebro.addstrategy`, `Cerebro.run`, `Strategy.next`, `notify_order`,
`buy`, …), so that the same file records the real framework and the adapter.
"""

from __future__ import annotations

import functools

# Real names of the framework's numbers, so that both sides are named by one list.
STATUS = (
    "Created",
    "Submitted",
    "Accepted",
    "Partial",
    "Completed",
    "Canceled",
    "Expired",
    "Margin",
    "Rejected",
)
KINDS = (
    "Market",
    "Close",
    "Limit",
    "Stop",
    "StopLimit",
    "StopTrail",
    "StopTrailLimit",
    "Historical",
)
TRADE_STATUS = ("Created", "Open", "Closed")
ALWAYS = ("next", "notify_order", "notify_trade", "start", "stop")
WHEN_WRITTEN = (
    "prenext",
    "nextstart",
    "next_open",
    "prenext_open",
    "nextstart_open",
    "notify_cashvalue",
    "notify_fund",
    "notify_store",
    "notify_data",
    "notify_timer",
    "notify",
)
BARS = ("prenext", "nextstart", "next")
ORDERING = (
    "buy",
    "sell",
    "close",
    "cancel",
    "order_target_size",
    "order_target_value",
    "order_target_percent",
    "buy_bracket",
    "sell_bracket",
)
NAN = float("nan")


def lay(backtrader, recording) -> None:
    """Lay the hooks on the package that the script just imported."""
    cerebro = backtrader.Cerebro
    run = cerebro.run
    if recording.light:
        cerebro.run = _and_account(recording.timed(run), recording)
        return
    runs: dict[int, StrategyRecord] = {}
    recording.collectors.append(lambda: _collect(runs, recording))
    addstrategy, optstrategy = cerebro.addstrategy, getattr(cerebro, "optstrategy", None)

    @functools.wraps(addstrategy)
    def hooked_addstrategy(self, strategy, *args, **kwargs):
        _wrap(strategy, backtrader.Strategy, runs, recording)
        return addstrategy(self, strategy, *args, **kwargs)

    cerebro.addstrategy = hooked_addstrategy
    if optstrategy is not None:

        @functools.wraps(optstrategy)
        def hooked_optstrategy(self, strategy, *args, **kwargs):
            _wrap(strategy, backtrader.Strategy, runs, recording)
            # What another process records would be lost with it.
            self._fillproof_one_process = True
            return optstrategy(self, strategy, *args, **kwargs)

        cerebro.optstrategy = hooked_optstrategy

    @functools.wraps(run)
    def hooked_run(self, *args, **kwargs):
        if getattr(self, "_fillproof_one_process", False):
            kwargs["maxcpus"] = 1
        return recording.timed(run)(self, *args, **kwargs)

    cerebro.run = _and_account(hooked_run, recording)


def _and_account(run, recording):
    """After each run: the broker's last word, kept in `recording.accounts`."""

    def finished(self, *args, **kwargs):
        result = run(self, *args, **kwargs)
        recording.accounts.append((float(self.broker.getcash()), float(self.broker.getvalue())))
        return result

    return functools.wraps(run)(finished)


class StrategyRecord:
    """What one strategy object did."""

    def __init__(self, strategy, recording) -> None:
        self.strategy = strategy  # also keeps its id from being used again
        self.run = recording.new_run("backtrader", type(strategy).__name__)
        self.active: set[str] = set()
        self.ordering = 0
        self.orders: dict[int, tuple] = {}  # ref -> (order, bar, time)
        self.events: list[tuple] = []
        self.trades: list[tuple] = []
        self.bars: list[tuple] = []
        self.closes: list[tuple] = []
        self.calls: list[tuple] = []

    def now(self) -> tuple[int, float]:
        strategy = self.strategy
        try:
            return len(strategy), float(strategy.datas[0].datetime[0])
        except IndexError:
            return len(strategy), NAN

    def bar(self) -> None:
        """Cash, equity and closes as the strategy finds them; once a bar."""
        bar, time = self.now()
        if self.bars and self.bars[-1][0] == bar:
            return
        broker = self.strategy.broker
        self.bars.append((bar, time, float(broker.getcash()), float(broker.getvalue())))
        self.closes.append(tuple(_close(data) for data in self.strategy.datas))

    def see(self, order) -> None:
        """Note an order that was created, by whichever way it first shows."""
        if order is not None and getattr(order, "ref", None) not in self.orders:
            self.orders[order.ref] = (order, *self.now())


def _close(data) -> float:
    try:
        return float(data.close[0])
    except IndexError:
        return NAN


def _wrap(cls, base, runs, recording) -> None:
    for name in ALWAYS:
        _wrap_method(cls, name, runs, recording, written=_is_written(cls, base, name))
    for name in WHEN_WRITTEN:
        if _is_written(cls, base, name):
            _wrap_method(cls, name, runs, recording, written=True)
    for name in ORDERING:
        if hasattr(cls, name):
            _wrap_ordering(cls, name, runs, recording)


def _is_written(cls, base, name) -> bool:
    """Whether the user wrote the method, or it is the framework's own."""
    own = getattr(cls, name, None)
    return own is not None and own is not getattr(base, name, None)


def _record_of(strategy, runs, recording) -> StrategyRecord:
    record = runs.get(id(strategy))
    if record is None:
        record = runs[id(strategy)] = StrategyRecord(strategy, recording)
    return record


def _wrap_method(cls, name, runs, recording, written: bool) -> None:
    original = getattr(cls, name)
    if getattr(original, "_fillproof_recorded", False):
        return

    @functools.wraps(original)
    def wrapped(self, *args, **kwargs):
        record = _record_of(self, runs, recording)
        if name in record.active:  # a call of super(): the same call-back, seen twice
            return original(self, *args, **kwargs)
        record.active.add(name)
        try:
            if name in BARS:
                record.bar()
            detail = ""
            if name == "notify_order":
                detail = _note_order(record, args[0])
            elif name == "notify_trade":
                detail = _note_trade(record, args[0])
            elif name in ("notify_cashvalue", "notify_fund"):
                detail = " ".join(f"{float(value):.9g}" for value in args)
            if written:
                record.calls.append((*record.now(), name, detail))
            return original(self, *args, **kwargs)
        finally:
            record.active.discard(name)

    wrapped.__dict__["_fillproof_recorded"] = True
    setattr(cls, name, wrapped)


def _wrap_ordering(cls, name, runs, recording) -> None:
    original = getattr(cls, name)
    if getattr(original, "_fillproof_recorded", False):
        return

    @functools.wraps(original)
    def wrapped(self, *args, **kwargs):
        record = _record_of(self, runs, recording)
        record.ordering += 1
        try:
            result = original(self, *args, **kwargs)
        finally:
            record.ordering -= 1
        if record.ordering == 0:
            if name == "cancel":
                detail = str(getattr(args[0] if args else None, "ref", ""))
            else:
                made = result if isinstance(result, (list, tuple)) else [result]
                for order in made:
                    record.see(order)
                detail = " ".join(str(getattr(order, "ref", None)) for order in made)
            record.calls.append((*record.now(), name, detail))
        return result

    wrapped.__dict__["_fillproof_recorded"] = True
    setattr(cls, name, wrapped)


def _note_order(record: StrategyRecord, order) -> str:
    record.see(order)
    status = STATUS[order.status]
    done = order.executed
    # fmt: off
    record.events.append((
        *record.now(), order.ref, status, float(done.size), float(done.price), float(done.comm),
        float(done.value), float(done.pnl), float(done.dt or NAN), order.data,
    ))
    # fmt: on
    return f"{order.ref} {status}"


def _note_trade(record: StrategyRecord, trade) -> str:
    status = TRADE_STATUS[trade.status]
    # fmt: off
    record.trades.append((
        *record.now(), trade.ref, _asset(record.strategy, trade.data),
        "long" if trade.long else "short", status, float(trade.size), float(trade.price),
        float(trade.value), float(trade.pnl), float(trade.pnlcomm), float(trade.commission),
        float(trade.dtopen or NAN), float(trade.dtclose or NAN), int(trade.barlen),
    ))
    # fmt: on
    return f"{trade.ref} {status}"


def _asset(strategy, data) -> str:
    name = getattr(data, "_name", "")
    if name:
        return str(name)
    for number, known in enumerate(strategy.datas):
        if known is data:
            return f"data{number}"
    return "data?"


def _collect(runs: dict[int, StrategyRecord], recording) -> None:
    for record in runs.values():
        _collect_one(record, recording)


def _collect_one(record: StrategyRecord, recording) -> None:
    tables, run, strategy = recording.tables, record.run, record.strategy
    recording.runs[run]["bars"] = max([0, *(bar for bar, *_ in record.bars[-1:])])
    ordinal = {ref: number for number, ref in enumerate(record.orders)}
    last = {}
    for event in record.events:
        last[event[2]] = event
    for ref, (order, bar, time) in record.orders.items():
        # A notification carries a copy; the object that buy() returned goes on to the end.
        made, done = order.created, order.executed
        tables["orders"].add(
            run,
            ordinal[ref],
            ref,
            _asset(strategy, order.data),
            "buy" if order.isbuy() else "sell",
            float(made.size),
            KINDS[order.exectype],
            _number(made.price),
            _number(made.pricelimit),
            _text(order.valid),
            bar,
            nanoseconds(time),
            STATUS[order.status],
            float(done.size),
            float(done.price),
            float(done.comm),
        )
    before: dict[int, tuple[float, float, float]] = {}
    for seq, event in enumerate(record.events):
        bar, time, ref, status, size, price, commission, value, pnl, when, data = event
        at = nanoseconds(time)
        number = ordinal[ref]
        tables["events"].add(run, seq, bar, at, number, status, size, price, commission, value, pnl)
        size0, price0, commission0 = before.get(ref, (0.0, 0.0, 0.0))
        traded = size - size0
        if traded:
            # The notified price is the average so far; the last execution follows from two.
            paid = price if not size0 else (price * size - price0 * size0) / traded
            tables["fills"].add(
                run,
                bar,
                nanoseconds(when),
                number,
                _asset(strategy, data),
                "buy" if traded > 0 else "sell",
                abs(traded),
                paid,
                commission - commission0,
            )
            before[ref] = (size, price, commission)
    for seq, (bar, time, ref, asset, side, status, size, price, *rest) in enumerate(record.trades):
        value, pnl, net, commission, opened, closed, length = rest
        tables["trades"].add(
            run,
            seq,
            bar,
            nanoseconds(time),
            ref,
            asset,
            side,
            status,
            size,
            price,
            NAN,
            value,
            pnl,
            net,
            commission,
            nanoseconds(opened),
            nanoseconds(closed),
            length,
        )
    for seq, (bar, time, method, detail) in enumerate(record.calls):
        tables["calls"].add(run, seq, bar, nanoseconds(time), method, detail)
    for bar, time, cash, equity in record.bars:
        tables["bars"].add(run, bar, nanoseconds(time), "", cash, equity)
    for number, data in enumerate(strategy.datas):
        asset = _asset(strategy, data)
        for (bar, time, *_), closes in zip(record.bars, record.closes, strict=True):
            at = nanoseconds(time)
            tables["series"].add(run, f"close:{asset}", bar, at, closes[number])
            recording.prices.add(run, asset, bar, at, closes[number])


def nanoseconds(number: float) -> int:
    """A date as the framework counts it (days, 1 = 0001-01-01) in nanoseconds since the epoch.

    To the nearest millisecond: the fraction of a day has no more in it. NaN gives the smallest
    int64.
    """
    if number != number:
        return -(2**63)
    return round((number - 719163.0) * 86_400_000.0) * 1_000_000


def _number(value) -> float:
    return NAN if value is None else float(value)


def _text(value) -> str:
    return "" if value is None else str(value)
