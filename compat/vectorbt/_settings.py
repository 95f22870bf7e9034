"""`vectorbt.settings`: the defaults that a script may read and change, by section."""

from __future__ import annotations

import sys

import numpy as np

from .utils.config import Config, merge_dicts
from .utils.datetime_ import get_local_tz, get_utc_tz
from .utils.decorators import CacheCondition
from .utils.template import RepEval, Sub

_COLORS = {
    "blue": "#1f77b4",
    "orange": "#ff7f0e",
    "green": "#2ca02c",
    "red": "#dc3912",
    "purple": "#9467bd",
    "brown": "#8c564b",
    "pink": "#e377c2",
    "gray": "#7f7f7f",
    "yellow": "#bcbd22",
    "cyan": "#17becf",
}


class SettingsConfig(Config):
    """All sections, and the themes of plots."""

    def register_template(self, theme: str) -> None:
        """Make a theme's template known to Plotly as `vbt_THEME`."""
        import plotly.graph_objects as go
        import plotly.io as pio

        from .utils.themes import template

        own = self["plotting"]["themes"][theme]["template"]
        whole = merge_dicts(template(theme, list(_COLORS.values())), own)
        pio.templates[f"vbt_{theme}"] = go.layout.Template(whole)

    def register_templates(self) -> None:
        """Make the templates of all themes known to Plotly."""
        for theme in self["plotting"]["themes"]:
            self.register_template(theme)

    def set_theme(self, theme: str) -> None:
        """Plot in a theme: light, dark or seaborn."""
        plotting = self["plotting"]
        plotting["color_schema"].update(plotting["themes"][theme]["color_schema"])
        plotting["layout"]["template"] = f"vbt_{theme}"
        if "plotly" in sys.modules:  # it asks for the templates itself when it comes later
            self.register_template(theme)

    def reset_theme(self) -> None:
        self.set_theme("light")


def _theme(name: str) -> dict:
    """Colors by name, and what the script changes in the template; see `utils.themes`."""
    return {"color_schema": Config(_COLORS), "template": Config()}


def _filters(kind: str, title: str) -> Config:
    """What metrics and subplots may demand (`check_NAME`); kind: what their settings are called."""

    def is_not_grouped(self, settings) -> bool:
        return not self.wrapper.grouper.is_grouped(group_by=settings["group_by"])

    def has_freq(self, settings) -> bool:
        return self.wrapper.freq is not None

    name = f"{title} '${kind}_name'"
    return Config(
        {
            "is_not_grouped": {
                "filter_func": is_not_grouped,
                "warning_message": Sub(f"{name} does not support grouped data"),
            },
            "has_freq": {
                "filter_func": has_freq,
                "warning_message": Sub(f"{name} requires frequency to be set"),
            },
        }
    )


def _has_mapping(self, metric_settings) -> bool:
    return metric_settings.get("mapping", self.mapping) is not None


def _has_other(self, metric_settings) -> bool:
    return metric_settings.get("other", None) is not None


def _returns_has_year_freq(self, metric_settings) -> bool:
    return self.year_freq is not None


def _has_benchmark(self, metric_settings) -> bool:
    return metric_settings.get("benchmark_rets", self.benchmark_rets) is not None


def _has_year_freq(self, metric_settings) -> bool:
    return metric_settings["year_freq"] is not None


_NO_YEAR = Sub("Metric '$metric_name' requires year frequency to be set")
_CLOSED_OR_ALL = {"incl_open_tags": RepEval("['open', 'closed'] if incl_open else ['closed']")}


def _with_mapping() -> dict:
    stats = {
        "filters": {"has_mapping": {"filter_func": _has_mapping}},
        "settings": {"incl_all_keys": False},
    }
    return {"stats": Config(stats), "plots": Config()}


def _plain() -> dict:
    return {"stats": Config(), "plots": Config()}


_PORTFOLIO = {
    "call_seq": "default",
    "init_cash": 100.0,
    "size": np.inf,
    "size_type": "amount",
    "fees": 0.0,
    "fixed_fees": 0.0,
    "slippage": 0.0,
    "reject_prob": 0.0,
    "min_size": 1e-8,
    "max_size": np.inf,
    "size_granularity": np.nan,
    "lock_cash": False,
    "allow_partial": True,
    "raise_reject": False,
    "val_price": np.inf,
    "accumulate": False,
    "sl_stop": np.nan,
    "sl_trail": False,
    "tp_stop": np.nan,
    "stop_entry_price": "close",
    "stop_exit_price": "stoplimit",
    "stop_conflict_mode": "exit",
    "upon_stop_exit": "close",
    "upon_stop_update": "override",
    "use_stops": None,
    "log": False,
    "upon_long_conflict": "ignore",
    "upon_short_conflict": "ignore",
    "upon_dir_conflict": "ignore",
    "upon_opposite_entry": "reversereduce",
    "signal_direction": "longonly",
    "order_direction": "both",
    "cash_sharing": False,
    "call_pre_segment": False,
    "call_post_segment": False,
    "ffill_val_price": True,
    "update_value": False,
    "fill_pos_record": True,
    "init_temp_records": False,
    "row_wise": False,
    "flexible": False,
    "use_numba": True,
    "seed": None,
    "freq": None,
    "attach_call_seq": False,
    "fillna_close": True,
    "trades_type": "exittrades",
}

_SECTIONS = {
    "engine": "auto",
    "numba": {"check_func_type": True, "check_func_suffix": False},
    "config": Config(),
    "configured": {"config": Config({"readonly": True})},
    "caching": {
        "enabled": True,
        "whitelist": [
            CacheCondition(base_cls=name)
            for name in ("ArrayWrapper", "ColumnGrouper", "ColumnMapper")
        ],
        "blacklist": [],
    },
    "broadcasting": {
        "align_index": False,
        "align_columns": True,
        "index_from": "strict",
        "columns_from": "stack",
        "ignore_sr_names": True,
        "drop_duplicates": True,
        "keep": "last",
        "drop_redundant": True,
        "ignore_default": True,
    },
    "array_wrapper": {
        "column_only_select": False,
        "group_select": True,
        "freq": None,
        "silence_warnings": False,
    },
    "datetime": {"naive_tz": get_local_tz(), "to_py_timezone": True},
    "data": {
        "tz_localize": get_utc_tz(),
        "tz_convert": get_utc_tz(),
        "missing_index": "nan",
        "missing_columns": "raise",
        "alpaca": Config({"api_key": None, "secret_key": None}),
        "binance": Config({"api_key": None, "api_secret": None}),
        "ccxt": Config({"enableRateLimit": True}),
        **_plain(),
    },
    "plotting": {
        "use_widgets": True,
        "show_kwargs": Config(),
        "color_schema": Config({"increasing": "#1b9e76", "decreasing": "#d95f02"}),
        "contrast_color_schema": Config(
            {
                "blue": "#4285F4",
                "orange": "#FFAA00",
                "green": "#37B13F",
                "red": "#EA4335",
                "gray": "#E2E2E2",
            }
        ),
        "themes": {name: _theme(name) for name in ("light", "dark", "seaborn")},
        "layout": Config(
            {
                "width": 700,
                "height": 350,
                "margin": {"t": 30, "b": 30, "l": 30, "r": 30},
                "legend": {
                    "orientation": "h",
                    "yanchor": "bottom",
                    "y": 1.02,
                    "xanchor": "right",
                    "x": 1,
                    "traceorder": "normal",
                },
            }
        ),
    },
    "stats_builder": {
        "metrics": "all",
        "tags": "all",
        "silence_warnings": False,
        "template_mapping": Config(),
        "filters": _filters("metric", "Metric"),
        "settings": Config({"to_timedelta": None, "use_caching": True}),
        "metric_settings": Config(),
    },
    "plots_builder": {
        "subplots": "all",
        "tags": "all",
        "silence_warnings": False,
        "template_mapping": Config(),
        "filters": _filters("subplot", "Subplot"),
        "settings": Config(
            {
                "use_caching": True,
                "hline_shape_kwargs": {"type": "line", "line": {"color": "gray", "dash": "dash"}},
            }
        ),
        "subplot_settings": Config(),
        "show_titles": True,
        "hide_id_labels": True,
        "group_id_labels": True,
        "make_subplots_kwargs": Config(),
        "layout_kwargs": Config(),
    },
    "generic": _with_mapping(),
    "ranges": _plain(),
    "drawdowns": {"stats": Config({"settings": {"incl_active": False}}), "plots": Config()},
    "ohlcv": {
        "plot_type": "OHLC",
        "column_names": {
            "open": "Open",
            "high": "High",
            "low": "Low",
            "close": "Close",
            "volume": "Volume",
        },
        **_plain(),
    },
    "signals": {
        "stats": Config(
            {
                "filters": {"silent_has_other": {"filter_func": _has_other}},
                "settings": {"other": None, "other_name": "Other", "from_other": False},
            }
        ),
        "plots": Config(),
    },
    "returns": {
        "year_freq": "365 days",
        "defaults": Config(
            {
                "start_value": 0.0,
                "window": 10,
                "minp": None,
                "ddof": 1,
                "risk_free": 0.0,
                "levy_alpha": 2.0,
                "required_return": 0.0,
                "cutoff": 0.05,
            }
        ),
        "stats": Config(
            {
                "filters": {
                    "has_year_freq": {
                        "filter_func": _returns_has_year_freq,
                        "warning_message": _NO_YEAR,
                    },
                    "has_benchmark_rets": {
                        "filter_func": _has_benchmark,
                        "warning_message": Sub(
                            "Metric '$metric_name' requires benchmark_rets to be set"
                        ),
                    },
                },
                "settings": {"check_is_not_grouped": True},
            }
        ),
        "plots": Config(),
    },
    "qs_adapter": {"defaults": Config()},
    "records": _plain(),
    "mapped_array": _with_mapping(),
    "orders": _plain(),
    "trades": {
        "stats": Config({"settings": {"incl_open": False}, "template_mapping": _CLOSED_OR_ALL}),
        "plots": Config(),
    },
    "logs": {"stats": Config()},
    "portfolio": {
        **_PORTFOLIO,
        "stats": Config(
            {
                "filters": {
                    "has_year_freq": {"filter_func": _has_year_freq, "warning_message": _NO_YEAR}
                },
                "settings": {"use_asset_returns": False, "incl_open": False},
                "template_mapping": _CLOSED_OR_ALL,
            }
        ),
        "plots": Config(
            {
                "subplots": ["orders", "trade_pnl", "cum_returns"],
                "settings": {"use_asset_returns": False},
            }
        ),
    },
    "messaging": {
        "telegram": Config(
            {
                "token": None,
                "use_context": True,
                "persistence": "telegram_bot.pickle",
                "defaults": Config(),
                "drop_pending_updates": True,
            }
        ),
        "giphy": {"api_key": None, "weirdness": 5},
    },
}

settings = SettingsConfig(
    _SECTIONS,
    copy_kwargs={"copy_mode": "deep"},
    frozen_keys=True,
    nested=True,
    convert_dicts=Config,
)
settings.reset_theme()
settings.make_checkpoint()
