"""Built-in factors, filters and classifiers give what those of the real zipline give.

Over a bundle with splits, mergers, dividends, late starters, early ends and gaps: floats within
1e-9, everything else exactly; dtypes are the same. `--fuzz N` computes N random graphs of terms.
"""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import references
import zipline_term_cases as cases
import zipline_terms

pytestmark = pytest.mark.parity

SEED = 0


@pytest.fixture(scope="module")
def terms(request) -> list[str]:
    graphs = cases.Graphs(SEED)
    count = request.config.getoption("--fuzz")
    print(f"market {SEED}, {count} graphs of seed {SEED}")
    fixed = cases.texts(cases.WINDOWED) + cases.texts(cases.ROWS) + cases.texts(cases.SETTINGS)
    return fixed + [graphs.term() for _ in range(count)]


@pytest.fixture(scope="module")
def answers(terms):
    asked = {"seed": SEED, "terms": terms}
    return references.both("zipline", Path(zipline_terms.__file__), asked)


def test_terms_give_the_same(terms, answers):
    failures = []
    for text, theirs, ours in zip(terms, *answers, strict=True):
        found = difference(theirs, ours)
        if found:
            failures.append(f"{text}: {found}")
    shown = "\n".join(failures[:20])
    assert not failures, f"{len(failures)} of {len(terms)} terms differ:\n{shown}"


def test_terms_reach_what_they_should(terms, answers):
    """On the real framework's answers: all kinds of values, most of them there."""
    reached = Counter()
    for theirs in answers[0]:
        reached[theirs.get("dtype", "error")] += 1
        if theirs.get("dtype") == "float64":
            values = _values(theirs)
            reached["numbers"] += bool(np.isfinite(values).mean() > 0.3)
            reached["gaps"] += bool(0 < np.isnan(values).mean() < 1)
    for kind in ("float64", "bool", "int64", "category", "datetime64[ns]", "object", "error"):
        assert reached[kind], f"{kind} is missing; reached: {dict(reached)}"
    assert reached["numbers"] > 0.7 * reached["float64"]
    assert reached["gaps"] > 0.5 * reached["float64"]
    assert reached["error"] < 0.3 * len(terms)


def _values(answer: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(answer["data"]), answer["dtype"])


def difference(theirs: dict, ours: dict) -> str | None:
    """The first difference of two columns; None when they are the same."""
    if "error" in theirs or "error" in ours or theirs["dtype"] != ours["dtype"]:
        kinds = [one.get("error", one.get("dtype")) for one in (theirs, ours)]
        return None if kinds[0] == kinds[1] else f"{kinds[0]} there, {kinds[1]} here"
    if "texts" in theirs:
        return _difference_of_texts(theirs, ours)
    there, here = _values(theirs), _values(ours)
    if there.shape != here.shape:
        return f"{there.shape} there, {here.shape} here"
    if there.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            close = np.abs(there - here) <= 1e-9 * np.maximum(1.0, np.abs(there))
        same = close | (there == here) | (np.isnan(there) & np.isnan(here))
    else:
        same = there.view(np.uint8).reshape(len(there), -1) == here.view(np.uint8).reshape(
            len(here), -1
        )
        same = same.all(axis=1)
    if same.all():
        return None
    place = int(np.argmin(same))
    return f"{int((~same).sum())} cells, first {place}: {there[place]} there, {here[place]} here"


def _difference_of_texts(theirs: dict, ours: dict) -> str | None:
    if theirs.get("categories") != ours.get("categories"):
        return f"{theirs.get('categories')} there, {ours.get('categories')} here"
    for place, (there, here) in enumerate(zip(theirs["texts"], ours["texts"], strict=True)):
        if there != here and not _close(there, here):
            return f"cell {place}: {there} there, {here} here"
    return None


def _close(there, here) -> bool:
    """Whether two tuples of numbers, as texts, have the same types and are close."""
    if there is None or here is None or not there.startswith("("):
        return False
    names = {"np": np, "nan": np.nan, "inf": np.inf}
    left, right = eval(there, names), eval(here, names)
    return [type(one) for one in left] == [type(one) for one in right] and np.allclose(
        left, right, rtol=1e-9, atol=1e-9, equal_nan=True
    )
