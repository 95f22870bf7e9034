"""What `AssetFinder` answers: `FILE REQUEST ANSWER [--adapter]`, on both sides.

The request holds the calls: names of methods with arguments, of which dates and assets are written
as texts. The answer: the results in a form that JSON can hold, or the class of the error.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import player
import zipline_market

DATES = [None, "2015-09-01", "2015-11-30", "2015-12-04", "2015-12-05", "2016-02-01", "2030-01-01"]
SYMBOLS = [
    "STEADY", "steady", "LATE", "OLD.NAME", "OLD_NAME", "old-name", "OLDNAME", "OLD", "MOVES",
    "TWICE", "SHARE.A", "SHAREA", "SHARE.B", "NONE", "", "ESZ15", "esz15",
]  # fmt: skip
SIDS = [0, 1, 9, 20, 21, 22, 100, 113, 200, 999, -1]
COUNTRIES = [None, "US", "CA", "XX"]


def make_calls(seed: int) -> list:
    rng = random.Random(f"finders {seed}")
    calls: list = [["sids"], ["equities_sids"], ["futures_sids"], ["country_codes"]]
    calls += [["symbol_ownership_map"], ["fuzzy_symbol_ownership_map"], ["exchange_info"]]
    calls += [["equity_supplementary_map"], ["equity_supplementary_map_by_sid"]]
    calls += [["equities_sids_for_country_code", code] for code in COUNTRIES[1:]]
    calls += [["equities_sids_for_exchange_name", name] for name in ("NYSE", "TSX", "nope")]
    calls += [["get_ordered_contracts", root] for root in ("ES", "CL", "GC", "QQ")]
    calls += [["describe", sid] for sid in SIDS]
    pick = rng.choice
    for _ in range(1200):
        calls.append(
            pick(
                [
                    ["lookup_symbol", pick(SYMBOLS), pick(DATES), pick([0, 1]), pick(COUNTRIES)],
                    ["lookup_symbols", [pick(SYMBOLS[:4]) for _ in range(3)], pick(DATES),
                     pick([0, 1]), pick(COUNTRIES)],
                    ["lookup_future_symbol", pick(SYMBOLS)],
                    ["retrieve_asset", pick(SIDS), pick([False, True])],
                    ["retrieve_all", [pick(SIDS) for _ in range(3)], pick([False, True])],
                    ["retrieve_equities", [pick(SIDS) for _ in range(2)]],
                    ["retrieve_futures_contracts", [pick(SIDS[4:]) for _ in range(2)]],
                    ["lookup_asset_types", [pick(SIDS) for _ in range(3)]],
                    ["group_by_type", [pick(SIDS) for _ in range(4)]],
                    ["lookup_by_supplementary_field", pick(["ALT_ID", "ALT_ID", "NO_ID"]),
                     pick(["a-1", "b-1", "shared"]), pick(DATES)],
                    ["get_supplementary_field", pick(SIDS),
                     pick(["ALT_ID", "ALT_ID", "NO_ID"]), pick(DATES)],
                    ["lookup_generic", pick([pick(SYMBOLS), pick(SIDS), 2.5, [pick(SYMBOLS)],
                                             [pick(SIDS), pick(SYMBOLS)], [None]]),
                     pick(DATES), pick(COUNTRIES)],
                    ["create_continuous_future", pick(["ES", "CL", "QQ"]), pick([0, 1]),
                     pick(["calendar", "volume", "other"]), pick(["mul", "add", None, "div"])],
                    ["lifetimes", pick([0, 1]), [pick(COUNTRIES[1:]) for _ in range(2)]],
                ]
            )
        )  # fmt: skip
    return calls


def write(path: Path) -> None:
    """The assets of the shared market, and some more in a second country."""
    import pandas as pd
    from zipline.assets import AssetDBWriter

    frames = zipline_market.asset_frames(zipline_market.make_market(0))
    more = pd.DataFrame(
        [
            [20, "TWICE", "2015-09-01", "2015-10-30", "NYSE"],
            [21, "TWICE", "2015-11-02", "2016-04-29", "NYSE"],
            [22, "SHARE.A", "2015-09-01", "2016-04-29", "NYSE"],
            [23, "SHAREA", "2015-09-01", "2016-04-29", "NYSE"],
            [24, "SHARE.B", "2015-09-01", "2015-12-31", "NYSE"],
            [200, "STEADY", "2015-11-02", "2016-04-29", "TSX"],
            [201, "SHARE.A", "2015-09-01", "2016-04-29", "TSX"],
        ],
        columns=["sid", "symbol", "start_date", "end_date", "exchange"],
    )
    more["asset_name"] = more["symbol"].str.title()
    for name in ("start_date", "end_date"):
        more[name] = pd.to_datetime(more[name])
    frames["equities"] = pd.concat([frames["equities"], more.set_index("sid")])
    frames["exchanges"].loc[len(frames["exchanges"])] = ["TSX", "XTSE", "CA"]
    shared = pd.DataFrame(
        {
            "sid": [2, 3],
            "field": ["ALT_ID", "ALT_ID"],
            "value": ["shared", "shared"],
            "start_date": pd.to_datetime(["2015-09-01", "2015-12-01"]),
            "end_date": pd.to_datetime(["2015-11-30", "2016-04-29"]),
        }
    )
    supplementary = frames["equity_supplementary_mappings"]
    frames["equity_supplementary_mappings"] = pd.concat([supplementary, shared])
    AssetDBWriter(str(path)).write(**frames)


def answer(request: dict) -> dict:
    from zipline.assets import AssetFinder

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "assets.sqlite")
        write(path)
        finder = AssetFinder(str(path))
        answers = [_call(finder, *call) for call in request["calls"]]
        finder.close()
    return {"answers": answers, "synthetic": _synthetic()}


def _call(finder, name: str, *arguments):
    try:
        if name == "describe":
            return shown(finder.retrieve_asset(*arguments).to_dict())
        if name == "lifetimes":
            import pandas as pd

            start, countries = arguments
            dates = pd.date_range("2015-08-30", "2016-05-02", freq="9D")
            frame = finder.lifetimes(dates, bool(start), countries)
            return [frame.columns.tolist(), frame.to_numpy().astype(int).tolist()]
        method = getattr(finder, name)
        if not arguments:
            return shown(method)
        if name in ("lookup_symbol", "lookup_symbols"):
            symbol, date, fuzzy, country = arguments
            return shown(method(symbol, _date(date), fuzzy=bool(fuzzy), country_code=country))
        if name in ("lookup_generic", "lookup_by_supplementary_field", "get_supplementary_field"):
            place = 1 if name == "lookup_generic" else 2
            arguments = [*arguments[:place], _date(arguments[place]), *arguments[place + 1 :]]
        return shown(method(*arguments))
    except Exception as error:
        return ["error", type(error).__name__, sorted(map(str, getattr(error, "kwargs", ())))]


def _date(text):
    import pandas as pd

    return None if text is None else pd.Timestamp(text)


def shown(value):
    if isinstance(value, dict):
        return sorted([str(shown(key)), shown(one)] for key, one in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(map(shown, value), key=str)
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if type(value).__name__ == "OrderedContracts":
        chain = value.active_chain(next(iter(value.sid_to_contract)), value.end_date.value)
        return [list(map(int, chain)), str(value.start_date), str(value.end_date),
                [int(value.contract_before_auto_close(when)) for when in _times()],
                [value.contract_at_offset(int(chain[0]), n, when) for n, when in
                 enumerate(_times())]]  # fmt: skip
    return value if value is None or isinstance(value, (bool, int, float, str)) else repr(value)


def _times() -> list[int]:
    import pandas as pd

    return [pd.Timestamp(day).value for day in ("2015-09-15", "2015-11-20", "2016-01-22")]


def _synthetic() -> list:
    import pandas as pd
    from zipline.assets import synthetic
    from zipline.country import CountryCode, code
    from zipline.currency import Currency

    start, end, day = pd.Timestamp("2015-01-05"), pd.Timestamp("2015-03-02"), pd.offsets.BDay()
    frames = [
        synthetic.make_simple_equity_info([3, 5], start, end),
        synthetic.make_rotating_equity_info(4, start, day, 3, 7),
        synthetic.make_jagged_equity_info(3, start, end, day, 5, pd.Timedelta(days=2)),
        synthetic.make_simple_multi_country_equity_info(
            {"US": [1, 2], "CA": [7]}, {"US": "NYSE", "CA": "TSX"}, start, end
        ),
        synthetic.make_commodity_future_info(10, ["CL", "NG"], [2014, 2015]),
    ]
    texts = [frame.astype(str).reset_index().to_csv() for frame in frames]
    texts += [repr(Currency(each)) + Currency(each).name for each in ("USD", "XAU", None)]
    return [*texts, CountryCode.SOUTH_KOREA, code("FRANCE"), code("CZECHIA")]


if __name__ == "__main__":
    player.play(answer)
