"""Several hooks as one."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

from .iface import PipelineHooks
from .no import NoHooks


class DelegatingHooks(PipelineHooks):
    """Enters all of some hooks, in their sequence; no or one hook needs no object of this class."""

    _hooks: list

    def __new__(cls, hooks):
        if not hooks:
            return NoHooks()
        if len(hooks) == 1:
            return hooks[0]
        delegating = super().__new__(cls)
        delegating._hooks = list(hooks)
        return delegating

    @contextmanager
    def _all(self, method: str, *args):
        with ExitStack() as stack:
            for hook in self._hooks:
                stack.enter_context(getattr(hook, method)(*args))
            yield stack

    def running_pipeline(self, pipeline, start_date, end_date):
        return self._all("running_pipeline", pipeline, start_date, end_date)

    def computing_chunk(self, terms, start_date, end_date):
        return self._all("computing_chunk", terms, start_date, end_date)

    def loading_terms(self, terms):
        return self._all("loading_terms", terms)

    def computing_term(self, term):
        return self._all("computing_term", term)
