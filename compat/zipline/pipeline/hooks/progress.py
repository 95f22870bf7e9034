"""Hooks that tell how far a computation is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Any, NamedTuple

from ...unsupported import missing, module_gaps
from .iface import PipelineHooks

__getattr__ = module_gaps("zipline.pipeline.hooks.progress")


class ProgressHooks(PipelineHooks):
    """Publishes a `ProgressModel` whenever something begins or ends.

    publisher_factory: makes, for each computation, an object with a method publish(model).
    """

    def __init__(self, publisher_factory) -> None:
        self._publisher_factory = publisher_factory
        self._model: ProgressModel | None = None
        self._publisher: Any = None
        self._bounds: tuple = ()

    @classmethod
    def with_static_publisher(cls, publisher) -> ProgressHooks:
        """Hooks with one publisher for all computations."""
        return cls(lambda: publisher)

    @classmethod
    def with_widget_publisher(cls) -> ProgressHooks:
        raise missing(
            "ProgressHooks.with_widget_publisher", "Use with_static_publisher(publisher)."
        )

    @contextmanager
    def running_pipeline(self, pipeline, start_date, end_date):
        self._bounds = start_date, end_date
        try:
            yield
        except Exception:
            self._finish(success=False)
            raise
        else:
            self._finish(success=True)
        finally:
            self._model = self._publisher = None

    def _finish(self, success: bool) -> None:
        # Without a chunk there is nothing to tell.
        if self._model is not None:
            self._model.finish(success)
            self._publisher.publish(self._model)

    @contextmanager
    def _told(self, part: str, *arguments):
        model: Any = self._model
        try:
            getattr(model, f"start_{part}")(*arguments)
            self._publisher.publish(model)
            yield
        finally:
            getattr(model, f"finish_{part}")(*arguments)
            self._publisher.publish(model)

    def computing_chunk(self, terms, start_date, end_date):
        if self._model is None:
            self._publisher = self._publisher_factory()
            self._model = ProgressModel(*self._bounds)
        return self._told("chunk", terms, start_date, end_date)

    def loading_terms(self, terms):
        return self._told("load_terms", terms)

    def computing_term(self, term):
        return self._told("compute_term", term)


class ProgressModel:
    """How far a computation from start_date to end_date is.

    state: "init", "loading", "computing", "error" or "success". execution_bounds,
    current_chunk_bounds: first and last date of all, and of the chunk at work. current_work: the
    terms at work.
    """

    def __init__(self, start_date, end_date) -> None:
        self.state = "init"
        self.execution_bounds = (start_date, end_date)
        self.current_chunk_bounds: tuple | None = None
        self.current_work: list | None = None
        self._days = (end_date - start_date).days + 1
        self._days_done = 0
        self._chunk_days = 0
        #: What part of all is done, and what part each term and chunk adds.
        self._done = self._per_term = self._per_chunk = 0.0
        self._begun = time.time()
        self._ended: float | None = None

    @property
    def percent_complete(self) -> float:
        """From 0 to 100."""
        return round(self._done * 100.0, 3)

    @property
    def execution_time(self) -> float:
        """Seconds that the computation took; ValueError while it goes on."""
        if self._ended is None:
            raise ValueError("The computation is not complete.")
        return self._ended - self._begun

    def start_chunk(self, terms, start_date, end_date) -> None:
        """A chunk of dates begins; `terms` will be computed."""
        self._chunk_days = (end_date - self.execution_bounds[0]).days + 1 - self._days_done
        self.current_chunk_bounds = (start_date, end_date)
        part = self._chunk_days / self._days
        self._per_term, self._per_chunk = (part / len(terms), 0.0) if terms else (0.0, part)

    def finish_chunk(self, terms, start_date, end_date) -> None:
        self._days_done += self._chunk_days
        self._done += self._per_chunk

    def start_load_terms(self, terms) -> None:
        """Columns are being loaded."""
        self.state, self.current_work = "loading", terms

    def finish_load_terms(self, terms) -> None:
        self._done += len(terms) * self._per_term

    def start_compute_term(self, term) -> None:
        """A term is being computed."""
        self.state, self.current_work = "computing", [term]

    def finish_compute_term(self, term) -> None:
        self._done += self._per_term

    def finish(self, success: bool) -> None:
        """The computation is over."""
        self._ended = time.time()
        self.state = "success" if success else "error"


class _TraceState(NamedTuple):
    state: str
    percent_complete: float
    execution_bounds: tuple
    current_chunk_bounds: tuple | None
    current_work: list | None


class TestingProgressPublisher:
    """Notes every published state in the list `trace`."""

    __test__ = False  # no test case, whatever its name says

    TraceState = _TraceState

    def __init__(self) -> None:
        self.trace: list[_TraceState] = []

    def publish(self, model) -> None:
        """Note the state of a model."""
        self.trace.append(
            _TraceState(
                model.state,
                model.percent_complete,
                model.execution_bounds,
                model.current_chunk_bounds,
                model.current_work,
            )
        )
