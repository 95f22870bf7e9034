"""Command lines of `btrun`, parsed and run; on both sides.

`FILE REQUEST ANSWER [--adapter]`: the answer has, for each line, the namespace, what was printed,
and how it ended.
"""

import contextlib
import importlib
import io
import os
import random
import shlex
import sys

import player

#: Files of the folder in which the lines run.
MODULES = {
    "crosses.py": """
        import random
        import backtrader as bt

        class Aside(bt.Analyzer):
            pass

        class Cross(bt.Strategy):
            params = dict(fast=3, slow=8, told=False, since=None)

            def __init__(self):
                self.cross = bt.ind.CrossOver(
                    bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow))

            def next(self):
                if self.cross > 0:
                    self.buy(size=10)
                elif self.cross < 0 and self.position:
                    self.close()

            def notify_order(self, order):
                if order.status == order.Completed:
                    print(self.data.datetime.date(), order.executed.size, order.executed.price,
                          round(order.executed.comm, 6))

            def stop(self):
                print(type(self).__name__, self.p.fast, self.p.slow, self.p.since, len(self),
                      round(self.broker.getvalue(), 6), len(self.getindicators()),
                      len(self.getobservers()), random.random())

        class Zero(bt.Strategy):
            def stop(self):
                print("Zero", len(self.datas), len(self))
        """,
    "parts.py": """
        import backtrader as bt

        def cash(cerebro, amount=1.0):
            print("hook", amount)
            cerebro.broker.setcash(amount)

        def before(cerebro):
            print("before")

        class Counted(bt.Analyzer):
            params = (("times", 1),)

            def start(self):
                self.n = 0

            def next(self):
                self.n += self.p.times

            def get_analysis(self):
                return {"n": self.n}

        class Watch(bt.Observer):
            lines = ("seen",)

            def next(self):
                self.lines.seen[0] = len(self)

        class Up(bt.Indicator):
            lines = ("signal",)
            params = (("period", 5),)

            def __init__(self):
                self.lines.signal = self.data - bt.ind.SMA(period=self.p.period)
        """,
    "broken.py": "import nothing_of_this_name",
    "empty.py": "value = 1",
}

#: Lines that run.
RUN = (
    "",
    "--data days.txt",
    "-d days.txt --strategy crosses",
    "-d days.txt -st crosses:Cross",
    "-d days.txt -st crosses.py:Cross:fast=2,slow=5 -cash 5000 -comm 0.001",
    "-d days.txt -st crosses:Cross --cash 20000 --commission 2 --margin 100 --mult 5",
    "-d days.txt -st crosses::since=datetime.date(2020,1,2) --nostdstats",
    "-d days.txt -st crosses:Cross --slip_perc 0.01 --slip_open --slip_out",
    "-d days.txt -st crosses:Cross --slip_fixed 0.5 --no-slip_match",
    "-d days.txt -st crosses:Cross --interest 0.05 --interest_long",
    "-d days.txt -d other.txt -st crosses:Zero -st crosses:Cross",
    "-d days.txt -st crosses:Zero --fromdate 2020-01-10 --todate 2020-02-10T23:59:59",
    "-d days.txt -st crosses:Cross --resample weeks",
    "-d days.txt -st crosses:Zero --resample days:3",
    "-d days.txt -st crosses:Zero --replay weeks:",
    "-d days.txt --timeframe weeks -cp 2 -st crosses:Zero -an :TimeReturn --pranalyzer",
    "-d days.txt -st crosses:Cross -an :TradeAnalyzer -an parts:Counted:times=2 --pranalyzer",
    "-d days.txt -st crosses:Cross -an :TimeReturn:timeframe=bt.TimeFrame.Months --ppranalyzer",
    "-d days.txt -st crosses:Zero -an :SharpeRatio:timeframe=bt.TimeFrame.Days --ppranalyzer",
    "-d days.txt -st crosses:Cross -ob parts:Watch -ob :DrawDown -ind :RSI:period=4 -ind parts:Up",
    "-d days.txt -sig parts:Up --pranalyzer -an parts",
    "-d days.txt -sig longshort+parts:Up:period=3 -sig SHORTEXIT+parts:Up -an parts -pralyzer",
    "-d days.txt -st :SMA_CrossOver -an :TradeAnalyzer -ppralyzer",
    "-d days.txt -st :MA_CrossOver:fast=3,slow=7 --writer csv=True",
    "-d days.txt -st crosses:Cross --writer -wr rounding=2 -ind :SMA:period=3",
    "-d days.txt --cerebro stdstats=False,preload=False,runonce=False -st crosses:Cross",
    "-d days.txt -cer -st crosses:Cross --hook parts:cash:amount=500.0",
    "-d days.txt -st crosses:Cross --hook parts --hook :addtz:tz=None",
    "-d generic.txt -c sierracsv -st crosses:Zero",
    "-d yahoo.txt --format yahoocsv -st crosses:Cross",
    "-d yahoo.txt --csvformat yahoocsv_unreversed -st crosses:Cross --flush",
    "-d vchart.txt -c vchartcsv -st crosses:Zero",
    "-d mt4.txt -c mt4csv -st crosses:Zero",
    "-d days.txt -st : -an : --pranalyzer",
    "-d days.txt -st broken",
    "-d days.txt -st nowhere:Cross",
    "-d days.txt -st crosses:Crossing",
    "-d days.txt -an parts:Up",
    "-d days.txt -st empty",
    "-d days.txt --hook parts:nothing",
    "-d days.txt --resample weeks --hook parts",
    "-d days.txt --resample weeks --replay days",
    "-d days.txt --pranalyzer --ppranalyzer",
    "-d days.txt --format excel",
    "-d days.txt -tf hours",
    "-d days.txt --cash much",
    "-d days.txt --fromdate 10.1.2020",
    "-d days.txt -cer unknown=1",
    "-d days.txt -sig sideways+parts:Up",
)


def rows(seed, count=70):
    import datetime

    rng = random.Random(seed)
    close, day = 50.0, datetime.date(2020, 1, 1)
    for _ in range(count):
        prices = [round(close * rng.uniform(0.97, 1.03), 2) for _ in range(4)]
        close = prices[3]
        yield day, prices[0], max(prices), min(prices), close, rng.randint(100, 900)
        day += datetime.timedelta(days=1)


def write_files():
    import textwrap

    for name, text in MODULES.items():
        with open(name, "w") as file:
            file.write(textwrap.dedent(text))
    formats = {
        "days.txt": "{0},{1},{2},{3},{4},{5},0",
        "generic.txt": "{0:%Y/%m/%d},{1},{2},{3},{4},{5},0",
        "yahoo.txt": "{0},{1},{2},{3},{4},{4},{5}",
        "vchart.txt": "X,{0:%Y%m%d},0,0,{1},{2},{3},{4},{5},0",
        "mt4.txt": "{0:%Y.%m.%d},00:00,{1},{2},{3},{4},{5}",
    }
    for name, form in {**formats, "other.txt": formats["days.txt"]}.items():
        header = [] if name.startswith("mt4") else ["header"]
        lines = [form.format(*row) for row in rows(name == "other.txt")]
        with open(name, "w") as file:
            file.write("\n".join([*header, *lines, ""]))


def told(function, *args):
    """What a call gives, or how it ends, with what it prints."""
    out, err = io.StringIO(), io.StringIO()
    result, ended = None, ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = function(*args)
        except SystemExit as leaving:
            ended = f"exit {leaving.code}"
        except Exception as error:
            ended = type(error).__name__
    return result, [out.getvalue(), err.getvalue(), ended]


def played(names, line):
    pargs = shlex.split(line)
    # Modules get names by chance: a name must not come twice.
    random.seed(line)
    space, parsed = told(names["parse_args"], pargs)
    options = repr(sorted(vars(space).items())) if space else ""
    return [options, parsed, told(names["btrun"], pargs)[1]]


def answer(lines):
    sys.argv = ["btrun"]
    os.environ["COLUMNS"] = "120"
    importlib.import_module("backtrader.btrun")
    # The package's attribute of this name is the function: its globals are the module's.
    names = sys.modules["backtrader.btrun"].btrun.__globals__
    write_files()
    return {line: played(names, line) for line in lines}


if __name__ == "__main__":
    player.play(answer)
