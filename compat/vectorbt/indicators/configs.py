"""Settings for parameters that have a value for each row and column, kept as small as given."""

from __future__ import annotations

from ..utils.config import Config

#: A value, or one for each row, column or cell of the input.
flex_elem_param_config = Config(
    {"is_array_like": True, "bc_to_input": True, "broadcast_kwargs": {"keep_raw": True}}
)

#: A value, or one for each column of the input.
flex_col_param_config = Config(
    {
        "is_array_like": True,
        "bc_to_input": 1,
        "per_column": True,
        "broadcast_kwargs": {"keep_raw": True},
    }
)
