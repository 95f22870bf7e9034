"""Order programs with slippage, commission and blotters of a script's own, against the real one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_model_programs
import zipline_programs
from test_zipline_orders import first_difference

pytestmark = pytest.mark.parity

FIRST_SEED = 20_000
COUNT = 50


def test_every_program_is_identical():
    bundle = zipline_programs.make_bundle(0)
    programs = [
        zipline_model_programs.make_program(seed, bundle["days"])
        for seed in range(FIRST_SEED, FIRST_SEED + COUNT)
    ]
    request = {"bundle": bundle, "programs": programs}
    theirs, ours = references.both("zipline", Path(zipline_model_programs.__file__), request)
    failures = []
    traded = Counter()
    for program, reference, result in zip(programs, theirs, ours, strict=True):
        name = f"program {program['seed']} {program['own']}"
        assert "error" not in reference, f"{name}: {reference['traceback']}"
        found = first_difference(reference, result)
        if found:
            failures.append(f"{name}: {found}")
        elif any(reference["columns"]["transactions"]["values"]):
            traded[program["own"]["slippage"]] += 1
    assert not failures, f"{len(failures)} programs differ:\n" + "\n".join(failures[:20])
    assert traded.keys() == set(zipline_model_programs.SLIPPAGES), f"what traded: {traded}"
