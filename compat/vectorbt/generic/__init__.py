"""Time series of any kind: statistics, plots, splitting."""
