"""Random programs of feeds of feeds: resampled, replayed, filtered, chained; played on both sides.

`FILE REQUEST ANSWER [--adapter]`: the request is a list of programs (`make_program(seed)`), the
answer has the lines that each one wrote. The same file runs in both interpreters.
"""

import datetime
import random

import player

#: What a program may be made of; more is added to a later one, so that seeds keep their meaning.
KINDS = ("resample", "filters", "replay", "chain", "orders")

#: For how many days an order is valid (0: to the end of the day; None: until it is cancelled),
#: by whether bars are days.
VALID = ((None, 0, 1 / 1440, 1 / 144, 1 / 24, 0.3), (None, 0, 1, 3, 5, 8, 20))


def make_program(seed, kind="resample"):
    """A program as JSON: bars, feeds, what a strategy does with them."""
    rng = random.Random(f"{kind} {seed}")
    program = {"kind": kind, "seed": seed, "bases": [], "feeds": [], "actions": []}
    many = kind == "orders"
    if many:
        # Orders of every kind, most of which end at a time, on any of the feeds.
        kind = rng.choice(("resample", "filters", "filters", "replay"))
    for _ in range(1 if rng.random() < 0.6 else 2):
        same = program["bases"] and rng.random() < 0.5
        program["bases"].append(_base(rng, program["bases"][0]["unit"] if same else None))
    for k, base in enumerate(program["bases"]):
        if kind == "chain":
            continue
        if rng.random() < (0.85 if kind != "replay" else 0.4):
            program["feeds"].append({"base": k, "how": "add"})
        for _ in range(rng.choice((1, 1, 2, 3)) if k == 0 else rng.choice((0, 1))):
            if kind == "filters":
                base["filters"] = base.get("filters") or [_filter(rng, base)]
                if rng.random() < 0.6:
                    continue
            how = "replay" if kind == "replay" and rng.random() < 0.7 else "resample"
            program["feeds"].append({"base": k, "how": how, **_longer(rng, base["unit"])})
    if kind == "chain":
        # Each ends after the one before: else rolling over never ends, there too.
        program["bases"] = [_base(rng, "Days", start) for start in range(0, 45, 15)]
        for base in program["bases"]:
            base["count"] = 25
        how = rng.choice(("chain", "roll"))
        feed = {"how": how, "bases": list(range(rng.choice((2, 3))))}
        if how == "roll":
            feed["date"] = rng.choice((None, 5, 9, 12))
            feed["condition"] = rng.choice((None, "volume"))
        program["feeds"].append(feed)
    if not program["feeds"]:
        program["feeds"].append({"base": 0, "how": "add"})
    rng.shuffle(program["feeds"])
    if rng.random() < 0.85:
        # A base that is resampled before it is added itself ends most runs early.
        program["feeds"].sort(key=lambda feed: feed["how"] != "add")
    seen = set()
    for feed in program["feeds"]:
        # A feed that was resampled itself cannot be added again.
        if "base" in feed:
            feed["first"] = feed["base"] not in seen
            seen.add(feed["base"])
    count = len(program["feeds"])
    program["settings"] = rng.choice(({}, {}, {"runonce": False}, {"preload": False}))
    program["coc"] = rng.random() < 0.15
    if not program["coc"] and rng.random() < 0.2:
        program["settings"]["cheat_on_open"] = True
    if rng.random() < 0.5:
        program["settings"]["tz"] = rng.choice((None, None, "US/Eastern", 0))
    for d in range(count):
        if rng.random() < 0.6:
            program["actions"].append(["sma", d, rng.randint(1, 5)])
        if rng.random() < 0.3:
            program["actions"].append(["ema", d, rng.randint(1, 4)])
        if rng.random() < 0.3:
            program["actions"].append(["count", d])
    if count > 1 and rng.random() < 0.4:
        a, b = rng.sample(range(count), 2)
        program["actions"].append(["coupled", a, b])
    for _ in range(rng.choice((0, 0, 2, 5)) + 10 * many):
        order = rng.choice(("Market", "Market", "Close", "Limit", "Stop", "StopLimit", "StopTrail"))
        program["actions"].append(
            [
                "order",
                rng.randint(1, 60),
                rng.randrange(count),
                rng.choice((-3, -1, 1, 2)),
                order,
                rng.choice((0.97, 0.99, 1.0, 1.01, 1.03)),
                rng.choice(VALID[program["bases"][0]["unit"] == "Days"]) if many else None,
            ]
        )
    return program


def _base(rng, unit=None, start=0):
    unit = unit or rng.choice(("Days", "Days", "Minutes", "Minutes", "Minutes", "Seconds"))
    base = {"unit": unit, "seed": rng.randint(0, 10**6), "start": start}
    base["compression"] = 1
    base["missing"] = rng.choice((0.0, 0.0, 0.1, 0.4))
    base["late"] = 0.05 if rng.random() < 0.1 else 0.0
    if unit == "Days":
        base["count"] = 20 if start or rng.random() < 0.2 else rng.choice((25, 60, 90))
        base["ends"] = rng.random() < 0.5
    else:
        base["compression"] = rng.choice((1, 1, 5, 15) if unit == "Minutes" else (1, 5, 30))
        base["days"] = rng.choice((1, 2, 5))
        base["count"] = rng.choice((8, 20, 30))
        base["open"] = rng.choice(([9, 0, 0], [9, 30, 0], [9, 31, 0], [22, 50, 0], [9, 7, 13]))
        base["half"] = rng.random() < 0.3
    if rng.random() < 0.4:
        base["sessionend"] = rng.choice(([16, 0], [10, 0], [9, 45], [17, 15]))
    if rng.random() < 0.15:
        base["tz"] = rng.choice(("US/Eastern", "Asia/Tokyo"))
    if rng.random() < 0.1:
        base["fromday"] = 1
    return base


def _longer(rng, unit):
    """Parameters of a resampled or replayed feed."""
    choices = {
        "Days": ("Days", "Weeks", "Weeks", "Months", "Years"),
        "Minutes": ("Minutes", "Minutes", "Minutes", "Days", "Weeks"),
        "Seconds": ("Seconds", "Minutes", "Minutes", "Days", "Ticks"),
    }
    out = {"timeframe": rng.choice(choices[unit])}
    lengths = {"Minutes": (1, 2, 5, 10, 15, 30, 60), "Seconds": (5, 10, 15, 60), "Ticks": (1,)}
    out["compression"] = rng.choice(lengths.get(out["timeframe"], (1, 1, 2, 3)))
    more = {
        "bar2edge": False,
        "adjbartime": rng.random() < 0.5,
        "rightedge": False,
        "boundoff": rng.choice((1, 2, 7)),
        "takelate": False,
    }
    return {**out, **{name: more[name] for name in more if rng.random() < 0.2}}


def _filter(rng, base):
    unit = base["unit"]
    days = [
        ["CalendarDays", {"fill_price": rng.choice((-1, 0, 12.5)), "fill_vol": 5.0}],
        ["DaySplitter_Close", {"closevol": rng.choice((0.5, 0.25))}],
    ]
    within = [
        ["SessionFilter", {}],
        ["SessionFilterSimple", {}],
    ]
    filler = ["SessionFiller", {"fill_vol": 1.0, "skip_first_fill": rng.random() < 0.5}]
    if unit == "Minutes" and "sessionend" in base:
        # Else it fills up to midnight.
        base["days"] = 2
        within.append(filler)
    both = [
        ["HeikinAshi", {}],
        ["Renko", {"size": rng.choice((None, 1.0, 2.5)), "hilo": rng.random() < 0.5}],
        ["Renko", {"dynamic": True, "autosize": 30.0, "align": 0.5, "roundstart": False}],
        ["own", {}],
        ["simple", {}],
    ]
    return rng.choice(both + (days if unit == "Days" else within))


# Playing


def rows_of(base):
    """(time, open, high, low, close, volume) of a base feed."""
    rng = random.Random(base["seed"])
    times = []
    if base["unit"] == "Days":
        day = datetime.datetime(2020, 12, 14) + datetime.timedelta(days=base["start"])
        while len(times) < base["count"]:
            if day.weekday() < 5:
                times.append(day)
            day += datetime.timedelta(days=1)
        if base["ends"]:
            times = [t.replace(hour=23, minute=59, second=59, microsecond=999990) for t in times]
    else:
        step = datetime.timedelta(**{base["unit"].lower(): base["compression"]})
        for d in range(base["days"]):
            now = datetime.datetime(2020, 12, 30, *base["open"]) + datetime.timedelta(days=d)
            count = base["count"] // 2 if base["half"] and d == 1 else base["count"]
            for _ in range(count):
                times.append(now)
                now += step
    times = [t for t in times if rng.random() >= base["missing"]] or times[:1]
    for i in range(1, len(times)):
        if rng.random() < base["late"]:
            times[i] = times[i - 1]
    out, close = [], 50.0
    for time in times:
        open_ = max(5.0, close + rng.randint(-4, 4) / 4)
        close = max(5.0, open_ + rng.randint(-8, 8) / 4)
        high = max(open_, close) + rng.randint(0, 4) / 4
        low = min(open_, close) - rng.randint(0, 4) / 4
        out.append((time, open_, high, low, close, float(rng.randint(1, 90) * 100)))
    return out


def make_feed(bt, base, name):
    class Made(bt.feeds.DataBase):
        def start(self):
            super().start()
            self.rows = iter(rows_of(base))

        def _load(self):
            row = next(self.rows, None)
            if row is None:
                return False
            self.lines.datetime[0] = bt.date2num(row[0])
            fields = ("open", "high", "low", "close", "volume")
            for field, value in zip(fields, row[1:]):  # noqa: B905
                getattr(self.lines, field)[0] = value
            self.lines.openinterest[0] = 0.0
            return True

    settings = {"timeframe": getattr(bt.TimeFrame, base["unit"])}
    settings["compression"] = base["compression"]
    if "sessionend" in base:
        settings["sessionend"] = datetime.time(*base["sessionend"])
        settings["sessionstart"] = datetime.time(9, 15)
    if "tz" in base:
        settings["tz"] = base["tz"]
    if "fromday" in base:
        settings["fromdate"] = rows_of(base)[0][0] + datetime.timedelta(hours=1)
    feed = Made(name=name, **settings)
    for kind, kwargs in base.get("filters", ()):
        if kind == "own":
            feed.addfilter(OwnFilter)
        elif kind == "simple":
            feed.addfilter_simple(lambda data: data.close[0] > data.open[0] + 1.0)
        elif kind == "SessionFilterSimple":
            feed.addfilter_simple(bt.filters.SessionFilterSimple, **kwargs)
        else:
            feed.addfilter(getattr(bt.filters, kind), **kwargs)
    return feed


class OwnFilter:
    """Doubles every third bar, leaves out every fourth."""

    def __init__(self, data):
        self.seen = 0

    def __call__(self, data):
        self.seen += 1
        if self.seen % 4 == 0:
            data.backwards()
            return True
        if self.seen % 3 == 0:
            bar = [line[0] for line in data.lines]
            bar[data.DateTime] += 1e-4
            data._add2stack(bar)
        return False


def make_strategy(bt, program, out):
    class Count(bt.Indicator):
        lines = ("calls",)
        calls = 0

        def prenext(self):
            self.next()

        def next(self):
            self.calls += 1
            self.lines.calls[0] = self.calls + self.data.close[0]

    class Player(bt.Strategy):
        def __init__(self):
            self.watched = []
            for kind, *arguments in program["actions"]:
                if kind == "sma":
                    self.watched.append(bt.ind.SMA(self.datas[arguments[0]], period=arguments[1]))
                elif kind == "ema":
                    self.watched.append(bt.ind.EMA(self.datas[arguments[0]], period=arguments[1]))
                elif kind == "count":
                    self.watched.append(Count(self.datas[arguments[0]]))
                elif kind == "coupled":
                    a, b = (self.datas[k] for k in arguments)
                    self.watched.append(a.close - b.close())

        def start(self):
            self.base = next(bt.Order.refbasis)
            self.due = [a[1:] for a in program["actions"] if a[0] == "order"]
            self.round = 0

        def notify_order(self, order):
            x = order.executed
            out.append(
                f"order {order.ref - self.base} {order.getstatusname()} {order.data._name} "
                f"{x.size} {x.price!r} {x.dt!r} {x.pnl!r} {len(self)}"
            )

        def notify_trade(self, trade):
            out.append(f"trade {trade.data._name} {trade.size} {trade.pnl!r} {trade.barlen}")

        def look(self, where):
            self.round += 1
            parts = [where, str(len(self)), repr(self.datetime[0]), str(self.datetime.datetime(0))]
            for data in self.datas:
                if len(data):
                    bar = [line[0] for line in data.lines]
                    parts.append(f"{data._name} {len(data)} {bar}")
                    if len(data) > 1:
                        parts.append(f"{data.close[-1]!r} {data.datetime[-1]!r}")
                    parts.append(str(data.datetime.datetime(0)))
            parts += [repr(one[0]) if len(one) else "-" for one in self.watched]
            parts.append(repr(self.broker.getvalue()))
            out.append(" | ".join(parts))
            for count, d, size, kind, factor, valid in self.due:
                data = self.datas[d]
                if count == self.round and len(data):
                    call = self.buy if size > 0 else self.sell
                    kwargs = {"exectype": getattr(bt.Order, kind)}
                    if kind not in ("Market", "Close"):
                        kwargs["price"] = data.close[0] * factor
                    if kind == "StopLimit":
                        kwargs["plimit"] = data.close[0]
                    if kind == "StopTrail":
                        kwargs["trailamount"] = 1.0
                    if valid is not None:
                        kwargs["valid"] = datetime.timedelta(days=valid)
                    call(data=data, size=abs(size), **kwargs)

        def prenext(self):
            self.look("prenext")

        def next(self):
            self.look("next")

    return Player


def play(bt, program):
    """What a program wrote."""
    out = []
    bases = [make_feed(bt, base, f"b{k}") for k, base in enumerate(program["bases"])]
    cerebro = bt.Cerebro(stdstats=False)
    for n, feed in enumerate(program["feeds"]):
        name = f"d{n}"
        if feed["how"] == "chain":
            cerebro.chaindata(*[bases[k] for k in feed["bases"]], name=name)
        elif feed["how"] == "roll":
            kwargs = {}
            if feed["date"] is not None:
                kwargs["checkdate"] = lambda dt, d, feed=feed: len(d) > feed["date"]
            if feed["condition"]:
                kwargs["checkcondition"] = lambda d0, d1: d1.volume[0] > d0.volume[0]
            cerebro.rolloverdata(*[bases[k] for k in feed["bases"]], name=name, **kwargs)
        elif feed["how"] == "add":
            base = bases[feed["base"]]
            cerebro.adddata(base if feed["first"] else base.clone(), name=name)
        else:
            names = ("compression", "bar2edge", "adjbartime", "rightedge", "boundoff", "takelate")
            kwargs = {k: feed[k] for k in names if k in feed}
            kwargs["timeframe"] = getattr(bt.TimeFrame, feed["timeframe"])
            base = bases[feed["base"]]
            if not feed["first"] and not any(base is data for data in cerebro.datas):
                base = base.clone()
            method = cerebro.replaydata if feed["how"] == "replay" else cerebro.resampledata
            method(base, name=name, **kwargs)
    cerebro.broker.setcash(100000.0)
    cerebro.broker.set_coc(program["coc"])
    cerebro.addstrategy(make_strategy(bt, program, out))
    try:
        cerebro.run(**program["settings"])
    except Exception as error:
        # How far the feeds were read then is not compared.
        text = str(error)[:160] if type(error).__name__ != "IndexError" else ""
        return [*out, f"ended by {type(error).__name__}: {text}"]
    out.append(repr(cerebro.broker.getvalue()))
    out += [f"{d._name} {len(d)} {d._timeframe} {d._compression}" for d in cerebro.datas]
    return out


def answer(programs):
    import backtrader as bt

    return [play(bt, program) for program in programs]


if __name__ == "__main__":
    player.play(answer)
