"""What errors of Zipline's API say: each text stands in docs/errors.md, word for word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.zipline import api as z
from fillproof.compat.zipline import run_algorithm
from fillproof.compat.zipline.finance import slippage

PAGE = (Path(__file__).parents[3] / "docs" / "errors.md").read_text()
DAYS = pd.bdate_range("2024-03-01", "2024-03-28")


def frame(symbol: str, first: int, last: int) -> pd.DataFrame:
    days = DAYS[first : last + 1]
    close = 20.0 + np.arange(len(days))
    return pd.DataFrame({"date": days, "symbol": symbol, "close": close, "volume": 1e4}).assign(
        open=close, high=close + 1, low=close - 1
    )


PRICES = pd.concat([frame("SPY", 0, 19), frame("SPX", 0, 19), frame("NEW", 8, 19)])


def run(initialize=lambda context: None, handle_data=None, start="2024-03-01", **options):
    run_algorithm(
        pd.Timestamp(start),
        pd.Timestamp("2024-03-28"),
        initialize,
        1e5,
        handle_data,
        default_extension=False,
        **({"data": PRICES} | options),
    )


def each_bar(call):
    """The options of a run that calls it at every bar."""
    return {"handle_data": lambda context, data: call(data)}


CASES = {
    "a symbol that is not there": lambda: run(lambda context: z.symbol("SPYY")),
    "a bundle that is not there": lambda: run(data=None, bundle="my_bundel"),
    "a bundle that was not ingested": lambda: run(
        data=None,
        bundle="quandl",
        bundle_timestamp=pd.Timestamp("2024-04-01"),
        environ={"ZIPLINE_ROOT": "/nowhere"},
    ),
    "days with a time zone": lambda: run(start="2024-03-01T00:00Z"),
    "an order before the market opens": lambda: run(
        before_trading_start=lambda context, data: z.order(z.symbol("SPY"), 1)
    ),
    "an order for an asset to come": lambda: run(
        **each_bar(lambda data: z.order_value(z.symbol("NEW"), 100))
    ),
    "a window before the data": lambda: run(
        **each_bar(lambda data: data.history(z.symbol("SPY"), "close", 5, "1d"))
    ),
    "a field that is not there": lambda: run(
        **each_bar(lambda data: data.history(z.symbol("SPY"), "clsoe", 1, "1d"))
    ),
    "slippage after initialize": lambda: run(
        **each_bar(lambda data: z.set_slippage(slippage.NoSlippage()))
    ),
    "a control": lambda: run(
        lambda context: z.set_max_order_size(max_shares=10),
        **each_bar(lambda data: z.order(z.symbol("SPY"), 11)),
    ),
    "outside a run": lambda: z.symbol("SPY"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_page_has_what_the_error_says(case):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the page names the class
        CASES[case]()
    error = caught.value
    said = "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    assert said in PAGE, said


def test_a_symbol_of_another_time_says_when_it_was_held(note_of_symbol):
    assert note_of_symbol("NOW", "2019-06-28") in PAGE


@pytest.fixture
def note_of_symbol():
    from fillproof.compat.zipline.assets import AssetFinder
    from fillproof.compat.zipline.assets.tables import from_frames
    from fillproof.compat.zipline.explaining import unknown_symbol

    finder = AssetFinder(
        from_frames(
            equities=pd.DataFrame(
                {
                    "symbol": ["OLD", "NOW"],
                    "start_date": pd.to_datetime(["2019-01-02", "2020-03-02"]),
                    "end_date": pd.to_datetime(["2020-02-28", "2021-12-31"]),
                    "exchange": "NYSE",
                },
                index=[0, 1],
            )
        )
    )
    return lambda symbol, date: unknown_symbol(finder, symbol, pd.Timestamp(date))
