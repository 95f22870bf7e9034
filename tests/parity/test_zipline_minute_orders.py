"""Order programs over minutes on the real zipline and on the adapter, compared in full.

`--fuzz N` plays half as many programs (100 by default). A failure names the program's seed and the
first thing that differed, in the order in which a script would have seen it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_minute_programs as programs
from test_zipline_orders import first_difference

pytestmark = pytest.mark.parity

FILE = Path(programs.__file__)

#: What the programs must reach, and in how many of 100 programs at least.
EVENTS = {
    "filled": 60,
    "filled in parts": 15,
    "filled on a later day": 2,
    "cancelled at the close": 10,
    "auto-close": 1,
    "scheduled": 20,
    "early close": 10,
    "looked before trading": 10,
}


@pytest.fixture(scope="module")
def request_(request):
    return programs.request(request.config.getoption("--fuzz") // 2)


@pytest.fixture(scope="module")
def answers(request_):
    return references.both("zipline", FILE, request_)


def test_every_program_is_identical(request_, answers):
    failures = []
    for program, reference, result in zip(request_["programs"], *answers, strict=True):
        assert "error" not in reference, f"program {program['seed']}: {reference['traceback']}"
        found = first_difference(reference, result)
        if found:
            failures.append(f"program {program['seed']}: {found}")
    text = "\n".join(failures[:20])
    assert not failures, f"{len(failures)} programs differ:\n{text}"


def test_the_programs_reach_what_they_should(request_, answers):
    """On the real framework's results, so that the comparison is about something."""
    if len(request_["programs"]) < 100:
        pytest.skip("fewer than 100 programs were asked for")
    reached = Counter()
    for result in answers[0]:
        reached.update(what_happened(result))
    missing = [name for name in EVENTS if reached[name] < EVENTS[name]]
    assert not missing, f"too rare: {missing}; reached: {dict(reached)}"


def what_happened(result: dict) -> set[str]:
    """The names of EVENTS that one program reached."""
    reached = {"scheduled" for entry in result["log"] if entry[0] == "scheduled"}
    reached |= {"looked before trading" for entry in result["log"] if entry[0] == "before"}
    reached |= {"early close" for close in result["index"] if "T18:00" in close}
    fills = Counter()
    cancelled = {entry[1] for entry in result["log"] if entry[0] == "cancel"}
    created = {}
    columns = result["columns"]
    for day in columns["orders"]["values"]:
        for order in day:
            created[order["id"]] = order["created"][:10]
            if order["status"] == 1:
                reached.add("filled")
            if order["status"] == 2 and order["id"] not in cancelled:
                reached.add("cancelled at the close")
    for day in columns["transactions"]["values"]:
        for trade in day:
            fills[trade["order_id"]] += 1
            if trade["order_id"] is None:
                reached.add("auto-close")
            elif trade["dt"][:10] != created[trade["order_id"]]:
                reached.add("filled on a later day")
    if max(fills.values(), default=0) > 1:
        reached.add("filled in parts")
    return reached
