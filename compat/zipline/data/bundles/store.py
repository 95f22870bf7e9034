"""The files of one ingestion: assets, daily bars and corporate actions as arrays.

Prices are whole thousandths of a dollar in 32 bits, as the real framework stores them, so both
see the same rounded prices. Files lie in a folder of our own below the framework's root.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...utils.paths import zipline_path

FIELDS = ("open", "high", "low", "close", "volume")
PRICES = FIELDS[:4]

#: Seconds since 1970 of a date that is not known.
NO_DATE = np.iinfo(np.int64).min

RATIO = np.dtype([("sid", np.int64), ("date", np.int64), ("ratio", np.float64)])
PAYOUT = np.dtype(
    [("sid", np.int64), ("ex_date", np.int64), ("pay_date", np.int64), ("amount", np.float64)]
)


@dataclass
class DailyBars:
    """Rows of all assets, one asset after the other, each without gaps in its sessions.

    sids: int64[N]. first: int64[N + 1], the row of each asset's first bar (and the end). offset:
    int64[N], that bar's place among the sessions of the bundle. columns: uint32[rows] by field.
    """

    sids: np.ndarray
    first: np.ndarray
    offset: np.ndarray
    columns: dict[str, np.ndarray]

    @classmethod
    def empty(cls) -> DailyBars:
        none = np.zeros(0, dtype=np.int64)
        columns = {name: np.zeros(0, dtype=np.uint32) for name in FIELDS}
        return cls(none, np.zeros(1, dtype=np.int64), none, columns)

    def rows(self, sid: int) -> tuple[int, slice] | None:
        """An asset's offset and its rows; None when it has none."""
        found = np.flatnonzero(self.sids == sid)
        if not len(found):
            return None
        n = int(found[-1])
        return int(self.offset[n]), slice(int(self.first[n]), int(self.first[n + 1]))


@dataclass
class Actions:
    """Corporate actions in the sequence in which they were written; dates in s since 1970.

    Ratios multiply the prices before their date; payouts pay `amount` for each share.
    """

    splits: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    mergers: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    dividends: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    payouts: np.ndarray = field(default_factory=lambda: np.zeros(0, PAYOUT))


def folder(bundle: str, environ=None) -> Path:
    """Where the ingestions of a bundle lie."""
    return Path(zipline_path(["fillproof", bundle], environ))


def write_bars(path: Path, bars: DailyBars) -> None:
    np.savez(
        path / "daily_bars.npz",
        sids=bars.sids,
        first=bars.first,
        offset=bars.offset,
        **bars.columns,  # pyright: ignore[reportArgumentType] - no field is named allow_pickle
    )


def read_bars(path: Path) -> DailyBars:
    with np.load(path / "daily_bars.npz") as file:
        columns = {name: file[name] for name in FIELDS}
        return DailyBars(file["sids"], file["first"], file["offset"], columns)


def write_actions(path: Path, actions: Actions) -> None:
    np.savez(
        path / "actions.npz",
        splits=actions.splits,
        mergers=actions.mergers,
        dividends=actions.dividends,
        payouts=actions.payouts,
    )


def read_actions(path: Path) -> Actions:
    file_path = path / "actions.npz"
    if not file_path.exists():
        return Actions()
    with np.load(file_path) as file:
        return Actions(**{name: file[name] for name in file.files})


def write_assets(path: Path, tables: dict) -> None:
    (path / "assets.json").write_text(json.dumps(tables, indent=1))


def read_assets(path: Path) -> dict:
    file_path = path / "assets.json"
    if not file_path.exists():
        return {"equities": [], "symbols": [], "exchanges": {}}
    return json.loads(file_path.read_text())


def write_calendar(path: Path, name: str, start_ns: int, end_ns: int) -> None:
    """The calendar of an ingestion, with its first and last session."""
    text = json.dumps({"calendar": name, "start_ns": start_ns, "end_ns": end_ns})
    (path / "calendar.json").write_text(text)


def read_calendar(path: Path) -> tuple[str, int, int]:
    found = json.loads((path / "calendar.json").read_text())
    return found["calendar"], found["start_ns"], found["end_ns"]
