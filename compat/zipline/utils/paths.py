"""Where data lies: below `$ZIPLINE_ROOT`, else below `~/.zipline`."""

from __future__ import annotations

import os
from pathlib import Path


def hidden(path: str) -> bool:
    """Whether a path's name, without its suffix, begins with a point."""
    return Path(path).stem.startswith(".")


def ensure_directory(path: str) -> None:
    """Make a folder and those above it, where they are missing."""
    Path(path).mkdir(parents=True, exist_ok=True)


def ensure_directory_containing(path: str) -> None:
    """Make the folder in which a file lies."""
    ensure_directory(str(Path(path).parent))


def ensure_file(path: str) -> None:
    """Make an empty file and its folder, where they are missing."""
    ensure_directory_containing(path)
    Path(path).touch(exist_ok=True)


def last_modified_time(path: str):
    """When a file was changed last, as a Timestamp in UTC."""
    import pandas as pd

    return pd.Timestamp(Path(path).stat().st_mtime, unit="s", tz="UTC")


def modified_since(path: str, dt) -> bool:
    """Whether a file exists and was changed after a time in UTC."""
    return Path(path).exists() and last_modified_time(path) > dt


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


def data_root(environ=None) -> str:
    """The folder of all bundles' data."""
    return zipline_path(["data"], environ)


def cache_root(environ=None) -> str:
    """The folder for what can be made again."""
    return zipline_path(["cache"], environ)


def ensure_cache_root(environ=None) -> None:
    """Make that folder."""
    ensure_directory(cache_root(environ))


def cache_path(paths, environ=None) -> str:
    """A path below the cache folder."""
    return zipline_path(["cache", *paths], environ)


def default_extension(environ=None) -> str:
    """The script that every run executes first, when it is there."""
    return zipline_path(["extension.py"], environ)
