"""Indicators, and the factory that makes them."""
