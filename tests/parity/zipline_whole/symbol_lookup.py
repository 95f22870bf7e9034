"""Symbols: changed names, dates of look-up, spellings, sids, and what is not found."""

import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target, set_symbol_lookup_date, sid, symbol, symbols


def attempt(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def show(asset):
    if isinstance(asset, str):
        return asset
    return [asset, asset.sid, asset.asset_name, asset.exchange, asset.start_date, asset.end_date]


def initialize(context):
    print(show(attempt(lambda: symbol("MOVES"))))
    print(show(attempt(lambda: symbol("moves"))))
    print(show(attempt(lambda: symbol("OLD.NAME"))))
    print(show(attempt(lambda: symbol("NOBODY"))))
    print(show(attempt(lambda: symbol(None))))
    print(show(attempt(lambda: symbol(3))))
    print(show(attempt(lambda: symbol("STEADY", country_code="US"))))
    print(show(attempt(lambda: symbol("STEADY", country_code="us"))))
    print(show(attempt(lambda: symbol("STEADY", country_code="GB"))))
    set_symbol_lookup_date("2015-10-01")
    print(show(attempt(lambda: symbol("MOVES"))))
    print(show(attempt(lambda: symbol("old_name"))))
    print(show(attempt(lambda: symbol("OLD/NAME"))))
    print(show(attempt(lambda: symbol("LATE"))))
    set_symbol_lookup_date(pd.Timestamp("2015-12-20", tz="US/Eastern"))
    print(show(attempt(lambda: symbol("LATE"))))
    print(attempt(lambda: set_symbol_lookup_date("no date")))
    print(symbols("THIN", "PAYS"), attempt(lambda: symbols("THIN", "NOBODY")))
    print(show(attempt(lambda: sid(4))), attempt(lambda: sid(999)), attempt(lambda: sid("4")))
    context.asset = symbol("MOVES")
    print(context.asset == sid(9), context.asset == 9, context.asset < sid(0), hash(sid(3)))
    print({sid(2): "two"}[symbol("THIN")], sorted([sid(5), sid(1)]), repr(sid(1)), int(sid(7)))
    print(sorted(context.asset.to_dict().items(), key=lambda item: item[0])[:4])
    finder = context.asset_finder
    print(finder.sids[:5] if isinstance(finder.sids, list) else sorted(finder.sids)[:5])
    print([asset.symbol for asset in finder.retrieve_all([3, 1])])
    print(show(finder.lookup_symbol("OLDNAME", pd.Timestamp("2015-10-01"), fuzzy=True)))
    print(attempt(lambda: finder.lookup_symbol("OLDNAME", pd.Timestamp("2015-10-01"))))


def handle_data(context, data):
    order_target(context.asset, 10 + context.get_datetime().day)
    print(context.get_datetime().date(), symbol("MOVES").symbol, data.can_trade(context.asset))


perf = run_algorithm(
    pd.Timestamp("2015-11-20"), pd.Timestamp("2015-12-20"), initialize, 1e5, handle_data,
    bundle="market",
)  # fmt: skip
