"""The built-in analyzers.

Those that follow the account read its curve when they are asked, instead of hearing each bar.
"""

from __future__ import annotations

import math
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from .analyzer import Analyzer, TimeFrameAnalyzerBase
from .autodict import AutoOrderedDict
from .data import TimeFrame
from .dates import num2date, ordinals
from .order import Order
from .position import Position
from .unsupported import missing_analyzer


def average(x: Sequence[float], bessel: bool = False) -> float:
    """The mean; `bessel` divides by one less."""
    return math.fsum(x) / (len(x) - bessel)


def standarddev(x: Sequence[float], avgx: float | None = None, bessel: bool = False) -> float:
    """The standard deviation."""
    mean = average(x) if avgx is None else avgx
    return math.sqrt(average([(y - mean) ** 2.0 for y in x], bessel))


def _values(analyzer: Analyzer) -> np.ndarray:
    """The portfolio's value after each bar so far (the fund's value with `fund=True`)."""
    values = analyzer.strategy.cerebro._curve(analyzer)
    if analyzer.p._get("fund"):
        values = values / analyzer.strategy.broker.fundshares
    return values


def _start_value(analyzer: Analyzer) -> float:
    broker = analyzer.strategy.broker
    return broker.p.fundstartval if analyzer.p._get("fund") else broker.startingcash


class _FromCurve(Analyzer):
    """Follows the account; `rets` is worked out when it is read."""

    _from_curve = True

    _final: Any = None

    def create_analysis(self):
        pass

    @property
    def rets(self) -> Any:
        return self._work_out() if self._final is None else self._final

    def _work_out(self) -> Any:
        """The results up to the current bar."""
        raise NotImplementedError

    def stop(self) -> None:
        self._final = self._work_out()


class DrawDown(_FromCurve):
    """How far, and for how many bars, the value is below its highest."""

    params = (("fund", None),)

    def _work_out(self):
        rets = AutoOrderedDict()
        rets.len = 0
        rets.drawdown = 0.0
        rets.moneydown = 0.0
        rets.max.len = 0.0
        rets.max.drawdown = 0.0
        rets.max.moneydown = 0.0
        values = _values(self)
        if len(values):
            peak = np.maximum.accumulate(values)
            if not peak.all():
                raise ZeroDivisionError("float division by zero")
            money = peak - values
            down = 100.0 * money / peak
            bars = np.arange(1, len(values) + 1)
            lengths = bars - np.maximum.accumulate(np.where(down == 0.0, bars, 0))
            rets.len = int(lengths[-1])
            rets.drawdown = float(down[-1])
            rets.moneydown = float(money[-1])
            rets.max.len = int(lengths.max()) or 0.0
            rets.max.drawdown = max(0.0, float(down.max()))
            rets.max.moneydown = max(0.0, float(money.max()))
        return rets

    def stop(self):
        super().stop()
        self._final._close()


class _Periods(_FromCurve, TimeFrameAnalyzerBase):
    """Follows the account by periods."""

    def _starts(self) -> tuple[np.ndarray, list[Any]]:
        """The index of the first bar of each period so far, and the keys of the periods."""
        times = self.strategy.cerebro._times_heard(self)
        if not len(times):
            return np.zeros(0, dtype=np.int64), []
        frame = self.timeframe
        if frame == TimeFrame.NoTimeFrame:
            return np.zeros(1, dtype=np.int64), [datetime.max]
        if frame < TimeFrame.Days:
            return self._intraday_starts(times)
        days = ordinals(times)
        if frame == TimeFrame.Weeks:
            group = (days - 1) // 7
        elif frame == TimeFrame.Days:
            group = days
        else:
            unit = "M" if frame == TimeFrame.Months else "Y"
            group = (days - 719163).astype("datetime64[D]").astype(f"datetime64[{unit}]")
            group = group.astype(np.int64)
        # A period begins only when it is later than all before it.
        latest = np.maximum.accumulate(group)
        starts = np.flatnonzero(np.concatenate(([True], latest[1:] > latest[:-1])))
        keys = [self._get_dt_cmpkey(num2date(times[i]))[1] for i in starts.tolist()]
        return starts, keys

    def _intraday_starts(self, times: np.ndarray) -> tuple[np.ndarray, list[Any]]:
        starts, keys, latest = [], [], None
        for i, time in enumerate(times.tolist()):
            period, key = self._get_dt_cmpkey(num2date(time))
            if latest is None or period > latest:
                latest = period
                starts.append(i)
                keys.append(key)
        return np.array(starts, dtype=np.int64), keys


class TimeReturn(_Periods):
    """The return of each period, of the portfolio or of a data."""

    params = (("data", None), ("firstopen", True), ("fund", None))

    def _work_out(self):
        starts, keys = self._starts()
        if self.p.data is None:
            values = _values(self)
            before = _start_value(self)
        else:
            values = self.strategy.cerebro._closes_heard(self, self.p.data)
            first = self.p.data.open if self.p.firstopen else self.p.data.lines[0]
            before = first.array[0] if keys else math.nan
        rets = OrderedDict()
        ends = [*(starts[1:] - 1).tolist(), len(values) - 1]
        for key, end in zip(keys, ends, strict=False):
            after = float(values[end])
            rets[key] = after / before - 1.0
            before = after
        return rets


class Returns(_Periods):
    """Total, average and annual return (logarithmic, and as a percentage)."""

    params = (("tann", None), ("fund", None))

    _TANN = {  # noqa: RUF012
        TimeFrame.Days: 252.0,
        TimeFrame.Weeks: 52.0,
        TimeFrame.Months: 12.0,
        TimeFrame.Years: 1.0,
    }

    @property
    def rets(self):
        return OrderedDict() if self._final is None else self._final

    def _work_out(self):
        starts, _ = self._starts()
        broker = self.strategy.broker
        end = broker.fundvalue if self.p.fund else broker.getvalue()
        start = _start_value(self)
        total = -math.inf
        if start and end / start >= 0.0:
            # A ratio of exactly 0 has no logarithm, there as here.
            total = math.log(end / start)
        rets = OrderedDict()
        rets["rtot"] = total
        rets["ravg"] = mean = total / len(starts)
        tann = self.p.tann or self._TANN.get(self.timeframe)
        if tann is None:
            tann = self._TANN.get(self.data._timeframe, 1.0)
        rets["rnorm"] = math.expm1(mean * tann) if mean > -math.inf else mean
        rets["rnorm100"] = rets["rnorm"] * 100.0
        return rets


class TimeDrawDown(_Periods):
    """The drawdown of the values at which periods begin."""

    params = (("fund", None),)

    @property
    def rets(self):
        return OrderedDict() if self._final is None else self._final

    def _work_out(self):
        starts, _ = self._starts()
        peak, worst, longest, length = -math.inf, 0.0, 0, 0
        for value in _values(self)[starts].tolist():
            if value > peak:
                peak, length = value, 0
            down = 100.0 * (peak - value) / peak
            length += bool(down)
            worst = max(worst, down)
            longest = max(longest, length)
        self.maxdd, self.maxddlen = worst, longest
        return OrderedDict(maxdrawdown=worst, maxdrawdownperiod=longest)


class AnnualReturn(Analyzer):
    """The return of each calendar year."""

    def stop(self):
        if not self.strategy.cerebro.p.stdstats:
            # The original reads the observer that the standard statistics add.
            raise AttributeError("'ItemCollection' object has no attribute 'broker'")
        values = self.strategy.cerebro._curve(self)
        times = self.data.datetime.column()
        values = values[-len(times) :]
        year, first, last = -1, 0.0, 0.0
        self.rets = []
        self.ret = OrderedDict()
        for time, value in zip(times.tolist(), values.tolist(), strict=True):
            current = num2date(time).year
            if current > year:
                if year >= 0:
                    self.rets.append(last / first - 1.0)
                    self.ret[year] = self.rets[-1]
                    first = last
                else:
                    first = value
                year = current
            last = value
        if year not in self.ret:
            self.rets.append(last / first - 1.0)
            self.ret[year] = self.rets[-1]

    def get_analysis(self):
        return self.ret


class SharpeRatio(Analyzer):
    """Mean excess return over its standard deviation."""

    params = (
        ("timeframe", TimeFrame.Years),
        ("compression", 1),
        ("riskfreerate", 0.01),
        ("factor", None),
        ("convertrate", True),
        ("annualize", False),
        ("stddev_sample", False),
        ("daysfactor", None),
        ("legacyannual", False),
        ("fund", None),
    )

    RATEFACTORS = {  # noqa: RUF012
        TimeFrame.Days: 252,
        TimeFrame.Weeks: 52,
        TimeFrame.Months: 12,
        TimeFrame.Years: 1,
    }

    def __init__(self):
        p = self.p
        if p.legacyannual:
            self.anret = AnnualReturn()
        else:
            self.timereturn = TimeReturn(
                timeframe=p.timeframe, compression=p.compression, fund=p.fund
            )

    def _factor(self):
        p = self.p
        if p.timeframe == TimeFrame.Days and p.daysfactor is not None:
            return p.daysfactor
        if p.factor is not None:
            return p.factor
        return self.RATEFACTORS.get(p.timeframe)

    def stop(self):
        if self.p.legacyannual:
            returns = self.anret.rets
            mean = average([r - self.p.riskfreerate for r in returns])
            self.ratio = mean / standarddev(returns)
        else:
            self.ratio = self._ratio(list(self.timereturn.get_analysis().values()))
        self.rets["sharperatio"] = self.ratio

    def _ratio(self, returns):
        p = self.p
        rate, factor = p.riskfreerate, self._factor()
        if factor is not None:
            if p.convertrate:
                rate = pow(1.0 + rate, 1.0 / factor) - 1.0
            else:
                returns = [pow(1.0 + r, factor) - 1.0 for r in returns]
        if not len(returns) - p.stddev_sample:
            return None
        excess = [r - rate for r in returns]
        mean = average(excess)
        deviation = standarddev(excess, avgx=mean, bessel=p.stddev_sample)
        try:
            ratio = mean / deviation
            if factor is not None and p.convertrate and p.annualize:
                ratio = math.sqrt(factor) * ratio
        except (ValueError, TypeError, ZeroDivisionError):
            return None
        return ratio


class SharpeRatio_A(SharpeRatio):
    """The same, annualised."""

    params = (("annualize", True),)


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


class PeriodStats(Analyzer):
    """Mean, deviation, best and worst of the returns of periods."""

    params = (
        ("timeframe", TimeFrame.Years),
        ("compression", 1),
        ("zeroispos", False),
        ("fund", None),
    )

    def __init__(self):
        p = self.p
        self._tr = TimeReturn(timeframe=p.timeframe, compression=p.compression, fund=p.fund)

    def stop(self):
        returns = list(self._tr.get_analysis().values())
        none = sum(r == 0.0 for r in returns)
        rets = self.rets
        rets["average"] = mean = average(returns)
        rets["stddev"] = standarddev(returns, mean)
        rets["positive"] = sum(r > 0.0 for r in returns) + (none if self.p.zeroispos else 0)
        rets["negative"] = sum(r < 0.0 for r in returns)
        rets["nochange"] = 0 if self.p.zeroispos else none
        rets["best"] = max(returns)
        rets["worst"] = min(returns)


class Transactions(Analyzer):
    """What was bought and sold at which time."""

    params = (
        ("headers", False),
        ("_pfheaders", ("date", "amount", "price", "sid", "symbol", "value")),
    )

    def start(self):
        self._rets = OrderedDict()
        if self.p.headers:
            self._rets[self.p._pfheaders[0]] = [list(self.p._pfheaders[1:])]
        self._positions: Any = defaultdict(Position)
        self._names = list(enumerate(self.strategy.getdatanames()))
        #: The bar of the latest trades; nothing is entered before there is one.
        self._time = math.nan

    def create_analysis(self):
        pass

    @property
    def rets(self):
        self._enter()
        return self._rets

    def notify_order(self, order):
        if order.status not in (Order.Partial, Order.Completed):
            return
        time = self.strategy.datetime[0]
        if time != self._time:
            self._enter()
            self._positions.clear()
            self._time = time
        traded = self._positions[order.data._name]
        for bit in order.executed.iterpending():
            _add(traded, bit.size, bit.price)

    def _enter(self):
        """Enter what was traded in the latest bar that had trades."""
        entries = []
        for number, name in self._names:
            traded = self._positions.get(name)
            if traded is not None and traded.size:
                size, price = traded.size, traded.price
                entries.append([size, price, number, name, -size * price])
        if entries:
            self._rets[num2date(self._time)] = entries


def _add(position, size, price):
    """What was traded in one bar, as an average-price position of its own."""
    before = position.size
    after = position.size = before + size
    if not after:
        position.price = 0.0
    elif not before or (before > 0) != (after > 0):
        position.price = price
    elif (before > 0) == (size > 0):
        position.price = (position.price * before + size * price) / after


def __getattr__(name: str):
    raise missing_analyzer(name)
