"""Frames of made-up assets, as `AssetDBWriter.write` takes them."""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase

from .futures import CMES_CODE_TO_MONTH

__all__ = [
    "make_commodity_future_info",
    "make_future_info",
    "make_jagged_equity_info",
    "make_rotating_equity_info",
    "make_simple_equity_info",
    "make_simple_multi_country_equity_info",
]

_COLUMNS = ["start_date", "end_date", "symbol", "exchange", "asset_name"]


def make_rotating_equity_info(
    num_assets, first_start, frequency, periods_between_starts, asset_lifetime, exchange="TEST"
):
    """Equities A, B, … that begin one after the other and live for as long, by sid from 0.

    frequency: an offset; periods_between_starts, asset_lifetime: numbers of it.
    """
    import pandas as pd

    step = periods_between_starts * frequency
    end = first_start + asset_lifetime * frequency
    return pd.DataFrame(
        {
            "symbol": list(ascii_uppercase[:num_assets]),
            "start_date": pd.date_range(first_start, freq=step, periods=num_assets),
            "end_date": pd.date_range(end, freq=step, periods=num_assets),
            "exchange": exchange,
        },
        index=range(num_assets),
    )


def make_simple_equity_info(sids, start_date, end_date, symbols=None, names=None, exchange="TEST"):
    """Equities that all live from start_date to end_date; symbols are A, B, … by default."""
    import pandas as pd

    symbols = list(ascii_uppercase[: len(sids)] if symbols is None else symbols)
    return pd.DataFrame(
        {
            "symbol": symbols,
            "start_date": pd.to_datetime([start_date] * len(sids)),
            "end_date": pd.to_datetime([end_date] * len(sids)),
            "asset_name": [f"{each} INC." for each in symbols] if names is None else list(names),
            "exchange": exchange,
        },
        index=list(sids),
        columns=_COLUMNS,
    )


def make_simple_multi_country_equity_info(
    countries_to_sids, countries_to_exchanges, start_date, end_date
):
    """Equities of several countries, with symbols such as US-0; dictionaries are by country."""
    import pandas as pd

    rows = [
        (sid, f"{country}-{number}", countries_to_exchanges[country])
        for country, sids in countries_to_sids.items()
        for number, sid in enumerate(sids)
    ]
    symbols = [symbol for _, symbol, _ in rows]
    return pd.DataFrame(
        {
            "symbol": symbols,
            "start_date": start_date,
            "end_date": end_date,
            "asset_name": symbols,
            "exchange": [exchange for *_, exchange in rows],
        },
        index=[sid for sid, *_ in rows],
        columns=_COLUMNS,
    )


def make_jagged_equity_info(
    num_assets, start_date, first_end, frequency, periods_between_ends, auto_close_delta
):
    """Equities A, B, … that begin together and end one after the other, by sid from 0.

    auto_close_delta: time from the end to the auto-close date; None for no such date.
    """
    import pandas as pd

    step = periods_between_ends * frequency
    frame = pd.DataFrame(
        {
            "symbol": list(ascii_uppercase[:num_assets]),
            "start_date": start_date,
            "end_date": pd.date_range(first_end, freq=step, periods=num_assets),
            "exchange": "TEST",
        },
        index=range(num_assets),
    )
    if auto_close_delta is not None:
        frame["auto_close_date"] = frame["end_date"] + auto_close_delta
    return frame


def make_future_info(
    first_sid,
    root_symbols,
    years,
    notice_date_func,
    expiration_date_func,
    start_date_func,
    month_codes=None,
    multiplier=500,
):
    """Contracts of root symbols for each delivery month of some years, by sid from first_sid.

    The functions give dates from the beginning of the delivery month. month_codes: month numbers
    by letter.
    """
    import pandas as pd

    months = sorted((month_codes or CMES_CODE_TO_MONTH).items(), key=lambda one: one[1])
    rows = []
    for root, year, (letter, month) in product(root_symbols, list(years), months):
        begin = pd.Timestamp(year=int(year), month=month, day=1, tz="UTC")
        rows.append(
            {
                "sid": first_sid + len(rows),
                "root_symbol": root,
                "symbol": f"{root}{letter}{str(year)[-2:]}",
                "start_date": start_date_func(begin),
                "notice_date": notice_date_func(begin),
                "expiration_date": expiration_date_func(begin),
                "multiplier": multiplier,
                "exchange": "TEST",
            }
        )
    return pd.DataFrame.from_records(rows, index="sid")


def make_commodity_future_info(first_sid, root_symbols, years, month_codes=None, multiplier=500):
    """Contracts like those on oil: notice on the 20th two months before delivery.

    They expire on the 20th of the month before and begin a year before delivery.
    """
    import pandas as pd
    from pandas.tseries.offsets import MonthBegin

    nineteen_days = pd.Timedelta(days=19)
    return make_future_info(
        first_sid,
        root_symbols,
        years,
        notice_date_func=lambda begin: begin - MonthBegin(2) + nineteen_days,
        expiration_date_func=lambda begin: begin - MonthBegin(1) + nineteen_days,
        start_date_func=lambda begin: begin - pd.Timedelta(days=365),
        month_codes=month_codes,
        multiplier=multiplier,
    )
