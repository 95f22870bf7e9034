"""The strategies that come with the package."""

from __future__ import annotations

from .sma_crossover import *  # noqa: F403
