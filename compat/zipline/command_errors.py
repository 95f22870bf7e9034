"""Errors that a command line shows in one line, and ends with a status of their own."""

from __future__ import annotations

import sys


class CommandError(Exception):
    """What went wrong, for a person; as click's exception has it."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def format_message(self) -> str:
        return self.message

    def show(self, file=None) -> None:
        """Print the error as a command does."""
        print(f"Error: {self.format_message()}", file=sys.stderr if file is None else file)

    def __str__(self) -> str:
        return self.message
