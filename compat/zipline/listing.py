"""Lists of what happened, by session."""

from __future__ import annotations


def cut(flat: list, counts: list[int]) -> list[list]:
    """A flat list cut into one list for each session."""
    if not flat:
        return [[] for _ in counts]
    out = []
    begin = 0
    for count in counts:
        out.append(flat[begin : begin + count])
        begin += count
    return out
