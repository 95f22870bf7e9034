"""Contributed indicators."""

from . import vortex

__all__ = ["vortex"]
