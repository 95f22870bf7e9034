"""The bundles "quandl" and "quantopian-quandl".

What the real framework ingested is read where it lies; nothing is downloaded here.
"""

from __future__ import annotations

from ...unsupported import missing
from .core import register

__all__ = ["quandl_bundle", "quantopian_quandl_bundle"]

_INSTEAD = "Ingest it once with the real zipline: its root is read where it lies."


@register("quandl")
def quandl_bundle(
    environ,
    asset_db_writer,
    minute_bar_writer,
    daily_bar_writer,
    adjustment_writer,
    calendar,
    start_session,
    end_session,
    cache,
    show_progress,
    output_dir,
) -> None:
    """Raises ValueError without QUANDL_API_KEY, and UnsupportedFeature with it."""
    if environ.get("QUANDL_API_KEY") is None:
        raise ValueError("Please set your QUANDL_API_KEY environment variable and retry.")
    raise missing("the download of the bundle 'quandl'", _INSTEAD)


@register("quantopian-quandl", create_writers=False)
def quantopian_quandl_bundle(
    environ,
    asset_db_writer,
    minute_bar_writer,
    daily_bar_writer,
    adjustment_writer,
    calendar,
    start_session,
    end_session,
    cache,
    show_progress,
    output_dir,
) -> None:
    """Raises UnsupportedFeature: the copy that this bundle was made of is gone."""
    raise missing("the download of the bundle 'quantopian-quandl'", _INSTEAD)
