"""The house: imports point down, adapters do not know each other, the core names no framework."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEIGHT = {"core": 0, "compat": 1, "validation": 2, "cli": 3}
SCRIPTS = Path("validation/hooks")
"""Files there are run by path, some by an interpreter without fillproof: no relative imports."""
FRAMEWORKS = ("backtrader", "vectorbt", "zipline")


def imported(file: Path, root: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of each import, modules of fillproof written from the root: `core.bars`."""
    package = file.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = [*base, *([node.module] if node.module else [])]
            for name in node.names:
                yield node.lineno, ".".join([*module, name.name])


def offences(root: Path) -> list[str]:
    """What breaks the rules, one line each."""
    found = []
    for layer, height in HEIGHT.items():
        for file in sorted((root / layer).rglob("*.py")):
            where = file.relative_to(root)
            adapter = where.parts[1] if layer == "compat" and where.parts[1] in FRAMEWORKS else None
            for line, module in imported(file, root):
                parts = module.split(".")
                place = f"{where}:{line}: imports {module}"
                if parts[0] == "fillproof":
                    if SCRIPTS not in where.parents:
                        found.append(f"{place}: write it relative")
                    parts = parts[1:]
                if HEIGHT.get(parts[0] if parts else "", -1) > height:
                    found.append(f"{place}: {layer} stands below {parts[0]}")
                other = parts[1] if len(parts) > 1 and parts[0] == "compat" else None
                if adapter and other in FRAMEWORKS and other != adapter:
                    found.append(f"{place}: an adapter imports another one")
            if layer == "core":
                for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                    named = [name for name in FRAMEWORKS if name in text.lower()]
                    found += [f"{where}:{line}: the core names {name}" for name in named]
    return found


def test_the_house_is_in_order():
    assert offences(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("core/a.py", "from ..compat.unsupported import x", "core stands below compat"),
        ("core/data/a.py", "def f():\n    from ...cli import main", "core stands below cli"),
        ("core/a.py", "from .. import validation", "core stands below validation"),
        ("core/a.py", "import fillproof.compat", "write it relative"),
        ("core/a.py", "import fillproof.compat", "core stands below compat"),
        (
            "compat/zipline/a.py",
            "from ...validation import trace",
            "compat stands below validation",
        ),
        (
            "compat/zipline/a.py",
            "from ..backtrader.lines import Line",
            "an adapter imports another",
        ),
        ("compat/vectorbt/b/a.py", "from ... import zipline", "an adapter imports another one"),
        ("core/a.py", "x = 1  # as BackTrader does", "the core names backtrader"),
        ("core/data/a.py", '"""Like VectorBT."""', "the core names vectorbt"),
    ],
)
def test_each_rule_is_enforced(tmp_path, file, text, complaint):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    assert any(complaint in offence for offence in offences(tmp_path)), offences(tmp_path)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cli/a.py", "from ..validation import trace\nfrom ..core.bars import Bars"),
        ("validation/hooks/a.py", "from ...compat.zipline import rules\nimport zipline"),
        ("compat/zipline/b/a.py", "from ...unsupported import x\nfrom ....core.rules import Rules"),
        ("core/data/a.py", "import numpy\nfrom ..bars import Bars\nfrom . import readers"),
    ],
)
def test_what_is_allowed_passes(tmp_path, file, text):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    assert offences(tmp_path) == []
