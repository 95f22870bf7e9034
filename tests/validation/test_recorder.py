"""The recorder on the real frameworks: it sees everything and changes nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest
from fillproof.validation import references
from fillproof.validation.compare import compare
from fillproof.validation.trace import Trace, TraceError, load
from fillproof.validation.validate import RECORDER

SCRIPTS = Path(__file__).with_name("scripts")
ZIPLINE = Path(__file__).resolve().parents[2] / "benchmarks" / "scripts" / "zipline_rebalance.py"
CASES = {
    "backtrader": (SCRIPTS / "backtrader_two.py",),
    "zipline": (ZIPLINE, "3", "40"),
    "vectorbt": (SCRIPTS / "vectorbt_two.py",),
}


def record(name: str, folder: Path, *command: object, light: bool = False) -> tuple[int, str]:
    folder.mkdir()
    options = ["--light"] if light else []
    done = subprocess.run(
        [
            str(references.python(name)),
            str(RECORDER),
            *options,
            "--out",
            str(folder),
            "--",
            *map(str, command),
        ],
        capture_output=True,
        text=True,
    )
    (folder / "stdout.txt").write_text(done.stdout)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> dict[str, tuple[Trace, Trace, dict]]:
    """Each script recorded recorded (the slow importer once), and with the stopwatch only."""
    found = {}
    for name, command in CASES.items():
        folder = tmp_path_factory.mktemp(name)
        traces = []
        for part in ("first",) if name == "vectorbt" else ("first", "second"):
            record(name, folder / part, *command)
            traces.append(load(folder / part))
        _, stdout = record(name, folder / "light", *command, light=True)
        light = json.loads((folder / "light" / "trace.json").read_text())
        found[name] = (traces[0], traces[-1], {**light, "stdout": stdout})
    return found


@pytest.mark.parity
@pytest.mark.parametrize("name", references.NAMES)
class TestRealFrameworks:
    def test_the_same_script_gives_the_same_trace(self, recorded, name):
        first, second, _ = recorded[name]
        result = compare(first, second)
        assert result.identical, result.first
        assert result.traded

    def test_the_recorder_changes_nothing(self, recorded, name):
        first, _, light = recorded[name]
        assert first.stdout == light["stdout"] != ""
        assert first.status == light["status"] == 0
        if name != "vectorbt":  # a portfolio is asked for its account only by the recorder
            assert light["accounts"] == first.accounts
        assert light["inside_s"] > 0

    def test_cash_at_the_end_is_cash_at_the_start_less_what_the_fills_cost(self, recorded, name):
        trace = recorded[name][0]
        starts = {"backtrader": [10_000], "zipline": [10_000_000], "vectorbt": [30_000, 10_000]}
        fills = trace.tables["fills"]
        spent = (pl.col("side").replace_strict({"buy": 1.0, "sell": -1.0})) * pl.col("size")
        for run, (start, (cash, _)) in enumerate(zip(starts[name], trace.accounts, strict=True)):
            mine = fills if name == "backtrader" else fills.filter(run=run)  # one shared account
            commission = mine["commission"].sum()
            if name == "zipline":  # booked on the order, not on its fills
                commission = trace.tables["orders"]["commission"].sum()
            cost = mine.select((spent * pl.col("price")).sum()).item()
            assert cash == pytest.approx(start - cost - commission, abs=1e-6)

    def test_every_fill_belongs_to_an_order(self, recorded, name):
        trace = recorded[name][0]
        fills = trace.tables["fills"].join(trace.tables["orders"], on=["run", "order"], how="anti")
        assert trace.tables["fills"].height > 5
        assert fills.height == 0


@pytest.mark.parity
def test_backtrader_two_strategies_are_two_runs(recorded):
    trace = recorded["backtrader"][0]
    assert [run["name"] for run in trace.runs] == ["First", "Second"]
    assert trace.tables["bars"].filter(run=0).height == 60
    calls = trace.tables["calls"]
    # prenext is the user's own, and is called before the average of five bars is there.
    assert calls.filter(run=1, method="prenext").height == 4
    assert calls.filter(run=0, method="prenext").height == 0
    # super().next() is part of next(), not a call-back of its own.
    assert calls.filter(run=1, method="next").height == 56
    assert calls.filter(run=0, method="cancel").height == 1
    assert calls.filter(run=0, method="buy_bracket").height == 5
    assert trace.tables["orders"].filter(run=0).height == 16
    assert "Canceled" in trace.tables["orders"]["status"].to_list()


@pytest.mark.parity
def test_vectorbt_portfolios_are_runs(recorded):
    trace = recorded["vectorbt"][0]
    assert [run["bars"] for run in trace.runs] == [120, 120]
    assert trace.tables["bars"].filter(run=0)["group"].unique().sort().to_list() == list("abc")
    assert trace.tables["fills"].filter(run=1)["bar"].to_list() == [0, 30, 60, 90]


@pytest.mark.parity
def test_zipline_has_sessions_calls_and_the_performance_frame(recorded):
    trace = recorded["zipline"][0]
    assert trace.bars == 40
    calls = trace.tables["calls"]
    assert calls.filter(method="initialize").height == 1
    assert calls.filter(method="handle_data")["bar"].to_list() == list(range(1, 41))
    assert calls.filter(method="order_target_percent").height == 120
    names = set(trace.tables["series"]["name"])
    assert {"returns", "sharpe", "max_drawdown", "period_close", "amount:A000"} <= names


@pytest.mark.parity
def test_an_exception_is_recorded_with_its_place(tmp_path):
    script = tmp_path / "fails.py"
    script.write_text("import backtrader\n\n\ndef f():\n    raise KeyError('gone')\n\n\nf()\n")
    status, _ = record("backtrader", tmp_path / "out", script)
    error = load(tmp_path / "out").error
    assert status == 1
    assert error is not None
    assert error["type"] == "KeyError"
    assert error["where"] == [f"{script}:8"]


def test_an_incomplete_trace_is_an_error(tmp_path):
    with pytest.raises(TraceError, match="left no trace"):
        load(tmp_path)
    (tmp_path / "recorder-failed.txt").write_text("KeyError: 'size'")
    with pytest.raises(TraceError, match="could not read the results: KeyError"):
        load(tmp_path)


WRITES = """
import pathlib, tempfile
pathlib.Path("report.csv").write_text("a,b\\n1,2\\n")
pathlib.Path("sub").mkdir()
with open("sub/picture.bin", "wb") as file:
    file.write(bytes(range(8)))
pathlib.Path("gone.txt").write_text("for a moment")
pathlib.Path("gone.txt").unlink()
tempfile.NamedTemporaryFile(delete=True).write(b"chance")
open(__file__).read()
print("done")
"""


def test_files_that_a_script_writes_are_kept(tmp_path, monkeypatch):
    script = tmp_path / "writes.py"
    script.write_text(WRITES)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    status, _ = record("backtrader", tmp_path / "trace", script)
    assert status == 0
    assert load(tmp_path / "trace").files == {
        "report.csv": b"a,b\n1,2\n",
        "sub/picture.bin": bytes(range(8)),
    }
