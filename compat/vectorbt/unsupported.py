"""What VectorBT has and this adapter does not, by public name."""

from __future__ import annotations

from ..unsupported import Unsupported, UnsupportedFeature, unsupported

FRAMEWORK = "vectorbt"

_DATA = "Load the data yourself (CSV, Parquet) and pass it as pandas, Polars or NumPy."
_LABELS = "Compute the labels with pandas or NumPy."
_ANIMATION = "Save the pictures of the figures (`figure.write_image`) and join them."

_TOP_LEVEL = {
    _DATA: (
        "AlpacaData", "BinanceData", "CCXTData", "Data", "DataUpdater", "GBMData",
        "SyntheticData", "YFData", "symbol_dict", "data",
    ),
    _LABELS: (
        "BOLB", "FIXLB", "FMAX", "FMEAN", "FMIN", "FSTD", "LEXLB", "MEANLB", "TRENDLB", "labels",
    ),
    _ANIMATION: ("save_animation",),
    "": ("AsyncJob", "AsyncScheduler", "CancelledError", "ScheduleManager", "messaging"),
}  # fmt: skip


def _declare(table: dict[str, tuple[str, ...]]) -> dict[str, Unsupported]:
    return {
        name: unsupported(FRAMEWORK, name, reason)
        for reason, names in table.items()
        for name in names
    }


TOP_LEVEL = _declare(_TOP_LEVEL)


def missing(name: str, alternative: str = "") -> UnsupportedFeature:
    """The error for a name or an argument that the adapter lacks."""
    return UnsupportedFeature(FRAMEWORK, name, alternative)


def refuse(where: str, arguments: dict[str, object]) -> None:
    """Raise for the first of the optional `arguments` of `where` that the script has set."""
    for name, value in arguments.items():
        if value is not None:
            raise missing(f"{where}({name}=...)")
