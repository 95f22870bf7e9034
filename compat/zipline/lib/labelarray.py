"""Arrays of texts: small codes, and the labels that they stand for."""

from __future__ import annotations

import re
from operator import eq, ne
from typing import Any

import numpy as np

from ..utils.numpy_utils import object_dtype, unsigned_int_dtype_with_size_in_bytes


class MissingValueMismatch(ValueError):
    """Two LabelArrays with different missing values meet."""

    def __init__(self, left, right) -> None:
        super().__init__(f"The missing values of the labels differ: {left!r} and {right!r}.")


class CategoryMismatch(ValueError):
    """Two LabelArrays with different labels meet."""

    def __init__(self, left, right) -> None:
        super().__init__(f"The labels differ: {list(left)} and {list(right)}.")


def smallest_uint_that_can_hold(count: int):
    """The narrowest unsigned dtype for `count` codes."""
    for size in (1, 2, 4):
        if count <= 2 ** (8 * size):
            return unsigned_int_dtype_with_size_in_bytes(size)
    return unsigned_int_dtype_with_size_in_bytes(8)


def _none_first(label) -> tuple:
    return (label is not None, label)


def _labels_of(values, missing_value, sort: bool) -> list:
    """The labels in `values`, the missing one first."""
    found = dict.fromkeys(values.tolist())
    found.pop(missing_value, None)
    return [missing_value, *(sorted(found) if sort else found)]


def _coded(values, labels: list, otherwise) -> tuple[np.ndarray, np.ndarray, dict]:
    """(codes, labels, code by label); unknown values get the code of `otherwise`."""
    code_of = {label: code for code, label in enumerate(labels)}
    missing = code_of[otherwise]
    codes = np.fromiter(
        (code_of.get(one, missing) for one in values.tolist()),
        dtype=smallest_uint_that_can_hold(len(labels)),
        count=len(values),
    )
    return codes, _label_array(labels), code_of


def _label_array(labels: list) -> np.ndarray:
    array = np.empty(len(labels), dtype=object)
    array[:] = labels
    return array


def _same_labels(left, right) -> bool:
    return left is right or (left.shape == right.shape and bool((left == right).all()))


class LabelArray(np.ndarray):
    """An array of texts kept as unsigned codes; it compares as its texts.

    Comparisons are False where either side is missing. The dtype is void, as wide as the codes:
    arithmetic on codes has no meaning.

    values: array of str, bytes or None. missing_value: the label that stands for no value.
    categories: the labels, if known; other values become the missing one. sort: whether labels
    are sorted, the missing one first.
    """

    SUPPORTED_SCALAR_TYPES = (bytes, str, type(None))
    SUPPORTED_NON_NONE_SCALAR_TYPES = (bytes, str)

    _categories: Any
    _reverse_categories: Any
    _missing_value: Any

    def __new__(cls, values, missing_value, categories=None, sort=True):
        if isinstance(values, list):
            values = np.asarray(values, dtype=object)
        if not isinstance(values, np.ndarray) and hasattr(values, "categories"):
            values = np.asarray(values, dtype=object)  # a pandas Categorical
        if not isinstance(values, np.ndarray):
            raise TypeError(f"LabelArray is made from an array, not from {type(values).__name__}.")
        if values.dtype.kind not in "OSU":
            raise TypeError(f"LabelArray is made from texts, not from {values.dtype}.")
        if not isinstance(missing_value, cls.SUPPORTED_SCALAR_TYPES):
            raise TypeError(f"missing_value must be bytes, str or None, not {missing_value!r}.")
        values = values.astype(object, copy=False)
        order = "F" if values.flags.f_contiguous else "C"
        flat = values.ravel(order)
        if categories is None:
            labels = _labels_of(flat, missing_value, sort)
        else:
            labels = list(categories)
            if missing_value not in labels:
                labels.insert(0, missing_value)
            if sort:
                labels.sort(key=_none_first)
        codes, labels, code_of = _coded(flat, labels, missing_value)
        labels.setflags(write=False)
        return cls.from_codes_and_metadata(
            codes.reshape(values.shape, order=order), labels, code_of, missing_value
        )

    @classmethod
    def from_codes_and_metadata(cls, codes, categories, reverse_categories, missing_value):
        """The array of some codes. reverse_categories: the code of each label."""
        array = codes.view(type=cls, dtype=np.dtype((np.void, codes.itemsize)))
        array._categories = categories
        array._reverse_categories = reverse_categories
        array._missing_value = missing_value
        return array

    @classmethod
    def from_categorical(cls, categorical, missing_value=None):
        """The array of a pandas Categorical."""
        return cls(categorical, missing_value, list(categorical.categories))

    def __array_finalize__(self, obj) -> None:
        if obj is None:
            raise TypeError("LabelArray(values, missing_value) makes one.")
        # A view of codes has no labels yet: from_codes_and_metadata sets them.
        self._categories = getattr(obj, "_categories", None)
        self._reverse_categories = getattr(obj, "_reverse_categories", None)
        self._missing_value = getattr(obj, "_missing_value", None)

    @property
    def categories(self):
        """The labels: object[number of codes], read only."""
        return self._categories

    @property
    def reverse_categories(self):
        """The code of each label."""
        return self._reverse_categories

    @property
    def missing_value(self):
        return self._missing_value

    @property
    def missing_value_code(self):
        return self.reverse_categories[self.missing_value]

    def has_label(self, value) -> bool:
        """Whether a label is among the categories."""
        return value in self.reverse_categories

    def as_int_array(self):
        """The codes, as a view."""
        unsigned = unsigned_int_dtype_with_size_in_bytes(self.itemsize)
        return np.ndarray.view(self, unsigned, np.ndarray)

    def as_string_array(self):
        """The texts: object, a copy."""
        return self.categories[self.as_int_array()]

    def as_categorical(self):
        """One dimension as a pandas Categorical. All labels are categories.

        A missing value of None is none: its cells are NaN where pandas allows no null category.
        """
        import pandas as pd

        if self.ndim > 1:
            raise ValueError("Only one dimension makes a Categorical.")
        return pd.Categorical.from_codes(*_without_null(self), ordered=False)

    def as_categorical_frame(self, index, columns, name=None):
        """Two dimensions as a frame of categoricals with one set of categories."""
        import pandas as pd

        if self.ndim != 2:
            raise ValueError("Only two dimensions make a frame.")
        if self.shape != (len(index), len(columns)):
            raise ValueError(
                f"The labels have the shape {self.shape}, index and columns "
                f"{(len(index), len(columns))}."
            )
        labels = pd.MultiIndex.from_product([index, columns])
        flat: LabelArray = self.ravel()  # pyright: ignore[reportAssignmentType]
        return pd.Series(flat.as_categorical(), index=labels, name=name).unstack()

    def __setitem__(self, indexer, value) -> None:
        if isinstance(value, self.SUPPORTED_SCALAR_TYPES):
            self.set_scalar(indexer, value)
        elif isinstance(value, LabelArray):
            self.as_int_array()[indexer] = self._codes_of(value)
        else:
            raise NotImplementedError(
                f"Labels are set to a text or a LabelArray, not to {type(value).__name__}."
            )

    def _codes_of(self, other: LabelArray):
        if _same_labels(self.categories, other.categories):
            return other.as_int_array()
        subset = set(other.categories) <= set(self.categories)
        if self.missing_value != other.missing_value or not subset:
            raise CategoryMismatch(self.categories, other.categories)
        codes = [self.reverse_categories[label] for label in other.categories]
        unsigned = unsigned_int_dtype_with_size_in_bytes(self.itemsize)
        return np.array(codes, dtype=unsigned)[other.as_int_array()]

    def set_scalar(self, indexer, value) -> None:
        """Set cells to a label; ValueError when it is not among the categories."""
        code = self.reverse_categories.get(value)
        if code is None:
            raise ValueError(f"{value!r} is not among the labels {list(self.categories)}.")
        self.as_int_array()[indexer] = code

    def __getitem__(self, indexer):
        found = super().__getitem__(indexer)
        if isinstance(found, np.ndarray) and found.ndim:
            return found
        code = np.frombuffer(found, unsigned_int_dtype_with_size_in_bytes(self.itemsize))[0]
        return self.categories[code]

    def is_missing(self):
        """bool: where there is no value."""
        return self.as_int_array() == self.missing_value_code

    def not_missing(self):
        """bool: where there is a value."""
        return self.as_int_array() != self.missing_value_code

    def _compared(self, other, compare):
        if isinstance(other, LabelArray):
            if self.missing_value != other.missing_value:
                raise MissingValueMismatch(self.missing_value, other.missing_value)
            if not _same_labels(self.categories, other.categories):
                raise CategoryMismatch(self.categories, other.categories)
            equal = compare(self.as_int_array(), other.as_int_array())
            return equal & self.not_missing() & other.not_missing()
        if isinstance(other, np.ndarray):
            return compare(self.as_string_array(), other) & self.not_missing()
        if isinstance(other, self.SUPPORTED_SCALAR_TYPES):
            # No code is this large or wide: an unknown label equals nothing.
            code = self.reverse_categories.get(other)
            codes = self.as_int_array()
            if code is None:
                return np.full(self.shape, compare is ne) & self.not_missing()
            return compare(codes, codes.dtype.type(code)) & self.not_missing()
        return NotImplemented

    def __eq__(self, other):
        return self._compared(other, eq)

    def __ne__(self, other):
        return self._compared(other, ne)

    __hash__ = None  # pyright: ignore[reportAssignmentType] - arrays are not hashable

    def view(self, dtype: Any = ..., type: Any = ...):
        """As ndarray.view, but never as another dtype in the same class."""
        if type is ... and dtype is not ... and dtype != self.dtype:
            raise TypeError("Labels cannot be viewed as another dtype; see as_int_array.")
        given = {
            name: value for name, value in (("dtype", dtype), ("type", type)) if value is not ...
        }
        return super().view(**given)

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """As object, bytes ("S") or itself; TypeError for anything else."""
        dtype = np.dtype(dtype)
        if dtype == self.dtype:
            array = self if subok else self.view(type=np.ndarray)
            return array.copy() if copy else array
        if dtype == object_dtype:
            return self.as_string_array()
        if dtype.kind == "S":
            return self.as_string_array().astype(dtype, order, casting, subok, copy)
        raise TypeError(f"Labels become object or bytes, not {dtype}.")

    def __repr__(self) -> str:
        head, _, _ = repr(self.as_string_array()).rpartition(", dtype")
        indented = head.removeprefix("array(").replace("\n", "\n" + 5 * " ")
        return f"LabelArray({indented})"

    def empty_like(self, shape):
        """An array of another shape with the same labels, all missing."""
        unsigned = unsigned_int_dtype_with_size_in_bytes(self.itemsize)
        return self.from_codes_and_metadata(
            np.full(shape, self.missing_value_code, dtype=unsigned),
            self.categories,
            self.reverse_categories,
            self.missing_value,
        )

    def map_predicate(self, f):
        """bool: f of each label, called once for each; False where there is no value."""
        missing = self.missing_value_code
        answers = [
            False if code == missing or label is None else bool(f(label))
            for code, label in enumerate(self.categories)
        ]
        return np.array(answers, dtype=bool)[self.as_int_array()]

    def map(self, f):
        """The array of f of each label, called once for each; the missing value stays.

        f gives a text, or None if that is the missing value; else TypeError.
        """
        missing = self.missing_value
        allowed = (
            self.SUPPORTED_SCALAR_TYPES if missing is None else self.SUPPORTED_NON_NONE_SCALAR_TYPES
        )
        mapped = []
        for label in self.categories:
            new = missing if label == missing else f(label)
            if label != missing and not isinstance(new, allowed):
                raise TypeError(f"map: the function must give a text, not {new!r} for {label!r}.")
            mapped.append(new)
        present = set(mapped)
        labels = [missing] if missing in present else []
        labels += sorted(present - {missing})
        code_of = {label: code for code, label in enumerate(labels)}
        recoded = np.array(
            [code_of[new] for new in mapped], dtype=smallest_uint_that_can_hold(len(labels))
        )
        return self.from_codes_and_metadata(
            recoded[self.as_int_array()], _label_array(labels), code_of, missing
        )

    def startswith(self, prefix):
        """bool: which texts begin with `prefix`."""
        return self.map_predicate(lambda label: label.startswith(prefix))

    def endswith(self, suffix):
        """bool: which texts end with `suffix`."""
        return self.map_predicate(lambda label: label.endswith(suffix))

    def has_substring(self, substring):
        """bool: which texts contain `substring`."""
        return self.map_predicate(lambda label: substring in label)

    def matches(self, pattern):
        """bool: which texts a regular expression matches from their beginning."""
        pattern = re.compile(pattern)
        return self.map_predicate(lambda label: pattern.match(label) is not None)

    def element_of(self, container):
        """bool: which texts are in `container`."""
        if isinstance(container, (list, tuple, np.ndarray)):
            container = set(container)
        return self.map_predicate(container.__contains__)


def _without_null(labels: LabelArray) -> tuple:
    """(codes, categories) that pandas takes: a null label counts as no category."""
    codes, categories = labels.as_int_array(), labels.categories
    if None not in labels.reverse_categories:
        return codes, categories.copy()
    null = labels.reverse_categories[None]
    places = np.arange(len(categories)) - (np.arange(len(categories)) > null)
    places[null] = -1
    return places[codes], np.delete(categories, null)


def _not_for_labels(name: str):
    def method(self, *args, **kwargs):
        raise NotImplementedError(f"LabelArray has no {name}: it would compute with the codes.")

    method.__name__ = name
    return method


_FOR_LABELS = frozenset(
    [
        "astype", "base", "compress", "copy", "data", "diagonal", "dtype", "flat", "flatten",
        "item", "itemset", "itemsize", "nbytes", "ndim", "ravel", "repeat", "reshape", "resize",
        "setflags", "shape", "size", "squeeze", "strides", "swapaxes", "take", "trace",
        "transpose", "view",
    ]
)  # fmt: skip
for _name in dir(np.ndarray):
    if not _name.startswith("_") and _name not in _FOR_LABELS:
        setattr(LabelArray, _name, _not_for_labels(_name))


def labelarray_where(cond, trues, falses) -> LabelArray:
    """np.where for labels; ValueError unless both have the same missing value."""
    for one in (trues, falses):
        if not isinstance(one, LabelArray):
            raise TypeError(f"labelarray_where takes LabelArrays, not {type(one).__name__}.")
    if trues.missing_value != falses.missing_value:
        raise ValueError("Labels with different missing values cannot be put together.")
    texts = np.where(cond, trues.as_string_array(), falses.as_string_array())
    return LabelArray(texts, missing_value=trues.missing_value)
