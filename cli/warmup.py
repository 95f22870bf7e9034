"""`fillproof warmup`: compile the kernels once, so that no later run waits for it."""

from __future__ import annotations

import typer


def command() -> None:
    """Compile what the frameworks' scripts need into the cache on disk."""
    import time

    from ..validation.warmup import WarmupError, warmup

    def tell(text: str) -> None:
        typer.echo(text, err=True)

    started = time.perf_counter()
    try:
        warmup(tell)
    except WarmupError as error:
        tell(f"fillproof: {error}")
        raise typer.Exit(2) from None
    tell(f"ready after {time.perf_counter() - started:.1f} s")
