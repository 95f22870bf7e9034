"""The version whose behaviour this package has."""

__version__ = "1.9.78.123"
__btversion__ = tuple(int(part) for part in __version__.split("."))
