"""Generated simulations with logs, draws and call-backs, and what their portfolios say.

Used by the test, with fillproof's adapter, and as a script in the real framework's environment
(`python vectorbt_simulation.py IN OUT`), twice: as it is (its Rust engine), and with Numba's
compiler switched off, where its call-backs run as plain Python and nothing has to compile.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
import vectorbt_cases as base

#: Arguments that broadcast, and their types.
FLOATS = ("size", "price", "fees", "fixed_fees", "slippage", "min_size", "max_size",
          "size_granularity", "val_price", "open", "high", "low", "sl_stop", "tp_stop",
          "reject_prob")  # fmt: skip


def plain_case(seed: int) -> dict:
    """A call that the Rust engine simulates: logs, sequences of calls, room for records."""
    case = base.make_case(seed)
    kwargs = case["kwargs"]
    rng = np.random.default_rng(seed + 1_000_000)

    def chance(probability: float) -> bool:
        return rng.random() < probability

    rows, columns = _shape(kwargs["close"])
    if kwargs.get("engine") == "numba":
        kwargs["engine"] = "auto"
    if chance(0.7):
        kwargs["log"] = True
        if chance(0.3):
            flags = rng.random((rows, columns)) < 0.5
            kwargs["log"] = flags[:, 0] if isinstance(kwargs["close"], pd.Series) else flags
    if chance(0.5):
        kwargs["attach_call_seq"] = True
    if columns > 1 and chance(0.4):
        kwargs["call_seq"] = "random"
        kwargs["seed"] = int(rng.integers(1000))
        kwargs.setdefault("group_by", True)
        if chance(0.7):
            kwargs["cash_sharing"] = True
    elif chance(0.2):
        kwargs["seed"] = int(rng.integers(1000))
    if chance(0.1):
        kwargs["max_orders"] = int(rng.integers(1, rows * columns + 1))
    if chance(0.05):
        kwargs["max_logs"] = int(rng.integers(1, rows * columns + 1))
    if chance(0.1):
        # Whole numbers make the original choose its other engine: nothing may differ.
        kwargs["fees"] = np.zeros(columns, np.int64) if columns > 1 else 0
    return case


def _shape(close) -> tuple[int, int]:
    return (len(close), 1) if close.ndim == 1 else close.shape


def drawn_case(seed: int) -> dict:
    """A call with random rejections, or with functions for signals and stops."""
    case = base.make_case(seed)
    kwargs = case["kwargs"]
    rng = np.random.default_rng(seed + 2_000_000)

    def chance(probability: float) -> bool:
        return rng.random() < probability

    rows, columns = _shape(kwargs["close"])
    kwargs["engine"] = "numba"
    if chance(0.6):
        kwargs["log"] = True
    kwargs["seed"] = int(rng.integers(1000))
    if chance(0.7):
        kwargs["reject_prob"] = float(rng.choice([0.0, 0.2, 0.5, 1.0]))
        if chance(0.3):
            kwargs["reject_prob"] = np.round(rng.random((rows, columns)), 2)
            if isinstance(kwargs["close"], pd.Series):
                kwargs["reject_prob"] = kwargs["reject_prob"][:, 0]
        if chance(0.05):
            kwargs["reject_prob"] = 1.5
    if kwargs.get("size_type") == "percent":
        # No size of exactly 0: this engine of the original fills an order of NaN units then.
        kwargs["size"] = pd.DataFrame(np.atleast_2d(kwargs["size"])).replace(0, 0.5).to_numpy()
        if isinstance(kwargs["close"], pd.Series):
            kwargs["size"] = kwargs["size"].ravel()
            if len(kwargs["size"]) == 1:
                kwargs["size"] = float(kwargs["size"][0])
    if case["method"] == "from_signals" and chance(0.6):
        _call_backs(kwargs, rng, rows, columns)
    return case


def _call_backs(kwargs: dict, rng, rows: int, columns: int) -> None:
    """Arguments of functions: `functions` fills in the functions themselves."""
    signals = rng.random() < 0.7
    if signals:
        for name in ("entries", "exits", "short_entries", "short_exits", "direction"):
            kwargs.pop(name, None)
        flags = rng.random((4, rows, columns)) < 0.25
        kwargs["signal_func_nb"] = "signal_func_nb"
        kwargs["signal_args"] = (flags, ("Rep", "held"), np.zeros(3))
        held = rng.integers(1, 8, columns)
        close = kwargs["close"]
        # A row per column, or a column where there is one dimension.
        kwargs["broadcast_named_args"] = {
            "held": int(held[0]) if close.ndim == 1 else held.astype(float)
        }
    if not signals or rng.random() < 0.5:
        table = np.round(rng.choice([0.01, 0.05, 0.1, np.nan], (rows, columns)), 3)
        kwargs["adjust_sl_func_nb"] = "adjust_sl_func_nb"
        kwargs["adjust_sl_args"] = (table, ("RepEval", "target_shape[0] // 2"), np.zeros(12))
        kwargs["adjust_tp_func_nb"] = "adjust_tp_func_nb"
        kwargs["adjust_tp_args"] = (table, np.zeros(10))


GET: Any = None  # `get_elem_nb` of the framework that runs

# Call-backs. Every field of a context goes into a sum, so that a wrong one shows.


def signal_func_nb(c, flags, held, seen):
    seen[0] += c.i * 3 + c.col
    seen[1] += c.position_now
    if not np.isnan(c.val_price_now):
        seen[2] += c.val_price_now
    limit = GET(c, held)
    entry = flags[0, c.i, c.col] or (c.i % int(limit) == 0 and c.position_now == 0)
    return entry, flags[1, c.i, c.col], flags[2, c.i, c.col], flags[3, c.i, c.col]


def adjust_sl_func_nb(c, table, since, seen):
    known = (float(c.i), float(c.col), c.position_now, c.val_price_now, float(c.init_i),
             c.init_price, float(c.curr_i), c.curr_price, c.curr_stop)  # fmt: skip
    for n in range(len(known)):
        if not np.isnan(known[n]):
            seen[n] += known[n]
    if c.curr_trail:
        seen[9] += 1
    if c.position_now != 0 and c.i >= c.init_i + 2:
        return table[c.i, c.col], c.i > since
    return c.curr_stop, c.curr_trail


def adjust_tp_func_nb(c, table, seen):
    known = (float(c.i), float(c.col), c.position_now, c.val_price_now, float(c.init_i),
             c.init_price, c.curr_stop)  # fmt: skip
    for n in range(len(known)):
        if not np.isnan(known[n]):
            seen[n] += known[n]
    if c.position_now < 0:
        return table[c.i, c.col] * 2
    return c.curr_stop


_compiled: dict = {}


def functions(vbt) -> dict:
    """The call-backs as this framework takes them: compiled by its user's own Numba."""
    if not _compiled:
        from numba import njit

        globals()["GET"] = vbt.portfolio.nb.get_elem_nb
        for function in (signal_func_nb, adjust_sl_func_nb, adjust_tp_func_nb):
            _compiled[function.__name__] = njit(function)
    return _compiled


def filled_in(vbt, kwargs: dict) -> dict:
    """The keyword arguments with functions and templates in the place of their names."""
    templates = {"Rep": vbt.utils.template.Rep, "RepEval": vbt.utils.template.RepEval}

    def template(value):
        if isinstance(value, tuple) and value and value[0] in templates:
            return templates[value[0]](value[1])
        return value

    out = dict(kwargs)
    for name in list(out):
        if name.endswith("_func_nb"):
            out[name] = functions(vbt)[out[name]]
        elif name.endswith("_args") and isinstance(out[name], tuple):
            out[name] = tuple(
                template(v) if not isinstance(v, np.ndarray) else v.copy() for v in out[name]
            )
    return out


def make_case(seed: int) -> dict:
    """Even seeds are for the Rust engine, odd ones for the other."""
    return drawn_case(seed) if seed % 2 else plain_case(seed)


def describe(vbt, case: dict) -> dict:
    """Everything that is compared about one case; an error is a result too."""
    kwargs = filled_in(vbt, case["kwargs"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pf = getattr(vbt.Portfolio, case["method"])(**kwargs)
        except ValueError:
            return {"error": "ValueError"}
        except Exception as error:
            return {"error": type(error).__name__}
        orders, logs = np.array(pf.order_records), np.array(pf.log_records)
        out: dict[str, Any] = {"orders.array": orders, "logs.array": logs}
        out["fields"] = [list(array.dtype.names or ()) for array in (orders, logs)]
        sequence = pf.call_seq
        out["call_seq"] = None if sequence is None else base.plain(sequence)
        out["random"] = float(np.random.random())  # noqa: NPY002 - a seed is for the script too
        if "seed" not in kwargs or case["seed"] % 2:
            del out["random"]  # without its compiler the original draws from this generator too
        for name in ("value", "total_return"):
            out[name] = base.plain(getattr(pf, name)())
        for name in kwargs:
            if name.endswith("_args") and isinstance(kwargs[name], tuple):
                out[f"seen.{name}"] = kwargs[name][-1]
        return out


def main(path_in: str, path_out: str) -> None:
    import vectorbt as vbt  # pyright: ignore[reportMissingImports] - the real one

    with open(path_in, "rb") as file:
        request = pickle.load(file)
    results = base.answers(vbt, request, make_case, describe)
    with open(path_out, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
