"""The ledger of known divergences: one file, each with an id, a cause and a test."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

FILE = Path(__file__).with_name("ledger.toml")


@dataclass(frozen=True)
class Known:
    """One known divergence; `test` names the test that shows it, as pytest would be given it."""

    id: str
    framework: str
    cause: str
    test: str


def known(framework: str | None = None, file: Path = FILE) -> list[Known]:
    """The known divergences, of one framework or of all.

    Raises ValueError, naming the entry, for an entry with a missing or unknown field or an id
    that stands twice.
    """
    names = {field.name for field in fields(Known)}
    entries: dict[str, Known] = {}
    for number, entry in enumerate(tomllib.loads(file.read_text()).get("divergence", []), 1):
        where = f"{file.name}, entry {number} ({entry.get('id', 'no id')})"
        if set(entry) != names:
            wrong = ", ".join(sorted(names ^ set(entry)))
            raise ValueError(f"{where}: missing or unknown field: {wrong}.")
        if entry["id"] in entries:
            raise ValueError(f"{where}: the id stands twice.")
        entries[entry["id"]] = Known(**entry)
    return [one for one in entries.values() if framework in (None, one.framework)]
