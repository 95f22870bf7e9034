"""Run a command and write what it took: `python -I -S measured.py RESULT.json COMMAND …`.

A process of its own, and a small one: a system may count the memory of whoever starts a process as
that process's.
"""

import json
import os
import sys
import time


def main(result: str, *command: str) -> int:
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    with open(result, "w") as file:
        # Of the process itself or of its largest child.
        json.dump({"seconds": seconds, "peak_mb": usage.ru_maxrss / unit}, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
