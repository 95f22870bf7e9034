"""Methods of a portfolio that are those of the accessor of its returns."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def of_returns(name: str, source: str | None = None) -> Any:
    """A method that asks the accessor of the portfolio's returns for `source` (or `name`)."""

    def method(
        self,
        *,
        group_by=None,
        benchmark_rets=None,
        freq=None,
        year_freq=None,
        use_asset_returns=False,
        **kwargs,
    ):
        accessor = self.get_returns_acc(
            group_by=group_by,
            benchmark_rets=benchmark_rets,
            freq=freq,
            year_freq=year_freq,
            use_asset_returns=use_asset_returns,
        )
        return getattr(accessor, source or name)(**kwargs)

    method.__name__ = name
    method.__doc__ = f"See `ReturnsAccessor.{source or name}`."
    return method


def or_of_assets(source: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a ratio of the account's returns: with `use_asset_returns` it is the accessor's
    `source`, of what is held alone.
    """

    def decorate(method: Callable[..., Any]) -> Any:
        asked = of_returns(method.__name__, source)

        @functools.wraps(method)
        def either(self, *args, use_asset_returns=False, **kwargs):
            if not use_asset_returns:
                return method(self, *args, **kwargs)
            given = inspect.signature(method).bind(self, *args, **kwargs).arguments
            given |= given.pop("others", {})
            del given["self"]
            return asked(self, **given, use_asset_returns=True)

        own = inspect.signature(method)
        *named, others = own.parameters.values()
        kind = inspect.Parameter.KEYWORD_ONLY
        more = inspect.Parameter("use_asset_returns", kind, default=False)
        either.__signature__ = own.replace(parameters=[*named, more, others])  # type: ignore[attr-defined]
        return either

    return decorate
