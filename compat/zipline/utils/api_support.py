"""Which algorithm `zipline.api` speaks to, and conditions on methods of an algorithm."""

from __future__ import annotations

from functools import wraps

from ..active import running
from ..unsupported import module_gaps

__getattr__ = module_gaps("zipline.utils.api_support")


class ZiplineAPI:
    """Inside of it the functions of `zipline.api` speak to one `TradingAlgorithm`."""

    def __init__(self, algo_instance) -> None:
        self.algo_instance = algo_instance

    def __enter__(self) -> None:
        self._running = running(self.algo_instance._run)
        self._running.__enter__()

    def __exit__(self, *exc_info) -> None:
        self._running.__exit__(*exc_info)


def _on_condition(forbids, exception):
    def decorator(method):
        @wraps(method)
        def tested(self, *args, **kwargs):
            if forbids(self):
                raise exception
            return method(self, *args, **kwargs)

        return tested

    return decorator


def require_not_initialized(exception):
    """A decorator: the method raises `exception` once `initialize` has returned."""
    return _on_condition(lambda algorithm: algorithm.initialized, exception)


def require_initialized(exception):
    """A decorator: the method raises `exception` before `initialize` has returned."""
    return _on_condition(lambda algorithm: not algorithm.initialized, exception)
