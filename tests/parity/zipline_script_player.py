"""Run whole scripts for Zipline: `FILE REQUEST ANSWER [--adapter]`, on both sides.

The request holds the bundle "programs" or the seed of the bundle "market", and the paths of
scripts. The answer: by path what the script printed, and its performance frame, the variable
`perf`.
"""

from __future__ import annotations

import contextlib
import io
import runpy
import traceback
from collections.abc import Iterable

import player
import zipline_data
import zipline_market
import zipline_programs


def answer(request: dict) -> dict:
    if "market" in request:
        zipline_market.ingest({**zipline_market.make_market(request["market"]), "priced": True})
    else:
        zipline_programs.ingest(request["bundle"])
    return {path: run(path) for path in request["scripts"]}


def run(path: str) -> dict:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            names = runpy.run_path(path, run_name="__main__")
        except Exception:
            return {"printed": out.getvalue(), "error": traceback.format_exc()}
    return {"printed": out.getvalue(), "perf": shown(names["perf"])}


def shown(perf) -> dict:
    """A performance frame as JSON; the columns of the real framework have no fixed sequence."""
    ids: dict[str, int] = {}
    for trade in _flat(perf["orders"]):
        ids.setdefault(trade["id"], len(ids))
    return {
        "index": zipline_data.indexed(perf.index),
        "columns": {
            name: {
                "dtype": zipline_data.typed(perf[name].dtype),
                "values": [zipline_programs.plain(value, ids) for value in perf[name]],
            }
            for name in sorted(perf.columns)
        },
    }


def _flat(lists) -> Iterable[dict]:
    return (item for items in lists for item in items)


if __name__ == "__main__":
    player.play(answer)
