"""`fillproof port`: text or JSON, one file or a folder, status 1 for --check."""

from __future__ import annotations

import json

from fillproof.cli.app import app
from typer.testing import CliRunner

BAD = "import backtrader as bt\nbt.stores.IBStore()\n"
GOOD = "import backtrader as bt\nbt.Cerebro()\n"


def port(*arguments):
    return CliRunner().invoke(app, ["port", *map(str, arguments)])


def test_a_folder_is_ported_into_another_one(tmp_path):
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/good.py").write_text(GOOD)
    (tmp_path / "in/bad.py").write_text(BAD)
    done = port(tmp_path / "in", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "unsupported  backtrader.stores.IBStore  (line 2)" in done.stdout
    new = (tmp_path / "out/deep/good.py").read_text()
    assert new == "import fillproof.compat.backtrader as bt\nbt.Cerebro()\n"
    assert (tmp_path / "in/deep/good.py").read_text() == GOOD


def test_check_writes_nothing_and_its_status_tells(tmp_path):
    good, bad, out = tmp_path / "good.py", tmp_path / "bad.py", tmp_path / "out.py"
    good.write_text(GOOD)
    bad.write_text(BAD)
    assert port(good, "--check", "-o", out).exit_code == 0
    assert port(bad, "--check").exit_code == 1
    assert not out.exists()


def test_json_has_every_use(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    done = port(tmp_path / "good.py", "--json")
    (one,) = json.loads(done.stdout)
    assert one["counts"] == {"supported": 2}
    assert one["names"][1] == {
        "line": 2,
        "column": 1,
        "name": "backtrader.Cerebro",
        "arguments": [],
        "state": "supported",
        "remark": "",
    }


def test_a_file_that_cannot_be_read_is_status_2_and_the_others_are_done(tmp_path):
    (tmp_path / "a.py").write_text("print 'x'\n")
    (tmp_path / "b.py").write_text(GOOD)
    done = port(tmp_path)
    assert done.exit_code == 2
    assert "a.py, line 1: this is not Python 3" in done.stderr
    assert "b.py: backtrader: 2 supported" in done.stdout
