"""What `Cerebro` does with feeds of feeds: resampled, replayed, chained and rolled over."""

from __future__ import annotations

from typing import Any


class Resampling:
    """The methods of `Cerebro` about feeds that are made of other feeds."""

    datas: list[Any]
    adddata: Any

    #: Something is resampled or replayed: nothing is read beforehand.
    _doreplay: bool

    def _own(self, dataname: Any) -> Any:
        """The feed, or a clone of one that is already part of the run."""
        if any(dataname is data for data in self.datas):
            return dataname.clone()
        return dataname

    def resampledata(self, dataname: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Add a feed of the longer bars of a feed; keywords as of `Resampler`."""
        made = self._own(dataname)
        made.resample(**kwargs)
        self.adddata(made, name=name)
        self._doreplay = True
        return made

    def replaydata(self, dataname: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Add a feed of longer bars that show how they grow; keywords as of `Replayer`."""
        made = self._own(dataname)
        made.replay(**kwargs)
        self.adddata(made, name=name)
        self._doreplay = True
        return made

    def chaindata(self, *args: Any, **kwargs: Any) -> Any:
        """Add feeds one after another as one."""
        from .feeds.chainer import Chainer

        name = kwargs.pop("name", None)
        name = args[0]._dataname if name is None else name
        made = Chainer(*args, dataname=name)
        self.adddata(made, name=name)
        return made

    def rolloverdata(self, *args: Any, **kwargs: Any) -> Any:
        """Add futures as one feed that goes from one to the next; keywords as of `RollOver`."""
        from .feeds.rollover import RollOver

        name = kwargs.pop("name", None)
        name = args[0]._dataname if name is None else name
        made = RollOver(*args, dataname=name, **kwargs)
        self.adddata(made, name=name)
        return made
