"""Ratios and statistics of returns."""
