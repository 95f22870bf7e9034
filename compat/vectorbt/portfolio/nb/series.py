"""Cash, holdings, value and trades from records, by their public names: called from Python.

Tables are float64[rows, columns]; `col_map` is what `records.nb.col_map_nb` gives. Groups are
neighbours, `group_lens` columns each.
"""

from __future__ import annotations

import numpy as np

from .....core import metrics, records
from .....core import trading_sequence as trading
from ..account import Account, asset_returns
from .contexts import check_group_lens_nb

__all__ = [
    "asset_flow_nb",
    "asset_returns_nb",
    "asset_value_grouped_nb",
    "asset_value_nb",
    "assets_nb",
    "benchmark_value_grouped_nb",
    "benchmark_value_nb",
    "cash_flow_grouped_nb",
    "cash_flow_nb",
    "cash_grouped_nb",
    "cash_in_sim_order_nb",
    "cash_nb",
    "final_value_nb",
    "get_entry_trades_nb",
    "get_exit_trades_nb",
    "get_positions_nb",
    "get_trade_stats_nb",
    "gross_exposure_nb",
    "init_cash_grouped_nb",
    "init_cash_nb",
    "position_coverage_grouped_nb",
    "position_mask_grouped_nb",
    "returns_in_sim_order_nb",
    "sum_grouped_nb",
    "total_benchmark_return_nb",
    "total_profit_grouped_nb",
    "total_profit_nb",
    "total_return_nb",
    "trade_losing_streak_nb",
    "trade_winning_streak_nb",
    "value_in_sim_order_nb",
    "value_nb",
]


def _columns(col_map) -> records.ColumnMap:
    """The column map of the core: where the records of each column are."""
    index, lengths = col_map
    return index, np.concatenate([[0], np.cumsum(lengths)])


# Trades

get_trade_stats_nb = records.trade_result


def get_exit_trades_nb(order_records, close, col_map):
    """A trade for each order that reduces a position, and for each position still open."""
    return records.exit_trades(order_records, _columns(col_map), close[-1], len(close))


def get_entry_trades_nb(order_records, close, col_map):
    """A trade for each order that opens or increases a position."""
    return records.entry_trades(order_records, _columns(col_map), close[-1], len(close))


def get_positions_nb(trade_records, col_map):
    """A record for each position that trades make up."""
    return records.positions(trade_records[_columns(col_map)[0]])


def _streak(hit: np.ndarray) -> np.ndarray:
    place = np.arange(len(hit))
    return place - np.maximum.accumulate(np.where(hit, -1, place))


def trade_winning_streak_nb(records):
    """How many of the trades up to each one won in a row."""
    return _streak(records["pnl"] > 0)


def trade_losing_streak_nb(records):
    """How many of the trades up to each one lost in a row."""
    return _streak(records["pnl"] < 0)


# Holdings


def asset_flow_nb(target_shape, order_records, col_map, direction):
    """Units bought less those sold; of one direction: what it grew by."""
    index, _ = _columns(col_map)
    account = Account(target_shape, np.zeros(()), order_records[index], 0.0, None, False)
    return account.asset_flow(direction)


def assets_nb(asset_flow):
    """Units held after each row."""
    return metrics.running_sum(asset_flow, np.zeros(asset_flow.shape[1]))


def _per_group(function, a, group_lens) -> np.ndarray:
    check_group_lens_nb(group_lens, a.shape[1])
    ends = np.cumsum(group_lens)
    parts = zip(ends - group_lens, ends, strict=True)
    return np.array([function(a[:, begin:end]) for begin, end in parts])


def position_mask_grouped_nb(position_mask, group_lens):
    """Whether any column of the group holds anything."""
    return _per_group(lambda a: a.any(axis=1), position_mask, group_lens).T


def position_coverage_grouped_nb(position_mask, group_lens):
    """The share of cells of a group in which something is held."""
    return _per_group(np.mean, position_mask, group_lens)


def asset_value_nb(close, assets):
    return close * assets


def sum_grouped_nb(a, group_lens):
    """Sums of the columns of each group."""
    check_group_lens_nb(group_lens, a.shape[1])
    return metrics.sum_columns(a, group_lens)


asset_value_grouped_nb = cash_flow_grouped_nb = sum_grouped_nb


# Cash


def cash_flow_nb(target_shape, order_records, col_map, free):
    """Cash received (paid: negative); `free`: without what shorts lock."""
    return metrics.cash_flow(order_records, _columns(col_map), target_shape[0], free)


def init_cash_grouped_nb(init_cash, group_lens, cash_sharing):
    """The cash of each group."""
    if cash_sharing:
        return init_cash
    return np.add.reduceat(init_cash, np.cumsum(group_lens) - group_lens)


def init_cash_nb(init_cash, group_lens, cash_sharing):
    """The cash that each column can use."""
    return np.repeat(init_cash, group_lens) if cash_sharing else init_cash


def cash_nb(cash_flow, init_cash):
    """Cash after each row."""
    return metrics.running_sum(cash_flow, init_cash)


def cash_grouped_nb(target_shape, cash_flow_grouped, group_lens, init_cash_grouped):
    """Cash of each group after each row."""
    check_group_lens_nb(group_lens, target_shape[1])
    return metrics.running_sum(cash_flow_grouped, init_cash_grouped)


def cash_in_sim_order_nb(cash_flow, group_lens, init_cash_grouped, call_seq):
    """See `core.trading_sequence.cash_in_sequence`."""
    check_group_lens_nb(group_lens, cash_flow.shape[1])
    return trading.cash_in_sequence(cash_flow, group_lens, init_cash_grouped, call_seq)


# Value and returns


def value_nb(cash, asset_value):
    return cash + asset_value


def value_in_sim_order_nb(cash, asset_value, group_lens, call_seq):
    """See `core.trading_sequence.value_in_sequence`."""
    check_group_lens_nb(group_lens, cash.shape[1])
    return trading.value_in_sequence(cash, asset_value, group_lens, call_seq)


def returns_in_sim_order_nb(value_iso, group_lens, init_cash_grouped, call_seq):
    """See `core.trading_sequence.returns_in_sequence`."""
    check_group_lens_nb(group_lens, value_iso.shape[1])
    return trading.returns_in_sequence(value_iso, group_lens, init_cash_grouped, call_seq)


def total_profit_nb(target_shape, close, order_records, col_map):
    """Profit over all rows, what is held valued at the last close."""
    return metrics.total_profit(order_records, _columns(col_map), close[-1])


def total_profit_grouped_nb(total_profit, group_lens):
    return sum_grouped_nb(total_profit[None, :], group_lens)[0]


def final_value_nb(total_profit, init_cash):
    return total_profit + init_cash


def total_return_nb(total_profit, init_cash):
    return total_profit / init_cash


def asset_returns_nb(cash_flow, asset_value):
    """Returns of what is held alone, whatever cash there is."""
    return asset_returns(asset_value, cash_flow)


def benchmark_value_nb(close, init_cash):
    """What the initial cash of each column becomes with its close."""
    return close / close[0] * init_cash


def benchmark_value_grouped_nb(close, group_lens, init_cash_grouped):
    """The same of each group, split equally over its columns in the first row."""
    return init_cash_grouped / group_lens * sum_grouped_nb(close / close[0], group_lens)


def total_benchmark_return_nb(benchmark_value):
    return metrics.returns(benchmark_value[-1:], benchmark_value[0])[0]


def gross_exposure_nb(asset_value, cash):
    """Market value as a share of itself plus cash."""
    return metrics.exposure(asset_value, cash)
