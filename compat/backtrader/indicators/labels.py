"""What the label of an indicator shows."""

from __future__ import annotations

from typing import Any


def shown(indicator: Any, *names: str, changed: tuple[str, ...] = ()) -> list[Any]:
    """The values of the parameters `names`, and of those in `changed` that are not the default."""
    params = indicator.p
    kept = [name for name in changed if params.notdefault(name)]
    return [getattr(params, name) for name in (*names, *kept)]
