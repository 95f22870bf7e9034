"""Where data lies: below `$ZIPLINE_ROOT`, else below `~/.zipline`."""

from __future__ import annotations

import os
from pathlib import Path


def zipline_root(environ=None) -> str:
    """The root folder, as the environment names it."""
    root = (os.environ if environ is None else environ).get("ZIPLINE_ROOT")
    return str(Path("~/.zipline").expanduser()) if root is None else root


def zipline_path(paths, environ=None) -> str:
    """A path below the root."""
    return str(Path(zipline_root(environ), *paths))


def data_path(paths, environ=None) -> str:
    """A path below the data folder of the real framework; ours is `bundles.store.folder`."""
    return zipline_path(["data", *paths], environ)


def default_extension(environ=None) -> str:
    """The script that every run executes first, when it is there."""
    return zipline_path(["extension.py"], environ)
