"""Factors whose windows a kernel of the core computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .....core import rolling, window_formulas
from ...utils.numpy_utils import float64_dtype
from ..mixins import CustomTermMixin
from ..sentinels import NotSpecified


def over_blocks(formula, blocks, length: int, mask, outputs=1, arguments=()) -> np.ndarray:
    """float64[outputs, dates, assets]: a formula over whole columns, of the cells in the mask.

    blocks: the `Input`s of the formula. Other cells hold anything.
    """
    out = np.empty((outputs, *mask.shape))
    rolling.over_windows(formula, blocks, length, mask, out, arguments)
    return out


def latest(block, mask) -> np.ndarray:
    """float64[dates, assets]: the value of each day as it was known then, of cells in the mask."""
    return over_blocks(window_formulas.last, [block], 1, mask)[0]


class WindowFormula(CustomTermMixin):
    """A custom factor that is a formula of the core: of whole columns, and of one window."""

    _formula: Any
    #: How many windows the formula takes.
    _windows = 1

    def _arguments(self, length: int, **params) -> Sequence[Any] | np.ndarray:
        """The numbers that the formula takes besides the windows of `length` rows."""
        return ()

    def _blocks(self, windows):
        plain = self.dtype == float64_dtype and self.ndim == 2
        return super()._blocks(windows) if plain else None

    def _compute_block(self, blocks, dates, assets, mask):
        self._check_windows(len(blocks))
        arguments = self._arguments(self.window_length, **self.params)
        count = 1 if self.outputs is NotSpecified else len(self.outputs)
        out = over_blocks(self._formula, blocks, self.window_length, mask, count, arguments)
        return out[0] if self.outputs is NotSpecified else tuple(out)

    def compute(self, today, assets, out, *arrays, **params):
        windows, rest = arrays[: self._windows], arrays[self._windows :]
        self._check_windows(len(windows))
        params = dict(zip(self.params, rest, strict=False)) | params
        length = len(windows[0])
        names = out.dtype.names
        result = np.full((len(names or (None,)), 1, len(out)), np.nan)
        inputs = [rolling.Input(self._numbers(window)) for window in windows]
        wanted = np.ones((1, len(out)), dtype=bool)
        arguments = self._arguments(length, **params)
        rolling.over_windows(self._formula, inputs, length, wanted, result, arguments)
        if names is None:
            out[:] = result[0, 0]
        else:
            for name, values in zip(names, result[:, 0], strict=True):
                out[name] = values

    def _numbers(self, window) -> np.ndarray:
        """float64[assets, rows]: a window of numbers; TypeError for anything else."""
        if window.dtype.kind not in "fiub":
            raise TypeError(f"{type(self).__name__} is of numbers, not of {window.dtype}.")
        return np.ascontiguousarray(window.T, dtype=np.float64)

    def _check_windows(self, count: int) -> None:
        if count != self._windows:
            raise TypeError(f"{type(self).__name__} takes {self._windows} inputs, not {count}.")
