"""Orders, transactions, positions, commissions by the unit, arguments of extensions, by hand."""

from types import SimpleNamespace

import pandas as pd
from zipline import run_algorithm
from zipline.api import order, symbols
from zipline.extensions import Namespace, create_args
from zipline.finance.commission import PerDollar, PerShare, calculate_per_unit_commission
from zipline.finance.order import ORDER_STATUS, Order
from zipline.finance.position import Position
from zipline.finance.transaction import Transaction, create_transaction
from zipline.utils.security_list import SecurityList


def initialize(context):
    context.assets = symbols("STEADY", "SPLITS", "PAYS")


def orders(asset):
    now = pd.Timestamp("2015-10-05 20:00", tz="UTC")
    for amount, stop, limit in ((10, None, 9.0), (-10, 11.0, None), (7, 10.0, 10.5), (-7, 9, 8.5)):
        one = Order(now, asset, amount, stop=stop, limit=limit)
        for price in (9.5, 10.0, 8.9, 10.4, 11.2):
            one.check_triggers(price, now + pd.Timedelta(minutes=1))
            print(amount, price, one.triggered, one.stop, one.stop_reached, one.limit_reached)
        one.handle_split(0.3)
        one.filled += 1
        print(one.amount, one.open_amount, one.stop, one.limit, one.direction, one.status)
        one.hold("why")
        print(one.status, one.open, one.reason)
        one.filled = 0
        print(one.status, sorted(one.to_dict()), one.to_api_obj().reason)
        one.cancel()
        print(one.status, one.open, one.status == ORDER_STATUS.CANCELLED)
    return one


def positions(asset):
    held = Position(asset)
    now = pd.Timestamp("2015-10-05", tz="UTC")
    for n, (amount, price) in enumerate(
        ((10, 9.7), (5, 10.1), (-4, 11), (-20, 10.3), (-3, 10.9), (12, 1))
    ):
        held.update(Transaction(asset, amount, now + pd.Timedelta(days=n), price, None))
        held.adjust_commission_cost_basis(asset, 1.25)
        print(held.amount, held.cost_basis, held.last_sale_price, held.last_sale_date)
    held.update(Transaction(asset, 33, now + pd.Timedelta(days=9), 4.5, None))
    print(held.handle_split(asset, 0.7), held.amount, held.cost_basis)
    print(held.earn_dividend(SimpleNamespace(amount=0.3)))
    given = held.earn_stock_dividend(SimpleNamespace(ratio=0.1, payment_asset=asset))
    print(float(given["share_count"]), given["payment_asset"] is asset)
    print(held.to_dict()["amount"], held)


def costs(one):
    for paid, filled in ((0, 0), (1.0, 40), (5.5, 40)):
        one.commission, one.filled = paid, filled
        trade = SimpleNamespace(amount=-30, price=12.5)
        for rate, first, least in ((0.1, 0, 0), (0.1, 1.5, 2), (-0.2, 0, 9), (0.01, 2, 30)):
            print(calculate_per_unit_commission(one, trade, rate, first, least))
        print(PerShare(0.02, 1).calculate(one, trade), PerDollar(0.01).calculate(one, trade))


def handle_data(context, data):
    if context.portfolio.positions or context.get_datetime().day != 6:
        return
    asset = context.assets[0]
    one = orders(asset)
    positions(asset)
    costs(one)
    trade = create_transaction(one, data.current_dt, 3.5, -2.9)
    print(trade, trade["amount"], sorted(trade.to_dict()))
    try:
        create_transaction(one, data.current_dt, 3.5, 0.9)
    except Exception as error:
        print(type(error).__name__, error)
    days = [pd.Timestamp(day) for day in ("2015-09-01", "2015-10-05", "2015-10-09")]
    changes = {
        days[0]: {days[0]: {"add": ["STEADY", "NONE"], "delete": []}},
        days[1]: {days[1]: {"add": ["PAYS"], "delete": ["STEADY"]}},
        days[2]: {days[2]: {"add": ["SPLITS"], "delete": []}},
    }
    listed = SecurityList(changes, lambda: data.current_dt, context.asset_finder)
    print(
        sorted(listed.current_securities(days[0])),
        sorted(listed.current_securities(data.current_dt)),
    )
    print(7 in listed, sorted(listed))
    order(asset, 10)


root = Namespace()
create_args(["a=1", "b.c=two", "b.d.e=3"], root)
print(root.a, root.b.c, root.b.d.e)
for bad in (["a b=1"], ["a=1", "a.b=2"]):
    try:
        create_args(bad, Namespace())
    except ValueError as error:
        print(type(error).__name__)
perf = run_algorithm(
    pd.Timestamp("2015-10-05"),
    pd.Timestamp("2015-10-09"),
    initialize,
    1e5,
    handle_data,
    bundle="market",
)
