"""Generated order programs over minutes: a few sessions of the shared market each.

Used twice, as `zipline_programs.py` is, whose calls and player these are. Nothing but the standard
library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import random

import player
import zipline_market
import zipline_programs as programs

#: Sessions on which something happens overnight; programs begin at most two sessions before one.
EVENTS = ("2015-11-18", "2015-11-25", "2015-11-27", "2015-12-01", "2015-12-02", "2015-12-04",
          "2015-12-09", "2015-12-10", "2015-12-15", "2015-12-16", "2015-12-24")  # fmt: skip


def make_market() -> dict:
    """The shared market with one future, which is not traded.

    Every minute with volume has a price: without one, what a position is worth there depends on
    when the script last looked at it.
    """
    market = zipline_market.make_market()
    return {**market, "futures": market["futures"][:1], "priced": True}


def make_program(seed: int, market: dict) -> dict:
    """One program: its settings, and its calls by session and minute."""
    rng = random.Random(f"minute program {seed}")
    days = zipline_market.sessions(*market["minutes"])
    first = max(days.index(rng.choice(EVENTS)) - rng.choice([0, 1, 1, 2]), 0)
    span = days[first : first + rng.choice([1, 2, 3, 4])]
    assets = rng.sample(range(len(zipline_market.EQUITIES)), rng.choice([2, 3, 4]))
    for ends, day in (("ENDS", "2015-12-04"), ("LAPSES", "2015-12-16")):
        sid = zipline_market.EQUITIES.index(ends)
        if day in span and sid not in assets and rng.random() < 0.7:
            assets[0] = sid
    scale = rng.choice([10, 60, 400])
    calls = []
    for session, day in enumerate(span):
        last = 209 if day in ("2015-11-27", "2015-12-24") else 389
        for _ in range(programs._poisson(rng, rng.choice([2.0, 6.0]))):
            minute = rng.choice([0, 1, last - 1, last, *(rng.randint(0, last) for _ in range(8))])
            calls.append([session, minute, programs._call(rng, assets, scale)])
    looks = [[session, rng.randrange(390)] for session in range(len(span)) for _ in range(3)]
    return {
        "seed": seed,
        "start": span[0],
        "end": span[-1],
        "capital": {10: 10_000.0, 60: 100_000, 400: 10_000_000}[scale],
        "commission": rng.choice(programs.COMMISSIONS),
        "slippage": rng.choice(programs.SLIPPAGES),
        "cancel": rng.choice([None, "NeverCancel", "EODCancel", "EODCancel"]),
        "benchmark": rng.choice([None, None, "asset", "returns"]),
        "assets": assets,
        "schedules": [_schedule(rng, assets, scale) for _ in range(rng.choice([0, 1, 2]))],
        "before": rng.random() < 0.4,
        "quiet": rng.random() < 0.2,  # no handle_data: scheduled functions alone
        "calls": calls,
        "looks": looks,
    }


def _schedule(rng, assets: list[int], scale: float) -> dict:
    name = rng.choice(["every_day", "every_day", "month_start", "week_start", "week_end"])
    time = rng.choice(["market_open", "market_close"])
    return {
        "date": [name, [] if name == "every_day" else [rng.randrange(0, 3)]],
        "time": rng.choice(
            [
                [time, {}],
                [time, {"minutes": rng.randint(1, 400)}],
                [time, {"hours": rng.randint(1, 5), "minutes": rng.choice([0, 7])}],
                ["every_minute", {}],
            ]
        ),
        "half_days": rng.random() < 0.7,
        "calls": [programs._call(rng, assets, scale) for _ in range(rng.randint(1, 3))],
    }


class Player(programs.Player):
    """Plays one program; `log` is everything it saw."""

    frequency, bundle = "minute", "market"

    def __init__(self, program: dict) -> None:
        super().__init__(program)
        self.minute = 0
        self.calls: dict[tuple, list] = {}
        for session, minute, call in program["calls"]:
            self.calls.setdefault((session, minute), []).append(call)
        for session, minute in program["looks"]:
            self.calls.setdefault((session, minute), []).append(None)
        if program["quiet"]:
            self.handle_data = None

    def before_trading_start(self, context, data) -> None:
        # The real one multiplies the time of the last trade here: a TypeError.
        self.fields = tuple(field for field in programs.FIELDS if field != "last_traded")
        super().before_trading_start(context, data)
        self.fields = ()
        self.minute = 0

    def handle_data(self, context, data) -> None:
        from zipline import api

        calls = self.calls.get((self.day, self.minute))
        if calls is not None:
            self.log.append(["minute", self.minute, programs.plain(api.get_datetime(), {})])
            for call in calls:
                if call is None:
                    self.look(context, data)
                else:
                    self.make([call], context, data)
        self.minute += 1


def answer(request: dict) -> list:
    zipline_market.ingest(request["market"])
    return [Player(program).play() for program in request["programs"]]


def request(count: int) -> dict:
    market = make_market()
    return {"market": market, "programs": [make_program(seed, market) for seed in range(count)]}


if __name__ == "__main__":
    player.play(answer)
