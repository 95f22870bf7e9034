"""`fillproof warmup`: compile every kernel once, so that no later run waits for it."""

from __future__ import annotations

import typer


def command() -> None:
    """Compile what the frameworks' scripts need into the cache on disk."""
    import time

    from ..validation.warmup import warmup

    started = time.perf_counter()
    done = warmup(lambda text: typer.echo(text, err=True))
    typer.echo(f"{done} kernels ready after {time.perf_counter() - started:.1f} s", err=True)
