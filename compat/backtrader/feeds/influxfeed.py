"""Bars from an InfluxDB server: refused."""

from __future__ import annotations

from ..data import AbstractDataBase
from ..unsupported import unsupported


class InfluxDB(AbstractDataBase):
    """Refused when it is started."""

    params = (
        ("host", "127.0.0.1"),
        ("port", "8086"),
        ("username", None),
        ("password", None),
        ("database", None),
        ("startdate", None),
        ("high", "high_p"),
        ("low", "low_p"),
        ("open", "open_p"),
        ("close", "close_p"),
        ("volume", "volume"),
        ("ointerest", "oi"),
    )

    def start(self) -> None:
        raise unsupported(
            "feeds.InfluxDB: no servers are asked",
            "Load the bars into a frame and use feeds.PandasData.",
            "never",
        )
