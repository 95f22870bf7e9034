"""Look-ahead checks of scripts: what a strategy ordered, in the form that `core.lookahead` takes.

Each function below turns a way of running a framework on data into a `run` for `lookahead`, which
calls it on data cut at several places:

    from fillproof.compat.lookahead import backtrader_orders, lookahead

    def make(frame):
        cerebro = bt.Cerebro()
        cerebro.adddata(bt.feeds.PandasData(dataname=frame))
        cerebro.addstrategy(Mine)
        return cerebro

    print(lookahead(backtrader_orders(make), frame))
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..core.lookahead import Change, Lookahead, lookahead

__all__ = [
    "Change",
    "Lookahead",
    "backtrader_orders",
    "indicator_lines",
    "lookahead",
    "vectorbt_orders",
    "zipline_orders",
]


def backtrader_orders(
    make: Callable[[Any], Any], indicators: bool = False
) -> Callable[[Any], dict[str, Any]]:
    """A run that gives every order a Cerebro's strategies sent, as it was asked for.

    make: takes data (a frame, or frames by name) and returns a new Cerebro with its feeds,
    strategies and broker, not yet run. Each order has the time of the bar on which it was created,
    its data, signed size, kind, prices and expiry; cancellations and what became of the order are
    not compared. indicators: also give each indicator of the strategies' first level, so that
    the report names the one that looks ahead; only for a single feed that all of them follow.
    """

    def run(data: Any) -> dict[str, Any]:
        from .backtrader.dates import nanoseconds

        cerebro = make(data)
        strategies = cerebro.run()
        names = {feed: feed._name or f"data{n}" for n, feed in enumerate(cerebro.datas)}
        result: dict[str, Any] = {
            "orders": [
                {
                    "time": nanoseconds(order.created.dt),
                    "asset": names.get(order.data, str(order.data)),
                    "size": order.created.size,
                    "kind": order.getordername(),
                    "price": order.price,
                    "limit": order.pricelimit,
                    "trail_amount": order.trailamount,
                    "trail_percent": order.trailpercent,
                    "valid": order.valid,
                }
                for order in cerebro.broker.orders
            ]
        }
        if indicators:
            for strategy in strategies:
                for name, clock, values in indicator_lines(strategy):
                    times = [nanoseconds(num) for num in clock]
                    result[name] = {"time": times, "value": values.tolist()}
        return result

    return run


def indicator_lines(strategy: Any) -> Iterator[tuple[str, Any, Any]]:
    """(name, times as Backtrader counts them, values) of each line of a strategy's indicators.

    Those of the first level, whose lines are as long as one of the datas: it tells their times.
    """
    import numpy as np

    clocks = [np.asarray(data.datetime.array, dtype=np.float64) for data in strategy.datas]
    for n, indicator in enumerate(strategy.getindicators()):
        # Operations on lines have no names for theirs.
        for line in getattr(indicator, "getlinealiases", tuple)():
            values = np.asarray(getattr(indicator.lines, line).array, dtype=np.float64)
            clock = next((one for one in clocks if len(one) == len(values)), None)
            if clock is not None:
                yield f"{type(indicator).__name__} {n}.{line}", clock, values


_runs = itertools.count()


def zipline_orders(
    initialize: Callable[..., Any],
    handle_data: Callable[..., Any] | None = None,
    before_trading_start: Callable[..., Any] | None = None,
    *,
    capital_base: float = 100_000.0,
    start: object = None,
    calendar: str = "XNYS",
) -> Callable[[Any], list[dict[str, Any]]]:
    """A run that gives every order that an algorithm placed, as it was on its first day.

    The data are frames by symbol (or one frame, symbol "asset") of daily open, high, low, close and
    volume, indexed by sessions of the calendar. start: the first session of the run (default: the
    first of the data); give it where the algorithm asks for history before it. Each order has its
    session, symbol, amount, limit and stop.
    """

    def run(data: Any) -> list[dict[str, Any]]:
        import pandas as pd

        from .zipline import run_algorithm
        from .zipline.data import bundles

        frames = dict(data) if isinstance(data, Mapping) else {"asset": data}
        # Before its first row and without any an asset does not exist.
        frames = {symbol: frame for symbol, frame in frames.items() if len(frame)}
        first = min(frame.index[0] for frame in frames.values())
        last = max(frame.index[-1] for frame in frames.values())
        name = f"lookahead-{next(_runs)}"

        def write(environ, assets, minutes, daily, actions, sessions, *others) -> None:
            table = pd.DataFrame(
                [
                    (symbol, frame.index[0], frame.index[-1], "LOOKAHEAD")
                    for symbol, frame in frames.items()
                ],
                columns=["symbol", "start_date", "end_date", "exchange"],
            )
            assets.write(equities=table)
            daily.write(enumerate(frames.values()))
            actions.write()

        bundles.register(name, write, calendar, first, last)
        try:
            with tempfile.TemporaryDirectory() as folder:
                environ = {"ZIPLINE_ROOT": folder}
                bundles.ingest(name, environ)
                performance = run_algorithm(
                    start=first if start is None else pd.Timestamp(start),  # type: ignore[arg-type]
                    end=last,
                    initialize=initialize,
                    handle_data=handle_data,
                    before_trading_start=before_trading_start,
                    capital_base=capital_base,
                    bundle=name,
                    environ=environ,
                )
        finally:
            bundles.unregister(name)
        orders: dict[str, dict[str, Any]] = {}
        for order in itertools.chain.from_iterable(performance["orders"]):
            if order["id"] not in orders:
                orders[order["id"]] = {
                    "time": order["created"].tz_convert("UTC").tz_localize(None).normalize(),
                    "asset": order["sid"].symbol,
                    "amount": order["amount"],
                    "limit": order["limit"],
                    "stop": order["stop"],
                }
        return list(orders.values())

    return run


def vectorbt_orders(make: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    """A run that gives the orders of Portfolios, and the signals and indicators beside them.

    make: takes the data and returns a Portfolio, or a mapping of names to Portfolios and to frames
    or arrays (signals, indicators), which are compared as they are. A Portfolio's orders have
    their time, column, side, size, price and fees.
    """

    def run(data: Any) -> dict[str, Any]:
        made = make(data)
        parts = made if isinstance(made, Mapping) else {"orders": made}
        return {str(name): _orders(part) for name, part in parts.items()}

    return run


def _orders(part: Any) -> Any:
    """A Portfolio's orders as columns; anything else as it is."""
    from .vectorbt import Portfolio

    if not isinstance(part, Portfolio):
        return part
    table = part.orders.records_readable
    return {
        "time": [stamp.to_datetime64() for stamp in table["Timestamp"]],
        "asset": ["/".join(map(str, _several(column))) for column in table["Column"]],
        **{name.lower(): table[name].tolist() for name in ("Side", "Size", "Price", "Fees")},
    }


def _several(label: Any) -> tuple:
    return label if isinstance(label, tuple) else (label,)
