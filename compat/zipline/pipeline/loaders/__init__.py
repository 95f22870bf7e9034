"""Loaders: where the values of columns come from."""
