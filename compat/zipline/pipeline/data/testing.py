"""A dataset with a column of every dtype, for tests of loaders and terms."""

from __future__ import annotations

from ...utils.numpy_utils import (
    bool_dtype,
    categorical_dtype,
    datetime64ns_dtype,
    float64_dtype,
    int64_dtype,
)
from .dataset import Column, DataSet


class TestingDataSet(DataSet):
    """One column for each dtype."""

    __test__ = False  # no test case, whatever its name says

    bool_col = Column(dtype=bool_dtype, missing_value=False)
    bool_col_default_True = Column(dtype=bool_dtype, missing_value=True)
    float_col = Column(dtype=float64_dtype)
    datetime_col = Column(dtype=datetime64ns_dtype)
    int_col = Column(dtype=int64_dtype, missing_value=0)
    categorical_col = Column(dtype=categorical_dtype)
    categorical_default_explicit_None = Column(dtype=categorical_dtype, missing_value=None)
    categorical_default_NULL_string = Column(dtype=categorical_dtype, missing_value="<<NULL>>")
