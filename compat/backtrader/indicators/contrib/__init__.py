"""Contributed indicators."""
