"""`fillproof validate`: exit status 0 identical, 1 divergent, 2 could not run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("scripts")
STEADY = SCRIPTS / "backtrader_steady.py"


def validate(*arguments: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "fillproof.cli", "validate", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
    )


@pytest.mark.parity
def test_identical_is_0_and_says_what_was_compared(tmp_path):
    report, data = tmp_path / "new" / "report.html", tmp_path / "result.json"
    done = validate(STEADY, "--report", report, "--json", data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Identical to backtrader 1.9.78.123: 12 orders, 11 fills")
    result = json.loads(data.read_text())
    assert result["verdict"] == "identical"
    assert result["compared_rows"]["bars"] == {"there": 60, "here": 60}
    assert result["compared_rows"]["fills"] == {"there": 11, "here": 11}
    assert result["times_s"]["process_there"] > 0
    assert result["times_s"]["process_here"] > 0
    assert result["there"]["versions"]["backtrader"] == "1.9.78.123"
    assert "fillproof" not in result["there"]["versions"]
    assert "backtrader" not in result["here"]["versions"]
    page = report.read_text()
    assert "Identical to backtrader 1.9.78.123" in page
    assert page.index("Identical to") < page.index("What was compared")
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="http', page)
    assert report.stat().st_size < 10_000_000


@pytest.mark.parity
def test_divergent_is_1_and_explains_the_first(tmp_path):
    data = tmp_path / "result.json"
    done = validate("--no-timing", STEADY, "divergent", "--json", data)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "First divergence: bar 25 (2021-01-28): an order is created differently" in done.stdout
    assert "size 5.0" in done.stdout
    assert "size 7.0" in done.stdout
    assert "pending none" in done.stdout
    first = json.loads(data.read_text())["first_divergence"]
    assert (first["kind"], first["bar"]) == ("orders", 25)
    assert first["theirs"]["size"] == 5.0
    assert first["ours"]["size"] == 7.0


@pytest.mark.parity
def test_an_exception_on_one_side_only_is_a_divergence():
    done = validate("--no-timing", STEADY, "crash-here")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ValueError: at bar 30, on one side only" in done.stdout


@pytest.mark.parity
def test_a_script_without_trades_is_identical_and_says_so():
    done = validate("--no-timing", STEADY, "no-trades")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "placed no order on either side" in done.stdout


@pytest.mark.parity
def test_the_scripts_own_exit_status_is_compared_and_is_not_ours():
    done = validate("--no-timing", STEADY, "exit-5")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parity
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("crash", "The script fails on the real backtrader itself: ValueError: at bar 30"),
        ("missing-name", "On fillproof: UnsupportedFeature: backtrader: stores is not supported"),
    ],
)
def test_could_not_run_is_2_and_says_why(mode, words):
    done = validate("--no-timing", STEADY, mode)
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stdout


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("plain.py", "print(1)\n", "imports none of backtrader, zipline, vectorbt"),
        ("broken.py", "def broken(:\n", "is not Python"),
        ("absent.py", None, "cannot be read"),
    ],
)
def test_what_is_no_script_of_a_framework_is_2(tmp_path, name, text, words):
    script = tmp_path / name
    if text is not None:
        script.write_text(text)
    done = validate(script)
    assert done.returncode == 2
    assert words in done.stdout


def test_a_missing_reference_is_2_and_says_what_to_run(tmp_path):
    done = validate(STEADY, FILLPROOF_REFERENCES_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "fillproof references install backtrader" in done.stdout


def test_the_demo_says_what_it_misses(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "fillproof.cli", "demo"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "backtrader_sma_cross.py" in done.stderr


def test_a_report_without_its_libraries_ends_before_the_script_runs(tmp_path):
    code = "import sys; sys.modules['bokeh'] = None; from fillproof.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", str(STEADY), "--report", str(tmp_path / "r.html")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "fillproof: Reports need bokeh: run `pip install 'fillproof[report]'`.\n"
