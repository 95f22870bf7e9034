"""What a command needs beyond the plain install, asked for before it starts its work."""

from __future__ import annotations

from .failing import fail


def require_report() -> None:
    """End the command with status 2 when the libraries of the `report` extra are missing."""
    from ..validation.report.html import ReportError, check_libraries

    try:
        check_libraries()
    except ReportError as error:
        fail(str(error))
