"""`AssetFinder` and its neighbours answer as the real ones do, and refuse what those refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
import references
import zipline_finders

pytestmark = pytest.mark.parity

FILE = Path(zipline_finders.__file__)


@pytest.fixture(scope="module")
def request_and_answers():
    request = {"calls": zipline_finders.make_calls(0)}
    return request, *references.both("zipline", FILE, request)


def test_the_finder_answers_the_same(request_and_answers):
    request, theirs, ours = request_and_answers
    assert len(theirs["answers"]) == len(request["calls"])
    for call, there, here in zip(request["calls"], theirs["answers"], ours["answers"], strict=True):
        assert here == there, f"{call}:\n{there} there,\n{here} here"


def test_the_calls_reach_what_they_are_for(request_and_answers):
    _, theirs, _ = request_and_answers
    errors = {found[1] for found in theirs["answers"] if found and found[0] == "error"}
    assert errors >= {
        "SymbolNotFound", "SameSymbolUsedAcrossCountries", "MultipleSymbolsFound",
        "MultipleSymbolsFoundForFuzzySymbol", "SidsNotFound", "EquitiesNotFound",
        "FutureContractsNotFound", "ValueNotFoundForField", "MultipleValuesFoundForField",
        "NoValueForSid", "MultipleValuesFoundForSid", "NotAssetConvertible",
    }  # fmt: skip


def test_made_up_assets_countries_and_currencies(request_and_answers):
    _, theirs, ours = request_and_answers
    for there, here in zip(theirs["synthetic"], ours["synthetic"], strict=True):
        assert here == there
