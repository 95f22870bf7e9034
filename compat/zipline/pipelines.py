"""The pipelines that a run has attached: when they are computed, and what a day sees of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
import pandas as pd

from .data.frames import FrameDays
from .errors import (
    AttachPipelineAfterInitialize,
    DuplicatePipelineName,
    NoSuchPipeline,
    PipelineOutputDuringInitialize,
)
from .pipeline.data import BoundColumn, EquityPricing
from .pipeline.domain import GENERIC, EquitySessionDomain, default_domain
from .pipeline.engine import ExplodingPipelineEngine, PipelineEngine, SimplePipelineEngine
from .pipeline.loaders import EquityPricingLoader
from .pipeline.mixins import DownsampledMixin, SliceMixin
from .pipeline.pipeline import Pipeline
from .pipeline.term import AssetExists

#: Sessions computed at once unless the script says otherwise: a week soon, then half a year.
_FIRST_CHUNK, _CHUNK = 5, 126

_OWN_TERMS = f"{__package__}.pipeline."


class BundlePricingLoader(EquityPricingLoader):
    """The loader of a bundle's own bars, without exchange rates."""

    def __init__(self, bundle) -> None:
        super().__init__(bundle.equity_daily_bar_reader, bundle.adjustment_reader, None)

    @property
    def currency_aware(self) -> bool:
        return False


def loader_of(bundle, custom_loader: Mapping | None) -> Callable:
    """What gives each column its loader: the bundle for prices, else the script's dictionary."""
    pricing = BundlePricingLoader(bundle)
    prices = EquityPricing.columns
    custom = {} if custom_loader is None else custom_loader

    def choose(column):
        if column.unspecialize() in prices:
            return pricing
        try:
            return custom[column]
        except KeyError:
            raise ValueError(
                f"There is no loader for the column {column}: give run_algorithm "
                "custom_loader={column: loader}, the column specialized to its domain."
            ) from None

    return choose


def engine_of(get_loader: Callable | None, bundle, calendar) -> PipelineEngine:
    """The engine of a run; without loaders one that raises NoEngineRegistered."""
    if get_loader is None:
        return ExplodingPipelineEngine()
    domain = default_domain(calendar)
    if domain is GENERIC and isinstance(bundle.bars, FrameDays):
        # The days of frames need not be those of any exchange.
        domain = EquitySessionDomain(calendar.sessions, "US")
    return SimplePipelineEngine(get_loader, bundle.asset_finder, domain)


@dataclass(frozen=True)
class AttachedPipeline:
    """A pipeline, the sessions computed at once one after the other, and whether it is eager."""

    pipe: Pipeline
    chunks: Iterator[int]
    eager: bool


class _Computed:
    """A result, cut into days.

    frame: as the engine gives it. until: the last session that it covers.
    """

    def __init__(self, frame: pd.DataFrame, until) -> None:
        self.until = until
        index: Any = frame.index
        days, assets = index.levels
        codes, self._assets = index.codes
        self._everybody = assets.to_numpy()
        # Cutting a flat frame is cheaper than cutting one with two levels.
        self._flat = frame.reset_index(drop=True)
        bounds = np.searchsorted(codes, np.arange(len(days) + 1)).tolist()
        self._rows = {day: slice(*bounds[n : n + 2]) for n, day in enumerate(days)}
        self._latest: tuple[np.ndarray, pd.Index] | None = None

    def day(self, today) -> pd.DataFrame:
        """The rows of one day, by asset; no rows when no asset passed the screen."""
        rows = self._rows.get(today, slice(0, 0))
        if rows.start == rows.stop:
            return pd.DataFrame(index=[], columns=self._flat.columns)
        frame = self._flat.iloc[rows].copy()
        frame.index = self._index(self._assets[rows])
        return frame

    def _index(self, codes: np.ndarray) -> pd.Index:
        """The index of some assets; mostly they are those of the day before."""
        if self._latest is None or not np.array_equal(self._latest[0], codes):
            self._latest = codes, pd.Index(self._everybody[codes], dtype=object)
        return self._latest[1]


class Pipelines:
    """The attached pipelines of a run.

    engine: computes them. calendar: its sessions. end_session: the last session of the run. today:
    gives the label of the session that runs, None while `initialize` does.
    """

    def __init__(self, engine: PipelineEngine, calendar, end_session, today: Callable) -> None:
        self.engine = engine
        self._calendar = calendar
        self._end_session = end_session
        self._today = today
        self._attached: dict[str, AttachedPipeline] = {}
        self._computed: dict[str, _Computed] = {}

    def attach(self, pipeline, name, chunks=None, eager=True):
        """Have a pipeline computed; returns it. Raises outside of `initialize`."""
        kinds = {"pipeline": (pipeline, Pipeline), "name": (name, str)}
        if chunks is not None:
            kinds["chunks"] = (chunks, (int, Iterable))
        for argument, (value, kind) in kinds.items():
            if not isinstance(value, kind):
                raise TypeError(f"attach_pipeline: {argument} cannot be {value!r}.")
        if self._today() is not None:
            raise AttachPipelineAfterInitialize()
        if chunks is None:
            chunks = chain([_FIRST_CHUNK], repeat(_CHUNK))
        elif isinstance(chunks, int):
            chunks = repeat(chunks)
        if name in self._attached:
            raise DuplicatePipelineName(name=name)
        self._attached[name] = AttachedPipeline(pipeline, iter(chunks), eager)
        return pipeline

    def output(self, name) -> pd.DataFrame:
        """What a pipeline gives today: a row for each asset that passes the screen."""
        today = self._today()
        if today is None:
            raise PipelineOutputDuringInitialize()
        if name not in self._attached:
            raise NoSuchPipeline(name=name, valid=list(self._attached))
        return self._computed_for(name, today).day(today)

    def _computed_for(self, name: str, today) -> _Computed:
        computed = self._computed.get(name)
        if computed is None or today > computed.until:
            attached = self._attached[name]
            frame, until = self.run(attached.pipe, today, next(attached.chunks))
            computed = self._computed[name] = _Computed(frame, until)
        return computed

    def run(self, pipeline, start_session, chunksize) -> tuple[pd.DataFrame, Any]:
        """(a pipeline's result, its last session) from a session on, `chunksize` sessions further.

        Never beyond the run. A pipeline whose values cannot tell chunks apart is computed to the
        run's end at once.
        """
        sessions = self._calendar.sessions
        start, end = sessions.get_loc(start_session), sessions.get_loc(self._end_session)
        if isinstance(self.engine, SimplePipelineEngine) and self._is_built_in(pipeline, end):
            # What is wrong on a later day raises in the chunk of that day.
            with suppress(Exception):
                frame = self.engine.run_pipeline(pipeline, start_session, sessions[end])
                return frame, sessions[end]
        end = min(start + chunksize, end)
        frame = self.engine.run_pipeline(pipeline, start_session, sessions[end])
        return frame, sessions[end]

    def _is_built_in(self, pipeline, end: int) -> bool:
        """Whether the bundle's bars and our own terms are all that a pipeline uses.

        Then no code of the script runs within, and no loader that would bring other values for
        other chunks. A slice raises in the first chunk without its asset; labels are coded chunk
        by chunk; days behind the bundle's end raise in their chunk.
        """
        graph = pipeline.to_simple_graph(AssetExists())
        return all(self._whole(term, end) for term in graph.ordered())

    def _whole(self, term, end: int) -> bool:
        if isinstance(term, BoundColumn):
            if term.unspecialize() not in EquityPricing.columns:
                return False
            loader = self.engine._get_loader(term)  # pyright: ignore[reportAttributeAccessIssue]
            if not isinstance(loader, BundlePricingLoader):
                return False
            last = loader.raw_price_reader.sessions[-1]
            return term.dtype == np.float64 and self._calendar.sessions[end - 1] <= last
        if isinstance(term, SliceMixin) or term.dtype == object:
            return False
        if getattr(term, "_tells_chunks_apart", False):
            return False
        if isinstance(term, DownsampledMixin):
            return self._whole(term._wrapped_term, end)  # pyright: ignore
        return _computed_by(term).startswith(_OWN_TERMS)

    def compute_eager(self) -> None:
        """Compute the eager pipelines of today, unless they are computed already."""
        today = self._today()
        for name, attached in self._attached.items():
            if attached.eager:
                self._computed_for(name, today)

    def before_trading_start(self, following: Callable | None) -> Callable | None:
        """The callback of every morning: it computes eager pipelines, then calls `following`."""
        if not any(attached.eager for attached in self._attached.values()):
            return following

        def morning(context, data) -> None:
            self.compute_eager()
            if following is not None:
                following(context, data)

        return morning


def _computed_by(term) -> str:
    """The module of the code that computes a term."""
    for kind in type(term).__mro__:
        if "compute" in vars(kind) or "_compute" in vars(kind):
            return kind.__module__
    return type(term).__module__
