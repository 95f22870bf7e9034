"""Run a Python file many times in one interpreter's forks; see `forks`.

`PYTHON FILE PLAYED [MODULE…]` imports the modules once. Each line of its input is JSON: the
arguments for a run of PLAYED's `main`, the folder to run in, and the files that take its output.
Each line of its output is the exit status of a run.
"""

import importlib
import importlib.util
import json
import os
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("played", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def redirect(stdout, stderr):
    """Nothing to read, and output into these files: of the process, not of `sys` alone."""
    for descriptor, path in enumerate((os.devnull, stdout, stderr)):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC if descriptor else os.O_RDONLY
        opened = os.open(path, flags)
        os.dup2(opened, descriptor)
        os.close(opened)


def serve(path, modules):
    played = load(path)
    for name in modules:
        importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        process = os.fork()
        if not process:
            redirect(request["stdout"], request["stderr"])
            os.chdir(request["folder"])
            # As any process ends: what a script left for its exit runs.
            sys.exit(played.main(request["arguments"]))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])
