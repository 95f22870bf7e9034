"""The system quality number."""

from __future__ import annotations

import math
from typing import Any

from ..analyzer import Analyzer
from ..autodict import AutoOrderedDict
from ..mathsupport import average, standarddev


class SQN(Analyzer):
    """The system quality number: root of the count times mean over deviation of trade profits."""

    def create_analysis(self):
        self.rets = AutoOrderedDict()

    def start(self):
        self.pnl = []
        self.count = 0

    def notify_trade(self, trade):
        if trade.status == trade.Closed:
            self.pnl.append(trade.pnlcomm)
            self.count += 1

    def stop(self):
        number: Any = 0
        if self.count > 1:
            deviation = standarddev(self.pnl)
            number = None
            if deviation:
                number = math.sqrt(len(self.pnl)) * average(self.pnl) / deviation
        self.rets.sqn = number
        self.rets.trades = self.count


SystemQualityNumber = SQN
