"""The classifiers themselves."""

from __future__ import annotations

import operator
import re
from functools import wraps
from numbers import Number

import numpy as np

from ...lib.labelarray import LabelArray
from ...lib.quantiles import quantiles
from ...utils.numpy_utils import categorical_dtype, int64_dtype
from ..api_utils import restrict_to_dtype
from ..dtypes import CLASSIFIER_DTYPES
from ..filters import ArrayPredicate, NumExprFilter
from ..mixins import (
    CustomTermMixin,
    DTypeHintMixin,
    LatestMixin,
    PositiveWindowLengthMixin,
    RestrictedDTypeMixin,
    SingleInputMixin,
    StandardOutputs,
)
from ..sentinels import NotSpecified
from ..term import ComputableTerm

string_classifiers_only = restrict_to_dtype(
    dtype=categorical_dtype,
    message_template=(
        "{method_name}() is there for classifiers of texts only, this one has the dtype "
        "{received_dtype}."
    ),
)


class InvalidClassifierComparison(TypeError):
    """A classifier compared with a value that it cannot have."""

    def __init__(self, classifier, compval) -> None:
        super().__init__(
            f"A classifier of dtype {classifier.dtype} cannot be compared with {compval!r} of "
            f"type {type(compval).__name__}."
        )


def _with_text(method):
    """A method of classifiers of texts; TypeError unless its argument is a text (or pattern)."""

    @wraps(method)
    def checked(self, text):
        if not isinstance(text, (str, bytes, re.Pattern)):
            raise TypeError(f"{method.__name__}() takes a text, not {text!r}.")
        return method(self, text)

    return string_classifiers_only(checked)


def _is_element(values, choices):
    """bool: which integers are among the choices."""
    return np.isin(values, list(choices))


def _not_ordered(op: str):
    def method(self, other):
        raise TypeError(f"Classifiers have no order: {op} cannot compare them.")

    return method


class Classifier(RestrictedDTypeMixin, ComputableTerm):
    """A term of labels: texts, or integers. A missing label equals nothing, and is not unequal."""

    ALLOWED_DTYPES = CLASSIFIER_DTYPES
    categories = NotSpecified

    def eq(self, other):
        """A filter: where the label is `other`.

        ValueError for the missing value (use isnull), TypeError for a value of another kind.
        """
        if other == self.missing_value:
            raise ValueError(
                f"{type(self).__name__}.eq(): {other!r} is the missing value, which equals "
                "nothing. Use isnull() to find missing values."
            )
        if self._number(other):
            return NumExprFilter.create(f"x_0 == {int(other)}", (self,))
        return ArrayPredicate(term=self, op=operator.eq, opargs=(other,))

    def __ne__(self, other):
        if self._number(other):
            unequal = f"((x_0 != {int(other)}) & (x_0 != {self.missing_value}))"
            return NumExprFilter.create(unequal, (self,))
        return ArrayPredicate(term=self, op=operator.ne, opargs=(other,))

    def _number(self, other) -> bool:
        """Whether labels are integers and `other` is a number, too; raises if only one is."""
        number = isinstance(other, Number)
        if number != (self.dtype == int64_dtype):
            raise InvalidClassifierComparison(self, other)
        return number

    __gt__, __ge__ = _not_ordered(">"), _not_ordered(">=")
    __le__, __lt__ = _not_ordered("<="), _not_ordered("<")

    @_with_text
    def startswith(self, prefix):
        """A filter: where the label begins with `prefix`."""
        return ArrayPredicate(term=self, op=LabelArray.startswith, opargs=(prefix,))

    @_with_text
    def endswith(self, suffix):
        """A filter: where the label ends with `suffix`."""
        return ArrayPredicate(term=self, op=LabelArray.endswith, opargs=(suffix,))

    @_with_text
    def has_substring(self, substring):
        """A filter: where the label contains `substring`."""
        return ArrayPredicate(term=self, op=LabelArray.has_substring, opargs=(substring,))

    @_with_text
    def matches(self, pattern):
        """A filter: where a regular expression matches the label from its beginning."""
        return ArrayPredicate(term=self, op=LabelArray.matches, opargs=(pattern,))

    @string_classifiers_only
    def relabel(self, relabeler):
        """A classifier: a function of each label, called once for each.

        It gives a text, or None if that is the missing value.
        """
        return Relabel(term=self, relabeler=relabeler)

    def element_of(self, choices):
        """A filter: where the label is one of `choices`, an iterable of texts or of integers.

        ValueError if the missing value is among them, TypeError for values of another kind.
        """
        name = f"{type(self).__name__}.element_of"
        try:
            choices = frozenset(choices)
        except Exception as error:
            raise TypeError(
                f"{name}: choices must be an iterable of hashable values, not {choices!r}: "
                f"{error!r}"
            ) from error
        if self.missing_value in choices:
            raise ValueError(
                f"{name}: {self.missing_value!r} is the missing value, which equals nothing. "
                f"Use isnull() to find missing values. The choices are {sorted(choices)}."
            )
        integers = self.dtype == int64_dtype
        if not all(isinstance(one, int if integers else (bytes, str)) for one in choices):
            kind = "an integer" if integers else "a text"
            raise TypeError(f"{name}: one of the choices {choices} is not {kind}.")
        return ArrayPredicate(
            term=self, op=_is_element if integers else LabelArray.element_of, opargs=(choices,)
        )

    def postprocess(self, data):
        """The values as a column of the result: texts as a pandas Categorical."""
        return data if self.dtype == int64_dtype else data.as_categorical()

    def to_workspace_value(self, result, assets):
        """A column of a result, indexed by (date, asset), as an array [dates, assets]."""
        if self.dtype == int64_dtype:
            return super().to_workspace_value(result, assets)
        import pandas as pd

        if not isinstance(result.dtype, pd.CategoricalDtype):
            raise TypeError(f"A column of labels is a Categorical, not {result.dtype}.")
        texts = result.astype(object).unstack().reindex(columns=assets)
        return LabelArray(texts.where(texts.notna(), self.missing_value).values, self.missing_value)

    @classmethod
    def _principal_computable_term_type(cls):
        return Classifier

    def _to_integral(self, output_array):
        """(integers, the one of no label) of the array that this term computed."""
        if self.dtype == int64_dtype:
            return output_array, self.missing_value
        return output_array.as_int_array(), output_array.missing_value_code

    def peer_count(self, mask=NotSpecified):
        """A factor: how many assets have the same label that day, within the mask."""
        from ..factors import PeerCount

        return PeerCount(inputs=[self], mask=mask)


class Everything(Classifier):
    """One group of all assets."""

    dtype = int64_dtype
    window_length = 0
    inputs = ()
    missing_value = -1

    def _compute(self, inputs, dates, assets, mask):
        return np.where(mask, np.int64(0), np.int64(self.missing_value))


class Quantiles(SingleInputMixin, Classifier):
    """The number of the quantile in which each value of a factor lies that day, from 0.

    -1 where it has no value or is masked out. A day on which ends of quantiles coincide, also one
    without any value, is a ValueError.
    """

    params = ("bins",)
    dtype = int64_dtype
    window_length = 0
    missing_value = -1

    def _compute(self, inputs, dates, assets, mask):
        return quantiles(np.where(mask, inputs[0], np.nan), self.params["bins"], self.missing_value)

    def graph_repr(self) -> str:
        return f"{type(self).__name__}({self.params['bins']})"


class Relabel(SingleInputMixin, Classifier):
    """A classifier of texts with other labels."""

    window_length = 0
    params = ("relabeler",)

    def __new__(cls, term, relabeler):
        if not isinstance(term, Classifier) or term.dtype != categorical_dtype:
            raise TypeError(f"Only a classifier of texts can be relabelled, not {term!r}.")
        return super().__new__(
            cls,
            inputs=(term,),
            dtype=term.dtype,
            missing_value=term.missing_value,
            mask=term.mask,
            relabeler=relabeler,
        )

    def _compute(self, inputs, dates, assets, mask):
        result = inputs[0].map(self.params["relabeler"])
        result[~mask] = inputs[0].missing_value
        return result


class CustomClassifier(
    DTypeHintMixin, PositiveWindowLengthMixin, StandardOutputs, CustomTermMixin, Classifier
):
    """Base of a script's own classifiers: define `compute`, which writes labels into `out`.

    A classifier of texts can only use labels of its first input.
    """

    def _allocate_output(self, windows, shape):
        if self.dtype == int64_dtype:
            return super()._allocate_output(windows, shape)
        return windows[0].data.empty_like(shape)


class Latest(LatestMixin, CustomClassifier):
    """The last known value of a column of texts or integers."""
