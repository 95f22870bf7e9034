"""Run a file as `python FILE` would, from inside a running interpreter."""

from __future__ import annotations

import builtins
import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType


def execute(script: str, arguments: list[str], on_error=None) -> int:
    """Run `script` as `__main__`, letting nothing of ours show in what the user sees.

    The script sees its own arguments in `sys.argv`, `__name__ == "__main__"` and its folder first
    on `sys.path`. A traceback starts in the user's file. Returns the exit status; SystemExit
    passes through. `on_error` is called with an exception that ended the script.
    """
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    main = ModuleType("__main__")
    # Not runpy.run_path: it empties the module when the script ends, before the functions that
    # the script registered with atexit run, and objects of the script could not be pickled.
    main.__dict__.update(
        __file__=script,
        __builtins__=builtins,
        __loader__=SourceFileLoader("__main__", script),
        __cached__=None,
    )
    sys.modules["__main__"] = main
    try:
        with open(script, "rb") as opened:
            code = compile(opened.read(), script, "exec", dont_inherit=True)
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        if on_error is not None:
            on_error(error)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0
