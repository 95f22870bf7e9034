"""Sparse events: structured arrays with columns and groups."""
