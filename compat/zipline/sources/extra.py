"""What `fetch_csv` brought, by field, asset and session."""

from __future__ import annotations

import math
from typing import Any


class ExtraSources:
    """What fetched files show on each session of a run.

    sessions: the run's labels. Values are looked up by field and asset (or symbol text) and by the
    number of the session.
    """

    def __init__(self, sessions) -> None:
        self._sessions = sessions
        self._values: dict[str, dict[Any, list]] = {}
        self._latest: list[list] = []

    def add(self, df) -> None:
        """Rows of one file; they replace what an earlier file said of the same column and asset."""
        # The frame is the one that the script got: from now on it has these labels there too.
        df.index = df.index.normalize().tz_localize(None)
        self._latest = [[] for _ in range(len(self._sessions))]
        for identifier, own in df.groupby("sid"):
            daily = own.groupby(level=0).last().reindex(self._sessions, method="ffill")
            for name in daily.columns.difference(["sid"]):
                self._values.setdefault(name, {})[identifier] = list(daily[name].to_numpy())
            if hasattr(identifier, "start_date"):
                for here, known in zip(self._latest, daily["sid"].notnull(), strict=True):
                    if known:
                        here.append(identifier)

    def value(self, asset, field: str, session: int):
        """What is known of an asset on a session; NaN where no row has come yet."""
        try:
            return self._values[field][asset][session]
        except KeyError:
            return math.nan

    def assets(self, session: int) -> list:
        """The assets that the file fetched last knows on a session."""
        return list(self._latest[session]) if self._latest else []
