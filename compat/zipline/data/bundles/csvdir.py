"""A bundle from a folder of CSV files: `<folder>/daily/<symbol>.csv`, `<folder>/minute/...`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from .core import register

__all__ = ["CSVDIRBundle", "csvdir_bundle", "csvdir_equities"]


def csvdir_equities(tframes=None, csvdir=None):
    """The ingest function of a bundle that reads `csvdir` (default: the variable CSVDIR)."""
    return CSVDIRBundle(tframes, csvdir).ingest


class CSVDIRBundle:
    """Keeps the arguments of `csvdir_equities` for its ingest function."""

    def __init__(self, tframes=None, csvdir=None) -> None:
        self.tframes = tframes
        self.csvdir = csvdir

    def ingest(
        self,
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
        csvdir_bundle(
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
            self.tframes,
            self.csvdir,
        )


def csvdir_bundle(
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
    tframes=None,
    csvdir=None,
) -> None:
    """Read every CSV file of the folder: time first, then open, high, low, close, volume.

    Optional columns: `split` (new shares for one old) and `dividend` (dollars per share). Sids
    follow the alphabet; positions close the day after an asset's last row. Where there are daily
    and minute files, assets and actions are those of the daily ones.
    """
    csvdir = csvdir or environ.get("CSVDIR")
    if not csvdir:
        raise ValueError("CSVDIR environment variable is not set: set it, or give the folder.")
    if not os.path.isdir(csvdir):
        raise ValueError(f"{csvdir} is not a directory")
    tframes = tframes or {"daily", "minute"}.intersection(os.listdir(csvdir))
    if not tframes:
        raise ValueError(f"'daily' and 'minute' directories not found in '{csvdir}'")
    found: _Found | None = None
    for tframe in sorted(tframes):
        writer = minute_bar_writer if tframe == "minute" else daily_bar_writer
        one = _read_folder(Path(csvdir) / tframe, writer, show_progress)
        if found is not None and found.symbols != one.symbols:
            raise ValueError(f"{csvdir}: 'daily' and 'minute' must hold files of the same symbols.")
        found = found or one
    assert found is not None
    asset_db_writer.write(equities=found.equities())
    adjustment_writer.write(splits=_splits(found.splits), dividends=_dividends(found.dividends))


@dataclass
class _Found:
    """What the files of a folder tell of their assets."""

    symbols: list[str]
    metadata: list[tuple] = field(default_factory=list)
    splits: list[tuple] = field(default_factory=list)
    dividends: list[tuple] = field(default_factory=list)

    def equities(self):
        import pandas as pd

        names = ["start_date", "end_date", "auto_close_date", "symbol"]
        return pd.DataFrame(self.metadata, columns=names).assign(exchange="CSVDIR")


def _read_folder(folder: Path, writer, show_progress) -> _Found:
    import pandas as pd

    files = {path.name.split(".")[0]: path for path in sorted(folder.iterdir()) if path.is_file()}
    symbols = sorted(path.name.split(".csv")[0] for path in folder.iterdir() if ".csv" in path.name)
    if not symbols:
        raise ValueError(f"no <symbol>.csv* files found in {folder}")
    found = _Found(symbols)

    def bars():
        for sid, symbol in enumerate(symbols):
            if symbol not in files:
                raise ValueError(f"{symbol}.csv file is not in {folder}")
            frame = pd.read_csv(files[symbol], parse_dates=[0], index_col=0).sort_index()
            first, last = frame.index[0], frame.index[-1]
            found.metadata.append((first, last, last + pd.Timedelta(days=1), symbol))
            if "split" in frame:
                column = frame["split"]
                for day, factor in column.loc[column != 1.0].items():
                    found.splits.append((sid, day, 1.0 / factor))
            if "dividend" in frame:
                column = frame["dividend"]
                for day, amount in column.loc[column != 0.0].items():
                    found.dividends.append((sid, day, amount))
            yield sid, frame

    writer.write(bars(), show_progress=show_progress)
    return found


def _splits(rows):
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["sid", "effective_date", "ratio"])
    return frame.astype({"sid": "int64", "effective_date": "datetime64[ns]", "ratio": "float64"})


def _dividends(rows):
    """No pay dates are known: such dividends adjust earlier prices and never pay."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["sid", "ex_date", "amount"])
    frame = frame.astype({"sid": "int64", "ex_date": "datetime64[ns]", "amount": "float64"})
    for name in ("record_date", "declared_date", "pay_date"):
        frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    return frame


register("csvdir", csvdir_bundle)
