"""The package list, and the wheel as a person would get it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("cli", "compat", "core", "validation")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def folders_with_python() -> list[str]:
    found = set()
    for layer in LAYERS:
        for file in (ROOT / layer).rglob("*.py"):
            found.add(".".join(["fillproof", *file.parent.relative_to(ROOT).parts]))
    return sorted(found)


def test_the_package_list_is_the_folders_on_disk():
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert listed == sorted(listed), "keep [tool.setuptools] packages in order"
    assert listed == folders_with_python(), "name each folder of Python files in pyproject.toml"


def test_each_layer_is_mapped_and_there_is_no_package_above_them():
    mapping = PROJECT["tool"]["setuptools"]["package-dir"]
    assert mapping == {f"fillproof.{layer}": layer for layer in LAYERS}
    assert not (ROOT / "fillproof").exists()


def test_the_oldest_versions_are_those_that_are_allowed():
    """What `make test-oldest` installs, against the lower bounds of the dependencies."""
    lines = (ROOT / ".ci/oldest.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    bounds = dict(one.split(">=") for one in PROJECT["project"]["dependencies"])
    assert list(pinned) == sorted(bounds)
    for name, bound in bounds.items():
        assert (bound + ".0.*").startswith(pinned[name].removesuffix("*")), name


def test_no_real_framework_is_a_dependency():
    extras = PROJECT["project"]["optional-dependencies"]
    for requirement in chain(PROJECT["project"]["dependencies"], *extras.values()):
        name = requirement.lower()
        assert not any(f in name for f in ("backtrader", "zipline", "vectorbt")), requirement


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy so that no earlier build's files can slip in."""
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    source.mkdir()
    for name in (*LAYERS, "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, source / name)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--outdir",
        str(work / "dist"),
        str(source),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = (work / "dist").glob("*.whl")
    return found


@pytest.mark.slow
def test_the_wheel_holds_every_package_and_data_file(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = {".py", ".parquet", ".md", ".txt", ".html", ".css", ".js", ".json", ".j2", ".toml"}
    wanted = {
        "fillproof/" + str(file.relative_to(ROOT))
        for layer in LAYERS
        for file in (ROOT / layer).rglob("*")
        if file.is_file() and file.suffix in kinds and "__pycache__" not in file.parts
    }
    assert wanted - names == set(), "add them to [tool.setuptools.package-data]"
    stray = {n for n in names if not n.startswith(("fillproof/", "fillproof-"))}
    assert stray == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_wheel_works_outside_the_source_tree(wheel, tmp_path):
    """fillproof from the wheel alone; what it depends on from this environment (.ci/wheel, the
    slow sister of this test, installs that too)."""
    place = tmp_path / "site"
    install = ["-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-deps"]
    subprocess.run([sys.executable, *install, "--target", place, wheel], check=True)
    # -S leaves out this environment's .pth files, and with them the editable install.
    path = os.pathsep.join([str(place), sysconfig.get_path("purelib")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    smoke = ROOT / "tests" / "smoke.py"

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-S", *command],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "1 fill" in run(str(smoke))
    version = PROJECT["project"]["version"]
    assert run("-m", "fillproof.cli", "--version").strip() == f"fillproof {version}"
