"""Options of the whole test suite."""

from __future__ import annotations


def pytest_addoption(parser):
    parser.addoption(
        "--fuzz",
        type=int,
        default=200,
        metavar="N",
        help="how many generated order programs to run against each real framework (default 200)",
    )
