"""Statistics of trades."""

from __future__ import annotations

import sys
from math import isfinite

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
            total = self.rets["total"]
            total["total"] += 1
            total["open"] += 1
        elif trade.status == trade.Closed:
            self._closed(trade)

    def _closed(self, trade):
        # Keys, not attributes: these lines run for every trade.
        rets = self.rets
        net = trade.pnlcomm
        won = int(net >= 0.0)
        all_sides = sides = (("won", won), ("lost", int(not won)))
        ways = (("long", trade.long), ("short", not trade.long))
        total = rets["total"]
        if "closed" in total and isfinite(net):
            # What the trade is not part of has its keys: it would get zeros added.
            sides = sides[:1] if won else sides[1:]
            ways = ways[:1] if trade.long else ways[1:]
        total["open"] -= 1
        total["closed"] += 1
        count = total["closed"]
        for name, mine in all_sides:
            streak = rets["streak"][name]
            streak["current"] *= mine
            streak["current"] += mine
            streak["longest"] = max(streak["longest"] or 0, streak["current"])
        pnl = rets["pnl"]
        for part, amount in ((pnl["gross"], trade.pnl), (pnl["net"], net)):
            part["total"] += amount
            part["average"] = part["total"] / count
        for name, mine in sides:
            side = rets[name]
            side["total"] += mine
            _profit(side["pnl"], net * mine, side["total"], name)
        for way, goes in ways:
            part = rets[way]
            part["total"] += goes
            pnl = part["pnl"]
            pnl["total"] += net * goes
            pnl["average"] = pnl["total"] / (part["total"] or 1.0)
            for name, mine in sides:
                part[name] += mine * goes
                _profit(pnl[name], net * mine * goes, part[name], name)
        self._lengths(trade.barlen, sides, ways)

    def _lengths(self, bars, sides, ways):
        rets = self.rets
        length = rets["len"]
        length["total"] += bars
        length["average"] = length["total"] / rets["total"]["closed"]
        length["max"] = max(length["max"] or 0, bars)
        length["min"] = min(length["min"] or sys.maxsize, bars)
        for name, mine in sides:
            part = length[name]
            part["total"] += bars * mine
            part["average"] = part["total"] / (rets[name]["total"] or 1.0)
            part["max"] = max(part["max"] or 0, bars * mine)
            if bars * mine:
                part["min"] = min(part["min"] or sys.maxsize, bars * mine)
        for way, goes in ways:
            part = length[way]
            _length(part, bars * goes, rets[way]["total"])
            for name, mine in sides:
                _length(part[name], bars * goes * mine, rets[way][name])


def _profit(pnl, amount, count, name):
    """Add the profit of a trade to those of `count` winners or losers."""
    pnl["total"] += amount
    pnl["average"] = pnl["total"] / (count or 1.0)
    extreme = max if name == "won" else min
    pnl["max"] = extreme(pnl["max"] or 0.0, amount)


def _length(part, bars, count):
    part["total"] += bars
    part["average"] = part["total"] / (count or 1.0)
    part["max"] = max(part["max"] or 0, bars)
    least = part["min"] or sys.maxsize
    part["min"] = min(least, bars or least)
