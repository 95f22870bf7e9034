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


def latest_last(first: list[int], then: list[int]) -> list[int]:
    """Both lists, each number once, at its latest place."""
    if not first:
        return then
    if not then:
        return first
    late = set(then)
    if late.isdisjoint(first):
        return first + then
    return [number for number in first if number not in late] + then
