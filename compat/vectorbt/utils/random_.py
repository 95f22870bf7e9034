"""Seeds of the generators: of Python, of NumPy, and of compiled functions."""

from __future__ import annotations

import random

import numpy as np

from ..compiled import njit


@njit
def set_seed_nb(seed):
    """Seed the generator that compiled functions draw from (NumPy's, where interpreted)."""
    np.random.seed(seed)  # noqa: NPY002


def set_seed(seed: int) -> None:
    """Seed all three."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    set_seed_nb.dispatcher(seed)  # compiled functions draw, also where others are interpreted
