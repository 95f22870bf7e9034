"""The `fillproof` command.

`fillproof run` and `btrun` are dispatched here by hand: a person's 250-bar script must not wait for
the libraries that draw help pages and tables, so those are imported only by the other commands.
"""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (default: those of the process) name; the exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if len(given) >= 2 and given[0] == "run" and not given[1].startswith("-"):
        from .run import run_script

        return run_script(given[1], given[2:])
    if given[:1] == ["btrun"]:
        from .btrun import run

        return run(given[1:])
    from .app import app

    return app(given, standalone_mode=True) or 0
