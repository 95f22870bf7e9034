"""The functions that a script calls inside its callbacks."""

from __future__ import annotations

from .active import algorithm
from .finance import cancel_policy, commission, execution, slippage
from .finance.asset_restrictions import (
    RESTRICTION_STATES,
    HistoricalRestrictions,
    Restriction,
    StaticRestrictions,
)
from .finance.cancel_policy import EODCancel, NeverCancel
from .finance.slippage import FixedBasisPointsSlippage, FixedSlippage, VolumeShareSlippage
from .utils import events, math_utils
from .utils.events import calendars, date_rules, time_rules


def fetch_csv(
    url,
    pre_func=None,
    post_func=None,
    date_column="date",
    date_format=None,
    timezone="UTC",
    symbol=None,
    mask=True,
    symbol_column=None,
    special_params_checker=None,
    country_code=None,
    **kwargs,
):
    """Data of a CSV file behind an http address, which `data.current` then shows.

    Rows are about the assets that `symbol_column` names, or about the one text `symbol`; with daily
    bars a row is known on the session of its date. pre_func, post_func: change the frame as read,
    and as indexed by time. kwargs go to pandas.read_csv. Returns an object with the frame as `df`.
    """
    return algorithm("fetch_csv").fetch_csv(
        url,
        pre_func,
        post_func,
        date_column=date_column,
        date_format=date_format,
        timezone=timezone,
        symbol=symbol,
        mask=mask,
        symbol_column=symbol_column,
        special_params_checker=special_params_checker,
        country_code=country_code,
        **kwargs,
    )


def order(asset, amount, limit_price=None, stop_price=None, style=None):
    """Order a number of shares; returns the order's id, or None when nothing was placed."""
    return algorithm("order").orders.order(asset, amount, limit_price, stop_price, style)


def order_value(asset, value, limit_price=None, stop_price=None, style=None):
    """Order shares for an amount of dollars."""
    book = algorithm("order_value").orders
    return book.order_value(asset, value, limit_price, stop_price, style)


def order_percent(asset, percent, limit_price=None, stop_price=None, style=None):
    """Order shares for a fraction of the portfolio value."""
    book = algorithm("order_percent").orders
    return book.order_percent(asset, percent, limit_price, stop_price, style)


def order_target(asset, target, limit_price=None, stop_price=None, style=None):
    """Order what lacks to a position of `target` shares."""
    book = algorithm("order_target").orders
    return book.order_target(asset, target, limit_price, stop_price, style)


def order_target_value(asset, target, limit_price=None, stop_price=None, style=None):
    """Order what lacks to a position worth `target` dollars."""
    book = algorithm("order_target_value").orders
    return book.order_target_value(asset, target, limit_price, stop_price, style)


def order_target_percent(asset, target, limit_price=None, stop_price=None, style=None):
    """Order what lacks to a position worth a fraction of the portfolio value."""
    book = algorithm("order_target_percent").orders
    return book.order_target_percent(asset, target, limit_price, stop_price, style)


def batch_market_order(share_counts):
    """Market orders for a Series of share counts by asset."""
    return algorithm("batch_market_order").orders.batch_market_order(share_counts)


def cancel_order(order_param):
    """Cancel an open order, given itself or its id."""
    return algorithm("cancel_order").orders.cancel(order_param)


def get_open_orders(asset=None):
    """The open orders of an asset, or of all assets as a dictionary."""
    return algorithm("get_open_orders").orders.get_open_orders(asset)


def get_order(order_id):
    """The order with this id as it stands."""
    return algorithm("get_order").orders.get_order(order_id)


def symbol(symbol_str, country_code=None):
    """The asset that holds a symbol."""
    return algorithm("symbol").symbol(symbol_str, country_code)


def symbols(*args, **kwargs):
    """The assets that hold some symbols."""
    one = algorithm("symbols")
    return [one.symbol(name, **kwargs) for name in args]


def sid(sid):
    """The asset with this integer id."""
    return algorithm("sid").finder.retrieve_asset(sid)


def future_symbol(symbol):
    """The futures contract with a symbol."""
    return algorithm("future_symbol").future_symbol(symbol)


def continuous_future(root_symbol_str, offset=0, roll="volume", adjustment="mul"):
    """What follows the contracts of a root symbol."""
    one = algorithm("continuous_future")
    return one.continuous_future(root_symbol_str, offset, roll, adjustment)


def record(*args, **kwargs):
    """Values for the performance frame, by name."""
    recorded = algorithm("record").recorded
    if args:
        recorded.update(zip(args[::2], args[1::2], strict=False))
    recorded.update(kwargs)


def get_datetime(tz=None):
    """The simulation's time, UTC or in the zone `tz`."""
    return algorithm("get_datetime").get_datetime(tz)


def get_environment(field="platform"):
    """A fact about the run."""
    return algorithm("get_environment").get_environment(field)


def attach_pipeline(pipeline, name, chunks=None, eager=True):
    """Have a pipeline computed for the sessions of the run; returns the pipeline."""
    return algorithm("attach_pipeline").pipelines.attach(pipeline, name, chunks, eager)


def pipeline_output(name):
    """What an attached pipeline gives today: a frame with a row for each asset."""
    return algorithm("pipeline_output").pipelines.output(name)


def schedule_function(func, date_rule=None, time_rule=None, half_days=True, calendar=None):
    """Run a function on some sessions."""
    one = algorithm("schedule_function")
    return one.schedule_function(func, date_rule, time_rule, half_days, calendar)


def set_commission(us_equities=None, us_futures=None):
    """The commission model."""
    return algorithm("set_commission").set_commission(us_equities, us_futures)


def set_slippage(us_equities=None, us_futures=None):
    """The slippage model."""
    return algorithm("set_slippage").set_slippage(us_equities, us_futures)


def set_benchmark(benchmark):
    """The asset that returns are compared with."""
    return algorithm("set_benchmark").set_benchmark(benchmark)


def set_cancel_policy(cancel_policy):
    """What happens to open orders at the end of a day."""
    return algorithm("set_cancel_policy").set_cancel_policy(cancel_policy)


def set_symbol_lookup_date(dt):
    """The date on which symbols resolve."""
    return algorithm("set_symbol_lookup_date").set_symbol_lookup_date(dt)


def set_long_only(on_error="fail"):
    """Refuse orders that would lead to a short position."""
    return algorithm("set_long_only").set_long_only(on_error)


def set_max_leverage(max_leverage):
    """Stop the run when leverage is above a limit."""
    return algorithm("set_max_leverage").set_max_leverage(max_leverage)


def set_min_leverage(min_leverage, grace_period):
    """Stop the run when leverage is below a limit after a grace period."""
    return algorithm("set_min_leverage").set_min_leverage(min_leverage, grace_period)


def set_max_position_size(asset=None, max_shares=None, max_notional=None, on_error="fail"):
    """Refuse orders that would lead to too large a position."""
    one = algorithm("set_max_position_size")
    return one.set_max_position_size(asset, max_shares, max_notional, on_error)


def set_max_order_size(asset=None, max_shares=None, max_notional=None, on_error="fail"):
    """Refuse orders that are too large."""
    one = algorithm("set_max_order_size")
    return one.set_max_order_size(asset, max_shares, max_notional, on_error)


def set_max_order_count(max_count, on_error="fail"):
    """Refuse orders beyond a number per day."""
    return algorithm("set_max_order_count").set_max_order_count(max_count, on_error)


def set_do_not_order_list(restricted_list, on_error="fail"):
    """Refuse orders in some assets."""
    return algorithm("set_do_not_order_list").set_do_not_order_list(restricted_list, on_error)


def set_asset_restrictions(restrictions, on_error="fail"):
    """Refuse orders in restricted assets."""
    return algorithm("set_asset_restrictions").set_asset_restrictions(restrictions, on_error)


#: The functions, which `context` has as methods as well.
FUNCTIONS = (
    "attach_pipeline", "batch_market_order", "cancel_order", "continuous_future", "fetch_csv",
    "future_symbol", "get_datetime", "get_environment", "get_open_orders", "get_order", "order",
    "order_percent", "order_target", "order_target_percent", "order_target_value", "order_value",
    "pipeline_output", "record", "schedule_function", "set_asset_restrictions", "set_benchmark",
    "set_cancel_policy", "set_commission", "set_do_not_order_list", "set_long_only",
    "set_max_leverage", "set_max_order_count", "set_max_order_size", "set_max_position_size",
    "set_min_leverage", "set_slippage", "set_symbol_lookup_date", "sid", "symbol", "symbols",
)  # fmt: skip

__all__ = [
    "RESTRICTION_STATES",
    "EODCancel",
    "FixedBasisPointsSlippage",
    "FixedSlippage",
    "HistoricalRestrictions",
    "NeverCancel",
    "Restriction",
    "StaticRestrictions",
    "VolumeShareSlippage",
    "calendars",
    "cancel_policy",
    "commission",
    "date_rules",
    "events",
    "execution",
    "math_utils",
    "slippage",
    "time_rules",
    *FUNCTIONS,
]  # pyright: ignore[reportUnsupportedDunderAll] - the functions are named once, above
