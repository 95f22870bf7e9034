"""What several kinds of terms have in common. Mixins stand before Factor, Filter, Classifier."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import nullcontext
from typing import Any

import numpy as np

from ..errors import (
    NoFurtherDataError,
    NonExistentAssetInTimeFrame,
    UnsupportedDataType,
    WindowLengthNotPositive,
)
from ..lib.blocks import latest_rows
from ..lib.labelarray import LabelArray, labelarray_where
from ..utils.numpy_utils import bool_dtype
from .downsample_helpers import check_frequency, select_sampling_indices
from .dtypes import CLASSIFIER_DTYPES, FACTOR_DTYPES, FILTER_DTYPES
from .sentinels import NotSpecified
from .term import ComputableTerm, Term


class PositiveWindowLengthMixin(ComputableTerm):
    """The term needs a window of at least one row."""

    def _validate(self) -> None:
        super()._validate()
        if not self.windowed:
            raise WindowLengthNotPositive(window_length=self.window_length)


class SingleInputMixin(ComputableTerm):
    """The term takes exactly one input."""

    def _validate(self) -> None:
        super()._validate()
        if len(self.inputs) != 1:
            raise ValueError(f"{type(self).__name__} takes one input, not {len(self.inputs)}.")


class StandardOutputs(ComputableTerm):
    """The term has one output without a name."""

    def _validate(self) -> None:
        super()._validate()
        if self.outputs is not NotSpecified:
            raise ValueError(f"{type(self).__name__} cannot have outputs; got {self.outputs}.")


class RestrictedDTypeMixin(ComputableTerm):
    """The term's dtype is one of `ALLOWED_DTYPES`."""

    ALLOWED_DTYPES: Any = NotSpecified

    def _validate(self) -> None:
        super()._validate()
        if self.dtype not in self.ALLOWED_DTYPES:
            raise UnsupportedDataType(typename=type(self).__name__, dtype=self.dtype)


class DTypeHintMixin(ComputableTerm):
    """Says which base class has the dtype that this one cannot have."""

    def _validate(self) -> None:
        try:
            super()._validate()
        except UnsupportedDataType as error:
            for dtypes, base in (
                (CLASSIFIER_DTYPES, "CustomClassifier"),
                (FACTOR_DTYPES, "CustomFactor"),
                (FILTER_DTYPES, "CustomFilter"),
            ):
                if self.dtype in dtypes:
                    raise UnsupportedDataType(
                        typename=type(self).__name__,
                        dtype=self.dtype,
                        hint=f"Should it be a {base}?",
                    ) from error
            raise


class CustomTermMixin(ComputableTerm):
    """A term whose `compute` is called with one window after the other.

    compute(today, assets, out, *windows, **params): today: Timestamp. assets: Index of the sids
    within the mask. out: [len(assets)], or a record array with a field for each of outputs, to be
    written to. windows: [window_length, len(assets)] each, or one column for terms that have one.
    """

    #: A context manager around the computation.
    ctx: Any = nullcontext()

    #: All days at once, where a built-in term knows how; see the protocol in `term`.
    _compute_block: Any = None

    def __new__(
        cls,
        inputs=NotSpecified,
        outputs=NotSpecified,
        window_length=NotSpecified,
        mask=NotSpecified,
        dtype=NotSpecified,
        missing_value=NotSpecified,
        ndim=NotSpecified,
        **kwargs,
    ):
        unknown = kwargs.keys() - set(cls.params)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise TypeError(f"{cls.__name__} got unexpected keyword arguments: {names}.")
        return super().__new__(
            cls,
            inputs=inputs,
            outputs=outputs,
            window_length=window_length,
            mask=mask,
            dtype=dtype,
            missing_value=missing_value,
            ndim=ndim,
            **kwargs,
        )

    def compute(self, today, assets, out, *arrays, **params):
        """Write the values of one day into `out`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method compute.")

    @classmethod
    def _takes_blocks(cls) -> bool:
        """Whether `_compute_block` computes what `compute` does: it stands with it or below."""
        for one in cls.__mro__:
            own = vars(one)
            if "_compute_block" in own:
                return own["_compute_block"] is not None
            if "compute" in own:
                return False
        return False

    def _blocks(self, windows) -> list | None:
        """The inputs as whole columns; None when the days are to be walked one by one."""
        if not self._takes_blocks():
            return None
        blocks = [getattr(one, "block", lambda: None)() for one in windows]
        return None if any(one is None for one in blocks) else blocks

    def _compute(self, inputs, dates, assets, mask):
        blocks = self._blocks(inputs)
        if blocks is not None:
            return self._whole_columns(blocks, dates, assets, mask)
        return self._day_by_day(inputs, dates, assets, mask)

    def _whole_columns(self, blocks, dates, assets, mask):
        computed = self._compute_block(blocks, dates, assets, mask)
        outside = None if self.ndim == 1 or mask.all() else ~mask
        if self.outputs is NotSpecified:
            if outside is not None:
                computed[outside] = self.missing_value
            return computed
        out = self._allocate_output(blocks, computed[0].shape)
        for name, values in zip(self.outputs, computed, strict=True):
            if outside is not None:
                values[outside] = self.missing_value
            out[name] = values
        return out

    def _allocate_output(self, windows, shape):
        """The array of all results, filled with the missing value."""
        if self.outputs is NotSpecified:
            return np.full(shape, self.missing_value, dtype=self.dtype)
        fields = [self.dtype.str] * len(self.outputs)
        out = np.recarray(shape, formats=fields, names=list(self.outputs))
        out[:] = self.missing_value
        return out

    def _day_by_day(self, windows, dates, assets, mask):
        params, compute = self.params, self.compute
        everybody = np.array([True])
        shape = (len(mask), 1) if self.ndim == 1 else mask.shape
        out = self._allocate_output(windows, shape)
        with self.ctx:
            for t, date in enumerate(dates):
                alive = mask[t]
                written = everybody if self.ndim == 1 else alive
                row = out[t][written]
                shown = [_within(next(window), alive) for window in windows]
                compute(date, assets[alive], row, *shown, **params)
                out[t][written] = row
        return out

    def graph_repr(self) -> str:
        # "\l" ends a left-justified line in drawings.
        return f"{type(self).__name__}:\\l  window_length: {self.window_length}\\l"


def _within(window, alive):
    """The columns of a window that are alive, as a copy; a single column is for everybody."""
    return window if window.shape[1] == 1 else window[:, alive]


def _stacked(rows: list):
    """Rows of one array each, one below the other."""
    first = rows[0]
    if not isinstance(first, LabelArray):
        return np.vstack(rows)
    stacked = first.empty_like((len(rows), first.shape[1]))
    for n, row in enumerate(rows):
        stacked[n] = row[0]
    return stacked


class LatestMixin(SingleInputMixin):
    """The last known value of a column."""

    window_length = 1

    def compute(self, today, assets, out, data):
        out[:] = data[-1]

    def _compute_block(self, blocks, dates, assets, mask):
        return latest_rows(blocks[0])

    def _validate(self) -> None:
        super()._validate()
        dtype = self.inputs[0].dtype
        if dtype != self.dtype:
            raise TypeError(
                f"{type(self).__name__} of dtype {self.dtype} cannot show a column of {dtype}."
            )

    def graph_repr(self) -> str:
        return "Latest"


class UniversalMixin(ComputableTerm):
    """A mixin with a class for each of factors, filters and classifiers."""

    _specialized: dict[tuple, type] = {}  # noqa: RUF012 - shared on purpose

    @staticmethod
    @abstractmethod
    def _universal_mixin_type() -> type: ...

    @staticmethod
    @abstractmethod
    def _universal_mixin_specialization_name(principal_type) -> str: ...

    @classmethod
    def universal_mixin_specialization(cls, principal_type):
        """The class that adds this mixin to Factor, Filter or Classifier."""
        mixin = cls._universal_mixin_type()
        key = (mixin, principal_type)
        if key not in cls._specialized:
            name = mixin._universal_mixin_specialization_name(principal_type)  # pyright: ignore
            module = {"__module__": principal_type.__module__}
            cls._specialized[key] = type(name, (mixin, principal_type), module)
        return cls._specialized[key]


class AliasedMixin(SingleInputMixin, UniversalMixin):
    """A term under another name."""

    _settings = ("name",)

    def __new__(cls, term, name):
        return super().__new__(
            cls,
            inputs=(term,),
            outputs=term.outputs,
            window_length=0,
            name=name,
            dtype=term.dtype,
            missing_value=term.missing_value,
            ndim=term.ndim,
            window_safe=term.window_safe,
        )

    @property
    def name(self):
        return self._name  # pyright: ignore[reportAttributeAccessIssue]

    def _compute(self, inputs, dates, assets, mask):
        return inputs[0]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inputs[0].recursive_repr()}, name={self.name!r})"

    def graph_repr(self) -> str:
        return self.name

    @staticmethod
    def _universal_mixin_type():
        return AliasedMixin

    @staticmethod
    def _universal_mixin_specialization_name(principal_type):
        return "Aliased" + principal_type.__name__


class DownsampledMixin(StandardOutputs, UniversalMixin):
    """A term computed on the first session of each period, and carried forward in between."""

    # A window would only see the same value again and again.
    window_safe = False

    _settings = ("frequency", "wrapped_term")

    def __new__(cls, term, frequency):
        if not isinstance(term, Term):
            raise TypeError(f"Only a term can be downsampled, not {term!r}.")
        check_frequency(cls.__name__, frequency)
        return super().__new__(
            cls,
            inputs=term.inputs,
            outputs=term.outputs,  # pyright: ignore[reportAttributeAccessIssue]
            window_length=term.window_length,  # pyright: ignore[reportAttributeAccessIssue]
            mask=term.mask,
            frequency=frequency,
            wrapped_term=term,
            dtype=term.dtype,
            missing_value=term.missing_value,
            ndim=term.ndim,
        )

    def compute_extra_rows(self, all_dates, start_date, end_date, min_extra_rows) -> int:
        """So many rows that the first one begins a period."""
        if start_date not in all_dates:
            raise ValueError(f"The pipeline's start {start_date} is no session of the calendar.")
        first = all_dates.get_loc(start_date) - min_extra_rows
        if first < 0:
            raise NoFurtherDataError.from_lookback_window(
                initial_message="There is not enough data for the pipeline:",
                first_date=all_dates[0],
                lookback_start=start_date,
                lookback_length=min_extra_rows,
            )
        begins = select_sampling_indices(all_dates[: first + 1], self._frequency)  # pyright: ignore
        return min_extra_rows + first - int(begins[-1])

    def _compute(self, inputs, dates, assets, mask):
        wrapped: Any = self._wrapped_term  # pyright: ignore[reportAttributeAccessIssue]
        sampled = select_sampling_indices(dates, self._frequency)  # pyright: ignore
        blocks = wrapped._blocks(inputs) if isinstance(wrapped, CustomTermMixin) else None
        if blocks is not None:
            rows = wrapped._whole_columns(blocks, dates, assets, mask)[sampled]
        else:
            rows = _stacked(list(self._sampled(wrapped, sampled, inputs, dates, assets, mask)))
        return np.repeat(rows, np.diff(np.append(sampled, len(dates))), axis=0)

    def _sampled(self, wrapped, sampled, inputs, dates, assets, mask):
        """The wrapped term's row for each of the sampled dates."""
        wanted = set(sampled.tolist())
        for t in range(len(dates)):
            day = slice(t, t + 1)
            if t in wanted:
                shown = inputs if self.windowed else [one[day] for one in inputs]
                yield wrapped._compute(shown, dates[day], assets, mask[day])
            elif self.windowed:
                for window in inputs:
                    next(window)

    @staticmethod
    def _universal_mixin_type():
        return DownsampledMixin

    @staticmethod
    def _universal_mixin_specialization_name(principal_type):
        return "Downsampled" + principal_type.__name__


class SliceMixin(UniversalMixin):
    """The column of one asset: `term[asset]`."""

    _settings = ("asset",)

    def __new__(cls, term, asset):
        return super().__new__(
            cls,
            asset=asset,
            inputs=[term],
            window_length=0,
            mask=term.mask,
            dtype=term.dtype,
            missing_value=term.missing_value,
            window_safe=term.window_safe,
            ndim=1,
        )

    @property
    def asset(self):
        """The asset whose column this is."""
        return self._asset  # pyright: ignore[reportAttributeAccessIssue]

    def _compute(self, inputs, dates, assets, mask):
        sid = self.asset.sid
        column = int(np.searchsorted(assets.values, sid))
        if column == len(assets) or assets[column] != sid:
            raise NonExistentAssetInTimeFrame(
                asset=self.asset, start_date=dates[0], end_date=dates[-1]
            )
        return inputs[0][:, [column]]

    def __repr__(self) -> str:
        return f"{self.inputs[0].recursive_repr()}[{self.asset}]"

    @staticmethod
    def _universal_mixin_type():
        return SliceMixin

    @staticmethod
    def _universal_mixin_specialization_name(principal_type):
        return principal_type.__name__ + "Slice"


class IfElseMixin(UniversalMixin):
    """Values of one term where a filter passes, of another where not."""

    window_length = 0

    def __new__(cls, condition, if_true, if_false):
        if condition.dtype != bool_dtype:
            raise TypeError(f"if_else: the condition must be a filter, not {condition}.")
        return super().__new__(
            cls,
            inputs=[condition, if_true, if_false],
            dtype=if_true.dtype,
            ndim=if_true.ndim,
            missing_value=if_true.missing_value,
            window_safe=all(one.window_safe for one in (condition, if_true, if_false)),
            outputs=if_true.outputs,
        )

    def _compute(self, inputs, dates, assets, mask):
        choose = labelarray_where if self.dtype == object else np.where
        return choose(*inputs)

    @staticmethod
    def _universal_mixin_type():
        return IfElseMixin

    @staticmethod
    def _universal_mixin_specialization_name(principal_type):
        return "IfElse" + principal_type.__name__


class ConstantMixin(StandardOutputs, UniversalMixin):
    """One value everywhere."""

    window_length = 0
    inputs = ()
    params = ("const",)

    def _compute(self, inputs, dates, assets, mask):
        constant = self.params["const"]
        out = np.full(mask.shape, constant, dtype=self.dtype)
        if self.dtype == object:
            return LabelArray(out, self.missing_value, categories=[constant])
        return out

    @staticmethod
    def _universal_mixin_type():
        return ConstantMixin

    @staticmethod
    def _universal_mixin_specialization_name(principal_type):
        return "Constant" + principal_type.__name__
