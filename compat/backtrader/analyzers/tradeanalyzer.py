"""Statistics of trades."""

from __future__ import annotations

import sys

from ..analyzer import Analyzer
from ..autodict import AutoOrderedDict


class TradeAnalyzer(Analyzer):
    """Counts, profits, streaks and lengths of the closed trades."""

    def create_analysis(self):
        self.rets = AutoOrderedDict()
        self.rets.total.total = 0

    def stop(self):
        self.rets._close()

    def notify_trade(self, trade):
        if trade.justopened:
            self.rets.total.total += 1
            self.rets.total.open += 1
        elif trade.status == trade.Closed:
            self._closed(trade)

    def _closed(self, trade):
        rets = self.rets
        net = trade.pnlcomm
        won = int(net >= 0.0)
        sides = {"won": won, "lost": int(not won)}
        ways = {"long": trade.long, "short": not trade.long}
        rets.total.open -= 1
        rets.total.closed += 1
        for name, mine in sides.items():
            streak = rets.streak[name]
            streak.current *= mine
            streak.current += mine
            streak.longest = max(streak.longest or 0, streak.current)
        for part, amount in ((rets.pnl.gross, trade.pnl), (rets.pnl.net, net)):
            part.total += amount
            part.average = part.total / rets.total.closed
        for name, mine in sides.items():
            side = rets[name]
            side.total += mine
            side.pnl.total += net * mine
            side.pnl.average = side.pnl.total / (side.total or 1.0)
            side.pnl.max = _extreme(name, side.pnl.max or 0.0, net * mine)
        for way, goes in ways.items():
            part = rets[way]
            part.total += goes
            part.pnl.total += net * goes
            part.pnl.average = part.pnl.total / (part.total or 1.0)
            for name, mine in sides.items():
                amount = net * mine * goes
                part[name] += mine * goes
                pnl = part.pnl[name]
                pnl.total += amount
                pnl.average = pnl.total / (part[name] or 1.0)
                pnl.max = _extreme(name, pnl.max or 0.0, amount)
        self._lengths(trade.barlen, sides, ways)

    def _lengths(self, bars, sides, ways):
        rets = self.rets
        length = rets.len
        length.total += bars
        length.average = length.total / rets.total.closed
        length.max = max(length.max or 0, bars)
        length.min = min(length.min or sys.maxsize, bars)
        for name, mine in sides.items():
            part = length[name]
            part.total += bars * mine
            part.average = part.total / (rets[name].total or 1.0)
            part.max = max(part.max or 0, bars * mine)
            if bars * mine:
                part.min = min(part.min or sys.maxsize, bars * mine)
        for way, goes in ways.items():
            part = length[way]
            _length(part, bars * goes, rets[way].total)
            for name, mine in sides.items():
                _length(part[name], bars * goes * mine, rets[way][name])


def _extreme(name, known, amount):
    return max(known, amount) if name == "won" else min(known, amount)


def _length(part, bars, count):
    part.total += bars
    part.average = part.total / (count or 1.0)
    part.max = max(part.max or 0, bars)
    least = part.min or sys.maxsize
    part.min = min(least, bars or least)
