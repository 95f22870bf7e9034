"""Thin adapters: each gives one framework's public names over `fillproof.core`."""
