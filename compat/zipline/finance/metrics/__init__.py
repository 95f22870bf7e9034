"""What a run measures: the sets of metrics that make the performance frame."""
