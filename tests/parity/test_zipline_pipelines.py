"""Pipelines give the same frames as on the real zipline: values within 1e-9, types exactly."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import references
import zipline_pipeline_arrays
import zipline_pipeline_custom
import zipline_pipeline_data
import zipline_pipeline_runs

pytestmark = pytest.mark.parity

PLAYER = Path(__file__).with_name("zipline_pipelines.py")
MODULES = (
    zipline_pipeline_arrays,
    zipline_pipeline_custom,
    zipline_pipeline_data,
    zipline_pipeline_runs,
)
CASES = {case.__name__: case.__doc__ for module in MODULES for case in module.CASES}


@pytest.fixture(scope="module")
def answers():
    return references.both("zipline", PLAYER, {"modules": [module.__name__ for module in MODULES]})


@pytest.mark.parametrize("name", CASES)
def test_the_case_gives_the_same(answers, name):
    theirs, ours = (answer[name] for answer in answers)
    if isinstance(theirs, dict) and "error" in theirs:
        raise AssertionError(f"the case fails there: {theirs['error']}: {theirs['text']}")
    found = difference(theirs, ours)
    assert not found, f"{found} ({CASES[name]})"


def difference(theirs, ours, where: str = "") -> str | None:
    """Where two answers differ, as text; None when they do not. Floats within 1e-9."""
    if type(theirs) is not type(ours):
        return f"{where}: {theirs!r} there, {ours!r} here"
    if isinstance(theirs, dict):
        if theirs.keys() != ours.keys() or list(theirs) != list(ours):
            return f"{where}: {list(theirs)} there, {list(ours)} here: {ours.get('text', '')}"
        pairs = [(f"{where}.{key}", theirs[key], ours[key]) for key in theirs]
    elif isinstance(theirs, list):
        if len(theirs) != len(ours):
            return f"{where}: {len(theirs)} there, {len(ours)} here"
        pairs = [(f"{where}[{n}]", a, b) for n, (a, b) in enumerate(zip(theirs, ours, strict=True))]
    elif isinstance(theirs, float):
        near = math.isclose(theirs, ours, rel_tol=1e-9, abs_tol=1e-12)
        both_nan = theirs != theirs and ours != ours
        return None if near or both_nan else f"{where}: {theirs!r} there, {ours!r} here"
    else:
        return None if theirs == ours else f"{where}: {theirs!r} there, {ours!r} here"
    return next((found for found in (difference(a, b, at) for at, a, b in pairs) if found), None)
