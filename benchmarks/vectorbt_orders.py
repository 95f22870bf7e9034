"""`Portfolio.from_signals` on generated prices, to order records alone; see vectorbt_signals.py for
the prices and worker.py for who calls what.
"""

from vectorbt_signals import COSTS, prepare

__all__ = ["JOBS", "ours", "prepare", "reference"]

JOBS = [
    {"name": "from_signals to orders, 5,000 x 1,000", "rows": 5_000, "columns": 1_000},
    {"name": "from_signals to orders, 1,000,000 x 1", "rows": 1_000_000, "columns": 1},
]


def ours(inputs):
    import fillproof.compat.vectorbt as vbt

    return _records(vbt.Portfolio, inputs, {})


def reference(inputs, engine):
    if engine == "rust":
        # Where it is absent, VectorBT's own choice would fall back without a word.
        import vectorbt_rust  # noqa: F401
    import vectorbt as vbt

    return _records(vbt.Portfolio, inputs, {"engine": engine})


def _records(portfolio, inputs, options):
    close, entries, exits = inputs
    made = portfolio.from_signals(close, entries, exits, freq="1min", **COSTS, **options)
    orders = made.orders.values
    return {name: orders[name] for name in orders.dtype.names}
