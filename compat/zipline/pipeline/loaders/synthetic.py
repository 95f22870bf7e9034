"""Loaders of made-up values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...data.actions import Actions
from ...data.adjustments import SQLiteAdjustmentReader
from ...unsupported import module_gaps
from ...utils.numpy_utils import (
    bool_dtype,
    datetime64ns_dtype,
    float64_dtype,
    int64_dtype,
    object_dtype,
)
from .base import PipelineLoader
from .frame import DataFrameLoader

__getattr__ = module_gaps("zipline.pipeline.loaders.synthetic")


class PrecomputedLoader(PipelineLoader):
    """Brings the same values whatever is asked.

    constants: for each column a scalar or an array [dates, sids].
    """

    def __init__(self, constants, dates, sids) -> None:
        self._loaders = {}
        for column, values in constants.items():
            # An array, not a scalar: pandas would guess a dtype of its own for texts.
            whole = np.full((len(dates), len(sids)), values, dtype=column.dtype)
            frame = pd.DataFrame(whole, index=dates, columns=sids, dtype=column.dtype)
            self._loaders[column] = DataFrameLoader(column, frame)

    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        """The values of the columns; ValueError for a column without values."""
        loaded = {}
        for column in columns:
            loader = self._loaders.get(column) or self._loaders.get(column.unspecialize())
            if loader is None:
                raise ValueError(f"There are no values for {column}.")
            loaded |= loader.load_adjusted_array(domain, [column], dates, sids, mask)
        return loaded


class EyeLoader(PrecomputedLoader):
    """Brings ones on the diagonal, zeros elsewhere."""

    def __init__(self, columns, dates, sids) -> None:
        values = {one: np.eye(len(dates), len(sids), dtype=one.dtype) for one in columns}
        super().__init__(values, dates, sids)


class SeededRandomLoader(PrecomputedLoader):
    """Brings random values: floats and integers from 0 to 100, dates of 2014, yes or no, digits.

    seed: every column begins with it anew.
    """

    def __init__(self, seed, columns, dates, sids) -> None:
        self._seed = seed
        super().__init__({c: self.values(c.dtype, dates, sids) for c in columns}, dates, sids)

    @property
    def state(self) -> np.random.RandomState:
        """A new source of random numbers from the seed."""
        return np.random.RandomState(self._seed)

    def values(self, dtype, dates, sids) -> np.ndarray:
        """Random values [dates, sids]; KeyError for a dtype that columns cannot have."""
        makers = {
            datetime64ns_dtype: self._dates,
            float64_dtype: lambda shape: self.state.uniform(0.0, 100.0, shape),
            int64_dtype: self._integers,
            bool_dtype: lambda shape: self.state.randn(*shape) < 0,
            object_dtype: lambda shape: self._integers(shape).astype(str).astype(object),
        }
        return makers[dtype]((len(dates), len(sids)))

    def _integers(self, shape) -> np.ndarray:
        return self.state.randint(0, 100, shape).astype(np.int64)

    def _dates(self, shape) -> np.ndarray:
        days = self.state.randint(0, 364, shape).astype("timedelta64[D]")
        return np.datetime64("2014-01-01", "ns") + days


class NullAdjustmentReader(SQLiteAdjustmentReader):
    """A reader of no adjustments."""

    def __init__(self) -> None:
        super().__init__(Actions())
