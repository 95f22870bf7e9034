"""Loaders of made-up values for `TestingDataSet`."""

from __future__ import annotations

from ..data.testing import TestingDataSet
from .synthetic import EyeLoader, SeededRandomLoader


def make_eye_loader(dates, sids) -> EyeLoader:
    """Ones on the diagonal, for all columns of the dataset."""
    return EyeLoader(TestingDataSet.columns, dates, sids)


def make_seeded_random_loader(seed, dates, sids, columns=TestingDataSet.columns):
    """Random values for some columns of the dataset."""
    return SeededRandomLoader(seed, columns, dates, sids)
