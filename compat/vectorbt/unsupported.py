"""What VectorBT has and this adapter does not, by public name."""

from __future__ import annotations

from ..unsupported import Unsupported, UnsupportedFeature, unsupported

FRAMEWORK = "vectorbt"

_ANIMATION = "Save the pictures of the figures (`figure.write_image`) and join them."
_MESSAGES = "Send them yourself: runs here do without the network."

_TOP_LEVEL = {
    _ANIMATION: ("save_animation",),
    _MESSAGES: ("TelegramBot", "messaging"),
}  # fmt: skip


def _declare(table: dict[str, tuple[str, ...]]) -> dict[str, Unsupported]:
    return {
        name: unsupported(FRAMEWORK, name, reason)
        for reason, names in table.items()
        for name in names
    }


TOP_LEVEL = _declare(_TOP_LEVEL)


def missing(name: str, alternative: str = "") -> UnsupportedFeature:
    """The error for a name or an argument that the adapter lacks."""
    return UnsupportedFeature(FRAMEWORK, name, alternative)


def refuse(where: str, arguments: dict[str, object]) -> None:
    """Raise for the first of the optional `arguments` of `where` that the script has set."""
    for name, value in arguments.items():
        if value is not None:
            raise missing(f"{where}({name}=...)")
