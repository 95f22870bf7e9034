"""`vectorbt.settings`: the defaults that a script may read and change."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .unsupported import missing

_SECTIONS: dict[str, dict[str, object]] = {
    "portfolio": {
        "call_seq": "default",
        "init_cash": 100.0,
        "size": math.inf,
        "size_type": "amount",
        "fees": 0.0,
        "fixed_fees": 0.0,
        "slippage": 0.0,
        "reject_prob": 0.0,
        "min_size": 1e-8,
        "max_size": math.inf,
        "size_granularity": math.nan,
        "lock_cash": False,
        "allow_partial": True,
        "raise_reject": False,
        "val_price": math.inf,
        "accumulate": False,
        "sl_stop": math.nan,
        "sl_trail": False,
        "tp_stop": math.nan,
        "stop_entry_price": "close",
        "stop_exit_price": "stoplimit",
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
        "ffill_val_price": True,
        "update_value": False,
        "init_temp_records": False,
        "seed": None,
        "freq": None,
        "attach_call_seq": False,
        "fillna_close": True,
        "trades_type": "exittrades",
    },
    "returns": {
        "year_freq": "365 days",
        "defaults": {"ddof": 1, "risk_free": 0.0, "required_return": 0.0, "levy_alpha": 2.0},
    },
    "array_wrapper": {"freq": None, "silence_warnings": False},
    "caching": {"enabled": True},
}


class Section(dict):
    """One section of the settings: items and attributes are the same thing."""

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        super().__init__(
            {k: Section(f"{name}.{k}", v) if isinstance(v, dict) else v for k, v in values.items()}
        )
        object.__setattr__(self, "_name", name)

    def __setitem__(self, key, value) -> None:
        if key not in self:
            raise missing(f"settings.{self._name}[{key!r}]")
        super().__setitem__(key, value)

    def __missing__(self, key):
        raise missing(f"settings.{self._name}[{key!r}]")

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        return self[key]

    def __setattr__(self, key, value) -> None:
        self[key] = value

    def update(self, *args, **kwargs) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value


class Settings(Section):
    """All sections; a section or a method that the adapter lacks raises UnsupportedFeature."""

    def __missing__(self, key):
        raise missing(f"settings.{key}")


settings = Settings("", _SECTIONS)
