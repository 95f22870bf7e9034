"""A loader of the next and the previous value of events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..common import EVENT_DATE_FIELD_NAME, SID_FIELD_NAME, TS_FIELD_NAME
from .base import PipelineLoader
from .frame import DataFrameLoader
from .utils import next_event_indexer, previous_event_indexer


def required_event_fields(next_value_columns, previous_value_columns) -> set[str]:
    """The fields that a table of events must have."""
    fields = {TS_FIELD_NAME, SID_FIELD_NAME, EVENT_DATE_FIELD_NAME}
    return fields.union(next_value_columns.values(), previous_value_columns.values())


def validate_column_specs(events, next_value_columns, previous_value_columns) -> None:
    """Raise ValueError unless a table of events has all fields."""
    required = required_event_fields(next_value_columns, previous_value_columns)
    missing = sorted(required - set(events.columns))
    if missing:
        raise ValueError(
            f"The events lack the columns {missing}; they have {sorted(events.columns)}."
        )


class EventsLoader(PipelineLoader):
    """Brings values of the next or of the previous event of each asset.

    events: a table with sid, event_date (when it happens), timestamp (since when it is known) and
    further fields; rows without event_date do not count. next_value_columns,
    previous_value_columns: for each bound column the field whose value it shows.
    """

    def __init__(self, events, next_value_columns, previous_value_columns) -> None:
        validate_column_specs(events, next_value_columns, previous_value_columns)
        dated = events[events[EVENT_DATE_FIELD_NAME].notnull()]
        in_time = dated.sort_values(EVENT_DATE_FIELD_NAME)
        #: The fields as arrays, by event_date.
        self.events = {name: np.asarray(values) for name, values in in_time.items()}
        self.next_value_columns = next_value_columns
        self.previous_value_columns = previous_value_columns

    def split_next_and_previous_event_columns(self, requested_columns) -> tuple[list, list]:
        """(columns of the next event, columns of the previous one); ValueError for others."""
        upcoming, past = [], []
        for column in requested_columns:
            if column in self.next_value_columns:
                upcoming.append(column)
            elif column in self.previous_value_columns:
                past.append(column)
            else:
                raise ValueError(f"This EventsLoader does not bring {column}.")
        return upcoming, past

    def _events(self) -> tuple:
        names = (EVENT_DATE_FIELD_NAME, TS_FIELD_NAME, SID_FIELD_NAME)
        return tuple(self.events[name] for name in names)

    def next_event_indexer(self, dates, data_query_cutoff, sids):
        """int64 [dates, sids]: the place of the next event, -1 for none."""
        return next_event_indexer(dates, data_query_cutoff, sids, *self._events())

    def previous_event_indexer(self, data_query_time, sids):
        """int64 [dates, sids]: the place of the previous event, -1 for none."""
        return previous_event_indexer(data_query_time, sids, *self._events())

    def load_next_events(self, domain, columns, dates, data_query_time, sids, mask) -> dict:
        """The columns of the next event."""
        if not columns:
            return {}
        places = self.next_event_indexer(dates, data_query_time, sids)
        names = self.next_value_columns
        return self._load_events(names, places, domain, columns, dates, sids, mask)

    def load_previous_events(self, domain, columns, dates, data_query_time, sids, mask) -> dict:
        """The columns of the previous event."""
        if not columns:
            return {}
        places = self.previous_event_indexer(data_query_time, sids)
        names = self.previous_value_columns
        return self._load_events(names, places, domain, columns, dates, sids, mask)

    def _load_events(self, names, places, domain, columns, dates, sids, mask) -> dict:
        loaded = {}
        for column in columns:
            values = self.events[names[column]]
            if len(values):
                shown = values[places]
                shown[places < 0] = column.missing_value
            else:
                shown = np.full(places.shape, column.missing_value, dtype=column.dtype)
            frame = pd.DataFrame(shown, index=dates, columns=sids, dtype=shown.dtype)
            loader = DataFrameLoader(column, frame)
            loaded |= loader.load_adjusted_array(domain, [column], dates, sids, mask)
        return loaded

    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        cutoffs = domain.data_query_cutoff_for_sessions(dates)
        upcoming, past = self.split_next_and_previous_event_columns(columns)
        return {
            **self.load_next_events(domain, upcoming, dates, cutoffs, sids, mask),
            **self.load_previous_events(domain, past, dates, cutoffs, sids, mask),
        }
