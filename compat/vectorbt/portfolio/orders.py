"""Filled orders."""

from __future__ import annotations

from .._settings import settings
from ..generic.ranges import chosen_columns
from ..records.base import Records
from ..records.decorators import attach_fields, override_field_config
from ..records.metrics import METRICS_OF_ROWS, metric
from ..utils.config import Config, merge_dicts
from .enums import OrderSide, order_dt

orders_field_config = Config(
    {
        "dtype": order_dt,
        "settings": {
            "id": {"title": "Order Id"},
            "size": {"title": "Size"},
            "price": {"title": "Price"},
            "fees": {"title": "Fees"},
            "side": {"title": "Side", "mapping": OrderSide},
        },
    },
    readonly=True,
    as_attrs=False,
)

orders_attach_field_config = Config(
    {"side": {"attach_filters": True}}, readonly=True, as_attrs=False
)


@attach_fields(orders_attach_field_config)
@override_field_config(orders_field_config)
class Orders(Records):
    """Filled orders; `close` holds the prices that they were filled among, if it is known."""

    def __init__(self, wrapper, records_arr, close=None, **kwargs) -> None:
        Records.__init__(self, wrapper, records_arr, close=close, **kwargs)
        self._close = close

    def indexing_func(self, pd_indexing_func, **kwargs):
        wrapper, records_arr, _, col_idxs = self.indexing_func_meta(pd_indexing_func, **kwargs)
        close = chosen_columns(self.close, wrapper, col_idxs)
        return self.replace(wrapper=wrapper, records_arr=records_arr, close=close)

    @property
    def close(self):
        return self._close

    @property
    def stats_defaults(self):
        return merge_dicts(
            Records.stats_defaults.__get__(self),  # pyright: ignore
            settings["orders"]["stats"],
        )

    _metrics = Config(
        dict(
            **METRICS_OF_ROWS,
            total_records=metric("Total Records", "count", "records"),
            total_buy_orders=metric("Total Buy Orders", "buy.count", ["orders", "buy"]),
            total_sell_orders=metric("Total Sell Orders", "sell.count", ["orders", "sell"]),
            **{
                name: metric(title, calculation, ["orders", *calculation.split(".")[:-1]])
                for name, title, calculation in (
                    ("min_size", "Min Size", "size.min"),
                    ("max_size", "Max Size", "size.max"),
                    ("avg_size", "Avg Size", "size.mean"),
                    ("avg_buy_size", "Avg Buy Size", "buy.size.mean"),
                    ("avg_sell_size", "Avg Sell Size", "sell.size.mean"),
                    ("avg_buy_price", "Avg Buy Price", "buy.price.mean"),
                    ("avg_sell_price", "Avg Sell Price", "sell.price.mean"),
                    ("total_fees", "Total Fees", "fees.sum"),
                    ("min_fees", "Min Fees", "fees.min"),
                    ("max_fees", "Max Fees", "fees.max"),
                    ("avg_fees", "Avg Fees", "fees.mean"),
                    ("avg_buy_fees", "Avg Buy Fees", "buy.fees.mean"),
                    ("avg_sell_fees", "Avg Sell Fees", "sell.fees.mean"),
                )
            },
        ),
        copy_kwargs={"copy_mode": "deep"},
    )

    def plot(
        self,
        column=None,
        close_trace_kwargs: dict | None = None,
        buy_trace_kwargs: dict | None = None,
        sell_trace_kwargs: dict | None = None,
        add_trace_kwargs: dict | None = None,
        fig=None,
        **layout_kwargs,
    ):
        """Prices, and a triangle for each order: up for buying, down for selling.

        *_trace_kwargs: of the traces of Plotly.
        """
        from ..generic.canvas import Canvas, color, contrast, marker

        own = self.select_one(column=column, group_by=False)
        canvas = Canvas(fig, add_trace_kwargs, layout_kwargs)
        if own.close is not None:
            canvas.line(own.close, close_trace_kwargs, name="Close", line={"color": color("blue")})
        rows = own.get_map_field_to_index("idx")
        price = own.get_field_arr("price")
        for name, side, symbol, hue, given in (
            ("Buy", OrderSide.Buy, "triangle-up", "green", buy_trace_kwargs),
            ("Sell", OrderSide.Sell, "triangle-down", "red", sell_trace_kwargs),
        ):
            chosen = own.get_field_arr("side") == side
            if not chosen.any():
                continue

            def told(field, *written, chosen=chosen):
                return own.get_field_title(field), own.get_field_arr(field)[chosen], *written

            details = [
                told("id"),
                (own.get_field_title("idx"), "x"),
                (own.get_field_title("price"), "y"),
                told("size", ".6f"),
                told("fees", ".6f"),
            ]
            style = marker(symbol, contrast(hue), 8)
            canvas.points(name, rows[chosen], price[chosen], style, details, given)
        return canvas.fig

    @property
    def plots_defaults(self):
        return merge_dicts(
            Records.plots_defaults.__get__(self),  # pyright: ignore
            settings["orders"]["plots"],
        )

    _subplots = Config(
        {
            "plot": {
                "title": "Orders",
                "yaxis_kwargs": {"title": "Price"},
                "check_is_not_grouped": True,
                "plot_func": "plot",
                "tags": "orders",
            }
        },
        copy_kwargs={"copy_mode": "deep"},
    )
