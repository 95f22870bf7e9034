"""`bt.talib`: every function of TA-Lib as an indicator.

Lines are the function's outputs, parameters its options, and the datas its inputs, in order. A
class is made when its name is asked for. Without TA-Lib the module has no functions.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from .iterators import Indicator, MetaLineIterator

#: What `from backtrader.talib import *` gives.
__all__: list[str] = []
_NAMES: tuple[str, ...] = ()

try:
    talib: Any = import_module("talib")
except ImportError:
    pass
else:
    _abstract: Any = import_module("talib.abstract")
    MA_Type = talib.MA_Type
    tafunctions: list[str] = talib.get_functions()
    _NAMES = tuple(tafunctions)
    R_TA_FUNC_FLAGS = {text: flag for flag, text in _abstract.TA_FUNC_FLAGS.items()}
    R_TA_OUTPUT_FLAGS = {text: flag for flag, text in _abstract.TA_OUTPUT_FLAGS.items()}
    __all__ += [*tafunctions, "MA_Type", "_TALibIndicator"]

FUNC_FLAGS_SAMESCALE = 1 << 24
FUNC_FLAGS_UNSTABLE = 1 << 27
FUNC_FLAGS_CANDLESTICK = 1 << 28

OUT_FLAGS_LINE = 1
OUT_FLAGS_DOTTED = 2
OUT_FLAGS_DASH = 4
OUT_FLAGS_HISTO = 16
OUT_FLAGS_UPPER = 2048
OUT_FLAGS_LOWER = 4096

#: How an output of each kind is drawn; the first that an output has counts.
_DRAWN = (
    (OUT_FLAGS_LINE, {"ls": "-"}),
    (OUT_FLAGS_DASH, {"ls": "--"}),
    (OUT_FLAGS_DOTTED, {"ls": ":"}),
    (OUT_FLAGS_HISTO, {"_method": "bar"}),
)

#: Functions that depend on all values so far, without saying so.
_PATH_DEPENDENT = ("SAR",)


class _MetaTALibIndicator(MetaLineIterator):
    """Asks TA-Lib for the minimum period once the parameters are known."""

    def _after_init(cls, obj):
        super()._after_init(obj)
        function = obj._tabstract
        function.set_function_args(**obj.p._getkwargs())
        obj._lookback = function.lookback + 1
        obj.updateminperiod(obj._lookback)
        if obj._unstable or cls.__name__ in _PATH_DEPENDENT:
            # Bar by bar it is given everything so far.
            obj._lookback = 0
        obj._tafunc = getattr(talib, function.info["name"], None)


class _TALibIndicator(Indicator, metaclass=_MetaTALibIndicator):
    """One function of TA-Lib."""

    #: The mark of a candlestick stands at this multiple of the input `CANDLEREF`.
    CANDLEOVER = 1.02
    CANDLEREF = 1

    _iscandle = False
    _unstable = False
    _tabstract: Any
    _tafunc: Any
    _lookback: int

    def oncestart(self, start: int, end: int) -> None:
        pass

    def once(self, start: int, end: int) -> None:
        inputs = [data.lines[0].column().copy() for data in self.datas]
        output = self._tafunc(*inputs, **self.p._getkwargs())
        outputs = [output] if self._outputs() == 1 else list(output)
        for line, column in zip(self.lines, outputs, strict=False):
            line.set_column(np.array(column, dtype=np.float64))
        if self._iscandle:
            mark = inputs[self.CANDLEREF] * self.CANDLEOVER * (output / 100.0)
            self.lines[1].set_column(mark)

    def next(self) -> None:
        size = self._lookback or len(self)
        inputs = [np.array(data.lines[0].get(size=size)) for data in self.datas]
        output = self._tafunc(*inputs, **self.p._getkwargs())
        outputs = [output] if self._outputs() == 1 else list(output)
        for line, column in zip(self.lines, outputs, strict=False):
            line[0] = column[-1]
        if self._iscandle:
            mark = inputs[self.CANDLEREF][-1] * self.CANDLEOVER
            self.lines[1][0] = mark * (output[-1] / 100.0)

    def _outputs(self) -> int:
        return self.lines.size() - self._iscandle


def _drawing(function: Any, candle: bool) -> dict[str, dict[str, Any]]:
    """The plotlines of a function's outputs."""
    drawing = {}
    inside = False
    for name in function.output_names:
        options: dict[str, Any] = {}
        for text in function.output_flags.get(name) or ():
            flag = R_TA_OUTPUT_FLAGS[text]
            for kind, how in _DRAWN:
                if flag & kind:
                    # Of a candlestick only its mark is drawn.
                    drawn = {"_plotskip": True} if candle and kind == OUT_FLAGS_LINE else how
                    options.update(drawn)
                    break
            # Everything from an upper limit to its lower one has one colour.
            if inside:
                options["_samecolor"] = True
            if flag & OUT_FLAGS_LOWER:
                inside = False
            elif flag & OUT_FLAGS_UPPER:
                inside = True
        if options:
            drawing[name] = options
    return drawing


def _indicator(name: str) -> Any:
    """The class for the function of this name."""
    function = _abstract.Function(name)
    flags = [R_TA_FUNC_FLAGS[text] for text in function.function_flags or ()]
    candle = FUNC_FLAGS_CANDLESTICK in flags
    lines = list(function.output_names)
    plotinfo: dict[str, Any] = {}
    if candle or FUNC_FLAGS_SAMESCALE in flags:
        plotinfo["subplot"] = False
    plotlines = _drawing(function, candle)
    if candle:
        plotinfo["plotlinelabels"] = True
        lines.append("_candleplot")
        plotlines["_candleplot"] = {
            "_name": name,
            "ls": "",
            "marker": "d",
            "markersize": "7.0",
            "fillstyle": "full",
        }
    namespace = {
        "__module__": __name__,
        "__doc__": str(function),
        "_tabstract": function,
        "_iscandle": candle,
        "_unstable": FUNC_FLAGS_UNSTABLE in flags,
        "params": function.get_parameters(),
        "lines": tuple(lines),
        "plotinfo": plotinfo,
        "plotlines": plotlines,
    }
    return _MetaTALibIndicator(name, (_TALibIndicator,), namespace)


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'backtrader.talib' has no attribute {name!r}")
    value = globals()[name] = _indicator(name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
