"""Kernels that are called through hooks: what a start loads, what is declared, what goes stale."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import fillproof.core
import pytest
from fillproof.core import financing, hooks, jit

UNASKED = (
    "action_kernels",
    "action_orders",
    "action_trades",
    "actions",
    "calls",
    "cent_splits",
    "financing",
    "intrabar",
    "margin",
    "risk",
    "risk_guard",
    "risk_limits",
)
"""What a simulation without corporate actions, risk rules, margin or own cost functions leaves."""

PLAIN = """
    import sys
    import numpy as np
    from fillproof.core.bars import Bars
    from fillproof.core.costs import Commission
    from fillproof.core.orders import Kind
    from fillproof.core.rules import Rules
    from fillproof.core.simulation import Simulation

    price = np.full(9, 10.0)
    bars = Bars.from_arrays(np.arange(9) * 86_400_000_000_000, price, price, price, price)
    sim = Simulation(bars, {rules}, cash=1_000.0, commission=Commission("percent", 0.01))
    sim.step(0)
    parent = sim.submit(0, 1.0, transmit=False)
    child = sim.submit(0, -1.0, Kind.STOP, stop=5.0, parent=parent)
    sim.step(1)
    sim.modify(child, stop=6.0)
    sim.cancel(child)
    for t in range(2, 9):
        sim.step(t)
    print("numba" in sys.modules, sim.cash)
    print(*(m.rpartition(".")[2] for m in sys.modules if m.startswith("fillproof.core.")))
"""


def run_plain(mode: str, rules: str = "Rules()") -> tuple[str, set[str]]:
    """Output and loaded modules of the core, of a simulation in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PLAIN.format(rules=rules))],
        env=os.environ | {"FILLPROOF_JIT": mode},
        capture_output=True,
        text=True,
        check=True,
    )
    output, loaded = done.stdout.splitlines()
    return output, set(loaded.split())


@pytest.mark.parametrize(("mode", "output"), [("0", "False 989.9"), ("1", "True 989.9")])
def test_a_plain_simulation_loads_only_what_its_settings_need(mode, output):
    found, loaded = run_plain(mode)
    assert found == output
    # Machine code contains the few lines of `calls` that call an address, and names the module.
    assert loaded & set(UNASKED) == ({"calls"} if mode == "1" else set())
    assert {"engine", "filling", "hooks", "submission"} <= loaded


@pytest.mark.parametrize("mode", ["0", "1"])
def test_what_the_settings_need_is_loaded(mode):
    _, loaded = run_plain(mode, "Rules(settlement_sessions=1)")
    assert loaded & set(UNASKED) - {"calls"} == {"financing"}


def test_each_hook_is_defined_where_it_is_declared():
    assert len({hook.name for hook in hooks.HOOKS}) == len(hooks.HOOKS)
    for place, hook in enumerate(hooks.HOOKS):
        assert hook.place == place
        assert getattr(hooks, hook.name) is hook
        assert isinstance(hook.kernel, hooks.Apart)
        assert hook.kernel.hook is hook
        assert hook.kernel.__module__ == f"fillproof.core.{hook.home}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fillproof.core.financing", "def lend(book, t): ..."),
        ("fillproof.core.margin", "def finance(book, t): ..."),
        ("fillproof.core.financing", "def finance(book): ..."),
        ("fillproof.core.financing", "def finance(book, t: float): ..."),
        ("fillproof.core.risk_guard", "def after_fill(book, i, price): ..."),
    ],
)
def test_a_definition_that_differs_from_the_declaration_is_refused(name, text):
    space = {"__name__": name}
    exec(text, space)
    with pytest.raises(TypeError, match="not declared in hooks"):
        hooks.apart(space[text.split()[1].partition("(")[0]])


def kernels(value: object, seen: dict[int, jit.Kernel]) -> None:
    """All kernels whose machine code a kernel contains, by way of its globals."""
    if isinstance(value, hooks.Apart) and seen:
        return  # another one calls its address
    if not isinstance(value, jit.Kernel) or id(value) in seen:
        return
    seen[id(value)] = value
    names = value.py_func.__code__.co_names
    for name in names:
        found = value.py_func.__globals__.get(name)
        kernels(found, seen)
        if isinstance(found, ModuleType):
            for attribute in names:
                kernels(getattr(found, attribute, None), seen)


def test_the_stamp_of_cached_code_names_the_file_of_each_kernel_that_is_inlined():
    checked = 0
    for module in pkgutil.iter_modules(fillproof.core.__path__):
        for outer in vars(importlib.import_module(f"fillproof.core.{module.name}")).values():
            if not isinstance(outer, jit.Kernel):
                continue
            inside: dict[int, jit.Kernel] = {}
            kernels(outer, inside)
            stamp = jit._source_stamp(outer.py_func.__code__.co_filename)
            names = {entry.partition(":")[0] for entry in stamp}
            files = {Path(k.py_func.__code__.co_filename).name for k in inside.values()}
            assert files <= names, outer.py_func.__name__
            checked += len(files) > 3
    assert checked > 20


def test_cached_code_does_not_depend_on_what_it_calls_by_address():
    from fillproof.core import engine

    stamp = jit._source_stamp(engine.step.py_func.__code__.co_filename)
    names = {entry.partition(":")[0] for entry in stamp}
    assert {"engine.py", "filling.py", "hooks.py", "order_book.py"} <= names
    assert not names & {f"{hook.home}.py" for hook in hooks.HOOKS if hook.home != "messages"}
    assert "financing.py" in {
        entry.partition(":")[0]
        for entry in jit._source_stamp(financing.finance.py_func.__code__.co_filename)
    }
