"""What this adapter lacks: the names, why, and what to use instead.

The objects in `GAPS` are what a script gets for such a name; the surface pages read them too.
"""

from __future__ import annotations

from ..unsupported import Kind, Unsupported, UnsupportedFeature
from ..unsupported import unsupported as _declare

FRAMEWORK = "backtrader"


def unsupported(name: str, reason: str = "", kind: Kind = "not yet") -> UnsupportedFeature:
    """The error for a feature that is missing here; raise it."""
    return UnsupportedFeature(FRAMEWORK, name, reason, kind)


def never_live(module: str) -> UnsupportedFeature:
    """The error of a module for live trading; raise it."""
    name = module.rpartition("compat.")[2]
    return UnsupportedFeature(FRAMEWORK, f"the module {name}", _LIVE, "never")


_LIVE = "Live trading and broker connections are out of scope."
_NAMES: dict[str, dict[str, tuple[str, Kind]]] = {
    "": {
        "Store": (_LIVE, "never"),
        "stores": (_LIVE, "never"),
    },
    "brokers": {
        "VCBroker": (_LIVE, "never"),
        "ibbroker": (_LIVE, "never"),
        "oandabroker": (_LIVE, "never"),
        "vcbroker": (_LIVE, "never"),
    },
    "feeds": {
        "ibdata": (_LIVE, "never"),
        "oanda": (_LIVE, "never"),
        "vcdata": (_LIVE, "never"),
        "vchartfile": (_LIVE, "never"),
        "VChartFile": (_LIVE, "never"),
        "IBData": (_LIVE, "never"),
        "OandaData": (_LIVE, "never"),
        "VCData": (_LIVE, "never"),
    },
    "Cerebro": {
        "addstore": (_LIVE, "never"),
    },
}

_MORE: dict[str, str] = {}

#: Every known gap, by the public name behind `backtrader.`.
GAPS: dict[str, Unsupported] = {}
for _place, _entries in _NAMES.items():
    for _name, (_reason, _kind) in _entries.items():
        _path = f"{_place}.{_name}" if _place else _name
        GAPS[_path] = _declare(FRAMEWORK, _path, _reason, _kind)
for _place, _text in _MORE.items():
    for _name in _text.split():
        GAPS[f"{_place}.{_name}"] = _declare(FRAMEWORK, f"{_place}.{_name}")


def missing(place: str, name: str) -> Exception:
    """What to raise for an attribute that is not there: a gap, or an AttributeError."""
    path = f"{place}.{name}" if place else name
    gap = GAPS.get(path)
    if gap is not None:
        return gap.error()
    if place == "Cerebro":
        return AttributeError(f"'Cerebro' object has no attribute {name!r}")
    module = f"backtrader.{place}" if place else "backtrader"
    return AttributeError(f"module {module!r} has no attribute {name!r}")


def missing_indicator(name: str) -> Exception:
    return missing("indicators", name)


def missing_feed(name: str) -> Exception:
    return missing("feeds", name)


def missing_analyzer(name: str) -> Exception:
    return missing("analyzers", name)
