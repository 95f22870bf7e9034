"""Bars from a CSV export of MetaTrader 4."""

from .csvgeneric import GenericCSVData


class MT4CSVData(GenericCSVData):
    """Date and time in two fields, prices, volume; no open interest."""

    params = (
        ("dtformat", "%Y.%m.%d"),
        ("tmformat", "%H:%M"),
        ("datetime", 0),
        ("time", 1),
        ("open", 2),
        ("high", 3),
        ("low", 4),
        ("close", 5),
        ("volume", 6),
        ("openinterest", -1),
    )
