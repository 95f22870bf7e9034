"""Generated calls of `data`: the market, the calls, and what makes them.

Used twice, as `zipline_programs.py` is: by the test, which generates, and as a script
`zipline_data.py REQUEST ANSWER [--adapter]` in the interpreter of the real framework and in ours.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import math
import random

import player
import zipline_programs as programs

SYMBOLS = ("SPLITS", "PAYS", "LATE", "ENDS", "GAPS")
FIELDS = ("open", "high", "low", "close", "volume", "price")
CURRENT_FIELDS = (*FIELDS, "last_traded")
SESSIONS = 90

# The market


def make_bundle(seed: int) -> dict:
    """Five assets: splits, dividends, a late start, an early end, gaps with actions in them."""
    rng = random.Random(f"data {seed}")
    days = programs.sessions()[:SESSIONS]
    count = len(days)
    assets, splits, mergers, dividends = [], [], [], []
    for sid, symbol in enumerate(SYMBOLS):
        first = 30 if symbol == "LATE" else 0
        last = 60 if symbol == "ENDS" else count - 1
        changes = {
            "SPLITS": {5: 0.5, 20: 2.0, 21: 0.3333, 50: 1.5, 89: 0.25},
            "LATE": {30: 0.5, 45: 0.5},
            "ENDS": {40: 2.0, 61: 0.5},
            "GAPS": {12: 0.5, 33: 0.1, 70: 3.0},
        }.get(symbol, {})
        splits += [[sid, days[day], ratio] for day, ratio in changes.items()]
        if symbol in ("PAYS", "LATE", "GAPS"):
            for day in sorted(rng.sample(range(max(first, 1), count - 5), 8)):
                amount = round(rng.uniform(0.01, 0.8), rng.choice([2, 3, 4]))
                dividends.append([sid, amount, days[day], days[day + rng.choice([0, 2, 4])]])
        if symbol == "PAYS":
            mergers.append([sid, days[40], 0.9])
        price, rows = rng.choice([12.0, 40.0]), []
        for day in range(first, last + 1):
            price = max(price * math.exp(rng.gauss(0, 0.02)) * changes.get(day, 1.0), 0.05)
            row = _row(rng, price)
            if symbol == "GAPS":
                # The first sessions too, whole weeks, and days of splits.
                kind = rng.random()
                if day < 3 or 10 <= day <= 14 or day == 33 or kind < 0.2:
                    row = [None, None, None, None, 0]
                elif kind < 0.35:  # a price and no volume
                    row[4] = 0
            rows.append(row)
        auto_close = days[63] if symbol == "ENDS" else None
        assets.append(
            {
                "sid": sid,
                "symbol": symbol,
                "start": days[first],
                "end": days[last],
                "auto_close": auto_close,
                "rows": rows,
            }
        )
    return {
        "days": days,
        "assets": assets,
        "splits": splits,
        "mergers": mergers,
        "dividends": dividends,
    }


def _row(rng, price: float) -> list:
    close = round(price, rng.choice([2, 2, 3]))
    open_ = round(close * (1 + rng.gauss(0, 0.005)), 3)
    high = round(max(open_, close) * (1 + rng.random() * 0.01), 3)
    low = round(min(open_, close) * (1 - rng.random() * 0.01), 3)
    return [open_, high, low, close, rng.randint(100, 90_000)]


# The calls


def make_calls(seed: int, count: int, days: list[str]) -> dict:
    """Calls by the day and the callback in which they are made."""
    rng = random.Random(f"calls {seed}")
    start = rng.choice([0, 0, 3, 25])
    calls = []
    for _ in range(count):
        day = rng.randrange(start, len(days))
        when = "before" if rng.random() < 0.2 else "handle"
        calls.append([days[day], when, _call(rng)])
    return {"seed": seed, "start": days[start], "end": days[-1], "calls": calls}


def _call(rng) -> list:
    """[method, assets, fields, bar count]; a list of sids or fields is [form, items]."""
    name = rng.choice(["current"] * 4 + ["history"] * 5 + ["can_trade", "is_stale"])
    assets = _some(rng, range(len(SYMBOLS)), ["list", "list", "tuple", "index"])
    if name in ("can_trade", "is_stale"):
        return [name, assets, None, None]
    if name == "current":
        fields = _some(rng, CURRENT_FIELDS, ["list", "list", "tuple"])
        if isinstance(fields, str) and rng.random() < 0.04:
            fields = "no_such_field"
        return [name, assets, fields, None]
    return [name, assets, _some(rng, FIELDS, ["list", "list", "tuple"]), _bar_count(rng)]


def _some(rng, items, forms: list[str]):
    items = list(items)
    if rng.random() < 0.45:
        return rng.choice(items)
    return [rng.choice(forms), rng.sample(items, rng.randint(1, len(items)))]


def _bar_count(rng) -> int:
    return rng.choice([1, 2, 3, 5, 10, 20, 30, 60, rng.randint(1, 90)])


# The player


def shown(value):
    """Any answer as JSON: its type, values, dtypes and labels."""
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.Series):
        return {
            "type": "Series",
            "dtype": typed(value.dtype),
            "name": _item(value.name),
            "index": indexed(value.index),
            "values": [_item(item) for item in value],
        }
    if isinstance(value, pd.DataFrame):
        return {
            "type": "DataFrame",
            "dtypes": [typed(dtype) for dtype in value.dtypes],
            "index": indexed(value.index),
            "columns": indexed(value.columns),
            "values": [[_item(item) for item in value.iloc[:, n]] for n in range(value.shape[1])],
        }
    kind = type(value).__name__
    if isinstance(value, np.generic):
        kind = f"numpy {kind}"
    return {"type": kind, "value": _item(value)}


def typed(dtype) -> str:
    """pandas 3 has a text dtype and other units of time; pandas 2 does not: not our doing."""
    text = str(dtype)
    if text == "str":
        return "object"
    return "datetime64" if text.startswith("datetime64[") and "," not in text else text


def indexed(index) -> dict:
    return {
        "type": type(index).__name__,
        "dtypes": [typed(index.get_level_values(n).dtype) for n in range(index.nlevels)],
        "names": [_item(name) for name in index.names],
        "labels": [_item(label) for label in index],
    }


def _item(value):
    """One value, as `zipline_programs.plain` shows it; a tuple is the label of several levels."""
    if isinstance(value, tuple):
        return [_item(item) for item in value]
    return programs.plain(value, {})


class Player:
    """Makes the calls of one run; `answers` are in their sequence."""

    def __init__(self, run: dict) -> None:
        self.run = run
        self.calls: dict[tuple[str, str], list] = {}
        for number, (day, when, call) in enumerate(run["calls"]):
            self.calls.setdefault((day, when), []).append((number, call))
        self.answers: list = [None] * len(run["calls"])

    def initialize(self, context) -> None:
        from zipline.api import sid

        self.assets = [sid(number) for number in range(len(SYMBOLS))]

    def before_trading_start(self, context, data) -> None:
        self.make("before", data)

    def handle_data(self, context, data) -> None:
        self.make("handle", data)

    def make(self, when: str, data) -> None:
        day = str(data.current_session.date())
        for number, call in self.calls.get((day, when), ()):
            try:
                self.answers[number] = shown(self.answer(data, *call))
            except Exception as error:
                text = f"{type(error).__name__} {error}"
                self.answers[number] = {"type": "raised", "value": type(error).__name__}
                self.answers[number]["text"] = text

    def answer(self, data, name: str, assets, fields, count):
        assets = self.given(assets)
        if fields is None:
            return getattr(data, name)(assets)
        fields = fields if isinstance(fields, str) else _FORMS[fields[0]](fields[1])
        if name == "current":
            return data.current(assets, fields)
        return data.history(assets, fields, count, "1d")

    def given(self, assets):
        if isinstance(assets, int):
            return self.assets[assets]
        form, sids = assets
        found = [self.assets[sid] for sid in sids]
        if form == "index":
            import pandas as pd

            return pd.Index(found, dtype=object)
        return _FORMS[form](found)

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
            data_frequency="daily",
            bundle="programs",
        )
        return self.answers


_FORMS = {"list": list, "tuple": tuple}


def answer(request: dict) -> list:
    programs.ingest(request["bundle"])
    return [Player(run).play() for run in request["runs"]]


if __name__ == "__main__":
    player.play(answer)
