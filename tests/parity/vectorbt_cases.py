"""Generated calls of `from_signals` and `from_orders`, and what a portfolio says about each.

Used twice: by the test, with fillproof's adapter, and as a script in the real framework's own
environment (`python vectorbt_cases.py IN OUT`), which knows nothing of fillproof. Nothing here
may import either at the top.
"""

from __future__ import annotations

import pickle
import sys
import warnings

import numpy as np
import pandas as pd

SERIES = ("value", "cash", "returns", "assets", "asset_flow", "cash_flow")
NUMBERS = (
    "total_return",
    "total_profit",
    "final_value",
    "sharpe_ratio",
    "sortino_ratio",
    "calmar_ratio",
    "omega_ratio",
    "max_drawdown",
    "annualized_return",
    "annualized_volatility",
    "get_init_cash",
    "total_benchmark_return",
)
TABLES = ("orders", "exit_trades", "entry_trades", "positions", "drawdowns")


def make_case(seed: int) -> dict:
    """One call: its arguments are drawn from the whole argument space by `seed`."""
    rng = np.random.default_rng(seed)
    signals = rng.random() < 0.6
    rows = int(rng.choice([1, 2, 5, 20, 40, 80]))
    columns = int(rng.choice([1, 1, 2, 3, 5]))
    as_series = columns == 1 and rng.random() < 0.5

    def pick(*options):
        return options[rng.integers(len(options))]

    def chance(probability: float) -> bool:
        return rng.random() < probability

    step = pick(0.005, 0.02, 0.08)
    close = pick(1.0, 10.0, 100.0) * np.exp(np.cumsum(rng.normal(0, step, (rows, columns)), 0))
    if chance(0.3):
        close = np.round(close, 1) + 0.1
    if chance(0.2):
        close[rng.random(close.shape) < 0.1] = np.nan

    def spread(values, forms=("scalar", "row", "column", "full")):
        """Values as a scalar, a row, a column or a matrix, drawn from `values`."""
        form = pick(*forms)
        if form == "scalar":
            return pick(*values)
        if as_series:
            return np.array([pick(*values) for _ in range(rows)])
        shape = {"row": (1, columns), "column": (rows, 1), "full": (rows, columns)}[form]
        return np.array([pick(*values) for _ in range(shape[0] * shape[1])]).reshape(shape)

    def sometimes(name: str, probability: float, *values):
        if chance(probability):
            kwargs[name] = spread(values)

    index = pd.date_range("2020-01-01", periods=rows, freq=pick("D", "h"))
    names = [f"c{n}" for n in range(columns)]
    frame = pd.Series(close[:, 0], index) if as_series else pd.DataFrame(close, index, names)
    kwargs: dict = {"close": frame, "freq": pick("D", "h", "1D", "4h")}

    grouped = columns > 1 and chance(0.5)
    if grouped:
        kwargs["group_by"] = pick(True, [f"g{n // 2}" for n in range(columns)])
        if chance(0.75):
            kwargs["cash_sharing"] = True
            if chance(0.6):
                kwargs["call_seq"] = pick("auto", "reversed", "default")
    elif columns > 1 and chance(0.2):
        kwargs["cash_sharing"] = True
    kwargs["init_cash"] = pick(100.0, 1000.0, 10000.0, 37.5, 100.0)
    if chance(0.08):
        kwargs["init_cash"] = pick("auto", "autoalign")

    sometimes("fees", 0.5, 0.001, 0.01, 0.0, 0.1)
    sometimes("fixed_fees", 0.3, 1.0, 0.0, 5.0)
    sometimes("slippage", 0.4, 0.001, 0.0, 0.02)
    sometimes("min_size", 0.15, 0.0, 0.1, 1.0)
    sometimes("max_size", 0.15, 1.0, 5.0, np.inf)
    sometimes("lock_cash", 0.3, True, False)
    sometimes("allow_partial", 0.2, True, False)
    if chance(0.1):
        kwargs["raise_reject"] = True
    if chance(0.15):
        kwargs["size_granularity"] = spread((0.01, 1.0, 0.001, np.nan))
        # Each new form of an argument compiles for seconds there: few cases, several engines.
        kwargs["engine"] = "numba" if chance(0.15) else pick("auto", "rust")
    if chance(0.15):
        kwargs["ffill_val_price"] = False
    if chance(0.2):
        kwargs["update_value"] = True
    sometimes("val_price", 0.15, np.inf, -np.inf)
    open_ = close * (1 + rng.normal(0, step / 2, close.shape))
    high = np.fmax(open_, close) * (1 + np.abs(rng.normal(0, step / 2, close.shape)))
    low = np.fmin(open_, close) * (1 - np.abs(rng.normal(0, step / 2, close.shape)))

    def table(matrix):
        return matrix[:, 0] if as_series else matrix

    if chance(0.3):
        kwargs["price"] = pick(np.inf, -np.inf, table(open_), spread((np.inf, -np.inf)))

    if not signals:
        size_type = pick("amount", "value", "percent", "targetamount", "targetvalue",
                         "targetpercent")  # fmt: skip
        kwargs["size_type"] = size_type
        scale = {"amount": 3.0, "targetamount": 3.0, "value": 60.0, "targetvalue": 60.0}
        sizes = np.round(rng.normal(0, scale.get(size_type, 0.5), (rows, columns)), 3)
        sizes[rng.random(sizes.shape) < pick(0.0, 0.5, 0.9)] = np.nan
        if chance(0.3):
            sizes[rng.random(sizes.shape) < 0.1] = 0.0
        if size_type == "percent" and kwargs.get("engine") == "numba":
            # Here the original's two engines differ; this one fills an order of NaN units.
            sizes[sizes == 0] = np.nan
        if size_type == "amount" and chance(0.3):
            sizes[rng.random(sizes.shape) < 0.2] = np.inf
            sizes[rng.random(sizes.shape) < 0.1] = -np.inf
        kwargs["size"] = table(sizes)
        if chance(0.4):
            kwargs["direction"] = pick("longonly", "shortonly", "both")
        return {"seed": seed, "method": "from_orders", "kwargs": kwargs}

    def flags(probability: float):
        if chance(0.05):
            return bool(chance(0.5))
        matrix = rng.random((rows, columns)) < probability
        return pd.Series(matrix[:, 0], index) if as_series else pd.DataFrame(matrix, index, names)

    density = pick(0.05, 0.2, 0.5)
    if not chance(0.03):
        kwargs["entries"] = flags(density)
        kwargs["exits"] = flags(density)
    if chance(0.4):
        kwargs["short_entries"] = flags(density)
        kwargs["short_exits"] = flags(density)
    elif chance(0.5):
        kwargs["direction"] = pick("longonly", "shortonly", "both", spread((0, 1, 2)))
    if chance(0.5):
        size_type = pick("amount", "value", "percent")
        kwargs["size_type"] = size_type
        kwargs["size"] = spread(
            {
                "amount": (1.0, 0.5, np.inf, 7.0, 0.0, np.nan),
                "value": (20.0, 100.0, 3.0),
                "percent": (0.5, 1.0, 0.1),
            }[size_type]
        )
    sometimes("accumulate", 0.35, 0, 1, 2, 3)
    if chance(0.1):
        kwargs["accumulate"] = pick(True, "addonly", "remove_only")
    sometimes("upon_long_conflict", 0.4, 0, 1, 2, 3, 4)
    sometimes("upon_short_conflict", 0.4, 0, 1, 2, 3, 4)
    sometimes("upon_dir_conflict", 0.4, 0, 1, 2, 3, 4)
    sometimes("upon_opposite_entry", 0.5, 0, 1, 2, 3, 4)
    if chance(0.1):
        kwargs["upon_opposite_entry"] = pick("Close", "reverse", "Reverse_Reduce")
    if chance(0.5):
        if chance(0.8):
            kwargs["sl_stop"] = spread((0.01, 0.05, 0.1, np.nan))
        if chance(0.6):
            kwargs["tp_stop"] = spread((0.02, 0.05, 0.2, np.nan))
        sometimes("sl_trail", 0.5, True, False)
        if chance(0.6):
            for name, matrix in (("open", open_), ("high", high), ("low", low)):
                if chance(0.85):
                    matrix = matrix.copy()
                    if chance(0.2):
                        matrix[rng.random(matrix.shape) < 0.2] = np.nan
                    kwargs[name] = table(matrix)
        sometimes("stop_entry_price", 0.4, 0, 1, 2, 3)
        sometimes("stop_exit_price", 0.5, 0, 1, 2, 3)
        sometimes("upon_stop_exit", 0.4, 0, 1, 2, 3)
        sometimes("upon_stop_update", 0.4, 0, 1, 2)
        if chance(0.1):
            kwargs["use_stops"] = pick(True, False)
    return {"seed": seed, "method": "from_signals", "kwargs": kwargs}


def plain(value):
    """A result as NumPy arrays, numbers and words, with its labels."""
    if isinstance(value, pd.DataFrame):
        if len({str(x) for x in value.dtypes}) > 1:
            columns = [plain(value[name])["values"] for name in value]
        else:
            columns = [value.to_numpy()]
        return {"columns": [str(c) for c in value.columns], "values": columns}
    if isinstance(value, pd.Series):
        if value.dtype.kind in "mM":
            if value.dtype.kind == "M":
                # Versions of pandas keep times in different units.
                value = value.astype("datetime64[ns]").astype("int64")
            else:
                value = value / pd.Timedelta(1)
        return {"name": str(value.name), "values": value.to_numpy()}
    if isinstance(value, pd.Timedelta) or value is pd.NaT:
        return value / pd.Timedelta(1)
    return value


def table_of(stats):
    """Statistics as a dictionary of plain values, one per line of the table."""
    items = stats.items() if isinstance(stats, pd.Series) else ((k, stats[k]) for k in stats)
    return {"columns": isinstance(stats, pd.DataFrame), **{str(k): plain(v) for k, v in items}}


def describe(vbt, case: dict) -> dict:
    """Everything that is compared about one case; an error is a result too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pf = getattr(vbt.Portfolio, case["method"])(**case["kwargs"])
        except ValueError:
            return {"error": "ValueError"}
        except Exception as error:
            return {"error": type(error).__name__}
        return _results(pf, case)


def _results(pf, case: dict) -> dict:
    """What the portfolio of a case says; a result that raises is its error's name."""
    out: dict = {"orders.array": np.array(pf.orders.values)}

    def say(name: str, result) -> None:
        try:
            out[name] = result()
        except Exception as error:
            out[name] = type(error).__name__

    for name in TABLES:
        say(f"{name}.records", lambda name=name: plain(getattr(pf, name).records))
        say(f"{name}.count", lambda name=name: plain(getattr(pf, name).count()))
    say(
        "orders.readable",
        lambda: plain(pf.orders.records_readable.astype(str)[["Column", "Side"]]),
    )
    for name in SERIES + NUMBERS:
        say(name, lambda name=name: plain(getattr(pf, name)()))
    for name in ("win_rate", "profit_factor", "expectancy"):
        say(f"trades.{name}", lambda name=name: plain(getattr(pf.trades, name)()))
    if case["kwargs"].get("group_by") is not None:
        for name in ("value", "cash"):
            say(f"{name}.ungrouped", lambda name=name: plain(getattr(pf, name)(group_by=False)))
    say("stats", lambda: table_of(pf.stats(agg_func=None)))
    if case["seed"] % 4 == 0 and isinstance(out["stats"], dict) and out["stats"]["columns"]:
        mean = pf.stats()
        out["stats.mean"] = {str(k): plain(v) for k, v in mean.items()}
        out["stats.name"] = mean.name
    return out


def answers(vbt, request: dict, make=make_case, describe=describe) -> dict:
    """By seed, of each case, or of those in `only`: one answer, the portfolio."""
    seeds = request.get("only", request["seeds"])
    return {seed: {"portfolio": describe(vbt, make(seed))} for seed in seeds}


def main(path_in: str, path_out: str) -> None:
    import vectorbt as vbt

    with open(path_in, "rb") as file:
        request = pickle.load(file)
    results = answers(vbt, request)
    with open(path_out, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
