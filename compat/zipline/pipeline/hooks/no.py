"""Hooks that do nothing."""

from __future__ import annotations

from contextlib import nullcontext

from .iface import PipelineHooks


class NoHooks(PipelineHooks):
    """Does nothing: the hooks of a run without hooks."""

    def running_pipeline(self, pipeline, start_date, end_date):
        return nullcontext()

    def computing_chunk(self, terms, start_date, end_date):
        return nullcontext()

    def loading_terms(self, terms):
        return nullcontext()

    def computing_term(self, term):
        return nullcontext()
