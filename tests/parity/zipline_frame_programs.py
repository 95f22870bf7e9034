"""Order programs without corporate actions: over frames, and over days that end at midnight.

See `zipline_programs.py`. `run_algorithm(data=FRAMES)`, which is there on our side only, has to do
what a bundle with the same bars does on the other: prices in whole thousandths, whole volumes,
which is what a bundle can hold. Over the calendar 24/7 both sides run over a bundle.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

import player
import zipline_programs as programs

FIELDS = ("open", "high", "low", "close", "volume")


def make_market(seed: int, calendar: str) -> dict:
    """The assets of `zipline_programs`, on New York's days or on successive ones."""
    made = programs.make_bundle(seed)
    days = made["days"]
    if calendar == "24/7":
        days = [str(date(2015, 6, 1) + timedelta(n)) for n in range(len(days))]
    later = dict(zip(made["days"], days, strict=True))
    assets = []
    for asset in made["assets"]:
        rows = asset["rows"]
        # An asset lives from its first bar to its last, and is closed on the day after.
        traded = [n for n, row in enumerate(rows) if row[3] is not None]
        start = days.index(later[asset["start"]]) + traded[0]
        last = start + traded[-1] - traded[0]
        closed = date.fromisoformat(days[last]) + timedelta(1)
        assets.append(
            {
                "sid": asset["sid"],
                "symbol": asset["symbol"],
                "start": days[start],
                "end": days[last],
                "auto_close": str(closed) if last + 1 < len(days) else None,
                "rows": rows[traded[0] : traded[-1] + 1],
            }
        )
    actions: dict = {"splits": [], "mergers": [], "dividends": []}
    return {"days": days, "assets": assets, "calendar": calendar, **actions}


def make_program(seed: int, market: dict) -> dict:
    """An order program, and the form of the frames that it can run over."""
    form = random.Random(f"frames {seed}").choice(["long", "by symbol", "polars"])
    program = programs.make_program(seed, market["days"]) | {"form": form}
    if program["benchmark"] == "asset":
        # Its prices are rounded there and not those of frames; where days end at midnight the
        # original lacks a return of it and fails.
        program["benchmark"] = None
    return program


def frames_of(market: dict, form: str):
    """The market's bars; a day without a price has no row."""
    import pandas as pd

    days = pd.DatetimeIndex(market["days"], name="date")
    frames = {}
    for asset in market["assets"]:
        index = days[(days >= asset["start"]) & (days <= asset["end"])]
        frame = pd.DataFrame(asset["rows"], index=index, columns=list(FIELDS), dtype=float)
        prices = list(FIELDS[:4])
        frame[prices] = (frame[prices] * 1000).round() * 0.001  # to the bit what a bundle gives
        frames[asset["symbol"]] = frame[frame["close"].notna()].reset_index()
    if form == "by symbol":
        return frames
    long = pd.concat([frame.assign(symbol=name) for name, frame in frames.items()])
    if form == "long":
        return long
    import polars

    return polars.DataFrame({name: long[name].to_numpy() for name in long})


class Player(programs.Player):
    """Plays a program over a bundle, or over frames."""

    of_new_york = False

    def __init__(self, program: dict, market: dict, over_frames: bool) -> None:
        super().__init__(program)
        self.market = market
        self.over_frames = over_frames

    def options(self) -> dict:
        from zipline.utils.calendar_utils import get_calendar

        if self.over_frames:
            return {"data": frames_of(self.market, self.program["form"])}
        return {"trading_calendar": get_calendar(self.market["calendar"])}


def answer(request: dict) -> list:
    market = request["market"]
    over_frames = request["frames"] and "--adapter" in sys.argv
    if not over_frames:
        programs.ingest(market, market["calendar"])
    return [Player(program, market, over_frames).play() for program in request["programs"]]


if __name__ == "__main__":
    player.play(answer)
