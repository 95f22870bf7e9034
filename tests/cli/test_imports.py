"""The finder that resolves the frameworks' names to the adapters."""

from __future__ import annotations

import subprocess
import sys

import pytest


def inside(code: str) -> subprocess.CompletedProcess:
    """Run code in a process in which the adapters are installed."""
    start = "from fillproof.compat.imports import install; install(); install()\n"
    return subprocess.run(
        [sys.executable, "-c", start + code], capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("framework", ["backtrader", "zipline", "vectorbt"])
def test_one_module_object_under_both_names(framework):
    done = inside(
        f"import sys, {framework} as public, fillproof.compat.{framework} as own\n"
        "assert public is own\n"
        f"assert public.__spec__.name == 'fillproof.compat.{framework}'\n"
        f"assert sys.modules['{framework}'] is sys.modules['fillproof.compat.{framework}']\n"
        "print(sum(type(f).__name__ == 'AdapterFinder' for f in sys.meta_path))"
    )
    assert done.stdout == "1\n", done.stderr


def test_submodules_are_the_adapters_own():
    done = inside(
        "import backtrader.unsupported as public\n"
        "from backtrader import unsupported as again\n"
        "import fillproof.compat.backtrader.unsupported as own\n"
        "assert public is own is again\n"
        "print('same')"
    )
    assert done.stdout == "same\n", done.stderr


def test_asking_for_dunder_names_is_harmless():
    done = inside(
        "import copy, inspect, backtrader\n"
        "assert not hasattr(backtrader, '__wrapped__')\n"
        "assert getattr(backtrader, '__nothing__', None) is None\n"
        "inspect.getmodule(backtrader)\n"
        "print('fine')"
    )
    assert done.stdout == "fine\n", done.stderr


def test_other_imports_are_left_alone():
    done = inside("import json, colorsys\nprint(colorsys.__spec__.name)")
    assert done.stdout == "colorsys\n", done.stderr
