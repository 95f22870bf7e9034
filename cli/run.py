"""`fillproof run SCRIPT [args…]`: a script for a real framework, unedited, on the array engine."""

from __future__ import annotations

import os
import sys


def run_script(script: str, arguments: list[str]) -> int:
    """Run `script` as `python SCRIPT` would, with the frameworks resolved to the adapters.

    Returns the exit status; SystemExit passes through. A script that does not exist gives 2.
    """
    from ..compat.imports import install
    from ..validation.hooks.execute import execute

    if not os.path.exists(script):
        print(f"fillproof: cannot open {script!r}: there is no such file.", file=sys.stderr)
        return 2
    install()
    return execute(script, arguments)
