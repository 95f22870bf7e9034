"""Contributed studies."""
