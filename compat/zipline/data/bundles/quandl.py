"""The bundle "quandl": ingested by the real framework it is read; it cannot be downloaded here."""

from __future__ import annotations

from ...unsupported import missing
from .core import register

__all__ = ["quandl_bundle"]


@register("quandl")
def quandl_bundle(environ, *arguments) -> None:
    """Raises ValueError without QUANDL_API_KEY, and UnsupportedFeature with it."""
    if environ.get("QUANDL_API_KEY") is None:
        raise ValueError("Please set your QUANDL_API_KEY environment variable and retry.")
    raise missing(
        "the download of the bundle 'quandl'",
        "Ingest it once with the real zipline: its root is read where it lies.",
    )
