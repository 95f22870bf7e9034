"""Labels, broadcasting, grouping and indexing of arrays."""
