"""Bundles hold what the real zipline's hold, whichever of the two wrote them.

A root that the real one ingested is read where it lies and imported into the catalog; every answer
of the readers must be the same to the last bit, and so must what writers refuse.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import references
import zipline_bundles

pytestmark = pytest.mark.parity

FILE = Path(zipline_bundles.__file__)
OURS = ("ingest", "read", "import")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The real framework's answers, and ours from a root of our own and from its root."""
    there, here = (str(tmp_path_factory.mktemp(name)) for name in ("there", "here"))
    theirs = references.reference("zipline", FILE, {"roots": [["ingest", there]]})
    roots = [["ingest", here], ["read", there], ["import", there]]
    return theirs, references.adapter(FILE, {"roots": roots})


@pytest.mark.parametrize("how", OURS)
@pytest.mark.parametrize("name", ["market", "own"])
def test_the_readers_answer_alike(answers, name, how):
    theirs, ours = answers
    same(theirs[f"{name} ingest"], ours[f"{name} {how}"])


@pytest.mark.parametrize("part", ["refusals", "minute files", "cleaned"])
def test_the_writers_do_alike(answers, part):
    theirs, ours = answers
    same(theirs[part], ours[part])


@pytest.mark.parametrize("part", ["hdf5", "hdf5 read"])
def test_files_of_hdf5_are_read_and_written_alike(answers, part):
    theirs, ours = answers
    same(theirs["hdf5"], ours[part])


def test_the_questions_reach_what_they_should(answers):
    """On the real framework's answers: numbers, nothing, and every error of the readers."""
    text = str(answers[0]["market ingest"])
    for wanted in ("nan", "NaT", "NoDataOnDate", "NoDataBeforeDate", "NoDataAfterDate",
                   "NoDataForSid", "raised KeyError", "raised ValueError"):  # fmt: skip
        assert wanted in text, f"{wanted} is missing"


def same(there: dict, here: dict) -> None:
    assert there.keys() == here.keys()
    wrong = [f"{key}:\n{str(there[key])[:600]} there\n{str(here[key])[:600]} here"
             for key in there if there[key] != here[key]]  # fmt: skip
    assert not wrong, f"{len(wrong)} of {len(there)} answers differ:\n" + "\n".join(wrong[:6])
