"""Where the real frameworks live, and what is said when one does not."""

from __future__ import annotations

import subprocess

import pytest
from fillproof.validation import references


def test_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("FILLPROOF_REFERENCES_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert references.folder() == tmp_path / "fillproof" / "references"
    monkeypatch.setenv("FILLPROOF_REFERENCES_DIR", str(tmp_path / "mine"))
    assert references.folder() == tmp_path / "mine"


@pytest.mark.parametrize("name", references.NAMES)
def test_a_missing_reference_says_what_to_run(monkeypatch, tmp_path, name):
    monkeypatch.setenv("FILLPROOF_REFERENCES_DIR", str(tmp_path))
    with pytest.raises(references.ReferenceMissing, match=f"fillproof references install {name}"):
        references.python(name)
    assert not any(one.installed for one in references.list_references())


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="choose from backtrader, zipline, vectorbt"):
        references.python("quantopian")
    with pytest.raises(ValueError, match="choose from"):
        references.install(["quantopian"])


def test_other_requirements_than_pinned_are_out_of_date(monkeypatch, tmp_path):
    monkeypatch.setenv("FILLPROOF_REFERENCES_DIR", str(tmp_path))
    interpreter = references._interpreter(tmp_path / "backtrader")
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    assert references.python("backtrader") == interpreter  # the user's own, without a stamp
    stamp = tmp_path / "backtrader" / references._STAMP
    stamp.write_text("0123 3.11\n")
    with pytest.raises(references.ReferenceMissing, match="other requirements"):
        references.python("backtrader")
    stamp.write_text(references._digest(references.requirements("backtrader")) + " 3.11\n")
    assert references.python("backtrader") == interpreter


@pytest.mark.parametrize("name", references.NAMES)
def test_every_requirement_is_pinned(name):
    lines = references.requirements(name).read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all(line.count("==") == 1 for line in pinned)
    assert references.version(name)


@pytest.mark.parity
@pytest.mark.parametrize("name", references.NAMES)
def test_the_real_framework_is_the_pinned_version_and_alone(name):
    code = (
        "import importlib.metadata as m, importlib.util as u, sys\n"
        f"print(m.version({references.DISTRIBUTIONS[name]!r}), u.find_spec('fillproof'))"
    )
    done = subprocess.run(
        [str(references.python(name)), "-c", code], capture_output=True, text=True, cwd="/"
    )
    assert done.stdout.split() == [references.version(name), "None"], done.stderr


@pytest.mark.parity
def test_installing_again_does_nothing():
    said = []
    found = references.install(["backtrader"], report=said.append)
    assert found == [references.python("backtrader")]
    assert "already installed" in said[0]
