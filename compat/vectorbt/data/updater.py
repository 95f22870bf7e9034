"""Updates of data by a schedule."""

from __future__ import annotations

import logging
from typing import Any

from ..utils.config import Configured
from .base import Data

__all__ = ["DataUpdater"]

logger = logging.getLogger(__name__)


class DataUpdater(Configured):
    """Keeps `data`, and updates it by a schedule.

    schedule_manager: the `ScheduleManager` that does so; by default one of its own.
    """

    def __init__(self, data: Data, schedule_manager=None, **kwargs) -> None:
        Configured.__init__(self, data=data, schedule_manager=schedule_manager, **kwargs)
        if schedule_manager is None:
            from ..utils.schedule_ import ScheduleManager

            schedule_manager = ScheduleManager()
        self._data = data
        self._schedule_manager = schedule_manager

    @property
    def data(self) -> Any:
        """The data as last updated."""
        return self._data

    @property
    def schedule_manager(self) -> Any:
        return self._schedule_manager

    def update(self, **kwargs) -> None:
        """Update the data. Raise `CancelledError` in an override to end the schedule."""
        self._data = self.data.update(**kwargs)
        self.update_config(data=self.data)
        index = self.data.wrapper.index
        logger.info("the data has %d rows now, from %s to %s", len(index), index[0], index[-1])

    def update_every(
        self,
        *args,
        to: int | None = None,
        tags=None,
        in_background: bool = False,
        start_kwargs: dict | None = None,
        **kwargs,
    ) -> None:
        """Call `update` with kwargs by a schedule, which `ScheduleManager.every` describes.

        in_background: as a task of the running event loop.
        """
        schedule = self.schedule_manager
        schedule.every(*args, to=to, tags=tags).do(self.update, **kwargs)
        start = schedule.start_in_background if in_background else schedule.start
        start(**(start_kwargs or {}))
