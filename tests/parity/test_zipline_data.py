"""`data.current`, `data.history`, `can_trade` and `is_stale` as the real zipline answers them.

Values must be the same to the last bit, and so must dtypes, names and labels. `--fuzz N` makes
four times N calls (800 by default) in runs of 100.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_data as calls

pytestmark = pytest.mark.parity

FILE = Path(calls.__file__)
SEED = 0
EACH = 100  # calls in one run


@pytest.fixture(scope="module")
def request_(request):
    bundle = calls.make_bundle(SEED)
    count = max(request.config.getoption("--fuzz") * 4 // EACH, 1)
    print(f"bundle {SEED}, runs {SEED} to {SEED + count - 1}")
    runs = [calls.make_calls(seed, EACH, bundle["days"]) for seed in range(SEED, SEED + count)]
    return {"bundle": bundle, "runs": runs}


@pytest.fixture(scope="module")
def answers(request_):
    return references.both("zipline", FILE, request_)


def test_every_answer_is_identical(request_, answers):
    theirs, ours = answers
    failures = []
    for run, reference, result in zip(request_["runs"], theirs, ours, strict=True):
        for call, there, here in zip(run["calls"], reference, result, strict=True):
            found = difference(there, here)
            if found:
                failures.append(f"run {run['seed']}, {call}: {found}")
    made = sum(len(run["calls"]) for run in request_["runs"])
    text = "\n".join(failures[:20])
    assert not failures, f"{len(failures)} of {made} answers differ:\n{text}"


def test_the_calls_reach_what_they_should(request_, answers):
    """On the real framework's answers: every form, most with numbers in them, few refused."""
    reached = Counter()
    for run, reference in zip(request_["runs"], answers[0], strict=True):
        for (_, _, call), answer in zip(run["calls"], reference, strict=True):
            assert answer is not None, f"run {run['seed']}: never called: {call}"
            reached[call[0], answer["type"]] += 1
            values = str(answer.get("values", answer.get("value")))
            reached["NaN"] += "nan" in values
            reached["NaT"] += "NaT" in values
    for wanted in (
        ("history", "Series"),
        ("history", "DataFrame"),
        ("current", "Series"),
        ("current", "DataFrame"),
        ("current", "float"),
        ("current", "int"),
        ("current", "Timestamp"),
        ("can_trade", "bool"),
        ("can_trade", "Series"),
        ("is_stale", "bool"),
        ("is_stale", "Series"),
        "NaN",
        "NaT",
    ):
        assert reached[wanted], f"{wanted} is missing; reached: {dict(reached)}"


def difference(there, here, path: str = "") -> str | None:
    """The first difference of two answers; None when they are the same, floats to the last bit."""
    if isinstance(there, dict) and isinstance(here, dict):
        names = [name for name in there if name != "text"]
        if there.get("type") != here.get("type") or set(names) != here.keys() - {"text"}:
            return f"{_short(there)} there, {_short(here)} here"
        pairs = [(f"{path}.{name}", there[name], here[name]) for name in names]
    elif isinstance(there, list) and isinstance(here, list):
        if len(there) != len(here):
            return f"{path}: {len(there)} items there, {len(here)} here"
        pairs = [(f"{path}[{n}]", a, b) for n, (a, b) in enumerate(zip(there, here, strict=True))]
    elif type(there) is type(here) and (there == here or (there != there and here != here)):
        return None
    else:
        return f"{path}: {there!r} there, {here!r} here"
    for where, a, b in pairs:
        found = difference(a, b, where)
        if found:
            return found
    return None


def _short(answer: dict) -> str:
    return str({name: str(value)[:200] for name, value in answer.items()})
