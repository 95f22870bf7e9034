"""`fillproof data import|list|show|check`: bars in files, data sets and bundles of Zipline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import bars
from .failing import fail

app = typer.Typer(
    help="Bars on disk: files (CSV, Parquet) and bundles of Zipline into Parquet, and what looks "
    "wrong in them.",
    no_args_is_help=True,
)

_WHAT = (
    "Files of bars (CSV, Parquet, or a pattern), else a Zipline bundle's name, or a Zipline root "
    "(the folder that holds `data`); by default every bundle below $ZIPLINE_ROOT, else "
    "below ~/.zipline."
)
_POLICY = "What to do about bars that fail a check: CHECK=ACTION, for example zero_price=drop."


@app.command("import")
def import_(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...|ROOT|BUNDLE]", help=_WHAT)
    ] = None,
    all_of_it: Annotated[
        bool, typer.Option("--all", help="Bundles: every ingestion, not the latest one only.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(help="Files: the data set's name; of one file its own by default.")
    ] = None,
    update: Annotated[
        bool, typer.Option(help="Files: change the data set; bars of the same time are replaced.")
    ] = False,
    asset: Annotated[str | None, typer.Option(help="Files: the asset of a single file.")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Files: the zone of times without an offset (UTC).")
    ] = None,
    time_format: Annotated[
        str | None, typer.Option(help="Files: how times are written, for example %d/%m/%Y.")
    ] = None,
    separator: Annotated[str | None, typer.Option(help="CSV: what separates columns.")] = None,
    policy: Annotated[list[str] | None, typer.Option(help=f"Files: {_POLICY}")] = None,
) -> None:
    """Take files into a data set, or what the real Zipline ingested into the catalog of bundles.

    A data set is Parquet by asset and year; it changes as a whole or not at all. Runs read
    ingestions of Zipline where they lie; of the catalog they read faster, and only the months and
    columns that they need; the copy is checked.
    """
    if what and bars.is_file_of_bars(what[0]):
        options = {"asset": asset, "time_zone": time_zone, "time_format": time_format}
        options["separator"] = separator
        try:
            for line in bars.save(what, name, update, policy or (), options):
                typer.echo(line)
        except (ValueError, OSError) as error:
            fail(str(error))
        return
    if what and len(what) > 1:
        fail("one bundle or one root at a time, or files of bars (.csv, .txt, .parquet, .pq).")
    from ..compat.zipline.data.bundles import imports

    environ, bundle = _place(what[0] if what else None)
    known = {one.bundle for one in imports.ingestions(environ) if one.in_root}
    names = [bundle] if bundle else sorted(known)
    if not names:
        fail("there is no ingestion of any bundle. Give the root, or set ZIPLINE_ROOT.")
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
    """Show every data set of bars, and every ingestion: calendar, sessions, assets, place."""
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
    console = new_console()
    sets = bars.sets_table() if root is None else None
    if sets is not None:
        console.print(sets)
    if table.row_count or sets is None:
        console.print(table)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A data set's name.")],
    rows: Annotated[int, typer.Option(help="So many of the first asset's last bars.")] = 5,
) -> None:
    """Show what a data set holds: assets, spans, columns, and the files it was made of."""
    from ..validation.report.terminal import new_console

    try:
        table, text = bars.shown(name, rows)
    except ValueError as error:
        fail(str(error))
    new_console().print(table)
    typer.echo(text)


@app.command("check")
def check(
    what: Annotated[
        list[str],
        typer.Argument(metavar="NAME|FILE...", help="A data set's name, or files of bars."),
    ],
    calendar: Annotated[
        str | None,
        typer.Option(help="The exchange whose sessions the bars should have, for example XNYS."),
    ] = None,
    minutes: Annotated[
        bool, typer.Option("--minutes", help="The bars are minutes, not sessions.")
    ] = False,
    outlier: Annotated[float, typer.Option(help="How many usual moves a return may have.")] = 12.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON in place of text.")] = False,
    policy: Annotated[list[str] | None, typer.Option(help=f"Files: {_POLICY}")] = None,
) -> None:
    """Look for gaps, outliers, stale and impossible prices; nothing is changed.

    The exit status is 0 when nothing looks wrong, 1 when something does, and 2 when the bars cannot
    be read.
    """
    try:
        found = bars.findings(what, calendar, minutes, outlier, policy or ())
    except (ValueError, OSError) as error:
        fail(str(error))
    if as_json:
        typer.echo(bars.as_json(found))
    else:
        for one in found:
            typer.echo(str(one))
        typer.echo(_counted(found))
    raise typer.Exit(int(bool(found)))


def _counted(found: list) -> str:
    if not found:
        return "Nothing looks wrong."
    from collections import Counter

    counts = Counter(one.check for one in found).most_common()
    return f"{len(found)} findings: " + ", ".join(f"{count} {name}" for name, count in counts)


def _place(what: str | None) -> tuple[dict[str, str] | None, str | None]:
    """The environment that names the root, and the bundle; None for all there are."""
    if what is not None and Path(what).is_dir():
        if not (Path(what) / "data").is_dir() and not (Path(what) / "fillproof").is_dir():
            fail(f"{what} is no Zipline root: it has no folder `data`.")
        return {"ZIPLINE_ROOT": what}, None
    return None, what
