"""Entry and exit signals: generators, ranking, statistics."""
