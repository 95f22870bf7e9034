"""The tables of a trace: the one list of columns that recorders write and the comparison reads.

Self-contained, since it is loaded by path into interpreters that do not have fillproof.

`run` numbers what was simulated in one process (a strategy of a Backtrader run, a Zipline
algorithm, a VectorBT portfolio) in the sequence in which it happened; `bar` counts bars within a
run; `time` is int64 nanoseconds since the epoch, UTC. NaN stands for "does not apply".
"""

from __future__ import annotations

INT, FLOAT, TEXT = "int64", "float64", "string"

# Every column is compared. `exact` floats are compared bit by bit, the others within 1e-9
# relative, whole numbers and text exactly.
TABLES: dict[str, dict[str, str]] = {
    "orders": {
        "run": INT,
        "order": INT,  # ordinal within the run, by creation
        "ref": TEXT,  # the framework's own number, where it is reproducible
        "asset": TEXT,
        "side": TEXT,
        "size": FLOAT,
        "kind": TEXT,
        "price": FLOAT,
        "limit": FLOAT,
        "valid": TEXT,
        "bar": INT,
        "time": INT,
        "status": TEXT,  # from here on: how the order ended
        "filled": FLOAT,
        "average": FLOAT,
        "commission": FLOAT,
    },
    "events": {
        "run": INT,
        "seq": INT,
        "bar": INT,
        "time": INT,
        "order": INT,
        "status": TEXT,
        "filled": FLOAT,
        "average": FLOAT,
        "commission": FLOAT,
        "value": FLOAT,
        "pnl": FLOAT,
    },
    "fills": {
        "run": INT,
        "bar": INT,
        "time": INT,
        "order": INT,
        "asset": TEXT,
        "side": TEXT,
        "size": FLOAT,
        "price": FLOAT,
        "commission": FLOAT,
    },
    "trades": {
        "run": INT,
        "seq": INT,
        "bar": INT,
        "time": INT,
        "trade": INT,
        "asset": TEXT,
        "side": TEXT,
        "status": TEXT,
        "size": FLOAT,
        "price": FLOAT,
        "exit_price": FLOAT,
        "value": FLOAT,
        "pnl": FLOAT,
        "net": FLOAT,
        "commission": FLOAT,
        "opened": INT,
        "closed": INT,
        "length": INT,
    },
    "bars": {
        "run": INT,
        "bar": INT,
        "time": INT,
        "group": TEXT,
        "cash": FLOAT,
        "equity": FLOAT,
    },
    "calls": {
        "run": INT,
        "seq": INT,
        "bar": INT,
        "time": INT,
        "method": TEXT,
        "detail": TEXT,
    },
    "series": {
        "run": INT,
        "name": TEXT,
        "bar": INT,
        "time": INT,
        "value": FLOAT,
    },
}
OUTCOME = ("status", "filled", "average", "commission")  # of an order, known only later
EXACT = {("orders", "size"), ("orders", "filled"), ("events", "filled"), ("fills", "size")}
EXACT |= {("trades", "size")}

# For drawing only: the prices that the run saw. Inputs, not results, so they are not compared.
PRICES = {"run": INT, "asset": TEXT, "bar": INT, "time": INT, "close": FLOAT}

# For look-ahead checks only: indicators and signals.
LINES = {"name": TEXT, "time": INT, "value": FLOAT}


class Columns:
    """One table being filled: rows one by one (`add`) or whole columns at once (`extend`)."""

    def __init__(self, layout: dict[str, str]) -> None:
        self.layout = layout
        self.rows: list[tuple] = []
        self.chunks: list = []

    def add(self, *row) -> None:
        self.rows.append(row)

    def extend(self, **columns) -> None:
        """Append columns given as arrays or as one value for every row."""
        import numpy as np

        length = max(len(v) for v in columns.values() if hasattr(v, "__len__") and not _text(v))
        self._close_rows()
        self.chunks.append(
            {
                name: columns[name]
                if hasattr(columns[name], "__len__") and not _text(columns[name])
                else np.full(length, columns[name], dtype=object)
                for name in self.layout
            }
        )

    def table(self):
        """The pyarrow table."""
        import pyarrow as pa

        self._close_rows()
        schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in self.layout.items()])
        parts = [
            pa.table(
                {name: _column(chunk[name], kind) for name, kind in self.layout.items()},
                schema=schema,
            )
            for chunk in self.chunks
        ]
        return pa.concat_tables(parts) if parts else schema.empty_table()

    def _close_rows(self) -> None:
        if self.rows:
            self.chunks.append(dict(zip(self.layout, zip(*self.rows, strict=True), strict=True)))
            self.rows = []


def _text(value) -> bool:
    return isinstance(value, str)


def _column(values, kind: str):
    import numpy as np
    import pyarrow as pa

    if kind == TEXT:
        return pa.array([str(v) for v in values], pa.string())
    if kind == INT:
        return pa.array(np.asarray(values, dtype=np.int64), pa.int64())
    return pa.array(np.asarray(values, dtype=np.float64), pa.float64(), from_pandas=False)
