"""`fillproof data import|list|show|check` over files of bars."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fillproof.cli.app import app
from typer.testing import CliRunner

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/data"
IBM = EXAMPLES / "IBM.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FILLPROOF_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZIPLINE_ROOT", str(tmp_path / "zipline"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def data(*arguments):
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def test_files_become_a_data_set_that_is_listed_and_shown():
    done = data("import", EXAMPLES / "*.csv", "--name", "stocks")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("stocks: 5 assets, 12154 bars, 2000-03-01 to 2013-03-01, state 1")
    assert "stocks" in data("list").stdout
    shown = data("show", "stocks", "--rows", "1").stdout
    assert "columns: open, high, low, close, volume, adj_close" in shown
    assert shown.count("sha256") == 5
    assert "430.47" in shown


def test_one_file_gives_its_name_and_updates_are_asked_for():
    assert data("import", IBM).stdout.startswith("IBM: 1 asset, 3270 bars")
    again = data("import", IBM)
    assert again.exit_code == 2
    assert "there is a data set 'IBM' already" in again.stderr
    assert "state 2" in data("import", IBM, "--update").stdout


def test_check_tells_by_its_status(folder):
    found = data("check", IBM, "--calendar", "XNYS")
    assert found.exit_code == 1
    assert "IBM, 2000-10-17 to 2000-10-18: close 113 to 95.44 (-15.5%)" in found.stdout
    assert found.stdout.endswith("1 findings: 1 outlier\n")
    quiet = data("check", IBM, "--calendar", "XNYS", "--outlier", "20")
    assert (quiet.exit_code, quiet.stdout) == (0, "Nothing looks wrong.\n")
    data("import", IBM)
    (one,) = json.loads(data("check", "IBM", "--calendar", "XNYS", "--json").stdout)
    assert (one["check"], one["asset"], one["count"]) == ("outlier", "IBM", 2)


def test_minutes_of_a_calendar(folder):
    lines = [f"2024-01-03T{t // 60:02}:{t % 60:02}:00Z,1,1,1,1,{t}" for t in range(870, 1260)]
    del lines[5:7]
    (folder / "minutes.csv").write_text("time,open,high,low,close,volume\n" + "\n".join(lines))
    done = data("check", folder / "minutes.csv", "--calendar", "XNYS", "--minutes")
    assert "14:35:00Z to 2024-01-03T14:36:00Z: 2 bars of the calendar missing" in done.stdout


def test_policies_and_refusals(folder):
    bad = folder / "bad.csv"
    bad.write_text("date,open,high,low,close\n2024-01-02,1,2,1,1\n2024-01-03,1,0.5,1,1\n")
    refused = data("import", bad)
    assert refused.exit_code == 2
    assert "bad.csv, row 2 (line 3)" in refused.stderr
    done = data("import", bad, "--policy", "high_below_low=drop")
    assert "1 changes by --policy" in done.stdout
    for arguments, words in [
        (("import", bad, IBM), "name the data set"),
        (("import", bad, "--policy", "x"), "write CHECK=ACTION"),
        (("import", "a.csv", "b.parquet", "--name", "x"), "do not go together"),
        (("check", "nothing"), "no data set 'nothing'"),
        (("show", "nothing"), "no data set 'nothing'"),
        (("check", IBM, "--calendar", "NOWHERE"), "has none by that name"),
    ]:
        done = data(*arguments)
        assert done.exit_code == 2
        assert words in done.stderr
