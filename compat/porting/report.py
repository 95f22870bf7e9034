"""An assessment as text."""

from __future__ import annotations

from collections.abc import Iterator

from .assess import Assessment, Place

_ORDER = ("unknown", "unsupported", "partial", "supported")


def lines(one: Assessment, all_names: bool = False) -> Iterator[str]:
    """The text of one file, line by line.

    all_names: supported names are listed as well, one line each with the places of use.
    """
    if not one.names:
        yield f"{one.path}: uses none of the frameworks"
    else:
        counts = ", ".join(
            f"{one.counts[word]} {word}" for word in reversed(_ORDER) if one.counts[word]
        )
        yield f"{one.path}: {', '.join(one.frameworks)}: {counts}"
    for word in _ORDER:
        if word == "supported" and not all_names:
            continue
        places: dict[tuple[str, str], list[Place]] = {}
        for place, use, state in one.names:
            if state.word == word:
                places.setdefault((use.name, state.remark), []).append(place)
        for (name, remark), where in places.items():
            yield f"  {word:<12} {name}  ({_places(where)}){': ' + remark if remark else ''}"
    for place, text in one.notes:
        yield f"  {'by hand':<12} {place}: {text}"


def _places(where: list[Place]) -> str:
    cells = any(place.cell is not None for place in where)
    texts = list(dict.fromkeys(str(place) for place in where))
    if cells:
        return "; ".join(texts)
    numbers = [text.removeprefix("line ") for text in texts]
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
