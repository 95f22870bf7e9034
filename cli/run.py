"""`fillproof run SCRIPT [args…]`: a script for a real framework, unedited, on the array engine.

`fillproof run zipline run -f FILE …` is the command of that framework.
"""

from __future__ import annotations

import os
import sys


def run_script(script: str, arguments: list[str]) -> int:
    """Run `script` as `python SCRIPT` would, with the frameworks resolved to the adapters.

    `zipline` in place of a file is that framework's own command: `fillproof run zipline run -f …`.
    Returns the exit status; SystemExit passes through. A script that does not exist gives 2.
    """
    from ..compat.imports import install
    from ..validation.hooks.execute import execute

    missing = not os.path.exists(script)
    if missing and script != "zipline":
        print(f"fillproof: cannot open {script!r}: there is no such file.", file=sys.stderr)
        return 2
    install()
    if missing:
        from ..compat.zipline.__main__ import main

        sys.argv = ["zipline", *arguments]
        return main(arguments)
    status = execute(script, arguments)
    _hint(script)
    return status


def _hint(script: str) -> None:
    """Say so when a file only defines an algorithm: as a program it does nothing."""
    names = vars(sys.modules["__main__"])
    ran = any(name.endswith("compat.zipline.context") for name in sys.modules)
    if "initialize" in names and "zipline" in sys.modules and not ran:
        print(
            f"fillproof: {script} defines an algorithm and runs none. To run it: fillproof run "
            f"zipline run -f {script} -s START -e END -b BUNDLE --no-benchmark",
            file=sys.stderr,
        )
