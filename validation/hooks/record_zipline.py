"""Record Zipline algorithms: `TradingAlgorithm.run` and the functions of `zipline.api`.

The performance frame gives orders, transactions, positions, cash and value of each session; the
call-backs and the ordering calls are wrapped to record their sequence.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import importlib
import numbers
import sys
from typing import Any

CALLBACKS = ("initialize", "before_trading_start", "handle_data", "analyze")
ORDERING = (
    "order",
    "order_value",
    "order_percent",
    "order_target",
    "order_target_value",
    "order_target_percent",
    "batch_market_order",
    "cancel_order",
)
STATUS = ("open", "filled", "cancelled", "rejected", "held")
NESTED = ("orders", "transactions", "positions")
NAN = float("nan")
NEVER = -(2**63)


def lay(zipline, recording) -> None:
    """Lay the hooks on the package that the script just imported."""
    algorithm = importlib.import_module("zipline.algorithm").TradingAlgorithm
    if recording.light:
        algorithm.run = _light(algorithm.run, recording)
        return
    current: list[AlgorithmRecord] = []
    runs: list[AlgorithmRecord] = []
    recording.collectors.append(lambda: [_collect(run, recording) for run in runs])
    api = importlib.import_module("zipline.api")
    for owner in (api, algorithm):
        _wrap_api(owner, current)
    algorithm.__init__ = _hooked(algorithm, current)
    algorithm.run = _recorded(algorithm.run, recording, runs, current)


def _light(original, recording):
    timed = recording.timed(original)

    @functools.wraps(original)
    def run(*args, **kwargs):
        perf = timed(*args, **kwargs)
        _note_account(perf, recording)
        return perf

    return run


def _note_account(perf, recording) -> None:
    if "portfolio_value" in perf:  # a metrics set of one's own may leave it out
        last = perf.iloc[-1]
        recording.accounts.append((float(last["ending_cash"]), float(last["portfolio_value"])))


def _hooked(algorithm, current):
    """The constructor; it records the call-backs of an algorithm, functions or methods."""
    original = algorithm.__init__

    @functools.wraps(original)
    def __init__(self, *args, **kwargs):
        kind = type(self)
        for name in CALLBACKS:
            method = getattr(kind, name)
            own = method is not getattr(algorithm, name) and not hasattr(method, "recorded")
            if own:
                wrapped = _callback(name, method, current)
                wrapped.__dict__["recorded"] = True
                setattr(kind, name, wrapped)
        original(self, *args, **kwargs)
        for name in CALLBACKS:
            function = getattr(self, f"_{name}")
            if function is not None:
                setattr(self, f"_{name}", _callback(name, function, current))

    return __init__


def _recorded(original, recording, runs, current):
    timed = recording.timed(original)

    @functools.wraps(original)
    def run(*args, **kwargs):
        record = AlgorithmRecord(recording)
        runs.append(record)
        current.append(record)
        try:
            perf = timed(*args, **kwargs)
        finally:
            current.pop()
        # A copy: the script may change the frame that it gets.
        record.perf = perf.copy()
        _note_account(perf, recording)
        return perf

    return run


def _callback(name: str, function, current):
    """A call-back that notes its calls in the run that goes on."""

    @functools.wraps(function)
    def called(*args, **kwargs):
        if current:
            record = current[-1]
            record.calls.append((record.now() if name != "analyze" else NEVER, name, ""))
        return function(*args, **kwargs)

    return called


class AlgorithmRecord:
    """What one run of an algorithm did."""

    def __init__(self, recording) -> None:
        self.run = recording.new_run("zipline", "algorithm")
        self.perf: Any = None  # a DataFrame, once the run has ended
        self.calls: list[tuple[int, str, str]] = []
        self.depth = 0
        self.ids: dict[str, int] = {}  # the framework's order ids, numbered as they appear

    def now(self) -> int:
        try:
            return nanoseconds(sys.modules["zipline.api"].get_datetime())
        except (AssertionError, AttributeError, ValueError, TypeError, RuntimeError):
            return NEVER  # before the first session

    @contextlib.contextmanager
    def inside(self):
        """A call of the API goes on: calls that it makes itself are not noted."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def number(self, identity) -> int:
        return self.ids.setdefault(str(identity), len(self.ids))


def _wrap_api(owner, current) -> None:
    """Record the calls of a module's functions, or of a class's methods."""
    schedule = owner.schedule_function

    @functools.wraps(schedule)
    def schedule_function(*args, **kwargs):
        # The function is the first argument after `self`; an inner call gets it wrapped already.
        at = int(isinstance(owner, type))
        if current and not current[-1].depth:
            function = args[at] if len(args) > at else kwargs["func"]
            name = f"scheduled {getattr(function, '__name__', 'function')}"
            function = _callback(name, function, current)
            if len(args) > at:
                args = (*args[:at], function, *args[at + 1 :])
            else:
                kwargs["func"] = function
            with current[-1].inside():
                return schedule(*args, **kwargs)
        return schedule(*args, **kwargs)

    owner.schedule_function = schedule_function
    for name in ORDERING:
        function = getattr(owner, name, None) if name in dir(owner) else None
        if callable(function):
            setattr(owner, name, _wrap_ordering(name, function, current, isinstance(owner, type)))


def _wrap_ordering(name, function, current, method: bool):
    @functools.wraps(function)
    def ordering(*args, **kwargs):
        if not current:
            return function(*args, **kwargs)
        record = current[-1]
        with record.inside():
            result = function(*args, **kwargs)
        if record.depth == 0:
            given = args[1:] if method else args
            record.calls.append((record.now(), name, _detail(record, name, given, kwargs, result)))
        return result

    return ordering


def _detail(record, name, args, kwargs, result) -> str:
    if name == "cancel_order":
        order = args[0] if args else kwargs.get("order_param")
        return f"order {record.number(getattr(order, 'id', order))}"
    if name == "batch_market_order":
        return " ".join(f"order {record.number(made)}" for made in result)
    asset = args[0] if args else kwargs.get("asset")
    made = "no order" if result is None else f"order {record.number(result)}"
    return f"{_symbol(asset)}: {made}"


def _symbol(asset) -> str:
    return str(getattr(asset, "symbol", asset))


def _collect(record: AlgorithmRecord, recording) -> None:
    tables, run, perf = recording.tables, record.run, record.perf
    times = [] if perf is None else [nanoseconds(time) for time in perf.index]
    for seq, (time, method, detail) in enumerate(record.calls):
        # The session that the time belongs to: the first one that closes then or later.
        bar = len(times) if method == "analyze" else bisect.bisect_left(times, time) + 1
        bar = 0 if method == "initialize" else bar
        tables["calls"].add(run, seq, bar, time, method, detail)
    if perf is None:
        return
    recording.runs[run]["bars"] = len(times)
    states: dict[int, tuple] = {}
    seq = 0
    for bar, listed in enumerate(perf["orders"], 1):
        for order in listed:
            number = record.number(order["id"])
            first = states.get(number)
            states[number] = (bar if first is None else first[0], order)
            tables["events"].add(
                run,
                seq,
                bar,
                nanoseconds(order["dt"]),  # when it last changed
                number,
                STATUS[int(order["status"])],
                float(order["filled"]),
                NAN,
                float(order["commission"] or 0.0),
                NAN,
                NAN,
            )
            seq += 1
    spent: dict[int, float] = {}
    for bar, listed in enumerate(perf["transactions"], 1):
        for fill in listed:
            number = record.number(fill["order_id"])
            spent[number] = spent.get(number, 0.0) + fill["price"] * fill["amount"]
            tables["fills"].add(
                run,
                bar,
                nanoseconds(fill["dt"]),
                number,
                _symbol(fill["sid"]),
                "buy" if fill["amount"] > 0 else "sell",
                float(abs(fill["amount"])),
                float(fill["price"]),
                _number(fill["commission"]),
            )
    for number, (bar, order) in sorted(states.items()):
        filled = float(order["filled"])
        tables["orders"].add(
            run,
            number,
            "",
            _symbol(order["sid"]),
            "buy" if order["amount"] > 0 else "sell",
            float(order["amount"]),
            _kind(order),
            _number(order["stop"]),
            _number(order["limit"]),
            str(order["reason"] or ""),
            bar,
            nanoseconds(order["created"]),
            STATUS[int(order["status"])],
            filled,
            spent.get(number, 0.0) / filled if filled else 0.0,
            float(order["commission"] or 0.0),
        )
    for bar, time in enumerate(times, 1):
        row = perf.iloc[bar - 1]
        cash, equity = float(row["ending_cash"]), float(row["portfolio_value"])
        tables["bars"].add(run, bar, time, "", cash, equity)
    _collect_series(record, recording, times)


def _collect_series(record: AlgorithmRecord, recording, times: list[int]) -> None:
    """Every number of the performance frame, and of the positions in it, by name."""
    import numpy as np
    import pandas as pd

    run, perf = record.run, record.perf
    bars = np.arange(1, len(times) + 1)
    series = recording.tables["series"]
    for name in sorted(perf.columns, key=str):
        if name in NESTED:
            continue
        column = perf[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
            # A time is compared exactly, so it goes where whole numbers go.
            stamps = [nanoseconds(value) for value in column]
            series.extend(run=run, name=str(name), bar=bars, time=stamps, value=0.0)
            continue
        if not pd.api.types.is_numeric_dtype(column.dtype):
            # Text, or whatever the script recorded: compared as text where it is text, as a
            # number where it is one. How pandas stores either is not the framework's doing.
            for bar, (time, value) in enumerate(zip(times, column, strict=True), 1):
                if isinstance(value, str):
                    series.add(run, f"{name}: {value}", bar, time, NAN)
                elif isinstance(value, numbers.Real):
                    series.add(run, str(name), bar, time, float(value))
                else:
                    series.add(run, f"{name}: {type(value).__name__}", bar, time, NAN)
            continue
        values = column.to_numpy(float, na_value=NAN)
        series.extend(run=run, name=str(name), bar=bars, time=times, value=values)
    for bar, (time, held) in enumerate(zip(times, perf["positions"], strict=True), 1):
        for position in held:
            symbol = _symbol(position["sid"])
            for what in ("amount", "cost_basis", "last_sale_price"):
                series.add(run, f"{what}:{symbol}", bar, time, float(position[what]))
            recording.prices.add(run, symbol, bar, time, float(position["last_sale_price"]))


def _kind(order) -> str:
    stop, limit = order["stop"] is not None, order["limit"] is not None
    return {(0, 0): "market", (0, 1): "limit", (1, 0): "stop", (1, 1): "stop limit"}[stop, limit]


def _number(value) -> float:
    return NAN if value is None else float(value)


def nanoseconds(time) -> int:
    """A pandas time stamp in nanoseconds since the epoch, UTC, whatever its unit; NaT is NEVER."""
    import pandas as pd

    stamp = pd.Timestamp(time)
    return NEVER if stamp is pd.NaT else int(stamp.as_unit("ns").value)
