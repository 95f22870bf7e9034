"""Generated simulations by order functions that read every field of every context.

Used by the test, with fillproof's adapter (as plain Python and compiled), and as a script in the
real framework's environment with Numba's compiler switched off, so that nothing has to compile.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import vectorbt_cases as base

WIDTH = 64


class Wish(NamedTuple):
    """What the order functions of a case order."""

    size: np.ndarray
    price: np.ndarray
    kind: int
    direction: int
    fees: float
    fixed_fees: float
    slippage: float
    reject_prob: float
    lock_cash: bool
    allow_partial: bool
    raise_reject: bool
    log: bool
    closes: bool


def make_case(seed: int) -> dict:
    """One call: data of its functions and its arguments, drawn from the whole space by `seed`."""
    rng = np.random.default_rng(seed)

    def pick(*options):
        return options[rng.integers(len(options))]

    def chance(probability: float) -> bool:
        return rng.random() < probability

    rows = int(rng.choice([1, 2, 5, 12, 20]))
    columns = int(rng.choice([1, 2, 3, 4]))
    close = pick(1.0, 10.0) * np.exp(np.cumsum(rng.normal(0, 0.05, (rows, columns)), 0))
    if chance(0.25):
        close[rng.random(close.shape) < 0.15] = np.nan
    index = pd.date_range("2021-03-01", periods=rows, freq="D")
    one = columns == 1 and chance(0.5)
    frame = pd.Series(close[:, 0], index) if one else pd.DataFrame(close, index)
    kwargs: dict[str, Any] = {"close": frame}
    groups = columns
    if columns > 1 and chance(0.6):
        kwargs["group_by"] = pick(True, np.arange(columns) // 2)
        groups = 1 if kwargs["group_by"] is True else (columns + 1) // 2
        if chance(0.7):
            kwargs["cash_sharing"] = True
    kwargs["init_cash"] = pick(100.0, 1000.0, 30.0)
    if chance(0.1):
        kwargs["init_cash"] = pick("auto", "autoalign")
    flexible = chance(0.4)
    kwargs["flexible"] = flexible
    kwargs["row_wise"] = chance(0.5)
    sorts = kwargs.get("cash_sharing", False) and chance(0.5)
    if not flexible:
        kwargs["attach_call_seq"] = chance(0.5)
        if not sorts and chance(0.4):
            kwargs["call_seq"] = pick("reversed", "default", 1)
    form = pick("none", "number", "column", "full")
    if form == "number":
        kwargs["segment_mask"] = int(rng.integers(1, 4))
    elif form == "column":
        kwargs["segment_mask"] = rng.random((rows, 1)) < 0.6
    elif form == "full":
        kwargs["segment_mask"] = rng.random((rows, groups)) < 0.6
    for name, likely in (("call_pre_segment", 0.3), ("call_post_segment", 0.3),
                         ("update_value", 0.4), ("fill_pos_record", 0.7),
                         ("ffill_val_price", 0.7)):  # fmt: skip
        if chance(0.7):
            kwargs[name] = chance(likely)
    kwargs["init_temp_records"] = True
    kwargs["max_orders"] = rows * columns * (3 if flexible else 1)
    kwargs["max_logs"] = kwargs["max_orders"]
    if chance(0.05):
        kwargs[pick("max_orders", "max_logs")] = int(rng.integers(1, 4))
    kwargs["seed"] = int(rng.integers(1000))
    kind = int(rng.integers(6))
    scale = (3.0, 30.0, 0.5, 3.0, 30.0, 0.4)[kind]
    size = np.round(rng.normal(0, scale, (rows, columns)), 3)
    size[size == 0] = 0.1
    size[rng.random(size.shape) < pick(0.0, 0.3, 0.7)] = np.nan
    if kind == 0 and chance(0.4):
        size[rng.random(size.shape) < 0.2] = np.inf
        size[rng.random(size.shape) < 0.2] = -np.inf
    price = np.where(rng.random(size.shape) < 0.7, np.inf, -np.inf)
    if chance(0.4):
        price = close * np.round(1 + rng.normal(0, 0.01, size.shape), 3)
    data = {
        "size": size,
        "price": price,
        "kind": kind,
        "direction": int(rng.integers(3)) if chance(0.5) else 2,
        "fees": pick(0.0, 0.001, 0.1),
        "fixed_fees": pick(0.0, 1.0),
        "slippage": pick(0.0, 0.01),
        "reject_prob": pick(0.0, 0.0, 0.3),
        "lock_cash": chance(0.3),
        "allow_partial": chance(0.8),
        "raise_reject": chance(0.05),
        "log": chance(0.6),
        "closes": chance(0.2),
        "calls": int(rng.integers(1, 4)),
        "sorts": sorts,
        "values": chance(0.5),
        "tries": chance(0.3),
    }
    return {"seed": seed, "kwargs": kwargs, "data": data}


def make_functions(nb, jit) -> SimpleNamespace:
    """The call-backs; `jit` compiles them, or leaves them as they are.

    They write what they see, one row per call, into `seen`; its place [0, 0] counts the rows.
    """

    @jit
    def put_nb(seen, place, value):
        row = int(seen[0, 0])
        if row < seen.shape[0]:
            seen[row, place] = value

    @jit
    def total_nb(array):
        out = 0.0
        for n in range(array.shape[0]):
            if not np.isnan(array[n]):
                out += (n + 1) * array[n]
            else:
                out += 1e-3
        return out

    @jit
    def see_simulation_nb(c, seen, kind):
        seen[0, 0] += 1
        put_nb(seen, 0, kind)
        put_nb(seen, 1, c.target_shape[0] * 100 + c.target_shape[1])
        put_nb(seen, 2, total_nb(c.group_lens))
        put_nb(seen, 3, total_nb(c.init_cash))
        flags = 0
        if c.cash_sharing:
            flags += 1
        if c.call_pre_segment:
            flags += 2
        if c.call_post_segment:
            flags += 4
        if c.ffill_val_price:
            flags += 8
        if c.update_value:
            flags += 16
        if c.fill_pos_record:
            flags += 32
        if c.flex_2d:
            flags += 64
        put_nb(seen, 4, flags)
        put_nb(seen, 5, total_nb(c.segment_mask.ravel()))
        put_nb(seen, 6, total_nb(c.close.ravel()))
        put_nb(seen, 7, len(c.order_records) * 1000 + len(c.log_records))
        put_nb(seen, 8, total_nb(c.order_records["price"]))
        put_nb(seen, 9, total_nb(c.log_records["new_cash"]))
        put_nb(seen, 10, total_nb(c.last_cash))
        put_nb(seen, 11, total_nb(c.last_position))
        put_nb(seen, 12, total_nb(c.last_debt))
        put_nb(seen, 13, total_nb(c.last_free_cash))
        put_nb(seen, 14, total_nb(c.last_val_price))
        put_nb(seen, 15, total_nb(c.last_value))
        put_nb(seen, 16, total_nb(c.second_last_value))
        put_nb(seen, 17, total_nb(c.last_return))
        put_nb(seen, 18, total_nb(c.last_oidx))
        put_nb(seen, 19, total_nb(c.last_lidx))
        put_nb(seen, 20, total_nb(c.last_pos_record["id"]))
        put_nb(seen, 21, total_nb(c.last_pos_record["pnl"]))
        put_nb(seen, 22, total_nb(c.last_pos_record["exit_price"]))

    @jit
    def see_group_nb(c, seen, kind):
        see_simulation_nb(c, seen, kind)
        put_nb(seen, 24, c.group * 1000 + c.group_len * 100 + c.from_col * 10 + c.to_col)

    @jit
    def see_segment_nb(c, seen, kind):
        see_group_nb(c, seen, kind)
        put_nb(seen, 25, c.i)
        if c.cash_sharing:
            put_nb(seen, 26, nb.get_group_value_ctx_nb(c))

    @jit
    def see_calls_nb(c, seen):
        if c.call_seq_now is not None:
            put_nb(seen, 27, total_nb(c.call_seq_now))
            put_nb(seen, 28, total_nb(c.call_seq.ravel()))

    @jit
    def see_position_nb(record, seen):
        if record["id"] >= 0:
            put_nb(seen, 50, record["id"])
            put_nb(seen, 51, record["col"])
            put_nb(seen, 52, record["size"])
            put_nb(seen, 53, record["entry_idx"])
            put_nb(seen, 54, record["entry_price"])
            put_nb(seen, 55, record["entry_fees"])
            put_nb(seen, 56, record["exit_idx"])
            put_nb(seen, 57, record["exit_price"])
            put_nb(seen, 58, record["exit_fees"])
            put_nb(seen, 59, record["pnl"])
            put_nb(seen, 60, record["return"])
            put_nb(seen, 61, record["direction"])
            put_nb(seen, 62, record["status"])
            put_nb(seen, 63, record["parent_id"])

    @jit
    def see_now_nb(c, seen):
        put_nb(seen, 30, c.call_idx)
        put_nb(seen, 31, c.col)
        put_nb(seen, 32, c.cash_now)
        put_nb(seen, 33, c.position_now)
        put_nb(seen, 34, c.debt_now)
        put_nb(seen, 35, c.free_cash_now)
        put_nb(seen, 36, c.val_price_now)
        put_nb(seen, 37, c.value_now)
        put_nb(seen, 38, c.return_now)
        see_position_nb(c.pos_record_now, seen)

    @jit
    def pre_sim_func_nb(c, seen):
        see_simulation_nb(c, seen, 1)
        return (seen,)

    @jit
    def post_sim_func_nb(c, seen):
        see_simulation_nb(c, seen, 2)
        return None

    @jit
    def pre_group_func_nb(c, seen, shift):
        see_group_nb(c, seen, 3)
        return seen, c.group + shift

    @jit
    def post_group_func_nb(c, seen):
        see_group_nb(c, seen, 4)
        return None

    @jit
    def pre_row_func_nb(c, seen, shift):
        see_simulation_nb(c, seen, 5)
        put_nb(seen, 25, c.i)
        return seen, c.i + shift

    @jit
    def post_row_func_nb(c, seen):
        see_simulation_nb(c, seen, 6)
        put_nb(seen, 25, c.i)
        return None

    @jit
    def revalue_nb(c):
        for col in range(c.from_col, c.to_col):
            price = nb.get_col_elem_nb(c, col, c.close)
            if not np.isnan(price):
                c.last_val_price[col] = price

    @jit
    def pre_segment_func_nb(c, seen, mark, sizes, kind, direction, values, sorts, order_value):
        see_segment_nb(c, seen, 7)
        put_nb(seen, 29, mark)
        if values:
            revalue_nb(c)
        if sorts:
            nb.sort_call_seq_nb(c, sizes, kind, direction, order_value[: c.group_len])
            put_nb(seen, 23, total_nb(order_value[: c.group_len]))
        return (seen,)

    @jit
    def flex_pre_segment_func_nb(c, seen, mark, sizes, kind, direction, values, sorts, order_value):
        see_segment_nb(c, seen, 7)
        if values:
            revalue_nb(c)
        if sorts:
            calls = np.arange(c.group_len)
            nb.sort_call_seq_out_nb(c, sizes, kind, direction, order_value[: c.group_len], calls)
            put_nb(seen, 29, total_nb(calls) + mark)
            put_nb(seen, 23, total_nb(order_value[: c.group_len]))
        return (seen,)

    @jit
    def post_segment_func_nb(c, seen, mark):
        see_segment_nb(c, seen, 8)
        put_nb(seen, 29, mark)
        return None

    @jit
    def make_nb(c, col, o):
        if o.closes and c.i % 3 == 2:
            return nb.close_position_nb(
                price=nb.get_col_elem_nb(c, col, o.price), fees=o.fees, log=o.log
            )
        size = nb.get_col_elem_nb(c, col, o.size)
        if np.isnan(size):
            return nb.order_nothing_nb()
        return nb.order_nb(
            size=size,
            price=nb.get_col_elem_nb(c, col, o.price),
            size_type=o.kind,
            direction=o.direction,
            fees=o.fees,
            fixed_fees=o.fixed_fees,
            slippage=o.slippage,
            min_size=0.001,
            reject_prob=o.reject_prob,
            lock_cash=o.lock_cash,
            allow_partial=o.allow_partial,
            raise_reject=o.raise_reject,
            log=o.log,
        )

    @jit
    def order_func_nb(c, seen, o, tries):
        see_segment_nb(c, seen, 9)
        see_calls_nb(c, seen)
        see_now_nb(c, seen)
        order = make_nb(c, c.col, o)
        if tries and o.reject_prob == 0:
            account, result = nb.try_order_nb(c, order)
            put_nb(seen, 46, account.cash + account.position + account.debt + account.free_cash)
            put_nb(seen, 47, result.size)
            put_nb(seen, 48, result.status * 100 + result.status_info)
        put_nb(seen, 49, nb.get_elem_nb(c, o.size))
        return order

    @jit
    def flex_order_func_nb(c, seen, o, calls):
        see_segment_nb(c, seen, 10)
        put_nb(seen, 30, c.call_idx)
        if c.call_idx >= calls * c.group_len:
            return -1, nb.order_nothing_nb()
        col = c.to_col - 1 - c.call_idx % c.group_len
        return col, make_nb(c, col, o)

    @jit
    def post_order_func_nb(c, seen):
        see_segment_nb(c, seen, 11)
        see_now_nb(c, seen)
        put_nb(seen, 40, c.cash_before)
        put_nb(seen, 41, c.position_before)
        put_nb(seen, 42, c.debt_before)
        put_nb(seen, 43, c.free_cash_before)
        put_nb(seen, 44, c.val_price_before)
        put_nb(seen, 45, c.value_before)
        result = c.order_result
        put_nb(seen, 46, result.size)
        put_nb(seen, 47, result.price)
        put_nb(seen, 48, result.fees)
        put_nb(seen, 49, result.side * 1000 + result.status * 100 + result.status_info)
        return None

    return SimpleNamespace(**{k: v for k, v in locals().items() if k.endswith("_func_nb")})


_made: dict[Any, SimpleNamespace] = {}


def plain(function):
    """A function as it is, where it need not be compiled."""
    return function


def arguments(vbt, case: dict, jit) -> tuple[tuple, dict, np.ndarray]:
    """Positional and keyword arguments of the call, and the table that its functions fill."""
    if jit not in _made:
        _made[jit] = make_functions(vbt.portfolio.nb, jit)
    f = _made[jit]
    kwargs = dict(case["kwargs"])
    data = case["data"]
    template = vbt.utils.template
    close = kwargs["close"]
    rows, columns = (len(close), 1) if close.ndim == 1 else close.shape
    seen = np.full((60 * rows * columns + 20, WIDTH), np.nan)
    seen[0, 0] = 0
    order = Wish(**{name: data[name] for name in Wish._fields})
    kind, direction = np.asarray(data["kind"]), np.asarray(data["direction"])
    kwargs["broadcast_named_args"] = {"sizes": data["size"] if close.ndim == 2 else
                                      pd.Series(data["size"][:, 0], close.index)}  # fmt: skip
    kwargs |= {
        "pre_sim_func_nb": f.pre_sim_func_nb,
        "pre_sim_args": (seen,),
        "post_sim_func_nb": f.post_sim_func_nb,
        "post_sim_args": (seen,),
        "pre_segment_func_nb": f.pre_segment_func_nb,
        "pre_segment_args": (
            template.Rep("sizes"), kind, direction, data["values"], data["sorts"],
            np.zeros(columns),
        ),
        "post_segment_func_nb": f.post_segment_func_nb,
        "post_order_func_nb": f.post_order_func_nb,
    }  # fmt: skip
    outer = "row" if kwargs["row_wise"] else "group"
    kwargs[f"pre_{outer}_func_nb"] = getattr(f, f"pre_{outer}_func_nb")
    kwargs[f"pre_{outer}_args"] = (template.RepEval("target_shape[1]"),)
    kwargs[f"post_{outer}_func_nb"] = getattr(f, f"post_{outer}_func_nb")
    if kwargs["flexible"]:
        kwargs["pre_segment_func_nb"] = f.flex_pre_segment_func_nb
        own = (f.flex_order_func_nb, order, data["calls"])
    else:
        own = (f.order_func_nb, order, data["tries"])
    return (kwargs.pop("close"), *own), kwargs, seen


def describe(vbt, case: dict, jit=plain, **more) -> dict:
    """Everything that is compared about one case; an error is a result too."""
    positional, kwargs, seen = arguments(vbt, case, jit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pf = vbt.Portfolio.from_order_func(*positional, **kwargs, **more)
        except ValueError:
            return {"error": "ValueError"}
        except Exception as error:
            return {"error": type(error).__name__}
        sequence = pf.call_seq
        return {
            "orders.array": np.array(pf.order_records),
            "logs.array": np.array(pf.log_records),
            "call_seq": None if sequence is None else base.plain(sequence),
            "calls": int(seen[0, 0]),
            "seen": seen[1 : int(seen[0, 0]) + 1],
            "value": base.plain(pf.value()),
            "cash": base.plain(pf.cash()),
        }


def main(path_in: str, path_out: str) -> None:
    import vectorbt as vbt  # pyright: ignore[reportMissingImports] - the real one

    with open(path_in, "rb") as file:
        seeds = pickle.load(file)
    results = {seed: describe(vbt, make_case(seed)) for seed in seeds}
    with open(path_out, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
