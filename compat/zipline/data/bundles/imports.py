"""Roots of the real framework, taken into the catalog once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ...utils.paths import data_path, zipline_path, zipline_root
from . import roots, store
from .core import from_bundle_ingest_dirname


@dataclass(frozen=True)
class Ingestion:
    """One ingestion of a bundle: its folder's name, and where it lies (None: not there)."""

    bundle: str
    stamp: str
    in_catalog: Path | None
    in_root: Path | None


def ingestions(environ=None) -> list[Ingestion]:
    """All ingestions below the root, of registered bundles and others, by name and time."""
    catalog = Path(zipline_path(["fillproof"], environ))
    data = Path(data_path([], environ))
    found: dict[tuple[str, str], list[Path | None]] = {}
    for place, (folder, complete) in enumerate(
        ((catalog, store.is_complete), (data, roots.is_complete))
    ):
        for path in folder.glob("*/*"):
            if not path.name.startswith(".") and complete(path):
                found.setdefault((path.parent.name, path.name), [None, None])[place] = path
    return [
        Ingestion(*key, *found[key])
        for key in sorted(found, key=lambda key: (key[0], from_bundle_ingest_dirname(key[1])))
    ]


def import_bundle(bundle: str, all_of_it: bool = False, environ=None) -> list[Ingestion]:
    """Import the latest ingestion of a bundle that the real framework wrote, or all of them.

    What is in the catalog already stays. Returns what was imported; raises ValueError when there is
    no ingestion, and when a copy is not what was read.
    """
    known = [one for one in ingestions(environ) if one.bundle == bundle and one.in_root]
    if not known:
        raise ValueError(
            f"No ingestion of the bundle {bundle!r} lies below {zipline_root(environ)}: "
            f"there is no {Path(data_path([bundle, '<time>', roots.ASSETS], environ))}."
        )
    wanted = [one for one in (known if all_of_it else known[-1:]) if one.in_catalog is None]
    return [_imported(one, environ) for one in wanted]


def _imported(one: Ingestion, environ) -> Ingestion:
    assert one.in_root is not None
    to = store.folder(one.bundle, environ) / one.stamp
    try:
        roots.import_root(one.in_root, to)
    except BaseException:
        shutil.rmtree(to, ignore_errors=True)
        raise
    return Ingestion(one.bundle, one.stamp, to, one.in_root)
