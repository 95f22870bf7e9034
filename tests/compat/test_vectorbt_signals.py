"""`.vbt.signals` where there is no other to compare with, or errors tell more."""

from __future__ import annotations

from typing import Any

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import pytest
from fillproof.compat.unsupported import UnsupportedFeature

ENTRIES: Any = pd.Series([True, False, False, True, False, False])
SERIES: Any = pd.Series
FRAME: Any = pd.DataFrame
PRICES: Any = pd.Series([10.0, 10.2, 11.5, 10.0, 9.9, 8.9])


def test_stops_of_bars_are_written_to_out_dict():
    out: dict = {}
    exits = ENTRIES.vbt.signals.generate_ohlc_stop_exits(
        PRICES, sl_stop=0.1, tp_stop=0.1, out_dict=out
    )
    assert exits.tolist() == [False, False, True, False, False, True]
    np.testing.assert_array_equal(out["stop_type"], [-1, -1, 2, -1, -1, 0])
    np.testing.assert_allclose(out["stop_price"], [np.nan, np.nan, 11.0, np.nan, np.nan, 9.0])


def test_a_seed_gives_the_same_signals_again():
    first, second = (FRAME.vbt.signals.generate_random((50, 2), prob=0.3, seed=1) for _ in range(2))
    assert first.equals(second)
    assert 10 < first.to_numpy().sum() < 60


def test_compiled_functions_of_a_script_call_those_of_signals():
    from numba import njit

    nb = vbt.signals.nb

    @njit
    def both(a):
        return nb.clean_enex_nb(a, ~a, True)[0], nb.between_ranges_nb(a)["start_idx"]

    entries, starts = both(ENTRIES.to_numpy()[:, None])
    assert entries[:, 0].tolist() == ENTRIES.tolist()
    assert starts.tolist() == [0]


def test_what_cannot_be_done_is_said():
    with pytest.raises(UnsupportedFeature, match="rust"):
        SERIES.vbt.signals.generate_random(5, n=1, engine="rust")
    with pytest.raises(AssertionError):
        _ = PRICES.vbt.signals
    with pytest.raises(ValueError, match="mode"):
        vbt.SignalFactory(input_names=["exits"])
