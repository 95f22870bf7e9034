"""The graph of a pipeline: which terms are needed, in which sequence, over how many rows."""

from __future__ import annotations

import uuid
from functools import cached_property
from graphlib import TopologicalSorter
from typing import NoReturn

from ..unsupported import missing
from .term import LoadableTerm, Term

#: The name of the screen among the outputs; no script's column can have it by accident.
SCREEN_NAME = "screen_" + uuid.uuid4().hex


class CyclicDependency(Exception):
    """A term needs itself."""


class TermGraph:
    """The terms that some outputs need.

    terms: the outputs by name.
    """

    def __init__(self, terms: dict[str, Term]) -> None:
        self._outputs = terms
        #: For each term those that it needs, in the sequence in which they were found.
        self._needs: dict[Term, list[Term]] = {}
        for term in terms.values():
            self._add(term, set())

    def _add(self, term: Term, above: set) -> None:
        if term in above:
            raise CyclicDependency(term)
        if term in self._needs:
            return
        self._needs[term] = list(term.dependencies)
        above.add(term)
        for needed in term.dependencies:
            self._add(needed, above)
        above.remove(term)

    def __contains__(self, term) -> bool:
        return term in self._needs

    def __len__(self) -> int:
        return len(self._needs)

    @property
    def outputs(self) -> dict[str, Term]:
        """The outputs by name, the screen among them."""
        return self._outputs

    @property
    def screen_name(self) -> str:
        """The name of the screen among the outputs."""
        return SCREEN_NAME

    def ordered(self):
        """An iterator over all terms, each after those that it needs."""
        return iter(_sorted(self._needs))

    def execution_order(self, workspace, refcounts) -> list[Term]:
        """The terms still to be computed, each after those that it needs."""
        wanted = {term for term, count in refcounts.items() if count > 0 and term not in workspace}
        needs = {term: needed for term, needed in self._needs.items() if term in wanted}
        return [term for term in _sorted(needs) if term in wanted]

    @cached_property
    def loadable_terms(self) -> set[Term]:
        """The terms that loaders bring."""
        return {term for term in self._needs if isinstance(term, LoadableTerm)}

    def initial_refcounts(self, initial_terms) -> dict[Term, int]:
        """How many terms and outputs still need each term.

        initial_terms: those that are there already, so that nothing needs to be computed for them.
        """
        counts = dict.fromkeys(self._needs, 0)
        for needed in self._needs.values():
            for one in needed:
                counts[one] += 1
        for term in self._outputs.values():
            counts[term] += 1
        for term in initial_terms:
            self._release(term, counts)
        return counts

    def _release(self, term, counts) -> None:
        for one in self.decref_dependencies(term, counts):
            self._release(one, counts)

    def decref_dependencies(self, term, refcounts) -> set[Term]:
        """Count down what a term needed; returns those that nothing needs any more."""
        unneeded = set()
        for one in self._needs.get(term, ()):
            refcounts[one] -= 1
            if refcounts[one] == 0:
                unneeded.add(one)
        return unneeded

    def _drawing(self) -> NoReturn:
        raise missing("drawing the graph of a pipeline", "Print its columns and their inputs.")

    png = property(_drawing)
    svg = property(_drawing)
    jpeg = property(_drawing)


def _sorted(needs: dict) -> list:
    return list(TopologicalSorter(needs).static_order())


class ExecutionPlan(TermGraph):
    """A graph for one domain, with the rows before the first date that each term needs.

    A mean over 10 days needs 9 more rows of its input than it has itself; each term is computed
    over as many rows as the one that needs most of them.
    """

    def __init__(self, domain, terms, start_date, end_date, min_extra_rows=0) -> None:
        super().__init__(terms)
        self.domain = domain
        self._needs = {
            # A generic column and its specialization become one.
            maybe_specialize(term, domain): list(
                dict.fromkeys(maybe_specialize(one, domain) for one in needed)
            )
            for term, needed in self._needs.items()
        }
        #: How many rows before the first date each term is computed.
        self.extra_rows: dict[Term, int] = {}
        self._asked: dict[Term, int] = {}
        sessions = domain.sessions()
        for term in terms.values():
            self.set_extra_rows(term, sessions, start_date, end_date, min_extra_rows)

    def set_extra_rows(self, term, all_dates, start_date, end_date, min_extra_rows) -> None:
        """Ask for a term over at least so many rows before the first date."""
        term = maybe_specialize(term, self.domain)
        if self._asked.get(term, -1) >= min_extra_rows:
            return
        rows = term.compute_extra_rows(all_dates, start_date, end_date, min_extra_rows)
        if rows < min_extra_rows:
            raise ValueError(f"{term} is to compute {rows} rows where {min_extra_rows} are needed.")
        self.extra_rows[term] = max(rows, self.extra_rows.get(term, 0))
        self._asked[term] = min_extra_rows
        for one, further in term.dependencies.items():
            self.set_extra_rows(one, all_dates, start_date, end_date, rows + further)

    @cached_property
    def offset(self) -> dict[tuple[Term, Term], int]:
        """For each pair (term, input) how many of the input's first rows the term leaves out."""
        rows = self.extra_rows
        offsets = {}
        for term in self._needs:
            for needed, further in term.dependencies.items():
                one = maybe_specialize(needed, self.domain)
                offsets[term, one] = rows[one] - rows[term] - further
        return offsets

    def mask_and_dates_for_term(self, term, root_mask_term, workspace, all_dates):
        """(mask, dates) of the rows over which a term is computed."""
        rows = self.extra_rows
        mask = workspace[term.mask][rows[term.mask] - rows[term] :]
        return mask, all_dates[rows[root_mask_term] - rows[term] :]


def maybe_specialize(term, domain):
    """A column for a domain; any other term as it is."""
    return term.specialize(domain) if isinstance(term, LoadableTerm) else term
