"""Regressions of one data on another, by statsmodels (the extra `stats`)."""

from __future__ import annotations

from typing import Any

from .basicops import PeriodN
from .deviation import StandardDeviation
from .sma import MovingAverageSimple


class _Pair(PeriodN):
    """Looks at the last `period` values of two datas."""

    _mindatas = 2

    def __init__(self) -> None:
        # What is missing must show where the indicator is made.
        self._import()
        super().__init__()

    @staticmethod
    def _import() -> Any:
        """What the values are computed with."""
        import pandas

        return pandas

    def _window(self, data: Any) -> Any:
        """The last values of a data, as a pandas series."""
        from pandas import Series

        return Series(data.get(size=self.p.period))


class OLS_Slope_InterceptN(_Pair):
    """The line of least squares of the first data over the second."""

    lines = ("slope", "intercept")
    params = (("period", 10),)

    @staticmethod
    def _import():
        import statsmodels.api

        return statsmodels.api

    def next(self) -> None:
        stats = self._import()
        explained, explaining = self._window(self.data0), self._window(self.data1)
        fit = stats.OLS(explained, stats.add_constant(explaining)).fit()
        self.lines.intercept[0], self.lines.slope[0] = fit.params


class OLS_TransformationN(PeriodN):
    """What the regression leaves of the first data, its mean, deviation and z-score."""

    _mindatas = 2
    lines = ("spread", "spread_mean", "spread_std", "zscore")
    params = (("period", 10),)

    def __init__(self) -> None:
        # The regression has its own default period.
        line = OLS_Slope_InterceptN(*self.datas)
        spread = self.data0 - (line.slope * self.data1 + line.intercept)
        lines, period = self.lines, self.p.period
        lines.spread = spread
        lines.spread_mean = MovingAverageSimple(spread, period=period)
        lines.spread_std = StandardDeviation(spread, period=period)
        lines.zscore = (spread - lines.spread_mean) / lines.spread_std


class OLS_BetaN(_Pair):
    """Needs `pandas.ols`, which no version of today has: fails as it does there."""

    lines = ("beta",)
    params = (("period", 10),)

    def next(self) -> None:
        y, x = map(self._window, self.datas)
        fit: Any = self._import()
        self.lines.beta[0] = fit.ols(y=y, x=x, window_type="full_sample").beta["x"]


class CointN(_Pair):
    """The test of Engle and Granger for cointegration: its statistic and its p-value."""

    lines = ("score", "pvalue")
    params = (("period", 10), ("trend", "c"))

    @staticmethod
    def _import():
        from statsmodels.tsa.stattools import coint

        return coint

    def next(self) -> None:
        x, y = map(self._window, self.datas)
        score, p_value, _ = self._import()(x, y, trend=self.p.trend)
        self.lines.score[0] = score
        self.lines.pvalue[0] = p_value
