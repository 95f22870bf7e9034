"""Random programs of resampled, replayed, filtered and chained feeds see and trade the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from backtrader_resampling import KINDS, make_program
from references import both

PLAYER = Path(__file__).with_name("backtrader_resampling.py")

pytestmark = pytest.mark.parity

#: What may be refused: indicators lose step with a data that goes back or leaps, there too.
_REFUSED = "over a feed that takes back a bar or shows several new ones at once"
#: Of the programs of each kind, how many at most.
_SHARE = {"resample": 0.0, "filters": 0.05, "replay": 0.2, "chain": 0.0, "orders": 0.1}


def programs_of(kind: str, fuzz: int) -> list[dict]:
    """Programs of one kind: one, if FILLPROOF_SEED says which, else a quarter of `--fuzz`."""
    if "FILLPROOF_SEED" in os.environ:
        return [make_program(int(os.environ["FILLPROOF_SEED"]), kind)]
    return [make_program(seed, kind) for seed in range(max(1, fuzz // 4))]


@pytest.fixture(scope="module")
def played(request):
    """(program, lines of the real framework, our lines) of all programs, by kind."""
    fuzz = request.config.getoption("--fuzz")
    programs = [program for kind in KINDS for program in programs_of(kind, fuzz)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLPROOF_JIT", "0")
        theirs, ours = both("backtrader", PLAYER, programs)
    rows = list(zip(programs, theirs, ours, strict=True))
    return {kind: [row for row in rows if row[0]["kind"] == kind] for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_feeds_of_feeds(kind, played):
    failures = []
    refused = 0
    for program, a, b in played[kind]:
        if a == b:
            continue
        if b[-1].startswith("ended by UnsupportedFeature") and _REFUSED in b[-1]:
            refused += 1
            continue
        k = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
        failures.append(f"{program}\n  there {a[k : k + 1]}\n  here  {b[k : k + 1]}")
    count = len(played[kind])
    assert not failures, f"{len(failures)} of {count} differ\n" + "\n".join(failures[:4])
    assert count < 50 or refused <= _SHARE[kind] * count, refused
