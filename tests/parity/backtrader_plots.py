"""Figures of `cerebro.plot()`, described artist by artist; run on both sides.

`FILE REQUEST ANSWER [--adapter]`: the answer maps the name of each case to its figures, with the
name of the exception where one ended it. Matplotlib's Agg is chosen before, as scripts do.
"""

import contextlib
import importlib
import io
import math
import sys

import player

# ruff: noqa: RUF012 - class attributes as scripts write them
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def frame(rows=60, freq="D", seed=1, volume=True, start="2020-01-01"):
    import random

    import pandas as pd

    rng = random.Random(seed)
    table, close = [], 50.0
    for _ in range(rows):
        open_, close, high, low = (close * rng.uniform(0.98, 1.02) for _ in range(4))
        every = (open_, close, high, low)
        amount = float(rng.randint(100, 5_000_000)) if volume else 0.0
        table.append((open_, max(every), min(every), close, amount))
    index = pd.date_range(start, periods=rows, freq=freq)
    return pd.DataFrame(table, index=index, columns=["open", "high", "low", "close", "volume"])


def run(bt, build=None, datas=None, stdstats=False, strategies=None, observers=(), **kwargs):
    """A cerebro that has run a strategy with the indicators that `build(strategy)` makes."""

    class Drawn(bt.Strategy):
        def __init__(self):
            if build is not None:
                build(self)

        def next(self):
            if len(self) % 9 == 3:
                self.buy()
            elif len(self) % 9 == 8:
                self.close()

    cerebro = bt.Cerebro(stdstats=stdstats, **kwargs)
    for name, data in (datas or {"stock": bt.feeds.PandasData(dataname=frame())}).items():
        cerebro.adddata(data, name=name)
    for made in strategies or (Drawn,):
        cerebro.addstrategy(made)
    for observer, options in observers:
        cerebro.addobserver(observer, **options)
    with contextlib.redirect_stdout(io.StringIO()):
        cerebro.run()
    return cerebro


def feed(bt, timeframe=None, **kwargs):
    more = {} if timeframe is None else {"timeframe": timeframe}
    plotinfo = kwargs.pop("plotinfo", {})
    return bt.feeds.PandasData(dataname=frame(**kwargs), **more, **plotinfo)


def usual(self):
    bt = sys.modules["backtrader"]
    bt.ind.SMA(period=5)
    bt.ind.RSI(period=7)
    bt.ind.MACDHisto(period_me1=4, period_me2=9, period_signal=3)
    bt.ind.BollingerBands(period=6)


@case
def plain(bt):
    return run(bt).plot()


@case
def usual_indicators(bt):
    return run(bt, usual).plot()


@case
def candles(bt):
    return run(bt, usual).plot(style="candle", barup="green", bardownfill=False)


@case
def bars(bt):
    return run(bt, usual).plot(style="bar", barup="green", valuetags=False)


@case
def scheme_by_itself(bt):
    class Scheme(bt.plot.PlotScheme):
        def __init__(self):
            super().__init__()
            self.lcolors = ["red", "green", "blue", *self.lcolors]
            self.rowsmajor = 3
            self.linevalues = False
            self.zdown = False
            self.volpushup = 0.2
            self.grid = False

    cerebro = run(bt, usual)
    return cerebro.plot(plotter=bt.plot.Plot(scheme=Scheme()))


@case
def volume_below(bt):
    return run(bt, usual).plot(voloverlay=False, ytight=True)


@case
def without_volume(bt):
    return run(bt, usual).plot(volume=False, yadjust=0.1, legendind=False)


@case
def no_volume_in_the_data(bt):
    return run(bt, usual, {"x": feed(bt, volume=False)}).plot()


@case
def three_figures(bt):
    return run(bt, usual).plot(numfigs=3)


@case
def from_index_to_index(bt):
    return run(bt, usual).plot(start=20, end=-11)


@case
def from_date_to_date(bt):
    import datetime

    start, end = datetime.date(2020, 1, 15), datetime.datetime(2020, 2, 3)
    return run(bt, usual).plot(start=start, end=end, numfigs=2)


@case
def two_datas(bt):
    def build(self):
        bt.ind.SMA(self.data1, period=4)
        bt.ind.RSI(self.data1, period=4, plotabove=True)
        bt.ind.CrossOver(self.data0, self.data1)

    return run(bt, build, {"a": feed(bt), "b": feed(bt, seed=2)}).plot()


@case
def datas_of_other_lengths(bt):
    datas = {"a": feed(bt), "b": feed(bt, seed=2, start="2020-01-10", rows=40), "c": feed(bt)}
    return run(bt, usual, datas).plot(style="candle")


@case
def data_over_data(bt):
    datas = {"a": feed(bt), "b": feed(bt, seed=2), "c": feed(bt, seed=3)}
    datas["b"].plotinfo.plotmaster = datas["a"]
    datas["c"].plotinfo.plotmaster = datas["a"]
    datas["c"].plotinfo.sameaxis = True
    return run(bt, usual, datas).plot(volume=False)


@case
def data_over_data_with_volume(bt):
    datas = {"a": feed(bt), "b": feed(bt, seed=2)}
    datas["b"].plotinfo.plotmaster = datas["a"]
    return run(bt, usual, datas).plot()


@case
def hidden_data(bt):
    datas = {"a": feed(bt), "b": feed(bt, seed=2)}
    datas["b"].plotinfo.plot = False

    def build(self):
        bt.ind.SMA(self.data1)
        bt.ind.RSI(self.data0)

    return run(bt, build, datas).plot()


@case
def options_of_a_data(bt):
    data = feed(bt)
    data.plotinfo.plotlog = True
    data.plotinfo.plotylimited = False
    data.plotinfo.plotvaluetags = False
    data.plotinfo.plotlinevalues = False
    data.plotinfo.legendloc = "lower right"
    return run(bt, usual, {"": data}).plot()


@case
def options_of_indicators(bt):
    def build(self):
        bt.ind.SMA(plot=False)
        bt.ind.EMA(subplot=True, plotname="the mean")
        bt.ind.RSI(plotskip=True)
        bt.ind.RSI(plotabove=True, plotlinevalues=False, plotymargin=0.2)
        bt.ind.RSI(plotyticks=[20, 50, 80], plothlines=[10.0], legendloc="lower left")
        bt.ind.BollingerBands(plotlinelabels=True, period=5)
        momentum = bt.ind.Momentum()
        bt.ind.SMA(momentum, period=3)
        bt.ind.SMA(momentum, period=3, subplot=True, plotabove=True)
        bt.ind.SMA(momentum, period=4, plotmaster=self.data)
        bt.ind.ATR(period=3, plotmaster=momentum)
        bt.ind.SMA(self.data.high, period=3)
        bt.ind.SMA(self.data.close - self.data.open, period=3)
        bt.ind.StdDev(bt.ind.RSI(plot=False), period=3)
        bt.ind.StdDev(period=3, plotforce=True)

    return run(bt, build).plot()


@case
def options_of_lines(bt):
    class Own(bt.Indicator):
        lines = ("first", "second", "third", "fourth", "fifth")
        plotinfo = {"subplot": True, "plothlines": [0.0], "plotyhlines": [1.0, -1.0]}
        plotlines = {
            "first": {
                "_name": "one",
                "color": "red",
                "_fill_gt": (0, "green"),
                "_fill_lt": (0, ("red", 0.5)),
            },
            "second": {"_method": "bar", "alpha": 0.5, "width": 1.0, "_plotvalue": False},
            "third": {"marker": "^", "markersize": 8.0, "ls": "", "_skipnan": True},
            "_3": {"_samecolor": True, "_fill": ("first", "yellow"), "_plotvaluetag": False},
            "fifth": {"_plotskip": True},
        }

        def __init__(self):
            change = self.data.close - self.data.close(-1)
            self.l.first = bt.ind.SMA(change, period=3)
            self.l.second = change
            self.l.fourth = bt.ind.SMA(change, period=9)
            self.l.fifth = change

        def next(self):
            if len(self) % 4 == 0:
                self.l.third[0] = self.data.close[0] - self.data.open[0]

    class Derived(Own):
        plotlines = {"first": {"color": "blue"}, "fifth": {"_plotskip": False}}

    def build(self):
        Own()
        Derived(subplot=False, plotname="derived")

    return run(bt, build).plot()


@case
def patterns(bt):
    def build(self):
        d = self.data
        bt.talib.CDLDOJI(d.open, d.high, d.low, d.close)
        bt.talib.CDLHAMMER(d.open, d.high, d.low, d.close)
        bt.talib.BBANDS(d, timeperiod=8)
        bt.talib.STOCH(d.high, d.low, d.close)
        bt.talib.MACD(d)

    return run(bt, build).plot()


@case
def intraday(bt):
    datas = {"x": feed(bt, freq="7min", timeframe=bt.TimeFrame.Minutes, rows=300)}
    return run(bt, usual, datas).plot(fmt_x_ticks=None)


@case
def seconds(bt):
    datas = {"x": feed(bt, freq="s", timeframe=bt.TimeFrame.Seconds, rows=40)}
    return run(bt, usual, datas).plot(fmt_x_ticks=None)


@case
def weeks_of_years(bt):
    datas = {"x": feed(bt, freq="7D", timeframe=bt.TimeFrame.Weeks, rows=700)}
    return run(bt, usual, datas).plot(fmt_x_ticks="%Y-%m", fmt_x_data="%d")


@case
def months(bt):
    datas = {"x": feed(bt, freq="MS", timeframe=bt.TimeFrame.Months, rows=40)}
    return run(bt, usual, datas).plot(fmt_x_ticks=None)


@case
def two_strategies(bt):
    class One(bt.Strategy):
        def __init__(self):
            bt.ind.SMA()

    class Two(bt.Strategy):
        def __init__(self):
            bt.ind.EMA()

    return run(bt, strategies=(One, Two)).plot(numfigs=2)


@case
def observers(bt):
    return run(bt, usual, stdstats=True).plot(style="candle")


@case
def observers_of_two_datas(bt):
    datas = {"a": feed(bt), "b": feed(bt, seed=2)}
    return run(bt, usual, datas, stdstats=True).plot(numfigs=2)


@case
def more_observers(bt):
    class Own(bt.Observer):
        lines = ("held", "double")
        plotinfo = {"plot": True, "subplot": True, "plotlinelabels": True}
        plotlines = {"double": {"_name": "twice", "ls": "--"}}

        def next(self):
            self.lines.held[0] = self._owner.position.size
            self.lines.double[0] = 2.0 * self._owner.position.size

    observers = bt.observers
    wanted = [
        (observers.DrawDown, {}),
        (observers.Value, {"plotname": "worth"}),
        (observers.Cash, {}),
        (observers.TimeReturn, {"timeframe": bt.TimeFrame.Weeks}),
        (observers.BuySell, {"barplot": True, "bardist": 0.03}),
        (Own, {}),
    ]
    return run(bt, usual, stdstats=False, observers=wanted).plot()


@case
def resampled(bt):
    class Weekly(bt.Strategy):
        def __init__(self):
            bt.ind.SMA(self.data0, period=5)
            bt.ind.SMA(self.data1, period=3)
            bt.ind.RSI(self.data1, period=3)

        def next(self):
            if len(self) == 30:
                self.buy(self.data1)

    cerebro = bt.Cerebro()
    data = feed(bt)
    cerebro.adddata(data, name="days")
    cerebro.resampledata(data, name="weeks", timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Weekly)
    cerebro.run()
    return cerebro.plot(style="bar")


@case
def pivots(bt):
    class Levels(bt.Strategy):
        def __init__(self):
            bt.ind.PivotPoint(self.data1)
            bt.ind.DemarkPivotPoint(self.data1, _autoplot=False)

    cerebro = bt.Cerebro(stdstats=False)
    data = feed(bt)
    cerebro.adddata(data, name="days")
    cerebro.resampledata(data, name="weeks", timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Levels)
    cerebro.run()
    return cerebro.plot(volume=False)


@case
def datas_without_names(bt):
    class Trading(bt.Strategy):
        def next(self):
            for i, data in enumerate(self.datas):
                if len(self) % (7 + i) == 3:
                    self.buy(data)
                elif len(self) % (7 + i) == 6:
                    self.close(data)

    cerebro = bt.Cerebro(stdstats=False)
    for seed in (1, 2):
        cerebro.adddata(feed(bt, seed=seed))
    cerebro.addstrategy(Trading)
    cerebro.addobserver(bt.observers.DataTrades)
    cerebro.addobservermulti(bt.observers.BuySell, barplot=True)
    cerebro.run()
    return cerebro.plot()


@case
def bar_by_bar(bt):
    return run(bt, usual, stdstats=True, runonce=False, preload=False).plot()


@case
def own_plotter(bt):
    heard = []

    class Own:
        def plot(self, strategy, figid=0, numfigs=1, **kwargs):
            heard.append((figid, numfigs, sorted(kwargs.items())))
            return []

        def show(self):
            heard.append("show")

    run(bt).plot(Own(), numfigs=2, use="agg", start=1, width=3)
    return [[repr(heard)]]


@case
def saved(bt):
    plotter = bt.plot.Plot(style="bar")
    (figures,) = run(bt, usual).plot(plotter)
    out = io.BytesIO()
    plotter.savefig(figures[0], out, width=4, height=3, dpi=50, tight=False)
    return [[*figures, repr(out.getvalue()[16:24])]]


# Descriptions


def rounded(value):
    """Numbers as JSON has them; NaN as text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return repr(value) if math.isnan(value) or math.isinf(value) else value
    return value if isinstance(value, int | str | bool) or value is None else str(value)


def text_of(text):
    told = {"text": text.get_text(), "at": text.get_position(), "zorder": text.get_zorder()}
    told["size"] = text.get_fontsize()
    box = text.get_bbox_patch()
    if box is not None:
        told["box"] = [box.get_facecolor(), box.get_edgecolor(), box.get_alpha()]
        told["outline"] = box.get_boxstyle()(0, 0, 10, 4, 8).vertices
    return told


def line_of(line):
    return {
        "x": list(line.get_xdata()),
        "y": list(line.get_ydata()),
        "label": line.get_label(),
        "style": [str(line.get_color()), line.get_linestyle(), str(line.get_marker())],
        "sizes": [line.get_linewidth(), line.get_markersize(), line.get_zorder()],
        "alpha": line.get_alpha(),
        "visible": line.get_visible(),
        "animated": line.get_animated(),
        "fill": line.get_fillstyle(),
    }


def collection_of(collection):
    return {
        "kind": type(collection).__name__,
        "paths": [path.vertices for path in collection.get_paths()],
        "face": collection.get_facecolor(),
        "edge": collection.get_edgecolor(),
        "widths": collection.get_linewidth(),
        "label": collection.get_label(),
        "order": [collection.get_zorder(), collection.get_alpha()],
        "smooth": collection.get_antialiased(),
    }


def patch_of(patch):
    return [*patch.get_bbox().bounds, patch.get_facecolor(), patch.get_zorder(), patch.get_label()]


def legend_of(legend):
    if legend is None:
        return None
    return {
        "texts": [text.get_text() for text in legend.get_texts()],
        "place": legend._loc,
        "align": legend._legend_box.align,
        "frame": legend.get_frame_on(),
        "size": legend.prop.get_size(),
        "handles": [type(handle).__name__ for handle in legend.legend_handles],
        "small": [
            [rounded(path.vertices) for path in artist.get_paths()]
            for artist in legend.findobj(lambda a: hasattr(a, "get_paths"))
        ],
    }


def axes_of(ax):
    spec = ax.get_subplotspec()
    return {
        "rows": [spec.rowspan.start, spec.rowspan.stop, spec.get_gridspec().nrows],
        "place": ax.get_position().bounds,
        "limits": [ax.get_xlim(), ax.get_ylim()],
        "scale": ax.get_yscale(),
        "margins": ax.margins(),
        "ticks": [ax.get_xticks(), ax.get_yticks()],
        "tick texts": [
            [label.get_text() for label in ax.get_xticklabels() if label.get_visible()],
            [label.get_text() for label in ax.get_yticklabels()],
        ],
        "turned": [label.get_rotation() for label in ax.get_xticklabels()],
        "under the mouse": [ax.format_xdata(x) for x in (-3, 0, 4.4, 1000)],
        "legend": legend_of(ax.get_legend()),
        "lines": [line_of(line) for line in ax.lines],
        "collections": [collection_of(one) for one in ax.collections],
        "patches": [patch_of(patch) for patch in ax.patches],
        "texts": [text_of(text) for text in ax.texts],
    }


def figure_of(figure):
    if isinstance(figure, str):
        return figure
    figure.canvas.draw()
    return {"number": figure.number, "axes": [axes_of(ax) for ax in figure.axes]}


def drawn(bt, name):
    import matplotlib.pyplot as plt

    bt.plot.Plot.params.scheme.__init__()
    try:
        figures = CASES[name](bt)
        return rounded([[figure_of(one) for one in several] for several in figures])
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        plt.close("all")


def answer(wanted):
    import matplotlib

    # With pyplot there already, the choice stays: the real package wants Tk.
    matplotlib.use("Agg")
    importlib.import_module("matplotlib.pyplot")
    import backtrader as bt

    importlib.import_module("backtrader.plot")
    return {name: drawn(bt, name) for name in wanted or CASES}


if __name__ == "__main__":
    player.play(answer)
