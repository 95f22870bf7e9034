"""Waiting entries, stops and margin by a slow bar loop over one column, in plain Python.

Written from the rules in docs/semantics.md ("Extensions"), without the engine's code: orders and
the account are dictionaries, prices are compared one by one.
"""

from __future__ import annotations

import math

import numpy as np

SIGNAL, LIMIT_ENTRY, STOP_ENTRY, STOP_LOSS, TRAILING_STOP, TAKE_PROFIT, LIQUIDATION = range(7)


def meets(level, falling, bar):
    """Where an order at `level` trades in a bar (open, high, low), None if it does not."""
    open_, high, low = bar
    if falling:
        return open_ if open_ <= level else level if low <= level else None
    return open_ if open_ >= level else level if high >= level else None


class Model:
    """One column; `case` holds numbers and 1-D arrays by the names of the inputs.

    Long and short signals come one at a time, there is no accumulation, and an entry against the
    position reverses it.
    """

    def __init__(self, case, cash):
        self.case, self.cash, self.held = case, cash, 0.0
        self.waiting = None
        self.stops = None
        self.fills = []  # (row, side, size, price, fees, kind, row since which it was placed)

    def at(self, name, row):
        value = self.case[name]
        return value[row] if isinstance(value, np.ndarray) else value

    def most(self, side, price, paid, leverage, opens):
        """The most units that may trade at `paid`, which is `price` after slippage."""
        fee, fixed = self.case["fees"], self.case["fixed_fees"]
        if leverage == 1.0 and self.cash > -1e-9:
            return math.inf if side < 0 else (self.cash - fixed) / (1 + fee) / paid
        if not opens:
            return math.inf
        # Equity must carry the margin of what is held afterwards, and the fees.
        against = abs(self.held) if self.held * side < 0 else 0.0
        carried = abs(self.held) - against
        room = self.cash + self.held * price - carried * price / leverage - fixed
        room -= against * (paid * fee + side * (paid - price) / leverage)
        return against + max(room / (paid / leverage + paid * fee), 0.0)

    def trade(self, row, units, price, slippage, kind, placed, leverage, opens=False):
        """Trade signed units, or as many as may be; tells whether any."""
        side = 1.0 if units > 0 else -1.0
        paid = price * (1 + side * slippage)
        units = abs(units)
        if kind != LIQUIDATION:
            units = min(units, self.most(side, price, paid, leverage, opens))
        if not units > 1e-8:
            return False
        fees = units * paid * self.case["fees"] + self.case["fixed_fees"]
        self.cash -= side * units * paid + fees
        self.held += side * units
        if abs(self.held) < 1e-9:
            self.held = 0.0
        self.fills.append((row, 0 if side > 0 else 1, units, paid, fees, kind, placed))
        return True

    def enter(self, row, asked, side, price, slippage, kind):
        """Trade an entry whose signal is of the row `asked`; tells whether anything traded."""
        wanted = side * self.at("size", asked) - (self.held if self.held * side < 0 else 0.0)
        leverage = self.at("leverage", asked)
        before = self.held
        if not self.trade(row, wanted, price, slippage, kind, asked, leverage, True):
            return False
        if self.held * side > 0 and not before * side > 0:
            start = self.at("close", row) if kind == SIGNAL else self.fills[-1][3]
            names = ("sl_stop", "tp_stop", "tsl_stop", "tsl_start")
            self.stops = {"from": start, "best": start, "row": row}
            self.stops |= {name: self.at(name, asked) for name in names}
        return True

    def leave(self, row, minds_target, bar):
        """Meet stops, liquidation and target; tells whether one of them fired."""
        if self.held == 0:
            return False
        side = 1.0 if self.held > 0 else -1.0
        stops = self.stops
        losses = []  # (how near, kind)
        if not math.isnan(stops["sl_stop"]):
            losses.append((stops["from"] * (1 - side * stops["sl_stop"]), STOP_LOSS))
        begun = side * stops["best"] >= side * stops["from"] * (1 + side * stops["tsl_start"])
        if not math.isnan(stops["tsl_stop"]) and begun:
            losses.append((stops["best"] * (1 - side * stops["tsl_stop"]), TRAILING_STOP))
        margin = self.at("maintenance", row)
        if not math.isnan(margin):
            # cash + held price = margin |held| price
            level = self.cash / (margin * abs(self.held) - self.held)
            if level > 0:
                losses.append((level, LIQUIDATION))
        leverage = self.at("leverage", row)
        if losses:
            level, kind = max(losses, key=lambda loss: (side * loss[0], -loss[1]))
            price = meets(level, side > 0, bar)
            if price is not None:
                slip = self.case["slippage"] if kind == LIQUIDATION else 0.0
                self.trade(row, -self.held, price, slip, kind, stops["row"], leverage)
                return True
        if minds_target and not math.isnan(stops["tp_stop"]):
            level = stops["from"] * (1 + side * stops["tp_stop"])
            price = meets(level, side < 0, bar)
            if price is not None:
                self.trade(row, -self.held, price, 0.0, TAKE_PROFIT, stops["row"], leverage)
                return True
        return False

    def run(self):
        for row in range(len(self.case["close"])):
            self.step(row)
        return self.fills

    def step(self, row):
        open_, high, low, close = (self.at(n, row) for n in ("open", "high", "low", "close"))
        side = np.sign(self.held)
        ended = self.leave(row, True, (open_, high, low))
        closed = ended and self.held == 0
        if closed and self.waiting and self.waiting["side"] == side:
            self.waiting = None
        if self.held > 0:
            self.stops["best"] = max(self.stops["best"], high)
        if self.held < 0:
            self.stops["best"] = min(self.stops["best"], low)
        entry = self.waiting
        if entry and row - entry["row"] > entry["bars"]:
            entry = self.waiting = None
        if entry:
            falling = (entry["side"] > 0) == (entry["type"] == LIMIT_ENTRY)
            price = meets(entry["level"], falling, (open_, high, low))
            if price is not None:
                self.waiting = None
                slip = self.case["slippage"] if entry["type"] == STOP_ENTRY else 0.0
                asked = entry["row"]
                rest = self.at("fill_bar", asked)
                filled = not self.held * entry["side"] > 0 and self.enter(
                    row, asked, entry["side"], price, slip, entry["type"]
                )
                if filled and rest != 2:
                    ended |= self.leave(row, rest == 1, (price, high, low))
                if filled and self.held:
                    best = max if self.held > 0 else min
                    self.stops["best"] = best(self.stops["best"], close)
        if not ended:
            self.listen(row, close)

    def listen(self, row, close):
        """The row's own signals, at its close."""
        entry = int(self.at("entries", row)) - int(self.at("short_entries", row))
        leaves_long, leaves_short = self.at("exits", row), self.at("short_exits", row)
        if self.waiting:
            side = self.waiting["side"]
            if (leaves_long if side > 0 else leaves_short) or entry == -side:
                self.waiting = None
            elif entry == side:
                if self.at("upon_waiting", row) == 0:
                    entry = 0
                else:
                    self.waiting = None
        slippage = self.case["slippage"]
        kind = self.at("entry_type", row)
        if entry and kind and not self.held * entry > 0:
            given = self.at("entry_price", row)
            price = close if math.isnan(given) else given
            delta = self.at("entry_delta", row)
            expiry = self.at("entry_expiry", row)
            better = -entry if kind == LIMIT_ENTRY else entry
            self.waiting = {
                "side": entry,
                "type": kind,
                "row": row,
                "level": price * (1 + better * delta),
                "bars": math.inf if math.isnan(expiry) else expiry,
            }
        if entry and not kind and not self.held * entry > 0:
            self.enter(row, row, entry, close, slippage, SIGNAL)
        elif (self.held > 0 and leaves_long) or (self.held < 0 and leaves_short):
            self.trade(row, -self.held, close, slippage, SIGNAL, row, self.at("leverage", row))
