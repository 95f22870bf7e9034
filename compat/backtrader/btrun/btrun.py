"""Reads the command line, builds cerebro from it and runs it."""

from __future__ import annotations

import argparse
import datetime
import inspect
import itertools
import random
import string
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

from ... import backtrader as bt
from ..unsupported import missing_feed
from .options import parser


def _live(name: str) -> Any:
    """The place of a feed that needs a live connection."""

    def feed(**kwargs: Any) -> Any:
        raise missing_feed(name)

    return feed


DATAFORMATS: dict[str, Any] = {
    "btcsv": bt.feeds.BacktraderCSVData,
    "vchartcsv": bt.feeds.VChartCSVData,
    "vcfile": _live("VChartFile"),
    "sierracsv": bt.feeds.SierraChartCSVData,
    "mt4csv": bt.feeds.MT4CSVData,
    "yahoocsv": bt.feeds.YahooFinanceCSVData,
    # There, too, the option that would turn the rows around is not given to the feed.
    "yahoocsv_unreversed": bt.feeds.YahooFinanceCSVData,
    "yahoo": bt.feeds.YahooFinanceData,
    "vcdata": _live("VCData"),
}

TIMEFRAMES: dict[str, int] = {
    "microseconds": bt.TimeFrame.MicroSeconds,
    "seconds": bt.TimeFrame.Seconds,
    "minutes": bt.TimeFrame.Minutes,
    "days": bt.TimeFrame.Days,
    "weeks": bt.TimeFrame.Weeks,
    "months": bt.TimeFrame.Months,
    "years": bt.TimeFrame.Years,
}

#: What keywords on the command line can name: `timeframe=bt.TimeFrame.Years`.
_WORDS: dict[str, Any] = {
    "bt": bt,
    "argparse": argparse,
    "datetime": datetime,
    "inspect": inspect,
    "itertools": itertools,
    "random": random,
    "string": string,
    "sys": sys,
}


def parse_args(pargs: Sequence[str] | str = "") -> argparse.Namespace:
    """The options; those of the process where none are given."""
    return parser(DATAFORMATS, TIMEFRAMES).parse_args(pargs or None)


def btrun(pargs: Sequence[str] | str = "") -> None:
    """Run what the options say, print the analyzers and plot if they say so."""
    args = parse_args(pargs)
    if args.flush:
        from ..utils import flushfile  # noqa: F401 - its import does it
    settings = {"stdstats": not args.nostdstats, **_keywords(args.cerebro)}
    cerebro = bt.Cerebro(**settings)
    _add_datas(args, cerebro)
    for signal, kwargs, kind in getobjects(args.signals, bt.Indicator, bt.signals, issignal=True):
        cerebro.add_signal(getattr(bt.signal, f"SIGNAL_{kind.upper()}"), signal, **kwargs)
    for given, base, place, add in (
        (args.strategies, bt.Strategy, bt.strategies, cerebro.addstrategy),
        (args.indicators, bt.Indicator, bt.indicators, cerebro.addindicator),
        (args.observers, bt.Observer, bt.observers, cerebro.addobserver),
        (args.analyzers, bt.Analyzer, bt.analyzers, cerebro.addanalyzer),
    ):
        for found, kwargs in getobjects(given, base, place):
            add(found, **kwargs)
    setbroker(args, cerebro)
    for text in args.writers or ():
        cerebro.addwriter(bt.WriterFile, **_keywords(text))
    for hook, kwargs in getfunctions(args.hooks, bt.Cerebro):
        hook(cerebro, **kwargs)
    strategy = cerebro.run()[0]
    _print_analyzers(args, strategy)
    if args.plot:
        more = {} if args.plot is True else _keywords(args.plot)
        cerebro.plot(**{"style": "bar", **more})


def _keywords(text: str) -> dict[str, Any]:
    """Keywords, written as in a call."""
    return eval(f"dict({text})", dict(_WORDS))


def _add_datas(args: argparse.Namespace, cerebro: Any) -> None:
    wanted = args.resample if args.resample is not None else args.replay
    if wanted is None:
        for data in getdatas(args):
            cerebro.adddata(data)
        return
    name, *rest = wanted.split(":")
    if len(rest) > 1:
        raise ValueError(f"{wanted!r} is not timeframe:compression")
    compression = int(rest[0]) if rest and rest[0] else 1
    # A name that there is not becomes None, which fails in the resampler.
    frame = {"timeframe": TIMEFRAMES.get(name), "compression": compression}
    add = cerebro.resampledata if args.resample is not None else cerebro.replaydata
    for data in getdatas(args):
        add(data, **frame)


def _print_analyzers(args: argparse.Namespace, strategy: Any) -> None:
    if not (args.pranalyzer or args.ppranalyzer) or not strategy.analyzers:
        return
    line = "=" * 20
    print(f"{line}\n== Analyzers\n{line}")
    for name, analyzer in strategy.analyzers.getitems():
        if args.pranalyzer:
            analyzer.print()
        else:
            line = "#" * 10
            print(f"{line}\n{name}\n{line}")
            analyzer.pprint()


def setbroker(args: argparse.Namespace, cerebro: Any) -> None:
    """Cash, commission and slippage."""
    broker = cerebro.getbroker()
    if args.cash is not None:
        broker.setcash(args.cash)
    names = ("commission", "margin", "mult", "interest", "interest_long")
    costs = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if costs:
        broker.setcommission(**costs)
    how = {
        "slip_open": args.slip_open,
        "slip_match": not args.no_slip_match,
        "slip_out": args.slip_out,
    }
    if args.slip_perc is not None:
        broker.set_slippage_perc(args.slip_perc, **how)
    elif args.slip_fixed is not None:
        broker.set_slippage_fixed(args.slip_fixed, **how)


def getdatas(args: argparse.Namespace) -> list[Any]:
    """A feed for each file."""
    make = DATAFORMATS[args.format]
    options: dict[str, Any] = {}
    for name in ("fromdate", "todate"):
        text = getattr(args, name)
        if text:
            form = "%Y-%m-%dT%H:%M:%S" if "T" in text else "%Y-%m-%d"
            options[name] = datetime.datetime.strptime(text, form)
    if args.timeframe is not None:
        options["timeframe"] = TIMEFRAMES[args.timeframe]
    if args.compression is not None:
        options["compression"] = args.compression
    return [make(dataname=name, **options) for name in args.data]


# Classes and functions by name


def getmodclasses(mod: Any, clstype: type, clsname: str | None = None) -> list[Any]:
    """The classes of a module that derive from `clstype`: all, or the one with this name."""
    found = [getattr(mod, clsname, None)] if clsname else _members(mod)
    return [cls for cls in found if inspect.isclass(cls) and issubclass(cls, clstype)]


def getmodfunctions(mod: Any, funcname: str | None = None) -> list[Any]:
    """The functions and methods of a module or class: all, or the one with this name."""
    found = [getattr(mod, funcname, None)] if funcname else _members(mod)
    functions = [member for member in found if inspect.isfunction(member)]
    return functions + [member for member in found if inspect.ismethod(member)]


def _members(mod: Any) -> list[Any]:
    """What a module has, by name; also what our own modules load when it is asked for."""
    own = getattr(mod, "__name__", "").partition(".")[0] != mod.__name__
    names = getattr(mod, "__all__", ()) if own else ()
    return [getattr(mod, name) for name in sorted({*dir(mod), *names})]


def loadmodule(modpath: str, modname: str = "") -> tuple[ModuleType | None, Exception | None]:
    """(module, None), loaded from a file under a name of its own; or (None, what went wrong)."""
    if not modpath.endswith(".py"):
        modpath += ".py"
    if not modname:
        chars = string.ascii_uppercase + string.digits
        modname = "".join(random.choice(chars) for _ in range(10))
    return loadmodule3(modpath, modname)


def loadmodule3(modpath: str, modname: str) -> tuple[ModuleType | None, Exception | None]:
    """`loadmodule` for a whole path and a name."""
    spec: Any = spec_from_file_location(modname, loader=SourceFileLoader(modname, modpath))
    module = sys.modules[modname] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[modname]
        return None, error
    return module, None


def getobjects(
    iterable: Iterable[str] | None, clsbase: type, modbase: Any, issignal: bool = False
) -> list[tuple]:
    """(class, keywords) for each text; of signals also their kind. Ends the process where a module
    or class is not found."""
    found = []
    for text in iterable or ():
        kind = "longshort"
        if issignal and "+" in text:
            kind, text = text.split("+", 1)
        cls, kwargs = _find(
            text, modbase, "class", lambda mod, name: getmodclasses(mod, clsbase, name)
        )
        found.append((cls, kwargs, kind) if issignal else (cls, kwargs))
    return found


def getfunctions(iterable: Iterable[str] | None, modbase: Any) -> list[tuple]:
    """(function, keywords) for each text. Ends the process where one is not found."""
    return [_find(text, modbase, "function", getmodfunctions) for text in iterable or ()]


def _find(text: str, modbase: Any, what: str, members: Any) -> tuple[Any, dict[str, Any]]:
    """What `module:name:keywords` names, and the keywords."""
    path, _, rest = text.partition(":")
    name, _, keywords = rest.partition(":")
    kwargs = _keywords(keywords)
    mod, error = loadmodule(path) if path else (modbase, None)
    if not mod:
        print(f"\nFailed to load module {path}: {error}")
        sys.exit(1)
    found = members(mod, name)
    if not found:
        print(f"No {what} {name} / module {path}")
        sys.exit(1)
    return found[0], kwargs


if __name__ == "__main__":
    btrun()
