"""Contributed studies."""

from . import fractal

__all__ = ["fractal"]
