"""What errors of VectorBT's names say: each text stands in docs/errors.md, word for word."""

from __future__ import annotations

from pathlib import Path

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "errors.md").read_text()
CLOSE = pd.Series([1.0, 2.0, 3.0, 2.0], index=pd.date_range("2020-01-01", periods=4), name="close")


def orders(size=1.0, close=CLOSE, **options):
    return vbt.Portfolio.from_orders(close, size, **options)


@pytest.mark.parametrize(
    "call",
    [
        lambda: vbt.Portfolio.from_signals(CLOSE, True, False, direction="long"),
        lambda: vbt.Portfolio.from_signals(CLOSE, [True, False], [False, True]),
        lambda: orders(fees=np.nan),
        lambda: orders(100.0, raise_reject=True),
        lambda: orders(close=CLOSE.reset_index(drop=True)).sharpe_ratio(),
        lambda: vbt.Data.from_data({"A": CLOSE, "B": CLOSE[1:]}, missing_index="raise"),
        lambda: vbt.LEXLB.run(CLOSE, 0.0, 0.1),
        lambda: orders().value(in_sim_order=True),
        lambda: vbt.YFData.download("A"),
    ],
)
def test_the_text_is_on_the_page(call):
    with pytest.raises(Exception) as error:  # noqa: PT011 - the class is part of the text
        call()
    text = f"{type(error.value).__name__}: {error.value}"
    assert f"\n{text}\n" in PAGE


def test_an_invalid_order_is_a_value_error():
    with pytest.raises(ValueError, match="fees must be finite"):
        orders(fees=np.nan)
