"""Ingest daily bars, splits and dividends: `python zipline_ingest.py ASSETS SESSIONS RESULT`.

RESULT: a JSON file with the seconds of `ingest` alone, and a digest of what was stored.
"""

import hashlib
import json
import os
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from generated_bundle import frames, names, sessions, splits
from zipline.data.bundles import ingest, load, register

ASSETS, SESSIONS = int(sys.argv[1]), int(sys.argv[2])


def dividends(days) -> pd.DataFrame:
    """Each asset pays once a quarter."""
    paid = np.tile(days[40::63].to_numpy(), ASSETS)
    dates = dict.fromkeys(("ex_date", "pay_date", "declared_date", "record_date"), paid)
    sids = np.repeat(np.arange(ASSETS), len(paid) // ASSETS)
    return pd.DataFrame({"sid": sids, "amount": 0.11, **dates})


def bundle(days):
    bars, halves, cash = frames(ASSETS, days), splits(ASSETS, days), dividends(days)

    def write(environ, assets, minutes, daily, adjustments, *_):
        equities = pd.DataFrame(
            {
                "symbol": names(ASSETS),
                "start_date": days[0],
                "end_date": days[-1],
                "exchange": "NYSE",
            },
            index=pd.Index(range(ASSETS), name="sid"),
        )
        assets.write(equities=equities)
        daily.write(bars)
        adjustments.write(splits=halves, dividends=cash)

    return write


def digest(days, environ) -> str:
    """What the readers give back."""
    stored = load("generated", environ=environ)
    sids = pd.Index(range(ASSETS), dtype="int64")
    reader = stored.equity_daily_bar_reader
    columns = reader.load_raw_arrays(["open", "close", "volume"], days[0], days[-1], sids)
    found = hashlib.sha256(b"".join(np.ascontiguousarray(column) for column in columns))
    table = stored.adjustment_reader.get_df_from_table("dividends")
    found.update(np.ascontiguousarray(table["ratio"].to_numpy()))
    return found.hexdigest()


def main():
    days = sessions(SESSIONS)
    register("generated", bundle(days), "XNYS", start_session=days[0], end_session=days[-1])
    with tempfile.TemporaryDirectory(prefix="zipline-ingest-") as root:
        environ = {**os.environ, "ZIPLINE_ROOT": root}
        started = time.perf_counter()
        ingest("generated", environ=environ)
        seconds = time.perf_counter() - started
        result = {"seconds": seconds, "digest": digest(days, environ)}
    with open(sys.argv[3], "w") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
