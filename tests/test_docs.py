"""The examples in README.md and docs/ give what they say.

Each ```pycon block runs, in the order of its page.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES_WITH_EXAMPLES = [page for page in PAGES if BLOCK.search(page.read_text())]


@pytest.mark.parametrize("page", PAGES_WITH_EXAMPLES, ids=lambda page: page.name)
def test_the_examples_run(page, tmp_path, monkeypatch):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    text = page.read_text()
    parser = doctest.DocTestParser()
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    names: dict = {}
    wrong: list[str] = []
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        example = parser.get_doctest(block[1], names, page.name, str(page), line)
        runner.run(example, out=wrong.append, clear_globs=False)
        names |= example.globs
    assert wrong == [], "".join(wrong)
    assert runner.summarize(verbose=False).attempted > 0


def test_the_page_on_sweeps_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/sweeps.md").read_text()
    program = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    names: dict = {"__name__": "sweeps"}
    exec(compile(program, "docs/sweeps.md", "exec"), names)
    assert len(names["found"].table) == len(names["sets"])
    assert "out_of_sample" in program
    assert capsys.readouterr().out.count("shape:") == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_lead_somewhere(page):
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


def test_the_two_commands_stand_first():
    readme = (ROOT / "README.md").read_text()
    first = re.match(r"# fillproof\n\n```console\n(.*?)```", readme, re.DOTALL)
    assert first is not None
    assert "make demo" in first[1]
    assert "make test" in first[1]


def test_the_table_of_checks_is_complete():
    from fillproof.core.checks import ACTIONS

    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", (ROOT / "docs/data.md").read_text(), re.M)
    told = {check: tuple(re.findall(r"`(\w+)`", actions)) for check, actions in rows}
    assert told == {check: actions[1:] for check, actions in ACTIONS.items()}
