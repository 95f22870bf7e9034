"""Columns of text to times and numbers, with the rows that cannot be read. Uses Polars."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from .times import MISSING, epoch_times

__all__ = ["TextTimes", "read_numbers", "read_times"]

NO_VALUE = ("", "nan", "null", "none", "na", "n/a", "nat")
"""Texts that mean "missing", in any case."""

_DATE = r"^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})"
_CLOCK = r"(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?$"
_OFFSET = r"\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})$"
_TAIL = r"\s*(?:Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})$"


class TextTimes(NamedTuple):
    """Times read from text.

    times: int64[n] ns UTC, `MISSING` where there is no text or it cannot be read. unreadable,
    ambiguous: bool[n]. other_zone: bool[n], rows whose offset does not go with the others'.
    offsets: the text of each row's offset, "" without one.
    """

    times: np.ndarray
    unreadable: np.ndarray
    ambiguous: np.ndarray
    other_zone: np.ndarray
    offsets: list[str]
    zone: str


def read_numbers(column: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """float64[n] (NaN for missing), and bool[n] where a text is no number."""
    text = column.str.strip_chars()
    missing = (text.is_null() | text.str.to_lowercase().is_in(list(NO_VALUE))).to_numpy()
    numbers = text.cast(pl.Float64, strict=False)
    unreadable = numbers.is_null().to_numpy() & ~missing
    values = numbers.fill_null(float("nan")).to_numpy().astype(np.float64)
    values[missing] = np.nan
    return values, unreadable


def read_times(
    column: pl.Series, time_zone: str | None, time_unit: str | None, time_format: str | None
) -> TextTimes:
    """Times from ISO 8601 like text, from epoch digits, or in a named format (strftime).

    Times without an offset are in `time_zone` (default UTC). With `time_zone`, offsets may differ
    as that zone's own do (summer and winter).
    """
    if len(column) >= 1000:
        # A long table has each time once for each asset: read each text once.
        texts = column.fill_null("")
        each = texts.unique(maintain_order=True)
        if 2 * len(each) < len(texts):
            read = read_times(each, time_zone, time_unit, time_format)
            numbering = pl.Series(np.arange(len(each)))
            code = texts.replace_strict(each, numbering, return_dtype=pl.Int64).to_numpy()
            return TextTimes(
                read.times[code],
                read.unreadable[code],
                read.ambiguous[code],
                read.other_zone[code],
                [read.offsets[k] for k in code.tolist()],
                read.zone,
            )
    text = column.str.strip_chars()
    missing = (text.is_null() | text.str.to_lowercase().is_in(list(NO_VALUE))).to_numpy()
    text = pl.select(pl.when(pl.lit(pl.Series(missing))).then(None).otherwise(text)).to_series()
    nowhere = np.zeros(len(text), dtype=bool)
    known = text.drop_nulls()
    if time_format is None and len(known) and known.str.contains(r"^-?\d+(\.\d+)?$").all():
        numbers = text.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        if not known.str.contains(".", literal=True).any() and not missing.any():
            numbers = text.cast(pl.Int64).to_numpy()
        times = epoch_times(numbers, time_unit)
        return TextTimes(times, nowhere, nowhere, nowhere, [""] * len(text), "number")

    if time_format is not None:
        return _with_format(text, missing, time_zone, time_format)
    offset = text.str.extract(_OFFSET, 1).fill_null("")
    body = pl.select(
        pl.when(offset != "").then(text.str.replace(_TAIL, "")).otherwise(text)
    ).to_series()
    groups = body.str.extract_groups(_DATE + _CLOCK).struct.unnest()
    year, month, day, hour, minute, second, fraction = (groups.to_series(i) for i in range(7))
    canonical = pl.select(
        pl.concat_str(
            year,
            pl.lit("-"),
            month.str.zfill(2),
            pl.lit("-"),
            day.str.zfill(2),
            pl.lit(" "),
            hour.fill_null("0").str.zfill(2),
            pl.lit(":"),
            minute.fill_null("00"),
            pl.lit(":"),
            second.fill_null("00"),
            pl.lit("."),
            fraction.fill_null("0").str.pad_end(9, "0"),
        )
    ).to_series()
    wall = canonical.str.strptime(pl.Datetime("ns"), "%Y-%m-%d %H:%M:%S%.9f", strict=False)
    return _located(wall, offset, missing, time_zone)


def _with_format(
    text: pl.Series, missing: np.ndarray, time_zone: str | None, time_format: str
) -> TextTimes:
    if "%z" in time_format or "%:z" in time_format or "%#z" in time_format:
        utc = text.str.strptime(pl.Datetime("ns", "UTC"), time_format, strict=False)
        return _located(
            utc.dt.replace_time_zone(None), pl.Series(["Z"] * len(text)), missing, time_zone
        )
    wall = text.str.strptime(pl.Datetime("ns"), time_format, strict=False)
    if wall.is_null().all():
        wall = text.str.strptime(pl.Date, time_format, strict=False).cast(pl.Datetime("ns"))
    return _located(wall, pl.Series([""] * len(text), dtype=pl.String), missing, time_zone)


def _located(
    wall: pl.Series, offset: pl.Series, missing: np.ndarray, time_zone: str | None
) -> TextTimes:
    """Wall-clock times and offsets to instants."""
    unreadable = wall.is_null().to_numpy() & ~missing
    clock = wall.to_physical().fill_null(MISSING).to_numpy().copy()
    readable = clock != MISSING
    offsets = offset.to_list()
    aware = (offset != "").to_numpy() & readable
    naive = ~aware & readable
    named = {text: _seconds(text) for text in set(offsets)}
    seconds = np.array([named[text] for text in offsets], dtype=np.int64)
    times = clock.copy()
    times[aware] -= seconds[aware] * 1_000_000_000

    ambiguous = np.zeros(len(times), dtype=bool)
    if time_zone is not None and time_zone.upper() != "UTC" and naive.any():
        local = wall.dt.replace_time_zone(time_zone, ambiguous="null", non_existent="null")
        ambiguous = local.is_null().to_numpy() & naive
        utc = local.dt.convert_time_zone("UTC").to_physical().fill_null(MISSING).to_numpy()
        times[naive] = utc[naive]

    other = np.zeros(len(times), dtype=bool)
    if readable.any():
        first = int(np.flatnonzero(readable)[0])
        if aware.any() and naive.any():
            other = aware if naive[first] else naive
        elif aware.any() and (seconds[aware] != seconds[first]).any():
            other = aware & (seconds != seconds[first])
            if time_zone is not None:
                other = aware & (seconds != _zone_seconds(times, time_zone))
    zone = "aware" if aware.any() else "naive"
    return TextTimes(times, unreadable, ambiguous, other, offsets, zone)


def _seconds(offset: str) -> int:
    """Seconds east of UTC of an offset's text."""
    if offset in ("", "Z", "z", "UTC", "GMT"):
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    size = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -size if offset[0] == "-" else size


def _zone_seconds(times: np.ndarray, time_zone: str) -> np.ndarray:
    """Seconds east of UTC that a zone has at each instant."""
    utc = pl.Series(times).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
    local = utc.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return (local.to_physical().to_numpy() - times) // 1_000_000_000
