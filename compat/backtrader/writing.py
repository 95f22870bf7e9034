"""What writers get: names and values of each bar, and the whole run at its end."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from .autodict import AutoOrderedDict
from .places import ask
from .writer import WriterFile


class Writing:
    """The part of `Cerebro` that has writers."""

    writers: list[Any]
    datas: list[Any]
    p: Any
    _played: list[Any]

    #: The writers of this run, and whether any of them writes the bars.
    runwriters: Any = ()
    writers_csv = False

    def addwriter(self, wrtcls: type, *args: Any, **kwargs: Any) -> None:
        """A writer that is made for each run."""
        ask(wrtcls, kwargs)
        self.writers.append((wrtcls, args, kwargs))

    def _make_writers(self) -> None:
        self.runwriters = [WriterFile()] if self.p.writer is True else []
        for cls, args, kwargs in self.writers:
            self.runwriters.append(cls(*args, **kwargs))
        self.writers_csv = any(writer.p.csv for writer in self.runwriters)

    def _add_headers(self, headers: list[str]) -> None:
        for writer in self.runwriters:
            if writer.p.csv:
                writer.addheaders(headers)

    def _head_datas(self) -> None:
        """Tell the columns of the datas."""
        if self.writers_csv:
            named = [data.getwriterheaders() for data in self.datas if data.csv]
            self._add_headers([name for names in named for name in names])

    def _start_writers(self, strategies: list[Any]) -> None:
        """Tell the columns of the strategies, and begin."""
        for strategy in strategies:
            if self.writers_csv:
                self._add_headers(strategy.getwriterheaders())
        for writer in self.runwriters:
            writer.start()
        if self.writers_csv:
            self._played.append(lambda: self._next_writers(strategies))

    def _next_writers(self, runstrats: list[Any]) -> None:
        """Write a bar."""
        values: list[Any] = []
        for data in self.datas:
            if data.csv:
                values += data.getwritervalues()
        for strategy in runstrats:
            values += strategy.getwritervalues()
        for writer in self.runwriters:
            if writer.p.csv:
                writer.addvalues(values)
                writer.next()

    def stop_writers(self, runstrats: list[Any]) -> None:
        """Write what the run was and came to."""
        whole: OrderedDict[str, Any] = OrderedDict()
        whole["Datas"] = OrderedDict(
            (f"Data{i}", data.getwriterinfo()) for i, data in enumerate(self.datas)
        )
        whole["Strategies"] = {type(s).__name__: s.getwriterinfo() for s in runstrats}
        for writer in self.runwriters:
            writer.writedict({"Cerebro": whole})
            writer.stop()


class Written:
    """The part of `Strategy` that writers read."""

    p: Any
    broker: Any
    analyzers: Any
    getindicators_lines: Any
    getobservers: Any
    writers: list[Any]

    def _addwriter(self, writer: Any) -> None:
        self.writers.append(writer)

    def getwriterheaders(self) -> list[str]:
        """Column names: of the strategy, then of its indicators and observers with `csv`."""
        others = (*self.getindicators_lines(), *self.getobservers())
        self.indobscsv: list[Any] = [self, *(other for other in others if other.csv)]
        names: list[str] = []
        for each in self.indobscsv:
            name = each.plotinfo.plotname or type(each).__name__
            names += [name, "len", *each.getlinealiases()]
        return names

    def getwritervalues(self) -> list[Any]:
        """The current bar's values under those names."""
        values: list[Any] = []
        for each in self.indobscsv:
            size = len(each)
            values += [each.plotinfo.plotname or type(each).__name__, size]
            if size:
                values += [line[0] for line in each.lines.itersize()]
            else:
                values += [""] * each.lines.size()
        return values

    def getwriterinfo(self) -> Any:
        """Parameters, indicators, observers and analyzers, with what they came to."""
        info = AutoOrderedDict()
        info["Params"] = self.p._getkwargs()
        for section, items in (
            ("Indicators", self.getindicators_lines()),
            ("Observers", self.getobservers()),
        ):
            listed = info[section]
            for item in items:
                one = listed[type(item).__name__]
                one.Lines = item.lines.getlinealiases() or None
                one.Params = item.p._getkwargs() or None
        results = info.Analyzers
        results.Value.Begin = self.broker.startingcash
        results.Value.End = self.broker.getvalue()
        for name, analyzer in self.analyzers.getitems():
            results[name].Params = analyzer.p._getkwargs() or None
            results[name].Analysis = analyzer.get_analysis()
        return info
