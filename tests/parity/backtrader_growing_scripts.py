"""Bar by bar, lines hold what has come so far: nothing of what is still to come can be read."""

from backtrader_setting import frame, script, show

OPERATIONS = {
    "none": lambda s: None,
    "datas": lambda s: s.data0.close - s.data1.close,
    "one": lambda s: s.data1.close * 2.0,
    "compared": lambda s: s.data0.close > s.data1.close,
    "coupled": lambda s: s.data0.close - s.data1.close(),
}


def played(bt, name, weekly, **kwargs):
    class Reads(bt.Strategy):
        def __init__(self):
            self.mean = bt.ind.SMA(self.data1, period=2)
            self.made = OPERATIONS[name](self)
            self.smooth = bt.ind.SMA(self.data0, period=3)

        def read(self, call):
            found = []
            for line in (self.data0.close, self.data1.close, self.mean, self.made, self.smooth):
                for ago in (0, -1, -3, 1) if line is not None else ():
                    try:
                        found.append(show(line[ago]))
                    except IndexError as error:
                        found.append(str(error).split(" ", 1)[1])  # "list" or "array"
            if len(self) < 14 or len(self) % 10 == 0:
                print(call, len(self), len(self.data0), len(self.data1), *found)

        def prenext(self):
            self.read("prenext")

        def nextstart(self):
            self.read("nextstart")

        def next(self):
            self.read("next")

    cerebro = bt.Cerebro(stdstats=False)
    data = bt.feeds.PandasData(dataname=frame(40, seed=3))
    cerebro.adddata(data)
    if weekly:
        cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks)
    else:
        late = frame(30, seed=5, start="2021-03-10")
        cerebro.adddata(bt.feeds.PandasData(dataname=late.iloc[::2]))
    cerebro.addstrategy(Reads)
    try:
        cerebro.run(**kwargs)
    except IndexError as error:
        print("ended:", error)


@script
def weeks_that_have_not_begun(bt):
    for name in OPERATIONS:
        for kwargs in ({}, {"runonce": False}, {"preload": False}):
            print(name, kwargs)
            played(bt, name, True, **kwargs)


@script
def a_data_that_has_not_begun(bt):
    for name in OPERATIONS:
        for kwargs in ({"runonce": False}, {"preload": False}):
            print(name, kwargs)
            played(bt, name, False, **kwargs)


@script
def bars_that_were_read_before_their_time(bt):
    class Reads(bt.Strategy):
        def prenext(self):
            self.next()

        def next(self):
            print(len(self), self.datetime.date(0))
            for data in self.datas:
                found = [len(data)]
                for ago in (1, 0, -1, -2, -4):
                    try:
                        found.append(show(data.close[ago]))
                    except IndexError:
                        found.append("out of range")
                found += [[show(x) for x in data.close.get(0, size)] for size in (2, 4)]
                print("  ", *found)

    for kwargs in ({"preload": False}, {"preload": False, "cheat_on_open": True}):
        cerebro = bt.Cerebro(stdstats=False)
        for start, step in (("2021-03-03", 1), ("2021-03-01", 3), ("2021-03-05", 2)):
            prices = frame(18, seed=step, start=start).iloc[::step]
            cerebro.adddata(bt.feeds.PandasData(dataname=prices))
        cerebro.addstrategy(Reads)
        cerebro.run(**kwargs)
