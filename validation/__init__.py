"""The real frameworks as references; traces of both sides, compared event by event."""
