"""`TradingAlgorithm`: what scripts receive as `context`, build by themselves, or derive from."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import Any, cast

from . import api
from .active import running
from .errors import ZeroCapitalError
from .unsupported import GAPS, missing
from .utils.math_utils import round_if_near_integer

#: Attributes of the real framework's object that have no counterpart here.
_ABSENT = frozenset(("event_manager", "trading_client"))


class NoBenchmark(ValueError):
    """A run needs a benchmark: an asset, or returns."""

    def __init__(self) -> None:
        super().__init__("A run needs benchmark_sid or benchmark_returns, or set_benchmark.")


class TradingAlgorithm:
    """One run of an algorithm: its account, the script's own attributes, the API as methods.

    sim_params: `SimulationParameters`. data_portal: the data; it may be given to `run` instead,
    with asset_finder here. script: source text whose functions are the callbacks, in place of
    initialize, handle_data, before_trading_start and analyze. benchmark_sid, benchmark_returns: one
    of them, or `set_benchmark` in initialize. initialize_kwargs: handed to `initialize`.
    A subclass overrides `initialize(self, …)`, `handle_data(self, data)`,
    `before_trading_start(self, data)` and `analyze(self, perf)`. Attributes set on the object stay
    between callbacks.
    """

    def __init__(
        self,
        sim_params,
        data_portal=None,
        asset_finder=None,
        # Algorithm API
        namespace=None,
        script=None,
        algo_filename=None,
        initialize=None,
        handle_data=None,
        before_trading_start=None,
        analyze=None,
        #
        trading_calendar=None,
        metrics_set=None,
        blotter=None,
        blotter_class=None,
        cancel_policy=None,
        benchmark_sid=None,
        benchmark_returns=None,
        platform="zipline",
        capital_changes=None,
        get_pipeline_loader=None,
        create_event_context=None,
        **initialize_kwargs,
    ) -> None:
        if data_portal is None and asset_finder is None:
            raise ValueError("TradingAlgorithm needs a data_portal or an asset_finder.")
        if data_portal is not None and asset_finder not in (None, data_portal.asset_finder):
            raise ValueError("asset_finder is not the one of data_portal: leave it out.")
        calendar = sim_params.trading_calendar
        if trading_calendar is not None and trading_calendar.name != calendar.name:
            raise ValueError(
                f"trading_calendar is {trading_calendar.name}, that of sim_params {calendar.name}: "
                "leave it out."
            )
        if create_event_context is not None:
            raise missing("TradingAlgorithm(create_event_context=...)")
        self.sim_params = sim_params
        self.data_portal = data_portal
        self.asset_finder = asset_finder if data_portal is None else data_portal.asset_finder
        self.trading_calendar = calendar
        self.namespace = namespace or {}
        self.logger = None
        self.benchmark_sid = benchmark_sid
        self.benchmark_returns = benchmark_returns
        self.capital_changes = capital_changes or {}
        self.capital_change_deltas: dict = {}
        #: What the metrics say at the end of a run, beside the frame.
        self.risk_report: dict | None = {}
        self.initialize_kwargs = initialize_kwargs
        self.algoscript = script
        callbacks = {
            "initialize": initialize,
            "handle_data": handle_data,
            "before_trading_start": before_trading_start,
            "analyze": analyze,
        }
        if script is not None:
            given = [name for name, function in callbacks.items() if function is not None]
            if given:
                raise ValueError(
                    f"TradingAlgorithm takes a script or functions, not both: {', '.join(given)}."
                )
            exec(compile(script, algo_filename or "<string>", "exec"), self.namespace)
            callbacks = {name: self.namespace.get(name) for name in callbacks}
        self._initialize = callbacks["initialize"]
        self._handle_data = callbacks["handle_data"]
        self._before_trading_start = callbacks["before_trading_start"]
        self._analyze = callbacks["analyze"]
        if sim_params.capital_base <= 0:
            raise ZeroCapitalError()
        #: What `get_environment` says of it.
        self.platform = platform
        self._metrics_set = metrics_set
        self._blotter, self._blotter_class = blotter, blotter_class
        self._cancel_policy = cancel_policy
        self._get_pipeline_loader = get_pipeline_loader
        if data_portal is not None:
            self._open(data_portal.bundle)

    def _open(self, bundle) -> None:
        """Make the run, over the data of a bundle."""
        from .algorithm import Algorithm
        from .market import market_of

        parameters = self.sim_params
        market = market_of(bundle, parameters)
        self._run = Algorithm(self, market, bundle.asset_finder, parameters)
        if self._cancel_policy is not None:
            self._run.set_cancel_policy(self._cancel_policy)
        self._run.metrics = self._metrics_set
        if self._metrics_set is None and parameters.emission_rate == "minute":
            from .finance.metrics.sets import default_metrics

            self._run.metrics = default_metrics()
        if self._blotter is not None:
            self._run.blotter = self._blotter
        elif self._blotter_class is not None:
            self._run.blotter = self._blotter_class(cancel_policy=self._run.cancel_policy)

    def _callbacks(self):
        """The functions that the loop calls; a method only where a subclass has its own."""
        from .algorithm import Callbacks

        kind, base = type(self), TradingAlgorithm

        def own(name: str):
            function = getattr(self, f"_{name}")
            if getattr(kind, name) is getattr(base, name):
                return function
            method = getattr(self, name)
            return lambda context, data: method(data)

        return Callbacks(
            lambda context: self.initialize(**self.initialize_kwargs),
            own("handle_data"),
            own("before_trading_start"),
            lambda context, perf: self.analyze(perf),
        )

    # What a subclass overrides

    def initialize(self, *args, **kwargs) -> None:
        """Called once, before the first session."""
        if self._initialize is not None:
            with running(self._run):
                self._initialize(self, *args, **kwargs)

    def before_trading_start(self, data) -> None:
        """Called once each session, before it opens."""
        if self._before_trading_start is not None:
            self._before_trading_start(self, data)

    def handle_data(self, data) -> None:
        """Called at each bar."""
        if self._handle_data is not None:
            self._handle_data(self, data)

    def analyze(self, perf) -> None:
        """Called once at the end, with the performance frame."""
        if self._analyze is not None:
            with running(self._run):
                self._analyze(self, perf)

    # The run

    def run(self, data_portal=None):
        """Run all sessions; returns the performance frame."""
        if data_portal is not None:
            self.data_portal = data_portal
            self.asset_finder = data_portal.asset_finder
            self._open(data_portal.bundle)
        elif self.data_portal is None:
            raise RuntimeError(
                "TradingAlgorithm.run has no data: give it a DataPortal, or give "
                "TradingAlgorithm one."
            )
        return self._run.run(self._callbacks())

    def get_generator(self):
        """Run session by session: yields the packets of each, and at the end the report."""
        return self._run.packets(self._callbacks())

    def add_event(self, rule, callback) -> None:
        """Call a function with context and data whenever a rule says so."""
        self._run.schedule.add(rule, callback, self._run.bar)

    def set_logger(self, logger) -> None:
        self.logger = logger

    # The state of the run

    def __repr__(self) -> str:
        shown = (
            f"    capital_base={self.sim_params.capital_base}",
            f"    sim_params={self.sim_params!r}",
            f"    initialized={self.initialized}",
            f"    recorded_vars={self.recorded_vars!r}",
        )
        return f"{type(self).__name__}(\n" + ",\n".join(shown) + ")"

    @property
    def portfolio(self):
        """Cash and positions at this bar's prices."""
        return self._run.portfolio

    @property
    def account(self):
        """The account in a broker's terms, at this bar's prices."""
        return self._run.account

    @property
    def recorded_vars(self) -> dict:
        """A copy of what `record` has stored."""
        return dict(self._run.recorded)

    @property
    def datetime(self):
        """The simulation's time, UTC."""
        return self._run.now

    @property
    def data_frequency(self) -> str:
        return self.sim_params.data_frequency

    @data_frequency.setter
    def data_frequency(self, value: str) -> None:
        assert value in ("daily", "minute"), f"'daily' or 'minute', not {value!r}."
        self.sim_params.data_frequency = value

    @property
    def initialized(self) -> bool:
        """Whether `initialize` has returned."""
        return self._run.initialized

    @property
    def blotter(self):
        """What matches the orders, a `Blotter`.

        Once a script has asked for it, it matches them in place of the core.
        """
        return self._run.use_blotter()

    @property
    def metrics_tracker(self):
        """What calls the metrics; it can correct positions and override fields of the account."""
        from .finance.metrics.tracker import MetricsTracker

        recorder = None if self._run.trading is None else self._run.trading.recorder
        if isinstance(recorder, MetricsTracker):
            return recorder
        return MetricsTracker(self._run, cast("Any", self._run.trading), ())

    @property
    def restrictions(self):
        """The assets that may not be traded."""
        return self._run.restrictions

    @property
    def trading_controls(self) -> list:
        return self._run.orders.controls

    @property
    def account_controls(self) -> list:
        return self._run.account_controls

    def register_trading_control(self, control) -> None:
        """Test every order with a control; only inside initialize."""
        self._run.control_trading(control)

    def register_account_control(self, control) -> None:
        """Test the account at the end of every session with a control; only inside initialize."""
        self._run.control_account(control)

    @property
    def engine(self):
        """What computes the pipelines of the run."""
        return self._run.pipelines.engine

    def run_pipeline(self, pipeline, start_session, chunksize):
        """(a pipeline's result, its last session) from a session on, `chunksize` further."""
        return self._run.pipelines.run(pipeline, start_session, chunksize)

    def compute_eager_pipelines(self) -> None:
        """Compute the eager pipelines of today now."""
        self._run.pipelines.compute_eager()

    def validate_account_controls(self) -> None:
        """Test the account now."""
        self._run.test_account()

    @staticmethod
    def round_order(amount) -> int:
        """Whole shares: to the nearest one when it is very near, else toward zero."""
        return int(round_if_near_integer(amount))

    @staticmethod
    def default_pipeline_domain(calendar):
        """The domain of pipelines that name none, in a run on a calendar."""
        from .pipeline.domain import default_domain

        return default_domain(calendar)

    @staticmethod
    def default_fetch_csv_country_code(calendar) -> str | None:
        """Where symbols of `fetch_csv` are looked up, in a run on a calendar."""
        from .pipeline.domain import GENERIC, default_domain

        if calendar.name == "us_futures":
            return "US"
        domain = default_domain(calendar)
        return None if domain is GENERIC else domain.country_code

    @classmethod
    def all_api_methods(cls) -> list:
        """The methods that `zipline.api` has as functions."""
        return [function for name, function in vars(cls).items() if name in api.FUNCTIONS]

    def __getattr__(self, name: str) -> Any:
        if name == "_run":
            raise AttributeError("This TradingAlgorithm has no data before run(data_portal).")
        if gap := GAPS.get(f"zipline.api.{name}"):
            raise gap.error()
        if name in _ABSENT:
            raise missing(f"context.{name}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _method(function):
    """A function of the API as a method: it speaks to the object's own run."""

    @wraps(function)
    def method(self, *args, **kwargs):
        with running(self._run):
            return function(*args, **kwargs)

    signature = inspect.signature(function)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    del method.__wrapped__
    method.__dict__["__signature__"] = signature.replace(
        parameters=[own, *signature.parameters.values()]
    )
    return method


for _name in api.FUNCTIONS:
    if f"zipline.api.{_name}" not in GAPS:
        setattr(TradingAlgorithm, _name, _method(getattr(api, _name)))
