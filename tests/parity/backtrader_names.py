"""The public names of Backtrader, and whether the adapter has each.

`FILE REQUEST ANSWER [--adapter]`: without the flag the answer is {place: names}; with it that is
the request, and the answer tells for each name "here", "gap" (UnsupportedFeature) or "missing".
"""

import inspect
import json
import sys

PLACES = ("", "indicators", "analyzers", "feeds", "observers", "sizers", "brokers", "errors")
OBJECTS = ("Cerebro", "Trade", "TimeFrame")


def place(bt, name):
    return getattr(bt, name) if name else bt


def listed(bt):
    """Classes and functions that Backtrader itself defines, and what some objects have."""
    names = {}
    for where in PLACES:
        space = vars(place(bt, where))
        names[where] = sorted(
            name
            for name, value in space.items()
            if (inspect.isclass(value) or inspect.isfunction(value))
            and value.__module__.startswith("backtrader")
            and not name.startswith(("_", "Meta", "with_metaclass"))
            and (name[0].isupper() or where == "")
        )
    for name in OBJECTS:
        names[f"{name} object"] = sorted(n for n in dir(getattr(bt, name)) if n[0] != "_")
    return names


def status(owner, name):
    from fillproof.compat.unsupported import UnsupportedFeature

    try:
        getattr(owner, name)
    except UnsupportedFeature:
        return "gap"
    except AttributeError:
        return "missing"
    return "here"


def looked_up(bt, names):
    answer = {}
    for where, wanted in names.items():
        kind = where.removesuffix(" object")
        owner = getattr(bt, kind)() if kind != where else place(bt, where)
        answer[where] = {name: status(owner, name) for name in wanted}
    return answer


def main(request, answer, *flags):
    if "--adapter" in flags:
        from fillproof.compat.imports import install

        install()
    import backtrader as bt

    with open(request) as file:
        names = json.load(file)
    with open(answer, "w") as file:
        json.dump(looked_up(bt, names) if "--adapter" in flags else listed(bt), file)


if __name__ == "__main__":
    main(*sys.argv[1:])
