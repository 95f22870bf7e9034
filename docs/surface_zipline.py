"""What the surface page of Zipline lists, and how its names are found here; see `surface`."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import tempfile
from typing import Any

import surface
from surface import Page, States, advice, argument_state, arguments, refused, status

ADAPTER = "fillproof.compat.zipline"

#: Not for scripts: tests, samples and the command line of the package.
SKIPPED = ("__main__", "examples", "test_algorithms", "testing")

#: How the original is built. Scripts have no use for these; a name is here where it costs nothing.
INTERNAL = (
    "assets.asset_db_migrations",
    "assets.asset_db_schema",
    "data.fx.utils",
    "dispatch",
    "gens.composites",
    "gens.utils",
    "pipeline.api_utils",
    "pipeline.common",
    "pipeline.data.testing",
    "pipeline.downsample_helpers",
    "pipeline.dtypes",
    "pipeline.hooks.testing",
    "pipeline.loaders.testing",
    "sources.test_source",
    "utils.algo_instance",
    "utils.cache",
    "utils.classproperty",
    "utils.cli",
    "utils.compat",
    "utils.context_tricks",
    "utils.data",
    "utils.date_utils",
    "utils.deprecate",
    "utils.dummy",
    "utils.exploding_object",
    "utils.final",
    "utils.formatting",
    "utils.functional",
    "utils.idbox",
    "utils.input_validation",
    "utils.memoize",
    "utils.numpy_utils",
    "utils.pandas_utils",
    "utils.preprocess",
    "utils.range",
    "utils.sentinel",
    "utils.sharedoc",
    "utils.sqlite_utils",
    "utils.string_formatting",
)
#: Names within other modules that serve the original's own code: tools that write its methods and
#: docstrings, names of columns in its files, steps of its loaders.
INTERNAL_NAMES = {
    "algorithm": "AttachedPipeline",
    "assets.assets": "SQLITE_MAX_VARIABLE_NUMBER build_grouped_ownership_map build_ownership_map",
    "assets.asset_writer": "check_version_info write_version_info",
    "data.adjustments": (
        "ENOENT UNPAID_QUERY_TEMPLATE UNPAID_STOCK_DIVIDEND_QUERY_TEMPLATE specialize_any_integer"
    ),
    "data.bcolz_daily_bars": "winsorise_uint32",
    "data.bcolz_minute_bars": "NANOS_IN_MINUTE convert_cols",
    "data.bundles.quandl": (
        "ONE_MEGABYTE QUANDL_DATA_URL QUANTOPIAN_QUANDL_URL download_with_progress "
        "download_without_progress fetch_data_table format_metadata_url gen_asset_metadata "
        "load_data_table parse_dividends parse_pricing_and_vol parse_splits"
    ),
    "data.data_portal": "DEFAULT_DAILY_HISTORY_PREFETCH DEFAULT_MINUTE_HISTORY_PREFETCH",
    "data.fx.hdf5": "CURRENCIES DATA DTS INDEX RATES",
    "data.hdf5_daily_bars": (
        "CLOSE CODE CURRENCY DATA DAY END_DATE HIGH INDEX LIFETIMES LOW OPEN SCALING_FACTOR SID "
        "START_DATE VOLUME check_sids_arrays_match coerce_to_uint32 compute_asset_lifetimes "
        "convert_price_with_scaling_factor days_and_sids_for_frames"
    ),
    "lib.labelarray": "compare_arrays",
    "lib.rank": "grouped_masked_is_maximal",
    "pipeline.factors.factor": (
        "BINOP_DOCSTRING_TEMPLATE BINOP_RETURN_FACTOR BINOP_RETURN_FILTER CORRELATION_METHOD_NOTE "
        "binary_operator binop_return_dtype coerce_numbers_to_my_dtype function_application "
        "reflected_binary_operator summary_funcs summary_method unary_operator"
    ),
    "pipeline.factors.statistical": "vectorized_beta vectorized_pearson_r",
    "pipeline.filters.filter": "binary_operator concat_tuples unary_operator",
    "pipeline.hooks.delegate": "delegating_hooks_method",
    "pipeline.hooks.iface": "contextmanager",
    "pipeline.hooks.progress": "HAVE_IPYTHON HAVE_WIDGETS repr_htmlsafe",
    "pipeline.loaders.earnings_estimates": "add_new_adjustments",
    "pipeline.loaders.equity_pricing_loader": "UINT32_MAX",
    "pipeline.loaders.synthetic": (
        "OHLC OHLCV UINT_32_MAX US_EQUITY_PRICING_BCOLZ_COLUMNS asset_end asset_start "
        "nanos_to_seconds"
    ),
    "pipeline.term": "PIPELINE_ALIAS_NAME_DOC PIPELINE_DOWNSAMPLING_FREQUENCY_DOC",
    "finance.metrics": "deprecated",
    "utils.events": "lossless_float_to_int",
    "utils.run_algo": "PYGMENTS",
}
#: Methods by which the original's own parts speak to each other.
INTERNAL_METHODS = (
    "always_trigger",
    "calculate_capital_changes",
    "calculate_dates",
    "downsample_minute_return_series",
    "init_engine",
    "never_trigger",
    "on_dt_changed",
    "progress_bar_item_show_func",
    "to_ctable",
    "validate_order_params",
)
#: Classes whose methods the original alone calls, with arguments by position, or that are steps of
#: one computation.
INTERNAL_CLASSES = (
    "finance.ledger",
    "finance.metrics.metric",
    "finance.metrics.tracker",
    "finance.position",
    "pipeline.loaders.earnings_estimates",
)


# Listing: runs where the real package is, and on the adapter's objects


def listing(zipline: Any) -> dict[str, Any]:
    """The public names of the package, by module, and those of the objects of a run."""
    modules: dict[str, Any] = {"": module_entry(zipline)}
    for found in pkgutil.walk_packages(zipline.__path__, "zipline.", onerror=lambda name: None):
        name = found.name.partition(".")[2]
        if name.split(".")[0] in SKIPPED or any(part[0] == "_" for part in name.split(".")):
            continue
        modules[name] = module_entry(importlib.import_module(found.name))
    return {
        "version": zipline.__version__,
        "modules": dict(sorted(modules.items())),
        "objects": {
            name: surface.members(thing, inspect.isroutine)
            for name, thing in objects("zipline").items()
        },
    }


def module_entry(module: Any) -> dict[str, Any]:
    """What a module defines, and what a package hands on: entries by name."""
    entries = {}
    package = hasattr(module, "__path__")
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or inspect.ismodule(value) or name in ("setup", "teardown"):
            continue
        home = str(getattr(value, "__module__", ""))
        if inspect.isclass(value) or inspect.isroutine(value):
            # A compiled module's names count where the package hands them on.
            handed_on = home.startswith("zipline") and (package or name in exported(module))
            if home == module.__name__:
                entries[name] = entry(value)
            elif handed_on:
                entries[name] = {"also": home.partition(".")[2]}
        elif isinstance(value, int | float | str | tuple) and name.isupper():
            entries[name] = {"value": True}
    return entries


def exported(module: Any) -> tuple[str, ...]:
    return tuple(getattr(module, "__all__", ()))


def entry(value: Any) -> dict[str, Any]:
    """What a script can rely on in a class or a function."""
    if not inspect.isclass(value):
        return {"arguments": arguments(value)}
    if issubclass(value, BaseException):
        return {"error": [base.__name__ for base in value.__mro__ if base.__module__ == "builtins"]}
    found: dict[str, Any] = {}
    for name, member in sorted(vars(value).items()):
        if not name.startswith("_"):
            routine = inspect.isroutine(member)
            found[name] = arguments(getattr(value, name)) if routine else None
    return {"members": found}


def objects(package: str) -> dict[str, Any]:
    """One object of each kind that a script meets, from a small run."""
    import pandas as pd

    bundles = importlib.import_module(f"{package}.data.bundles")
    zipline = importlib.import_module(package)
    api = importlib.import_module(f"{package}.api")
    met: dict[str, Any] = {}

    def ingest(environ, assets, minute_bars, daily_bars, adjustments, calendar, *rest):
        sessions = calendar.sessions_in_range("2020-01-02", "2020-01-15")
        close = [float(price) for price in range(10, 10 + len(sessions))]
        frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close), index=sessions)
        frame["volume"] = 1000
        assets.write(
            equities=pd.DataFrame(
                {
                    "symbol": ["A"],
                    "asset_name": ["A"],
                    "start_date": sessions[0],
                    "end_date": sessions[-1],
                    "exchange": ["NYSE"],
                }
            ),
            exchanges=pd.DataFrame(
                {"exchange": ["NYSE"], "canonical_name": ["NYSE"], "country_code": ["US"]}
            ),
        )
        daily_bars.write([(0, frame)])
        adjustments.write()

    def initialize(context):
        context.asset = api.symbol("A")

    def handle_data(context, data):
        if "order" not in met:
            met["order"] = api.get_order(api.order(context.asset, 5))
        met.update(
            {
                "context": context,
                "data": data,
                "portfolio": context.portfolio,
                "account": context.account,
                "asset": context.asset,
                "sim_params": context.sim_params,
            }
        )
        for position in context.portfolio.positions.values():
            met["position"] = position

    with tempfile.TemporaryDirectory() as root:
        environ = {**os.environ, "ZIPLINE_ROOT": root}
        before = os.environ.get("ZIPLINE_ROOT")
        os.environ["ZIPLINE_ROOT"] = root
        try:
            bundles.register("surface", ingest, calendar_name="XNYS")
            bundles.ingest("surface", environ, show_progress=False)
            zipline.run_algorithm(
                pd.Timestamp("2020-01-03"),
                pd.Timestamp("2020-01-14"),
                initialize,
                1000.0,
                handle_data,
                bundle="surface",
                environ=environ,
                default_extension=False,
            )
        finally:
            bundles.unregister("surface")
            if before is None:
                del os.environ["ZIPLINE_ROOT"]
            else:
                os.environ["ZIPLINE_ROOT"] = before
    met["context"].__dict__.pop("asset", None)
    return dict(sorted(met.items()))


# The state here


def module_state(name: str, names: dict[str, Any]) -> States:
    """(state, remark) of every name of a module."""
    from fillproof.compat.unsupported import UnsupportedFeature

    path = f"{ADAPTER}.{name}" if name else ADAPTER
    try:
        module = importlib.import_module(path)
    except UnsupportedFeature as error:
        return dict.fromkeys(names, ("gap", advice(error)))
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(ADAPTER):
            raise
        module = None
    states = {}
    for key, wanted in names.items():
        state = ("missing", "the module") if module is None else name_state(module, key, wanted)
        internal = name in INTERNAL or key in INTERNAL_NAMES.get(name, "").split()
        if state[0] == "missing" and internal:
            state = "internal", ""
        states[key] = state
    return states


def name_state(module: Any, name: str, wanted: dict[str, Any]) -> tuple[str, str]:
    """(state, remark) of one name of a module that is here."""
    state, reason, value = status(module, name)
    if state != "here" or "also" in wanted or "value" in wanted:
        return state, reason
    if "arguments" in wanted:
        return argument_state(value, wanted["arguments"])
    if not inspect.isclass(value):
        return "missing", "a class there"
    if "error" in wanted:
        bases = {base.__name__ for base in value.__mro__}
        lacking = [base for base in wanted["error"] if base not in bases]
        return ("missing", "base " + ", ".join(lacking)) if lacking else ("here", "")
    lacking = []
    if module.__name__.partition("zipline.")[2] in INTERNAL_CLASSES:
        return "here", ""
    for member, listed in wanted["members"].items():
        there, _, have = status(value, member)
        if there == "missing":
            # What the constructor sets is found on the objects only.
            if listed is not None and member not in INTERNAL_METHODS:
                lacking.append(f"{member}()")
        elif there == "here" and listed and callable(have):
            lacking += [f"{member}({argument}=)" for argument in refused(have, listed)]
    return ("missing", ", ".join(lacking)) if lacking else ("here", "")


def states(listed: dict[str, Any]) -> dict[str, States]:
    """(state, remark) of every name: by module ("finance.slippage") and by object ("data object").

    The interpreter must have no real zipline imported.
    """
    found = {name: module_state(name, names) for name, names in listed["modules"].items()}
    have = objects(ADAPTER)
    for name, names in listed["objects"].items():
        found[f"{name} object"] = surface.object_state(have[name], names, INTERNAL_METHODS)
    return found


# The page


def page(listed: dict[str, Any]) -> str:
    """The text of surface-zipline.md."""
    return Page(
        title="Zipline",
        package=f"zipline-reloaded {listed['version']}",
        here="works as there; functions and methods take the same arguments.",
        internal="how the original is built; scripts have no use for it.",
        notes=(
            "Names and modules that begin with an underscore, tests and samples are not counted.",
        ),
        listed=listed,
        found=states(listed),
        module_text=surface.classes_and_functions,
        hidden=INTERNAL,
    ).text()
