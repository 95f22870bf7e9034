"""Ranges: records that run from one row to another."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ....core import ranges as core
from ....core import records
from .._settings import settings
from ..base.array_wrapper import ArrayWrapper
from ..base.reshape_fns import to_2d_array, to_pd_array
from ..records.base import Records
from ..records.decorators import attach_fields, override_field_config
from ..records.mapped_array import MappedArray
from ..records.metrics import METRICS_OF_ROWS, metric
from ..utils.config import Config, merge_dicts
from .enums import RangeStatus, range_dt

ranges_field_config = Config(
    {
        "dtype": range_dt,
        "settings": {
            "id": {"title": "Range Id"},
            "idx": {"name": "end_idx"},
            "start_idx": {"title": "Start Timestamp", "mapping": "index"},
            "end_idx": {"title": "End Timestamp", "mapping": "index"},
            "status": {"title": "Status", "mapping": RangeStatus},
        },
    },
    readonly=True,
    as_attrs=False,
)

ranges_attach_field_config = Config(
    {"status": {"attach_filters": True}}, readonly=True, as_attrs=False
)

#: Lines that every kind of range has.
METRICS_OF_COVERAGE = {
    name: metric(
        title,
        "coverage",
        ["ranges", "coverage"],
        overlapping=overlapping,
        normalize=False,
        apply_to_timedelta=True,
    )
    for name, title, overlapping in (
        ("coverage", "Coverage", False),
        ("overlap_coverage", "Overlap Coverage", True),
    )
}


def chosen_columns(series, wrapper, col_idxs):
    """The columns `col_idxs` of prices that records keep; None where there are none."""
    if series is None:
        return None
    return wrapper.wrap(to_2d_array(series)[:, col_idxs], group_by=False)


def _summary(self, out, settings):
    lines = {"Min": "min", "Median": "50%", "Max": "max", "Mean": "mean", "Std": "std"}
    return {title: out.loc[name] for title, name in lines.items()}


@attach_fields(ranges_attach_field_config)
@override_field_config(ranges_field_config)
class Ranges(Records):
    """Ranges of rows; made from a series by `from_ts`, which `ts` keeps."""

    def __init__(self, wrapper, records_arr, ts=None, **kwargs) -> None:
        Records.__init__(self, wrapper, records_arr, ts=ts, **kwargs)
        self._ts = ts

    def indexing_func(self, pd_indexing_func, **kwargs):
        wrapper, records_arr, _, col_idxs = self.indexing_func_meta(pd_indexing_func, **kwargs)
        ts = chosen_columns(self.ts, wrapper, col_idxs)
        return self.replace(wrapper=wrapper, records_arr=records_arr, ts=ts)

    @classmethod
    def from_ts(
        cls, ts, gap_value=None, attach_ts=True, wrapper_kwargs=None, engine=None, **kwargs
    ):
        """A range for each run of values that are not `gap_value`.

        That is False for booleans, -1 for integers and NaN for other numbers, unless given.
        """
        ts = to_pd_array(ts)
        values = to_2d_array(ts)
        if gap_value is None:
            kind = values.dtype.kind
            gap_value = False if kind == "b" else -1 if kind in "iu" else np.nan
        present = values != gap_value
        if gap_value != gap_value:
            present &= values == values
        wrapper = ArrayWrapper.from_obj(ts, **(wrapper_kwargs or {}))
        ts = ts if attach_ts else None
        return cls(wrapper, core.ranges(present), ts=ts, engine=engine, **kwargs)

    @property
    def ts(self):
        """The series that the ranges are of, if it is known."""
        return self._ts

    def _rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        first, last = self.get_field_arr("start_idx"), self.get_field_arr("end_idx")
        return first, last, self.get_field_arr("status")

    def to_mask(self, group_by=None, wrap_kwargs=None, engine=None):
        """Whether a range covers the row, for each column or group."""
        columns = self.col_mapper.by_unit(group_by)
        out = core.masks(*self._rows(), columns, len(self.wrapper.index))
        return self.wrapper.wrap(out, group_by=group_by, **(wrap_kwargs or {}))

    @cached_property
    def duration(self) -> MappedArray:
        """Rows from start to end, one more for what is still open."""
        return self.map_array(records.durations(*self._rows()))

    def avg_duration(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"to_timedelta": True, "name_or_index": "avg_duration", **(wrap_kwargs or {})}
        return self.duration.mean(group_by=group_by, wrap_kwargs=how, **kwargs)

    def max_duration(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"to_timedelta": True, "name_or_index": "max_duration", **(wrap_kwargs or {})}
        return self.duration.max(group_by=group_by, wrap_kwargs=how, **kwargs)

    def coverage(
        self, overlapping=False, normalize=True, group_by=None, wrap_kwargs=None, engine=None
    ):
        """Rows that ranges cover (that more than one covers, with `overlapping`).

        normalize: as a part of all rows (of the covered rows, with `overlapping`).
        """
        columns = self.col_mapper.by_unit(group_by)
        rows = self.wrapper.shape[0]
        covered, overlapped = core.coverage(*self._rows(), columns, rows)
        out = (overlapped if overlapping else covered).astype(float)
        if normalize:
            lengths = self.wrapper.grouper.get_group_lens(group_by=group_by)
            with np.errstate(invalid="ignore", divide="ignore"):
                out = out / (covered if overlapping else lengths * rows)
        out[columns[1][1:] == columns[1][:-1]] = np.nan
        how = {"name_or_index": "coverage", **(wrap_kwargs or {})}
        return self.wrapper.wrap_reduced(out, group_by=group_by, **how)

    @property
    def stats_defaults(self):
        return merge_dicts(
            Records.stats_defaults.__get__(self),  # pyright: ignore
            settings["ranges"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            **METRICS_OF_COVERAGE,
            total_records=metric("Total Records", "count", "records"),
            duration=metric(
                "Duration",
                "duration.describe",
                ["ranges", "duration"],
                post_calc_func=_summary,
                apply_to_timedelta=True,
            ),
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    def _labels_and_values(self, field: str, values: str | None = None):
        """The rows in a field as labels, and the series there: else a field of values, else 0."""
        labels = self.get_map_field_to_index(field)
        if self.ts is not None:
            return labels, to_2d_array(self.ts)[self.get_field_arr(field), 0]
        if values is not None:
            return labels, self.get_field_arr(values)
        return labels, np.zeros(len(labels), np.int64)

    def _as_text(self, durations: np.ndarray) -> np.ndarray:
        """Numbers of rows as spans of time, where the frequency is known, in words."""
        spans = self.wrapper.to_timedelta(durations, to_pd=True, silence_warnings=True)
        return np.array([str(span) for span in spans])

    def plot(
        self,
        column=None,
        top_n: int | None = 5,
        plot_zones: bool = True,
        ts_trace_kwargs: dict | None = None,
        start_trace_kwargs: dict | None = None,
        end_trace_kwargs: dict | None = None,
        open_shape_kwargs: dict | None = None,
        closed_shape_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig=None,
        **layout_kwargs,
    ):
        """The series, and where the `top_n` longest ranges start and end; plot_zones: shaded.

        *_trace_kwargs, *_shape_kwargs: of the traces and shapes of Plotly; xref, yref: the axes.
        """
        from .canvas import Canvas, color, contrast, marker

        own = self.select_one(column=column, group_by=False)
        if top_n is not None:
            own = own.apply_mask(own.duration.top_n_mask(top_n))
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, xref, yref)
        if own.ts is not None:
            canvas.line(own.ts, ts_trace_kwargs, line={"color": color("blue")})
        if not len(own.values):
            return canvas.fig
        ids = own.get_field_title("id"), own.get_field_arr("id")
        start, start_value = own._labels_and_values("start_idx")
        end, end_value = own._labels_and_values("end_idx")
        duration = own._as_text(own.duration.values)
        canvas.points(
            "Start",
            start,
            start_value,
            marker("diamond", contrast("blue")),
            [ids, (own.get_field_title("start_idx"), "x")],
            start_trace_kwargs,
        )
        status = own.get_field_arr("status")
        for name, number, points, fillcolor, shape_kwargs in (
            ("Closed", RangeStatus.Closed, "green", "teal", closed_shape_kwargs),
            ("Open", RangeStatus.Open, "orange", "orange", open_shape_kwargs),
        ):
            chosen = status == number
            if not chosen.any():
                continue
            canvas.points(
                name,
                end[chosen],
                end_value[chosen],
                marker("diamond", contrast(points)),
                [
                    (ids[0], ids[1][chosen]),
                    (own.get_field_title("end_idx"), "x"),
                    ("Duration", duration[chosen]),
                ],
                end_trace_kwargs,
            )
            if plot_zones:
                canvas.zones((start[chosen], end[chosen]), fillcolor, shape_kwargs)
        return canvas.fig

    @property
    def plots_defaults(self):
        return merge_dicts(
            Records.plots_defaults.__get__(self),  # pyright: ignore
            settings["ranges"]["plots"],
        )

    _subplots = Config(
        {
            "plot": {
                "title": "Ranges",
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "tags": "ranges",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )
