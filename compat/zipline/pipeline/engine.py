"""Engines: they compute pipelines over a range of sessions.

`SimplePipelineEngine.run_pipeline` settles the domain, plans how many rows each term needs, asks
the asset finder who is there on which day, lets loaders bring the columns, computes one term after
the other, and puts the cells that pass the screen into one frame.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pandas as pd

from ....core.jit import prefer
from ..errors import NoFurtherDataError
from ..lib.adjusted_array import ensure_adjusted_array, ensure_ndarray
from .domain import GENERIC, Domain
from .graph import ExecutionPlan, maybe_specialize
from .hooks import DelegatingHooks
from .sentinels import NotSpecified
from .term import AssetExists, ComputableTerm, InputDates, LoadableTerm


class PipelineEngine(ABC):
    """Computes pipelines."""

    @abstractmethod
    def run_pipeline(self, pipeline, start_date, end_date, hooks=None) -> pd.DataFrame:
        """A pipeline on the sessions from start_date to end_date.

        A row for each (session, asset) that passes the screen, a column for each term.
        """

    @abstractmethod
    def run_chunked_pipeline(
        self, pipeline, start_date, end_date, chunksize, hooks=None
    ) -> pd.DataFrame:
        """The same, computed `chunksize` sessions at a time."""


class NoEngineRegistered(Exception):
    """A pipeline is to be computed without data to compute it from."""


class ExplodingPipelineEngine(PipelineEngine):
    """The engine where there is no data: it raises NoEngineRegistered."""

    def run_pipeline(self, pipeline, start_date, end_date, hooks=None):
        raise NoEngineRegistered("There is no pipeline engine: this run has no pipeline loader.")

    def run_chunked_pipeline(self, pipeline, start_date, end_date, chunksize, hooks=None):
        return self.run_pipeline(pipeline, start_date, end_date, hooks)


def default_populate_initial_workspace(
    initial_workspace, root_mask_term, execution_plan, dates, assets
):
    """The values known before anything is computed: those that the engine itself puts in."""
    return initial_workspace


class SimplePipelineEngine(PipelineEngine):
    """Computes each term on its own, over all dates of a chunk.

    get_loader: function of a column, gives its PipelineLoader. asset_finder: tells which assets
    are there. default_domain: for pipelines that name none. populate_initial_workspace: see
    `default_populate_initial_workspace`. default_hooks: hooks of every run.
    """

    def __init__(
        self,
        get_loader,
        asset_finder,
        default_domain: Domain = GENERIC,
        populate_initial_workspace=None,
        default_hooks=None,
    ) -> None:
        if not isinstance(default_domain, Domain):
            raise TypeError(f"default_domain must be a Domain, not {default_domain!r}.")
        self._get_loader = get_loader
        self._finder = asset_finder
        self._root_mask_term = AssetExists()
        self._root_mask_dates_term = InputDates()
        self._populate_initial_workspace = (
            populate_initial_workspace or default_populate_initial_workspace
        )
        self._default_domain = default_domain
        self._default_hooks = list(default_hooks or ())

    def run_chunked_pipeline(self, pipeline, start_date, end_date, chunksize, hooks=None):
        domain = self.resolve_domain(pipeline)
        ranges = _chunks(domain.sessions(), start_date, end_date, chunksize)
        hooks = self._resolve_hooks(hooks)
        with hooks.running_pipeline(pipeline, start_date, end_date):
            frames = [self._run(pipeline, start, end, hooks) for start, end in ranges]
        return frames[0] if len(frames) == 1 else _joined([one for one in frames if len(one)])

    def run_pipeline(self, pipeline, start_date, end_date, hooks=None):
        hooks = self._resolve_hooks(hooks)
        with hooks.running_pipeline(pipeline, start_date, end_date):
            return self._run(pipeline, start_date, end_date, hooks)

    def _run(self, pipeline, start_date, end_date, hooks) -> pd.DataFrame:
        if end_date < start_date:
            raise ValueError(f"The pipeline's end {end_date} lies before its start {start_date}.")
        domain = self.resolve_domain(pipeline)
        plan = pipeline.to_execution_plan(domain, self._root_mask_term, start_date, end_date)
        extra_rows = plan.extra_rows[self._root_mask_term]
        root_mask = self._compute_root_mask(domain, start_date, end_date, extra_rows)
        dates, sids = root_mask.index, root_mask.columns
        prefer(root_mask.size * len(plan))
        workspace = self._populate_initial_workspace(
            {
                self._root_mask_term: root_mask.to_numpy(),
                self._root_mask_dates_term: dates.to_numpy()[:, None],
            },
            self._root_mask_term,
            plan,
            dates,
            sids,
        )
        refcounts = plan.initial_refcounts(workspace)
        order = plan.execution_order(workspace, refcounts)
        with hooks.computing_chunk(order, start_date, end_date):
            results = self.compute_chunk(plan, dates, sids, workspace, refcounts, order, hooks)
        mask = results.pop(plan.screen_name)
        return self._to_narrow(plan.outputs, results, mask, dates[extra_rows:], sids)

    def _compute_root_mask(self, domain, start_date, end_date, extra_rows) -> pd.DataFrame:
        """Who is there on which day, from extra_rows before start_date to end_date.

        An asset counts from the day after its first one, when its first bar is known; only assets
        that are there on some day have a column.
        """
        sessions = domain.sessions()
        for name, date in (("start", start_date), ("end", end_date)):
            if date not in sessions:
                raise ValueError(f"The pipeline's {name} {date} is no session of {domain}.")
        start, end = sessions.slice_locs(start_date, end_date)
        if start < extra_rows:
            raise NoFurtherDataError.from_lookback_window(
                initial_message="There is not enough data for the pipeline:",
                first_date=sessions[0],
                lookback_start=start_date,
                lookback_length=extra_rows,
            )
        lifetimes = self._finder.lifetimes(
            sessions[start - extra_rows : end],
            include_start_date=False,
            country_codes=(domain.country_code,),
        )
        if not lifetimes.columns.is_unique:
            raise AssertionError("The asset finder gave the same sid twice.")
        existed = lifetimes.to_numpy().any(axis=0)
        if not existed.any():
            raise ValueError(
                f"No asset of the country {domain.country_code!r} trades between {start_date} and "
                f"{end_date}. See the exchanges that the bundle's assets were written with."
            )
        return lifetimes if existed.all() else lifetimes.loc[:, existed]

    @staticmethod
    def _inputs_for_term(term, workspace, graph, domain, refcounts) -> list:
        """The values of a term's inputs over the rows that it needs: windows or arrays."""
        values = []
        for generic in term.inputs:
            one = maybe_specialize(generic, domain)
            offset = graph.offset[term, one]
            shared = refcounts[one] > 1
            if term.windowed:
                array = ensure_adjusted_array(workspace[one], one.missing_value)
                # Nobody else looks at the data any more: adjustments may change it in place.
                values.append(array.traverse(term.window_length, offset=offset, copy=shared))
            else:
                array = ensure_ndarray(workspace[one])[offset:]
                values.append(array.copy() if shared else array)
        return values

    def compute_chunk(self, graph, dates, sids, workspace, refcounts, execution_order, hooks):
        """The outputs by name, arrays [requested dates, sids].

        dates, sids: rows and columns of the root mask. workspace: what is known by term. refcounts:
        how many terms still need each; a term's values go when that is 0.
        """
        self._validate_compute_chunk_params(graph, dates, sids, workspace)
        workspace = workspace.copy()
        groups = self._loader_groups(graph, workspace, execution_order)
        for term in execution_order:
            if term in workspace:
                continue  # given, or loaded together with another
            mask, mask_dates = graph.mask_and_dates_for_term(
                term, self._root_mask_term, workspace, dates
            )
            if isinstance(term, LoadableTerm):
                columns = groups[self._loader_group(graph, term)]
                workspace |= self._loaded(graph, term, columns, mask_dates, sids, mask, hooks)
                continue
            inputs = self._inputs_for_term(term, workspace, graph, graph.domain, refcounts)
            with hooks.computing_term(term):
                values = term._compute(inputs, mask_dates, sids, mask)
            expected = mask.shape if term.ndim == 2 else (mask.shape[0], 1)
            if values.shape != expected:
                raise AssertionError(f"{term} computed {values.shape} instead of {expected}.")
            workspace[term] = values
            for unneeded in graph.decref_dependencies(term, refcounts):
                del workspace[unneeded]
        return {
            name: workspace[term][graph.extra_rows[term] :] for name, term in graph.outputs.items()
        }

    def _loader_group(self, graph: ExecutionPlan, term) -> tuple:
        """Columns of one loader over the same rows are loaded together."""
        return self._get_loader(term), graph.extra_rows[term]

    def _loader_groups(self, graph: ExecutionPlan, workspace, order) -> dict:
        groups: dict[tuple, list] = {}
        # Columns that are there already need no loader.
        for term in order:
            if term in graph.loadable_terms and term not in workspace:
                groups.setdefault(self._loader_group(graph, term), []).append(term)
        return groups

    def _loaded(self, graph, term, columns, dates, sids, mask, hooks) -> dict:
        loader = self._get_loader(term)
        columns = sorted(columns, key=lambda one: one.dataset)
        converted = [one for one in columns if one.currency_conversion is not None]
        if converted and not loader.currency_aware:
            raise ValueError(f"The loader cannot convert the currency of {converted}.")
        with hooks.loading_terms(columns):
            loaded = loader.load_adjusted_array(graph.domain, columns, dates, sids, mask)
        if set(loaded) != set(columns):
            raise AssertionError(
                f"The loader was asked for {sorted(columns, key=repr)} and brought "
                f"{sorted(loaded, key=repr)}."
            )
        return loaded

    def _to_narrow(self, terms, data, mask, dates, assets) -> pd.DataFrame:
        """The cells within the mask as one frame: rows (date, asset), a column for each output.

        terms, data: by column name. mask: bool [dates, assets].
        """
        if not mask.any():
            nobody = np.array([], dtype=object)
            return pd.DataFrame(
                {name: np.array([], dtype=values.dtype) for name, values in data.items()},
                index=pd.MultiIndex.from_arrays([dates[:0], nobody]),
            )
        resolved = np.array(self._finder.retrieve_all(assets))
        index = pd.MultiIndex(
            [dates, resolved], np.nonzero(mask), names=[None, None], verify_integrity=False
        )
        if all(_is_plain(terms[name]) for name in data):
            block = np.empty((len(data), len(index)))
            everything = mask.all()
            for values, row in zip(data.values(), block, strict=True):
                if everything:
                    row[:] = values.ravel()
                else:
                    np.compress(mask.ravel(), values.ravel(), out=row)
            return pd.DataFrame(block.T, index=index, columns=list(data), copy=False)
        columns = {name: terms[name].postprocess(data[name][mask]) for name in data}
        return pd.DataFrame(columns, index=index, columns=list(columns))

    def _validate_compute_chunk_params(self, graph, dates, sids, initial_workspace) -> None:
        root = self._root_mask_term
        if root not in initial_workspace:
            raise AssertionError("compute_chunk needs the root mask in the workspace.")
        shape, expected = initial_workspace[root].shape, (len(dates), len(sids))
        if shape != expected:
            raise AssertionError(f"The root mask has the shape {shape}, not {expected}.")
        for term in initial_workspace:
            if term in (root, self._root_mask_dates_term):
                continue
            if term.domain is GENERIC:
                if isinstance(term, LoadableTerm):
                    raise ValueError(f"{term} in the workspace must be specialized to a domain.")
            elif term.domain != graph.domain:
                raise ValueError(
                    f"{term} in the workspace belongs to {term.domain}, the pipeline to "
                    f"{graph.domain}."
                )

    def resolve_domain(self, pipeline) -> Domain:
        """The domain on which a pipeline is computed; ValueError when nothing tells it."""
        domain = pipeline.domain(default=self._default_domain)
        if domain is GENERIC:
            raise ValueError("The pipeline belongs to no domain: pass domain= to Pipeline.")
        return domain

    def _resolve_hooks(self, hooks):
        return DelegatingHooks(self._default_hooks + list(hooks or ()))


def _is_plain(term) -> bool:
    """Whether a term's values are the column of the result as they are: floats."""
    own = type(term).postprocess
    return (
        term.dtype == np.float64
        and term.outputs is NotSpecified
        and own is ComputableTerm.postprocess
    )


def _chunks(sessions, start_date, end_date, chunksize) -> list[tuple]:
    """First and last session of each chunk. None as chunksize: one chunk."""
    for name, date in (("start", start_date), ("end", end_date)):
        if date not in sessions:
            raise KeyError(f"The pipeline's {name} {date:%Y-%m-%d} is no session.")
    if end_date < start_date:
        raise ValueError(f"The end {end_date:%Y-%m-%d} lies before {start_date:%Y-%m-%d}.")
    if chunksize is None:
        return [(start_date, end_date)]
    first, end = sessions.slice_locs(start_date, end_date)
    return [
        (sessions[begin], sessions[min(begin + chunksize, end) - 1])
        for begin in range(first, end, chunksize)
    ]


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames below each other; categories are those of all of them."""
    if not frames:
        raise ValueError("No asset passed the screen in any chunk.")
    categorical = [
        name for name, dtype in frames[0].dtypes.items() if isinstance(dtype, pd.CategoricalDtype)
    ]
    for name in categorical:
        categories = sorted(set().union(*(frame[name].cat.categories for frame in frames)))
        for frame in frames:
            frame[name] = frame[name].cat.set_categories(categories)
    return pd.concat(frames)
