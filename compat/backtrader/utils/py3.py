"""Names that old scripts import to run under Python 2 and 3 alike."""

from __future__ import annotations

import queue
import sys
from io import StringIO
from typing import Any

PY2 = False
MAXINT = sys.maxsize
MININT = -sys.maxsize - 1
MAXFLOAT = sys.float_info.max
MINFLOAT = sys.float_info.min

string_types = (str,)
integer_types = (int,)

filter = filter
map = map
range = range
zip = zip
long = int

try:
    import winreg  # pyright: ignore
except ImportError:
    winreg = None


def cmp(a: Any, b: Any) -> int:
    """-1, 0 or 1."""
    return (a > b) - (a < b)


def bytes(x: str) -> Any:
    return x.encode("utf-8")


def bstr(x: Any) -> str:
    return str(x)


def iterkeys(d: dict) -> Any:
    return iter(d.keys())


def itervalues(d: dict) -> Any:
    return iter(d.values())


def iteritems(d: dict) -> Any:
    return iter(d.items())


def keys(d: dict) -> list:
    return list(d.keys())


def values(d: dict) -> list:
    return list(d.values())


def items(d: dict) -> list:
    return list(d.items())


def with_metaclass(meta: Any, *bases: type) -> Any:
    """A base class for `class X(with_metaclass(Meta, Base))`: makes X by `Meta` from the bases."""

    class Between(meta):
        def __new__(cls, name: str, _: Any, namespace: dict) -> Any:
            return meta(name, bases, namespace)

    return type.__new__(Between, "Between", (), {})


#: Of the network: loaded when they are asked for.
_REQUEST = ("ProxyHandler", "build_opener", "install_opener", "urlopen")


def __getattr__(name: str):
    if name in _REQUEST:
        import urllib.request

        return getattr(urllib.request, name)
    if name == "urlquote":
        from urllib.parse import quote

        return quote
    raise AttributeError(f"module 'backtrader.utils.py3' has no attribute {name!r}")


__all__ = [
    "MAXFLOAT",
    "MAXINT",
    "MINFLOAT",
    "MININT",
    "PY2",
    "StringIO",
    "bstr",
    "bytes",
    "cmp",
    "filter",
    "integer_types",
    "items",
    "iteritems",
    "iterkeys",
    "itervalues",
    "keys",
    "long",
    "map",
    "queue",
    "range",
    "string_types",
    "values",
    "winreg",
    "with_metaclass",
    "zip",
]
