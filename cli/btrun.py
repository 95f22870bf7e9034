"""`fillproof btrun OPTIONS…`: what the command `btrun` of Backtrader does, on the array engine."""

from __future__ import annotations

import sys


def run(arguments: list[str]) -> int:
    """Run what the options say; the exit status. SystemExit of the options passes through."""
    from ..compat.imports import install

    install()
    from ..compat.backtrader.btrun import btrun

    # The usage names the command, and modules of the user may read their arguments.
    sys.argv = ["btrun", *arguments]
    btrun()
    return 0
