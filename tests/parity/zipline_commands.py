"""Play command lines of `zipline`: `FILE REQUEST ANSWER [--adapter]`, on both sides.

The request holds a market; the answer, for each command line: what it printed on standard output,
its exit status and the last line on standard error.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

import player
import zipline_market
import zipline_script_player

ALGORITHM = """
import pandas as pd
from zipline.api import order_target_percent, record, symbol, get_environment
print('the file runs as', __name__)
def initialize(context):
    context.asset = symbol('STEADY')
    print(get_environment('*'))
def before_trading_start(context, data):
    context.mornings = getattr(context, 'mornings', 0) + 1
def handle_data(context, data):
    order_target_percent(context.asset, 0.1 + 0.01 * (context.mornings % 7))
    record(mornings=context.mornings)
def analyze(context, perf):
    print(len(perf), perf.portfolio_value.iloc[-1], perf.mornings.iloc[-1])
"""
TEXT = """
from zipline.api import order, sid
def initialize(context):
    print('shares', SHARES, TWICE)
def handle_data(context, data):
    order(sid(2), SHARES)
"""
EXTENSION = """
import zipline
from zipline.data.bundles import register
print('the extension is loaded', sorted(vars(zipline.extension_args)))
register('never', lambda *arguments: None)
"""
DATES = ["-s", "2015-10-05", "-e", "2015-10-30"]
RUN = ["run", "-f", "algo.py", "-b", "market"]
LINES = [
    [*RUN, *DATES, "--no-benchmark", "-o", "perf.pickle"],
    [*RUN, *DATES, "--benchmark-sid", "4", "-o", os.devnull],
    [*RUN, *DATES, "--benchmark-symbol", "THIN", "-o", os.devnull],
    [*RUN, *DATES, "-bf", "returns.csv", "-o", "own.pickle"],
    ["run", "-t", TEXT, "-D", "SHARES=3", "-D", "TWICE=SHARES * 2", "-b", "market", *DATES,
     "--no-benchmark", "-o", "text.pickle", "--capital-base", "2000", "--print-algo"],
    ["-x", "a.b=1", "-x", "c=2", "bundles"],
    [*RUN, *DATES, "--benchmark-symbol", "NOBODY"],
    ["run", "-f", "algo.py", "-b", "nobody", *DATES, "--no-benchmark"],
    [*RUN, "-s", "2015-10-03", "-e", "2015-10-04", "--no-benchmark"],
    [*RUN, *DATES],
    [*RUN, "-e", "2015-10-04"],
    [*RUN, "-s", "2015-10-04"],
    ["run", "-b", "market", *DATES],
    ["run", "-f", "algo.py", "-t", "x = 1", "-b", "market", *DATES],
    ["run", "-f", "nothing.py", "-b", "market", *DATES],
    ["run", "-f", "algo.py", "-D", "a=1", "-b", "market", *DATES, "--no-benchmark"],
    [*RUN, *DATES, "--data-frequency", "hourly"],
    ["ingest", "-b", "nobody"],
    ["clean", "-b", "market"],
    ["clean", "-b", "market", "-k", "1"],
    ["clean", "-b", "nobody", "-k", "1"],
    ["nonsense"],
]  # fmt: skip


def answer(request: dict) -> dict:
    zipline_market.ingest(request["market"])
    os.environ["COLUMNS"] = "80"
    from zipline.__main__ import main

    Path(os.environ["ZIPLINE_ROOT"], "extension.py").write_text(EXTENSION)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("algo.py").write_text(ALGORITHM)
        days = [f"2015-10-{day:02},{day / 1000}" for day in range(1, 31)]
        Path("returns.csv").write_text("\n".join(["date,return", *days]))
        played = [play(main, line) for line in LINES]
        import pandas as pd

        frames = {
            path.name: zipline_script_player.shown(pd.read_pickle(path))
            for path in sorted(Path().glob("*.pickle"))
        }
    return {"played": played, "frames": frames}


def play(main, line: list[str]) -> dict:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(line)
        except SystemExit as error:
            status = error.code
        except Exception as error:  # ends a program with this status
            status = 1
            print(error, file=err)
    said = err.getvalue().strip().splitlines()
    printed = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "TIME", out.getvalue())
    return {"printed": printed, "status": status or 0, "said": said[-1:]}


if __name__ == "__main__":
    player.play(answer)
