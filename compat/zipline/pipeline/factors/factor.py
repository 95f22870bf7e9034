"""The base classes of factors, and the terms that their methods make."""

from __future__ import annotations

from numbers import Number
from typing import Any

import numpy as np

from .....core import ranking
from ...errors import BadPercentileBounds, UnknownRankMethod
from ...lib.normalize import naive_grouped_rowwise_apply
from ...lib.rank import (
    METHODS,
    group_codes,
    masked_rankdata_2d,
    rankdata_1d,
    rankdata_1d_descending,
)
from ...utils.numpy_utils import (
    as_column,
    bool_dtype,
    coerce_to_dtype,
    float64_dtype,
    is_missing,
)
from ..api_utils import restrict_to_dtype
from ..classifiers import Classifier, Everything, Quantiles
from ..dtypes import FACTOR_DTYPES
from ..expression import (
    BadBinaryOperator,
    NumericalExpression,
    is_comparison,
    method_name_for_op,
)
from ..filters import Filter, MaximumFilter, NumExprFilter, PercentileFilter
from ..mixins import (
    CustomTermMixin,
    DTypeHintMixin,
    LatestMixin,
    PositiveWindowLengthMixin,
    RestrictedDTypeMixin,
    SingleInputMixin,
)
from ..sentinels import NotSpecified, NotSpecifiedType
from ..term import AssetExists, ComputableTerm, Term
from .formulas import latest

float64_only = restrict_to_dtype(
    dtype=float64_dtype,
    message_template=(
        "{method_name}() is there for factors of dtype {expected_dtype} only, this one has the "
        "dtype {received_dtype}."
    ),
)

float64_or_isnull = restrict_to_dtype(
    dtype=float64_dtype,
    message_template=(
        "{method_name}() is there for factors of dtype {expected_dtype} only, this one has the "
        "dtype {received_dtype}. To find missing values use isnull() or notnull()."
    ),
)


def _check(method: str, mask=NotSpecified, groupby=NotSpecified) -> None:
    """Raise TypeError unless mask is a filter and groupby a classifier, if they are given."""
    if not isinstance(mask, (Filter, NotSpecifiedType)):
        raise TypeError(f"{method}(): mask must be a filter, not {mask!r}.")
    if not isinstance(groupby, (Classifier, NotSpecifiedType)):
        raise TypeError(f"{method}(): groupby must be a classifier, not {groupby!r}.")


def _check_number(method: str, name: str, value, kinds) -> None:
    if not isinstance(value, kinds):
        raise TypeError(f"{method}(): {name} must be a number, not {value!r}.")


# Operators. ---------------------------------------------------------------------------------------


def _dtype_of_result(op: str, one, other):
    """The dtype of an operator's result; TypeError for operands that do not go together."""
    left, right = one.dtype, other.dtype
    if is_comparison(op):
        if left != right:
            raise TypeError(f"Cannot compute {left} {op} {right}: factors of one dtype compare.")
        return bool_dtype
    if left != float64_dtype or right != float64_dtype:
        raise TypeError(f"Cannot compute {left} {op} {right}: only float64 has arithmetic.")
    return float64_dtype


def _own_kind(term: Factor, other) -> Any:
    """A number as a scalar of the factor's dtype; anything else as it is."""
    return coerce_to_dtype(term.dtype, other) if isinstance(other, Number) else other


def _binary(op: str):
    """The method of an operator whose left operand is a factor."""

    def method(self, other):
        other = _own_kind(self, other)
        kind = NumExprFilter if is_comparison(op) else NumExprFactor
        if isinstance(self, NumExprFactor):
            left, right, inputs = self.build_binary_op(op, other)
            text = f"({left}) {op} ({right})"
        elif isinstance(other, NumExprFactor):
            return getattr(other, method_name_for_op(op, commute=True))(self)
        elif isinstance(other, Term):
            inputs = (self,) if self is other else (self, other)
            text = f"x_0 {op} x_{len(inputs) - 1}"
        elif isinstance(other, Number):
            inputs, text = (self,), f"x_0 {op} ({other})"
        else:
            raise BadBinaryOperator(op, self, other)
        return kind(text, inputs, dtype=_dtype_of_result(op, self, other))

    return method


def _reflected(op: str):
    """The method of an operator whose right operand is a factor, and the left is none."""

    def method(self, operand):
        other = _own_kind(self, operand)
        if isinstance(self, NumericalExpression):
            right, left, inputs = self.build_binary_op(op, other)
            text = f"({left}) {op} ({right})"
        elif isinstance(other, Number):
            inputs, text = (self,), f"{other} {op} x_0"
        else:
            raise BadBinaryOperator(op, other, self)
        return NumExprFactor(text, inputs, dtype=_dtype_of_result(op, other, self))

    return method


def _applied(self, function: str):
    """A function, or the sign, of each value of a factor."""
    if isinstance(self, NumericalExpression):
        return NumExprFactor(f"{function}({self._expr})", self.inputs, dtype=float64_dtype)
    text = f"{function}x_0" if function == "-" else f"{function}(x_0)"
    return NumExprFactor(text, (self,), dtype=float64_dtype)


def _function(name: str):
    def method(self):
        return _applied(self, name)

    method.__doc__ = f"A factor: {name}() of each value."
    return method


# One number a day. --------------------------------------------------------------------------------


def _row_statistic(name: str, statistic: int):
    def summarize(a, missing_value):
        out = np.empty(len(a))
        ranking.summarize_rows(np.ascontiguousarray(a), statistic, out)
        return out

    summarize.__name__ = summarize.__qualname__ = name
    return summarize


def notnull_count(a, missing_value):
    """int64[rows]: how many values of each row are there."""
    return (~is_missing(a, missing_value)).sum(axis=1)


_SUMMARIES = {
    "mean": _row_statistic("mean", ranking.MEAN),
    "stddev": _row_statistic("stddev", ranking.DEVIATION),
    "max": _row_statistic("max", ranking.MAXIMUM),
    "min": _row_statistic("min", ranking.MINIMUM),
    "median": _row_statistic("median", ranking.MEDIAN),
    "sum": _row_statistic("sum", ranking.TOTAL),
    "notnull_count": notnull_count,
}


def _summary(name: str, meaning: str):
    def method(self, mask=NotSpecified):
        _check(name, mask)
        return DailySummary(_SUMMARIES[name], self, mask=mask, dtype=self.dtype)

    method.__name__ = name
    method.__doc__ = f"A factor with one value a day: {meaning} of all assets within the mask."
    return float64_only(method)


# Values against those of other assets. ------------------------------------------------------------


def demean(row):
    """Values less their mean."""
    return _one_group(row, ranking.DEMEAN)


def zscore(row):
    """Values less their mean, by their population deviation."""
    return _one_group(row, ranking.STANDARDIZE)


def winsorize(row, min_percentile, max_percentile):
    """Values with the lowest and highest shares replaced by the nearest value that is kept."""
    return _one_group(row, ranking.WINSORIZE, min_percentile, max_percentile)


def _one_group(row, transform: int, first=0.0, second=0.0):
    codes = np.zeros((1, len(row)), np.int64)
    return _transformed(row[None], codes, 1, transform, first, second, np.nan)[0]


def _transformed(values, codes, *arguments) -> np.ndarray:
    """What `transform_groups` of the core makes of values; its arguments but the last."""
    out = np.empty(values.shape)
    with np.errstate(all="ignore"):  # interpreted kernels would warn
        numbers = np.ascontiguousarray(values, dtype=np.float64)
        ranking.transform_groups(numbers, codes, *arguments, out)
    return out


class Factor(RestrictedDTypeMixin, ComputableTerm):
    """A term of numbers or dates, with arithmetic, comparisons and ranks.

    `==` compares the terms themselves; use eq() for a filter.
    """

    ALLOWED_DTYPES = FACTOR_DTYPES

    __add__, __radd__ = _binary("+"), _reflected("+")
    __sub__, __rsub__ = _binary("-"), _reflected("-")
    __mul__, __rmul__ = _binary("*"), _reflected("*")
    __truediv__, __rtruediv__ = _binary("/"), _reflected("/")
    __mod__, __rmod__ = _binary("%"), _reflected("%")
    __pow__, __rpow__ = _binary("**"), _reflected("**")
    __lt__, __le__, __ge__, __gt__ = _binary("<"), _binary("<="), _binary(">="), _binary(">")
    __ne__ = _binary("!=")  # pyright: ignore[reportAssignmentType] - a filter, not a bool
    eq = _binary("==")

    def __neg__(self):
        if self.dtype != float64_dtype:
            raise TypeError(f"There is no - of {type(self).__name__} with dtype {self.dtype}.")
        return _applied(self, "-")

    abs, sqrt = _function("abs"), _function("sqrt")
    exp, expm1, log = _function("exp"), _function("expm1"), _function("log")
    log10, log1p = _function("log10"), _function("log1p")
    sin, cos, tan = _function("sin"), _function("cos"), _function("tan")
    arcsin, arccos, arctan = _function("arcsin"), _function("arccos"), _function("arctan")
    sinh, cosh, tanh = _function("sinh"), _function("cosh"), _function("tanh")
    arcsinh, arccosh, arctanh = _function("arcsinh"), _function("arccosh"), _function("arctanh")

    mean = _summary("mean", "the mean")
    stddev = _summary("stddev", "the population deviation")
    max = _summary("max", "the highest value")
    min = _summary("min", "the lowest value")
    median = _summary("median", "the median")
    sum = _summary("sum", "the sum")
    notnull_count = _summary("notnull_count", "the number of values")

    @float64_only
    def demean(self, mask=NotSpecified, groupby=NotSpecified):
        """A factor: each value less the mean of its group (of all without groupby)."""
        _check("demean", mask, groupby)
        return GroupedRowTransform(
            transform=demean,
            transform_args=(),
            factor=self,
            groupby=groupby,
            dtype=self.dtype,
            missing_value=self.missing_value,
            window_safe=self.window_safe,
            mask=mask,
        )

    @float64_only
    def zscore(self, mask=NotSpecified, groupby=NotSpecified):
        """A factor: each value less the mean of its group, by its population deviation."""
        _check("zscore", mask, groupby)
        return GroupedRowTransform(
            transform=zscore,
            transform_args=(),
            factor=self,
            groupby=groupby,
            dtype=self.dtype,
            missing_value=self.missing_value,
            mask=mask,
            window_safe=True,
        )

    def rank(self, method="ordinal", ascending=True, mask=NotSpecified, groupby=NotSpecified):
        """A factor: the rank of each value that day, from 1 for the lowest.

        method: what equal values get: "ordinal" (each its own rank, by sid), "average", "min",
        "max" or "dense". Another is an UnknownRankMethod at once, with groupby a ValueError when
        the pipeline runs. ascending: False for 1 for the highest.
        With a method other than ordinal, or with groupby, one missing value leaves the whole row,
        or group, without ranks.
        """
        if groupby is NotSpecified:
            return Rank(self, method=method, ascending=ascending, mask=mask)
        return GroupedRowTransform(
            transform=rankdata_1d if ascending else rankdata_1d_descending,
            transform_args=(method,),
            factor=self,
            groupby=groupby,
            dtype=float64_dtype,
            missing_value=np.nan,
            mask=mask,
            window_safe=True,
        )

    def pearsonr(self, target, correlation_length, mask=NotSpecified):
        """A factor: Pearson's correlation of this factor with `target` over the last days.

        target: a term, or a slice of one, for all assets. correlation_length: int, at least 2.
        """
        from .statistical import RollingPearson

        _check("pearsonr", mask)
        _check_target("pearsonr", target, "correlation_length", correlation_length)
        return RollingPearson(
            base_factor=self, target=target, correlation_length=correlation_length, mask=mask
        )

    def spearmanr(self, target, correlation_length, mask=NotSpecified):
        """A factor: Spearman's correlation of this factor with `target` over the last days."""
        from .statistical import RollingSpearman

        _check("spearmanr", mask)
        _check_target("spearmanr", target, "correlation_length", correlation_length)
        return RollingSpearman(
            base_factor=self, target=target, correlation_length=correlation_length, mask=mask
        )

    def linear_regression(self, target, regression_length, mask=NotSpecified):
        """A factor with the outputs alpha, beta, r_value, p_value and stderr.

        The line of least squares of this factor against `target` over the last days.
        """
        from .statistical import RollingLinearRegression

        _check("linear_regression", mask)
        _check_target("linear_regression", target, "regression_length", regression_length)
        return RollingLinearRegression(
            dependent=self, independent=target, regression_length=regression_length, mask=mask
        )

    @float64_only
    def winsorize(self, min_percentile, max_percentile, mask=NotSpecified, groupby=NotSpecified):
        """A factor: the lowest and the highest values of each group cut to the next ones.

        Percentiles are shares, 0 to 1; BadPercentileBounds if they are not, or not in this order.
        """
        _check("winsorize", mask, groupby)
        for name, value in (("min_percentile", min_percentile), ("max_percentile", max_percentile)):
            _check_number("winsorize", name, value, (int, float))
        if not 0.0 <= min_percentile < max_percentile <= 1.0:
            raise BadPercentileBounds(
                min_percentile=min_percentile, max_percentile=max_percentile, upper_bound=1.0
            )
        return GroupedRowTransform(
            transform=winsorize,
            transform_args=(min_percentile, max_percentile),
            factor=self,
            groupby=groupby,
            dtype=self.dtype,
            missing_value=self.missing_value,
            mask=mask,
            window_safe=self.window_safe,
        )

    def quantiles(self, bins, mask=NotSpecified):
        """A classifier: in which of `bins` quantiles of the day each value lies, from 0."""
        _check("quantiles", mask)
        _check_number("quantiles", "bins", bins, int)
        return Quantiles(
            inputs=(self,), bins=bins, mask=self.mask if mask is NotSpecified else mask
        )

    def quartiles(self, mask=NotSpecified):
        """A classifier: quantiles with four bins."""
        return self.quantiles(bins=4, mask=mask)

    def quintiles(self, mask=NotSpecified):
        """A classifier: quantiles with five bins."""
        return self.quantiles(bins=5, mask=mask)

    def deciles(self, mask=NotSpecified):
        """A classifier: quantiles with ten bins."""
        return self.quantiles(bins=10, mask=mask)

    def top(self, N, mask=NotSpecified, groupby=NotSpecified):
        """A filter: the N highest values of each day, or of each of its groups."""
        if N == 1:
            return self._maximum(mask=mask, groupby=groupby)
        return self.rank(ascending=False, mask=mask, groupby=groupby) <= N

    def bottom(self, N, mask=NotSpecified, groupby=NotSpecified):
        """A filter: the N lowest values of each day, or of each of its groups."""
        return self.rank(ascending=True, mask=mask, groupby=groupby) <= N

    def _maximum(self, mask=NotSpecified, groupby=NotSpecified):
        return MaximumFilter(self, groupby=groupby, mask=mask)

    def percentile_between(self, min_percentile, max_percentile, mask=NotSpecified):
        """A filter: values from one percentile of the day (0 to 100) to another, both included."""
        return PercentileFilter(
            self, min_percentile=min_percentile, max_percentile=max_percentile, mask=mask
        )

    @float64_or_isnull
    def isnan(self):
        """A filter: where the value is NaN."""
        return self != self

    @float64_or_isnull
    def notnan(self):
        """A filter: where the value is not NaN."""
        return ~self.isnan()

    @float64_or_isnull
    def isfinite(self):
        """A filter: where the value is neither NaN nor infinite."""
        above: Any = self > -np.inf
        return above & (self < np.inf)

    def clip(self, min_bound, max_bound, mask=NotSpecified):
        """A factor: values below min_bound and above max_bound replaced by these. No mask works."""
        from .basic import Clip

        return Clip(inputs=[self], min_bound=min_bound, max_bound=max_bound)

    @classmethod
    def _principal_computable_term_type(cls):
        return Factor


def _check_target(method: str, target, name: str, length) -> None:
    if not isinstance(target, Term):
        raise TypeError(f"{method}(): target must be a term, not {target!r}.")
    _check_number(method, name, length, int)


class NumExprFactor(NumericalExpression, Factor):
    """A factor that is an expression of other terms."""


def _rank_method(method) -> int:
    if method not in METHODS:
        raise ValueError(f"rank(): {method!r} is no method; there are {', '.join(METHODS)}.")
    return METHODS[method]


#: Which kernel does what a function does to a row, and with which numbers.
_TRANSFORMS: dict[Any, Any] = {
    demean: lambda: (ranking.DEMEAN, 0.0, 0.0),
    zscore: lambda: (ranking.STANDARDIZE, 0.0, 0.0),
    winsorize: lambda low, high: (ranking.WINSORIZE, low, high),
    rankdata_1d: lambda method: (ranking.RANK, _rank_method(method), 0.0),
    rankdata_1d_descending: lambda method: (ranking.RANK, _rank_method(method), 1.0),
}


class GroupedRowTransform(Factor):
    """A function of the values of each group of each day.

    transform: takes the values of one group, and `transform_args`. groupby: the classifier of the
    groups; one group of all without it. Assets without a label, or outside the mask, get the
    missing value.
    """

    window_length = 0

    _settings = ("transform", "transform_args")
    _transform: Any
    _transform_args: tuple

    def __new__(
        cls, transform, transform_args, factor, groupby, dtype, missing_value, mask, **kwargs
    ):
        mask = factor.mask if mask is NotSpecified else mask & factor.mask
        if groupby is NotSpecified:
            groupby = Everything(mask=mask)
        return super().__new__(
            cls,
            transform=transform,
            transform_args=transform_args,
            inputs=(factor, groupby),
            missing_value=missing_value,
            mask=mask,
            dtype=dtype,
            **kwargs,
        )

    def _compute(self, inputs, dates, assets, mask):
        values = inputs[0]
        labels, null = self.inputs[1]._to_integral(inputs[1])
        if self._transform not in _TRANSFORMS:
            labels = np.where(mask, labels, null)
            out = naive_grouped_rowwise_apply(
                values,
                labels,
                self._transform,
                self._transform_args,
                np.empty_like(values, dtype=self.dtype),
            )
            return np.where(labels != null, out, self.missing_value)
        transform, first, second = _TRANSFORMS[self._transform](*self._transform_args)
        if self._transform is rankdata_1d_descending:
            values = values.view(np.float64)  # integers are compared by their bits
        elif values.dtype.kind == "M":
            # Each missing date comes after all others and equals none.
            behind = 1e19 + 4096.0 * np.arange(values.shape[1])
            values = np.where(np.isnat(values), behind, values.view(np.int64))
        codes, groups = group_codes(labels, null, mask)
        return _transformed(
            values, codes, groups, transform, float(first), float(second), self.missing_value
        )

    @property
    def transform_name(self) -> str:
        """The name of the function."""
        return self._transform.__name__

    def graph_repr(self) -> str:
        return f"{type(self).__name__}({self.transform_name!r})"


class Rank(SingleInputMixin, Factor):
    """The rank of each value among those of the day within the mask; see Factor.rank."""

    window_length = 0
    dtype = float64_dtype
    window_safe = True

    _settings = ("method", "ascending")
    _method: str
    _ascending: bool

    def __new__(cls, factor, method, ascending, mask):
        return super().__new__(cls, inputs=(factor,), method=method, ascending=ascending, mask=mask)

    def _validate(self) -> None:
        if self._method not in METHODS:
            raise UnknownRankMethod(method=self._method, choices=set(METHODS))
        super()._validate()

    @property
    def _tells_chunks_apart(self) -> bool:
        """Whether it matters who else is there on other days: outside the mask leaves no ranks."""
        return self._method != "ordinal"

    def _compute(self, inputs, dates, assets, mask):
        missing = self.inputs[0].missing_value
        return masked_rankdata_2d(inputs[0], mask, missing, self._method, self._ascending)

    def __repr__(self) -> str:
        mask = "" if self.mask is AssetExists() else f", mask={self.mask.recursive_repr()}"
        factor = self.inputs[0].recursive_repr()
        return f"{type(self).__name__}({factor}, method={self._method!r}{mask})"

    def graph_repr(self) -> str:
        return f"Rank:\\l  method: {self._method!r}\\l  mask: {type(self.mask).__name__}\\l"


class CustomFactor(DTypeHintMixin, PositiveWindowLengthMixin, CustomTermMixin, Factor):
    """Base of a script's own factors: define `compute`, which writes numbers into `out`.

    Class attributes give defaults of inputs, outputs, window_length, mask, dtype, missing_value and
    params. With outputs each of them is a factor of its own: `factor.name`.
    """

    dtype = float64_dtype

    def __getattribute__(self, name):
        outputs = object.__getattribute__(self, "outputs")
        if outputs is NotSpecified:
            return super().__getattribute__(name)
        if name in outputs:
            return RecarrayField(factor=self, attribute=name)
        try:
            return super().__getattribute__(name)
        except AttributeError:
            kind = type(self).__name__
            raise AttributeError(
                f"{kind} has no output {name!r}; it has {', '.join(outputs)}."
            ) from None

    def __iter__(self):
        if self.outputs is NotSpecified:
            raise ValueError(f"{type(self).__name__} has one output without a name.")
        return (RecarrayField(self, name) for name in self.outputs)


class RecarrayField(SingleInputMixin, Factor):
    """One output of a factor that has several."""

    _settings = ("attribute",)
    _attribute: str

    def __new__(cls, factor, attribute):
        return super().__new__(
            cls,
            attribute=attribute,
            inputs=[factor],
            window_length=0,
            mask=factor.mask,
            dtype=factor.dtype,
            missing_value=factor.missing_value,
            window_safe=factor.window_safe,
        )

    def _compute(self, inputs, dates, assets, mask):
        return inputs[0][self._attribute]

    def graph_repr(self) -> str:
        return f"{self.inputs[0].recursive_repr()}.{self._attribute}"


class Latest(LatestMixin, CustomFactor):
    """The last known value of a column of numbers or dates."""

    def _compute_block(self, blocks, dates, assets, mask):
        return latest(blocks[0], mask)


class DailySummary(SingleInputMixin, Factor):
    """One value a day: what a function makes of the row of a factor within the mask.

    func: takes an array [days, assets] with NaN outside the mask, and the missing value; gives one
    number for each row.
    """

    ndim = 1
    window_length = 0
    params = ("func",)

    def __new__(cls, func, input_, mask, dtype):
        if dtype != float64_dtype:
            raise ValueError(f"Only factors of float64 have summaries, not of {dtype}.")
        return super().__new__(
            cls,
            inputs=[input_],
            dtype=dtype,
            missing_value=np.nan,
            window_safe=input_.window_safe,
            func=func,
            mask=mask,
        )

    def _compute(self, inputs, dates, assets, mask):
        missing = self.inputs[0].missing_value
        values = np.where(mask & ~is_missing(inputs[0], missing), inputs[0], np.nan)
        return as_column(self.params["func"](values, missing))

    def __repr__(self) -> str:
        return f"{self.inputs[0].recursive_repr()}.{self.params['func'].__name__}()"

    graph_repr = recursive_repr = __repr__
