"""The Ichimoku cloud."""

from __future__ import annotations

from typing import Any, ClassVar

from ..iterators import Indicator
from .basicops import Highest, Lowest


class Ichimoku(Indicator):
    """Middles of the range of three periods; two of them shown later, the close earlier."""

    lines = ("tenkan_sen", "kijun_sen", "senkou_span_a", "senkou_span_b", "chikou_span")
    params = (
        ("tenkan", 9),
        ("kijun", 26),
        ("senkou", 52),
        ("senkou_lead", 26),
        ("chikou", 26),
    )
    plotinfo: ClassVar = {"subplot": False}
    plotlines: ClassVar = {
        "senkou_span_a": {
            "_fill_gt": ("senkou_span_b", "g"),
            "_fill_lt": ("senkou_span_b", "r"),
        }
    }

    def __init__(self) -> None:
        lines, lead = self.lines, self.p.senkou_lead
        lines.tenkan_sen = self._middle(self.p.tenkan)
        lines.kijun_sen = self._middle(self.p.kijun)
        lines.senkou_span_a = ((lines.tenkan_sen + lines.kijun_sen) / 2.0)(-lead)
        lines.senkou_span_b = self._middle(self.p.senkou)(-lead)
        lines.chikou_span = self.data.close(self.p.chikou)
        super().__init__()

    def _middle(self, period: int) -> Any:
        high = Highest(self.data.high, period=period)
        low = Lowest(self.data.low, period=period)
        return (high + low) / 2.0
