"""What feeds are made of: files of text, groups of files, and bars of another feed."""

from __future__ import annotations

import os.path
from typing import Any

from .data import AbstractDataBase, DataBase, MetaData
from .params import ParamsBase


class MetaCSVData(MetaData):
    """A CSV feed without a name is called like its file."""

    def _after_init(cls, obj):
        if not obj.p.name and not obj._name:
            obj._name, _ = os.path.splitext(os.path.basename(obj.p.dataname))
        super()._after_init(obj)


class CSVDataBase(AbstractDataBase, metaclass=MetaCSVData):
    """Bars from a text file or an open file: `_loadline` writes the fields of a line."""

    params = (("headers", True), ("separator", ","))

    f: Any = None
    separator: str
    #: The number of the line that was read last, and its fields.
    _line = 0
    _tokens: Any = ()
    #: What was read as a whole.
    _text = ""

    def start(self) -> None:
        super().start()
        if self.f is None:
            source = self.p.dataname
            self.f = open(source) if self._begins_again() else source  # noqa: SIM115
        self._line = 0
        if self.p.headers:
            self.f.readline()
            self._line = 1
        self.separator = self.p.separator

    def _begins_again(self) -> bool:
        return not hasattr(self.p.dataname, "readline")

    def _read_again(self) -> None:
        from io import StringIO

        self.f.close()
        self.f = StringIO(self._text)

    def _where(self) -> str:
        file = self.p.dataname if self._begins_again() else "the open file"
        end = " from the end" if getattr(self.p, "reverse", False) else ""
        return f"{file}, line {self._line}{end}: {self.separator.join(self._tokens)!r}"

    def stop(self) -> None:
        super().stop()
        self._close()

    def _close(self) -> None:
        self._text = ""
        if self.f is not None:
            self.f.close()
            self.f = None

    def preload(self) -> None:
        super().preload()
        self._close()

    def _load(self) -> Any:
        tokens = self._getnextline()
        return False if tokens is None else self._loadline(tokens)

    def _getnextline(self) -> list[str] | None:
        """The fields of the next line; None at the end."""
        if self.f is None:
            return None
        line = self.f.readline()
        if not line:
            return None
        self._line += 1
        self._tokens = line.rstrip("\n").split(self.separator)
        return self._tokens

    def _loadline(self, linetokens: list[str]) -> Any:
        """Write the fields of a line into the lines; True: done."""
        raise AttributeError(f"{type(self).__name__!r} object has no attribute '_loadline'")

    def _rows(self) -> list[list[str]]:
        """The fields of all lines that are left."""
        self._text = self.f.read()
        rows = self._text.split("\n")
        if rows and rows[-1] == "":
            rows.pop()
        separator = self.separator
        return [row.split(separator) for row in rows]


class FeedBase(ParamsBase):
    """A maker of feeds with common parameters."""

    params = AbstractDataBase.params._gettuple()

    DataCls: Any

    def __init__(self) -> None:
        self.datas: list[Any] = []

    def start(self) -> None:
        for data in self.datas:
            data.start()

    def stop(self) -> None:
        for data in self.datas:
            data.stop()

    def getdata(self, dataname: Any, name: str | None = None, **kwargs: Any) -> Any:
        """A feed of `dataname` with the parameters of this object and `kwargs`."""
        data = self._getdata(**{**self.p._getkwargs(), **kwargs, "dataname": dataname})
        data._name = name
        self.datas.append(data)
        return data

    def _getdata(self, dataname: Any, **kwargs: Any) -> Any:
        return self.DataCls(**{**self.p._getkwargs(), **kwargs, "dataname": dataname})


class CSVFeedBase(FeedBase):
    """The same for text files below a path."""

    params = (("basepath", ""), *CSVDataBase.params._gettuple())

    def _getdata(self, dataname: Any, **kwargs: Any) -> Any:
        return self.DataCls(dataname=self.p.basepath + dataname, **self.p._getkwargs())


class DataClone(AbstractDataBase):
    """The bars of another feed."""

    _clone = True

    def __init__(self) -> None:
        self.data = source = self.p.dataname
        self._dataname = source._dataname
        for name in ("sessionstart", "sessionend", "timeframe", "compression"):
            setattr(self.p, name, getattr(source.p, name))

    def _start(self) -> None:
        self.start()
        source = self.data
        self._tz = self.lines.datetime._tz = source._tz
        self._calendar = source._calendar
        self._tzinput = None
        for name in ("fromdate", "todate", "sessionstart", "sessionend"):
            setattr(self, name, getattr(source, name))

    def start(self) -> None:
        super().start()
        self._dlen = 0
        self._preloading = False

    def preload(self) -> None:
        self._preloading = True
        super().preload()
        self.data.home()
        self._preloading = False

    def _load(self) -> bool:
        source = self.data
        if self._preloading:
            source.advance()
            if len(source) > source.buflen():
                return False
        elif len(source) > self._dlen:
            self._dlen += 1
        else:
            return False
        for line, other in zip(self.lines, source.lines, strict=False):
            line[0] = other[0]
        return True

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        self._dlen += size
        super().advance(size, datamaster, ticks)


__all__ = ["AbstractDataBase", "CSVDataBase", "CSVFeedBase", "DataBase", "DataClone", "FeedBase"]
