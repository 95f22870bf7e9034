"""What adapters say beyond the words of the original: as notes of errors, or on standard error.

This module is imported when there is something to say.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable

#: The lines that were written on standard error: each is written once.
_said: set[str] = set()


def say(text: str) -> None:
    """Write a line on standard error, where the original goes on without a word."""
    if text not in _said:
        _said.add(text)
        print(f"fillproof: {text}", file=sys.stderr)


def nearest(name: str, known: Iterable[str]) -> str:
    """(did you mean 'x'?) with the most similar name, or nothing."""
    found = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {found[0]!r}?)" if found else ""
