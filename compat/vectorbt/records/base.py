"""Records: a structured array with an id, a column and (mostly) a row for each record."""

from __future__ import annotations

import inspect
import string

import numpy as np
import pandas as pd

from ....core import record_calls, record_columns
from .._settings import settings
from ..base.array_wrapper import Wrapping
from ..generic.plots_builder import PlotsBuilderMixin
from ..generic.stats_builder import StatsBuilderMixin
from ..utils import checks
from ..utils.attr_ import get_dict_attr
from ..utils.config import Config, merge_dicts
from .col_mapper import ColumnMapper
from .mapped_array import MappedArray, replaced_without_columns
from .metrics import METRICS_OF_ROWS, metric


class MetaFields(type):
    @property
    def field_config(cls) -> Config:
        """What the fields are called, and what their numbers stand for."""
        return cls._field_config  # pyright: ignore[reportAttributeAccessIssue]


class RecordsWithFields(metaclass=MetaFields):
    """What has a `field_config`."""

    _field_config: Config

    @property
    def field_config(self) -> Config:
        return self._field_config


class MetaRecords(type(StatsBuilderMixin), type(PlotsBuilderMixin), MetaFields):
    pass


class Records(
    Wrapping, StatsBuilderMixin, PlotsBuilderMixin, RecordsWithFields, metaclass=MetaRecords
):
    """Records of one kind: `values` is the structured array, `records` the same as a DataFrame.

    Indexing selects columns or groups. Subclasses say in `field_config` what their fields are
    (see `decorators.override_field_config` and `decorators.attach_fields`).
    """

    _field_config = Config(
        {
            "dtype": None,
            "settings": {
                "id": {"name": "id", "title": "Id"},
                "col": {"name": "col", "title": "Column", "mapping": "columns"},
                "idx": {"name": "idx", "title": "Timestamp", "mapping": "index"},
            },
        },
        readonly=True,
        as_attrs=False,
    )

    @property
    def field_config(self) -> Config:
        """What the fields of ${cls_name} are called, and what their numbers stand for.

        ${field_config}
        """
        return self._field_config

    def __init__(self, wrapper, records_arr, col_mapper=None, engine=None, **kwargs) -> None:
        Wrapping.__init__(
            self,
            wrapper,
            records_arr=records_arr,
            col_mapper=col_mapper,
            engine=engine,
            **kwargs,
        )
        StatsBuilderMixin.__init__(self)
        records_arr = np.asarray(records_arr)
        names = records_arr.dtype.names
        checks.assert_not_none(names)
        assert names is not None
        dtype = self.field_config.get("dtype", None)
        if dtype is not None:
            settings = self.field_config.get("settings", {})
            known = {settings[field].get("name", field) for field in settings}
            for field in dtype.names:
                if field not in names and field not in known:
                    raise TypeError(
                        f"{type(self).__name__} need the field {field!r}; the records have "
                        + ", ".join(names)
                    )
        self._records_arr = records_arr
        self._engine = engine
        if col_mapper is None:
            col_mapper = ColumnMapper(wrapper, self.col_arr, engine=engine)
        self._col_mapper = col_mapper

    @property
    def engine(self):
        return self._engine

    def replace(self, **kwargs):
        """A copy with some of its arguments changed."""
        return replaced_without_columns(self, kwargs, "records_arr", self.records_arr)

    def get_by_col_idxs(self, col_idxs, engine=None) -> np.ndarray:
        """The records of the columns `col_idxs`, which are columns 0, 1, ... of the result."""
        places, columns = self.col_mapper.select(col_idxs)
        out = self.values[places]
        out["col"] = columns
        return out

    def indexing_func_meta(self, pd_indexing_func, **kwargs):
        wrapper, _, group_idxs, col_idxs = self.wrapper.indexing_func_meta(
            pd_indexing_func, column_only_select=True, **kwargs
        )
        return wrapper, self.get_by_col_idxs(col_idxs), group_idxs, col_idxs

    def indexing_func(self, pd_indexing_func, **kwargs):
        wrapper, records_arr, _, _ = self.indexing_func_meta(pd_indexing_func, **kwargs)
        return self.replace(wrapper=wrapper, records_arr=records_arr)

    # Tables

    @property
    def records_arr(self) -> np.ndarray:
        return self._records_arr

    @property
    def values(self) -> np.ndarray:
        return self._records_arr

    def __len__(self) -> int:
        return len(self.values)

    @property
    def records(self) -> pd.DataFrame:
        return pd.DataFrame.from_records(self.values)

    @property
    def recarray(self) -> np.recarray:
        return self.values.view(np.recarray)

    @property
    def col_mapper(self) -> ColumnMapper:
        return self._col_mapper

    @property
    def records_readable(self) -> pd.DataFrame:
        """The records with titles, labels and words instead of names and numbers."""
        fields = self.field_config.get("settings", {})
        out = {}
        for name in self.values.dtype.names or ():
            field = fields.get(name, {})
            if field.get("ignore", False):
                continue
            title = field.get("title", field.get("name", name))
            mapping = field.get("mapping")
            if isinstance(mapping, str) and mapping == "index":
                out[title] = self.get_map_field_to_index(name)
            elif "mapping" in field:
                out[title] = pd.Series(self.get_apply_mapping_arr(name), dtype=object)
            else:
                out[title] = self.values[name]
        return pd.DataFrame(out, index=pd.RangeIndex(len(self.values)))

    # Fields

    def get_field_setting(self, field, setting, default=None):
        return self.field_config.get("settings", {}).get(field, {}).get(setting, default)

    def get_field_name(self, field) -> str:
        """The name of the field in the array, which subclasses may have changed."""
        return self.get_field_setting(field, "name", field)

    def get_field_title(self, field) -> str:
        return self.get_field_setting(field, "title", field)

    def get_field_mapping(self, field):
        return self.get_field_setting(field, "mapping", None)

    def get_field_arr(self, field) -> np.ndarray:
        return self.values[self.get_field_name(field)]

    def get_map_field(self, field, **kwargs) -> MappedArray:
        """The field as a mapped array that knows what its values stand for."""
        return self.map_field(
            self.get_field_name(field), mapping=self.get_field_mapping(field), **kwargs
        )

    def get_apply_mapping_arr(self, field, **kwargs) -> np.ndarray:
        """The field as what its values stand for."""
        return self.get_map_field(field, **kwargs).mapped_values()

    def get_map_field_to_index(self, field, **kwargs) -> pd.Index:
        """The field, which holds rows, as labels of the index."""
        return self.get_map_field(field, **kwargs).to_index()

    @property
    def id_arr(self) -> np.ndarray:
        return self.values[self.get_field_name("id")]

    @property
    def col_arr(self) -> np.ndarray:
        return self.values[self.get_field_name("col")]

    @property
    def idx_arr(self):
        """The row of each record; None where `field_config` names no field for it."""
        name = self.get_field_name("idx")
        return None if name is None else self.values[name]

    # Choosing, sorting, mapping

    def is_sorted(self, incl_id=False, engine=None) -> bool:
        """Whether the records are sorted by column (and id)."""
        return record_columns.in_sequence(self.col_arr, self.id_arr if incl_id else None)

    def sort(self, incl_id=False, group_by=None, engine=None, **kwargs):
        """Sorted by column (and id), records of a column in their sequence."""
        if self.is_sorted(incl_id=incl_id):
            return self.replace(**kwargs).regroup(group_by)
        if incl_id:
            places = np.lexsort((self.id_arr, self.col_arr))
        else:
            places = np.argsort(self.col_arr, kind="stable")
        return self.replace(records_arr=self.values[places], **kwargs).regroup(group_by)

    def apply_mask(self, mask, group_by=None, **kwargs):
        """The records where `mask` is true."""
        places = np.flatnonzero(mask)
        values = self.values
        # Where every record stays, so does the array, and what is known about it.
        chosen = values if len(places) == len(values) == len(mask) else values[places]
        return self.replace(records_arr=chosen, **kwargs).regroup(group_by)

    def map_array(self, a, idx_arr=None, mapping=None, group_by=None, **kwargs) -> MappedArray:
        """One value per record as a mapped array."""
        a = np.asarray(a)
        checks.assert_shape_equal(a, self.values)
        return MappedArray(
            self.wrapper,
            a,
            self.col_arr,
            id_arr=self.id_arr,
            idx_arr=self.idx_arr if idx_arr is None else idx_arr,
            mapping=mapping,
            col_mapper=self.col_mapper,
            engine=self.engine,
            **kwargs,
        ).regroup(group_by)

    def map_field(self, field, **kwargs) -> MappedArray:
        """A field, by its name in the array, as a mapped array."""
        return self.map_array(self.values[field], **kwargs)

    def map(self, map_func_nb, *args, dtype=None, **kwargs) -> MappedArray:
        """`map_func_nb(record, *args)` of each record as a mapped array."""
        checks.assert_numba_func(map_func_nb)
        out = record_calls.map_records(self.values, map_func_nb, *args)
        return self.map_array(np.asarray(out, dtype=dtype), **kwargs)

    def apply(
        self, apply_func_nb, *args, group_by=None, apply_per_group=False, dtype=None, **kwargs
    ) -> MappedArray:
        """`apply_func_nb(records_of_column, *args)` of each column (or group), one per record."""
        checks.assert_numba_func(apply_func_nb)
        col_map = self.col_mapper.get_col_map(group_by if apply_per_group else False)
        out = record_calls.apply_to_records(self.values, col_map, apply_func_nb, *args)
        return self.map_array(np.asarray(out, dtype=dtype), group_by=group_by, **kwargs)

    def count(self, group_by=None, wrap_kwargs=None):
        """Records per column or group."""
        how = {"name_or_index": "count", **(wrap_kwargs or {})}
        count = np.diff(self.col_mapper.by_unit(group_by)[1])
        return self.wrapper.wrap_reduced(count, group_by=group_by, **how)

    @property
    def stats_defaults(self):
        return merge_dicts(
            StatsBuilderMixin.stats_defaults.__get__(self),  # pyright: ignore
            settings["records"]["stats"],
        )

    _metrics = Config(
        dict(**METRICS_OF_ROWS, count=metric("Count", "count", "records")),
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def metrics(self) -> Config:
        return self._metrics

    @property
    def plots_defaults(self):
        return merge_dicts(
            PlotsBuilderMixin.plots_defaults.__get__(self),  # pyright: ignore
            settings["records"]["plots"],
        )

    @property
    def subplots(self) -> Config:
        return self._subplots

    @classmethod
    def build_field_config_doc(cls, source_cls=None) -> str:
        """The document of `field_config`, with the fields of this class in it."""
        doc = get_dict_attr(source_cls or Records, "field_config").__doc__
        names = {"field_config": cls.field_config.to_doc(), "cls_name": cls.__name__}
        return string.Template(inspect.cleandoc(doc)).substitute(names)

    @classmethod
    def override_field_config_doc(cls, __pdoc__: dict, source_cls=None) -> None:
        """Put that document into a table of documents."""
        doc = cls.build_field_config_doc(source_cls=source_cls)
        __pdoc__[f"{cls.__name__}.field_config"] = doc
