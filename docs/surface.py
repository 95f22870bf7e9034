"""The surface pages: every public name of a framework, and what this project has of it.

`surface-NAME.json` lists a real package, so that its page can be made without it. `surface_NAME.py`
says what of it is listed, and how a name is found here. A listing is made by the interpreter that
has the package:

    python docs/surface.py list zipline FILE   (in an environment with zipline)
    python docs/surface.py                     (the pages, all or those named)
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FRAMEWORKS = ("backtrader", "zipline", "vectorbt")

#: (state, remark) of names: "here", "gap", "missing" or "internal".
States = dict[str, tuple[str, str]]


# Listing


def arguments(function: Any) -> list[str]:
    """The names of a function's arguments that can be given by keyword."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in signature.parameters.values() if p.kind in kinds and p.name != "self"]


def members(
    thing: Any, is_method: Callable[[Any], bool], skipped: Collection[str] = ()
) -> dict[str, Any]:
    """The public attributes of an object: arguments of methods, None for the others."""
    found: dict[str, Any] = {}
    for name in sorted(dir(thing)):
        if name.startswith("_") or name in skipped:
            continue
        try:
            value = getattr(thing, name)
        except Exception:
            continue
        found[name] = arguments(value) if is_method(value) else None
    return found


# The state here


def status(found: Any, name: str) -> tuple[str, str, Any]:
    """("here" | "gap" | "missing", reason, value) for one name of a module or an object."""
    from fillproof.compat.unsupported import UnsupportedFeature

    try:
        return "here", "", getattr(found, name)
    except UnsupportedFeature as error:
        return "gap", advice(error), None
    except AttributeError:
        return "missing", "", None


def advice(error: Any) -> str:
    return error.alternative or ("Never." if error.kind == "never" else "Not yet.")


def refused(function: Any, wanted: list[str]) -> list[str]:
    """The arguments that a function here does not take."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        return []
    return [name for name in wanted if name not in signature.parameters]


def argument_state(function: Any, wanted: list[str]) -> tuple[str, str]:
    lacking = refused(function, wanted)
    return ("missing", "argument " + ", ".join(lacking)) if lacking else ("here", "")


def object_state(thing: Any, names: dict[str, Any], internal: Collection[str] = ()) -> States:
    """The state of the attributes of an object. internal: names that need not be here."""
    states = {}
    for name, wanted in names.items():
        state, reason, value = status(thing, name)
        if state == "here" and wanted is not None:
            if callable(value):
                state, reason = argument_state(value, wanted)
            else:
                state, reason = "missing", "a method there"
        if state == "missing" and name in internal:
            state, reason = "internal", ""
        states[name] = state, reason
    return states


def absent(found: dict[str, States]) -> dict[str, str]:
    """The names that are neither here nor a gap, with what is absent: {"place: name": remark}.

    "place: *" stands for all of a module or an object.
    """
    return {
        f"{place}: {name or '*'}": remark
        for place, names in found.items()
        for name, (state, remark) in names.items()
        if state == "missing"
    }


# The page


@dataclass(frozen=True)
class Page:
    """What is particular to the page of a framework.

    title: its name. package: what is installed, with the version. here, internal: what these
    states mean. notes: what is not counted. listed, found: the listing, and the states.
    module_text: lines of a module's chapter from its name, its entries and their states. hidden:
    modules of which nothing is promised.
    """

    title: str
    package: str
    here: str
    internal: str
    notes: tuple[str, ...]
    listed: dict[str, Any]
    found: dict[str, States]
    module_text: Callable[[str, dict, States], list[str]]
    hidden: Collection[str] = ()

    def path(self, place: str) -> str:
        package = self.title.lower()
        return f"{package}.{place}" if place else package

    def text(self) -> str:
        modules = {
            place: names
            for place, names in self.listed["modules"].items()
            if place not in self.hidden and (names or self.found[place])
        }
        every = [state for names in self.found.values() for state in names.values()]
        total = count(every)
        text = [
            f"# {self.title}: every public name",
            "",
            f"What the package {self.package} has, and what of it is here. The page is made",
            "from the code by `python docs/surface.py`; a test compares both with the package.",
            "",
            f"- **here**: {self.here}",
            "- **gap**: raises `UnsupportedFeature` where it is used, with the advice shown.",
            "- **missing**: not here, or not in full; the remark says what is absent.",
            f"- **internal**: {self.internal}",
            "",
            f"{total['here']} names are here, {total['gap']} are gaps, "
            f"{total['missing']} are missing.",
            *self.notes,
            "",
            "| module | here | gap | missing |",
            "| --- | ---: | ---: | ---: |",
            *(counts(f"`{self.path(place)}`", self.found[place]) for place in modules),
            "",
            "| object | here | gap | missing |",
            "| --- | ---: | ---: | ---: |",
            *(counts(place, self.found[f"{place} object"]) for place in self.listed["objects"]),
        ]
        for place, names in modules.items():
            text += ["", f"## {self.path(place)}", ""]
            text += self.module_text(place, names, self.found[place])
        text += ["", "## Attributes of objects", ""]
        for place in self.listed["objects"]:
            text += [f"### {place}", "", *by_state(self.found[f"{place} object"], "Here")]
        if self.hidden:
            internal = ", ".join(f"`{self.path(place)}`" for place in self.hidden)
            text += ["## Internal modules", "", f"Of these nothing is promised: {internal}."]
        return "\n".join(text).rstrip() + "\n"


def count(states: Any) -> dict[str, int]:
    words = [state for state, _ in states]
    return {state: words.count(state) for state in ("here", "gap", "missing")}


def counts(label: str, names: States) -> str:
    c = count(names.values())
    return f"| {label} | {c['here']} | {c['gap']} | {c['missing']} |"


def by_state(found: States, title: str) -> list[str]:
    here = [f"`{name}`" for name, (state, _) in found.items() if state == "here"]
    text = [f"{title}: {', '.join(here)}.", ""] if here else []
    rows = [
        f"- `{name}`: {shown((state, remark))}"
        for name, (state, remark) in found.items()
        if state != "here"
    ]
    return [*text, *rows, ""] if rows else text


def shown(state: tuple[str, str]) -> str:
    word, remark = state
    if word == "here":
        return "here"
    return f"**{word}**" + (f" ({remark.rstrip('.')})" if remark else "")


def classes_and_functions(place: str, names: dict, found: States) -> list[str]:
    """A module's chapter: its own names with their arguments or methods, then the rest."""
    own = {n: w for n, w in names.items() if "also" not in w and "value" not in w}
    text = []
    if own:
        text += ["| name | arguments, methods | state |", "| --- | --- | --- |"]
        text += [f"| `{n}` | {signature(w)} | {shown(found[n])} |" for n, w in own.items()]
        text.append("")
    rest = {name: found[name] for name in names if name not in own}
    return text + by_state(rest, "Names of other modules and values")


def signature(wanted: dict[str, Any]) -> str:
    if "arguments" in wanted:
        return f"`({', '.join(wanted['arguments'])})`"
    return ", ".join(f"`{name}`" for name in wanted.get("members", ())) or ""


# Files and the command


def written(listed: dict[str, Any]) -> str:
    """A listing as JSON, one name a line."""
    text = [f'{{"version": {json.dumps(listed["version"])}']
    for part in ("modules", "objects"):
        text[-1] += f',\n"{part}": {{'
        for place, names in listed[part].items():
            lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in names.items())
            text.append(json.dumps(place) + ": {\n " + ",\n ".join(lines) + "},")
        text[-1] = text[-1][:-1] + "}"
    return "\n".join(text) + "}\n"


def read(framework: str) -> dict[str, Any]:
    return json.loads((HERE / f"surface-{framework}.json").read_text(encoding="utf-8"))


def main(*args: str) -> None:
    if args[:1] == ("list",):
        _, framework, file = args
        package = importlib.import_module(framework)
        listing = importlib.import_module(f"surface_{framework}").listing(package)
        Path(file).write_text(written(listing), encoding="utf-8")
        return
    for framework in args or FRAMEWORKS:
        page = importlib.import_module(f"surface_{framework}").page(read(framework))
        (HERE / f"surface-{framework}.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
