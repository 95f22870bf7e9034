"""`backtrader.signals`: a place for signals; the original has none of its own there either."""
