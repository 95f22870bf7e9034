"""`fillproof run`: the script notices no difference to `python SCRIPT`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).with_name("scripts")
PLAIN = SCRIPTS / "no_framework.py"


def run(*command: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("arguments", [[], ["0"], ["7"], ["fail"], ["text"]])
def test_a_script_behaves_as_under_python(arguments):
    plain = run(PLAIN, *arguments)
    ours = run("-m", "fillproof.cli", "run", PLAIN, *arguments)
    assert ours.returncode == plain.returncode
    assert ours.stdout == plain.stdout
    assert ours.stderr == plain.stderr


def test_the_scripts_options_are_the_scripts_own(tmp_path):
    script = tmp_path / "show.py"
    script.write_text("import sys\nprint(sys.argv[1:])\n")
    done = run("-m", "fillproof.cli", "run", script, "--help", "--version", "-x", "--", "y")
    assert done.stdout == "['--help', '--version', '-x', '--', 'y']\n"


def test_a_syntax_error_names_the_users_file(tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("def broken(:\n")
    plain, ours = run(script), run("-m", "fillproof.cli", "run", script)
    assert (ours.returncode, ours.stderr) == (plain.returncode, plain.stderr)


def test_a_missing_script_is_said_so():
    done = run("-m", "fillproof.cli", "run", "nowhere.py")
    assert done.returncode == 2
    assert "nowhere.py" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import backtrader.no_such_module", "backtrader.no_such_module"),
        ("from backtrader import Store", "backtrader.Store"),
        ("from zipline.no_such_module import x", "zipline.no_such_module"),
        ("import vectorbt as vbt; vbt.NoSuchName", "vectorbt.NoSuchName"),
    ],
)
def test_what_the_adapter_lacks_fails_with_its_name(tmp_path, line, name):
    script = tmp_path / "script.py"
    script.write_text(line + "\n")
    done = run("-m", "fillproof.cli", "run", script)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("fillproof.compat.unsupported.UnsupportedFeature: ")
    framework, _, missing = name.partition(".")
    assert framework in last
    assert missing in last


def test_a_name_that_the_framework_never_had_is_no_gap(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import backtrader as bt\nprint(hasattr(bt, 'NoSuchName'))\n"
        "from backtrader import NoSuchName\n"
    )
    done = run("-m", "fillproof.cli", "run", script)
    assert (done.returncode, done.stdout) == (1, "False\n")
    assert "ImportError: cannot import name 'NoSuchName'" in done.stderr


def test_the_run_path_imports_no_command_line_library(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "heavy = {'typer', 'click', 'rich', 'polars', 'pandas', 'numpy', 'numba', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert run("-m", "fillproof.cli", "run", script).stdout == "[]\n"


def test_version():
    from importlib.metadata import version

    done = run("-m", "fillproof.cli", "--version")
    assert done.stdout == f"fillproof {version('fillproof')}\n"
