"""Warnings of the API."""

from __future__ import annotations


class ZiplineDeprecationWarning(DeprecationWarning):
    """A script uses what has a better replacement."""
