"""For look-ahead checks: what a script reads ends at a time, and what its signals were is kept.

Works on the adapters only. Data end early where they come in: readers of pandas and Polars, feeds
of Backtrader, the last session of a Zipline run. Indicators and signals go to the table of lines.
"""

from __future__ import annotations

import functools
import importlib
import sys
from typing import Any

READERS = {
    "pandas": (
        "read_csv", "read_table", "read_fwf", "read_parquet", "read_feather", "read_excel",
        "read_hdf", "read_pickle", "read_json", "read_sql", "read_sql_query", "read_sql_table",
    ),
    "polars": (
        "read_csv", "read_parquet", "read_ipc", "read_excel", "read_json", "read_ndjson",
        "read_database",
    ),
}  # fmt: skip
TIMES = ("date", "datetime", "time", "timestamp")
SIGNALS = ("entries", "exits", "short_entries", "short_exits", "size")
DAY_NS = 86_400 * 10**9


class Cut:
    """until: ns UTC, the last time that the script may see; None for all of it. count: how many
    tables, feeds and runs ended by it. resampled: whether bars are made of bars, so that the last
    one is not complete.
    """

    def __init__(self, until: int | None, recording: Any) -> None:
        self.until = until
        self.recording = recording
        self.count = 0
        self.resampled = False

    def hooks(self) -> dict:
        """What to call when a package was imported, by its name."""
        readers = {name: functools.partial(self._lay_readers, name=name) for name in READERS}
        own = {name: getattr(self, f"lay_{name}") for name in ("backtrader", "zipline", "vectorbt")}
        for name in READERS:
            if name in sys.modules:
                readers.pop(name)(sys.modules[name])
        return readers | own

    # Readers

    def _lay_readers(self, module, name: str) -> None:
        for reader in READERS[name]:
            original = getattr(module, reader, None)
            if original is not None:
                setattr(module, reader, self._reader(original))

    def _reader(self, original):
        @functools.wraps(original)
        def read(*args, **kwargs):
            found = original(*args, **kwargs)
            if isinstance(found, dict):  # sheets
                return {name: self.cut(one) for name, one in found.items()}
            return self.cut(found)

        return read

    def cut(self, table):
        """A table without the rows after the end; as it is where it has no times.

        One that begins later keeps its first row, since scripts ask for the first of what there is.
        """
        times = times_of(table)
        if times is None:
            return table
        self.count += 1
        if self.until is None:
            return table
        keep = times <= max(self.until, times.min())
        return table[keep] if hasattr(table, "iloc") else table.filter(keep)

    # Frameworks

    def lay_backtrader(self, module) -> None:
        feed = importlib.import_module(f"{module.__name__}.feed").AbstractDataBase
        start = feed._start

        @functools.wraps(start)
        def started(data):
            start(data)
            self.count += 1
            if self.until is not None:
                # A time as the framework counts it, and a little: it rounds to milliseconds.
                data.todate = min(data.todate, self.until / DAY_NS + 719163.0 + 1e-9)

        feed._start = started
        for name in ("resampledata", "replaydata"):
            setattr(module.Cerebro, name, self._noted(getattr(module.Cerebro, name)))
        run = module.Cerebro.run

        @functools.wraps(run)
        def finished(cerebro, *args, **kwargs):
            result = run(cerebro, *args, **kwargs)
            for strategy in cerebro.runningstrats:
                self._indicators(strategy)
            return result

        module.Cerebro.run = finished

    def _noted(self, original):
        @functools.wraps(original)
        def called(*args, **kwargs):
            self.resampled = True
            return original(*args, **kwargs)

        return called

    def _indicators(self, strategy) -> None:
        import numpy as np

        lines = importlib.import_module("fillproof.compat.lookahead").indicator_lines
        for name, clock, values in lines(strategy):
            days = np.round((clock - 719163.0) * 86_400_000.0).astype(np.int64)
            self._keep(name, days * 1_000_000, values)

    def lay_zipline(self, module) -> None:
        import inspect

        run = module.run_algorithm
        parameters = inspect.signature(run)
        api = importlib.import_module(f"{module.__name__}.api")

        @functools.wraps(run)
        def run_algorithm(*args, **kwargs):
            import pandas as pd

            self.count += 1
            if self.until is None:
                return run(*args, **kwargs)
            given = parameters.bind(*args, **kwargs).arguments
            given |= given.pop("kwargs", {})
            end, initialize = given.get("end"), given["initialize"]
            last: Any = pd.Timestamp(self.until // DAY_NS * DAY_NS)
            if end is not None:
                end = pd.Timestamp(end).tz_localize(None)

                def initialized(context):
                    # Symbols mean what they mean in the whole run.
                    api.set_symbol_lookup_date(end)
                    initialize(context)

                given["initialize"] = initialized
            given["end"] = last if end is None else min(end, last)
            return run(**given)

        module.run_algorithm = run_algorithm

    def lay_vectorbt(self, module) -> None:
        for name in ("from_signals", "from_orders"):
            self._lay_portfolio(module.Portfolio, name)
        base = importlib.import_module(f"{module.__name__}.indicators.factory").IndicatorBase
        made: list = []
        original = base.__init__

        @functools.wraps(original)
        def init(indicator, *args, **kwargs):
            original(indicator, *args, **kwargs)
            made.append(indicator)

        base.__init__ = init
        self.recording.collectors.append(lambda: self._outputs(made))

    def _lay_portfolio(self, portfolio, name: str) -> None:
        import inspect

        original = getattr(portfolio, name).__func__
        parameters = inspect.signature(original)

        @functools.wraps(original)
        def construct(cls, *args, **kwargs):
            given = parameters.bind_partial(cls, *args, **kwargs).arguments
            for word in SIGNALS:
                self._keep_table(f"{name} {word}", given.get(word))
            return original(cls, *args, **kwargs)

        setattr(portfolio, name, classmethod(construct))

    def _outputs(self, made: list) -> None:
        for n, indicator in enumerate(made):
            for output in indicator.output_names:
                self._keep_table(
                    f"{type(indicator).__name__} {n}.{output}", getattr(indicator, output)
                )

    # Lines

    def _keep_table(self, name: str, values) -> None:
        """A pandas object by time, column by column."""
        times = times_of(values)
        if times is None:
            return
        frame = values.to_frame() if values.ndim == 1 else values
        for place in range(frame.shape[1]):
            column = frame.iloc[:, place]
            if column.dtype.kind in "biuf":
                label = f"{name} {frame.columns[place]}" if frame.shape[1] > 1 else name
                self._keep(label, times, column.to_numpy(float))

    def _keep(self, name: str, times, values) -> None:
        self.recording.lines.extend(name=name, time=times, value=values)


def times_of(table):
    """int64, ns UTC, of the rows of a pandas or Polars object; None where it has no times."""
    import numpy as np
    import pandas as pd

    if type(table).__module__.split(".")[0] == "polars":
        frame = table if hasattr(table, "columns") else None
        if frame is None:
            return None
        for name in frame.columns:
            column = frame[name]
            if column.dtype.is_temporal() or str(name).lower() in TIMES:
                return _instants(column.to_pandas())
        return None
    if not isinstance(table, (pd.Series, pd.DataFrame)):
        return None
    if isinstance(table.index, pd.DatetimeIndex):
        return _instants(table.index)
    if isinstance(table, pd.DataFrame):
        named = (
            [c for c in table.columns if table[c].dtype.kind == "M"]
            if table.columns.is_unique
            else []
        )
        named += [c for c in table.columns if str(c).lower() in TIMES]
        for name in named:
            times = _instants(table[name])
            if times is not None:
                return np.asarray(times)
    return None


def _instants(values):
    import numpy as np
    import pandas as pd

    times = pd.to_datetime(values, errors="coerce", utc=True)
    times = pd.DatetimeIndex(times)
    if not len(times) or times.isna().any():
        return None
    return times.tz_localize(None).to_numpy().astype("datetime64[ns]").astype(np.int64)
