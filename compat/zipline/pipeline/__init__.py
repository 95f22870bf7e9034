"""Pipelines: the same computation over all assets, on every session."""
