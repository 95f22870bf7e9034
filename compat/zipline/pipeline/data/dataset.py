"""Columns, the datasets that hold them, and families of datasets with further dimensions."""

from __future__ import annotations

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ...data.fx import DEFAULT_FX_RATE
from ...utils.numpy_utils import NoDefaultMissingValue, float64_dtype
from ..domain import GENERIC, Domain
from ..dtypes import CLASSIFIER_DTYPES, FILTER_DTYPES
from ..sentinels import NotSpecified
from ..term import AssetExists, LoadableTerm, validate_dtype


class CurrencyConversion(NamedTuple):
    """Into which currency a column is converted, and at which of the rates."""

    currency: Any
    field: Any


class Column:
    """A column of a dataset that is still to be named.

    dtype: of its values; missing_value: for dtypes without a natural one. currency_aware: whether
    the values are amounts of money (float64 only, else ValueError).
    """

    def __init__(
        self,
        dtype,
        missing_value=NotSpecified,
        doc=None,
        metadata=None,
        currency_aware=False,
    ) -> None:
        try:
            dtype = np.dtype(dtype)
        except TypeError as error:
            raise TypeError(f"Column: {dtype!r} is no dtype.") from error
        if currency_aware and dtype != float64_dtype:
            raise ValueError(f"Amounts of money are float64, not {dtype}.")
        self.dtype = dtype
        self.missing_value = missing_value
        self.doc = doc
        self.metadata = dict(metadata or {})
        self.currency_aware = currency_aware

    def bind(self, name: str) -> _NamedColumn:
        """The column under a name, for the class of a dataset."""
        return _NamedColumn(self, name)


class _NamedColumn:
    """Stands in the class of a dataset and gives its `BoundColumn` to whoever reads it.

    Subclasses of the dataset share this object, but each has a bound column of its own.
    """

    def __init__(self, column: Column, name: str) -> None:
        try:
            dtype, missing_value = validate_dtype(
                f"Column(name={name!r})", column.dtype, column.missing_value
            )
        except NoDefaultMissingValue as error:
            raise NoDefaultMissingValue(
                f"The column {name!r} of dtype {column.dtype} needs a missing_value."
            ) from error
        self.name = name
        self._settings = {
            "dtype": dtype,
            "missing_value": missing_value,
            "name": name,
            "doc": column.doc,
            "metadata": column.metadata,
            "currency_conversion": None,
            "currency_aware": column.currency_aware,
        }

    def __get__(self, instance, owner) -> BoundColumn:
        return BoundColumn(dataset=owner, **self._settings)


class _Metadata(dict):
    """A dictionary that is part of a term's identity: it hashes by its items."""

    def __hash__(self):  # pyright: ignore[reportIncompatibleVariableOverride]
        return hash(frozenset(self.items()))


class BoundColumn(LoadableTerm):
    """A column of a dataset: what loaders load and terms take as input."""

    mask = AssetExists()
    window_safe = True

    _settings = ("dataset", "name", "doc", "metadata", "currency_conversion", "currency_aware")
    _dataset: Any
    _name: str
    _doc: str | None
    _metadata: dict
    _currency_conversion: CurrencyConversion | None
    _currency_aware: bool

    def __new__(
        cls,
        dtype,
        missing_value,
        dataset,
        name,
        doc,
        metadata,
        currency_conversion,
        currency_aware,
    ):
        column = super().__new__(
            cls,
            domain=dataset.domain,
            dtype=dtype,
            missing_value=missing_value,
            ndim=dataset.ndim,
            dataset=dataset,
            name=name,
            doc=doc,
            metadata=_Metadata(metadata),
            currency_conversion=currency_conversion,
            currency_aware=currency_aware,
        )
        column.__doc__ = doc
        return column

    def __lt__(self, other):
        raise TypeError(
            f"{self.qualname} cannot be compared with {type(other).__name__}; use its `.latest`."
        )

    __gt__ = __le__ = __ge__ = __lt__

    def _replace(self, **changes) -> BoundColumn:
        settings = {name: getattr(self, f"_{name}") for name in self._settings}
        settings |= {"dtype": self.dtype, "missing_value": self.missing_value}
        return type(self)(**(settings | changes))

    def specialize(self, domain) -> BoundColumn:
        """This column for one domain; ValueError when it belongs to another."""
        if domain == self.domain:
            return self
        return self._replace(dataset=self._dataset.specialize(domain))

    def unspecialize(self) -> BoundColumn:
        """This column for any domain."""
        return self.specialize(GENERIC)

    def fx(self, currency) -> BoundColumn:
        """This column converted into a currency; TypeError unless its values are money."""
        if not self._currency_aware:
            raise TypeError(f"{self.qualname} holds no amounts of money: fx cannot convert it.")
        from ...currency import Currency

        if isinstance(currency, str):
            currency = Currency(currency)
        elif not isinstance(currency, Currency):
            raise TypeError(f"fx takes the code of a currency, not {currency!r}.")
        present = self._currency_conversion
        if present is not None and present.currency == currency:
            return self
        return self._replace(currency_conversion=CurrencyConversion(currency, DEFAULT_FX_RATE))

    @property
    def currency_conversion(self):
        """The conversion of the values; None for none."""
        return self._currency_conversion

    @property
    def currency_aware(self):
        """Whether the values are amounts of money."""
        return self._currency_aware

    @property
    def dataset(self):
        """The dataset that the column belongs to."""
        return self._dataset

    @property
    def name(self):
        """The name within the dataset."""
        return self._name

    @property
    def metadata(self):
        """What the column was given to carry along, as a copy."""
        return dict(self._metadata)

    @property
    def qualname(self):
        """The name with that of the dataset."""
        name = f"{self.dataset.qualname}.{self.name}"
        conversion = self._currency_conversion
        return name if conversion is None else f"{name}.fx({conversion.currency.code!r})"

    @property
    def latest(self):
        """The last known value of each day: a filter of bools, a classifier of labels and
        integers, a factor of anything else."""
        if self.dtype in FILTER_DTYPES:
            from ..filters import Latest
        elif self.dtype in CLASSIFIER_DTYPES:
            from ..classifiers import Latest
        else:
            from ..factors import Latest
        return Latest(
            inputs=(self,), dtype=self.dtype, missing_value=self.missing_value, ndim=self.ndim
        )

    def __repr__(self) -> str:
        return f"{self.qualname}::{self.dtype.name}"

    def graph_repr(self) -> str:
        return f"BoundColumn:\\l  Dataset: {self.dataset.__name__}\\l  Column: {self.name}\\l"

    def recursive_repr(self) -> str:
        return self.qualname


class DataSetMeta(type):
    """Names the columns of a dataset, and keeps the datasets of other domains together.

    The first class of a dataset holds `_domain_specializations`: the class of each domain.
    """

    _column_names: frozenset
    _domain_specializations: Any
    domain: Domain

    def __new__(metacls, name, bases, dict_, *, _of=None):
        if len(bases) > 1:
            raise TypeError("A dataset has one base class.")
        dataset = super().__new__(metacls, name, bases, dict_)
        if not isinstance(dataset.domain, Domain):
            raise TypeError(f"{name}.domain must be a Domain, not {type(dataset.domain).__name__}.")
        names = {column for base in bases for column in getattr(base, "_column_names", ())}
        for own, value in dict_.items():
            if isinstance(value, Column):
                setattr(dataset, own, value.bind(own))
                names.add(own)
        dataset._column_names = frozenset(names)
        if _of is None:
            dataset._domain_specializations = WeakKeyDictionary({dataset.domain: dataset})
        return dataset

    def __init__(cls, name, bases, dict_, **kwargs) -> None:
        super().__init__(name, bases, dict_)

    def specialize(cls, domain):
        """This dataset for one domain; ValueError when it belongs to another."""
        if not isinstance(domain, Domain):
            raise TypeError(f"specialize takes a Domain, not {type(domain).__name__}.")
        if domain == cls.domain:
            return cls
        known = cls._domain_specializations
        if domain not in known:
            is_first = "_domain_specializations" in vars(cls)
            if domain is not GENERIC and not (is_first and cls.domain is GENERIC):
                raise ValueError(
                    f"{cls.__name__} belongs to {cls.domain}; it cannot move to {domain}."
                )
            dataset = DataSetMeta(cls.__name__, (cls,), {"domain": domain}, _of=cls)
            dataset.__module__ = cls.__module__
            known[domain] = dataset
        return known[domain]

    def unspecialize(cls):
        """This dataset for any domain."""
        return cls.specialize(GENERIC)

    @property
    def columns(cls) -> frozenset:
        """The bound columns."""
        return frozenset(getattr(cls, name) for name in cls._column_names)

    @property
    def qualname(cls) -> str:
        """The name with the country of the domain, if it has one."""
        return (
            cls.__name__ if cls.domain is GENERIC else f"{cls.__name__}<{cls.domain.country_code}>"
        )

    def __lt__(cls, other):
        # Loaders are given columns in the sequence of their datasets, whichever that is.
        return id(cls) < id(other)

    def __repr__(cls) -> str:
        return f"<DataSet: {cls.__name__!r}, domain={cls.domain}>"


class DataSet(metaclass=DataSetMeta):
    """The base of datasets: subclasses have `Column` attributes.

    domain: GENERIC, or the one domain that the values are of. ndim: 2 for a value for each asset.
    """

    domain: Domain = GENERIC
    ndim = 2

    @classmethod
    def get_column(cls, name: str) -> BoundColumn:
        """The column of a name; AttributeError when there is none."""
        column = vars(cls).get(name)
        if not isinstance(column, _NamedColumn):
            known = ", ".join(sorted(cls._column_names))
            raise AttributeError(f"{cls.qualname} has no column {name!r}; it has {known}.")
        return column.__get__(None, cls)


# The base is no dataset itself: each direct subclass begins a family of domains.
del DataSet._domain_specializations


class DataSetFamilySlice(DataSet):
    """The base of the datasets that `DataSetFamily.slice` gives."""


class DataSetFamilyLookupError(AttributeError):
    """A column was asked of a family instead of one of its slices."""

    def __init__(self, family_name, column_name) -> None:
        super().__init__(family_name, column_name)
        self.family_name = family_name
        self.column_name = column_name

    def __str__(self) -> str:
        return (
            f"{self.family_name} is a family of datasets: take a slice first, as in "
            f"{self.family_name}.slice(...).{self.column_name}."
        )


class _FamilyColumn:
    """Stands in the class of a family where its slices have a column."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance, owner):
        raise DataSetFamilyLookupError(owner.__name__, self.name)


class DataSetFamilyMeta(type):
    """Moves the columns of a family to the base of its slices."""

    extra_dims: Any
    slice_ndim: int
    domain: Domain
    _SliceType: Any
    _slices: dict

    def __new__(metacls, name, bases, dict_):
        columns = {own: value for own, value in dict_.items() if isinstance(value, Column)}
        dict_ = dict_ | {own: _FamilyColumn(own) for own in columns}
        is_abstract = dict_.pop("_abstract", False)
        family = super().__new__(metacls, name, bases, dict_)
        family._slices = {}
        if is_abstract:
            return family
        family.extra_dims = {
            dimension: frozenset(values) for dimension, values in dict(family.extra_dims).items()
        }
        if not family.extra_dims:
            raise ValueError(f"The family {name} needs extra_dims, or `_abstract = True`.")
        own = {
            "dataset_family": family,
            "ndim": family.slice_ndim,
            "domain": family.domain,
            "__module__": family.__module__,
        }
        family._SliceType = DataSetMeta(f"{name}BaseSlice", (family._SliceType,), own | columns)
        return family

    def __repr__(cls) -> str:
        return f"<DataSetFamily: {cls.__name__!r}, extra_dims={list(cls.extra_dims)!r}>"


class DataSetFamily(metaclass=DataSetFamilyMeta):
    """Datasets with the same columns, one for each combination of values of further dimensions.

    extra_dims: pairs of a dimension's name and its values, or a dictionary of them.
    """

    _abstract = True
    domain: Domain = GENERIC
    slice_ndim = 2
    extra_dims: Any = ()

    _SliceType: Any = DataSetFamilySlice

    @classmethod
    def slice(cls, *args, **kwargs):
        """The dataset at one value of each dimension, in their sequence or by name.

        Raises TypeError for missing, unknown or repeated dimensions, ValueError for an unknown
        value. The dataset has them as `extra_coords`.
        """
        coords = cls._coordinates(args, kwargs)
        key = tuple(coords.items())
        if key not in cls._slices:
            shown = ", ".join(f"{name}={value!r}" for name, value in key)
            name = f"{cls.__name__}.slice({shown})"
            own = {"extra_coords": coords, "__module__": cls.__module__}
            cls._slices[key] = DataSetMeta(name, (cls._SliceType,), own)
        return cls._slices[key]

    @classmethod
    def _coordinates(cls, args, kwargs) -> dict:
        dims = cls.extra_dims
        unknown = sorted(kwargs.keys() - dims.keys())
        if unknown:
            raise TypeError(
                f"{cls.__name__} has no dimension {', '.join(unknown)}; it has {', '.join(dims)}."
            )
        if len(args) > len(dims):
            raise TypeError(f"{cls.__name__} has {len(dims)} dimensions, not {len(args)}.")
        coords = dict(zip(dims, args, strict=False))
        twice = sorted(coords.keys() & kwargs.keys())
        if twice:
            raise TypeError(f"{cls.__name__}: {', '.join(twice)} is given twice.")
        coords |= kwargs
        missing = sorted(dims.keys() - coords.keys())
        if missing:
            raise TypeError(f"{cls.__name__}: there is no value for {', '.join(missing)}.")
        for name, value in coords.items():
            if value not in dims[name]:
                raise ValueError(f"{value!r} is no value of {name} in {cls.__name__}.")
        return {name: coords[name] for name in dims}
