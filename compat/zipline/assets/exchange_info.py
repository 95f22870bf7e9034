"""Where assets trade."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExchangeInfo:
    """Where an asset trades: full name, short name (None: as the full one), country code."""

    name: str
    canonical_name: str
    country_code: str

    def __post_init__(self) -> None:
        if self.canonical_name is None:
            object.__setattr__(self, "canonical_name", self.name)
        object.__setattr__(self, "country_code", self.country_code.upper())

    def __repr__(self) -> str:
        return f"ExchangeInfo({self.name!r}, {self.canonical_name!r}, {self.country_code!r})"

    @property
    def calendar(self):
        from ..utils.calendar_utils import get_calendar

        return get_calendar(self.canonical_name)
