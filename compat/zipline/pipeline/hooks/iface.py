"""The interface of hooks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager


class PipelineHooks(ABC):
    """Context managers that an engine enters around the parts of its work."""

    @abstractmethod
    def running_pipeline(self, pipeline, start_date, end_date) -> AbstractContextManager:
        """Around a whole call of run_pipeline or run_chunked_pipeline."""

    @abstractmethod
    def computing_chunk(self, terms, start_date, end_date) -> AbstractContextManager:
        """Around one chunk of dates. terms: what will be computed, in this sequence."""

    @abstractmethod
    def loading_terms(self, terms) -> AbstractContextManager:
        """Around one call of a loader. terms: the columns that it loads."""

    @abstractmethod
    def computing_term(self, term) -> AbstractContextManager:
        """Around the computation of one term."""
