"""Record VectorBT scripts: the constructors of `Portfolio`.

A portfolio never changes after it was built, so the records, cash and value are read from it when
the script has ended: asking earlier would fill caches that the script has not asked for.
"""

from __future__ import annotations

import functools

SIDES = ("buy", "sell")
DIRECTIONS = ("long", "short")
TRADE_STATUS = ("open", "closed")
NAN = float("nan")
NEVER = -(2**63)
MOST_PRICES = 200_000  # points of prices kept for drawing


def lay(vectorbt, recording) -> None:
    """Lay the hooks on the package that the script just imported."""
    portfolio = vectorbt.Portfolio
    built: list = []
    if not recording.light:
        recording.collectors.append(lambda: [_collect(pf, recording) for pf in built])
    for name in dir(portfolio):
        if name.startswith("from_") and callable(getattr(portfolio, name, None)):
            _wrap(portfolio, name, recording, built)


def _wrap(portfolio, name: str, recording, built: list) -> None:
    original = getattr(portfolio, name)
    if not hasattr(original, "__func__"):
        return  # a declared gap, or not a constructor
    function = original.__func__

    @functools.wraps(function)
    def construct(cls, *args, **kwargs):
        made = recording.timed(function)(cls, *args, **kwargs)
        # from_holding and others call from_signals or from_orders: one portfolio, built once.
        if recording.depth == 0:
            built.append(made)
        return made

    setattr(portfolio, name, classmethod(construct))


def _collect(portfolio, recording) -> None:
    import numpy as np
    import pandas as pd

    run = recording.new_run("vectorbt", "portfolio")
    tables = recording.tables
    value, cash = _frame(portfolio.value()), _frame(portfolio.cash())
    times = _times(value.index)
    wrapper = getattr(portfolio, "wrapper", None)
    columns = [str(name) for name in (value.columns if wrapper is None else wrapper.columns)]
    bars = np.arange(len(times))
    recording.runs[run]["bars"] = len(times)
    recording.accounts.append((float(cash.iloc[-1].sum()), float(value.iloc[-1].sum())))

    for position, group in enumerate(value.columns):
        tables["bars"].extend(
            run=run,
            bar=bars,
            time=times,
            group=str(group),
            cash=cash.iloc[:, position].to_numpy(float),
            equity=value.iloc[:, position].to_numpy(float),
        )
    orders = portfolio.orders.records
    if len(orders):
        size, fees = orders["size"].to_numpy(float), orders["fees"].to_numpy(float)
        price = orders["price"].to_numpy(float)
        index = orders["idx"].to_numpy()
        order = orders["id"].to_numpy()
        assets = np.array(columns, dtype=object)[orders["col"].to_numpy()]
        sides = np.array(SIDES, dtype=object)[orders["side"].to_numpy()]
        tables["orders"].extend(
            run=run,
            order=order,
            ref="",
            asset=assets,
            side=sides,
            size=size,
            kind="",
            price=price,
            limit=NAN,
            valid="",
            bar=index,
            time=times[index],
            status="filled",
            filled=size,
            average=price,
            commission=fees,
        )
        tables["fills"].extend(
            run=run,
            bar=index,
            time=times[index],
            order=order,
            asset=assets,
            side=sides,
            size=size,
            price=price,
            commission=fees,
        )
    trades = portfolio.trades.records
    if len(trades):
        opened, closed = trades["entry_idx"].to_numpy(), trades["exit_idx"].to_numpy()
        fees = trades["entry_fees"].to_numpy(float) + trades["exit_fees"].to_numpy(float)
        tables["trades"].extend(
            run=run,
            seq=np.arange(len(trades)),
            bar=closed,
            time=times[closed],
            trade=trades["id"].to_numpy(),
            asset=np.array(columns, dtype=object)[trades["col"].to_numpy()],
            side=np.array(DIRECTIONS, dtype=object)[trades["direction"].to_numpy()],
            status=np.array(TRADE_STATUS, dtype=object)[trades["status"].to_numpy()],
            size=trades["size"].to_numpy(float),
            price=trades["entry_price"].to_numpy(float),
            exit_price=trades["exit_price"].to_numpy(float),
            value=trades["return"].to_numpy(float),
            pnl=NAN,
            net=trades["pnl"].to_numpy(float),
            commission=fees,
            opened=times[opened],
            closed=times[closed],
            length=closed - opened,
        )
    close = getattr(portfolio, "close", None)
    if isinstance(close, (pd.Series, pd.DataFrame)) and close.size <= MOST_PRICES:
        frame = _frame(close)
        for position, name in enumerate(columns[: frame.shape[1]]):
            recording.prices.extend(
                run=run,
                asset=name,
                bar=bars,
                time=times,
                close=frame.iloc[:, position].to_numpy(float),
            )


def _frame(values):
    return values.to_frame() if values.ndim == 1 else values


def _times(index):
    """Nanoseconds since the epoch; an index that is no time counts as it is, or by position."""
    import numpy as np

    if index.dtype.kind == "M" or hasattr(index, "tz"):
        stamps = index.tz_convert("UTC").tz_localize(None) if index.tz is not None else index
        return stamps.to_numpy().astype("datetime64[ns]").astype(np.int64)
    if index.dtype.kind in "iu":
        return index.to_numpy(np.int64)
    return np.arange(len(index))
