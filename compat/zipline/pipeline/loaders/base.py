"""The interface of loaders."""

from __future__ import annotations

from abc import ABC, abstractmethod


class PipelineLoader(ABC):
    """Brings the values of columns."""

    @abstractmethod
    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        """For each of `columns` an AdjustedArray [dates, sids].

        dates: DatetimeIndex of sessions; a row holds what is known in its morning. sids: Index.
        mask: bool [dates, sids], which assets are there on which day.
        """

    @property
    def currency_aware(self) -> bool:
        """Whether the loader converts currencies."""
        return False
