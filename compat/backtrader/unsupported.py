"""What this adapter lacks: the names, why, and what to use instead.

The objects in `GAPS` are what a script gets for such a name; the surface pages read them too.
"""

from __future__ import annotations

from typing import Any

from ..unsupported import Kind, Unsupported, UnsupportedFeature
from ..unsupported import unsupported as _declare

FRAMEWORK = "backtrader"


def unsupported(name: str, reason: str = "", kind: Kind = "not yet") -> UnsupportedFeature:
    """The error for a feature that is missing here; raise it."""
    return UnsupportedFeature(FRAMEWORK, name, reason, kind)


_LIVE = "Live trading and broker connections are out of scope."
_NAMES: dict[str, dict[str, tuple[str, Kind]]] = {
    "": {
        "Signal": ("Write the signal's rule in next().", "not yet"),
        "SignalStrategy": ("Write the signal's rule in next().", "not yet"),
        "Store": (_LIVE, "never"),
        "Timer": ("Compare self.data.datetime.time() in next().", "not yet"),
        "TradingCalendar": ("", "not yet"),
        "TradingCalendarBase": ("", "not yet"),
        "PandasMarketCalendar": ("", "not yet"),
        "WriterStringIO": ("", "not yet"),
        "OptReturn": ("Call cerebro.run() in a loop over the parameters.", "not yet"),
        "Resampler": ("Resample the frame beforehand.", "not yet"),
        "Replayer": ("", "not yet"),
        "DataClone": ("Make a second feed of the same data.", "not yet"),
        "LinesCoupler": ("", "not yet"),
        "LineCoupler": ("", "not yet"),
        "talib": ("", "not yet"),
        "stores": (_LIVE, "never"),
        "filters": ("Filter the data beforehand.", "not yet"),
        "fillers": ("", "not yet"),
        "filler": ("", "not yet"),
        "signals": ("", "not yet"),
        "studies": ("", "not yet"),
        "strategies": ("", "not yet"),
        "strats": ("", "not yet"),
        "commissions": ("Use CommInfoBase.", "not yet"),
        "comms": ("Use CommInfoBase.", "not yet"),
        "plot": ("", "not yet"),
        "btrun": ("", "not yet"),
        "flt": ("", "not yet"),
    },
    "Cerebro": {
        "optstrategy": ("Call cerebro.run() in a loop over the parameters.", "not yet"),
        "optcallback": ("", "not yet"),
        "resampledata": ("Resample the frame beforehand.", "not yet"),
        "replaydata": ("", "not yet"),
        "chaindata": ("Join the data beforehand.", "not yet"),
        "rolloverdata": ("Join the data beforehand.", "not yet"),
        "plot": ("Plot strategy results with the library of your choice.", "not yet"),
        "addwriter": ("", "not yet"),
        "addindicator": ("Build the indicator in the strategy's __init__.", "not yet"),
        "add_signal": ("Write the signal's rule in next().", "not yet"),
        "signal_strategy": ("Write the signal's rule in next().", "not yet"),
        "signal_concurrent": ("Write the signal's rule in next().", "not yet"),
        "signal_accumulate": ("Write the signal's rule in next().", "not yet"),
        "add_timer": ("Compare self.data.datetime.time() in next().", "not yet"),
        "notify_timer": ("", "not yet"),
        "addcalendar": ("", "not yet"),
        "addtz": ("Convert the times beforehand.", "not yet"),
        "addstore": (_LIVE, "never"),
        "addstorecb": (_LIVE, "never"),
        "adddatacb": (_LIVE, "never"),
        "add_order_history": ("", "not yet"),
        "set_fund_history": ("", "not yet"),
    },
}

_MORE = {
    "feeds": (
        "BacktraderCSVData BacktraderCSV BlazeData BTCSVData Chainer InfluxDB MT4CSVData Quandl "
        "QuandlCSV RollOver SierraChartCSVData VChartCSVData VChartData VChartFile YahooFinanceCSV "
        "YahooFinanceCSVData YahooFinanceData YahooLegacyCSV IBData OandaData VCData "
        "GenericCSV MT4CSV SierraChartCSV VChartCSV YahooFinanceFeed"
    ),
    "analyzers": (
        "Calmar GrossLeverage LogReturnsRolling PositionsValue PyFolio VWR "
        "VariabilityWeightedReturn"
    ),
    "indicators": (
        "AbsPriceOsc AbsolutePriceOscillator AccDeOsc AccelerationDecelerationOscillator Accum "
        "AdaptiveMovingAverage AllN AnyN APO ApplyN ADX ADXR Aroon AroonDown AroonOsc "
        "AroonOscillator AroonUp AroonUpDown AroonUpDownOscillator Average "
        "AverageDirectionalMovementIndex AverageDirectionalMovementIndexRating AwesomeOscillator "
        "AwesomeOsc AO CCI CommodityChannelIndex CumSum DEMA DMA DMI DM DPO "
        "DetrendedPriceOscillator DicksonMovingAverage DirectionalIndicator DirectionalMovement "
        "DirectionalMovementIndex DI DoubleExponentialMovingAverage DownDay DownDayBool DownMove "
        "DV2 Envelope ExponentialSmoothing ExponentialSmoothingDynamic FibonacciPivotPoint "
        "FindFirstIndex FindFirstIndexHighest FindFirstIndexLowest FindLastIndex "
        "FindLastIndexHighest FindLastIndexLowest HMA HullMovingAverage HeikinAshi haDelta "
        "hadelta Hurst HurstExponent Ichimoku KAMA KST KnowSureThing LAGF LRSI LaguerreFilter "
        "LaguerreRSI LinearRegression MeanDev MeanDeviation MinusDI MinusDirectionalIndicator "
        "MomentumOscillator MomentumOsc OLS_BetaN OLS_Slope_InterceptN OLS_TransformationN "
        "Oscillator ParabolicSAR PSAR PercentRank PctRank PercentagePriceOscillator PPO PPOShort "
        "PivotPoint PlusDI PlusDirectionalIndicator PrettyGoodOscillator PGO PriceOsc "
        "PriceOscillator RateOfChange100 ROC100 ReduceN RMI RelativeMomentumIndex SMMAOsc "
        "Stochastic StochasticFast StochasticFull StochasticSlow SumN TEMA TSI Trix TRIX "
        "TrixSignal TripleExponentialMovingAverage TrueStrengthIndicator UltimateOscillator UpDay "
        "UpDayBool UpMove Vortex WeightedAverage AverageWeighted WilliamsAD WilliamsR ZLEMA "
        "ZLIndicator ZeroLagExponentialMovingAverage ZeroLagIndicator ZLEma DemarkPivotPoint "
        "CointN Mean ArithmeticMean"
    ),
    "observers": "LogReturns LogReturns2 Benchmark",
}

#: Every known gap, by the public name behind `backtrader.`.
GAPS: dict[str, Unsupported] = {}
for _place, _entries in _NAMES.items():
    for _name, (_reason, _kind) in _entries.items():
        _path = f"{_place}.{_name}" if _place else _name
        GAPS[_path] = _declare(FRAMEWORK, _path, _reason, _kind)
for _place, _text in _MORE.items():
    for _name in _text.split():
        GAPS[f"{_place}.{_name}"] = _declare(FRAMEWORK, f"{_place}.{_name}")


def missing(place: str, name: str) -> Exception:
    """What to raise for an attribute that is not there: a gap, or an AttributeError."""
    path = f"{place}.{name}" if place else name
    gap = GAPS.get(path)
    if gap is not None:
        return gap.error()
    if place == "Cerebro":
        return AttributeError(f"'Cerebro' object has no attribute {name!r}")
    module = f"backtrader.{place}" if place else "backtrader"
    return AttributeError(f"module {module!r} has no attribute {name!r}")


def missing_indicator(name: str) -> Exception:
    return missing("indicators", name)


def missing_feed(name: str) -> Exception:
    return missing("feeds", name)


def missing_analyzer(name: str) -> Exception:
    return missing("analyzers", name)


class UnsupportedStats:
    """`strategy.stats`: observers are accepted, their lines are not kept."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported(
            f"strategy.stats.{name}", "Ask self.broker.getvalue() and getcash() in next()."
        )
