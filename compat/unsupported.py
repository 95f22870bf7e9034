"""What an adapter lacks, as objects: the surface pages and the errors read the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["not yet", "reference cannot", "never"]


class UnsupportedFeature(NotImplementedError):
    """A script uses a name or an argument that the adapter does not have.

    Raised at the earliest moment (import, construction, first call), so that a run never ends
    with a silently different result.
    """

    def __init__(
        self, framework: str, name: str, alternative: str = "", kind: Kind = "not yet"
    ) -> None:
        self.framework = framework
        self.name = name
        self.alternative = alternative
        self.kind = kind
        text = f"{framework}: {name} is not supported by fillproof ({kind})."
        if alternative:
            text += f" {alternative}"
        super().__init__(text)

    def __reduce__(self):
        return (type(self), (self.framework, self.name, self.alternative, self.kind))


@dataclass(frozen=True)
class Unsupported:
    """A name that an adapter knows and does not have: using it in any way raises.

    `reason` says why and, where there is one, the nearest alternative.
    """

    framework: str
    name: str
    reason: str
    kind: Kind = "not yet"

    def error(self) -> UnsupportedFeature:
        return UnsupportedFeature(self.framework, self.name, self.reason, self.kind)

    def __call__(self, *args, **kwargs):
        raise self.error()

    def __getattr__(self, attribute: str):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        raise self.error()


def unsupported(framework: str, name: str, reason: str = "", kind: Kind = "not yet") -> Unsupported:
    """Declare a gap; see `Unsupported`."""
    return Unsupported(framework, name, reason, kind)
