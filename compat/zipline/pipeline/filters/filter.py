"""The filters themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from .....core.ranking import mark_between
from ...errors import BadPercentileBounds, NonExistentAssetInTimeFrame
from ...lib.labelarray import LabelArray
from ...lib.rank import group_codes, grouped_masked_is_maximal
from ...utils.numpy_utils import bool_dtype, is_missing, repeat_first_axis, same
from ..dtypes import FILTER_DTYPES
from ..expression import BadBinaryOperator, NumericalExpression, method_name_for_op
from ..mixins import (
    CustomTermMixin,
    DTypeHintMixin,
    IfElseMixin,
    LatestMixin,
    PositiveWindowLengthMixin,
    RestrictedDTypeMixin,
    SingleInputMixin,
    StandardOutputs,
)
from ..sentinels import NotSpecified
from ..term import ComputableTerm, Term


def _combined(op: str):
    """The method of & or |; both commute, so it is that of the right operand as well."""

    def method(self, other) -> NumExprFilter:
        if isinstance(self, NumericalExpression) and isinstance(other, Term | bool):
            left, right, inputs = self.build_binary_op(op, other)
            return NumExprFilter.create(f"({left}) {op} ({right})", inputs)
        if isinstance(other, NumericalExpression):
            return getattr(other, method_name_for_op(op, commute=True))(self)
        if not isinstance(other, Term) or other.dtype != bool_dtype:
            raise BadBinaryOperator(op, self, other)
        if self is other:
            return NumExprFilter.create(f"x_0 {op} x_0", (self,))
        return NumExprFilter.create(f"x_0 {op} x_1", (self, other))

    return method


class Filter(RestrictedDTypeMixin, ComputableTerm):
    """A term of yes or no. Filters combine by &, | and ~; TypeError with anything but filters."""

    # Yes or no means the same on every day.
    window_safe = True
    ALLOWED_DTYPES = FILTER_DTYPES
    dtype = bool_dtype

    __and__ = __rand__ = _combined("&")
    __or__ = __ror__ = _combined("|")

    def __invert__(self) -> NumExprFilter:
        if isinstance(self, NumericalExpression):
            return NumExprFilter.create(f"~({self._expr})", self.inputs)
        return NumExprFilter.create("~x_0", (self,))

    @classmethod
    def _principal_computable_term_type(cls):
        return Filter

    def if_else(self, if_true, if_false):
        """A term with the values of `if_true` where this filter passes, of `if_false` elsewhere.

        Both must be of one kind, dtype, missing value and outputs: TypeError or ValueError if not.
        """
        for name, one in (("if_true", if_true), ("if_false", if_false)):
            if not isinstance(one, ComputableTerm):
                raise TypeError(f"if_else: {name} must be a computed term, not {one!r}.")
        kinds = [one._principal_computable_term_type().__name__ for one in (if_true, if_false)]
        if kinds[0] != kinds[1]:
            raise TypeError(f"if_else: if_true is a {kinds[0]}, but if_false a {kinds[1]}.")
        if if_true.dtype != if_false.dtype:
            raise TypeError(f"if_else: dtypes differ: {if_true.dtype} and {if_false.dtype}.")
        if if_true.outputs != if_false.outputs:
            raise ValueError(f"if_else: outputs differ: {if_true.outputs} and {if_false.outputs}.")
        if not same(if_true.missing_value, if_false.missing_value):
            raise ValueError(
                f"if_else: missing values differ: {if_true.missing_value!r} and "
                f"{if_false.missing_value!r}."
            )
        kind = type(if_true)._with_mixin(IfElseMixin)
        return kind(condition=self, if_true=if_true, if_false=if_false)


class NumExprFilter(NumericalExpression, Filter):
    """A filter that is an expression: a comparison, or filters combined."""

    @classmethod
    def create(cls, expr, binds) -> NumExprFilter:
        """The filter of a text over its inputs."""
        return cls(expr=expr, binds=binds, dtype=bool_dtype)

    def _compute(self, inputs, dates, assets, mask):
        return super()._compute(inputs, dates, assets, mask) & mask


def _missing(values, term):
    """bool: where the values of a term are missing."""
    if isinstance(values, LabelArray):
        return values.is_missing()
    return is_missing(values, term.missing_value)


class NullFilter(SingleInputMixin, Filter):
    """Passes what has no value in the input."""

    window_length = 0

    def __new__(cls, term):
        return super().__new__(cls, inputs=(term,))

    def _compute(self, inputs, dates, assets, mask):
        return _missing(inputs[0], self.inputs[0])


class NotNullFilter(SingleInputMixin, Filter):
    """Passes what has a value in the input."""

    window_length = 0

    def __new__(cls, term):
        return super().__new__(cls, inputs=(term,))

    def _compute(self, inputs, dates, assets, mask):
        return ~_missing(inputs[0], self.inputs[0])


class PercentileFilter(SingleInputMixin, Filter):
    """Passes values between two percentiles of the day's values within the mask, ends included.

    Percentiles are 0 to 100; BadPercentileBounds if they are not, or not in this order.
    """

    window_length = 0

    _settings = ("min_percentile", "max_percentile")
    _min_percentile: float
    _max_percentile: float

    def __new__(cls, factor, min_percentile, max_percentile, mask):
        return super().__new__(
            cls,
            inputs=(factor,),
            mask=mask,
            min_percentile=min_percentile,
            max_percentile=max_percentile,
        )

    def _validate(self) -> None:
        if not 0.0 <= self._min_percentile < self._max_percentile <= 100.0:
            raise BadPercentileBounds(
                min_percentile=self._min_percentile,
                max_percentile=self._max_percentile,
                upper_bound=100.0,
            )
        super()._validate()

    def _compute(self, inputs, dates, assets, mask):
        values = np.where(mask, inputs[0].astype(np.float64), np.nan)
        out = np.empty(values.shape, dtype=bool)
        mark_between(values, self._min_percentile / 100.0, self._max_percentile / 100.0, out)
        return out

    def graph_repr(self) -> str:
        low, high = self._min_percentile, self._max_percentile
        return f"{type(self).__name__}:\\l  min: {low}, max: {high}\\l"


class CustomFilter(DTypeHintMixin, PositiveWindowLengthMixin, CustomTermMixin, Filter):
    """Base of a script's own filters: define `compute`, which writes bools into `out`."""


class ArrayPredicate(SingleInputMixin, Filter):
    """Passes what a function of the input's array, and further arguments, says."""

    params = ("op", "opargs")
    window_length = 0

    def __new__(cls, term, op, opargs):
        if not isinstance(term, Term):
            raise TypeError(f"ArrayPredicate takes a term, not {term!r}.")
        if not isinstance(opargs, tuple):
            raise TypeError(f"ArrayPredicate: opargs must be a tuple, not {opargs!r}.")
        hash(opargs)
        return super().__new__(cls, op=op, opargs=opargs, inputs=(term,), mask=term.mask)

    def _compute(self, inputs, dates, assets, mask):
        return self.params["op"](inputs[0], *self.params["opargs"]) & mask

    def graph_repr(self) -> str:
        op = self.params["op"]
        return f"{type(self).__name__}:\\l  op: {op.__module__}.{op.__name__}()"


class Latest(LatestMixin, CustomFilter):
    """The last known value of a column of bools."""


class SingleAsset(Filter):
    """Passes one asset, which must be there all the time: NonExistentAssetInTimeFrame if not."""

    inputs = ()
    window_length = 1

    _settings = ("asset",)
    _asset: Any

    def __new__(cls, asset):
        return super().__new__(cls, asset=asset)

    def _compute(self, inputs, dates, assets, mask):
        chosen = np.asarray(assets == self._asset.sid)
        out = repeat_first_axis(chosen, len(mask))
        if chosen.sum() != 1 or not mask[:, chosen].all():
            raise NonExistentAssetInTimeFrame(
                asset=self._asset, start_date=dates[0], end_date=dates[-1]
            )
        return out

    def graph_repr(self) -> str:
        return f"SingleAsset:\\l  asset: {self._asset!r}\\l"


class StaticSids(Filter):
    """Passes the assets of these sids."""

    inputs = ()
    window_length = 0
    params = ("sids",)

    def __new__(cls, sids):
        return super().__new__(cls, sids=frozenset(sids))

    def _compute(self, inputs, dates, assets, mask):
        return np.asarray(assets.isin(list(self.params["sids"]))) & mask


class StaticAssets(StaticSids):
    """Passes these assets."""

    def __new__(cls, assets):
        return super().__new__(cls, [asset.sid for asset in assets])


class AllPresent(CustomFilter, SingleInputMixin, StandardOutputs):
    """Passes what has a value in the input on every day of the window."""

    def _validate(self) -> None:
        if isinstance(self.inputs[0], Filter):
            raise TypeError("AllPresent takes no filter: filters have a value everywhere.")
        super()._validate()

    def compute(self, today, assets, out, value):
        out[:] = ~_missing(value, self.inputs[0]).any(axis=0)


class MaximumFilter(Filter, StandardOutputs):
    """Passes the highest value of each group on each day; of equal ones that of the lowest sid."""

    window_length = 0

    def __new__(cls, factor, groupby, mask):
        if groupby is NotSpecified:
            from ..classifiers import Everything

            groupby = Everything()
        return super().__new__(cls, inputs=(factor, groupby), mask=mask)

    def _compute(self, inputs, dates, assets, mask):
        values, (factor, groupby) = inputs[0], self.inputs
        labels, null = groupby._to_integral(inputs[1])
        inside = mask & ~_missing(values, factor)
        codes, groups = group_codes(labels, null, inside)
        return grouped_masked_is_maximal(values.view(np.int64), codes, groups)

    def __repr__(self) -> str:
        factor, groupby = (one.recursive_repr() for one in self.inputs)
        return f"Maximum({factor}, groupby={groupby}, mask={self.mask.recursive_repr()})"

    def graph_repr(self) -> str:
        groupby, mask = self.inputs[1].recursive_repr(), self.mask.recursive_repr()
        return f"Maximum:\\l  groupby: {groupby}\\l  mask: {mask}\\l"
