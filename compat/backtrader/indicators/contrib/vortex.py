"""The vortex indicator, under its other address."""

from __future__ import annotations

from ..vortex import Vortex

__all__ = ["Vortex"]
