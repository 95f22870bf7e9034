"""Which records belong to which column or group."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ....core import record_columns, records
from ..base.array_wrapper import Wrapping


class ColumnMapper(Wrapping):
    """Finds the records of a column; shared by everything that is made of the same records.

    `col_arr` holds the number of the column of each record.
    """

    def __init__(self, wrapper, col_arr, engine=None, **kwargs) -> None:
        Wrapping.__init__(self, wrapper, col_arr=col_arr, engine=engine, **kwargs)
        self._col_arr = np.asarray(col_arr)
        self._engine = engine

    @property
    def engine(self):
        return self._engine

    @property
    def col_arr(self) -> np.ndarray:
        return self._col_arr

    def get_col_arr(self, group_by=None) -> np.ndarray:
        """The number of the column, or of the group, of each record."""
        grouper = self.wrapper.grouper
        if not grouper.is_grouped(group_by=group_by):
            return self.col_arr
        return grouper.get_groups(group_by=group_by)[self.col_arr]

    @cached_property
    def by_column(self) -> records.ColumnMap:
        """Records of each column in the engine's form."""
        return records.map_columns(self.col_arr, len(self.wrapper.columns))

    @cached_property
    def _by_own_group(self) -> records.ColumnMap:
        return self._map_groups(None)

    def _map_groups(self, group_by) -> records.ColumnMap:
        groups = self.get_col_arr(group_by=group_by)
        return records.map_columns(groups, len(self.wrapper.get_columns(group_by=group_by)))

    def by_unit(self, group_by=None) -> records.ColumnMap:
        """Records of each column or group in the engine's form."""
        if not self.wrapper.grouper.is_grouped(group_by=group_by):
            return self.by_column
        return self._by_own_group if group_by is None else self._map_groups(group_by)

    def get_col_map(self, group_by=None, engine=None) -> tuple[np.ndarray, np.ndarray]:
        """The places of all records, column by column (or group), and how many each has."""
        index, start = self.by_unit(group_by)
        return index, np.diff(start)

    @property
    def col_map(self) -> tuple[np.ndarray, np.ndarray]:
        return self.get_col_map(group_by=False)

    def get_col_range(self, group_by=None, engine=None) -> np.ndarray:
        """First and last place (not included) of the records of each column, -1 for none.

        The records must be sorted by column (ValueError).
        """
        if not record_columns.in_sequence(self.get_col_arr(group_by)):
            raise ValueError("col_arr must ascend: sort the records by column first")
        start = self.by_unit(group_by)[1]
        out = np.column_stack((start[:-1], start[1:]))
        out[start[:-1] == start[1:]] = -1
        return out

    @property
    def col_range(self) -> np.ndarray:
        return self.get_col_range(group_by=False)

    def is_sorted(self, engine=None) -> bool:
        """Whether the records are sorted by column."""
        return record_columns.in_sequence(self.col_arr)

    def select(self, col_idxs) -> tuple[np.ndarray, np.ndarray]:
        """Records of the columns `col_idxs`: their places and their new column numbers."""
        return record_columns.select_columns(self.by_column, np.atleast_1d(np.asarray(col_idxs)))
