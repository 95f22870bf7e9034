"""Generated order programs for daily simulations: the market, the programs, and what plays them.

Used twice: by the test, which generates, and as a script `zipline_programs.py REQUEST ANSWER
[--adapter]` in the interpreter of the real framework and in ours, which plays: JSON in, JSON out.
A program is plain data, so that both sides play the same one and a failing one can be cut down.
Nothing but the standard library, NumPy, pandas and files beside it may be imported at the top.
"""

from __future__ import annotations

import logging
import math
import random
import warnings
from datetime import date, datetime

import player

FIRST, LAST = "2015-06-01", "2016-05-31"
SYMBOLS = ("STEADY", "GAPPY", "THIN", "LATE", "ENDS", "LAPSES", "SPLITS", "PAYS", "MIXED", "GRID")
FIELDS = ("open", "high", "low", "close", "volume", "price", "last_traded")

#: Adapter options that a program can leave out of the settings: the framework's defaults.
COMMISSIONS = (
    None,
    ["PerShare", {}],
    ["PerShare", {"cost": 0.01, "min_trade_cost": 1.0}],
    ["PerShare", {"cost": 0.013, "min_trade_cost": 2.5}],
    ["PerShare", {"cost": 0.05, "min_trade_cost": 0}],
    ["PerTrade", {"cost": 4.95}],
    ["PerTrade", {"cost": 0.0}],
    ["PerDollar", {"cost": 0.0015}],
    ["PerDollar", {"cost": 0.02}],
)
SLIPPAGES = (
    None,
    ["FixedSlippage", {}],
    ["FixedSlippage", {"spread": 0.07}],
    ["FixedBasisPointsSlippage", {}],
    ["FixedBasisPointsSlippage", {"basis_points": 30, "volume_limit": 0.03}],
    ["FixedBasisPointsSlippage", {"basis_points": 0.0, "volume_limit": 1.0}],
    ["VolumeShareSlippage", {}],
    ["VolumeShareSlippage", {"volume_limit": 0.1, "price_impact": 0.3}],
    ["VolumeShareSlippage", {"volume_limit": 0.33, "price_impact": 0.0}],
    ["NoSlippage", {}],
)


# The market


def sessions() -> list[str]:
    """The labels of the market's sessions, with two early closes among them."""
    import exchange_calendars

    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST)
    return [str(label.date()) for label in calendar.sessions]


def make_bundle(seed: int) -> dict:
    """Ten assets that between them meet everything: see the comments on each."""
    rng = random.Random(f"bundle {seed}")
    days = sessions()
    count = len(days)
    assets = []
    splits, mergers, dividends = [], [], []
    for sid, symbol in enumerate(SYMBOLS):
        first, last, auto_close = 0, count - 1, None
        if symbol == "LATE":
            first = 70
        elif symbol == "ENDS":  # closed on the day after
            last = 115
            auto_close = last + 1
        elif symbol == "LAPSES":  # closed some sessions later
            last = 160
            auto_close = last + 6
        price = rng.choice([8.0, 25.0, 60.0]) if symbol != "MIXED" else 3.0
        volatility = {"GRID": 0.02, "MIXED": 0.04, "STEADY": 0.006}.get(symbol, 0.018)
        digits = {"GRID": None, "MIXED": 3, "THIN": 3}.get(symbol, 2)
        ratios = {}
        if symbol == "SPLITS":
            ratios = {
                d: rng.choice([0.5, 2.0, 0.6667, 3.0, 1.5, 0.25]) for d in _some(rng, count, 9)
            }
        elif symbol == "MIXED":
            ratios = {d: rng.choice([0.5, 5.0, 1.1, 0.1, 3.0, 2.0]) for d in _some(rng, count, 14)}
        elif symbol == "ENDS":
            ratios = {40: 0.3333, 80: 2.0, last + 1: 0.5}
        for day, ratio in ratios.items():
            splits.append([sid, days[min(day, count - 1)], ratio])
        if symbol in ("PAYS", "MIXED", "STEADY"):
            ex_days = _some(rng, count - 12, {"STEADY": 4}.get(symbol, 16))
            dividends += [_dividend(rng, sid, days, day) for day in ex_days]
        if symbol in ("SPLITS", "MIXED"):  # together with a split
            ex_days = [min(day, count - 12) for day in list(ratios)[::3]]
            dividends += [_dividend(rng, sid, days, day) for day in ex_days]
        if symbol == "GAPPY":
            mergers.append([sid, days[100], 0.9])
            splits.append([sid, days[140], 0.5])
        rows = []
        for day in range(first, last + 1):
            price = max(price * math.exp(rng.gauss(0, volatility)) * ratios.get(day, 1.0), 0.05)
            if price > 500:
                price /= 40
            rows.append(_row(rng, symbol, price, digits))
        assets.append(
            {
                "sid": sid,
                "symbol": symbol,
                "start": days[first],
                "end": days[last],
                "auto_close": None if auto_close is None else days[auto_close],
                "rows": rows,
            }
        )
    return {
        "days": days,
        "assets": assets,
        "splits": splits,
        "mergers": mergers,
        "dividends": dividends,
    }


def _some(rng, count: int, number: int) -> list[int]:
    return sorted(rng.sample(range(2, count), number))


def _dividend(rng, sid: int, days: list[str], day: int) -> list:
    """[sid, amount, ex date, pay date or None]: a pay date can be missing, or no session."""
    import pandas as pd

    pay = days[day + rng.choice([0, 1, 2, 3, 5, 10])]
    kind = rng.random()
    if kind < 0.08:
        pay = None
    elif kind < 0.16:
        pay = str((pd.Timestamp(pay) + pd.offsets.Week(weekday=5)).date())
    return [sid, round(rng.uniform(0.01, 0.9), rng.choice([2, 3, 4])), days[day], pay]


def _row(rng, symbol: str, price: float, digits: int | None) -> list:
    """[open, high, low, close, volume]; None where there was no trade."""
    if digits is None:  # a coarse grid: prices tie, levels are met exactly
        close, digits = max(round(price * 4) / 4, 0.25), 2
    else:
        close = round(price, digits)
    volume = {
        "STEADY": 5_000_000,
        "THIN": rng.choice([0, 3, 20, 60, 150, 400]),
        "MIXED": rng.choice([30, 90, 1_000, 4_000]),
        "GRID": rng.choice([0, 0, 500, 2_000, 30_000]),
        "GAPPY": rng.choice([300, 3_000, 50_000]),
    }.get(symbol, rng.randint(200, 40_000))
    if symbol in ("GAPPY", "MIXED") and rng.random() < 0.15:
        return [None, None, None, None, 0]
    open_ = round(close * (1 + rng.gauss(0, 0.004)), digits) or close
    high = round(max(open_, close) * (1 + rng.random() * 0.01), digits)
    low = round(min(open_, close) * (1 - rng.random() * 0.01), digits) or min(open_, close)
    return [open_, max(high, open_, close), min(low, open_, close), close, volume]


# The programs


def make_program(seed: int, days: list[str]) -> dict:
    """One program: its settings, and its calls at each session."""
    rng = random.Random(f"program {seed}")
    length = rng.choice([1, 6, 15, 20, 25, 30, 40])
    first = rng.randrange(0, len(days) - length)
    number = rng.choice([1, 2, 3, 5])
    assets = rng.sample(range(len(SYMBOLS)), number + 1)
    busy = rng.choice([0.5, 1.0, 2.5])
    scale = rng.choice([10, 60, 400])
    calls = [[_call(rng, assets, scale) for _ in range(_poisson(rng, busy))] for _ in range(length)]
    return {
        "seed": seed,
        "start": days[first],
        "end": days[first + length - 1],
        # A value near zero would magnify the rounding of cash without bound in the risk figures.
        "capital": rng.choice(
            {10: [1_234.56, 10_000.0, 100_000], 60: [100_000, 1e6], 400: [1e6, 10_000_000]}[scale]
        ),
        "commission": rng.choice(COMMISSIONS),
        "slippage": rng.choice(SLIPPAGES),
        "cancel": rng.choice([None, None, "NeverCancel", "EODCancel"]),
        "benchmark": rng.choice([None, None, None, "asset", "returns"]),
        "assets": assets,
        "schedules": [_schedule(rng, assets, scale) for _ in range(rng.choice([0, 0, 1, 3]))],
        "before": rng.random() < 0.3,  # look at the account in before_trading_start
        "look": rng.choice([1.0, 0.5, 0.0]),  # how often to look at the account while trading
        "calls": calls,
    }


def asking(program: dict) -> dict:
    """The same program; at some time it looks at `context.blotter`, which changes no result.

    Of "asks", [day, call], the call -1 stands for before_trading_start.
    """
    rng = random.Random(f"asks {program['seed']}")
    days = [day for day, calls in enumerate(program["calls"]) if calls]
    if not days or rng.random() < 0.3:
        return program | {"asks": [rng.randrange(len(program["calls"])), -1]}
    day = rng.choice(days)
    return program | {"asks": [day, rng.randrange(len(program["calls"][day]))]}


#: By model the parameters that a script can set, and some values of each.
PARAMETERS = {
    "PerShare": {"cost_per_share": [0.0, 0.004, 0.2], "min_trade_cost": [0, 1.5, 9.0]},
    "PerTrade": {"cost": [0.0, 1.0, 12.5]},
    "PerDollar": {"cost_per_dollar": [0.0, 0.0007, 0.03]},
    "FixedSlippage": {"spread": [0.0, 0.03, 0.5]},
    "FixedBasisPointsSlippage": {
        "basis_points": [0.0, 70.0],  # which nobody reads any more
        "percentage": [0.0, 0.001, 0.0123],
        "volume_limit": [0.01, 0.4],
    },
    "VolumeShareSlippage": {"price_impact": [0.0, 0.9], "volume_limit": [0.01, 0.5]},
}


def changing(program: dict) -> dict:
    """The same program; it sets parameters of its models in mid-run.

    Of "changes", [day, call, kind of model, parameter, value].
    """
    rng = random.Random(f"changes {program['seed']}")
    models = {kind: program[kind] for kind in ("commission", "slippage")}
    models = {kind: model for kind, model in models.items() if model and model[0] in PARAMETERS}
    if not models:
        models = {"commission": ["PerShare", {}]}
    changes = []
    for _ in range(rng.choice([1, 1, 2, 4])):
        kind = rng.choice(sorted(models))
        name = rng.choice(sorted(PARAMETERS[models[kind][0]]))
        value = rng.choice(PARAMETERS[models[kind][0]][name])
        day = rng.randrange(len(program["calls"]))
        changes.append([day, rng.choice([-1, 0, 0, 1]), kind, name, value])
    return program | models | {"changes": changes}


def _poisson(rng, mean: float) -> int:
    number, product = 0, rng.random()
    while product > math.exp(-mean):
        number += 1
        product *= rng.random()
    return number


def _call(rng, assets: list[int], scale: float) -> list:
    kind = rng.random()
    if kind < 0.12:
        return ["cancel", rng.randrange(40), rng.random() < 0.3]
    if kind < 0.17:
        return ["record", rng.choice("abc"), rng.choice([rng.random(), rng.randint(0, 9)])]
    asset = rng.choice(assets[:-1]) if rng.random() < 0.93 else assets[-1]
    name = rng.choice(
        ["order"] * 5 + ["order_value", "order_percent"]
        + ["order_target", "order_target_value", "order_target_percent"]
    )  # fmt: skip
    sign = rng.choice([1, 1, -1])
    if name in ("order", "order_target"):
        amount = sign * rng.randint(1, scale)
        if rng.random() < 0.1:
            amount += rng.choice([0.5, 0.99995, 0.00004, -0.5, 0.99985])
    elif name in ("order_value", "order_target_value"):
        amount = sign * round(rng.uniform(10, 40) * scale, 2)
    else:
        amount = sign * round(rng.uniform(0, 0.8), 3)
    if name.startswith("order_target") and rng.random() < 0.25:
        amount = 0
    return [name, asset, amount, _style(rng)]


def _style(rng) -> list | None:
    """[kind, limit offset, stop offset, decimals, form] or None: offsets from the price."""
    kind = rng.choice([None, None, None, "market", "limit", "limit", "stop", "stop", "stop_limit"])
    if kind is None:
        return None
    offsets = [rng.choice([0.0, round(rng.gauss(0, 0.02), 5), rng.choice([-0.05, 0.05])])
               for _ in range(2)]  # fmt: skip
    return [kind, *offsets, rng.choice([1, 2, 2, 3, 4, 6]), rng.choice(["style", "price"])]


def _schedule(rng, assets: list[int], scale: float) -> dict:
    name = rng.choice(["every_day", "month_start", "month_end", "week_start", "week_end"])
    return {
        "date": [name, [] if name == "every_day" else [rng.randrange(0, 4)]],
        "time": rng.choice(
            [
                ["market_open", {}],
                ["market_close", {"minutes": 30}],
                ["market_open", {"hours": 1}],
                ["every_minute", {}],
            ]
        ),
        "half_days": rng.random() < 0.7,
        "calls": [_call(rng, assets, scale) for _ in range(rng.randint(1, 2))],
    }


# The player


def plain(value, orders: dict):
    """Any observed value as JSON; order ids become their place in the sequence of orders.

    Keeps apart what a script's output would keep apart: whole numbers from floats, None from NaN,
    plain numbers from NumPy's.
    """
    import numpy as np
    import pandas as pd

    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if value is pd.NaT:
        return "NaT"
    if isinstance(value, str):
        return f"order {orders[value]}" if value in orders else value
    if isinstance(value, np.generic):
        return {type(value).__name__: value.item()}
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(plain(k, orders)): plain(v, orders) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item, orders) for item in value]
    if hasattr(value, "symbol") and hasattr(value, "sid"):
        return f"asset {value.symbol}"
    return f"{type(value).__name__} {value}"


class Player:
    """Plays one program; `log` is everything it saw."""

    frequency, bundle = "daily", "programs"
    of_new_york = True  # the calendar of scheduled functions, else that of the run
    fields: tuple = ()  # what `look` shows of each asset; FIELDS if empty

    def __init__(self, program: dict) -> None:
        self.program = program
        self.rng = random.Random(f"look {program['seed']}")
        self.log: list = []
        self.ids: list[str] = []
        self.orders: dict[str, int] = {}
        self.day = -1
        #: When to look at `context.blotter`: a day, and a call of it; see `make_program`.
        self.asks = program.get("asks")
        self.models: dict = {}

    # What run_algorithm calls

    def initialize(self, context) -> None:
        from zipline import api
        from zipline.finance import commission, slippage
        from zipline.finance.cancel_policy import EODCancel, NeverCancel
        from zipline.utils.events import calendars

        program = self.program
        self.assets = {n: api.sid(n) for n in program["assets"]}
        if program["commission"]:
            name, options = program["commission"]
            self.models["commission"] = getattr(commission, name)(**options)
            api.set_commission(self.models["commission"])
        if program["slippage"]:
            name, options = program["slippage"]
            self.models["slippage"] = getattr(slippage, name)(**options)
            api.set_slippage(self.models["slippage"])
        if program["cancel"]:
            policy = {"NeverCancel": NeverCancel, "EODCancel": EODCancel}[program["cancel"]]
            api.set_cancel_policy(policy())
        if program["benchmark"] == "asset":
            api.set_benchmark(api.symbol("STEADY"))
        for number, schedule in enumerate(program["schedules"]):
            name, arguments = schedule["date"]
            time, options = schedule["time"]
            api.schedule_function(
                self.scheduled(number, schedule["calls"]),
                getattr(api.date_rules, name)(*arguments),
                getattr(api.time_rules, time)(**options),
                half_days=schedule["half_days"],
                calendar=calendars.US_EQUITIES if self.of_new_york else None,
            )

    def scheduled(self, number: int, calls: list):
        def function(context, data) -> None:
            self.log.append(["scheduled", number])
            self.make(calls, context, data)

        return function

    def before_trading_start(self, context, data) -> None:
        self.day += 1
        self.ask(context, -1)
        if self.program["before"]:
            self.log.append(["before", self.day])
            self.look(context, data)

    def handle_data(self, context, data) -> None:
        from zipline import api

        self.log.append(["session", self.day, plain(api.get_datetime(), {})])
        if self.rng.random() < self.program["look"]:
            self.look(context, data)
        self.make(self.program["calls"][self.day], context, data)
        if self.rng.random() < self.program["look"]:
            self.look(context, data)

    # What a program does

    def look(self, context, data) -> None:
        """Everything that a script can see of the account and of the day."""
        from zipline import api

        portfolio, account = context.portfolio, context.account
        seen: dict = {name: getattr(portfolio, name) for name in PORTFOLIO}
        seen["positions"] = [
            [asset, p.amount, p.cost_basis, p.last_sale_price, p.last_sale_date, p.sid, p.asset]
            for asset, p in portfolio.positions.items()
        ]
        seen["account"] = {name: getattr(account, name) for name in ACCOUNT}
        seen["open"] = [
            [asset, [self.order(one) for one in orders]]
            for asset, orders in api.get_open_orders().items()
        ]
        seen["day"] = {
            asset.symbol: [data.current(asset, field) for field in self.fields or FIELDS]
            + [bool(data.can_trade(asset)), bool(data.is_stale(asset))]
            for asset in self.assets.values()
        }
        asset = self.rng.choice(list(self.assets.values()))
        seen["of one"] = [self.order(one) for one in api.get_open_orders(asset)]
        if self.ids:
            seen["order"] = self.order(api.get_order(self.rng.choice(self.ids)))
        self.log.append(["look", plain(seen, self.orders)])

    @staticmethod
    def order(one) -> dict:
        return {name: getattr(one, name) for name in ORDER}

    def make(self, calls: list, context, data) -> None:
        for number, call in enumerate(calls):
            self.ask(context, number)
            try:
                done = getattr(self, "do_" + call[0].split("_")[0])(data, *call)
            except Exception as error:
                done = f"raised {type(error).__name__}"
                if type(error).__module__ == "builtins":
                    # Not an answer to the script but a fault of the player or of a framework.
                    raise
            self.log.append([call[0], plain(done, self.orders)])

    def ask(self, context, number: int) -> None:
        """Look at the blotter and change models, where the program says so at this call."""
        for day, call, kind, name, value in self.program.get("changes", ()):
            if (day, call) == (self.day, number):
                setattr(self.models[kind], name, value)
        if self.asks and self.day >= self.asks[0] and number == self.asks[1]:
            self.asks = None
            assert context.blotter.current_dt == context.datetime

    def do_order(self, data, name: str, asset: int, amount: float, style: list | None):
        from zipline import api
        from zipline.finance import execution

        asset = self.assets[asset]
        options: dict = {}
        if style is not None:
            kind, limit, stop, digits, form = style
            price = data.current(asset, "price")
            price = 10.0 if price != price else float(price)
            limit = round(price * (1 + limit), digits) if "limit" in kind else None
            stop = round(price * (1 + stop), digits) if "stop" in kind else None
            if form == "style":
                options["style"] = {
                    "market": lambda: execution.MarketOrder(),
                    "limit": lambda: execution.LimitOrder(limit),
                    "stop": lambda: execution.StopOrder(stop),
                    "stop_limit": lambda: execution.StopLimitOrder(limit, stop),
                }[kind]()
            else:
                options = {"limit_price": limit, "stop_price": stop}
        number = getattr(api, name)(asset, amount, **options)
        if number is not None:
            self.orders[number] = len(self.ids)
            self.ids.append(number)
        return number

    def do_cancel(self, data, name: str, place: int, whole: bool):
        from zipline import api

        if not self.ids:
            return None
        number = self.ids[-1 - place % len(self.ids)]
        api.cancel_order(api.get_order(number) if whole else number)
        return number

    def do_record(self, data, name: str, key: str, value: float):
        from zipline import api

        api.record(**{key: value})
        return value

    def options(self) -> dict:
        """Further arguments of `run_algorithm`."""
        if not self.program.get("blotter"):
            return {}
        from zipline.finance.blotter import SimulationBlotter

        return {"blotter": SimulationBlotter()}

    def play(self) -> dict:
        import pandas as pd
        from zipline import run_algorithm

        program = self.program
        options: dict = {}
        if program["benchmark"] == "returns":
            days = pd.date_range(program["start"], program["end"], freq="B")
            rng = random.Random("benchmark")
            options["benchmark_returns"] = pd.Series([rng.gauss(0, 0.01) for _ in days], days)
        options |= self.options()
        try:
            frame = run_algorithm(
                start=pd.Timestamp(program["start"]),
                end=pd.Timestamp(program["end"]),
                initialize=self.initialize,
                before_trading_start=self.before_trading_start,
                handle_data=self.handle_data,
                capital_base=program["capital"],
                data_frequency=self.frequency,
                bundle=self.bundle,
                **options,
            )
        except Exception as error:
            import traceback

            text = f"{type(error).__name__}: {error}"
            return {"error": text, "log": self.log, "traceback": traceback.format_exc()}
        columns = {
            str(name): {
                "kind": frame[name].dtype.kind,
                "values": [plain(value, self.orders) for value in frame[name]],
            }
            for name in frame
        }
        index = [plain(label, {}) for label in frame.index]
        return {"log": self.log, "index": index, "columns": columns}


PORTFOLIO = (
    "cash",
    "starting_cash",
    "portfolio_value",
    "positions_value",
    "positions_exposure",
    "capital_used",
    "pnl",
    "returns",
    "start_date",
)
ACCOUNT = (
    "leverage",
    "net_leverage",
    "net_liquidation",
    "settled_cash",
    "total_positions_value",
    "total_positions_exposure",
    "cushion",
    "buying_power",
    "equity_with_loan",
    "available_funds",
)
ORDER = (
    "id",
    "dt",
    "created",
    "reason",
    "amount",
    "filled",
    "commission",
    "limit",
    "stop",
    "limit_reached",
    "stop_reached",
    "status",
    "sid",
)


def ingest(bundle: dict, calendar: str = "XNYS") -> None:
    """Register and ingest the market as the bundle "programs"; nothing warns from now on."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import numpy as np
    import pandas as pd
    from zipline.data import bundles

    venue = "NYSE" if calendar == "XNYS" else calendar

    def write(
        environ,
        asset_db_writer,
        minute_bar_writer,
        daily_bar_writer,
        adjustment_writer,
        sessions,
        start_session,
        end_session,
        cache,
        show_progress,
        output_dir,
    ):
        assets = bundle["assets"]
        days = pd.DatetimeIndex(bundle["days"])
        names = ["open", "high", "low", "close", "volume"]
        frames = {}
        for asset in assets:
            span = days[(days >= asset["start"]) & (days <= asset["end"])]
            rows = np.array(asset["rows"], dtype=float)
            frames[asset["sid"]] = pd.DataFrame(rows, index=span, columns=names)
        equities = pd.DataFrame(
            {
                "symbol": [asset["symbol"] for asset in assets],
                "asset_name": [asset["symbol"].title() for asset in assets],
                "start_date": pd.DatetimeIndex([asset["start"] for asset in assets]),
                "end_date": pd.DatetimeIndex([asset["end"] for asset in assets]),
                "auto_close_date": pd.DatetimeIndex([asset["auto_close"] for asset in assets]),
                "exchange": "NYSE",
            },
            index=pd.Index([asset["sid"] for asset in assets], name="sid"),
        )
        exchanges = pd.DataFrame(
            {"exchange": ["NYSE"], "canonical_name": [venue], "country_code": ["US"]}
        )
        asset_db_writer.write(equities=equities, exchanges=exchanges)
        daily_bar_writer.write(frames.items(), show_progress=False, invalid_data_behavior="ignore")
        adjustment_writer.write(
            splits=_ratios(bundle["splits"]),
            mergers=_ratios(bundle["mergers"]),
            dividends=_payments(bundle["dividends"]),
        )

    start, end = pd.Timestamp(bundle["days"][0]), pd.Timestamp(bundle["days"][-1])
    bundles.register("programs", write, calendar, start_session=start, end_session=end)
    bundles.ingest("programs")


def _ratios(rows: list):
    import pandas as pd

    sids, dates, ratios = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame(
        {"sid": list(sids), "effective_date": pd.DatetimeIndex(dates), "ratio": list(ratios)}
    )


def _payments(rows: list):
    import pandas as pd

    sids, amounts, ex_dates, pay_dates = zip(*rows, strict=True) if rows else ((), (), (), ())
    ex_dates = pd.DatetimeIndex(ex_dates)
    return pd.DataFrame(
        {
            "sid": list(sids),
            "amount": list(amounts),
            "ex_date": ex_dates,
            "pay_date": pd.DatetimeIndex(pay_dates),
            "record_date": ex_dates,
            "declared_date": ex_dates,
        }
    )


def answer(request: dict) -> list:
    ingest(request["bundle"])
    return [Player(program).play() for program in request["programs"]]


if __name__ == "__main__":
    player.play(answer)
