"""Whole scripts, files as people write them: `fillproof validate` finds both sides identical.

Orders, fills, trades, the account at each bar, what is printed, files that are written. Each side
runs each script in a process of its own: forks of one, see `forks`.
"""

from __future__ import annotations

import os
from pathlib import Path

import fillproof.validation.validate as validation
import pytest
from fillproof.validation.explain import explain
from forks import Forks

pytestmark = pytest.mark.parity

SCRIPTS = sorted(Path(__file__).with_name("backtrader_whole").glob("*.py"))


@pytest.fixture(scope="module", autouse=True)
def forked():
    if not hasattr(os, "fork"):
        yield
        return
    forks = Forks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "_run", forks.run)
        yield
    forks.close()


def test_there_are_at_least_forty():
    assert len(SCRIPTS) >= 40


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_script_is_identical(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where scripts write
    found = validation.validate(path, timing="none")
    assert found.verdict != "could not run", found.reason
    assert found.comparison is not None
    assert found.theirs is not None
    assert found.ours is not None
    words = explain(found.comparison, found.theirs, found.ours, "backtrader")
    assert found.verdict == "identical", "\n".join(words)
    assert found.comparison.rounding == 0, "numbers differ in their last digits"
    assert found.comparison.traded, "the script does not trade"
    assert found.theirs.stdout.count("\n") > 3, "the script shows nothing"
