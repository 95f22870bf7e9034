"""The errors of the engine: each says what was wrong, where, and what to do."""

from __future__ import annotations

__all__ = ["DataError", "FillproofError"]


class FillproofError(Exception):
    """Base of every error that the engine raises on purpose."""


class OrderError(FillproofError, ValueError):
    """An order that cannot be understood: which argument, and why."""


class DataError(FillproofError, ValueError):
    """Market data that must not be traded on as it stands.

    Attributes name the place, each None where it does not apply: `check` (the name of the check,
    which is also the policy's name where a `Repair` can settle it), `file`, `row` (data rows
    counted from 1), `line` (line of a text file, the header included), `column`, `asset`, `time`
    (text, UTC), `value`. `problem` says what was wrong and `remedy` what to do.
    """

    def __init__(
        self,
        check: str,
        problem: str,
        *,
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        column: str | None = None,
        asset: str | None = None,
        time: str | None = None,
        value: object = None,
        remedy: str = "",
    ) -> None:
        self.check = check
        self.problem = problem
        self.file = file
        self.row = row
        self.line = line
        self.column = column
        self.asset = asset
        self.time = time
        self.value = value
        self.remedy = remedy
        super().__init__(self._message())

    def _message(self) -> str:
        place = [] if self.file is None else [str(self.file)]
        if self.row is not None:
            place.append(f"row {self.row}" + ("" if self.line is None else f" (line {self.line})"))
        if self.column is not None:
            place.append(f"column {self.column!r}")
        if self.asset is not None:
            place.append(f"asset {self.asset}")
        if self.time is not None:
            place.append(self.time)
        if self.value is not None:
            place.append(f"value {self.value!r}")
        where = ", ".join(place)
        text = (
            f"{where}: {self.problem} [{self.check}]" if where else f"{self.problem} [{self.check}]"
        )
        return f"{text}. {self.remedy}." if self.remedy else f"{text}."

    def __reduce__(self):
        places = ("file", "row", "line", "column", "asset", "time", "value", "remedy")
        return (
            _rebuild,
            (type(self), self.check, self.problem, {p: getattr(self, p) for p in places}),
        )


def _rebuild(kind: type[DataError], check: str, problem: str, places: dict) -> DataError:
    """Make the error again on the other side of a process border."""
    return kind(check, problem, **places)
