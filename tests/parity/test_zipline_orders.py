"""Order programs on the real zipline and on the adapter: everything a script can see is compared.

`--fuzz N` plays N generated programs (200 by default). A failure names the program's seed and the
first thing that differed, in the order in which a script would have seen it.
"""

from __future__ import annotations

import math
import platform
from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_programs as programs

pytestmark = pytest.mark.parity

FILE = Path(programs.__file__)
FIRST_SEED = 0
#: Relative and absolute. Both sides do the same arithmetic in the same sequence; on other machines
#: compilers may join a product and a sum into one step, which rounds once.
TOLERANCE = 0.0 if platform.machine() in ("x86_64", "AMD64") else 1e-9


@pytest.fixture(scope="module")
def request_(request):
    bundle = programs.make_bundle(FIRST_SEED)
    seeds = range(FIRST_SEED, FIRST_SEED + request.config.getoption("--fuzz"))
    print(f"bundle {FIRST_SEED}, programs {seeds[0]} to {seeds[-1]}")
    made = [programs.make_program(seed, bundle["days"]) for seed in seeds]
    return {"bundle": bundle, "programs": made}


@pytest.fixture(scope="module")
def answers(request_):
    return references.both("zipline", FILE, request_)


def test_every_program_is_identical(request_, answers):
    theirs, ours = answers
    assert len(theirs) == len(ours) == len(request_["programs"])
    failures = []
    for program, reference, result in zip(request_["programs"], theirs, ours, strict=True):
        assert "error" not in reference, f"program {program['seed']}: {reference['traceback']}"
        found = first_difference(reference, result)
        if found:
            failures.append(f"program {program['seed']}: {found}")
    text = "\n".join(failures[:20])
    assert not failures, f"{len(failures)} of {len(theirs)} programs differ:\n{text}"


def test_every_program_is_identical_when_a_blotter_matches_it(request_, answers):
    """The other lane: real orders and models instead of the core's kernels, to the same bits."""
    programs_ = [program | {"blotter": True} for program in request_["programs"]]
    ours = references.adapter(FILE, request_ | {"programs": programs_})
    failures = [
        f"program {program['seed']}: {found}"
        for program, reference, result in zip(programs_, answers[0], ours, strict=True)
        if (found := first_difference(reference, result))
    ]
    assert not failures, f"{len(failures)} programs differ:\n" + "\n".join(failures[:20])


def test_every_program_is_identical_when_a_blotter_takes_over(request_, answers):
    """From one lane to the other in mid-run, with orders open and filled in part."""
    programs_ = [programs.asking(program) for program in request_["programs"]]
    ours = references.adapter(FILE, request_ | {"programs": programs_})
    failures = [
        f"program {program['seed']} {program['asks']}: {found}"
        for program, reference, result in zip(programs_, answers[0], ours, strict=True)
        if (found := first_difference(reference, result))
    ]
    assert not failures, f"{len(failures)} programs differ:\n" + "\n".join(failures[:20])


def test_every_program_is_identical_when_its_models_change(request_):
    """Parameters of the built-in models that a script sets in mid-run count from then on."""
    programs_ = [programs.changing(program) for program in request_["programs"][::4]]
    theirs, ours = references.both("zipline", FILE, request_ | {"programs": programs_})
    failures = []
    for program, reference, result in zip(programs_, theirs, ours, strict=True):
        name = f"program {program['seed']} {program['changes']}"
        assert "error" not in reference, f"{name}: {reference['traceback']}"
        if found := first_difference(reference, result):
            failures.append(f"{name}: {found}")
    assert not failures, f"{len(failures)} programs differ:\n" + "\n".join(failures[:20])


def test_the_programs_reach_what_they_should(request_, answers):
    """On the real framework's results, so that the comparison is about something."""
    if len(request_["programs"]) < 200:
        pytest.skip("fewer than 200 programs were asked for")
    reached = Counter()
    for program, result in zip(request_["programs"], answers[0], strict=True):
        reached.update(what_happened(request_["bundle"], program, result))
    missing = [name for name in EVENTS if reached[name] < EVENTS[name]]
    assert not missing, f"too rare: {missing}; reached: {dict(reached)}"


# Comparison


def first_difference(reference: dict, result: dict) -> str | None:
    """Where two answers to one program part, as text; the log first: it is in time order."""
    if "error" in result:
        # What was logged before the error tells more.
        shorter = reference["log"][: len(result["log"])]
        return difference(shorter, result["log"], "log") or result["traceback"]
    for part in ("log", "index", "columns"):
        found = difference(reference[part], result[part], part)
        if found:
            return found
    return None


def difference(a, b, path: str) -> str | None:
    """The first difference of two JSON values; None when they are the same.

    Whole numbers and floats are different things: they print differently.
    """
    if type(a) is not type(b):
        return f"{path}: {a!r} there, {b!r} here"
    if isinstance(a, dict):
        if a.keys() != b.keys():
            there, here = sorted(a.keys() - b.keys()), sorted(b.keys() - a.keys())
            return f"{path}: {there} only there, {here} only here"
        pairs = [(key, a[key], b[key]) for key in a]
    elif isinstance(a, list):
        pairs = [(n, x, y) for n, (x, y) in enumerate(zip(a, b, strict=False))]
    elif isinstance(a, float):
        same = a == b or (a != a and b != b)
        same = same or math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        return None if same else f"{path}: {a!r} there, {b!r} here"
    else:
        return None if a == b else f"{path}: {a!r} there, {b!r} here"
    for key, x, y in pairs:
        found = difference(x, y, f"{path}[{key!r}]")
        if found:
            return found
    if len(a) != len(b):
        longer, side = (a, "there") if len(a) > len(b) else (b, "here")
        at = min(len(a), len(b))
        return f"{path}: {len(a)} items there, {len(b)} here; first more {side}: {longer[at]!r}"
    return None


# Coverage

#: What the programs must reach, and in how many of 200 programs at least.
EVENTS = {
    "filled": 60,
    "partly filled": 25,
    "limit reached": 20,
    "limit not reached": 15,
    "stop reached": 15,
    "stop not reached": 10,
    "stop of a stop-limit reached": 3,
    "filled beyond its limit": 3,
    "cancelled by the script": 20,
    "cancelled at the session's end": 2,
    "position split": 5,
    "pending order split": 5,
    "fraction paid in cash": 2,
    "dividend": 10,
    "auto-close": 4,
    "short": 40,
    "nothing ordered": 5,
    "refused": 5,
}


def what_happened(bundle: dict, program: dict, result: dict) -> set[str]:
    """The names of EVENTS that one program reached, read from the performance frame."""
    reached = set()
    columns = {name: column["values"] for name, column in result["columns"].items()}
    seen: dict[str, list[dict]] = {}  # of each order: its states
    for day in columns["orders"]:
        for order in day:
            seen.setdefault(order["id"], []).append(order)
    cancelled = {entry[1] for entry in result["log"] if entry[0] == "cancel"}
    for number, states in seen.items():
        first, last = states[0], states[-1]
        if any(0 < abs(state["filled"]) < abs(state["amount"]) for state in states):
            reached.add("partly filled")
        if last["status"] == 1:
            reached.add("filled")
        if last["status"] == 2:
            reached.add(
                "cancelled by the script"
                if number in cancelled
                else "cancelled at the session's end"
            )
        old = last["created"] < result["index"][-1]
        if last["limit"] is not None and old:
            reached.add("limit reached" if last["limit_reached"] else "limit not reached")
        if last["stop"] is not None and old:
            reached.add("stop reached" if last["stop_reached"] else "stop not reached")
        if first["stop"] is not None and last["stop"] is None:
            reached.add("stop of a stop-limit reached")
        if len({state["amount"] for state in states}) > 1:
            reached.add("pending order split")
    for trade in (trade for day in columns["transactions"] for trade in day):
        if trade["order_id"] is None:
            reached.add("auto-close")
            continue
        limit = seen[trade["order_id"]][-1]["limit"]
        if limit is not None and (trade["price"] - limit) * trade["amount"] > 1e-6:
            reached.add("filled beyond its limit")
    labels = [label[:10] for label in result["index"]]
    for before, today in zip(range(len(labels)), range(1, len(labels)), strict=False):
        for position in columns["positions"][before]:
            if position["amount"] < 0:
                reached.add("short")
            sid = programs.SYMBOLS.index(position["sid"].split()[1])
            for one, day, ratio in bundle["splits"]:
                if (one, day) == (sid, labels[today]):
                    reached.add("position split")
                    if position["amount"] / ratio % 1:
                        reached.add("fraction paid in cash")
            for one, _, ex_date, pay_date in bundle["dividends"]:
                if (one, ex_date) == (sid, labels[today]) and pay_date in labels:
                    reached.add("dividend")
    for entry in result["log"]:
        if str(entry[0]).startswith("order"):
            if entry[1] is None:
                reached.add("nothing ordered")
            elif entry[1].startswith("raised"):
                reached.add("refused")
    return reached
