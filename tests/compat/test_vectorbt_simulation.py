"""Portfolios with logs, draws and call-backs: what a script passes and what it gets back."""

from __future__ import annotations

import inspect

import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import pytest
from fillproof.compat.vectorbt.portfolio import enums, nb
from numba import njit

CLOSE = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0])
TABLE = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4.0, 3.0, 2.0]})


@njit
def buy(c, size):
    return nb.order_nb(size=size)


class TestOrderFunctions:
    def test_an_order_function_is_asked_in_every_row(self):
        pf = vbt.Portfolio.from_order_func(CLOSE, buy, 10)
        assert pf.assets().tolist() == [10, 20, 30, 40, 40]
        assert pf.cash().tolist() == [90, 70, 40, 0, 0]

    def test_plain_python_functions_need_no_compiler(self):
        def order(c, sizes):
            return nb.order_nb(size=sizes[c.i])

        sizes = [1, 0, -1, 0, 2]
        pf = vbt.Portfolio.from_order_func(CLOSE, order, sizes, use_numba=False)
        assert pf.asset_flow().tolist() == [1, 0, -1, 0, 2]
        with pytest.raises(AssertionError):
            vbt.Portfolio.from_order_func(CLOSE, order, sizes)

    def test_names_imported_from_the_modules_work_in_a_compiled_function(self):
        from fillproof.compat.vectorbt.portfolio.enums import NoOrder, SizeType
        from fillproof.compat.vectorbt.portfolio.nb import close_position_nb, order_nb

        @njit
        def order(c):
            if c.i == 0:
                return order_nb(size=0.5, size_type=SizeType.Percent)
            if c.i == 3:
                return close_position_nb(fees=0.01)
            return NoOrder

        pf = vbt.Portfolio.from_order_func(CLOSE, order)
        assert list(pf.order_records["idx"]) == [0, 3]
        assert list(pf.order_records["fees"]) == [0.0, 2.0]

    def test_segments_share_cash_and_sort_their_calls(self):
        @njit
        def before(c, sizes, kinds, values):
            for col in range(c.from_col, c.to_col):
                c.last_val_price[col] = nb.get_col_elem_nb(c, col, c.close)
            nb.sort_call_seq_nb(c, sizes, kinds, np.asarray(2), values)
            return (nb.get_group_value_ctx_nb(c),)

        @njit
        def order(c, value, sizes, kinds, seen):
            seen[c.i] = value
            return nb.order_nb(size=nb.get_elem_nb(c, sizes), size_type=nb.get_elem_nb(c, kinds))

        sizes = np.array([[0.5, 0.5], [0.1, 0.9], [0.9, 0.1]])
        seen = np.zeros(3)
        pf = vbt.Portfolio.from_order_func(
            TABLE, order, sizes, np.asarray(enums.SizeType.TargetPercent), seen,
            pre_segment_func_nb=before,
            pre_segment_args=(sizes, np.asarray(enums.SizeType.TargetPercent), np.zeros(2)),
            cash_sharing=True, attach_call_seq=True,
        )  # fmt: skip
        assert seen.tolist() == [100.0, 137.5, 103.125]
        assert pf.call_seq.to_numpy().tolist() == [[0, 1], [0, 1], [1, 0]]

    def test_a_flexible_function_trades_twice_in_a_bar(self):
        @njit
        def order(c, opens):
            col = c.from_col
            if c.call_idx == 0:
                return col, nb.order_nb(size=1.0, price=opens[c.i, col])
            if c.call_idx == 1:
                return col, nb.close_position_nb(price=c.close[c.i, col])
            return -1, nb.order_nothing_nb()

        opens = TABLE.to_numpy() - 0.5
        pf = vbt.Portfolio.from_order_func(
            TABLE, order, opens, flexible=True, max_orders=2 * TABLE.size
        )
        assert len(pf.order_records) == 12
        assert pf.total_profit().tolist() == [1.5, 1.5]
        with pytest.raises(IndexError, match="max_orders"):
            vbt.Portfolio.from_order_func(TABLE, order, opens, flexible=True)

    def test_templates_name_broadcast_arguments(self):
        @njit
        def order(c, size):
            return nb.order_nb(size=nb.get_elem_nb(c, size))

        from fillproof.compat.vectorbt.utils.template import Rep

        size = pd.Series([1.0, 2.0, 3.0])
        pf = vbt.Portfolio.from_order_func(
            TABLE, order, Rep("size"), broadcast_named_args={"size": size}
        )
        assert pf.asset_flow()["b"].tolist() == [1.0, 2.0, 3.0]

    def test_every_nth_row(self):
        pf = vbt.Portfolio.from_order_func(CLOSE, buy, 1, segment_mask=2)
        assert list(pf.order_records["idx"]) == [0, 2, 4]

    def test_an_automatic_sequence_is_left_to_the_function(self):
        with pytest.raises(ValueError, match="sort_call_seq_nb"):
            vbt.Portfolio.from_order_func(TABLE, buy, 1.0, call_seq="auto", cash_sharing=True)

    def test_a_rejected_order_may_end_the_run(self):
        @njit
        def order(c):
            return nb.order_nb(size=1e9, allow_partial=False, raise_reject=True)

        with pytest.raises(enums.RejectedOrderError):
            vbt.Portfolio.from_order_func(CLOSE, order)

    def test_try_an_order_first(self):
        @njit
        def order(c, tried):
            wanted = nb.order_nb(size=30.0)
            account, result = nb.try_order_nb(c, wanted)
            tried[c.i] = account.cash
            return nb.order_nothing_nb() if result.size < 30.0 else wanted

        tried = np.zeros(5)
        pf = vbt.Portfolio.from_order_func(CLOSE, order, tried)
        assert tried.tolist() == [70.0, 10.0, 0.0, 0.0, 0.0]
        assert list(pf.order_records["size"]) == [30.0, 30.0]


class TestSignals:
    def test_a_log_says_what_became_of_every_order(self):
        pf = vbt.Portfolio.from_signals(
            CLOSE, [True, False, True, False, False], [False, False, False, True, False],
            accumulate=True, size=60.0, log=True,
        )  # fmt: skip
        assert list(pf.log_records["res_status"]) == [0, 0, 0]
        assert list(pf.log_records["idx"]) == [0, 2, 3]
        assert pf.logs.count() == 3

    def test_the_same_seed_rejects_the_same_orders(self):
        def rows(seed):
            pf = vbt.Portfolio.from_orders(CLOSE, 1.0, reject_prob=0.5, seed=seed)
            return list(pf.order_records["idx"])

        assert rows(1) == rows(1)
        assert len({tuple(rows(seed)) for seed in range(8)}) > 2

    def test_signals_come_from_a_function(self):
        @njit
        def signals(c, rows):
            return c.i == rows[0], c.i == rows[1], False, False

        pf = vbt.Portfolio.from_signals(
            CLOSE, signal_func_nb=signals, signal_args=(np.array([1, 3]),)
        )
        assert list(pf.order_records["idx"]) == [1, 3]
        with pytest.raises(ValueError, match="signal_func_nb"):
            vbt.Portfolio.from_signals(CLOSE, True, signal_func_nb=signals)

    def test_a_stop_loss_is_moved(self):
        @njit
        def stop(c):
            if c.position_now != 0 and c.i > c.init_i + 1:
                return 0.5, c.curr_trail
            return np.nan, c.curr_trail

        falling = pd.Series([10.0, 4.0, 4.0, 3.0])
        pf = vbt.Portfolio.from_signals(falling, [1, 0, 0, 0], adjust_sl_func_nb=stop)
        assert list(pf.order_records["idx"]) == [0, 2]

    def test_the_functions_that_do_nothing_are_the_defaults(self):
        given = inspect.signature(vbt.Portfolio.from_signals).parameters
        assert given["signal_func_nb"].default is nb.no_signal_func_nb
        one = vbt.Portfolio.from_signals(CLOSE, True, sl_stop=0.1)
        other = vbt.Portfolio.from_signals(
            CLOSE, True, sl_stop=0.1, adjust_sl_func_nb=nb.no_adjust_sl_func_nb
        )
        assert one.order_records.tolist() == other.order_records.tolist()

    def test_a_random_call_sequence_can_be_seen(self):
        pf = vbt.Portfolio.from_signals(
            TABLE, True, call_seq="random", seed=3, cash_sharing=True, attach_call_seq=True
        )
        assert sorted(set(map(tuple, pf.call_seq.to_numpy().tolist()))) <= [(0, 1), (1, 0)]
        assert vbt.Portfolio.from_signals(TABLE, True).call_seq is None

    def test_room_for_orders_is_limited_on_request(self):
        with pytest.raises(IndexError, match="max_orders"):
            vbt.Portfolio.from_orders(CLOSE, 1.0, max_orders=3)


class TestFunctions:
    """Public functions are called from Python too, with arguments by name."""

    def test_orders(self):
        order = nb.order_nb(size=1, price=2)
        assert str(order) == str(enums.Order(size=1.0, price=2.0))
        assert nb.close_position_nb().size_type == enums.SizeType.TargetAmount
        assert np.isnan(nb.order_nothing_nb().size)
        state = enums.ProcessOrderState(100.0, 0.0, 0.0, 100.0, 2.0, 100.0, 0, 0)
        account, result = nb.execute_order_nb(state, order)
        assert account == enums.ExecuteOrderState(98.0, 1.0, 0.0, 98.0)
        assert result == enums.OrderResult(1.0, 2.0, 0.0, 0, 0, -1)
        with pytest.raises(ValueError, match="price"):
            nb.execute_order_nb(state, nb.order_nb(size=1, price=-2))

    def test_buying_and_selling(self):
        account = enums.ExecuteOrderState(100.0, 0.0, 0.0, 100.0)
        bought, result = nb.buy_nb(account, 4.0, 10.0, fees=0.1)
        assert bought.cash == pytest.approx(56.0)
        sold, _ = nb.sell_nb(bought, np.inf, 20.0, direction=enums.Direction.LongOnly)
        assert sold.cash == pytest.approx(136.0)
        _, result = nb.sell_nb(sold, 1.0, 20.0, direction=enums.Direction.LongOnly)
        assert result.status_info == enums.OrderStatusInfo.NoOpenPosition

    def test_records_can_be_filled(self):
        orders, logs = nb.init_records_nb((2, 1), None, 1, True)
        assert orders["id"].tolist() == [-1, -1]
        state = enums.ProcessOrderState(100.0, 0.0, 0.0, 100.0, 2.0, 100.0, 0, 0)
        order = nb.order_nb(size=1, price=2, log=True)
        result, after = nb.process_order_nb(0, 0, 0, state, True, order, orders, logs)
        assert (after.oidx, after.lidx) == (1, 1)
        assert logs["res_size"][0] == orders["size"][0] == result.size
        with pytest.raises(IndexError, match="max_logs"):
            nb.process_order_nb(1, 0, 0, after, True, order, orders, logs)

    def test_call_sequences(self):
        lengths = np.array([2, 1])
        for build in (nb.build_call_seq, nb.build_call_seq_nb):
            assert build((2, 3), lengths, enums.CallSeqType.Reversed).tolist() == [[1, 0, 0]] * 2
            assert build((2, 3), lengths).tolist() == [[0, 1, 0]] * 2

    def test_signals_to_an_order(self):
        assert nb.signals_to_size_nb(2.0, False, True, False, False, np.inf, 0, 0, 1.0) == (
            -2.0,
            enums.SizeType.Amount,
            enums.Direction.LongOnly,
        )
        assert nb.resolve_dir_conflict_nb(1.0, True, True, 3) == (True, False)

    def test_a_simulation_over_arrays(self):
        close = TABLE.to_numpy()
        lengths = np.array([1, 1])
        orders, _ = nb.simulate_from_orders_nb(
            (3, 2), lengths, np.array([100.0, 100.0]), nb.build_call_seq((3, 2), lengths),
            size=np.array([[1.0, -1.0], [1.0, 1.0], [np.nan, 1.0]]), close=close,
        )  # fmt: skip
        assert orders["size"].tolist() == [1.0, 1.0, 1.0, 1.0, 1.0]
        again, _ = nb.simulate_nb(
            (3, 2), lengths, np.array([100.0, 100.0]), False,
            nb.build_call_seq((3, 2), lengths), order_func_nb=buy, order_args=(1.0,), close=close,
        )  # fmt: skip
        assert again["price"].tolist() == close.T.ravel().tolist()
