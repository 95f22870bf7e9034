"""Drawdowns: falls of a series below a peak, until it is back there or the series ends."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ....core import records
from .._settings import settings
from ..base.array_wrapper import ArrayWrapper
from ..base.reshape_fns import to_2d_array, to_pd_array
from ..records.decorators import attach_fields, override_field_config
from ..records.mapped_array import MappedArray
from ..records.metrics import METRICS_OF_ROWS, in_percent, metric
from ..utils.config import Config, merge_dicts
from ..utils.template import RepEval
from .enums import DrawdownStatus, drawdown_dt
from .ranges import Ranges

dd_field_config = Config(
    {
        "dtype": drawdown_dt,
        "settings": {
            "id": {"title": "Drawdown Id"},
            "peak_idx": {"title": "Peak Timestamp", "mapping": "index"},
            "valley_idx": {"title": "Valley Timestamp", "mapping": "index"},
            "peak_val": {"title": "Peak Value"},
            "valley_val": {"title": "Valley Value"},
            "end_val": {"title": "End Value"},
            "status": {"mapping": DrawdownStatus},
        },
    },
    readonly=True,
    as_attrs=False,
)

dd_attach_field_config = Config({"status": {"attach_filters": True}}, readonly=True, as_attrs=False)


def _fall_in_percent(self, out, settings):
    return -out * 100


def _of_recovered(calculation: str) -> RepEval:
    """A calculation over the recovered drawdowns, over all with the setting `incl_active`."""
    return RepEval(f"'{calculation}' if incl_active else 'recovered.{calculation}'")


def _tags_of_recovered(*more: str) -> RepEval:
    every = ["drawdowns", *more]
    return RepEval(f"{every!r} if incl_active else {['drawdowns', 'recovered', *more]!r}")


def _active(title: str, calculation: str, **more) -> dict:
    tags = ["drawdowns", "active"]
    if "fill_wrap_kwargs" in more:
        tags.append("duration")
    return metric(title, calculation, tags, **more, check_is_not_grouped=True)


@attach_fields(dd_attach_field_config)
@override_field_config(dd_field_config)
class Drawdowns(Ranges):
    """Drawdowns of the columns of a series; made by `from_ts`."""

    active: Drawdowns
    recovered: Drawdowns

    @classmethod
    def from_ts(cls, ts, attach_ts=True, wrapper_kwargs=None, engine=None, **kwargs):
        ts = to_pd_array(ts)
        records_arr = records.drawdowns(to_2d_array(ts))
        wrapper = ArrayWrapper.from_obj(ts, **(wrapper_kwargs or {}))
        return cls(wrapper, records_arr, ts=ts if attach_ts else None, engine=engine, **kwargs)

    @cached_property
    def drawdown(self) -> MappedArray:
        """Depth at the valley as a part of the peak, negative."""
        peak, valley = self.get_field_arr("peak_val"), self.get_field_arr("valley_val")
        return self.map_array(_change(peak, valley))

    def avg_drawdown(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"name_or_index": "avg_drawdown", **(wrap_kwargs or {})}
        return self.drawdown.mean(group_by=group_by, wrap_kwargs=how, **kwargs)

    def max_drawdown(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"name_or_index": "max_drawdown", **(wrap_kwargs or {})}
        return self.drawdown.min(group_by=group_by, wrap_kwargs=how, **kwargs)

    @cached_property
    def recovery_return(self) -> MappedArray:
        """Gain from the valley to the end as a part of the valley."""
        valley, end = self.get_field_arr("valley_val"), self.get_field_arr("end_val")
        return self.map_array(_change(valley, end))

    def avg_recovery_return(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"name_or_index": "avg_recovery_return", **(wrap_kwargs or {})}
        return self.recovery_return.mean(group_by=group_by, wrap_kwargs=how, **kwargs)

    def max_recovery_return(self, group_by=None, wrap_kwargs=None, **kwargs):
        how = {"name_or_index": "max_recovery_return", **(wrap_kwargs or {})}
        return self.recovery_return.max(group_by=group_by, wrap_kwargs=how, **kwargs)

    @cached_property
    def decline_duration(self) -> MappedArray:
        """Rows from start to valley, both included."""
        first, valley = self.get_field_arr("start_idx"), self.get_field_arr("valley_idx")
        return self.map_array(valley - first + 1)

    @cached_property
    def recovery_duration(self) -> MappedArray:
        """Rows from valley to end."""
        valley, end = self.get_field_arr("valley_idx"), self.get_field_arr("end_idx")
        return self.map_array(end - valley)

    @cached_property
    def recovery_duration_ratio(self) -> MappedArray:
        """Duration of the recovery as a part of that of the decline."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.map_array(self.recovery_duration.values / self.decline_duration.values)

    # The drawdown at the last row

    def _not_grouped(self, group_by) -> None:
        if self.wrapper.grouper.is_grouped(group_by=group_by):
            raise ValueError(
                "groups have no active drawdown; pass group_by=False for that of each column"
            )

    def _last_active(self, field: str, group_by):
        return getattr(self.active, field).nth(-1, group_by=group_by)

    def active_drawdown(self, group_by=None, wrap_kwargs=None):
        """How far the last value is below the peak, as a part of it, negative."""
        self._not_grouped(group_by)
        end, peak = (self._last_active(field, group_by) for field in ("end_val", "peak_val"))
        how = {"name_or_index": "active_drawdown", **(wrap_kwargs or {})}
        return self.wrapper.wrap_reduced((end - peak) / peak, group_by=group_by, **how)

    def active_duration(self, group_by=None, wrap_kwargs=None, **kwargs):
        self._not_grouped(group_by)
        how = {"to_timedelta": True, "name_or_index": "active_duration", **(wrap_kwargs or {})}
        return self.active.duration.nth(-1, group_by=group_by, wrap_kwargs=how, **kwargs)

    def active_recovery(self, group_by=None, wrap_kwargs=None):
        """Which part of the fall has been made good at the last value."""
        self._not_grouped(group_by)
        fields = ("end_val", "peak_val", "valley_val")
        end, peak, valley = (self._last_active(field, group_by) for field in fields)
        how = {"name_or_index": "active_recovery", **(wrap_kwargs or {})}
        out = (end - valley) / (peak - valley)
        return self.wrapper.wrap_reduced(out, group_by=group_by, **how)

    def active_recovery_return(self, group_by=None, wrap_kwargs=None, **kwargs):
        self._not_grouped(group_by)
        how = {"name_or_index": "active_recovery_return", **(wrap_kwargs or {})}
        return self.active.recovery_return.nth(-1, group_by=group_by, wrap_kwargs=how, **kwargs)

    def active_recovery_duration(self, group_by=None, wrap_kwargs=None, **kwargs):
        self._not_grouped(group_by)
        how = {
            "to_timedelta": True,
            "name_or_index": "active_recovery_duration",
            **(wrap_kwargs or {}),
        }
        return self.active.recovery_duration.nth(-1, group_by=group_by, wrap_kwargs=how, **kwargs)

    @property
    def stats_defaults(self):
        return merge_dicts(
            Ranges.stats_defaults.__get__(self),  # pyright: ignore
            settings["drawdowns"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            coverage=metric(
                "Coverage [%]", "coverage", ["ranges", "duration"], post_calc_func=in_percent
            ),
            total_records=metric("Total Records", "count", "records"),
            total_recovered=metric("Total Recovered Drawdowns", "recovered.count", "drawdowns"),
            total_active=metric("Total Active Drawdowns", "active.count", "drawdowns"),
            active_dd=_active(
                "Active Drawdown [%]", "active_drawdown", post_calc_func=_fall_in_percent
            ),
            active_duration=_active("Active Duration", "active_duration", fill_wrap_kwargs=True),
            active_recovery=_active(
                "Active Recovery [%]", "active_recovery", post_calc_func=in_percent
            ),
            active_recovery_return=_active(
                "Active Recovery Return [%]", "active_recovery_return", post_calc_func=in_percent
            ),
            active_recovery_duration=_active(
                "Active Recovery Duration", "active_recovery_duration", fill_wrap_kwargs=True
            ),
            **{
                name: metric(
                    title,
                    _of_recovered(calculation),
                    _tags_of_recovered(),
                    post_calc_func=_fall_in_percent,
                )
                for name, title, calculation in (
                    ("max_dd", "Max Drawdown [%]", "max_drawdown"),
                    ("avg_dd", "Avg Drawdown [%]", "avg_drawdown"),
                )
            },
            **{
                name: metric(
                    title,
                    _of_recovered(calculation),
                    _tags_of_recovered("duration"),
                    fill_wrap_kwargs=True,
                )
                for name, title, calculation in (
                    ("max_dd_duration", "Max Drawdown Duration", "max_duration"),
                    ("avg_dd_duration", "Avg Drawdown Duration", "avg_duration"),
                )
            },
            **{
                name: metric(
                    title,
                    f"recovered.recovery_return.{how}",
                    ["drawdowns", "recovered"],
                    post_calc_func=in_percent,
                )
                for name, title, how in (
                    ("max_return", "Max Recovery Return [%]", "max"),
                    ("avg_return", "Avg Recovery Return [%]", "mean"),
                )
            },
            **{
                name: metric(
                    title,
                    f"recovered.recovery_duration.{how}",
                    ["drawdowns", "recovered", "duration"],
                    apply_to_timedelta=True,
                )
                for name, title, how in (
                    ("max_recovery_duration", "Max Recovery Duration", "max"),
                    ("avg_recovery_duration", "Avg Recovery Duration", "mean"),
                )
            },
            recovery_duration_ratio=metric(
                "Avg Recovery Duration Ratio",
                "recovered.recovery_duration_ratio.mean",
                ["drawdowns", "recovered"],
            ),
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    def plot(
        self,
        column=None,
        top_n: int | None = 5,
        plot_zones: bool = True,
        ts_trace_kwargs: dict | None = None,
        peak_trace_kwargs: dict | None = None,
        valley_trace_kwargs: dict | None = None,
        recovery_trace_kwargs: dict | None = None,
        active_trace_kwargs: dict | None = None,
        decline_shape_kwargs: dict | None = None,
        recovery_shape_kwargs: dict | None = None,
        active_shape_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        xref: str = "x",
        yref: str = "y",
        fig=None,
        **layout_kwargs,
    ):
        """The series, and peaks, valleys and ends of the `top_n` deepest drawdowns.

        plot_zones: declines and recoveries are shaded. *_trace_kwargs, *_shape_kwargs: of the
        traces and shapes of Plotly; xref, yref: the axes.
        """
        from .canvas import Canvas, color, contrast, marker

        own = self.select_one(column=column, group_by=False)
        if top_n is not None:
            own = own.apply_mask(own.drawdown.bottom_n_mask(top_n))
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs, xref, yref)
        if own.ts is not None:
            canvas.line(own.ts, ts_trace_kwargs, line={"color": color("blue")})
        if not len(own.values):
            return canvas.fig
        ids = own.get_field_arr("id")
        places = {
            kind: own._labels_and_values(f"{kind}_idx", f"{kind}_val")
            for kind in ("peak", "valley", "end")
        }

        def points(name, kind, chosen, hue, details, given):
            labels, values = places[kind]
            told = [
                (own.get_field_title("id"), ids[chosen]),
                (own.get_field_title(f"{kind}_idx"), "x"),
                (own.get_field_title(f"{kind}_val"), "y"),
                *((title, of[chosen], *written) for title, of, *written in details),
            ]
            style = marker("diamond", contrast(hue))
            canvas.points(name, labels[chosen], values[chosen], style, told, given)

        def zones(first, last, chosen, fillcolor, given):
            if plot_zones:
                sides = places[first][0][chosen], places[last][0][chosen]
                canvas.zones(sides, fillcolor, given)

        # Where one begins in the row in which the one before has ended, that end is marked.
        alone = places["peak"][0] != np.roll(places["end"][0], 1)
        if alone.any():
            points("Peak", "peak", alone, "blue", [], peak_trace_kwargs)
        fall = own.drawdown.values
        status = own.get_field_arr("status")
        recovered = status == DrawdownStatus.Recovered
        if recovered.any():
            told = [
                ("Drawdown", fall, ".2%"),
                ("Duration", own._as_text(own.decline_duration.values)),
            ]
            points("Valley", "valley", recovered, "red", told, valley_trace_kwargs)
            zones("peak", "valley", recovered, "red", decline_shape_kwargs)
            told = [
                ("Return", own.recovery_return.values, ".2%"),
                ("Duration", own._as_text(own.recovery_duration.values)),
            ]
            points("Recovery/Peak", "end", recovered, "green", told, recovery_trace_kwargs)
            zones("valley", "end", recovered, "green", recovery_shape_kwargs)
        active = status == DrawdownStatus.Active
        if active.any():
            told = [("Return", fall, ".2%"), ("Duration", own._as_text(own.duration.values))]
            points("Active", "end", active, "orange", told, active_trace_kwargs)
            zones("peak", "end", active, "orange", active_shape_kwargs)
        return canvas.fig

    @property
    def plots_defaults(self):
        return merge_dicts(
            Ranges.plots_defaults.__get__(self),  # pyright: ignore
            settings["drawdowns"]["plots"],
        )

    _subplots = Config(
        {
            "plot": {
                "title": "Drawdowns",
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "tags": "drawdowns",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )


def _change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return (after - before) / before
