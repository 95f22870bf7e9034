"""Exceptions that scripts raise and catch."""

from __future__ import annotations


class BacktraderError(Exception):
    """The base of the errors below."""


class StrategySkipError(BacktraderError):
    """Raised in a strategy's `__init__`: leave this strategy out."""


class ModuleImportError(BacktraderError):
    """A module that a class needs could not be imported."""

    def __init__(self, message: str, *args: object) -> None:
        super().__init__(message)
        self.args = args


class FromModuleImportError(ModuleImportError):
    """A name that a class needs could not be imported."""
