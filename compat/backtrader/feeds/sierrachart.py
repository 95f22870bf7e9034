"""Bars from a CSV export of SierraChart."""

from .csvgeneric import GenericCSVData


class SierraChartCSVData(GenericCSVData):
    """Dates with slashes; else as `GenericCSVData`."""

    params = (("dtformat", "%Y/%m/%d"),)
