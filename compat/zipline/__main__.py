"""The command `zipline`: run an algorithm from a file, ingest, clean and list bundles."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import Any, NoReturn

from .command_errors import CommandError
from .run import RunAlgoError

DEFAULT_BUNDLE = "quandl"


class _Parser(argparse.ArgumentParser):
    """Usage errors as the original words them: `Error: …` on standard error, status 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"Try '{self.prog} --help' for help.\n\nError: {message}", file=sys.stderr)
        sys.exit(2)


def main(arguments: list[str] | None = None) -> int:
    """Do what `zipline ARGUMENTS…` does; the exit status. SystemExit of usage errors passes."""
    parser = _parser()
    options = parser.parse_args(arguments)
    import zipline

    from .extensions import create_args
    from .run import load_extensions

    logging.basicConfig(
        format="[%(asctime)s-%(levelname)s][%(name)s]\n %(message)s",
        level=logging.INFO,
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    create_args(options.x, zipline.extension_args)
    load_extensions(
        options.default_extension, options.extension, options.strict_extensions, os.environ
    )
    if options.command == "run":
        _check_run(options)
    try:
        _COMMANDS[options.command](options)
    except CommandError as error:
        # Mistakes of the person who typed, not of a program: their text is enough.
        error.show()
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="zipline", description="Run trading algorithms; keep data bundles.")
    add = parser.add_argument
    add("-e", "--extension", action="append", default=[], help="a file or module to load first")
    add("--strict-extensions", action="store_true", help="stop when an extension fails")
    add("--non-strict-extensions", dest="strict_extensions", action="store_false")
    add("--default-extension", action="store_true", default=True)
    add(
        "--no-default-extension",
        dest="default_extension",
        action="store_false",
        help="leave out extension.py of $ZIPLINE_ROOT",
    )
    add("-x", action="append", default=[], help="an argument for extensions, as key=value")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    _run_options(commands.add_parser("run", help="run an algorithm"))
    ingest = commands.add_parser("ingest", help="ingest the data of a bundle")
    _bundle_option(ingest)
    ingest.add_argument("--assets-version", action="append", type=int, default=[])
    ingest.add_argument("--show-progress", action="store_true", default=True)
    ingest.add_argument("--no-show-progress", dest="show_progress", action="store_false")
    clean = commands.add_parser("clean", help="delete ingestions of a bundle")
    _bundle_option(clean)
    clean.add_argument("-e", "--before", type=_timestamp, help="delete those before a time")
    clean.add_argument("-a", "--after", type=_timestamp, help="delete those after a time")
    clean.add_argument("-k", "--keep-last", type=int, help="delete all but the last ones")
    commands.add_parser("bundles", help="list the bundles and their ingestions")
    return parser


def _bundle_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-b", "--bundle", default=DEFAULT_BUNDLE, help="the name of a bundle")


def _run_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("-f", "--algofile", help="the file of the algorithm, - for standard input")
    add("-t", "--algotext", help="the text of the algorithm")
    add("-D", "--define", action="append", default=[], help="name=value to set before the text")
    add("--data-frequency", choices=("daily", "minute"), default="daily")
    add("--capital-base", type=float, default=10e6, help="dollars (10000000)")
    _bundle_option(parser)
    add("--bundle-timestamp", type=_timestamp, help="use the ingestion at or before a time")
    add("-bf", "--benchmark-file", help="a CSV file of the benchmark's returns")
    add("--benchmark-symbol", help="the symbol of the benchmark")
    add("--benchmark-sid", type=int, help="the sid of the benchmark")
    add("--no-benchmark", action="store_true", help="a benchmark that never moves")
    add("-s", "--start", type=_timestamp, help="the first day")
    add("-e", "--end", type=_timestamp, help="the last day")
    add("-o", "--output", default="-", help="where the frame is pickled; - prints it")
    add("--trading-calendar", default="XNYS", help="the name of a calendar")
    add("--print-algo", action="store_true", help="print the algorithm")
    add("--no-print-algo", dest="print_algo", action="store_false")
    add("--metrics-set", default="default", help="the name of a metrics set")
    add("--blotter", default="default", help="the name of a blotter")
    parser.set_defaults(parser=parser)


def _timestamp(text: str):
    import pandas as pd

    try:
        return pd.Timestamp(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time") from None


def _check_run(options: Any) -> None:
    fail = options.parser.error
    if options.start is None and options.end is None:
        fail("must specify dates with '-s' / '--start' and '-e' / '--end'")
    if options.start is None:
        fail("must specify a start date with '-s' / '--start'")
    if options.end is None:
        fail("must specify an end date with '-e' / '--end'")
    if (options.algotext is not None) == (options.algofile is not None):
        fail("must specify exactly one of '-f' / '--algofile' or '-t' / '--algotext'")
    for name in (options.algofile, options.benchmark_file):
        if name not in (None, "-") and not os.path.isfile(name):
            fail(f"{name!r}: there is no such file")


def _run(options: Any) -> None:
    from .run import simulate
    from .utils.calendar_utils import get_calendar
    from .utils.run_algo import BenchmarkSpec

    text, file_name = _text(options)
    spec = BenchmarkSpec.from_cli_params(
        options.benchmark_sid, options.benchmark_symbol, options.benchmark_file,
        options.no_benchmark,
    )  # fmt: skip
    start, end = options.start.normalize(), options.end.normalize()
    perf = simulate(
        start,
        end,
        options.capital_base,
        data_frequency=options.data_frequency,
        bundle=options.bundle,
        bundle_timestamp=options.bundle_timestamp,
        trading_calendar=get_calendar(options.trading_calendar),
        metrics_set=options.metrics_set,
        blotter=options.blotter,
        custom_loader=None,
        environ=os.environ,
        benchmark=lambda finder: spec.resolve(finder, start, end),
        namespace=_defined(options) if options.algotext is not None else {},
        script=text,
        algo_filename=file_name,
    )
    if options.output == "-":
        print(str(perf))
    elif options.output != os.devnull:
        perf.to_pickle(options.output)


def _text(options: Any) -> tuple[str, str]:
    """The text of the algorithm and the name that tracebacks show for it."""
    if options.algotext is not None:
        text, name = options.algotext, "<algorithm>"
    else:
        if options.define:
            raise RunAlgoError("cannot pass '-D' / '--define' without '-t' / '--algotext'")
        if options.algofile == "-":
            text, name = sys.stdin.read(), "<stdin>"
        else:
            name = options.algofile
            with open(name) as file:
                text = file.read()
    if options.print_algo:
        _print(text)
    return text, name


def _print(text: str) -> None:
    try:
        from pygments import highlight
        from pygments.formatters import TerminalFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        print(text)
    else:
        highlight(text, PythonLexer(), TerminalFormatter(), outfile=sys.stdout)


def _defined(options: Any) -> dict:
    """The names that `-D` defines; a later one may use those before it."""
    names: dict = {}
    for definition in options.define:
        name, equals, value = definition.partition("=")
        if not equals:
            raise ValueError(f"-D {definition!r} has not the form name=value.")
        try:
            names[name] = eval(value, names)
        except Exception as error:
            raise ValueError(f"-D {definition!r} cannot be evaluated: {error}") from error
    return names


def _ingest(options: Any) -> None:
    import pandas as pd

    from .data import bundles

    bundles.ingest(
        options.bundle,
        os.environ,
        pd.Timestamp.now("UTC"),
        options.assets_version,
        options.show_progress,
    )


def _clean(options: Any) -> None:
    from .data import bundles

    bundles.clean(options.bundle, options.before, options.after, options.keep_last)


def _bundles(options: Any) -> None:
    from .data import bundles

    # The bundles that the original downloads are known by name, and never have an ingestion here.
    for name in sorted({*bundles.bundles, "quandl", "quantopian-quandl"}):
        if not name.startswith("."):
            for when in bundles.ingestions_for_bundle(name) or ["<no ingestions>"]:
                print(name, when)


_COMMANDS = {"run": _run, "ingest": _ingest, "clean": _clean, "bundles": _bundles}

if __name__ == "__main__":
    sys.exit(main())
