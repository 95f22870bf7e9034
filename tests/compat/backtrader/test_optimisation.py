"""Runs over combinations: what they share, what they keep to themselves, what they print."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import numpy as np
import pytest
from fillproof.compat.backtrader import sharing

CLOSE = [10.0 + (7 * k) % 5 for k in range(40)]

#: What the strategies of this process have noted.
_ended: list[int] = []


class Averages(bt.Strategy):
    params = (("fast", 2), ("slow", 5))

    def __init__(self):
        self.fast = bt.ind.SMA(period=self.p.fast)
        self.slow = bt.ind.EMA(self.fast, period=self.p.slow)

    def next(self):
        if len(self) == 20:
            self.buy(size=self.p.fast)

    def stop(self):
        print(self.p.fast, self.p.slow)
        _ended.append(self.p.fast)
        if self.p.slow == 19:
            raise ValueError(f"fast {self.p.fast}")


@pytest.fixture
def optimise(cerebro_of):
    """Run `Averages` over the combinations; keywords are Cerebro's."""

    def run(fast, slow, **kwargs):
        _ended.clear()
        cerebro = cerebro_of(CLOSE)
        cerebro.optstrategy(Averages, fast=fast, slow=slow)
        cerebro.addanalyzer(bt.analyzers.Returns)
        return cerebro.run(**kwargs)

    return run


def test_combinations_share_columns(optimise, monkeypatch):
    made = []
    computed = sharing.computed

    def counting(indicator, compute):
        def compute_and_count():
            made.append(type(indicator).__name__)
            return compute()

        return computed(indicator, compute_and_count)

    monkeypatch.setattr("fillproof.compat.backtrader.indicators.computed.computed", counting)
    found = optimise((2, 3), (4, 5, 6), maxcpus=1, optreturn=False)
    assert sorted(made) == ["EMA"] * 6 + ["SMA"] * 2
    for outcome in found:
        alone = optimise(outcome[0].p.fast, outcome[0].p.slow, maxcpus=1, optreturn=False)
        for name in ("fast", "slow"):
            ours, theirs = (getattr(s, name).lines[0].column() for s in (outcome[0], alone[0][0]))
            assert np.array_equal(ours, theirs, equal_nan=True)


def test_a_run_of_its_own_shares_nothing(optimise):
    optimise((2, 3), 5, maxcpus=1)
    assert sharing._kept is None


def test_processes_print_in_sequence_and_change_nothing_here(optimise, capsys):
    found = optimise((3, 2, 4), (5, 6), maxcpus=2)
    pairs = [(3, 5), (3, 6), (2, 5), (2, 6), (4, 5), (4, 6)]
    assert capsys.readouterr().out.split("\n")[:-1] == [f"{a} {b}" for a, b in pairs]
    assert [(o.p.fast, o.params.slow) for (o,) in found] == pairs
    assert not _ended
    assert {o.strategycls for (o,) in found} == {Averages}
    assert all(o.analyzers.returns.get_analysis()["rtot"] > -1.0 for (o,) in found)


def test_each_keeps_its_broker_where_processes_would(optimise):
    apart = [s.broker.getvalue() for (s,) in optimise((2, 9), 5, maxcpus=2, optreturn=False)]
    together = [s.broker.getvalue() for (s,) in optimise((2, 9), 5, maxcpus=1, optreturn=False)]
    assert apart[0] != apart[1]
    assert together == [apart[1]] * 2


@pytest.mark.parametrize("maxcpus", [1, 2])
def test_the_first_failure_ends_it(optimise, capsys, maxcpus):
    with pytest.raises(ValueError, match="fast 3"):
        optimise((3, 2), 19, maxcpus=maxcpus)
    assert capsys.readouterr().out.startswith("3 19\n")
