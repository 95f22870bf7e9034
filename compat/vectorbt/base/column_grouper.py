"""Columns in groups: which column belongs where, and what may be changed about it."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pandas as pd

from ..utils import checks
from ..utils.array_ import is_sorted
from ..utils.config import Configured
from ..utils.decorators import cached_method
from . import index_fns

_SORTED = (
    "groups must be coherent and sorted, as in [0, 0, 1, 2, 2]: order the columns so that those "
    "of a group are neighbours"
)


def group_by_to_index(index: pd.Index, group_by) -> Any:
    """One label per column: True is one group, a number or word a level, several of these
    levels, anything else the labels themselves. None and False stay.
    """
    if group_by is None or group_by is False:
        return group_by
    if group_by is True:
        group_by = pd.Index(["group"] * len(index))
    elif isinstance(group_by, (int, str)):
        group_by = index_fns.select_levels(index, group_by)
    elif (
        checks.is_sequence(group_by)
        and len(group_by) != len(index)
        and isinstance(group_by[0], (int, str))
        and isinstance(index, pd.MultiIndex)
        and len(group_by) <= index.nlevels
    ):
        with contextlib.suppress(IndexError, KeyError):
            group_by = index_fns.select_levels(index, group_by)
    group_by = group_by if isinstance(group_by, pd.Index) else pd.Index(group_by)
    if len(group_by) != len(index):
        raise ValueError(f"group_by has {len(group_by)} labels for {len(index)} columns")
    return group_by


def get_groups_and_index(index: pd.Index, group_by) -> tuple[np.ndarray, pd.Index]:
    """The group of each column as a number, and the labels of the groups."""
    if group_by is None or group_by is False:
        return np.arange(len(index)), index
    group_by = group_by_to_index(index, group_by)
    codes, labels = pd.factorize(group_by)
    labels = labels if isinstance(labels, pd.Index) else pd.Index(labels)
    if isinstance(group_by, pd.MultiIndex):
        labels.names = group_by.names
    else:
        labels.name = group_by.name
    return codes, labels


def get_group_lens_nb(groups: np.ndarray) -> np.ndarray:
    """Columns per group, of sorted group numbers."""
    groups = np.asarray(groups)
    steps = np.diff(groups)
    if np.any(steps < 0):
        raise ValueError(_SORTED)
    if not len(groups):
        return np.empty(0, np.int64)
    edges = np.concatenate(([0], np.flatnonzero(steps) + 1, [len(groups)]))
    return np.diff(edges).astype(np.int64)


class ColumnGrouper(Configured):
    """Columns and their groups.

    group_by: see `group_by_to_index`; None or False: no groups. allow_enable, allow_disable,
    allow_modify: whether methods may be asked for groups where there are none, for no groups,
    and for other groups.
    """

    def __init__(
        self,
        columns: pd.Index,
        group_by=None,
        allow_enable: bool = True,
        allow_disable: bool = True,
        allow_modify: bool = True,
    ) -> None:
        checks.assert_instance_of(columns, pd.Index)
        Configured.__init__(
            self,
            columns=columns,
            group_by=group_by,
            allow_enable=allow_enable,
            allow_disable=allow_disable,
            allow_modify=allow_modify,
        )
        self._columns = columns
        self._group_by = group_by_to_index(columns, None if group_by is False else group_by)
        self._allow_enable = allow_enable
        self._allow_disable = allow_disable
        self._allow_modify = allow_modify

    @property
    def columns(self) -> pd.Index:
        """All columns."""
        return self._columns

    @property
    def group_by(self) -> pd.Index | None:
        """The label of each column's group; None without groups."""
        return self._group_by

    @property
    def allow_enable(self) -> bool:
        return self._allow_enable

    @property
    def allow_disable(self) -> bool:
        return self._allow_disable

    @property
    def allow_modify(self) -> bool:
        return self._allow_modify

    def is_grouped(self, group_by=None) -> bool:
        """Whether there are groups, with this `group_by`."""
        if group_by is None:
            group_by = self.group_by
        return group_by is not None and group_by is not False

    def is_grouping_enabled(self, group_by=None) -> bool:
        """Whether `group_by` makes groups where there are none."""
        return self.group_by is None and self.is_grouped(group_by)

    def is_grouping_disabled(self, group_by=None) -> bool:
        """Whether `group_by` dissolves groups."""
        return self.group_by is not None and not self.is_grouped(group_by)

    def _keeps(self, group_by) -> bool:
        return group_by is None or (group_by is False and self.group_by is None)

    @cached_method
    def is_grouping_modified(self, group_by=None) -> bool:
        """Whether `group_by` puts columns together in another way; labels do not count."""
        if self._keeps(group_by):
            return False
        group_by = group_by_to_index(self.columns, group_by)
        if not (isinstance(group_by, pd.Index) and isinstance(self.group_by, pd.Index)):
            return True
        if pd.Index.equals(group_by, self.group_by):
            return False
        mine = get_groups_and_index(self.columns, self.group_by)[0]
        return not np.array_equal(get_groups_and_index(self.columns, group_by)[0], mine)

    @cached_method
    def is_grouping_changed(self, group_by=None) -> bool:
        """Whether `group_by` changes anything."""
        if self._keeps(group_by):
            return False
        if isinstance(group_by, pd.Index) and isinstance(self.group_by, pd.Index):
            return not pd.Index.equals(group_by, self.group_by)
        return True

    def is_group_count_changed(self, group_by=None) -> bool:
        """Whether `group_by` may change the number of groups."""
        if self._keeps(group_by):
            return False
        if isinstance(group_by, pd.Index) and isinstance(self.group_by, pd.Index):
            return len(group_by) != len(self.group_by)
        return True

    def check_group_by(
        self,
        group_by=None,
        allow_enable: bool | None = None,
        allow_disable: bool | None = None,
        allow_modify: bool | None = None,
    ) -> None:
        """ValueError where `group_by` is not allowed."""

        def allowed(given, own) -> bool:
            return own if given is None else given

        if self.is_grouping_enabled(group_by):
            if not allowed(allow_enable, self.allow_enable):
                raise ValueError("columns that are not grouped cannot be grouped here")
        elif self.is_grouping_disabled(group_by):
            if not allowed(allow_disable, self.allow_disable):
                raise ValueError("groups cannot be dissolved here")
        elif self.is_grouping_modified(group_by=group_by) and not allowed(
            allow_modify, self.allow_modify
        ):
            raise ValueError("groups cannot be changed here")

    def resolve_group_by(self, group_by=None, **kwargs):
        """The group of each column, with this `group_by`; `kwargs` for `check_group_by`."""
        if group_by is None:
            group_by = self.group_by
        if group_by is False and self.group_by is None:
            group_by = None
        self.check_group_by(group_by=group_by, **kwargs)
        return group_by_to_index(self.columns, group_by)

    @cached_method
    def get_groups_and_columns(self, group_by=None, **kwargs) -> tuple[np.ndarray, pd.Index]:
        """The group of each column as a number, and the labels of the groups."""
        return get_groups_and_index(self.columns, self.resolve_group_by(group_by, **kwargs))

    def get_groups(self, **kwargs) -> np.ndarray:
        """The group of each column as a number."""
        return self.get_groups_and_columns(**kwargs)[0]

    def get_columns(self, **kwargs) -> pd.Index:
        """The labels of the groups."""
        return self.get_groups_and_columns(**kwargs)[1]

    @cached_method
    def is_sorted(self, group_by=None, **kwargs) -> bool:
        """Whether the columns of each group are neighbours, groups in the order of their labels'
        first appearance.
        """
        groups = self.get_groups(group_by=self.resolve_group_by(group_by, **kwargs))
        return bool(is_sorted(groups))

    @cached_method
    def get_group_lens(self, group_by=None, **kwargs) -> np.ndarray:
        """Columns per group."""
        if not self.is_sorted(group_by=group_by):
            raise ValueError(_SORTED)
        group_by = self.resolve_group_by(group_by, **kwargs)
        if group_by is None or group_by is False:
            return np.full(len(self.columns), 1)
        return get_group_lens_nb(self.get_groups(group_by=group_by))

    @cached_method
    def get_group_count(self, **kwargs) -> int:
        return len(self.get_group_lens(**kwargs))

    @cached_method
    def get_group_start_idxs(self, **kwargs) -> np.ndarray:
        """The first column of each group."""
        lengths = self.get_group_lens(**kwargs)
        return np.cumsum(lengths) - lengths

    @cached_method
    def get_group_end_idxs(self, **kwargs) -> np.ndarray:
        """The column after the last one of each group."""
        return np.cumsum(self.get_group_lens(**kwargs))
