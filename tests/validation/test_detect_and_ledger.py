"""Which framework a script is for, and the ledger of known divergences."""

from __future__ import annotations

from pathlib import Path

import pytest
from fillproof.validation.ledger import known
from fillproof.validation.validate import detect

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import backtrader as bt\n", ["backtrader"]),
        ("from zipline.api import order\n", ["zipline"]),
        ("def f():\n    import vectorbt.portfolio\n", ["vectorbt"]),
        ("import backtrader_contrib, pandas\n", []),
        ("# import backtrader\n", []),
        ("from . import backtrader\n", []),
        ("import vectorbt, backtrader\nimport vectorbt\n", ["vectorbt", "backtrader"]),
    ],
)
def test_detect(tmp_path, text, found):
    script = tmp_path / "script.py"
    script.write_text(text)
    assert detect(script) == found


def test_detect_follows_files_beside_the_script(tmp_path):
    (tmp_path / "main.py").write_text("import mine\n")
    (tmp_path / "mine.py").write_text("import main\nimport backtrader\n")
    assert detect(tmp_path / "main.py") == ["backtrader"]


def test_each_known_divergence_has_a_test_that_exists():
    for one in known():
        file, _, function = one.test.partition("::")
        assert (ROOT / file).exists(), one.id
        assert f"def {function.partition('[')[0]}(" in (ROOT / file).read_text(), one.id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[divergence]]\nid = "x"\n', "missing or unknown field: cause, framework, test"),
        (
            '[[divergence]]\nid = "x"\nframework = "y"\ncause = "z"\ntest = "t"\n' * 2,
            "the id stands twice",
        ),
    ],
)
def test_a_ledger_with_a_bad_entry_is_refused(tmp_path, text, words):
    file = tmp_path / "ledger.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=words):
        known(file=file)


def test_the_ledger_is_chosen_by_framework(tmp_path):
    file = tmp_path / "ledger.toml"
    entry = '[[divergence]]\nid = "{0}"\nframework = "{0}"\ncause = "z"\ntest = "t"\n'
    file.write_text(entry.format("zipline") + entry.format("vectorbt"))
    assert [one.id for one in known("zipline", file)] == ["zipline"]
    assert len(known(None, file)) == 2
