"""How kernels are compiled, cached and left interpreted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from fillproof.core import account, jit
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.orders import Kind
from fillproof.core.rules import Rules
from fillproof.core.simulation import Simulation
from processes import run_python


def test_a_kernel_is_callable_from_other_compiled_code():
    @numba.njit
    def net(sizes, prices):
        size = price = 0.0
        for i in range(len(sizes)):
            size, price, _, _ = account.position_after(size, price, sizes[i], prices[i])
        return size, price

    assert net(np.array([1.0, 3.0]), np.array([10.0, 20.0])) == (4.0, 17.5)


def test_cached_code_goes_stale_with_the_file_of_an_inlined_kernel(tmp_path):
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "jit.py").write_text(Path(jit.__file__).read_text())
    (package / "outer.py").write_text(
        "from .inner import inner\nfrom .jit import njit\n"
        "@njit\ndef outer(x):\n    return inner(x)\n"
    )
    inner = package / "inner.py"
    source = "from .jit import njit\n@njit\ndef inner(x):\n    return x + {}\n"
    call = "from pkg.outer import outer; print(outer(1), outer.dispatcher.stats.cache_hits)"
    results = []
    for value in ("1", "1", "100"):
        text = source.format(value)
        if not inner.exists() or inner.read_text() != text:
            inner.write_text(text)
        results.append(run_python(call, tmp_path, FILLPROOF_JIT="1"))
    # compiled; from the cache; compiled again since the inner kernel changed
    assert [r.split()[0] for r in results] == ["2", "2", "101"]


SMALL_RUN = """
    import sys
    import numpy as np
    from fillproof.core.bars import Bars
    from fillproof.core.simulation import Simulation

    n = {bars}
    price = np.full(n, 10.0)
    bars = Bars.from_arrays(np.arange(n) * 86_400_000_000_000, price, price, price, price)
    sim = Simulation(bars, cash=1_000.0)
    sim.step(0)
    sim.submit(0, 1.0)
    sim.step(1)
    print("numba" in sys.modules, sim.cash)
"""


def test_a_small_run_does_not_load_the_compiler(tmp_path):
    clean = {"FILLPROOF_JIT": ""}
    assert run_python(SMALL_RUN.format(bars=250), tmp_path, **clean) == "False 990.0"
    assert run_python(SMALL_RUN.format(bars=jit.SMALL + 1), tmp_path, **clean) == "True 990.0"


MANY_STEPS = """
    import hashlib
    import sys
    import numpy as np
    from fillproof.core import jit
    from fillproof.core.bars import Bars
    from fillproof.core.costs import Commission
    from fillproof.core.orders import Kind
    from fillproof.core.simulation import Simulation

    n = jit.STEPS + 400
    price = 10.0 + np.sin(np.arange(n))
    bars = Bars.from_arrays(np.arange(n) * 86_400_000_000_000, price, price + 1, price - 1, price)
    sim = Simulation(bars, cash=1e6, commission=Commission("percent", rate=0.001))
    for t in range(n):
        sim.step(t)
        if t == jit.STEPS - 1:
            before = "numba" in sys.modules
        if t % 7 == 0:
            sim.submit(0, 3.0 if t % 2 else -2.0, Kind.LIMIT, limit=10.3)
        if t % 5 == 0:
            sim.submit(0, 1.5 if t % 3 else -2.5)
    rows = (sim.orders, sim.fills, sim.events, sim.equity_curve())
    digest = hashlib.sha256(b"".join(row.tobytes() for row in rows)).hexdigest()
    print(before, "numba" in sys.modules, len(sim.fills), digest)
"""


def test_a_run_of_many_steps_changes_over_to_compiled_kernels(tmp_path):
    changed = run_python(MANY_STEPS, tmp_path, FILLPROOF_JIT="").split()
    never = run_python(MANY_STEPS, tmp_path, FILLPROOF_JIT="0").split()
    assert (changed[:2], never[:2]) == (["False", "True"], ["False", "False"])
    assert changed[2:] == never[2:]
    assert int(never[2]) > 300


def test_kernels_load_without_scipy_and_leave_linear_algebra_to_others(tmp_path):
    code = """
    import sys
    import numba
    import numpy as np
    from fillproof.core import account

    account.position_after(0.0, 0.0, 1.0, 2.0)
    assert "scipy.linalg" not in sys.modules
    dot = numba.njit(lambda a, b: np.dot(a, b))
    print(dot(np.full(3, 2.0), np.ones(3)), "scipy.linalg" in sys.modules)
    """
    assert run_python(code, tmp_path, FILLPROOF_JIT="1").split() == ["6.0", "True"]


def test_cached_kernels_load_without_what_only_compiling_needs(tmp_path):
    code = """
    import sys
    import numba
    from fillproof.core import account

    print(*account.position_after(2.0, 10.0, 2.0, 20.0)[:2], "numba.typed.dictimpl" in sys.modules)
    twice = numba.njit(lambda x: account.position_after(x, 10.0, x, 20.0)[1])
    print(twice(2.0))
    """
    here = {"FILLPROOF_JIT": "1", "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    assert run_python(code, tmp_path, **here).split() == ["4.0", "15.0", "True", "15.0"]
    assert run_python(code, tmp_path, **here).split() == ["4.0", "15.0", "False", "15.0"]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of POSIX")
def test_a_small_run_goes_on_when_a_larger_one_has_loaded_the_compiler(monkeypatch):
    price = np.linspace(10.0, 12.0, 20)[:, None]
    bars = Bars.from_arrays(np.arange(20) * 86_400_000_000_000, *[price] * 4, price * 100)
    fee = Commission("call", function=lambda units, price, filled, paid: 0.01 * units * price)

    def started(mode):
        monkeypatch.setenv("FILLPROOF_JIT", mode)
        sim = Simulation(bars, Rules(price_path="low_first"), cash=1e4, commission=fee)
        sim.step(0)
        sim.submit(0, 5.0)
        return sim

    first = started("0")
    second = started("1")
    for sim in (first, second):
        for t in range(1, 20):
            sim.step(t)
            if t == 3:
                sim.cancel(sim.submit(0, 1.0, Kind.LIMIT, limit=1.0))
    assert first.fills.tobytes() == second.fills.tobytes()
    assert first.orders.tobytes() == second.orders.tobytes()
    assert first.equity_curve().tobytes() == second.equity_curve().tobytes()
    assert len(first.fills) == 1


def test_the_first_compile_says_so_on_a_terminal_only(tmp_path):
    import pty

    code = "from fillproof.core import account; account.position_after(1.0, 1.0, 1.0, 1.0)"
    environment = {**os.environ, "FILLPROOF_JIT": "1", "NUMBA_CACHE_DIR": str(tmp_path)}

    def errors_on_a_terminal() -> str:
        ours, theirs = pty.openpty()
        subprocess.run(
            [sys.executable, "-c", code], stderr=theirs, env=environment, check=True, timeout=120
        )
        os.close(theirs)
        try:
            text = os.read(ours, 10_000).decode()
        except OSError:  # nothing was written before the other end closed
            text = ""
        os.close(ours)
        return text

    assert errors_on_a_terminal().startswith("fillproof: compiling kernels")
    assert errors_on_a_terminal() == ""
    environment["NUMBA_CACHE_DIR"] = str(tmp_path / "other")
    piped = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True, timeout=120
    )
    assert piped.stderr == b""


@jit.njit
def total(values):
    out = 0.0
    for value in values:
        out += value
    return out


@jit.njit(cache=False)
def ask(function, values):
    return function(values)


def test_read_only_arrays_run_the_code_of_writable_ones():
    values = np.arange(5.0)
    locked = values.copy()
    locked.flags.writeable = False
    assert total(locked) == total(values) == total(locked) == 10.0
    assert len(total.dispatcher.signatures) == 1


def test_a_users_function_may_not_write_to_a_read_only_array():
    locked = np.arange(5.0)
    locked.flags.writeable = False

    @numba.njit
    def clear(values):
        values[0] = 7.0
        return values[0]

    with pytest.raises(numba.TypingError, match="readonly"):
        ask(clear, locked)
    assert ask(clear, np.arange(5.0)) == 7.0
