"""Logs: the account before and after each order, what it asked for and what became of it."""

from __future__ import annotations

from .._settings import settings
from ..base.reshape_fns import to_dict
from ..records.base import Records
from ..records.decorators import attach_fields, override_field_config
from ..records.metrics import METRICS_OF_ROWS, metric
from ..utils.config import Config, merge_dicts
from .enums import Direction, OrderSide, OrderStatus, OrderStatusInfo, SizeType, log_dt

#: Names of fields whose title is not the name in capitals.
_TITLES = {
    "reject_prob": "Rejection Prob",
    "raise_reject": "Raise Rejection",
}
_PARTS = {"req": "Request", "new": "New", "res": "Result"}
_WORDS = {
    "req_size_type": SizeType,
    "req_direction": Direction,
    "res_side": OrderSide,
    "res_status": OrderStatus,
    "res_status_info": OrderStatusInfo,
}


def _title(field: str) -> str:
    if field == "id":
        return "Log Id"
    part, _, rest = field.partition("_")
    if part not in _PARTS:
        return field.replace("_", " ").title()
    return f"{_PARTS[part]} {_TITLES.get(rest) or rest.replace('_', ' ').title()}"


logs_field_config = Config(
    {
        "dtype": log_dt,
        "settings": {
            field: {"title": _title(field)}
            | ({"mapping": _WORDS[field]} if field in _WORDS else {})
            for field in log_dt.names or ()
            if field not in ("col", "idx")
        },
    },
    readonly=True,
    as_attrs=False,
)

logs_attach_field_config = Config(
    {field: {"attach_filters": True} for field in ("res_side", "res_status", "res_status_info")},
    readonly=True,
    as_attrs=False,
)


def _by_word(self, out, settings):
    return to_dict(out, orient="index_series")


@attach_fields(logs_attach_field_config)
@override_field_config(logs_field_config)
class Logs(Records):
    """One record per order, also of those that were not filled."""

    @property
    def stats_defaults(self):
        return merge_dicts(
            Records.stats_defaults.__get__(self),  # pyright: ignore
            settings["logs"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            total_records=metric("Total Records", "count", "records"),
            res_status_counts=metric(
                "Status Counts",
                "res_status.value_counts",
                ["logs", "res_status", "value_counts"],
                incl_all_keys=True,
                post_calc_func=_by_word,
            ),
            res_status_info_counts=metric(
                "Status Info Counts",
                "res_status_info.value_counts",
                ["logs", "res_status_info", "value_counts"],
                post_calc_func=_by_word,
            ),
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    @property
    def plots_defaults(self):
        return merge_dicts(
            Records.plots_defaults.__get__(self),  # pyright: ignore
            settings["logs"].get("plots", {}),
        )
