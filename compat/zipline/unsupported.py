"""What of the public surface is not here: one object for each gap.

`GAPS` maps the dotted public name to its gap; the errors and the surface page read the same
objects. A whole module that is missing needs no entry: its import fails with its name.
"""

from __future__ import annotations

from ..unsupported import Unsupported, UnsupportedFeature, unsupported

FRAMEWORK = "zipline"

_UPDATES = "Write the minutes with BcolzMinuteBarWriter."

_REASONS = {
    "zipline.load_ipython_extension": "Use run_algorithm.",
    "zipline.data.bcolz_minute_bars.H5MinuteBarUpdateReader": _UPDATES,
    "zipline.data.bcolz_minute_bars.H5MinuteBarUpdateWriter": _UPDATES,
    "zipline.pipeline.hooks.progress.IPythonWidgetProgressPublisher": (
        "Give ProgressHooks a publisher of your own."
    ),
    "zipline.gens.tradesimulation.AlgorithmSimulator": "Use TradingAlgorithm.run.",
}

_WINDOWS = "Use data.history, or DataPortal.get_history_window."
_REASONS |= {
    f"zipline.data.resample.{name}": _WINDOWS
    for name in (
        "DailyHistoryAggregator", "MinuteResampleSessionBarReader", "ReindexBarReader",
        "ReindexMinuteBarReader", "ReindexSessionBarReader", "minute_to_session",
    )
}  # fmt: skip
_REASONS |= {
    f"zipline.data.history_loader.{name}": _WINDOWS
    for name in (
        "ContinuousFutureAdjustmentReader", "DailyHistoryLoader",
        "HistoryCompatibleUSEquityAdjustmentReader", "HistoryLoader", "MinuteHistoryLoader",
        "SlidingWindow",
    )
}  # fmt: skip

_TEST_SOURCES = "It feeds the original's own tests."
_REASONS |= {
    f"zipline.utils.factory.{name}": _TEST_SOURCES
    for name in (
        "create_daily_trade_source", "create_trade_history", "create_trade_source",
        "get_next_trading_dt",
    )
}  # fmt: skip
_REASONS |= {
    f"zipline.pipeline.loaders.synthetic.{name}": _TEST_SOURCES
    for name in (
        "expected_bar_value", "expected_bar_value_with_holes", "expected_bar_values_2d",
        "make_bar_data",
    )
}  # fmt: skip
_REASONS |= {
    "zipline.sources.SpecificEquityTrades": _TEST_SOURCES,
    "zipline.utils.api_support.api_method": "Derive from TradingAlgorithm.",
    "zipline.utils.api_support.disallowed_in_before_trading_start": "",
}

GAPS: dict[str, Unsupported] = {
    name: unsupported(FRAMEWORK, name, reason) for name, reason in _REASONS.items()
}


def missing(name: str, alternative: str = "") -> UnsupportedFeature:
    """The error for an argument or a method that is not here."""
    return UnsupportedFeature(FRAMEWORK, name, alternative)


def module_gaps(module: str):
    """The `__getattr__` of a module: a known gap raises at the import, anything else is absent."""

    def __getattr__(name: str):
        gap = GAPS.get(f"{module}.{name}")
        if gap is not None:
            raise gap.error()
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
