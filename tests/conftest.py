"""Options of the whole test suite, and in which sequence its files run."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from fillproof.core import jit
from hypothesis import settings

#: Files that take longest. The first compiles the engine, which the files of `core` wait for; the
#: others compile little of it, so that two workers do not compile the same at once. The third
#: compiles what the adapter of VectorBT needs before its other files come, two at a time.
FIRST = (
    "core/test_engine_properties.py",
    "parity/test_backtrader_indicators.py",
    "parity/test_vectorbt.py",
    "parity/test_zipline_orders.py",
    "parity/test_vectorbt_accessors.py",
    "parity/test_zipline_whole.py",
    "parity/test_backtrader_whole.py",
    "parity/test_backtrader_plots.py",
    "parity/test_backtrader_scripts.py",
    "parity/test_zipline_frames.py",
    "core/test_run.py",
    "compat/test_vectorbt_simulation.py",
    "test_packaging.py",
    "validation/test_recorder.py",
)
_FUZZ = 200


def pytest_addoption(parser):
    parser.addoption(
        "--fuzz",
        type=int,
        default=_FUZZ,
        metavar="N",
        help=f"how many generated order programs to run against each real framework (default "
        f"{_FUZZ}); with more, also more cases of each property, and what takes long",
    )


def pytest_configure(config):
    # How many cases a property is tried with, where its own settings do not say.
    count = max(100, config.getoption("--fuzz") // 2)
    settings.register_profile("fuzz", settings(max_examples=count))
    settings.load_profile("fuzz")


@pytest.fixture(scope="session")
def thorough(request) -> bool:
    """Whether `--fuzz` asks for more than the default."""
    return request.config.getoption("--fuzz") > _FUZZ


@pytest.fixture
def plain_kernels(monkeypatch, thorough):
    """A context in which kernels run as plain Python, `where` that is true; never in long runs.

    For cases that would make them compile once more, for another memory layout or another type,
    when other cases run them compiled: the bits are the same.
    """

    @contextmanager
    def context(where: bool = True):
        with monkeypatch.context() as patch:
            if where and not thorough:
                patch.setenv("FILLPROOF_JIT", "0")
                jit.prefer(0)
            yield
        jit.prefer(0)

    return context


def pytest_collection_modifyitems(items):
    """The longest files first, so that no worker is left alone with one at the end."""

    def place(item):
        path = item.path.as_posix()
        return next((n for n, name in enumerate(FIRST) if path.endswith(name)), len(FIRST))

    items.sort(key=place)
