"""Ticker symbols and their parts."""

from __future__ import annotations

import re


def split_delimited_symbol(symbol) -> tuple[str, str]:
    """Company and share class, upper case: `brk.b`, `BRK-B` and `BRK_B` give ("BRK", "B")."""
    if symbol is None or symbol != symbol or symbol == "":
        return "", ""
    company, *share_class = re.split(r"[./\-_]", symbol.upper(), maxsplit=1)
    return company, share_class[0] if share_class else ""
