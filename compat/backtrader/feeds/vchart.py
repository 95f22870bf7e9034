"""Bars from the binary files of Visual Chart."""

from __future__ import annotations

import datetime
import os.path
import struct
from typing import Any

from ..data import AbstractDataBase
from ..dataseries import TimeFrame
from ..dates import date2num
from ..feed import FeedBase


class VChartData(AbstractDataBase):
    """Records of 28 bytes (daily, `.fd`) or 32 bytes (minutes, `.min`).

    A name without ending gets the one of the feed's bar length.
    """

    f: Any = None

    def start(self) -> None:
        super().start()
        source = self.p.dataname
        self.ext = ""
        if not hasattr(source, "read"):
            if source.endswith(".fd"):
                self.p.timeframe = TimeFrame.Days
            elif source.endswith(".min"):
                self.p.timeframe = TimeFrame.Minutes
            else:
                self.ext = ".fd" if self.p.timeframe == TimeFrame.Days else ".min"
        daily = self.p.timeframe >= TimeFrame.Days
        self.dtsize = 1 if daily else 2
        self.barfmt = "IffffII" if daily else "IIffffII"
        self.barsize = struct.calcsize(self.barfmt)
        opened = hasattr(source, "read")
        self.f = source if opened else open(source + self.ext, "rb")  # noqa: SIM115

    def stop(self) -> None:
        if self.f is not None:
            self.f.close()
            self.f = None

    def _load(self):
        if self.f is None:
            return False
        record = self.f.read(self.barsize)
        if not record:
            return False
        fields = struct.unpack(self.barfmt, record)
        year, rest = divmod(fields[0], 500)
        month, day = divmod(rest, 32)
        when = datetime.datetime(year, month, day)
        if self.dtsize > 1:
            minutes, second = divmod(fields[1], 60)
            hour, minute = divmod(minutes, 60)
            when = when.replace(hour=hour, minute=minute, second=second)
        lines = self.lines
        lines.datetime[0] = date2num(when)
        names = ("open", "high", "low", "close", "volume", "openinterest")
        for name, value in zip(names, fields[self.dtsize :], strict=True):
            getattr(lines, name)[0] = value
        return True


class VChartFeed(FeedBase):
    """Makes feeds of the files in the folders of an installation."""

    params = (("basepath", ""), *VChartData.params._gettuple())

    DataCls = VChartData

    def _getdata(self, dataname: Any, **kwargs: Any) -> Any:
        folders = (self.p.basepath, "RealServer", "Data", dataname[0:2], dataname[2:6])
        kwargs["dataname"] = os.path.join(*folders, dataname)
        return self.DataCls(**kwargs)
