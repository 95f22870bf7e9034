"""Random expressions of lines, evaluated on both sides.

`FILE REQUEST ANSWER [--adapter]`: the request is a list of cases (`make_case`), the answer has for
each the values of the expression, what a strategy reads of it bar by bar, or the exception.
"""

import datetime
import operator
import random

import player

BINARY = ("add", "sub", "mul", "truediv", "floordiv", "pow", "lt", "le", "gt", "ge", "eq", "ne")
COMPARISONS = BINARY[6:]
UNARY = ("abs", "neg")
SEVERAL = ("Max", "Min", "And", "Or", "Sum", "All", "Any", "Reduce")
WINDOWS = ("SMA", "EMA", "WMA", "SMMA", "Highest", "Lowest", "Momentum", "StdDev")
LINES = ("open", "high", "low", "close", "volume")


def make_case(seed):
    """An expression tree as nested lists, and the prices to evaluate it on."""
    rng = random.Random(seed)
    # A second data has some of the bars: (every so many, from this one on).
    second = [rng.randint(2, 5), rng.randint(0, 2)] if rng.random() < 0.4 else None
    tree = make_tree(rng, rng.randint(1, 4), 2 if second else 1)
    return {
        "tree": tree,
        "second": second,
        "rows": rng.choice((3, 12, 12, 30)),
        "seed": seed,
        # Looking ahead without `runonce` is refused by the adapter.
        "runonce": looks_ahead(tree) or rng.random() < (0.3 if second else 0.8),
        "preload": rng.random() < 0.8 or looks_ahead(tree),
    }


def looks_ahead(tree):
    if tree[0] == "delay" and tree[1] > 0:
        return True
    return any(looks_ahead(part) for part in tree if isinstance(part, list))


def make_tree(rng, depth, datas=1):
    if depth == 0:
        return ["line", rng.choice(LINES), rng.randrange(datas)]
    kind = rng.random()
    below = depth - 1

    def operand():
        if rng.random() < 0.25:
            return ["number", rng.choice((0, 1, 2, 3, -1, 0.5, 2.0, -2.5, 100.0, 10))]
        return make_tree(rng, rng.randint(0, below), datas)

    if kind < 0.4:
        op = rng.choice(BINARY)
        sides = [make_tree(rng, below, datas), operand()]
        if op == "pow":
            sides[1] = ["number", rng.choice((2, 0.5, -1, 3))]
        elif rng.random() < 0.3:
            sides.reverse()
        return ["binary", op, *sides]
    if kind < 0.42:
        hour = rng.choice((0, 6, 12, 18))
        return ["clock", rng.choice(COMPARISONS), hour, rng.randrange(datas)]
    if kind < 0.46 or (datas > 1 and kind < 0.53):
        return ["coupled", make_tree(rng, below, datas)]
    if kind < 0.54:
        return ["unary", rng.choice(UNARY), make_tree(rng, below, datas)]
    if kind < 0.65:
        return ["delay", rng.choice((0, -1, -1, -2, -5, 1, 2)), make_tree(rng, below, datas)]
    if kind < 0.85:
        name = rng.choice((*SEVERAL, "If", "Cmp", "CmpEx", "DivByZero", "DivZeroByZero"))
        counts = {"If": 3, "Cmp": 2, "CmpEx": 5, "DivByZero": 2, "DivZeroByZero": 2}
        count = counts.get(name, rng.randint(1, 3))
        rest = [operand() for _ in range(count - 1)]
        if name.startswith("Div"):
            # Numbers fail there and work here.
            rest = [make_tree(rng, rng.randint(0, below), datas)]
        return ["function", name, make_tree(rng, below, datas), *rest]
    return ["window", rng.choice(WINDOWS), rng.randint(1, 4), make_tree(rng, below, datas)]


def build(bt, datas, tree):
    """The expression of a tree."""
    kind = tree[0]
    if kind == "line":
        return getattr(datas[tree[2]], tree[1])
    if kind == "clock":
        return getattr(operator, tree[1])(datas[tree[3]].datetime, datetime.time(tree[2], 0))
    if kind == "coupled":
        return build(bt, datas, tree[1])()
    if kind == "number":
        return tree[1]
    if kind == "binary":
        return getattr(operator, tree[1])(build(bt, datas, tree[2]), build(bt, datas, tree[3]))
    if kind == "unary":
        return getattr(operator, tree[1])(build(bt, datas, tree[2]))
    if kind == "delay":
        return build(bt, datas, tree[2])(tree[1])
    if kind == "window":
        return getattr(bt.ind, tree[1])(build(bt, datas, tree[3]), period=tree[2])
    parts = [build(bt, datas, part) for part in tree[2:]]
    if tree[1] == "Reduce":
        return bt.Reduce(operator.mul, *parts)
    return getattr(bt, tree[1])(*parts)


def play(bt, pd, case):
    """The answer to one case."""
    rng = random.Random(case["seed"])
    table = []
    for _ in range(case["rows"]):
        values = [rng.choice((1.0, 2.0, 2.5, 3.0, 7.25, rng.uniform(0.5, 9.0))) for _ in range(4)]
        table.append((values[0], max(values), min(values), values[1], float(rng.randint(0, 3))))
    frame = pd.DataFrame(
        table, columns=list(LINES), index=pd.date_range("2020-01-01", periods=len(table), freq="7h")
    )
    answer = {"read": []}

    class Look(bt.Strategy):
        def __init__(self):
            self.made = build(bt, self.datas, case["tree"])

        def next(self):
            made = self.made
            answer["read"].append([len(self), made[0], made > 1, bool(made), made + self.data])

    cerebro = bt.Cerebro(stdstats=False, runonce=case["runonce"], preload=case["preload"])
    cerebro.adddata(bt.feeds.PandasData(dataname=frame))
    if case["second"]:
        step, first = case["second"]
        cerebro.adddata(bt.feeds.PandasData(dataname=frame.iloc[first::step]))
    cerebro.addstrategy(Look)
    try:
        made = cerebro.run()[0].made
        line = made.lines[0] if isinstance(made, bt.Indicator) else made
        answer["values"] = [float(x) for x in line.array]
    except Exception as error:
        answer = {"failed": type(error).__name__}
    return answer


def answer(cases):
    import backtrader as bt
    import pandas as pd

    return [play(bt, pd, case) for case in cases]


if __name__ == "__main__":
    player.play(answer)
