"""Register, ingest and load bundles of market data."""

from . import quandl
from .core import (
    UnknownBundle,
    bundles,
    clean,
    from_bundle_ingest_dirname,
    ingest,
    ingestions_for_bundle,
    load,
    register,
    to_bundle_ingest_dirname,
    unregister,
)
from .csvdir import csvdir_equities

__all__ = [
    "UnknownBundle",
    "bundles",
    "clean",
    "csvdir_equities",
    "from_bundle_ingest_dirname",
    "ingest",
    "ingestions_for_bundle",
    "load",
    "quandl",
    "register",
    "to_bundle_ingest_dirname",
    "unregister",
]
