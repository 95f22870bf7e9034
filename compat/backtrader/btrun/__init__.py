"""A run told by a command line: `btrun --data FILE --strategy MODULE:CLASS:KEYWORDS …`."""

from .btrun import btrun

__all__ = ["btrun"]
