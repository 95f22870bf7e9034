"""The options of `btrun`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

#: What the options that name objects take, for their help.
_OBJECT = """
May be given several times. A class of a module, by the path of its file:

  mymodule:MyClass:period=15,printout=True

Keywords may be left out. Without a class ("mymodule" or "mymodule::period=15") it is the first
{one} of the module; without a module (":MyClass") one of backtrader's own {several}.
"""

_HOOK = """
May be given several times. A function that is called with cerebro and the keywords before the run:

  mymodule:myfunction:a=1,b=2

Keywords may be left out. Without a function it is the first one of the module; without a module a
method of cerebro, as in :addtz:tz='US/Eastern'.
"""

_SIGNAL = """
May be given several times. As for the other objects, with the kind of the signal before a "+":

  longshort+mymodule:MySignal:period=15

Without a kind it is longshort.
"""

_CEREBRO = 'Keywords for cerebro, as in "preload=False,stdstats=False".'

_WRITER = "May be given several times: a writer with these keywords, as in \"out='run.txt'\"."

_PLOT = "Plot the run, with these keywords, as in \"style='candle'\"; bars without."

_TIME = "{} time of the data: YYYY-MM-DD[THH:MM:SS]"


def parser(formats: Iterable[str], timeframes: Iterable[str]) -> argparse.ArgumentParser:
    """The parser, with these names of formats of data and of time frames.

    Order and groups are those of the original: they show in the usage and in messages.
    """
    made = argparse.ArgumentParser(
        description="Run strategies, indicators and analyzers on data files.",
        formatter_class=argparse.RawTextHelpFormatter,
    )
    group = made.add_argument_group("Data options")
    group.add_argument(
        "--data", "-d", action="append", required=True, help="A file of data; may be repeated."
    )
    _add_cerebro(made, formats, timeframes)
    # In the original hooks exclude resampling too.
    either = made.add_mutually_exclusive_group()
    either.add_argument("--resample", "-rs", help="Resample to timeframe:compression.")
    either.add_argument("--replay", "-rp", help="Replay as timeframe:compression.")
    either.add_argument(
        "--hook",
        dest="hooks",
        action="append",
        metavar="module:hookfunction:kwargs",
        help=_HOOK,
    )
    _add_objects(made, "Strategy options", ("--strategy", "-st"), "strategies", "strategy")
    group = made.add_argument_group("Signals")
    group.add_argument(
        "--signal",
        "-sig",
        dest="signals",
        action="append",
        metavar="module:signaltype:name:kwargs",
        help=_SIGNAL,
    )
    title = "Observers and statistics"
    _add_objects(made, title, ("--observer", "-ob"), "observers", "observer")
    _add_objects(made, "Analyzers", ("--analyzer", "-an"), "analyzers", "analyzer")
    either = made.add_mutually_exclusive_group()
    either.add_argument(
        "--pranalyzer", "-pralyzer", action="store_true", help="Print the analyzers."
    )
    either.add_argument(
        "--ppranalyzer", "-ppralyzer", action="store_true", help="Pretty-print the analyzers."
    )
    _add_objects(made, "Indicators", ("--indicator", "-ind"), "indicators", "indicator")
    group = made.add_argument_group("Writers")
    group.add_argument(
        "--writer",
        "-wr",
        dest="writers",
        metavar="kwargs",
        nargs="?",
        action="append",
        const="",
        help=_WRITER,
    )
    _add_broker(made)
    made.add_argument(
        "--plot", "-p", nargs="?", metavar="kwargs", default=False, const=True, help=_PLOT
    )
    return made


def _add_objects(
    made: argparse.ArgumentParser, title: str, names: Sequence[str], dest: str, one: str
) -> None:
    """An option that names classes."""
    made.add_argument_group(title).add_argument(
        *names,
        dest=dest,
        action="append",
        metavar="module:name:kwargs",
        help=_OBJECT.format(one=one, several=dest),
    )


def _add_cerebro(
    made: argparse.ArgumentParser, formats: Iterable[str], timeframes: Iterable[str]
) -> None:
    group = made.add_argument_group("Cerebro options")
    group.add_argument(
        "--cerebro", "-cer", metavar="kwargs", nargs="?", const="", default="", help=_CEREBRO
    )
    group.add_argument("--nostdstats", action="store_true", help="Without the standard observers.")
    group.add_argument(
        "--format",
        "--csvformat",
        "-c",
        default="btcsv",
        choices=list(formats),
        help="The format of the data files.",
    )
    group.add_argument("--fromdate", "-f", help=_TIME.format("First"))
    group.add_argument("--todate", "-t", help=_TIME.format("Last"))
    group.add_argument(
        "--timeframe",
        "-tf",
        default="days",
        choices=list(timeframes),
        help="The time frame of the data.",
    )
    group.add_argument(
        "--compression", "-cp", default=1, type=int, help="The compression of the data."
    )


def _add_broker(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("Cash and Commission Scheme Args")
    for names, what in (
        (("--cash", "-cash"), "Cash at the start."),
        (("--commission", "-comm"), "Commission."),
        (("--margin", "-marg"), "Margin of a contract."),
        (("--mult", "-mul"), "Multiplier of a contract."),
        (("--interest",), "Credit interest of a year: 0.05 is 5 %%."),
    ):
        group.add_argument(*names, type=float, help=what)
    group.add_argument(
        "--interest_long",
        action="store_true",
        default=None,
        help="Credit interest of long positions as well.",
    )
    group.add_argument("--slip_perc", type=float, help="Slippage as a fraction of the price.")
    group.add_argument("--slip_fixed", type=float, help="Slippage in points.")
    for name, what in (
        ("--slip_open", "Slippage of orders that match at the open, too."),
        ("--no-slip_match", "No match where slippage leaves the range from low to high."),
        ("--slip_out", "Match outside of the range from low to high."),
        ("--flush", "Flush the output at each write (on Windows)."),
    ):
        group.add_argument(name, action="store_true", help=what)
