"""Differential tests of VectorBT's base: generated calls here and there give the same.

All cases of a run go to one reference process. Types, dtypes, labels, names, exceptions and the
number of warnings must be equal, numbers within 1e-9 relative.
"""

from __future__ import annotations

import copy
import math
import sys
from collections import Counter
from pathlib import Path

import pytest
from references import vectorbt

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_base as cases

pytestmark = pytest.mark.parity

ADAPTER = "fillproof.compat.vectorbt"
FIRST_SEED = 0
RELATIVE = 1e-9
ABSOLUTE = 1e-12


def differences(expected, got, place="") -> list[str]:
    """Where two descriptions differ, in words."""
    if type(expected) is not type(got):
        return [f"{place}: {expected!r:.200} there, {got!r:.200} here"]
    if isinstance(expected, dict):
        if list(expected) != list(got):
            return [f"{place}: {expected!r:.200} there, {got!r:.200} here"]
        return [x for k in expected for x in differences(expected[k], got[k], f"{place}/{k}")]
    if isinstance(expected, (list, tuple)):
        if len(expected) != len(got):
            return [f"{place}: {expected!r:.200} there, {got!r:.200} here"]
        pairs = zip(expected, got, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in differences(a, b, f"{place}/{n}")]
    if isinstance(expected, float):
        same = (math.isnan(expected) and math.isnan(got)) or math.isclose(
            expected, got, rel_tol=RELATIVE, abs_tol=ABSOLUTE
        )
    else:
        same = expected == got
    return [] if same else [f"{place}: {expected!r:.200} there, {got!r:.200} here"]


def test_generated_calls_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    wanted = cases.names_of(count, FIRST_SEED)
    print(f"{len(wanted)} cases from seed {FIRST_SEED}")
    expected = vectorbt(cases.__file__, wanted, tmp_path)
    lib = cases.Library(ADAPTER)
    got = cases.run(lib, wanted)
    failures = [
        f"{kind} {seed}{text}"
        for kind, seed in wanted
        for text in differences(expected["cases"][kind, seed], got[kind, seed])
    ]
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Cases that only raise would prove nothing.
    errors = Counter(case[0] for case in wanted if "raises" in expected["cases"][case])
    for kind, n in Counter(case[0] for case in wanted).items():
        assert errors[kind] <= 0.5 * n, f"{errors[kind]} of {n} cases of {kind} raise"
    assert differences(expected["settings"], cases.flat_settings(lib)) == []


def test_a_change_is_seen():
    """Of a label, a type, a number: each description is compared in full."""
    lib = cases.Library(ADAPTER)
    seen = 0
    for case, result in cases.run(lib, [("accessors", n) for n in range(20)]).items():
        inner = result.get("result")
        if not isinstance(inner, dict) or inner.get("kind") != "DataFrame":
            continue
        assert differences(result, copy.deepcopy(result)) == []
        for path in (("columns", "dtype"), ("index", "kind"), ("dtypes", 0), ("values", 0)):
            other = copy.deepcopy(result)
            other["result"][path[0]][path[1]] = "another"
            assert differences(result, other), (case, path)
        seen += 1
    assert seen > 3
