"""The algorithm: what `initialize` sets, and what the callbacks read."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..collector import rare_collections
from .active import running
from .assets import Equity, Future
from .bar_data import BarData
from .context import NoBenchmark, TradingAlgorithm
from .errors import (
    IncompatibleCommissionModel,
    IncompatibleSlippageModel,
    RegisterAccountControlPostInit,
    RegisterTradingControlPostInit,
    ScheduleFunctionInvalidCalendar,
    SetBenchmarkOutsideInitialize,
    SetCancelPolicyPostInit,
    SetCommissionPostInit,
    SetSlippagePostInit,
    SymbolNotFound,
    UnsupportedCancelPolicy,
    UnsupportedDatetimeFormat,
    ZiplineError,
)
from .finance.asset_restrictions import (
    NoRestrictions,
    Restrictions,
    SecurityListRestrictions,
    StaticRestrictions,
)
from .finance.cancel_policy import CancelPolicy, NeverCancel
from .finance.commission import CommissionModel, PerShare
from .finance.controls import (
    AccountControl,
    LongOnly,
    MaxLeverage,
    MaxOrderCount,
    MaxOrderSize,
    MaxPositionSize,
    MinLeverage,
    RestrictedListOrder,
    TradingControl,
)
from .finance.metrics.frame import performance_frame
from .finance.shared import following
from .finance.slippage import FixedBasisPointsSlippage, SlippageModel
from .lanes import leave_core, open_trading
from .ledger import Ledger
from .looks import LateLook, look_at
from .loop_daily import play_days
from .loop_minute import play_minutes
from .market import Market, MinuteMarket
from .orders import OrderBook
from .pricing import is_built_in
from .protocol import Account, Portfolio, Positions
from .schedule import Schedule
from .sources.benchmark_source import (
    BenchmarkSource,
    benchmark_from_asset,
    benchmark_from_returns,
)
from .utils.calendar_utils import get_calendar
from .utils.events import AfterOpen, Always, BeforeClose, calendars, make_eventrule
from .zipline_warnings import ZiplineDeprecationWarning

if TYPE_CHECKING:
    from .pipelines import Pipelines


@dataclass(frozen=True)
class Callbacks:
    """What the loop calls; handle_data and before_trading_start may be None."""

    initialize: Callable
    handle_data: Callable | None
    before_trading_start: Callable | None
    analyze: Callable


class Algorithm:
    """One run: what `initialize` sets, and the account while the sessions pass.

    bar: the number of the current bar. data, portfolio, account: what the callbacks read.
    """

    def __init__(
        self,
        context: TradingAlgorithm,
        market: Market | MinuteMarket,
        finder,
        parameters,
    ) -> None:
        self.context = context
        self.market = market
        self.finder = finder
        self.parameters = parameters
        self.dates = market.dates
        self.bar = 0
        self._now = parameters.start_session
        self.initialized = False
        self.ledger = Ledger(
            parameters.capital_base, parameters.start_session, market.assets, Positions()
        )
        self._portfolio = Portfolio(self.ledger)
        self._account = Account(self.ledger)
        self.orders = OrderBook(self)
        self.restrictions: Restrictions = NoRestrictions()
        look = look_at(market)
        #: Orders meet what `data` shows, which only a blotter can where that is another bar.
        self._shows_late = isinstance(look, LateLook)
        self.data = BarData.of_run(look, self.clock, lambda: self.restrictions)
        #: The script's own variables for the performance frame, as last recorded.
        self.recorded: dict = {}
        self.commission: CommissionModel = PerShare()
        self.slippage: SlippageModel = FixedBasisPointsSlippage()
        #: Of futures; None for the defaults.
        self.futures_commission: CommissionModel | None = None
        self.futures_slippage: SlippageModel | None = None
        self.cancel_policy: CancelPolicy = NeverCancel()
        #: What matches the orders in place of the core.
        self.blotter: Any = None
        #: What is measured; None for the default metrics, in one go after the run.
        self.metrics: Any = None
        self.trading: Any = None
        #: The benchmark's returns by the minute; None where those of sessions say all.
        self.benchmark_source: BenchmarkSource | None = None
        #: Tests of the account at the end of every session.
        self.account_controls: list[AccountControl] = []
        self._lookup_date = None
        self.schedule = Schedule(market.times)

    @property
    def needs_blotter(self) -> bool:
        """Whether a blotter matches the orders, and not the core."""
        own = self.blotter is not None or self._shows_late
        return own or not all(map(is_built_in, self.models))

    @property
    def models(self) -> list[CommissionModel | SlippageModel]:
        """The models that the script has set, or that stand for those of shares."""
        models = (self.commission, self.slippage, self.futures_commission, self.futures_slippage)
        return [model for model in models if model is not None]

    def use_blotter(self):
        """The blotter of this run: one with its models and its cancel policy, if none was given.

        From now on it matches the orders, and takes over those that the core has.
        """
        if self.blotter is None:
            from .finance.blotter import SimulationBlotter

            self.blotter = SimulationBlotter(
                equity_slippage=self.slippage,
                future_slippage=self.futures_slippage,
                equity_commission=self.commission,
                future_commission=self.futures_commission,
                cancel_policy=self.cancel_policy,
            )
            self.blotter.set_date(self.now)
            if self.trading is not None:
                leave_core(self)
        return self.blotter

    # What the callbacks read

    @property
    def portfolio(self) -> Portfolio:
        """The portfolio at this bar's prices."""
        self.ledger.sync()
        return self._portfolio

    @property
    def account(self) -> Account:
        """The account at this bar's prices."""
        self.ledger.sync()
        return self._account

    def show_account(self, account: Account) -> None:
        """Show another account from now on."""
        self._account = account

    @property
    def now(self):
        """The simulation's time, a Timestamp."""
        if self._now is None:
            self._now = self.dates[self.bar]
        return self._now

    @now.setter
    def now(self, time) -> None:
        self._now = time

    def at(self, bar: int) -> None:
        """The simulation's time is that of a bar."""
        self.bar = bar
        self._now = None

    def clock(self):
        """The simulation's time."""
        return self.now

    def get_datetime(self, tz=None):
        """The simulation's time; there is none yet inside `initialize`."""
        assert self.initialized, "get_datetime works only after `initialize`."
        if not isinstance(tz, str | datetime.tzinfo | None):
            raise TypeError(f"tz must be a time zone or its name, not {tz!r}.")
        return self.now if tz is None else self.now.astimezone(tz)

    def get_environment(self, field="platform"):
        """One fact about the run, or all of them with field="*"."""
        parameters = self.parameters
        facts = {
            "arena": "backtest",
            "data_frequency": parameters.data_frequency,
            "start": parameters.first_open,
            "end": parameters.last_close,
            "capital_base": parameters.capital_base,
            "platform": self.context.platform,
        }
        if field == "*":
            return facts
        if field not in facts:
            raise ValueError(f"field: {field!r} is none of {', '.join(facts)}.")
        return facts[field]

    def fetch_csv(self, url, pre_func, post_func, *, country_code, **kwargs):
        """Fetch a CSV file; `data` shows its values from now on."""
        from .sources.requests_csv import PandasRequestsCSV

        calendar = self.market.calendar
        fetched = PandasRequestsCSV(
            url,
            pre_func,
            post_func,
            self.finder,
            calendar.day,
            self.parameters.start_session,
            self.parameters.end_session,
            data_frequency=self.parameters.data_frequency,
            country_code=country_code or self.context.default_fetch_csv_country_code(calendar),
            **kwargs,
        )
        self.data.extra.add(fetched.df)
        return fetched

    def symbol(self, symbol_str, country_code=None):
        """The asset that holds a symbol on the run's last session, or on the lookup date."""
        if not isinstance(symbol_str, str):
            raise TypeError(f"symbol needs a text, not {symbol_str!r}.")
        name = symbol_str.upper()
        date = self.parameters.end_session if self._lookup_date is None else self._lookup_date
        country = None if country_code is None else country_code.upper()
        try:
            return self.finder.lookup_symbol(name, as_of_date=date, country_code=country)
        except SymbolNotFound as error:
            from .explaining import unknown_symbol

            error.add_note(unknown_symbol(self.finder, name, date))
            raise

    def future_symbol(self, symbol):
        """The futures contract with a symbol; raises SymbolNotFound."""
        if not isinstance(symbol, str):
            raise TypeError(f"future_symbol needs a text, not {symbol!r}.")
        return self.finder.lookup_future_symbol(symbol.upper())

    def continuous_future(self, root_symbol_str, offset, roll, adjustment):
        """What follows a chain of contracts: see `AssetFinder.create_continuous_future`."""
        if not isinstance(root_symbol_str, str):
            raise TypeError(f"continuous_future needs a text, not {root_symbol_str!r}.")
        root = root_symbol_str.upper()
        return self.finder.create_continuous_future(root, offset, roll, adjustment)

    def set_symbol_lookup_date(self, dt) -> None:
        """The date on which `symbol` resolves."""
        import pandas as pd

        try:
            date = pd.Timestamp(dt)
        except (TypeError, ValueError) as error:
            raise UnsupportedDatetimeFormat(input=dt, method="set_symbol_lookup_date") from error
        if date.tzinfo is not None:
            date = date.tz_convert("UTC").tz_localize(None)
        self._lookup_date = date

    @cached_property
    def pipelines(self) -> Pipelines:
        """The attached pipelines; made at the first use, so that other runs import nothing."""
        from .data.frames import FrameDays
        from .pipelines import Pipelines, engine_of

        context, calendar = self.context, self.market.calendar
        portal: Any = context.data_portal  # there is one once there is a run
        engine = engine_of(context._get_pipeline_loader, portal.bundle, calendar)
        days = isinstance(portal.bundle.bars, FrameDays)

        def today():
            if not self.initialized:
                return None
            # Where sessions end at midnight it is the next one, as scripts find it; but not over
            # frames, which the original does not know.
            now: Any = self.now
            return self.data.current_session if days else now.normalize().tz_localize(None)

        return Pipelines(engine, calendar, self.parameters.end_session, today)

    # What `initialize` sets

    def set_commission(self, us_equities=None, us_futures=None) -> None:
        if self.initialized:
            raise SetCommissionPostInit()
        error = IncompatibleCommissionModel
        if us_equities is not None:
            self.commission = _model(us_equities, Equity, "equities", error)
        if us_futures is not None:
            self.futures_commission = _model(us_futures, Future, "futures", error)
        if self.blotter is not None:
            _enter(self.blotter.commission_models, us_equities, us_futures)

    def set_slippage(self, us_equities=None, us_futures=None) -> None:
        if self.initialized:
            raise SetSlippagePostInit()
        error = IncompatibleSlippageModel
        if us_equities is not None:
            self.slippage = _model(us_equities, Equity, "equities", error)
        if us_futures is not None:
            self.futures_slippage = _model(us_futures, Future, "futures", error)
        if self.blotter is not None:
            _enter(self.blotter.slippage_models, us_equities, us_futures)

    def set_cancel_policy(self, cancel_policy) -> None:
        if not isinstance(cancel_policy, CancelPolicy):
            raise UnsupportedCancelPolicy()
        if self.initialized:
            raise SetCancelPolicyPostInit()
        self.cancel_policy = cancel_policy
        if self.blotter is not None:
            self.blotter.cancel_policy = cancel_policy

    def set_benchmark(self, benchmark) -> None:
        if self.initialized:
            raise SetBenchmarkOutsideInitialize()
        self.context.benchmark_sid = benchmark

    def schedule_function(
        self, func, date_rule=None, time_rule=None, half_days=True, calendar=None
    ) -> None:
        """Run a function at some bars, after handle_data; daily bars have one time of day."""
        if isinstance(date_rule, (AfterOpen, BeforeClose)) and not time_rule:
            warnings.warn(
                "schedule_function got a time rule as date_rule; pass it as time_rule=.",
                stacklevel=3,
            )
        rule = make_eventrule(
            date_rule or Always(),
            time_rule if time_rule and self.parameters.data_frequency == "minute" else Always(),
            self._schedule_calendar(calendar),
            half_days,
        )
        self.schedule.add(rule, func, self.bar)

    def _schedule_calendar(self, calendar):
        if calendar is None:
            return self.market.calendar
        if calendar is calendars.US_EQUITIES:
            return get_calendar("XNYS")
        if calendar is calendars.US_FUTURES:
            return get_calendar("us_futures")
        raise ScheduleFunctionInvalidCalendar(
            given_calendar=calendar,
            allowed_calendars="[calendars.US_EQUITIES, calendars.US_FUTURES]",
        )

    def control_trading(self, control: TradingControl) -> None:
        """Test every order with a control."""
        if self.initialized:
            raise RegisterTradingControlPostInit()
        self.orders.controls.append(control)

    def control_account(self, control: AccountControl) -> None:
        """Test the account at the end of every session with a control."""
        if self.initialized:
            raise RegisterAccountControlPostInit()
        self.account_controls.append(control)

    def test_account(self) -> None:
        """Test the account at the end of a session with every control."""
        for control in self.account_controls:
            control.validate(self.portfolio, self.account, self.now, self.data)

    def set_max_leverage(self, max_leverage) -> None:
        self.control_account(MaxLeverage(max_leverage))

    def set_min_leverage(self, min_leverage, grace_period) -> None:
        deadline = self.parameters.start_session + grace_period
        self.control_account(MinLeverage(min_leverage, deadline))

    def set_max_position_size(
        self, asset=None, max_shares=None, max_notional=None, on_error="fail"
    ) -> None:
        self.control_trading(MaxPositionSize(on_error, asset, max_shares, max_notional))

    def set_max_order_size(
        self, asset=None, max_shares=None, max_notional=None, on_error="fail"
    ) -> None:
        self.control_trading(MaxOrderSize(on_error, asset, max_shares, max_notional))

    def set_max_order_count(self, max_count, on_error="fail") -> None:
        self.control_trading(MaxOrderCount(on_error, max_count))

    def set_long_only(self, on_error="fail") -> None:
        self.control_trading(LongOnly(on_error))

    def set_do_not_order_list(self, restricted_list, on_error="fail") -> None:
        from .utils.security_list import SecurityList

        kind = SecurityListRestrictions
        if not isinstance(restricted_list, SecurityList):
            kind = StaticRestrictions
        warnings.warn(
            f"set_do_not_order_list is deprecated: use set_asset_restrictions({kind.__name__}(…)).",
            category=ZiplineDeprecationWarning,
            stacklevel=2,
        )
        self.set_asset_restrictions(kind(restricted_list), on_error)

    def set_asset_restrictions(self, restrictions, on_error="fail") -> None:
        if not isinstance(restrictions, Restrictions):
            raise TypeError(f"restrictions must be a Restrictions object, not {restrictions!r}.")
        self.control_trading(RestrictedListOrder(on_error, restrictions))
        self.restrictions = self.restrictions | restrictions

    # The run

    def run(self, callbacks: Callbacks):
        """Run all sessions; returns the performance frame."""
        with rare_collections():
            if self.metrics is None:
                for _ in self._play(callbacks):
                    pass
                frame, report = performance_frame(self, self.trading.recorder, self._benchmark), {}
            else:
                from .finance.metrics.tracker import frame_of

                frame, report = frame_of(list(self.packets(callbacks)))
        self.context.risk_report = report
        callbacks.analyze(self.context, frame)
        return frame

    def packets(self, callbacks: Callbacks) -> Iterator[dict]:
        """Run session by session: the packets of the metrics, the report last."""
        if self.metrics is None:
            from .finance.metrics.sets import default_metrics

            self.metrics = default_metrics()
        tracker: Any = None
        for _ in self._play(callbacks):
            if tracker is None:
                tracker = self.trading.recorder
            ready = tracker.packets[:]
            tracker.packets.clear()
            yield from ready
        self.trading.recorder.finish()
        yield from self.trading.recorder.packets

    def _play(self, callbacks: Callbacks) -> Iterator[None]:
        """Initialize, then play the sessions, one with each step."""
        self.callbacks = callbacks
        with running(self):
            callbacks.initialize(self.context)
            self.initialized = True
            if "pipelines" in vars(self):
                morning = self.pipelines.before_trading_start(callbacks.before_trading_start)
                self.callbacks = replace(callbacks, before_trading_start=morning)
            self._benchmark = self._benchmark_returns()
            self.trading = open_trading(self)
            if self.metrics is not None:
                self.trading.recorder.start(self._benchmark)
            minutes = isinstance(self.market, MinuteMarket)
            # The core has read the models once: a blotter goes on with one that changes.
            with following(() if self.needs_blotter else self.models, self.use_blotter):
                yield from (play_minutes if minutes else play_days)(self, self.trading)

    def _benchmark_returns(self) -> np.ndarray:
        """float64[T]: the returns to compare with."""
        context = self.context
        if context.benchmark_sid is not None:
            asset = self.finder.retrieve_asset(int(context.benchmark_sid))
            parameters = self.parameters
            if parameters.emission_rate == "daily":
                return benchmark_from_asset(self.market.days, asset)
            sessions = parameters.sessions
            self.benchmark_source = BenchmarkSource(
                asset, self.market.calendar, sessions, context.data_portal, "minute"
            )
            return self.benchmark_source.daily_returns(sessions[0], sessions[-1]).to_numpy()
        if context.benchmark_returns is None:
            raise NoBenchmark()
        return benchmark_from_returns(context.benchmark_returns, self.parameters.sessions)


def _model(model, kind: type, assets: str, error: type[ZiplineError]):
    """The model, if it prices a kind of asset."""
    if kind not in model.allowed_asset_types:
        raise error(
            asset_type=assets, given_model=model, supported_asset_types=model.allowed_asset_types
        )
    return model


def _enter(models: dict, us_equities, us_futures) -> None:
    """Enter what was given into a blotter's models."""
    given = {Equity: us_equities, Future: us_futures}
    models.update({kind: model for kind, model in given.items() if model is not None})
