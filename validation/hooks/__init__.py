"""Recorders that run inside the user's process, on the real framework and on fillproof alike.

The files here are loaded by path into interpreters that do not have fillproof: they import the
standard library and, when they write, numpy, pandas and pyarrow. Nothing else.
"""
