"""What bundles hold, as their readers tell it: the questions, and what asks them.

Used by the test in the interpreter of the real framework and in ours, as `zipline_data.py` is. The
request names roots: `ingest` fills one, `read` takes one as it is, `import` takes it into the
catalog first (ours only). The answer: by root the answers to the questions, which follow from the
seed of the market.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import player
import zipline_market

FIELDS = ("open", "high", "low", "close", "volume")


def shown(value):
    """Anything as JSON: arrays and frames with their dtypes, times as text."""
    import numpy as np
    import pandas as pd

    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in sorted(value.items(), key=lambda i: str(i[0]))}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if isinstance(value, pd.DataFrame):
        return {str(name): shown(value[name].to_numpy()) for name in value}
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "M":
            value = value.astype("datetime64[ns]").astype(str)
        return [value.dtype.kind, list(value.shape), [str(one) for one in value.ravel().tolist()]]
    return f"{type(value).__name__} {value}"


def tried(call, *arguments):
    """A call's answer, or the class of what it raises."""
    try:
        return shown(call(*arguments))
    except Exception as error:
        return f"raised {type(error).__name__}"


def questions(market: dict, bundle) -> dict:
    """Everything that a bundle's readers and its finder are asked."""
    rng = random.Random(f"questions {market['seed']}")
    return {
        **daily(rng, market, bundle.equity_daily_bar_reader),
        **minute(rng, market, bundle),
        **actions(rng, market, bundle),
        **assets(market, bundle.asset_finder),
    }


def _sids(market: dict) -> list[int]:
    return [asset["sid"] for asset in market["equities"] + market["futures"]]


def daily(rng, market: dict, reader) -> dict:
    import pandas as pd

    sids = _sids(market)
    days = [pd.Timestamp(day) for day in market["days"]]
    found = {
        "daily first": shown(reader.first_trading_day),
        "daily last": shown(reader.last_available_dt),
        "daily sessions": len(reader.sessions),
        "daily calendar": reader.trading_calendar.name,
        "daily frequency": reader.data_frequency,
        "currencies": shown(reader.currency_codes(pd.Index([0, 999, 100], dtype="int64"))),
    }
    for n in range(8):
        first, last = sorted(rng.sample(range(len(days)), 2))
        columns = rng.sample(FIELDS, rng.randint(1, 5))
        wanted = pd.Index([*rng.sample(sids, 4), 999], dtype="int64")
        found[f"daily window {n}"] = tried(
            reader.load_raw_arrays, columns, days[first], days[last], wanted
        )
    nothing = pd.Index([999], dtype="int64")
    found["daily nobody"] = tried(reader.load_raw_arrays, ["close"], days[3], days[5], nothing)
    saturday = pd.Timestamp("2015-10-10")
    found["daily saturday"] = tried(reader.load_raw_arrays, ["close"], saturday, days[60], nothing)
    for n in range(200):
        sid, day = rng.choice([*sids, 999]), rng.choice([*days, saturday])
        found[f"daily value {n}"] = tried(reader.get_value, sid, day, rng.choice(FIELDS))
    return found


def minute(rng, market: dict, bundle) -> dict:
    import pandas as pd

    reader = bundle.equity_minute_bar_reader
    calendar = reader.trading_calendar
    sids = [0, 1, 2, 3, 4, 6, 100, 111, 121]
    labels = calendar.sessions_in_range(*(pd.Timestamp(day) for day in market["minutes"]))
    found = {
        "minute first": shown(reader.first_trading_day),
        "minute last": shown(reader.last_available_dt),
        "minute frequency": reader.data_frequency,
        "minute lengths": [tried(reader.table_len, sid) for sid in (0, 3, 4, 110, 999)],
        "minute attribute": tried(reader.get_sid_attr, 0, "nothing"),
    }

    def some_minute():
        opens = calendar.session_first_minute(rng.choice(list(labels)))
        return opens + pd.Timedelta(minutes=rng.randrange(210))

    for n in range(6):
        first = some_minute()
        last = first + pd.Timedelta(days=rng.randrange(8))
        if not calendar.is_open_on_minute(last):
            last = calendar.next_minute(last)
        wanted = rng.sample(sids, 3)
        columns = rng.sample(FIELDS, rng.randint(1, 5))
        found[f"minute window {n}"] = tried(reader.load_raw_arrays, columns, first, last, wanted)
    odd = [pd.Timestamp(f"2015-11-27 {time}", tz="UTC") for time in ("18:01", "20:59", "12:00")]
    odd.append(pd.Timestamp("2015-11-28 15:00", tz="UTC"))
    for n in range(200):
        when = rng.choice([some_minute(), some_minute(), some_minute(), rng.choice(odd)])
        sid = rng.choice([*sids, 110, 999])
        found[f"minute value {n}"] = tried(reader.get_value, sid, when, rng.choice(FIELDS))
    finder = bundle.asset_finder
    for n in range(60):
        asset = finder.retrieve_asset(rng.choice(sids))
        when = rng.choice([some_minute(), some_minute(), odd[0], odd[3]])
        found[f"minute traded {n}"] = tried(reader.get_last_traded_dt, asset, when)
    return found


def actions(rng, market: dict, bundle) -> dict:
    import pandas as pd

    reader, finder = bundle.adjustment_reader, bundle.asset_finder
    found = {}
    for convert in (False, True):
        for name, frame in reader.unpack_db_to_component_dfs(convert).items():
            found[f"table {name} {convert}"] = shown(frame)
    found["no table"] = tried(reader.get_df_from_table, "nothing")
    for name in ("splits", "mergers", "dividends"):
        for sid in (0, 1, 6, 9):
            found[f"{name} of {sid}"] = tried(reader.get_adjustments_for_sid, name, sid)
    everybody = finder.retrieve_all(finder.sids)
    for _, _, day, _ in market["dividends"]:
        found[f"pays {day}"] = tried(
            reader.get_dividends_with_ex_date, everybody[:7], pd.Timestamp(day), finder
        )
    for _, _, _, day, _ in market["stock_dividends"]:
        found[f"gives {day}"] = tried(
            reader.get_stock_dividends_with_ex_date, everybody, pd.Timestamp(day), finder
        )
    days = pd.DatetimeIndex(market["days"])
    for n in range(4):
        first, last = sorted(rng.sample(range(len(days)), 2))
        columns = [("close",), ("volume",), ("close", "volume", "open")][n % 3]
        wanted = pd.Index([6, 0, 1, 5], dtype="int64")
        loaded = reader.load_pricing_adjustments(list(columns), days[first : last + 1], wanted)
        found[f"adjustments {n}"] = [
            {
                str(row): sorted(
                    [one.first_row, one.last_row, one.first_col, one.last_col, one.value]
                    for one in several
                )
                for row, several in sorted(column.items())
            }
            for column in loaded
        ]
    return found


def assets(market: dict, finder) -> dict:
    import pandas as pd

    day = pd.Timestamp("2015-12-08")
    found = {"sids": sorted(finder.sids)}
    for asset in finder.retrieve_all(sorted(finder.sids)):
        found[f"asset {asset.sid}"] = shown(asset.to_dict())
    for symbol in ("OLD.NAME", "MOVES", "STEADY", "ENDS", "nobody"):
        found[f"symbol {symbol}"] = tried(finder.lookup_symbol, symbol, day)
    for sid in (0, 1):
        found[f"supplement {sid}"] = tried(finder.get_supplementary_field, sid, "ALT_ID", day)
    return found


# The bundles


def own_files(market: dict):
    """An ingest function that makes the files itself, with what is public for that."""

    def ingest(environ, _a, _m, _d, _c, calendar, start, end, cache, show_progress, output_dir):
        from zipline.assets import AssetDBWriter
        from zipline.data.adjustments import SQLiteAdjustmentWriter
        from zipline.data.bcolz_daily_bars import BcolzDailyBarReader, BcolzDailyBarWriter
        from zipline.data.bcolz_minute_bars import BcolzMinuteBarWriter

        place = Path(output_dir)
        AssetDBWriter(str(place / "assets-7.sqlite")).write(**zipline_market.asset_frames(market))
        table = str(place / "daily_equities.bcolz")
        frames = zipline_market.daily_frames(market)
        BcolzDailyBarWriter(table, calendar, start, end).write(
            frames.items(), assets=set(frames), invalid_data_behavior="ignore"
        )
        (place / "minute_equities.bcolz").mkdir()
        minutes = BcolzMinuteBarWriter(
            str(place / "minute_equities.bcolz"), calendar, start, end, 390,
            ohlc_ratios_per_sid={0: 10_000},
        )  # fmt: skip
        for sid, frame in zipline_market.minute_frames(market, calendar).items():
            half = len(frame) // 2
            minutes.write_sid(sid, frame.iloc[:half])
            minutes.write_cols(
                sid, frame.index.values[half:], {n: frame[n].to_numpy()[half:] for n in FIELDS}
            )
            minutes.set_sid_attrs(sid, nothing="something")
        path = str(place / "adjustments.sqlite")
        with SQLiteAdjustmentWriter(path, BcolzDailyBarReader(table), overwrite=True) as writer:
            writer.write(**zipline_market.action_frames(market))

    return ingest


def refusals(market: dict) -> dict:
    """How the writers refuse, and what they leave out."""
    import numpy as np
    import pandas as pd
    from zipline.data import bundles

    found: dict = {}

    def ingest(environ, assets, minutes, daily, adjustments, calendar, start, end, *_):
        days = calendar.sessions_in_range(start, end)
        frame = pd.DataFrame({n: np.arange(1.0, len(days) + 1) for n in FIELDS}, index=days)
        large = frame.copy()
        large.iloc[2, 4] = 2.0**33
        large.iloc[3, 3] = np.nan
        gap = frame.drop(days[4])
        found["gap"] = tried(daily.write, [(1, gap)])
        found["stranger"] = tried(daily.write, [(1, frame)], {2})
        found["large raise"] = tried(daily.write, [(1, large.copy())], None, False, "raise")
        found["behaviour"] = tried(daily.write, [(1, frame)], None, False, "shout")
        daily.write([(1, large.copy()), (7, frame.iloc[3:9].copy())], invalid_data_behavior="warn")
        times = calendar.session_minutes(days[2])
        bars = pd.DataFrame({n: np.arange(1.0, len(times) + 1) for n in FIELDS}, index=times)
        minutes.write([(1, bars.iloc[:50])])
        found["again"] = tried(minutes.write_sid, 1, bars.iloc[10:50])
        found["columns"] = tried(
            minutes.write_cols, 1, times.values[60:70], {n: np.ones(9) for n in FIELDS}
        )
        found["last date"] = [shown(minutes.last_date_in_output_for_sid(sid)) for sid in (1, 2)]
        minutes.pad(2, days[3])
        found["padded"] = shown(minutes.last_date_in_output_for_sid(2))
        found["length"] = shown(minutes.data_len_for_day(days[3]))
        huge = bars.iloc[100:110].copy()
        huge.iloc[3, 1] = 5e6
        huge.iloc[4, 4] = 2.0**32
        found["huge raise"] = tried(minutes.write_sid, 1, huge, "raise")
        minutes.write_sid(1, huge)
        names = ("splits", "other")
        for name, table in zip(
            names,
            (
                pd.DataFrame({"sid": [1], "effective_date": [days[3]]}),
                pd.DataFrame({"sid": [1], "effective_date": [days[3]], "ratio": [0.5]}),
            ),
            strict=True,
        ):
            found[f"frame {name}"] = tried(adjustments.write_frame, name, table)
        wrong = pd.DataFrame({"sid": [1.0], "effective_date": [days[3]], "ratio": [0.5]})
        found["frame type"] = tried(adjustments.write_frame, "splits", wrong)
        adjustments.write_frame(
            "mergers", pd.DataFrame({"sid": [1], "effective_date": [days[3]], "ratio": [0.5]})
        )
        paid = {n: days[[0, 2, 5]] for n in ("ex_date", "pay_date", "declared_date", "record_date")}
        adjustments.write(
            dividends=pd.DataFrame({"sid": [1, 7, 1], "amount": [0.1, 0.2, 50.0], **paid})
        )
        equities = pd.DataFrame(
            {"asset_name": ["a", "b"], "start_date": days[0], "end_date": days[-1],
             "exchange": ["X", "Y"]},
            index=[1, 7],
        )  # fmt: skip
        held = pd.DataFrame(
            {
                "sid": [1, 7],
                "symbol": ["A", "B.C"],
                "company_symbol": ["A", "B"],
                "share_class_symbol": ["", "C"],
                "start_date": [days[0].value] * 2,
                "end_date": [days[-1].value] * 2,
            }
        )
        both = pd.DataFrame(
            {"exchange": ["X", "Y"], "canonical_name": ["XNYS", "XTSE"],
             "country_code": ["US", "CA"]}
        )  # fmt: skip
        found["no symbols"] = tried(lambda: assets.write_direct(equities=equities.copy()))
        assets.write_direct(equities=equities, equity_symbol_mappings=held, exchanges=both)

    bundles.register(
        "refusals", ingest, "XNYS",
        start_session=pd.Timestamp("2015-11-16"), end_session=pd.Timestamp("2015-12-02"),
    )  # fmt: skip
    bundles.ingest("refusals")
    bundle = bundles.load("refusals")
    daily, minutes = bundle.equity_daily_bar_reader, bundle.equity_minute_bar_reader
    days = daily.sessions
    found["daily"] = shown(
        daily.load_raw_arrays(list(FIELDS), days[0], days[-1], pd.Index([1, 7], dtype="int64"))
    )
    last = minutes.trading_calendar.session_close(days[2])
    first = minutes.trading_calendar.session_first_minute(days[2])
    found["minutes"] = shown(minutes.load_raw_arrays(list(FIELDS), first, last, [1, 2]))
    found["lengths"] = [shown(minutes.table_len(sid)) for sid in (1, 2)]
    found["ratios"] = shown(bundle.adjustment_reader.get_df_from_table("dividends"))
    for sid in (1, 7):
        found[f"asset {sid}"] = shown(bundle.asset_finder.retrieve_asset(sid).to_dict())
    found["symbol"] = [tried(bundle.asset_finder.lookup_symbol, s, days[1]) for s in ("A", "B-C")]
    return found


def minute_files(folder: Path) -> dict:
    """A folder of CSV files with minutes."""
    import pandas as pd
    from zipline.data import bundles
    from zipline.data.bundles.csvdir import csvdir_equities
    from zipline.utils.calendar_utils import get_calendar

    place = folder / "minute"
    place.mkdir(parents=True, exist_ok=True)
    times = get_calendar("XNYS").session_minutes(pd.Timestamp("2015-11-27"))
    for n, name in enumerate(("BETA", "ALPHA")):
        close = pd.Series(range(len(times)), index=times, dtype=float) / 7 + 5 + n
        frame = pd.DataFrame({**dict.fromkeys(FIELDS[:4], close), "volume": 70 + n})
        frame.iloc[n::3].rename_axis("date").to_csv(place / f"{name}.csv")
    start, end = pd.Timestamp("2015-11-16"), pd.Timestamp("2015-12-31")
    bundles.register("files", csvdir_equities(["minute"], str(folder)), "XNYS", start, end)
    bundles.ingest("files")
    bundle = bundles.load("files")
    reader = bundle.equity_minute_bar_reader
    found: dict = {
        "window": shown(reader.load_raw_arrays(list(FIELDS), times[0], times[-1], [0, 1]))
    }
    for sid in (0, 1):
        found[f"asset {sid}"] = shown(bundle.asset_finder.retrieve_asset(sid).to_dict())
    return found


def cleaned(market: dict) -> dict:
    """Ingestions over time, loaded and removed."""
    import pandas as pd
    from zipline.data import bundles

    start, end = pd.Timestamp("2015-11-16"), pd.Timestamp("2015-12-02")
    bundles.register("empty", lambda *_: None, "XNYS", start_session=start, end_session=end)
    times = [pd.Timestamp(f"2020-01-0{n} 10:00", tz="UTC") for n in range(1, 7)]
    for time in times:
        bundles.ingest("empty", timestamp=time)
    found: dict = {"all": shown(bundles.ingestions_for_bundle("empty"))}

    def left(**options):
        gone = bundles.clean("empty", **options)
        stamps = sorted(Path(path).name for path in gone)
        return [stamps, shown(bundles.ingestions_for_bundle("empty"))]

    naive = [time.tz_localize(None) for time in times]
    found["before"] = left(before=naive[1])
    found["after"] = left(after=naive[4])
    found["keep"] = left(keep_last=2)
    found["wrong"] = [
        tried(lambda: bundles.clean("empty")),
        tried(lambda: bundles.clean("empty", before=naive[0], keep_last=1)),
        tried(lambda: bundles.clean("empty", keep_last=-1)),
        tried(lambda: bundles.clean("nobody", keep_last=1)),
        tried(lambda: bundles.load("nobody")),
        tried(lambda: bundles.load("empty", timestamp=times[0])),
        tried(lambda: bundles.unregister("nobody")),
    ]
    found["names"] = [
        bundles.to_bundle_ingest_dirname(naive[0]),
        shown(bundles.from_bundle_ingest_dirname("2020-01-01T10;00;00")),
    ]
    return found


def hdf5(folder: Path, write: bool) -> dict:
    """Daily bars and exchange rates in HDF5 files: written, and what their readers say."""
    import numpy as np
    import pandas as pd
    from zipline.data.fx import HDF5FXRateReader
    from zipline.data.hdf5_daily_bars import HDF5DailyBarReader, MultiCountryDailyBarReader

    days = pd.date_range("2015-11-16", periods=9, freq="B")
    bars, rates = str(folder / "bars.h5"), str(folder / "rates.h5")
    if write:
        _write_hdf5(days, bars, rates)
    one, both = HDF5DailyBarReader.from_path(bars, "US"), MultiCountryDailyBarReader.from_path(bars)
    found: dict = {"countries": sorted(both.countries)}
    for name, reader in (("one", one), ("both", both)):
        found[f"{name} first"] = shown(reader.first_trading_day)
        found[f"{name} last"] = shown(reader.last_available_dt)
        found[f"{name} sessions"] = shown(reader.sessions.to_numpy())
        found[f"{name} calendar"] = tried(lambda reader=reader: reader.trading_calendar)
        for sids in ([2, 5], [5, 77], [77], [2, 30]):
            wanted = pd.Index(sids, dtype="int64")
            fields = ["close", "volume", "open"]
            found[f"{name} {sids}"] = tried(
                reader.load_raw_arrays, fields, days[1], days[6], wanted
            )
        found[f"{name} sunday"] = tried(
            reader.load_raw_arrays, ["close"], days[0] - days.freq * 9, days[6], [2]
        )
        for sid in (2, 5, 77):
            for day in days[::2]:
                for field in ("high", "volume"):
                    key = f"{name} {sid} {day.date()} {field}"
                    found[key] = tried(reader.get_value, sid, day, field)
    found["currencies"] = shown(one.currency_codes(np.array([2, 5], dtype="int64")))
    reader = HDF5FXRateReader.from_path(rates, default_rate="mid")
    times = pd.DatetimeIndex([*(days[:1] - pd.Timedelta(days=3)), *days[2:5]], tz="UTC")
    bases = np.array(["USD", "XYZ", "CAD"], dtype=object)
    for rate in ("mid", "bid", "none"):
        found[f"rates {rate}"] = tried(reader.get_rates, rate, "EUR", bases, times)
    found["scalar"] = tried(reader.get_rate_scalar, "mid", "EUR", "CAD", days[3])
    found["descending"] = tried(reader.get_rates, "mid", "EUR", bases, times[::-1])
    return found


def _write_hdf5(days, bars: str, rates: str) -> None:
    import h5py
    import numpy as np
    import pandas as pd
    from zipline.data.fx import HDF5FXRateWriter
    from zipline.data.hdf5_daily_bars import HDF5DailyBarWriter

    frames = {}
    for n, name in enumerate(FIELDS):
        values = np.arange(2.0 * len(days)).reshape(-1, 2) * 1.237 + n + 3
        values[:2, 1] = values[7:, 1] = values[4, 0] = np.nan
        frames[name] = pd.DataFrame(values, index=days, columns=[2, 5])
    writer = HDF5DailyBarWriter(bars, date_chunk_size=4)
    writer.write("US", frames, currency_codes=pd.Series(["USD", "CAD"], index=[2, 5]))
    one = pd.DataFrame({name: frames[name][2] for name in FIELDS})
    writer.write_from_sid_df_pairs("CA", [(30, one)])
    with h5py.File(rates, "w") as file:
        table = np.arange(2.0 * len(days)).reshape(-1, 2) / 7
        HDF5FXRateWriter(file).write(
            days.to_numpy(),
            np.array(["USD", "CAD"], dtype=object),
            [("mid", "EUR", table), ("bid", "EUR", table / 2)],
        )


def answer(request: dict) -> dict:
    import pandas as pd

    market = zipline_market.make_market(0)
    answers: dict = {}
    for how, root in request["roots"]:
        os.environ["ZIPLINE_ROOT"] = root
        from zipline.data import bundles

        start, end = pd.Timestamp(market["days"][0]), pd.Timestamp(market["days"][-1])
        options = {"calendar_name": "XNYS", "start_session": start, "end_session": end}
        bundles.register("own", own_files(market), create_writers=False, **options)
        if how == "ingest":
            zipline_market.ingest(market)
            bundles.ingest("own")
            answers["refusals"] = refusals(market)
            answers["minute files"] = minute_files(Path(root, "csv"))
            answers["cleaned"] = cleaned(market)
            answers["hdf5"] = hdf5(Path(root), write=True)
        else:
            bundles.register("market", lambda *_: None, **options)
        if how == "read":
            answers["hdf5 read"] = hdf5(Path(root), write=False)
        if how == "import":
            from fillproof.compat.zipline.data.bundles.imports import import_bundle

            for name in ("market", "own"):
                import_bundle(name)
        for name in ("market", "own"):
            answers[f"{name} {how}"] = questions(market, bundles.load(name))
    return answers


if __name__ == "__main__":
    player.play(answer)
