"""Generated order programs, and a strategy that plays one and writes down all that it sees.

A program is plain JSON: bars, broker settings, and for each bar what the strategy sends. The
player uses only the framework's public names and runs in either interpreter, as the script

    python backtrader_programs.py REQUEST ANSWER [--adapter]

REQUEST is a list of programs, ANSWER a list of what each one showed (see `play`).
`python backtrader_programs.py SEED` prints the program of a seed.
"""

from __future__ import annotations

import datetime
import json
import sys

import numpy as np
import player

DAY = 86_400_000_000_000
HOUR = DAY // 24
START = 1_704_067_200_000_000_000  # 2024-01-01, a Monday

# ---------------------------------------------------------------- programs


class Draw:
    """A seeded generator with the few choices that programs are made of."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def pick(self, *options):
        return options[int(self.rng.integers(len(options)))]

    def whole(self, low: int, high: int) -> int:
        """low <= n <= high."""
        return int(self.rng.integers(low, high + 1))


def make_program(seed: int) -> dict:
    """The program of a seed. Each draws a few features, so that they meet in many mixtures."""
    d = Draw(seed)
    hourly = d.chance(0.3)
    clock = _clock(d, hourly)
    tick = d.pick(0.01, 0.25, 0.25, 1.0)
    count = d.pick(1, 1, 1, 2, 2, 3)
    session_end = None
    if hourly:
        session_end = d.pick(None, None, "16:00", "13:30", "17:30")
    elif d.chance(0.15):
        session_end = d.pick("00:00", "16:00")
    datas = [_bars(d, clock, tick, n, count > 1) for n in range(count)]
    program = {
        "seed": seed,
        "datas": datas,
        "hourly": hourly,
        "session_end": session_end,
        "tick": tick,
        "warmup": d.pick(0, 0, 0, 3, 5),
        "run": d.pick({}, {}, {}, {"runonce": False}, {"quicknotify": True}, {"exactbars": -1}),
        **_broker(d),
        **_sizer(d),
    }
    _actions(d, program, len(clock))
    return program


def _clock(d: Draw, hourly: bool) -> list[int]:
    bars = d.whole(15, 60)
    if not hourly:
        return [START + n * DAY + (n // 5) * 2 * DAY for n in range(bars)]
    per_day = d.pick(4, 7)
    first = d.pick(9, 10)
    return [START + (n // per_day) * DAY + (first + n % per_day) * HOUR for n in range(bars)]


def _bars(d: Draw, clock: list[int], tick: float, n: int, several: bool) -> dict:
    """Prices on a tick grid: gaps, ties, bars without a range, now and then a jump."""
    low, high = 0, len(clock)
    if several and d.chance(0.3):
        low = d.whole(1, len(clock) // 3)
    if several and d.chance(0.3):
        high = len(clock) - d.whole(1, len(clock) // 3)
    holes = d.pick(0.0, 0.0, 0.1, 0.3) if several else 0.0
    times = [t for k, t in enumerate(clock) if low <= k < high and not d.chance(holes)]
    while len(times) < 6:
        times = clock[:6]
    reach = d.pick(2, 4, 8)
    calm = d.pick(0.0, 0.2, 0.5)
    close = d.whole(100, 400)
    rows = []
    for _ in times:
        gap = d.whole(-reach, reach) if d.chance(0.4) else 0
        if d.chance(0.03):
            gap *= 4
        open_ = max(close + gap, 20)
        if d.chance(0.1):
            close = top = bottom = open_
        else:
            close = open_ if d.chance(calm) else max(open_ + d.whole(-reach, reach), 20)
            top = max(open_, close) + (0 if d.chance(0.3) else d.whole(0, reach))
            bottom = min(open_, close) - (0 if d.chance(0.3) else d.whole(0, reach))
        volume = 0 if d.chance(0.03) else d.whole(1, 5000)
        rows.append([round(p * tick, 6) for p in (open_, top, bottom, close)] + [volume])
    return {"name": f"data{n}" if d.chance(0.5) else "abc"[n], "times": times, "rows": rows}


def _broker(d: Draw) -> dict:
    """Cash, commission schemes, slippage and the broker's switches."""
    settings = {"cash": d.pick(150.0, 1_000.0, 5_000, 100_000.0, 1_000_000.0)}
    if d.chance(0.25):
        settings["checksubmit"] = False
    if d.chance(0.25):
        settings["shortcash"] = False
    cheat = d.pick(None, None, None, None, None, "coc", "coc", "coo", "coo", "both")
    if cheat in ("coc", "both"):
        settings["coc"] = True
    opens = cheat in ("coo", "both")
    if d.chance(0.4):
        flags = {k: d.chance(0.5) for k in ("slip_open", "slip_match", "slip_limit", "slip_out")}
        if d.chance(0.5):
            settings["slippage_perc"] = {"perc": d.pick(0.001, 0.01, 0.05), **flags}
        else:
            settings["slippage_fixed"] = {"fixed": d.pick(0.01, 0.25, 1.0, 3.0), **flags}
    schemes = []
    if d.chance(0.7):
        schemes.append(_scheme(d))
    if d.chance(0.2):
        schemes.append({**_scheme(d), "name": 0})
    for scheme in schemes:
        if d.chance(0.2):
            scheme |= {"interest": d.pick(0.05, 0.4), "interest_long": d.chance(0.5)}
        if d.chance(0.25):
            own = [name for name in OWN_METHODS if d.chance(0.4)]
            scheme["own"] = own or [d.pick(*OWN_METHODS)]
    if d.chance(0.2):
        settings["int2pnl"] = False
    if d.chance(0.2):
        settings["fundmode"] = True
    if d.chance(0.25):
        settings["filler"] = d.pick(
            ["FixedSize", {}],
            ["FixedSize", {"size": d.pick(1, 3, 100)}],
            ["FixedBarPerc", {"perc": d.pick(0.1, 1.0, 50.0)}],
            ["BarPointPerc", {"minmov": d.pick(0.05, 1.0), "perc": d.pick(1.0, 20.0)}],
            ["half", {}],
            ["third", {}],
        )
    return {
        "broker": settings,
        "commissions": schemes,
        "cerebro": {"cheat_on_open": True} if opens else {},
    }


def _scheme(d: Draw) -> dict:
    form = d.pick("percent", "percent", "future", "future", "fixed", "levered", "auto", "own")
    if form == "percent":
        return {"commission": d.pick(0.0, 0.001, 0.01)}
    if form == "future":
        return {
            "commission": d.pick(0.0, 1.0, 2.5),
            "margin": d.pick(5.0, 20.0, 150.0),
            "mult": d.pick(1.0, 2.0, 10.0),
        }
    if form == "fixed":
        return {"commission": d.pick(0.5, 2.0), "commtype": 1, "stocklike": True}
    if form == "levered":
        scheme = {"commission": d.pick(0.0, 0.002), "leverage": d.pick(2.0, 10.0)}
        if d.chance(0.3):
            scheme["mult"] = d.pick(2.0, 0.5)
        return scheme
    if form == "auto":
        return {
            "commission": d.pick(0.0, 1.0),
            "automargin": d.pick(-1, 0.1, 0.5),
            "mult": d.pick(1.0, 5.0),
            "commtype": 1,
            "stocklike": False,
            "margin": d.pick(None, 10.0),
        }
    return {
        "commission": d.pick(0.5, 2.0),
        "commtype": d.pick(0, 1),
        "percabs": d.chance(0.5),
        "stocklike": d.chance(0.5),
        "margin": d.pick(None, 30.0, 0.0),
        "mult": d.pick(1.0, 3.0),
        "leverage": d.pick(1.0, 4.0),
    }


#: Methods of a commission class that a program replaces, with results of their own.
OWN_METHODS = (
    "_getcommission",
    "getcommission",
    "confirmexec",
    "get_margin",
    "getvaluesize",
    "getoperationcost",
    "getvalue",
    "get_leverage",
    "profitandloss",
    "cashadjust",
    "get_credit_interest",
    "_get_credit_interest",
    "getsize",
)


def own_class(bt, names):
    """A commission class with its own methods of these names: each near the built-in's, not it."""

    def near(name, factor):
        def method(self, *args):
            return getattr(super(cls, self), name)(*args) * factor

        return method

    def commission(self, size, price, pseudoexec):
        if not pseudoexec:
            self.units = getattr(self, "units", 0) + abs(size)
        least = 0.5 if getattr(self, "units", 0) < 20 else 0.25
        return max(least, abs(size) * price * 0.002)

    def cashadjust(self, size, price, newprice):
        return size * (newprice - price) * 0.5

    def interest(self, data, pos, dt):
        return abs(pos.size) * 0.01 * (dt.date() - pos.datetime.date()).days

    def size(self, price, cash):
        return int(cash // price)

    methods = {
        "_getcommission": commission,
        "getcommission": near("getcommission", 1.5),
        "confirmexec": near("confirmexec", 2.0),
        "get_margin": lambda self, price: price * 0.2 + 1.0,
        "getvaluesize": near("getvaluesize", 0.9),
        "getoperationcost": near("getoperationcost", 0.8),
        "getvalue": near("getvalue", 0.8),
        "get_leverage": lambda self: 1.5,
        "profitandloss": near("profitandloss", 1.25),
        "cashadjust": cashadjust,
        "get_credit_interest": interest,
        "_get_credit_interest": near("_get_credit_interest", 2.0),
        "getsize": size,
    }
    cls = type("Own", (bt.CommInfoBase,), {name: methods[name] for name in names})
    return cls


def filler_of(bt, name, options):
    """A filler: a built-in one, or a function."""

    def half(order, price, ago):
        return abs(order.executed.remsize) / 2 if len(order.data) % 3 else 0

    def third(order, price, ago):
        return min(abs(order.executed.remsize), 3)

    functions = {"half": half, "third": third}
    return functions[name] if name in functions else getattr(bt.fillers, name)(**options)


def _sizer(d: Draw) -> dict:
    return {
        "sizer": d.pick(
            None,
            None,
            ["FixedSize", {"stake": d.whole(1, 30)}],
            ["FixedSize", {"stake": 2.5}],
            ["PercentSizer", {"percents": d.pick(10, 20, 50)}],
            ["PercentSizerInt", {"percents": 30}],
            ["AllInSizer", {}],
            ["FixedReverser", {"stake": d.whole(1, 5)}],
            ["FixedSize", {"stake": d.whole(4, 30), "tranches": 3}],
            ["FixedSizeTarget", {"stake": d.whole(4, 12), "tranches": d.pick(1, 2)}],
            ["AllInSizerInt", {}],
        )
    }


KINDS = ("Market", "Close", "Limit", "Stop", "StopLimit", "StopTrail", "StopTrailLimit")


class Taste:
    """What one program is about: kinds, sizes and the odds of everything else."""

    def __init__(self, d: Draw) -> None:
        few = d.whole(1, len(KINDS))
        self.kinds = [KINDS[k] for k in d.rng.permutation(len(KINDS))[:few]]
        if d.chance(0.6):
            self.kinds.append("Market")
        self.sizes = d.pick("int", "int", "int", "quarter", "tenth", "mixed")
        self.large = d.pick(0.0, 0.0, 0.1, 0.4)
        self.unsized = d.pick(0.0, 0.0, 0.2, 0.8)
        self.busy = d.pick(0.15, 0.4, 0.8)
        self.valid = d.pick(0.0, 0.0, 0.3)
        self.oco = d.pick(0.0, 0.0, 0.3, 0.7)
        self.parent = d.pick(0.0, 0.0, 0.2)
        self.park = d.pick(0.0, 0.0, 0.2)
        self.trade_ids = d.pick(0.0, 0.0, 0.5)
        self.reach = d.pick(2, 5, 10)
        self.replies = d.pick(0.0, 0.0, 0.1, 0.4)
        self.honest = d.pick(0.0, 0.0, 0.4)
        ops = {
            "buy": d.pick(4, 8),
            "sell": d.pick(4, 8),
            "close": d.pick(0, 1, 3),
            "cancel": d.pick(0, 1, 4),
            "target": d.pick(0, 0, 3),
            "bracket": d.pick(0, 0, 3, 8),
            "group": d.pick(0, 0, 3),
            "cash": d.pick(0, 0, 0, 1),
            "values": d.pick(0, 0, 1),
            "set": d.pick(0, 0, 0, 1),
        }
        self.ops = [name for name, weight in ops.items() for _ in range(weight)]


def _actions(d: Draw, program: dict, bars: int) -> None:
    taste = Taste(d)
    count = len(program["datas"])
    opens = bool(program["cerebro"])

    def some(odds: float) -> list:
        actions = []
        while d.chance(odds) and len(actions) < 5:
            actions += _action(d, taste, count)
        return actions

    program["bars"] = [some(taste.busy) for _ in range(bars)]
    program["opens"] = [some(taste.busy) for _ in range(bars)] if opens else []
    program["on_order"] = [some(taste.replies) for _ in range(100)] if taste.replies else []
    program["on_trade"] = [some(taste.replies / 2) for _ in range(30)] if taste.replies else []


def _action(d: Draw, taste: Taste, count: int) -> list[dict]:
    op = d.pick(*taste.ops)
    data = d.whole(0, count - 1)
    if op == "cancel":
        return [{"op": "cancel", "order": ["order", d.whole(1, 8)]}]
    if op in ("cash", "values"):
        return [{"op": op, "amount": d.pick(500.0, 100, -50.0), "data": data}]
    if op == "set":
        return [{"op": op, "data": data, **_setting(d)}]
    if op in ("buy", "sell"):
        return [{"op": op, "data": data, "args": _order(d, taste, op)}]
    if op == "close":
        args = {}
        if d.chance(0.3):
            args["size"] = _size(d, taste)
        if d.chance(0.3):
            args |= _pricing(d, taste, d.pick("buy", "sell"))
        return [{"op": op, "data": data, "args": args}]
    if op == "target":
        how = d.pick("size", "value", "percent")
        target = {
            "size": d.pick(0, d.whole(-10, 10), 2.5),
            "value": d.pick(0.0, float(d.whole(-2000, 5000))),
            "percent": d.pick(0.0, 0.1, 0.5, 0.9, -0.3),
        }[how]
        args = {"target": target}
        if d.chance(0.2):
            args |= _pricing(d, taste, d.pick("buy", "sell"))
        return [{"op": f"order_target_{how}", "data": data, "args": args}]
    side = d.pick("buy", "sell")
    if op == "bracket":
        return [{"op": f"{side}_bracket", "data": data, "args": _bracket(d, taste, side)}]
    return _group(d, taste, side, data, count)


def _setting(d: Draw) -> dict:
    """A change of the broker's settings while the script runs."""
    name = d.pick(
        "commission", "commission", "slippage_perc", "slippage_fixed", "cash", "shortcash"
    )
    if name == "commission":
        return {"setting": "setcommission", "args": _scheme(d), "named": d.chance(0.5)}
    values = {
        "slippage_perc": {"perc": d.pick(0.0, 0.01)},
        "slippage_fixed": {"fixed": d.pick(0.25, 1.0), "slip_out": d.chance(0.5)},
        "cash": {"cash": d.pick(500.0, 5_000, 50_000.0)},
        "shortcash": {"shortcash": d.chance(0.5)},
    }
    return {"setting": f"set_{name}", "args": values[name], "named": False}


def _order(d: Draw, taste: Taste, side: str) -> dict:
    args = _pricing(d, taste, side)
    if not d.chance(taste.unsized):
        args["size"] = _size(d, taste)
    if d.chance(taste.oco):
        args["oco"] = ["order", d.pick(1, 1, 1, 2, 3, 6)]
    if d.chance(taste.parent):
        args["parent"] = ["order", d.pick(1, 1, 2, 3, 6)]
    if d.chance(taste.park):
        args["transmit"] = False
    if d.chance(taste.trade_ids):
        args["tradeid"] = d.whole(0, 2)
    if d.chance(taste.honest):
        args["coc"] = False
    return args


def _size(d: Draw, taste: Taste):
    form = taste.sizes
    if form == "mixed":
        form = d.pick("int", "quarter", "tenth")
    if d.chance(taste.large):
        return d.pick(100, 1000, 10_000)
    if form == "int":
        return d.whole(1, 12)
    return d.whole(1, 20) * (0.25 if form == "quarter" else 0.1)


def _pricing(d: Draw, taste: Taste, side: str) -> dict:
    """Kind, prices and validity. Prices are in ticks from the close of the bar of the order."""
    kind = d.pick(*taste.kinds)
    sign = 1 if side == "buy" else -1
    near, far = -taste.reach // 3, taste.reach

    def away() -> list:
        return ["ticks", sign * d.whole(near, far)]

    def inside() -> list:
        return ["ticks", -sign * d.whole(near, far)]

    args: dict = {} if kind == "Market" and d.chance(0.5) else {"exectype": kind}
    if kind in ("Market", "Close"):
        if d.chance(0.05):
            args["price"] = away()
    elif kind == "Limit":
        if d.chance(0.9):
            args["price"] = inside()
        elif d.chance(0.5):
            args["plimit"] = inside()
    elif kind in ("Stop", "StopLimit"):
        if d.chance(0.93):
            args["price"] = away()
        if kind == "StopLimit" and d.chance(0.9):
            args["plimit"] = d.pick(away, inside)()
    else:
        if d.chance(0.3):
            args["price"] = d.pick(away, inside)()
        if kind == "StopTrailLimit" and d.chance(0.7):
            args["plimit"] = d.pick(away, inside)()
        if d.chance(0.6):
            args["trailamount"] = ["size of", d.whole(0, taste.reach)]
        if "trailamount" not in args or d.chance(0.1):
            args["trailpercent"] = d.pick(0.002, 0.01, 0.03, 0.1)
    if d.chance(taste.valid):
        args["valid"] = d.pick(
            ["date", d.whole(-1, 6)],
            ["datetime", d.whole(-5, 200) * 3600],
            ["timedelta", d.whole(0, 100) * 3600],
            ["timedelta", 0],
            0,
            d.pick(0.5, 3, 1_000_000.0),
            None,
        )
    return args


def _bracket(d: Draw, taste: Taste, side: str) -> dict:
    sign = 1 if side == "buy" else -1
    args: dict = {"price": ["ticks", -sign * d.whole(-2, 4)]}
    if d.chance(0.2):
        args["price"] = None
    if not d.chance(taste.unsized):
        args["size"] = _size(d, taste)
    if d.chance(0.4):
        args["exectype"] = d.pick("Market", "Stop", "Limit", "Close")
    args["stopprice"] = ["ticks", -sign * d.whole(1, taste.reach)]
    args["limitprice"] = ["ticks", sign * d.whole(1, taste.reach)]
    if d.chance(0.15):
        args["stopexec"] = None
    elif d.chance(0.25):
        args["stopexec"] = "StopTrail"
        args["stopargs"] = {"trailamount": ["size of", d.whole(1, taste.reach)]}
        if d.chance(0.5):
            args["stopprice"] = None
    elif d.chance(0.15):
        args["stopexec"] = "StopLimit"
        args["stopargs"] = {"plimit": ["ticks", -sign * d.whole(1, taste.reach)]}
    if d.chance(0.15):
        args["limitexec"] = None
    elif d.chance(0.15):
        args["limitexec"] = d.pick("Market", "Stop", "Close")
    if d.chance(0.1):
        args["limitargs"] = {"valid": ["timedelta", d.whole(1, 90) * 3600]}
    if d.chance(taste.valid):
        args["valid"] = ["timedelta", d.whole(1, 200) * 3600]
    if d.chance(0.1):
        args["oargs"] = {"tradeid": 1}
    if d.chance(taste.trade_ids):
        args["tradeid"] = d.whole(0, 2)
    return args


def _group(d: Draw, taste: Taste, side: str, data: int, count: int) -> list[dict]:
    """A bracket made by hand, with every degree of completeness, sometimes across datas."""
    other = "sell" if side == "buy" else "buy"
    first = _pricing(d, taste, side) | {"size": _size(d, taste), "transmit": False}
    actions = [{"op": side, "data": data, "args": first}]
    children = d.whole(1, 3)
    for n in range(1, children + 1):
        args = _pricing(d, taste, other) | {"size": _size(d, taste), "parent": ["order", n]}
        if n < children or d.chance(0.15):
            args["transmit"] = False
        if d.chance(0.1):
            args["oco"] = ["order", d.whole(1, 3)]
        target = d.whole(0, count - 1) if d.chance(0.1) else data
        actions.append({"op": d.pick(other, other, other, side), "data": target, "args": args})
    return actions


# ---------------------------------------------------------------- the player


def make_player(bt):
    """The strategy class that plays a program with the framework `bt`."""

    class Player(bt.Strategy):
        params = (("program", None), ("log", None), ("bases", (0, 0)))

        def __init__(self):
            self.made = []
            self.counts = {"bars": 0, "opens": 0, "on_order": 0, "on_trade": 0}
            if self.p.program["warmup"]:
                self.average = bt.indicators.SMA(self.data, period=self.p.program["warmup"])

        # What is sent

        def act(self, moment):
            n = self.counts[moment]
            self.counts[moment] += 1
            script = self.p.program[moment]
            for action in script[n] if n < len(script) else ():
                try:
                    self.send(action)
                except Exception as error:
                    self.p.log.append(["raised", type(error).__name__, str(error), action["op"]])

        def send(self, action):
            if action["op"] == "cancel":
                order = self.find(action["order"][1])
                if order is not None:
                    self.cancel(order)
                return
            broker = self.broker
            if action["op"] == "cash":
                broker.add_cash(action["amount"])
                return
            data = self.datas[action["data"]]
            if not len(data):
                return
            if action["op"] == "set":
                named = {"name": data._name} if action["named"] else {}
                getattr(broker, action["setting"])(**action["args"], **named)
                return
            if action["op"] == "values":
                held = [d for d in self.datas if len(d) and self.getposition(d).size]
                self.p.log.append(
                    plain(
                        [
                            "values",
                            broker.getvalue(mkt=True),
                            broker.getvalue(lever=True),
                            broker.getvalue(mkt=True, lever=True),
                            broker.getvalue([data], lever=True),
                            broker.get_leverage(),
                            broker.getvalue(held) if len(held) > 1 else None,
                            broker.getvalue(),
                            broker.getcash(),
                            broker.fundvalue,
                            broker.fundshares,
                        ]
                    )
                )
                return
            self.scale = data
            args = self.resolve(action["args"])
            done = getattr(self, action["op"])(data=data, **args)
            orders = done if isinstance(done, list) else [done]
            self.p.log.append(["sent", action["op"], [o and self.number(o) for o in orders]])
            self.made += [o for o in orders if o is not None]

        def find(self, back):
            return self.made[-back] if back <= len(self.made) else None

        def resolve(self, args):
            return {name: self.value(name, value) for name, value in args.items()}

        def value(self, name, value):
            if isinstance(value, dict):
                return self.resolve(value)
            if isinstance(value, list):
                form, number = value
                tick = self.p.program["tick"]
                now = self.scale.datetime.datetime(0)
                if form == "ticks":
                    return round(self.scale.close[0] + number * tick, 6)
                if form == "size of":
                    return round(number * tick, 6)
                if form == "order":
                    return self.find(number)
                if form == "date":
                    return now.date() + datetime.timedelta(days=number)
                if form == "datetime":
                    return now + datetime.timedelta(seconds=number)
                return datetime.timedelta(seconds=number)
            if name in ("exectype", "stopexec", "limitexec") and value is not None:
                return getattr(bt.Order, value)
            return value

        # What is seen

        def number(self, order):
            return order.ref - self.p.bases[0]

        def look(self, moment):
            held = []
            for data in self.datas:
                if len(data):
                    position = self.getposition(data)
                    worth = self.broker.getvalue([data])
                    held.append([len(data), position.size, position.price, worth])
            broker = self.broker
            seen = [moment, len(self), self.datetime[0], broker.getcash(), broker.getvalue(), held]
            self.p.log.append(plain(seen))
            for order in self.made:
                if order.alive():
                    self.p.log.append(
                        plain(
                            [
                                "alive",
                                self.number(order),
                                order.status,
                                order.created.price,
                                order.created.pricelimit,
                                order.executed.remsize,
                                order.active(),
                                order.triggered,
                            ]
                        )
                    )
            pending = [self.number(o) for o in broker.get_orders_open()]
            self.p.log.append(["pending", pending])

        def prenext(self):
            self.look("prenext")
            self.act("bars")

        def nextstart(self):
            self.look("nextstart")
            self.act("bars")

        def next(self):
            self.look("next")
            self.act("bars")

        def prenext_open(self):
            self.p.log.append(["prenext_open", len(self)])
            self.act("opens")

        def nextstart_open(self):
            self.p.log.append(["nextstart_open", len(self)])
            self.act("opens")

        def next_open(self):
            self.p.log.append(["next_open", len(self)])
            self.act("opens")

        def notify_order(self, order):
            self.p.log.append(plain(["order", len(self), *order_row(order, self.p.bases[0])]))
            self.act("on_order")

        def notify_trade(self, trade):
            self.p.log.append(plain(["trade", len(self), *trade_row(trade, self.p.bases[1])]))
            self.act("on_trade")

        def notify_cashvalue(self, cash, value):
            self.p.log.append(plain(["cashvalue", len(self), cash, value]))

        def notify_fund(self, cash, value, fundvalue, shares):
            self.p.log.append(plain(["fund", cash, value, fundvalue, shares]))

        def stop(self):
            self.look("stop")

    return Player


def order_row(order, base) -> list:
    created, executed = order.created, order.executed
    return [
        order.ref - base,
        order.getstatusname(),
        order.ordtypename(),
        order.getordername(),
        order.data._name,
        order.size,
        order.price,
        order.pricelimit,
        order.tradeid,
        order.valid,
        order.alive(),
        order.active(),
        order.triggered,
        order.plen if order.status not in (order.Created, order.Rejected) else None,
        "created",
        created.dt,
        created.size,
        created.price,
        created.pricelimit,
        created.pclose,
        created.remsize,
        created.trailamount,
        created.trailpercent,
        "executed",
        executed.dt,
        executed.size,
        executed.price,
        executed.value,
        executed.comm,
        executed.pnl,
        executed.remsize,
        executed.psize,
        executed.pprice,
        executed.margin,
        len(executed),
        [
            [
                bit.dt,
                bit.size,
                bit.price,
                bit.closed,
                bit.closedvalue,
                bit.closedcomm,
                bit.opened,
                bit.openedvalue,
                bit.openedcomm,
                bit.pnl,
                bit.psize,
                bit.pprice,
            ]
            for bit in executed.iterpending()
        ],
    ]


def trade_row(trade, base) -> list:
    return [
        trade.ref - base,
        trade.data._name,
        trade.tradeid,
        trade.status_names[trade.status],
        trade.size,
        trade.price,
        trade.value,
        trade.commission,
        trade.pnl,
        trade.pnlcomm,
        trade.justopened,
        trade.isopen,
        trade.isclosed,
        getattr(trade, "long", None),
        trade.baropen,
        trade.dtopen,
        trade.barclose,
        trade.dtclose,
        trade.barlen,
    ]


def plain(value):
    """JSON that keeps types apart: whatever is no plain number or text says what it is."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or type(value) in (int, float, bool, str):
        return value
    return f"{type(value).__name__}: {value}"


def make_feed(bt, program: dict, data: dict):
    import pandas as pd

    rows = np.array(data["rows"])
    frame = pd.DataFrame(
        rows,
        columns=["open", "high", "low", "close", "volume"],
        index=pd.DatetimeIndex(np.array(data["times"], dtype="datetime64[ns]")),
    )
    options = {}
    if program["hourly"]:
        options = {"timeframe": bt.TimeFrame.Minutes, "compression": 60}
    if program["session_end"]:
        options["sessionend"] = datetime.time.fromisoformat(program["session_end"])
    # The real PandasData is slow to read.
    return bt.feeds.PandasDirectData(dataname=frame, openinterest=-1, **options)


def play(bt, strategy, program: dict) -> list:
    """Everything that the strategy of the program saw, as a list of records.

    A record is a list that starts with its kind: a call-back's name, `sent`, `alive`, `raised`.
    Order and trade references count from the program's first.
    """
    log = []
    cerebro = bt.Cerebro(stdstats=False, **program["cerebro"])
    for data in program["datas"]:
        cerebro.adddata(make_feed(bt, program, data), name=data["name"])
    broker = cerebro.broker
    for name, value in program["broker"].items():
        if name == "filler":
            broker.set_filler(filler_of(bt, *value))
        elif name.startswith("slippage"):
            getattr(broker, f"set_{name}")(**value)
        else:
            getattr(broker, f"set_{name}")(value)
    for scheme in program["commissions"]:
        scheme = dict(scheme)
        if "name" in scheme:
            scheme["name"] = program["datas"][scheme["name"]]["name"]
        own = scheme.pop("own", None)
        if own:
            name = scheme.pop("name", None)
            broker.addcommissioninfo(own_class(bt, own)(**scheme), name=name)
        else:
            broker.setcommission(**scheme)
    if program["sizer"]:
        name, options = program["sizer"]
        cerebro.addsizer(getattr(bt.sizers, name), **options)
    bases = next(bt.Order.refbasis), next(bt.Trade.refbasis)
    cerebro.addstrategy(strategy, program=program, log=log, bases=bases)
    try:
        cerebro.run(**program["run"])
    except Exception as error:
        log.append(["stopped", type(error).__name__, str(error)])
    return log


def answer(programs: list[dict]) -> list[list]:
    import backtrader as bt

    strategy = make_player(bt)
    return [play(bt, strategy, program) for program in programs]


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(make_program(int(sys.argv[1])), indent=1))
    else:
        player.play(answer)
