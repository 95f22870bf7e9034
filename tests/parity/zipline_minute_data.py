"""Generated calls of `data` in runs over minutes: the calls, and what makes them.

Used twice, as `zipline_data.py` is. Nothing but the standard library, NumPy, pandas and files
beside it may be imported at the top.
"""

from __future__ import annotations

import random

import player
import zipline_data as forms
import zipline_market

FIELDS = forms.FIELDS
#: Sessions that are looked at; on 27 November and 24 December the market closes early.
FIRST, LAST = "2015-11-20", "2015-12-14"
SIDS = range(len(zipline_market.EQUITIES))
FUTURE = 101
SCHEDULED = 45  # minutes after the open


def make_market() -> dict:
    """The shared market, its equities and one future."""
    market = zipline_market.make_market()
    market["futures"] = [one for one in market["futures"] if one["sid"] == FUTURE]
    return market


def make_calls(seed: int, count: int) -> dict:
    """Calls by session and by when they are made: a minute, "before" or "scheduled"."""
    rng = random.Random(f"minute calls {seed}")
    days = zipline_market.sessions(FIRST, LAST)
    calls = []
    for _ in range(count):
        day = rng.choice(days)
        minutes = 210 if day == "2015-11-27" else 390
        when = rng.choice(
            ["before"] * 5 + ["scheduled", 0, 0, 1, 2, 30, minutes - 1]
            + [rng.randrange(minutes) for _ in range(5)]
        )  # fmt: skip
        calls.append([day, when, _call(rng, when == "before")])
    return {"seed": seed, "start": FIRST, "end": LAST, "calls": calls}


def _call(rng, before: bool) -> list:
    """[method, assets, fields, bar count, frequency], see `zipline_data._call`."""
    name = rng.choice(["current"] * 4 + ["history"] * 6 + ["can_trade", "is_stale"])
    assets = forms._some(rng, [*SIDS, FUTURE], ["list", "list", "tuple", "index"])
    if name in ("can_trade", "is_stale"):
        return [name, assets, None, None, None]
    if name == "current":
        # Before the market opens the real one multiplies the time of the last trade.
        known = forms.FIELDS if before else forms.CURRENT_FIELDS
        return [name, assets, forms._some(rng, known, ["list", "list", "tuple"]), None, None]
    fields = forms._some(rng, FIELDS, ["list", "list", "tuple"])
    if before and not isinstance(fields, str):
        # Of several fields the real one adjusts every asset as it does the first.
        assets = ["list", [rng.choice(SIDS)]]
    frequency = rng.choice(["1m", "1m", "1d"])
    count = (
        rng.choice([1, 2, 3, 5, 20, 60, 400, 1000]) if frequency == "1m" else forms._bar_count(rng)
    )
    return [name, assets, fields, count, frequency]


class Player:
    """Makes the calls of one run; `answers` are in their sequence."""

    def __init__(self, run: dict) -> None:
        self.run = run
        self.calls: dict[tuple, list] = {}
        for number, (day, when, call) in enumerate(run["calls"]):
            self.calls.setdefault((day, when), []).append((number, call))
        self.answers: list = [None] * len(run["calls"])

    def initialize(self, context) -> None:
        from zipline.api import schedule_function, sid, time_rules

        self.assets = {number: sid(number) for number in (*SIDS, FUTURE)}
        schedule_function(
            lambda context, data: self.make("scheduled", data),
            time_rule=time_rules.market_open(minutes=SCHEDULED),
        )

    def before_trading_start(self, context, data) -> None:
        self.minute = 0
        self.day = str(data.current_session.date())
        self.make("before", data)

    def handle_data(self, context, data) -> None:
        self.make(self.minute, data)
        self.minute += 1

    def make(self, when, data) -> None:
        for number, call in self.calls.get((self.day, when), ()):
            try:
                self.answers[number] = forms.shown(self.answer(data, *call))
            except Exception as error:
                text = f"{type(error).__name__} {error}"
                self.answers[number] = {"type": "raised", "value": type(error).__name__}
                self.answers[number]["text"] = text

    def answer(self, data, name: str, assets, fields, count, frequency):
        assets = self.given(assets)
        if fields is None:
            return getattr(data, name)(assets)
        fields = fields if isinstance(fields, str) else forms._FORMS[fields[0]](fields[1])
        if name == "current":
            return data.current(assets, fields)
        return data.history(assets, fields, count, frequency)

    def given(self, assets):
        if isinstance(assets, int):
            return self.assets[assets]
        form, sids = assets
        found = [self.assets[sid] for sid in sids]
        if form == "index":
            import pandas as pd

            return pd.Index(found, dtype=object)
        return forms._FORMS[form](found)

    def play(self) -> list:
        import pandas as pd
        from zipline import run_algorithm

        run_algorithm(
            start=pd.Timestamp(self.run["start"]),
            end=pd.Timestamp(self.run["end"]),
            initialize=self.initialize,
            before_trading_start=self.before_trading_start,
            handle_data=self.handle_data,
            capital_base=1e5,
            data_frequency="minute",
            bundle="market",
        )
        return self.answers


def answer(request: dict) -> list:
    zipline_market.ingest(request["market"])
    return [Player(run).play() for run in request["runs"]]


if __name__ == "__main__":
    player.play(answer)
