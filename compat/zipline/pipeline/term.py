"""Terms: the nodes of a pipeline's graph.

The protocol, for whoever writes a kind of term:

- Calling a class gives *the* term of these settings: equal settings, same object. Terms compare
  and hash by identity. Settings are the keywords domain, dtype, missing_value, window_safe, ndim
  (and for computed terms inputs, outputs, window_length, mask), each with the class attribute as
  default; the names in `params`, kept in the dict `term.params`; and the names in the class's
  `_settings`, kept as attributes `_<name>`.
- A class with constructor arguments of its own overrides `__new__` and passes settings on to
  `super().__new__(cls, ...)`; `_settings` names what it adds. `__init__` does nothing, since
  Python calls it for terms that existed before. `_validate` raises what is wrong with the
  settings; overriding ones call super's.
- `term._compute(inputs, dates, assets, mask)` returns the values, [len(dates), len(assets)] (one
  column if ndim is 1). assets: Index of sids. mask: bool, where the term is to be computed.
  inputs, one for each of term.inputs: without a window (window_length 0) an array of the shape of
  the mask; with one an iterator that yields for each date a read-only array
  [window_length, len(assets)], adjusted for what is known on the date.
- Built-in terms with a window go over whole columns at once: the iterator of such an input gives
  them by `block()`, as the `Input` of `core.rolling`, or None when the data has no such form.
  Custom terms (`mixins.CustomTermMixin`) may define `_compute_block(blocks, dates, assets, mask)`
  next to `compute`: it returns float64[len(dates), len(assets)], or a tuple of them in the order
  of `outputs`, and need not look at the mask: cells outside of it become the missing value. A
  subclass that overrides `compute` falls back to the loop over days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import numpy as np

from ..assets import Asset
from ..errors import (
    DTypeNotSpecified,
    InvalidOutputName,
    NonPipelineInputs,
    NonSliceableTerm,
    NonWindowSafeInput,
    NotDType,
    TermInputsNotSpecified,
    TermOutputsEmpty,
    UnsupportedDType,
    WindowLengthNotSpecified,
)
from ..lib.adjusted_array import can_represent_dtype
from ..utils.numpy_utils import (
    bool_dtype,
    categorical_dtype,
    datetime64ns_dtype,
    default_missing_value_for_dtype,
    float64_dtype,
)
from .domain import GENERIC, Domain, infer_domain
from .downsample_helpers import check_frequency
from .sentinels import NotSpecified


class Term(ABC):
    """A node of the graph; see the module for how terms are made."""

    dtype: Any = NotSpecified
    missing_value: Any = NotSpecified
    #: Names of further keywords; a mapping gives them defaults.
    params: Any = ()
    domain: Any = GENERIC
    #: Whether values of different days can be compared, so that another term may look back.
    window_safe: Any = False
    #: 2: a value for each asset, 1: one value for all.
    ndim: Any = 2

    # What each kind of term has as attributes or properties.
    #: The terms that it is computed from.
    inputs: Any
    #: Whether it looks back over a window of them.
    windowed: Any
    #: The filter within which it is computed.
    mask: Any
    #: For each term that it needs, the rows needed before its own first one.
    dependencies: Any

    _settings: tuple[str, ...] = ()
    _common: tuple[str, ...] = ("domain", "dtype", "missing_value", "window_safe", "ndim")
    _terms: ClassVar[WeakValueDictionary] = WeakValueDictionary()

    def __new__(
        cls,
        domain=NotSpecified,
        dtype=NotSpecified,
        missing_value=NotSpecified,
        window_safe=NotSpecified,
        ndim=NotSpecified,
        **kwargs,
    ):
        given = {
            "domain": domain,
            "dtype": dtype,
            "missing_value": missing_value,
            "window_safe": window_safe,
            "ndim": ndim,
            **kwargs,
        }
        return cls._term_of(given)

    def __init__(self, *args, **kwargs) -> None:  # noqa: B027 - Python calls it, `__new__` did it
        pass

    @classmethod
    def _term_of(cls, given: dict):
        """The term of some settings: the one that exists, or a new one."""
        params = cls._take_params(given)
        settings = cls._resolve(given)
        unknown = settings.keys() - set(cls._common) - set(cls._settings)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise TypeError(f"{cls.__name__} got an unexpected keyword argument: {names}.")
        lacking = [name for name in cls._settings if name not in settings]
        if lacking:
            raise TypeError(f"{cls.__name__} lacks the argument {', '.join(lacking)}.")
        key = (cls, params, *(settings[name] for name in (*cls._common, *cls._settings)))
        found = cls._terms.get(key)
        if found is not None:
            return found
        term = object.__new__(cls)
        for name in cls._common:
            setattr(term, name, settings[name])
        for name in cls._settings:
            setattr(term, f"_{name}", settings[name])
        for name, _ in params:
            if hasattr(term, name):
                raise TypeError(f"The parameter {name!r} has the name of an attribute of the term.")
        term.params = dict(params)
        term._validate()
        cls._terms[key] = term
        return term

    @classmethod
    def _take_params(cls, given: dict) -> tuple:
        """The values of `params`, out of the keywords: pairs of name and value."""
        params = cls.params
        if not isinstance(params, Mapping):
            params = dict.fromkeys(params, NotSpecified)
        pairs = []
        for name, default in params.items():
            value = given.pop(name, default)
            if value is NotSpecified:
                raise TypeError(f"{cls.__name__} needs the keyword parameter {name!r}.")
            try:
                hash(value)
            except TypeError:
                raise TypeError(
                    f"{cls.__name__}: the parameter {name!r} must be hashable, not {value!r}."
                ) from None
            pairs.append((name, value))
        return tuple(pairs)

    @classmethod
    def _resolve(cls, given: dict) -> dict:
        """The settings with the defaults of the class, checked one by one."""
        settings = {
            name: getattr(cls, name) if value is NotSpecified and name in cls._common else value
            for name, value in given.items()
        }
        settings["dtype"], settings["missing_value"] = validate_dtype(
            cls.__name__, settings["dtype"], settings["missing_value"]
        )
        return settings

    def _validate(self) -> None:  # noqa: B027 - a hook
        """Raise what is wrong with the settings together."""

    def __getitem__(self, key):
        """The one column of an asset, as a term with one value a day."""
        if not isinstance(key, Asset):
            raise TypeError(f"A term is sliced by an asset, not by {key!r}.")
        if isinstance(self, LoadableTerm):
            raise NonSliceableTerm(term=self)
        from .mixins import SliceMixin

        return type(self)._with_mixin(SliceMixin)(self, key)  # pyright: ignore

    def compute_extra_rows(self, all_dates, start_date, end_date, min_extra_rows) -> int:
        """How many rows before start_date this term computes; at least min_extra_rows."""
        return min_extra_rows

    def graph_repr(self) -> str:
        """A short text for drawings of the graph."""
        return type(self).__name__

    def recursive_repr(self) -> str:
        """A short text for use within the text of another term."""
        return type(self).__name__


class _RootTerm(Term):
    """What the engine itself puts in before it computes anything."""

    dataset = None
    inputs = ()
    dependencies = {}  # noqa: RUF012 - read only
    mask = None
    windowed = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    graph_repr = __repr__

    def _compute(self, today, assets, out):
        raise NotImplementedError(f"{type(self).__name__} is given by the engine.")


class AssetExists(_RootTerm):
    """Whether an asset is there on a day: the mask of every term that was given none."""

    dtype = bool_dtype


class InputDates(_RootTerm):
    """The dates themselves, as one column."""

    ndim = 1
    dtype = datetime64ns_dtype
    window_safe = True


class LoadableTerm(Term):
    """A term whose values a loader brings."""

    windowed = False
    inputs = ()

    @cached_property
    def dependencies(self):
        return {self.mask: 0}

    def specialize(self, domain) -> LoadableTerm:
        """The same term for one domain."""
        raise NotImplementedError


class ComputableTerm(Term):
    """A term that is computed from others: a factor, a filter or a classifier."""

    inputs: Any = NotSpecified
    outputs: Any = NotSpecified
    window_length: Any = NotSpecified
    mask: Any = NotSpecified
    domain: Any = NotSpecified

    _common = (*Term._common, "inputs", "outputs", "window_length", "mask")

    def __new__(
        cls,
        inputs=NotSpecified,
        outputs=NotSpecified,
        window_length=NotSpecified,
        mask=NotSpecified,
        domain=NotSpecified,
        **kwargs,
    ):
        return super().__new__(
            cls,
            inputs=inputs,
            outputs=outputs,
            window_length=window_length,
            mask=mask,
            domain=domain,
            **kwargs,
        )

    @classmethod
    def _resolve(cls, given: dict) -> dict:
        inputs = cls.inputs if given["inputs"] is NotSpecified else given["inputs"]
        if inputs is not NotSpecified:
            inputs = tuple(inputs)
            strangers = [one for one in inputs if not isinstance(one, Term)]
            if strangers:
                raise NonPipelineInputs(cls.__name__, strangers)
            if given["domain"] is NotSpecified:
                given["domain"] = infer_domain(inputs)
        given["inputs"] = inputs
        outputs = cls.outputs if given["outputs"] is NotSpecified else given["outputs"]
        given["outputs"] = outputs if outputs is NotSpecified else tuple(outputs)
        settings = super()._resolve(given)
        if settings["mask"] is NotSpecified:
            settings["mask"] = AssetExists()
        return settings

    def _validate(self) -> None:
        super()._validate()
        name = type(self).__name__
        if self.inputs is NotSpecified:
            raise TermInputsNotSpecified(termname=name)
        if not isinstance(self.domain, Domain):
            raise TypeError(f"{name}.domain must be a Domain, not {type(self.domain)}.")
        if self.outputs is not NotSpecified:
            self._validate_outputs(name)
        if self.window_length is NotSpecified:
            raise WindowLengthNotSpecified(termname=name)
        if self.window_length > 1:
            for child in self.inputs:
                if not child.window_safe:
                    raise NonWindowSafeInput(parent=self, child=child)

    def _validate_outputs(self, name: str) -> None:
        if not self.outputs:
            raise TermOutputsEmpty(termname=name)
        # An output is read as an attribute of the term, so it must not hide one.
        taken = sorted(["compute", *(a for a in dir(ComputableTerm) if not a.startswith("_"))])
        for output in self.outputs:
            if output.startswith("_") or output in taken:
                raise InvalidOutputName(output_name=output, termname=name, disallowed_names=taken)

    def _compute(self, inputs, dates, assets, mask):
        raise NotImplementedError("_compute")

    @classmethod
    @abstractmethod
    def _principal_computable_term_type(cls) -> type[ComputableTerm]:
        """Factor, Filter or Classifier: what the kinds of `alias`, `downsample`, ... are."""
        raise NotImplementedError

    @cached_property
    def windowed(self) -> bool:
        """Whether the term looks back over a window of its inputs."""
        return self.window_length is not NotSpecified and self.window_length > 0

    @cached_property
    def dependencies(self):
        rows = max(0, self.window_length - 1)
        needed = dict.fromkeys(self.inputs, rows)
        needed[self.mask] = 0
        return needed

    def postprocess(self, data):
        """The values as a column of the result: those that passed the screen, one dimension.

        Cells with several outputs become tuples.
        """
        if not isinstance(data, np.ndarray):
            raise TypeError(f"postprocess takes an array, not {type(data).__name__}.")
        return [tuple(cell) for cell in data] if data.dtype.names else data

    def to_workspace_value(self, result, assets):
        """A column of a result, indexed by (date, asset), as an array [dates, assets]."""
        frame = result.unstack().fillna(self.missing_value)
        return frame.reindex(columns=assets, fill_value=self.missing_value).values

    def downsample(self, frequency):
        """This term computed on the first session of each period only, and carried forward.

        frequency: "year_start", "quarter_start", "month_start" or "week_start".
        """
        from .mixins import DownsampledMixin

        check_frequency("downsample", frequency)
        return type(self)._with_mixin(DownsampledMixin)(term=self, frequency=frequency)

    def alias(self, name):
        """This term under a name of its own, for drawings."""
        from .mixins import AliasedMixin

        return type(self)._with_mixin(AliasedMixin)(term=self, name=name)

    def isnull(self):
        """A filter: where this term has no value. TypeError on filters."""
        self._refuse_filters("isnull")
        from .filters import NullFilter

        if self.dtype == float64_dtype:
            return self.isnan()  # pyright: ignore[reportAttributeAccessIssue] - float: a factor
        return NullFilter(self)

    def notnull(self):
        """A filter: where this term has a value. TypeError on filters."""
        self._refuse_filters("notnull")
        from .filters import NotNullFilter

        return NotNullFilter(self)

    def _refuse_filters(self, method: str) -> None:
        if self.dtype == bool_dtype:
            raise TypeError(f"{method}() is not there for filters.")

    def fillna(self, fill_value):
        """This term with its missing values filled from another term or with a constant."""
        self._refuse_filters("fillna")
        if isinstance(fill_value, LoadableTerm):
            raise TypeError(f"fillna: {fill_value} is a column; use its `.latest`.")
        if not isinstance(fill_value, ComputableTerm):
            try:
                constant = _coerce_to_dtype(fill_value, self.dtype)
            except TypeError as error:
                raise TypeError(
                    f"fillna: {fill_value!r} is no value of {type(self).__name__} with dtype "
                    f"{self.dtype}: {error}"
                ) from error
            from .mixins import ConstantMixin

            fill_value = type(self)._with_mixin(ConstantMixin)(
                const=constant, dtype=self.dtype, missing_value=self.missing_value
            )
        return self.notnull().if_else(if_true=self, if_false=fill_value)

    @classmethod
    def _with_mixin(cls, mixin) -> Any:
        """The class that adds a mixin to Factor, Filter or Classifier, whichever this is."""
        return mixin.universal_mixin_specialization(cls._principal_computable_term_type())

    def __repr__(self) -> str:
        inputs = ", ".join(one.recursive_repr() for one in self.inputs)
        return f"{type(self).__name__}([{inputs}], {self.window_length})"

    def recursive_repr(self) -> str:
        return f"{type(self).__name__}(...)"


def validate_dtype(termname: str, dtype, missing_value):
    """A dtype and missing value as the term keeps them: (np.dtype, scalar).

    Raises DTypeNotSpecified, NotDType, UnsupportedDType, NoDefaultMissingValue (integers must name
    one), TypeError for a missing value of another kind.
    """
    if dtype is NotSpecified:
        raise DTypeNotSpecified(termname=termname)
    try:
        dtype = np.dtype(dtype)
    except TypeError as error:
        raise NotDType(dtype=dtype, termname=termname) from error
    if not can_represent_dtype(dtype):
        raise UnsupportedDType(dtype=dtype, termname=termname)
    if missing_value is NotSpecified:
        missing_value = default_missing_value_for_dtype(dtype)
    try:
        _coerce_to_dtype(missing_value, dtype)
    except TypeError as error:
        raise TypeError(
            f"{termname}: {missing_value!r} cannot be the missing value of dtype {dtype}: {error}"
        ) from error
    return dtype, missing_value


def _coerce_to_dtype(value, dtype):
    if dtype == categorical_dtype:
        # Object arrays would take numbers too, but labels are texts.
        if not isinstance(value, (bytes, str, type(None))):
            raise TypeError("labels are bytes, str or None.")
        return value
    return np.array([value]).astype(dtype=dtype, casting="same_kind")[0]
