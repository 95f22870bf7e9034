"""One side of an array benchmark, alive between timings.

    python worker.py FILE SIDE ROWS COLUMNS RESULT.npz

SIDE is `ours` or the name of the reference's engine. The functions of FILE (`prepare`, `ours`,
`reference`) do the work. Each line on standard input is one command: `save` runs once and writes
the result, `time` runs once and answers with the seconds, `end` answers with the peak memory.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time

from peak import peak_mb


def main(file: str, side: str, rows: str, columns: str, result_file: str) -> None:
    import numpy as np

    spec = importlib.util.spec_from_file_location("benchmark", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    inputs = module.prepare(int(rows), int(columns))

    def work():
        return module.ours(inputs) if side == "ours" else module.reference(inputs, side)

    for line in sys.stdin:
        command = line.strip()
        if command == "save":
            started = time.perf_counter()
            try:
                result = work()
            except ImportError as error:
                _answer({"absent": str(error)})
                return
            seconds = time.perf_counter() - started
            np.savez(result_file, **{name: np.asarray(value) for name, value in result.items()})
            _answer({"seconds": seconds})
        elif command == "time":
            started = time.perf_counter()
            work()
            _answer({"seconds": time.perf_counter() - started})
        elif command == "end":
            _answer({"peak_rss_mb": peak_mb()})
            return


def _answer(data: dict) -> None:
    print(json.dumps(data), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
