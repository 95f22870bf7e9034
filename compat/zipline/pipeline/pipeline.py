"""A pipeline: named terms, and a screen."""

from __future__ import annotations

from ..errors import UnsupportedPipelineOutput
from .domain import GENERIC, Domain, infer_domain
from .filters import Filter
from .graph import SCREEN_NAME, ExecutionPlan, TermGraph
from .term import AssetExists, ComputableTerm, Term


class Pipeline:
    """Terms to be computed for every asset on every session.

    columns: terms by name. screen: a filter; only assets that pass it are in the results of a
    day. domain: needed only where the terms do not tell it. Raises TypeError for anything else
    than computed terms, UnsupportedPipelineOutput for terms with one value a day.
    """

    __slots__ = ("__weakref__", "_columns", "_domain", "_screen")

    def __init__(self, columns=None, screen=None, domain=GENERIC) -> None:
        if columns is not None and not isinstance(columns, dict):
            raise TypeError(f"columns must be a dictionary, not {type(columns).__name__}.")
        if screen is not None and not isinstance(screen, Filter):
            raise TypeError(f"screen must be a filter, not {type(screen).__name__}.")
        _check_domain(domain)
        self._columns = {} if columns is None else columns
        for name, term in self._columns.items():
            self.validate_column(name, term)
            _check_computed(name, term)
        self._screen = screen
        self._domain = domain

    @property
    def columns(self) -> dict:
        """The terms by name."""
        return self._columns

    @property
    def screen(self):
        """The filter that an asset must pass to be in the results; None for none."""
        return self._screen

    def add(self, term, name, overwrite=False) -> None:
        """Add a column. KeyError when the name is taken, unless overwrite is True."""
        if not isinstance(term, Term):
            raise TypeError(f"add takes a term, not {type(term).__name__}.")
        if not isinstance(name, str):
            raise TypeError(f"The name of a column must be a text, not {name!r}.")
        self.validate_column(name, term)
        if name in self._columns:
            if not overwrite:
                raise KeyError(f"There is a column {name!r} already.")
            self.remove(name)
        _check_computed(name, term)
        self._columns[name] = term

    def remove(self, name):
        """Remove a column; returns its term. KeyError when there is none of the name."""
        if not isinstance(name, str):
            raise TypeError(f"The name of a column must be a text, not {name!r}.")
        return self._columns.pop(name)

    def set_screen(self, screen, overwrite=False) -> None:
        """Set the screen. ValueError when there is one, unless overwrite is true."""
        if not isinstance(screen, Filter):
            raise TypeError(f"screen must be a filter, not {type(screen).__name__}.")
        if not isinstance(overwrite, (bool, int)):
            raise TypeError(f"overwrite must be True or False, not {overwrite!r}.")
        if self._screen is not None and not overwrite:
            raise ValueError(
                "The pipeline has a screen: combine both with &, or pass overwrite=True."
            )
        self._screen = screen

    def to_execution_plan(self, domain, default_screen, start_date, end_date) -> ExecutionPlan:
        """The graph for a domain, with the rows that each term needs before start_date.

        default_screen: what stands for the screen of a pipeline without one.
        """
        if self._domain is not GENERIC and self._domain is not domain:
            raise AssertionError(f"The pipeline belongs to {self._domain}, not to {domain}.")
        return ExecutionPlan(domain, self._graph_terms(default_screen), start_date, end_date)

    def to_simple_graph(self, default_screen) -> TermGraph:
        """The graph alone."""
        return TermGraph(self._graph_terms(default_screen))

    def _graph_terms(self, default_screen) -> dict:
        screen = default_screen if self._screen is None else self._screen
        return {**self._columns, SCREEN_NAME: screen}

    def show_graph(self, format="svg"):
        """The graph as a drawing: "svg", "png" or "jpeg"."""
        if format not in ("svg", "png", "jpeg"):
            raise ValueError(f"format must be 'svg', 'png' or 'jpeg', not {format!r}.")
        return getattr(self.to_simple_graph(AssetExists()), format)

    @staticmethod
    def validate_column(column_name, term) -> None:
        """Raise UnsupportedPipelineOutput for a term with one value a day."""
        if not isinstance(term, Term):
            raise TypeError(f"The column {column_name!r} must be a term, not {term!r}.")
        if not isinstance(column_name, str):
            raise TypeError(f"The name of a column must be a text, not {column_name!r}.")
        if term.ndim == 1:
            raise UnsupportedPipelineOutput(column_name=column_name, term=term)

    @property
    def _output_terms(self) -> list:
        screen = [] if self._screen is None else [self._screen]
        return [*self._columns.values(), *screen]

    def domain(self, default) -> Domain:
        """The domain given, else that of the terms, else `default`.

        Raises AmbiguousDomain when terms differ, ValueError when they contradict the one given.
        """
        _check_domain(default)
        inferred = infer_domain(self._output_terms)
        if self._domain is GENERIC:
            return default if inferred is GENERIC else inferred
        if inferred not in (GENERIC, self._domain):
            raise ValueError(f"The terms belong to {inferred}, the pipeline to {self._domain}.")
        return self._domain


def _check_domain(domain) -> None:
    if not isinstance(domain, Domain):
        raise TypeError(f"domain must be a Domain, not {type(domain).__name__}.")


def _check_computed(name: str, term) -> None:
    if not isinstance(term, ComputableTerm):
        raise TypeError(f"The column {name!r} cannot be {term}; use its `.latest`.")
