"""Trades by lots: exits matched with what single fills opened."""

from __future__ import annotations

from .jit import njit
from .trade_rows import SAME, averaged, begin, end_trade, restated, worth


@njit
def match_lots(fills, slots, multiplier, inverse, marks, latest_first, merge, head, tail, after,
               lots, states, out):  # fmt: skip
    """A trade for each match of an exit with a lot, or for each exit; then the lots still open.

    Lot k is what fill k opened. head, tail: int64[slots], -1: the lot that is closed next and the
    last one. after: int64[fills], the lot that follows. lots: float64[fills, 4]: units that are
    left, their worth each, the commission paid on them, and 1 after a split.
    """
    n = 0
    for k in range(len(fills)):
        fill = fills[k]
        slot = slots[k]
        state = states[slot]
        asset = fill["asset"]
        level = worth(fill["price"], inverse[asset])
        ratio = restated(state["held"], fill)
        if ratio != 1.0:
            state["held"] *= ratio
            lot = head[slot]
            while lot >= 0:
                if ratio == 0.0:
                    _open_lot(out[n], lot, fills[lot], slot, lots)
                    out[n]["open"] = False
                    out[n]["held"] = 0.0
                    n += 1
                    lots[lot, 0] = 0.0
                else:
                    lots[lot, 0] *= ratio
                    lots[lot, 1] /= ratio
                    lots[lot, 3] = 1.0
                lot = after[lot]
            if ratio == 0.0:
                head[slot] = tail[slot] = -1
        if fill["closed"] != 0.0 and head[slot] >= 0:
            whole = fill["opened"] != 0.0 or fill["position_size"] == 0.0
            need = -fill["closed"]
            state["held"] = 0.0 if whole else state["held"] - need
            unpaid = fill["closed_commission"]
            row = -1
            while head[slot] >= 0 and (whole or need != 0.0):
                lot = head[slot]
                left = lots[lot, 0]
                last = after[lot] < 0
                taken = left
                gone = True
                if whole:
                    done = last
                else:
                    same = abs(need - left) <= SAME * abs(left)
                    done = same or last or abs(need) < abs(left)
                    if done and (last or not same):
                        # The last lot stays while the position does, if as a rounding error.
                        taken = need
                        gone = False
                paid = lots[lot, 2]
                if not gone:
                    paid *= min(taken / left, 1.0)
                exit_paid = unpaid
                if not done:
                    exit_paid = fill["closed_commission"] * (taken / -fill["closed"])
                if row < 0 or not merge:
                    row = n
                    n += 1
                    begin(out[row], lot, fills[lot], slot)
                    end_trade(out[row], k, fill)
                    out[row]["exit_price"] = level
                trade = out[row]
                trade["entry_price"] = averaged(
                    trade["entry_price"], trade["entered"], taken, lots[lot, 1]
                )
                trade["restated"] = trade["restated"] or lots[lot, 3] != 0.0
                trade["entered"] += taken
                trade["size"] = trade["entered"]
                trade["pnl"] += taken * (level - lots[lot, 1]) * multiplier[asset]
                trade["entry_commission"] += paid
                trade["exit_commission"] += exit_paid
                unpaid -= exit_paid
                need = 0.0 if done and not whole else need - taken
                lots[lot, 2] -= paid
                if gone:
                    lots[lot, 0] = 0.0
                    head[slot] = after[lot]
                    if last:
                        tail[slot] = -1
                else:
                    lots[lot, 0] = state["held"] if last else left - taken
        if fill["opened"] != 0.0:
            state["held"] += fill["opened"]
            lots[k, 0] = fill["opened"]
            lots[k, 1] = level
            lots[k, 2] = fill["opened_commission"]
            after[k] = -1
            if head[slot] < 0:
                head[slot] = tail[slot] = k
            elif latest_first:
                after[k] = head[slot]
                head[slot] = k
            else:
                after[tail[slot]] = k
                tail[slot] = k
    for k in range(len(fills)):
        if lots[k, 0] != 0.0:
            trade = out[n]
            n += 1
            _open_lot(trade, k, fills[k], slots[k], lots)
            asset = trade["asset"]
            profit = trade["held"] * (marks[asset] - trade["entry_price"]) * multiplier[asset]
            trade["unrealised"] = profit
    return n


@njit
def _open_lot(trade, lot, fill, slot, lots):
    """Describe what is left of a lot."""
    begin(trade, lot, fill, slot)
    trade["size"] = lots[lot, 0]
    trade["entered"] = lots[lot, 0]
    trade["held"] = lots[lot, 0]
    trade["entry_price"] = lots[lot, 1]
    trade["entry_commission"] = lots[lot, 2]
    trade["restated"] = lots[lot, 3] != 0.0
