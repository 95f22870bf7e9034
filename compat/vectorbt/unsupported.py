"""What VectorBT has and this adapter does not, by public name."""

from __future__ import annotations

from ..unsupported import Unsupported, UnsupportedFeature, unsupported

FRAMEWORK = "vectorbt"

_PLOT = "Use the validation report, or plot `value()` with a library of your choice."

_MESSAGES = "Send them yourself: runs here do without the network."

_TOP_LEVEL = {
    _PLOT: ("plotting", "px_accessors", "save_animation"),
    _MESSAGES: ("TelegramBot", "messaging"),
}

_PORTFOLIO = {
    _PLOT: (
        "plot", "plot_asset_flow", "plot_asset_value", "plot_assets", "plot_cash",
        "plot_cash_flow", "plot_cum_returns", "plot_drawdowns", "plot_gross_exposure",
        "plot_net_exposure", "plot_orders", "plot_position_pnl", "plot_positions",
        "plot_trade_pnl", "plot_trades", "plot_underwater", "plot_value",
    ),
}  # fmt: skip


def _declare(table: dict[str, tuple[str, ...]], prefix: str = "") -> dict[str, Unsupported]:
    return {
        name: unsupported(FRAMEWORK, prefix + name, reason)
        for reason, names in table.items()
        for name in names
    }


TOP_LEVEL = _declare(_TOP_LEVEL)
PORTFOLIO = _declare(_PORTFOLIO, "Portfolio.")


def missing(name: str, alternative: str = "") -> UnsupportedFeature:
    """The error for a name or an argument that the adapter lacks."""
    return UnsupportedFeature(FRAMEWORK, name, alternative)


def refuse(where: str, arguments: dict[str, object]) -> None:
    """Raise for the first of the optional `arguments` of `where` that the script has set."""
    for name, value in arguments.items():
        if value is not None:
            raise missing(f"{where}({name}=...)")
