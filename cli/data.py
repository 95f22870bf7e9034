"""`fillproof data import|list`: bundles of Zipline on disk, and the catalog they are taken into."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Bundles of Zipline: what is on disk, and taking it into the Parquet catalog.",
    no_args_is_help=True,
)

_WHAT = (
    "A bundle's name, or a Zipline root (the folder that holds `data`); by default every bundle "
    "below $ZIPLINE_ROOT, else below ~/.zipline."
)


@app.command("import")
def import_(
    what: Annotated[str | None, typer.Argument(metavar="[ROOT|BUNDLE]", help=_WHAT)] = None,
    all_of_it: Annotated[
        bool, typer.Option("--all", help="Every ingestion, not the latest one only.")
    ] = False,
) -> None:
    """Copy what the real Zipline ingested into the catalog, and check the copy.

    Runs read such ingestions where they lie; of the catalog they read faster, and only the months
    and columns that they need.
    """
    from ..compat.zipline.data.bundles import imports

    environ, bundle = _place(what)
    known = {one.bundle for one in imports.ingestions(environ) if one.in_root}
    names = [bundle] if bundle else sorted(known)
    if not names:
        _fail("there is no ingestion of any bundle. Give the root, or set ZIPLINE_ROOT.")
    failed = False
    for name in names:
        try:
            done = imports.import_bundle(name, all_of_it, environ)
        except (ValueError, OSError) as error:
            typer.echo(f"fillproof: {name}: {error}", err=True)
            failed = True
            continue
        for one in done:
            typer.echo(f"{name} {one.stamp} -> {one.in_catalog}")
        if not done:
            typer.echo(f"{name}: in the catalog already")
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_(
    root: Annotated[
        Path | None, typer.Argument(metavar="[ROOT]", help="A Zipline root; by default as above.")
    ] = None,
) -> None:
    """Show every ingestion: bundle, time, calendar, sessions, assets, and where it lies."""
    from rich.table import Column, Table

    from ..compat.zipline.data.bundles import imports
    from ..compat.zipline.data.bundles.core import from_bundle_ingest_dirname, load_folder
    from ..validation.report.terminal import new_console

    environ, _ = _place(None if root is None else str(root))
    path = Column("path", overflow="fold")
    table = Table("bundle", "ingested", "calendar", "first", "last", "assets", "minutes", path)
    for one in imports.ingestions(environ):
        place = one.in_catalog or one.in_root
        assert place is not None
        when = str(from_bundle_ingest_dirname(one.stamp))[:19]
        try:
            found = load_folder(place)
        except (ValueError, OSError) as error:
            table.add_row(one.bundle, when, "-", "-", "-", "-", "-", f"{place}: {error}")
            continue
        table.add_row(
            one.bundle,
            when,
            found.calendar.name,
            str(found.start_session.date()),
            str(found.end_session.date()),
            str(len(found.asset_finder.sids)),
            "yes" if len(found.minutes.sids) else "no",
            str(place),
        )
    new_console().print(table)


def _place(what: str | None) -> tuple[dict[str, str] | None, str | None]:
    """The environment that names the root, and the bundle; None for all there are."""
    if what is not None and Path(what).is_dir():
        if not (Path(what) / "data").is_dir() and not (Path(what) / "fillproof").is_dir():
            _fail(f"{what} is no Zipline root: it has no folder `data`.")
        return {"ZIPLINE_ROOT": what}, None
    return None, what


def _fail(text: str) -> None:
    typer.echo(f"fillproof: {text}", err=True)
    raise typer.Exit(2)
