"""One market for all tests of Zipline that need more than daily equities, ingested on both sides.

`make_market` is plain data, so that a test can cut it down; `ingest` writes it through the writers
of whichever zipline is imported: daily and minute bars, equities, futures of three roots, splits,
mergers, cash and stock dividends, supplementary fields. Minute and daily bars are drawn apart: they
do not agree, so that what reads the wrong one is seen.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import logging
import math
import random
import warnings

FIRST, LAST = "2015-09-01", "2016-04-29"
#: The sessions that have minute bars too; 27 November and 24 December close early.
MINUTES_FIRST, MINUTES_LAST = "2015-11-16", "2015-12-28"

EQUITIES = ("STEADY", "GAPPY", "THIN", "LATE", "ENDS", "LAPSES", "SPLITS", "PAYS", "GIVES", "MOVES")
#: symbol: (sid, root, first, notice, expiration and end date)
FUTURES = {
    "ESZ15": (100, "ES", "2015-09-01", "2015-12-18", "2015-12-18"),
    "ESH16": (101, "ES", "2015-09-01", "2016-03-18", "2016-03-18"),
    "ESM16": (102, "ES", "2015-11-02", "2016-06-17", "2016-06-17"),
    "CLX15": (110, "CL", "2015-09-01", "2015-10-22", "2015-10-20"),
    "CLZ15": (111, "CL", "2015-09-01", "2015-11-24", "2015-11-20"),
    "CLF16": (112, "CL", "2015-09-01", "2015-12-23", "2015-12-21"),
    "CLG16": (113, "CL", "2015-10-01", "2016-01-22", "2016-01-20"),
    "CLH16": (114, "CL", "2015-10-01", "2016-02-24", "2016-02-22"),
    "GCZ15": (120, "GC", "2015-09-01", "2015-11-30", "2015-12-29"),
    "GCG16": (121, "GC", "2015-09-01", "2016-01-29", "2016-02-25"),
}
#: root: (id, price, multiplier, tick, exchange)
ROOTS = {
    "ES": (1, 2000.0, 50.0, 0.25, "CME"),
    "CL": (2, 45.0, 1000.0, 0.01, "NYM"),
    "GC": (3, 1100.0, 100.0, 0.1, "CMX"),
}


def sessions(first: str = FIRST, last: str = LAST) -> list[str]:
    import exchange_calendars

    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST)
    return [str(label.date()) for label in calendar.sessions_in_range(first, last)]


def make_market(seed: int = 0) -> dict:
    """Ten equities, ten futures and their actions; rows of daily bars, and seeds of minute bars."""
    rng = random.Random(f"market {seed}")
    days = sessions()
    market: dict = {
        "days": days,
        "minutes": [MINUTES_FIRST, MINUTES_LAST],
        "seed": seed,
        "equities": [],
        "futures": [],
        "splits": [],
        "mergers": [],
        "dividends": [],
        "stock_dividends": [],
    }
    for sid, symbol in enumerate(EQUITIES):
        _add_equity(market, rng, sid, symbol)
    for symbol in FUTURES:
        _add_future(market, rng, symbol)
    return market


def _add_equity(market: dict, rng, sid: int, symbol: str) -> None:
    days = market["days"]
    first, last, auto_close = 0, len(days) - 1, None
    if symbol == "LATE":  # begins among the minutes
        first = days.index("2015-11-24")
    elif symbol == "ENDS":  # closed on the day after
        last = days.index("2015-12-03")
        auto_close = last + 1
    elif symbol == "LAPSES":  # closed some sessions later
        last = days.index("2015-12-10")
        auto_close = last + 4
    ratios = {}
    if symbol == "SPLITS":
        ratios = {"2015-10-07": 0.5, "2015-11-25": 0.3333, "2015-12-09": 2.0, "2016-02-01": 0.25}
    elif symbol == "GAPPY":
        ratios = {"2015-12-01": 0.5}
        market["mergers"].append([sid, "2015-12-15", 0.9])
    market["splits"] += [[sid, day, ratio] for day, ratio in ratios.items()]
    if symbol in ("PAYS", "SPLITS", "STEADY"):
        for day in ("2015-09-22", "2015-11-18", "2015-12-02", "2015-12-09", "2016-01-12"):
            pay = days[days.index(day) + rng.choice([0, 1, 3])]
            amount = round(rng.uniform(0.05, 0.6), rng.choice([2, 3]))
            market["dividends"].append([sid, amount, day, pay])
    if symbol == "GIVES":  # shares of itself, and of another company
        market["stock_dividends"] += [
            [sid, sid, 0.1, "2015-10-13", "2015-10-15"],
            [sid, 0, 0.37, "2015-11-19", "2015-11-23"],
            [sid, 1, 0.05, "2015-12-08", "2015-12-08"],
            [sid, sid, 0.25, "2015-12-11", "2015-12-12"],  # paid on a Saturday: never
        ]
    price, rows = rng.choice([8.0, 25.0, 60.0]), []
    for day in range(first, last + 1):
        move = rng.gauss(0, 0.006 if symbol == "STEADY" else 0.02)
        price = max(price * math.exp(move) * ratios.get(days[day], 1.0), 0.05)
        rows.append(_row(rng, symbol, price, 0.01))
    held = [[symbol, days[first], days[last]]]
    if symbol == "MOVES":  # two names, one after the other
        held = [["OLD.NAME", days[0], "2015-12-04"], [symbol, "2015-12-07", days[last]]]
    market["equities"].append(
        {
            "sid": sid,
            "symbol": symbol,
            "held": held,
            "start": days[first],
            "end": days[last],
            "auto_close": None if auto_close is None else days[auto_close],
            "rows": rows,
        }
    )


def _add_future(market: dict, rng, symbol: str) -> None:
    sid, root, first, notice, expiration = FUTURES[symbol]
    _, price, multiplier, tick, exchange = ROOTS[root]
    days = [day for day in market["days"] if first <= day <= expiration]
    price *= 1 + (sid % 10) * 0.004  # later contracts are dearer
    rows = []
    for left in range(len(days) - 1, -1, -1):
        price *= math.exp(rng.gauss(0, 0.009))
        row = _row(rng, root, price, tick)
        # Trade moves to the next contract some sessions before the end.
        row[4] = int(20_000 / (1 + (left / 25) ** 2) * (0.3 if left < 6 else 1.0))
        rows.append(row)
    market["futures"].append(
        {
            "sid": sid,
            "symbol": symbol,
            "root": root,
            "start": first,
            "end": expiration,
            "notice": notice,
            "expiration": expiration,
            "auto_close": min(notice, expiration),
            "multiplier": multiplier,
            "tick": tick,
            "exchange": exchange,
            "rows": rows,
        }
    )


def _row(rng, kind: str, price: float, tick: float) -> list:
    """[open, high, low, close, volume]; None where there was no trade."""
    volume = {
        "STEADY": rng.randint(1_000_000, 5_000_000),
        "THIN": rng.choice([0, 0, 3, 20, 60, 150]),
        "GAPPY": rng.choice([300, 3_000, 50_000]),
    }.get(kind, rng.randint(200, 40_000))
    if kind == "GAPPY" and rng.random() < 0.2:
        return [None, None, None, None, 0]
    close = _on_grid(price, tick)
    open_ = _on_grid(close * (1 + rng.gauss(0, 0.002)), tick)
    high = _on_grid(max(open_, close) * (1 + rng.random() * 0.003), tick)
    low = _on_grid(min(open_, close) * (1 - rng.random() * 0.003), tick)
    return [open_, max(high, open_, close), min(low, open_, close), close, volume]


def _on_grid(price: float, tick: float) -> float:
    return max(round(round(price / tick) * tick, 4), tick)


def minute_rows(market: dict, sid: int, kind: str, price: float, tick: float, count: int) -> list:
    """Rows of `count` minutes, most of them without trade for the thinly traded.

    Some have volume and no price, unless the market is "priced".
    """
    rng = random.Random(f"minutes {market['seed']} {sid}")
    often = {"STEADY": 1.0, "THIN": 0.05, "GAPPY": 0.5}.get(kind, 0.9)
    rows = []
    for _ in range(count):
        price = max(price * math.exp(rng.gauss(0, 0.0008)), 0.05)
        row = [None, None, None, None, 0]
        if rng.random() < often:
            row = _row(rng, kind, price, tick)
            row[4] = 0 if rng.random() < 0.02 else row[4] // 40 + 1
            if row[3] is None and market.get("priced"):
                row[4] = 0
        rows.append(row)
    return rows


def ingest(market: dict, name: str = "market", calendar: str = "XNYS") -> None:
    """Register and ingest the market as a bundle; nothing warns from now on."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import pandas as pd
    from zipline.data import bundles

    def write(
        environ,
        asset_db_writer,
        minute_bar_writer,
        daily_bar_writer,
        adjustment_writer,
        calendar,
        start_session,
        end_session,
        cache,
        show_progress,
        output_dir,
    ):
        asset_db_writer.write(**asset_frames(market))
        frames = daily_frames(market)
        daily_bar_writer.write(frames.items(), invalid_data_behavior="ignore")
        minute_bar_writer.write(minute_frames(market, calendar).items())
        adjustment_writer.write(**action_frames(market))

    start, end = pd.Timestamp(market["days"][0]), pd.Timestamp(market["days"][-1])
    bundles.register(name, write, calendar, start_session=start, end_session=end)
    bundles.ingest(name)


_NAMES = ["open", "high", "low", "close", "volume"]


def _everything(market: dict) -> list[tuple[dict, str, float]]:
    """Each asset with what kind of market it has and its tick."""
    equities = [(asset, asset["symbol"], 0.01) for asset in market["equities"]]
    return equities + [(asset, asset["root"], asset["tick"]) for asset in market["futures"]]


def daily_frames(market: dict) -> dict:
    """By sid a frame of daily bars."""
    import numpy as np
    import pandas as pd

    days = pd.DatetimeIndex(market["days"])
    frames = {}
    for asset, _, _ in _everything(market):
        span = days[(days >= asset["start"]) & (days <= asset["end"])]
        rows = np.array(asset["rows"], dtype=float)
        frames[asset["sid"]] = pd.DataFrame(rows, index=span, columns=_NAMES)
    return frames


def minute_frames(market: dict, calendar) -> dict:
    """By sid a frame of minute bars, for assets alive on the sessions that have any."""
    import numpy as np
    import pandas as pd

    first, last = market["minutes"]
    frames = {}
    for asset, kind, tick in _everything(market):
        start, end = max(first, asset["start"]), min(last, asset["end"])
        labels = calendar.sessions_in_range(pd.Timestamp(start), pd.Timestamp(end))
        if start > end or not len(labels):
            continue
        index = pd.DatetimeIndex(
            np.concatenate([calendar.session_minutes(label).tz_localize(None) for label in labels]),
            tz="UTC",
        )
        price = next(row[3] for row in reversed(asset["rows"]) if row[3])
        rows = minute_rows(market, asset["sid"], kind, price, tick, len(index))
        frame = pd.DataFrame(np.array(rows, dtype=float), index=index, columns=_NAMES)
        if kind == "GAPPY":  # minutes that are not in the frame at all
            frame = pd.concat([frame.iloc[:700], frame.iloc[735:]])
        frames[asset["sid"]] = frame
    return frames


def asset_frames(market: dict) -> dict:
    """The tables of `asset_db_writer.write`."""
    import pandas as pd

    rows = [
        [asset["sid"], symbol, start, end, asset["auto_close"]]
        for asset in market["equities"]
        for symbol, start, end in asset["held"]
    ]
    sids, symbols, starts, ends, closes = zip(*rows, strict=True)
    equities = pd.DataFrame(
        {
            "symbol": symbols,
            "asset_name": [EQUITIES[sid].title() for sid in sids],
            "start_date": pd.DatetimeIndex(starts),
            "end_date": pd.DatetimeIndex(ends),
            "auto_close_date": pd.DatetimeIndex(closes),
            "exchange": "NYSE",
        },
        index=pd.Index(sids, name="sid"),
    )
    futures = pd.DataFrame(market["futures"]).drop(columns="rows")
    futures = futures.rename(
        columns={
            "root": "root_symbol",
            "start": "start_date",
            "end": "end_date",
            "notice": "notice_date",
            "expiration": "expiration_date",
            "auto_close": "auto_close_date",
            "tick": "tick_size",
        }
    )
    for name in ("start_date", "end_date", "notice_date", "expiration_date", "auto_close_date"):
        futures[name] = pd.to_datetime(futures[name])
    futures["asset_name"] = futures["symbol"] + " future"
    return {
        "equities": equities,
        "futures": futures,
        "exchanges": pd.DataFrame(
            {
                "exchange": ["NYSE", "CME", "NYM", "CMX"],
                "canonical_name": ["NYSE", "CMES", "CMES", "CMES"],
                "country_code": ["US"] * 4,
            }
        ),
        "root_symbols": pd.DataFrame(
            {
                "root_symbol": list(ROOTS),
                "root_symbol_id": [root[0] for root in ROOTS.values()],
                "exchange": [root[4] for root in ROOTS.values()],
            }
        ),
        "equity_supplementary_mappings": pd.DataFrame(
            {
                "sid": [0, 1, 1],
                "field": ["ALT_ID", "ALT_ID", "ALT_ID"],
                "value": ["a-0", "a-1", "b-1"],
                "start_date": pd.to_datetime([FIRST, FIRST, "2015-12-01"]),
                "end_date": pd.to_datetime([LAST, "2015-11-30", LAST]),
            }
        ),
    }


def action_frames(market: dict) -> dict:
    """The tables of `adjustment_writer.write`; dates that the tests do not look at are made up."""
    import pandas as pd

    frames: dict = {}
    for name in ("splits", "mergers"):
        sids, dates, ratios = zip(*market[name], strict=True)
        frames[name] = pd.DataFrame(
            {"sid": sids, "effective_date": pd.DatetimeIndex(dates), "ratio": ratios}
        )
    sids, amounts, ex_dates, pay_dates = zip(*market["dividends"], strict=True)
    frames["dividends"] = pd.DataFrame(
        {"sid": sids, "amount": amounts, **_dates(ex_dates, pay_dates)}
    )
    sids, paid, ratios, ex_dates, pay_dates = zip(*market["stock_dividends"], strict=True)
    frames["stock_dividends"] = pd.DataFrame(
        {"sid": sids, "payment_sid": paid, "ratio": ratios, **_dates(ex_dates, pay_dates)}
    )
    return frames


def _dates(ex_dates, pay_dates) -> dict:
    import pandas as pd

    ex = pd.DatetimeIndex(ex_dates)
    pay = pd.DatetimeIndex(pay_dates)
    return {"ex_date": ex, "pay_date": pay, "declared_date": ex, "record_date": ex}
