"""Correlations and regressions of factors with one another, or with one asset."""

from __future__ import annotations

from .....core import window_statistics
from ...assets import Asset
from ...errors import IncompatibleTerms
from ...utils.numpy_utils import float64_dtype, int64_dtype
from ..filters import SingleAsset
from ..mixins import StandardOutputs
from ..sentinels import NotSpecified
from ..term import AssetExists
from .basic import Returns
from .factor import CustomFactor
from .formulas import WindowFormula

ALLOWED_DTYPES = (float64_dtype, int64_dtype)


def _check_pair(name: str, left, right, length_name: str, length) -> None:
    """Raise unless two terms can be compared over `length` days."""
    for one in (left, right):
        if getattr(one, "dtype", None) not in ALLOWED_DTYPES:
            raise TypeError(f"{name} is of float64 or int64 terms, not of {one!r}.")
    if length < 2:
        raise ValueError(f"{name}: {length_name} must be at least 2, not {length}.")
    if right.ndim == 2 and left.mask is not right.mask:
        raise IncompatibleTerms(term_1=left, term_2=right)


def _returns(target, returns_length):
    """(returns of all assets, those of one): the one is there whatever the universe."""
    mask = AssetExists() | SingleAsset(asset=target)
    returns = Returns(window_length=returns_length, mask=mask)
    return returns, returns[target]


class _RollingCorrelation(WindowFormula, CustomFactor):
    window_safe = True
    _windows = 2

    def __new__(cls, base_factor, target, correlation_length, mask=NotSpecified):
        _check_pair(cls.__name__, base_factor, target, "correlation_length", correlation_length)
        return super().__new__(
            cls, inputs=[base_factor, target], window_length=correlation_length, mask=mask
        )


class RollingPearson(_RollingCorrelation):
    """Pearson's correlation of two factors over the last days; NaN if a value is missing.

    target: a factor, or a slice of one: the same for all assets.
    """

    _formula = window_statistics.correlation


class RollingSpearman(_RollingCorrelation):
    """The correlation of ranks of two factors over the last days; NaN if a value is missing."""

    _formula = window_statistics.rank_correlation


class RollingLinearRegression(WindowFormula, CustomFactor):
    """The line of least squares of one factor against another over the last days.

    outputs: alpha and beta (of dependent = alpha + beta * independent), the correlation, the
    two-sided p-value of beta being 0, and beta's standard error.
    """

    outputs = ("alpha", "beta", "r_value", "p_value", "stderr")
    _formula = window_statistics.regression
    _windows = 2

    def __new__(cls, dependent, independent, regression_length, mask=NotSpecified):
        _check_pair(cls.__name__, dependent, independent, "regression_length", regression_length)
        return super().__new__(
            cls, inputs=[dependent, independent], window_length=regression_length, mask=mask
        )


class RollingPearsonOfReturns(RollingPearson):
    """Pearson's correlation of each asset's returns with those of one asset."""

    def __new__(cls, target, returns_length, correlation_length, mask=NotSpecified):
        returns, of_target = _returns(target, returns_length)
        return super().__new__(cls, returns, of_target, correlation_length, mask=mask)


class RollingSpearmanOfReturns(RollingSpearman):
    """The correlation of ranks of each asset's returns with those of one asset."""

    def __new__(cls, target, returns_length, correlation_length, mask=NotSpecified):
        returns, of_target = _returns(target, returns_length)
        return super().__new__(cls, returns, of_target, correlation_length, mask=mask)


class RollingLinearRegressionOfReturns(RollingLinearRegression):
    """The regression of each asset's returns against those of one asset."""

    window_safe = True

    def __new__(cls, target, returns_length, regression_length, mask=NotSpecified):
        returns, of_target = _returns(target, returns_length)
        return super().__new__(cls, returns, of_target, regression_length, mask=mask)


class SimpleBeta(WindowFormula, CustomFactor, StandardOutputs):
    """The slope of each asset's daily returns against those of one asset.

    regression_length: days, at least 3. allowed_missing_percentage: the share of days, 0 to 1, on
    which an asset may have no return; NaN if more are missing.
    """

    window_safe = True
    dtype = float64_dtype
    params = ("allowed_missing_count",)
    _formula = window_statistics.slope
    _windows = 2

    def __new__(cls, target, regression_length, allowed_missing_percentage=0.25):
        if not isinstance(target, Asset):
            raise TypeError(f"SimpleBeta: target must be an asset, not {target!r}.")
        if not isinstance(regression_length, int):
            raise TypeError(f"SimpleBeta: regression_length must be an int: {regression_length!r}.")
        if not isinstance(allowed_missing_percentage, (int, float)):
            raise TypeError(
                "SimpleBeta: allowed_missing_percentage must be a number, not "
                f"{allowed_missing_percentage!r}."
            )
        if regression_length < 3:
            raise ValueError(f"SimpleBeta: regression_length is {regression_length}, below 3.")
        if not 0.0 <= allowed_missing_percentage <= 1.0:
            raise ValueError(
                "SimpleBeta: allowed_missing_percentage must lie between 0 and 1, not "
                f"{allowed_missing_percentage}."
            )
        returns, of_target = _returns(target, 2)
        return super().__new__(
            cls,
            inputs=[returns, of_target],
            window_length=regression_length,
            allowed_missing_count=int(allowed_missing_percentage * regression_length),
        )

    def _arguments(self, length, allowed_missing_count):
        return [allowed_missing_count]

    @property
    def target(self):
        """The asset whose returns the others are compared with."""
        return self.inputs[1].asset

    def __repr__(self) -> str:
        allowed = self.params["allowed_missing_count"]
        return (
            f"{type(self).__name__}({self.target}, length={self.window_length}, "
            f"allowed_missing={allowed})"
        )

    def graph_repr(self) -> str:
        allowed = self.params["allowed_missing_count"]
        return (
            f"{type(self).__name__}({str(self.target.symbol)!r}, {self.window_length}, {allowed})"
        )
