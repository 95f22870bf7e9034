"""Random bars and random order programs for the engine, and one way to run them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from fillproof.core.actions import Action, ActionKind
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind, TimeInForce
from fillproof.core.risk import (
    BreakEven,
    DailyLoss,
    GrossExposure,
    MaxDrawdown,
    NetExposure,
    OrderLimit,
    PositionLimit,
    StopLoss,
    TakeProfit,
    TimeStop,
    Trailing,
    VolatilityTarget,
)
from fillproof.core.rules import ENUMS, BarStamp, Positioning, Rules
from fillproof.core.simulation import Simulation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

DAY = 86_400_000_000_000


any_rules = st.builds(
    Rules,
    latency_bars=st.sampled_from([0, 0, 0, 1, 2]),
    latency=st.sampled_from([0, 0, 0, DAY // 2, 2 * DAY]),
    **{name: st.sampled_from(list(enum)) for name, enum in ENUMS.items()},
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def random_bars(seed: int, length: int, count: int = 1, missing: float = 0.0) -> Bars:
    """Bars on a coarse tick grid, so that prices tie and levels are hit exactly."""
    rng = np.random.default_rng(seed)
    shape = (length, count)
    close = np.maximum(20.0 + np.cumsum(rng.integers(-4, 5, shape) * 0.25, axis=0), 2.0)
    open_ = np.maximum(close + rng.integers(-3, 4, shape) * 0.25, 1.0)
    high = np.maximum(open_, close) + rng.integers(0, 3, shape) * 0.25
    low = np.maximum(np.minimum(open_, close) - rng.integers(0, 3, shape) * 0.25, 0.5)
    volume = rng.integers(0, 4, shape) * 100.0
    if missing:
        gone = rng.random(shape) < missing
        gone[0] = False
        for column in (open_, high, low, close, volume):
            column[gone] = np.nan
    times = np.arange(length, dtype=np.int64) * DAY
    names = tuple(f"A{i}" for i in range(count))
    return Bars.from_arrays(times, open_, high, low, close, volume, assets=names)


@dataclass(frozen=True)
class Intent:
    """One call of a program: send an order relative to the latest close, or cancel one."""

    bar: int
    asset: int
    size: float
    kind: Kind
    limit: float  # offsets from the latest close
    stop: float
    trail: float
    days: int  # 0: till cancelled
    link: str  # "", "oco" with the order before, "bracket": entry with a stop and a target
    cancel: int  # number of the order to cancel instead, -1: send
    change: int = -1  # number of the order to change instead
    tif: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False
    short_side: bool = False  # under `Positioning.HEDGING`


ticks = st.integers(-8, 8).map(lambda n: n * 0.25)


@st.composite
def intents(draw, length: int, assets: int = 1) -> Intent:
    return Intent(
        bar=draw(st.integers(0, length - 2)),
        asset=draw(st.integers(0, assets - 1)),
        size=draw(st.integers(1, 50)) * draw(st.sampled_from([-1.0, 1.0])),
        kind=draw(st.sampled_from(list(Kind))),
        limit=draw(ticks),
        stop=draw(ticks),
        trail=draw(st.integers(1, 8)) * 0.25,
        days=draw(st.integers(0, 3)),
        link=draw(st.sampled_from(["", "", "", "oco", "bracket"])),
        cancel=draw(st.sampled_from([-1, -1, -1, -1, 0, 1, 2, 3])),
        change=draw(st.sampled_from([-1, -1, -1, -1, -1, 0, 1, 2])),
        tif=draw(st.sampled_from([TimeInForce.GTC] * 6 + list(TimeInForce))),
        reduce_only=draw(st.sampled_from([False, False, False, True])),
        short_side=draw(st.booleans()),
    )


@st.composite
def action_rows(draw, bars: Bars, stock_like: bool) -> list[Action]:
    """Corporate actions of every kind that these assets can have, at the times of the bars."""
    kinds = [kind.name for kind in ActionKind]
    if not stock_like:
        kinds.remove("STOCK_DIVIDEND")
    if len(bars.assets) == 1:
        kinds = [kind for kind in kinds if kind not in ("SYMBOL_CHANGE", "ROLL")]
    rows = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5)):
        asset = draw(st.sampled_from(bars.assets))
        time = int(bars.times[draw(st.integers(0, len(bars.times) - 1))])
        more: dict = {}
        if kind in ("SPLIT", "STOCK_DIVIDEND", "ROLL", "SYMBOL_CHANGE"):
            more["ratio"] = draw(st.sampled_from([1.0, 2.0, 3.0]))
            more["per"] = draw(st.sampled_from([1.0, 2.0, 7.0]))
        if kind in ("SYMBOL_CHANGE", "ROLL"):
            more["to"] = draw(st.sampled_from([name for name in bars.assets if name != asset]))
        if kind == "ROLL":
            more["orders"] = draw(st.sampled_from(["cancel", "move"]))
            more["free"] = draw(st.booleans())
        if kind in ("ROLL", "DELISTING", "FUNDING", "INTEREST"):
            more["at_close"] = draw(st.booleans())
        if kind == "DELISTING":
            more["hold"] = draw(st.booleans())
        if kind in ("CASH_DIVIDEND", "STOCK_DIVIDEND"):
            more["pay"] = time + draw(st.integers(0, 3)) * DAY
        if kind in ("CASH_DIVIDEND", "FUNDING", "INTEREST"):
            more["amount"] = 0.25
        rows.append(Action(kind, time, asset, **more))
    return rows


TEXTBOOK = st.just(Rules())

fractions = st.sampled_from([0.02, 0.05, 0.1, 0.25])
amounts = st.sampled_from([0.25, 0.5, 1.0, 3.0])
some = st.sampled_from([0.0, 0.02, 0.1, 0.25])
endings = st.sampled_from(["halt", "flatten"])
protective = st.one_of(
    st.builds(StopLoss, fractions),
    st.builds(StopLoss, amount=amounts),
    st.builds(TakeProfit, fractions),
    st.builds(TakeProfit, amount=amounts),
    st.builds(Trailing, fractions, activation=some),
    st.builds(Trailing, amount=amounts, activation=some),
    st.builds(BreakEven, amount=amounts, offset=some),
    st.builds(TimeStop, bars=st.integers(1, 6)),
)
losses = st.one_of(
    st.builds(MaxDrawdown, fractions, then=endings, cooldown=st.sampled_from([0, 0, 3])),
    st.builds(DailyLoss, fractions, then=endings),
)
exposures = st.one_of(
    st.builds(GrossExposure, st.sampled_from([0.3, 0.7, 1.0, 2.0]), cut=st.booleans()),
    st.builds(NetExposure, st.sampled_from([0.3, 0.7, 1.0]), cut=st.booleans()),
    st.builds(PositionLimit, units=st.sampled_from([5.0, 20.0, 60.0]), cut=st.booleans()),
    st.builds(PositionLimit, fraction=st.sampled_from([0.2, 0.6]), cut=st.booleans()),
)
any_risk = st.one_of(
    protective,
    losses,
    exposures,
    st.builds(OrderLimit, units=st.sampled_from([10.0, 40.0]), pending=st.sampled_from([-1, 3])),
    st.builds(OrderLimit, per_session=st.integers(0, 3)),
    st.builds(VolatilityTarget, st.sampled_from([0.2, 2.0]), window=st.sampled_from([2, 4])),
)


def finer_of(bars: Bars, seed: int, rules: Rules) -> Bars:
    """Two bars inside each bar: open to a price between and on to close, extremes in either."""
    rng = np.random.default_rng(seed)
    shape = bars.close.shape
    turn = np.where(rng.random(shape) < 0.5, bars.open, bars.close)
    columns = [np.full((2 * len(bars.times), shape[1]), np.nan) for _ in range(5)]
    for half, (begin, end) in enumerate(((bars.open, turn), (turn, bars.close))):
        with_high = (rng.random(shape) < 0.5) | (half == 1)
        with_low = (rng.random(shape) < 0.5) | (half == 1)
        columns[0][half::2] = begin
        columns[1][half::2] = np.where(with_high, bars.high, np.maximum(begin, end))
        columns[2][half::2] = np.where(with_low, bars.low, np.minimum(begin, end))
        columns[3][half::2] = end
        columns[4][half::2] = bars.volume / 2.0
    times = np.repeat(bars.times, 2) + np.tile([0, DAY // 2], len(bars.times))
    if rules.bar_stamp == BarStamp.CLOSE:
        times -= DAY
    return Bars.from_arrays(times, *columns, assets=bars.assets)


@st.composite
def cases(
    draw,
    rules=TEXTBOOK,
    costs: bool = True,
    missing: bool = True,
    actions: bool = False,
    risk: bool = False,
) -> dict:
    length = draw(st.integers(5, 40))
    assets = draw(st.integers(1, 3))
    commission = Commission()
    slippage = Slippage()
    if costs:
        commission = draw(
            st.sampled_from(
                [
                    Commission(),
                    Commission("percent", 0.001),
                    Commission("per_share", 0.01, minimum=1.0),
                    Commission("per_trade", 2.0),
                ]
            )
        )
        slippage = draw(
            st.sampled_from(
                [
                    Slippage(),
                    Slippage("percent", 0.01),
                    Slippage("fixed", 0.1, beyond_bar=True),
                    Slippage("percent", 0.05, at_open=False, within_bar=False),
                    Slippage("fixed", 0.0, volume_limit=0.1),
                ]
            )
        )
    case = {
        "bars": random_bars(
            draw(st.integers(0, 2**31)),
            length,
            assets,
            missing=draw(st.sampled_from([0.0, 0.2])) if missing else 0.0,
        ),
        "rules": draw(rules),
        "cash": draw(st.sampled_from([300.0, 1_000.0, 10_000.0])),
        "commission": commission,
        "slippage": slippage,
        "instruments": draw(
            st.sampled_from([Instrument(), Instrument(multiplier=5.0, margin=40.0)])
        ),
        "program": sorted(
            draw(st.lists(intents(length, assets), min_size=2, max_size=16)), key=lambda i: i.bar
        ),
    }
    if risk:
        case["risk"] = draw(st.lists(any_risk, min_size=1, max_size=4))
        if draw(st.booleans()):
            case["finer"] = finer_of(case["bars"], length, case["rules"])
        # Positions to see to.
        sizes = draw(st.lists(st.sampled_from([-9.0, 8.0, 40.0]), min_size=assets, max_size=assets))
        case["program"][:0] = [
            Intent(0, n, size, Kind.MARKET, 0.0, 0.0, 0.25, 0, "", -1, short_side=size < 0.0)
            for n, size in enumerate(sizes)
        ]
    if actions:
        case["actions"] = draw(action_rows(case["bars"], case["instruments"].stock_like))
        # Positions to act on.
        sizes = draw(st.lists(st.sampled_from([-5.0, 3.0, 7.0]), min_size=assets, max_size=assets))
        case["program"][:0] = [
            Intent(0, n, size, Kind.MARKET, 0.0, 0.0, 0.25, 0, "", -1, short_side=size < 0.0)
            for n, size in enumerate(sizes)
        ]
    return case


def play(
    case: dict, *, until: int | None = None, skip_idle: bool = False, watch=None
) -> Simulation:
    """Run a case: at each bar first the engine, then the program's calls of that bar.

    watch(sim, t): called between the two.
    """
    bars = case["bars"]
    sim = Simulation(
        bars,
        case["rules"],
        cash=case["cash"],
        commission=case["commission"],
        slippage=case["slippage"],
        instruments=case["instruments"],
        actions=case.get("actions"),
        risk=case.get("risk", ()),
        finer=case.get("finer"),
    )
    todo = list(case["program"])
    for t in range(until if until is not None else len(bars.times)):
        if skip_idle and sim.idle:
            sim.bar = t
        else:
            sim.step(t)
        if watch is not None:
            watch(sim, t)
        while todo and todo[0].bar == t:
            _call(sim, bars, todo.pop(0), t)
    return sim


def _call(sim: Simulation, bars: Bars, intent: Intent, t: int) -> None:
    if intent.cancel >= 0:
        if intent.cancel < len(sim.orders):
            sim.cancel(intent.cancel)
        return
    if intent.change >= 0:
        if intent.change < len(sim.orders):
            order = sim.orders[intent.change]
            size = abs(intent.size) * np.sign(order["size"])
            sim.modify(intent.change, size=size, limit=order["limit"] + intent.limit)
        return
    history = bars.close[: t + 1, intent.asset]
    price = float(history[~np.isnan(history)][-1])
    prices = {
        "limit": max(price + intent.limit, 0.25),
        "stop": max(price + intent.stop, 0.25),
        "trail_amount": intent.trail,
    }
    wanted = {
        Kind.MARKET: (),
        Kind.CLOSE: (),
        Kind.LIMIT: ("limit",),
        Kind.STOP: ("stop",),
        Kind.STOP_LIMIT: ("limit", "stop"),
        Kind.TRAIL: ("trail_amount",),
        Kind.TRAIL_LIMIT: ("trail_amount",),
        Kind.MARKET_IF_TOUCHED: ("stop",),
        Kind.LIMIT_IF_TOUCHED: ("limit", "stop"),
    }[intent.kind]
    expires = int(bars.times[t]) + intent.days * DAY if intent.days else 0
    tif = intent.tif
    if tif == TimeInForce.GTD and not expires:
        tif = TimeInForce.GTC
    if tif >= TimeInForce.AT_OPEN and intent.kind not in (Kind.MARKET, Kind.LIMIT):
        tif = TimeInForce.GTC
    side = ""
    if sim.rules.positioning == Positioning.HEDGING:
        side = "short" if intent.short_side else "long"
    oco = len(sim.orders) - 1 if intent.link == "oco" else -1
    bracket = intent.link == "bracket"
    number = sim.submit(
        intent.asset,
        intent.size,
        intent.kind,
        expires=expires,
        oco=oco,
        tif=tif,
        reduce_only=intent.reduce_only,
        side=side,
        transmit=not bracket,
        **{name: prices[name] for name in wanted},
    )
    if bracket:
        sign = 1.0 if intent.size > 0 else -1.0
        sim.submit(
            intent.asset,
            -intent.size,
            Kind.STOP,
            stop=max(price - sign * intent.trail, 0.25),
            parent=number,
            transmit=False,
            side=side,
        )
        sim.submit(
            intent.asset,
            -intent.size,
            Kind.LIMIT,
            limit=max(price + sign * intent.trail, 0.25),
            parent=number,
            side=side,
        )
