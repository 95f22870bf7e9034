"""The lines of `Portfolio.stats()`: names, titles, tags, and what they are calculated by."""

from __future__ import annotations

from ..utils.config import Config
from ..utils.template import RepEval


def _percent(self, out, settings):
    return out * 100


def _loss(self, out, settings):
    return -out * 100


def _tags(*more: str) -> RepEval:
    """Tags of what is about closed trades, or about all with the setting `incl_open`."""
    words = ", ".join(map(repr, more))
    return RepEval(f"['portfolio', 'trades', *incl_open_tags, {words}]")


def _of_trades(title: str, path: str, *tags: str, **settings) -> dict:
    return {"title": title, "calc_func": f"trades.{path}", "tags": _tags(*tags), **settings}


def _of_all_trades(title: str, path: str, *tags: str) -> dict:
    return {
        "title": title,
        "calc_func": f"trades.{path}",
        "incl_open": True,
        "tags": ["portfolio", "trades", *tags],
    }


def _ratio(title: str, name: str) -> dict:
    return {
        "title": title,
        "calc_func": name,
        "check_has_freq": True,
        "check_has_year_freq": True,
        "tags": ["portfolio", "returns"],
    }


METRICS = Config(
    {
        "start": {
            "title": "Start",
            "calc_func": lambda self: self.wrapper.index[0],
            "agg_func": None,
            "tags": "wrapper",
        },
        "end": {
            "title": "End",
            "calc_func": lambda self: self.wrapper.index[-1],
            "agg_func": None,
            "tags": "wrapper",
        },
        "period": {
            "title": "Period",
            "calc_func": lambda self: len(self.wrapper.index),
            "apply_to_timedelta": True,
            "agg_func": None,
            "tags": "wrapper",
        },
        "start_value": {"title": "Start Value", "calc_func": "get_init_cash", "tags": "portfolio"},
        "end_value": {"title": "End Value", "calc_func": "final_value", "tags": "portfolio"},
        "total_return": {
            "title": "Total Return [%]",
            "calc_func": "total_return",
            "post_calc_func": _percent,
            "tags": "portfolio",
        },
        "benchmark_return": {
            "title": "Benchmark Return [%]",
            "calc_func": "_total_benchmark",
            "post_calc_func": _percent,
            "tags": "portfolio",
        },
        "max_gross_exposure": {
            "title": "Max Gross Exposure [%]",
            "calc_func": "_max_gross_exposure",
            "post_calc_func": _percent,
            "tags": "portfolio",
        },
        "total_fees_paid": {
            "title": "Total Fees Paid",
            "calc_func": "orders.fees.sum",
            "tags": ["portfolio", "orders"],
        },
        "max_dd": {
            "title": "Max Drawdown [%]",
            "calc_func": "drawdowns.max_drawdown",
            "post_calc_func": _loss,
            "tags": ["portfolio", "drawdowns"],
        },
        "max_dd_duration": {
            "title": "Max Drawdown Duration",
            "calc_func": "drawdowns.max_duration",
            "fill_wrap_kwargs": True,
            "tags": ["portfolio", "drawdowns", "duration"],
        },
        "total_trades": _of_all_trades("Total Trades", "count"),
        "total_closed_trades": {
            "title": "Total Closed Trades",
            "calc_func": "trades.closed.count",
            "tags": ["portfolio", "trades", "closed"],
        },
        "total_open_trades": _of_all_trades("Total Open Trades", "open.count", "open"),
        "open_trade_pnl": _of_all_trades("Open Trade PnL", "open.pnl.sum", "open"),
        "win_rate": _of_trades("Win Rate [%]", "win_rate", post_calc_func=_percent),
        "best_trade": _of_trades("Best Trade [%]", "returns.max", post_calc_func=_percent),
        "worst_trade": _of_trades("Worst Trade [%]", "returns.min", post_calc_func=_percent),
        **{
            f"avg_{kind}_trade": _of_trades(
                f"Avg {kind.title()} Trade [%]",
                f"{kind}.returns.mean",
                kind,
                post_calc_func=_percent,
            )
            for kind in ("winning", "losing")
        },
        **{
            f"avg_{kind}_trade_duration": _of_trades(
                f"Avg {kind.title()} Trade Duration",
                f"{kind}.duration.mean",
                kind,
                "duration",
                apply_to_timedelta=True,
            )
            for kind in ("winning", "losing")
        },
        "profit_factor": _of_trades("Profit Factor", "profit_factor"),
        "expectancy": _of_trades("Expectancy", "expectancy"),
        "sharpe_ratio": _ratio("Sharpe Ratio", "sharpe_ratio"),
        "calmar_ratio": _ratio("Calmar Ratio", "calmar_ratio"),
        "omega_ratio": _ratio("Omega Ratio", "omega_ratio"),
        "sortino_ratio": _ratio("Sortino Ratio", "sortino_ratio"),
    },
    copy_kwargs={"copy_mode": "deep"},
)
