"""Words of enumerations (named tuples of numbers) as numbers, and numbers as words."""

from __future__ import annotations

from .mapping import apply_mapping, to_mapping


def map_enum_fields(field, enum, ignore_type=int, **kwargs):
    """Words as numbers; see `apply_mapping`."""
    return apply_mapping(field, to_mapping(enum, reverse=True), ignore_type=ignore_type, **kwargs)


def map_enum_values(value, enum, ignore_type=str, **kwargs):
    """Numbers as words; see `apply_mapping`."""
    return apply_mapping(value, to_mapping(enum, reverse=False), ignore_type=ignore_type, **kwargs)
