"""Jobs by a schedule, in the foreground or as a task: the package `schedule`, with coroutines."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any, ClassVar

from ..unsupported import missing
from . import checks
from .datetime_ import tzaware_to_naive_time

try:
    from schedule import CancelJob, Job, Scheduler
except ImportError:
    raise missing("utils.schedule_ without `schedule`", "pip install schedule") from None

__all__ = ["AsyncJob", "AsyncScheduler", "CancelledError", "ScheduleManager"]

logger = logging.getLogger(__name__)


class CancelledError(asyncio.CancelledError):
    """Raised by a job: ends the schedule."""


class AsyncJob(Job):
    """A job that may be a coroutine."""

    async def async_run(self) -> Any:
        """Run it once and plan the next run; returns what the job returned."""
        logger.info("runs %s", self)
        found = self.job_func()  # pyright: ignore[reportOptionalCall]
        if inspect.isawaitable(found):
            found = await found
        self.last_run = datetime.now()
        self._schedule_next_run()
        return found


class AsyncScheduler(Scheduler):
    """A scheduler of jobs that may be coroutines."""

    async def async_run_pending(self) -> None:
        """Run all jobs that are due, side by side."""
        due = [job for job in self.jobs if job.should_run]
        await asyncio.gather(*(self._async_run_job(job) for job in due))

    async def async_run_all(self, delay_seconds: int = 0) -> None:
        """Run every job, due or not, so many seconds apart."""
        for job in list(self.jobs):
            await self._async_run_job(job)
            await asyncio.sleep(delay_seconds)

    async def _async_run_job(self, job: Any) -> None:
        found = await job.async_run()
        if found is CancelJob or isinstance(found, CancelJob):
            self.cancel_job(job)

    def every(self, interval: int = 1) -> AsyncJob:
        return AsyncJob(interval, self)


_UNITS = ("second", "minute", "hour", "day", "week")


class ScheduleManager:
    """Plans jobs, and runs them in the foreground or the background."""

    units: ClassVar[tuple[str, ...]] = tuple(n for unit in _UNITS for n in (unit, f"{unit}s"))
    weekdays: ClassVar[tuple[str, ...]] = (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    )  # fmt: skip

    def __init__(self, scheduler: AsyncScheduler | None = None) -> None:
        scheduler = AsyncScheduler() if scheduler is None else scheduler
        checks.assert_instance_of(scheduler, AsyncScheduler)
        self._scheduler = scheduler
        self._async_task: Any = None

    @property
    def scheduler(self) -> AsyncScheduler:
        return self._scheduler

    @property
    def async_task(self) -> Any:
        """The task in the background, None before there was one."""
        return self._async_task

    def _parts(self, args: tuple) -> dict[str, Any]:
        """Interval, unit, weekday and time of day among `args`; they come in this order."""
        kinds = {
            "interval": lambda arg: isinstance(arg, (int, timedelta)),
            "unit": lambda arg: isinstance(arg, str) and arg in self.units,
            "weekday": lambda arg: isinstance(arg, str) and arg in self.weekdays,
            "at": lambda arg: isinstance(arg, time_of_day) or (isinstance(arg, str) and ":" in arg),
        }
        names = list(kinds)
        found: dict[str, Any] = {}
        for place, arg in enumerate(args):
            name = next((name for name in names if kinds[name](arg)), None)
            if name is None:
                raise ValueError(
                    f"argument {place} ({arg!r}) is unexpected: an interval, a unit, a weekday "
                    "and a time of day may come, in this order"
                )
            found[name] = arg
            names = names[names.index(name) + 1 :]
        return found

    def every(self, *args, to: int | None = None, tags=None) -> AsyncJob:
        """A new job every so often: `every(10, "minutes")`, `every("monday", "10:30")`.

        args: an interval (a number or a timedelta), a unit (see `units`), a weekday, and a time
        of day (text or `datetime.time`); any of them, in this order; by default every second.
        to: the upper end of an interval that is drawn at random. tags: to find the job by.
        """
        parts = self._parts(args)
        at, weekday = parts.get("at"), parts.get("weekday")
        unit = parts.get("unit")
        if unit is None and weekday is None:
            unit = "seconds" if at is None else "days"
        job: Any = self.scheduler.every(parts.get("interval", 1))
        for name in (unit, weekday):
            if name is not None:
                job = getattr(job, name)
        if at is not None:
            job = job.at(_time_text(at, job) if isinstance(at, time_of_day) else at)
        if to is not None:
            job = job.to(to)
        if tags is not None:
            job = job.tag(*(tags if isinstance(tags, tuple) else (tags,)))
        return job

    def start(self, sleep: int = 1) -> None:
        """Run what is due, in a loop with pauses of so many seconds, until it is cancelled."""
        logger.info("starts with jobs %s", self.scheduler.jobs)
        try:
            while True:
                self.scheduler.run_pending()
                time.sleep(sleep)
        except (KeyboardInterrupt, asyncio.CancelledError):
            logger.info("stops")

    async def async_start(self, sleep: int = 1) -> None:
        """As `start`, as a coroutine."""
        logger.info("starts in the background with jobs %s", self.scheduler.jobs)
        try:
            while True:
                await self.scheduler.async_run_pending()
                await asyncio.sleep(sleep)
        except asyncio.CancelledError:
            logger.info("stops")

    def done_callback(self, async_task: Any) -> None:
        """Called when the task in the background has ended."""
        logger.info("ended: %s", async_task)

    def start_in_background(self, **kwargs) -> None:
        """Make `async_start` a task of the running event loop."""
        self._async_task = asyncio.create_task(self.async_start(**kwargs))
        self._async_task.add_done_callback(self.done_callback)

    @property
    def async_task_running(self) -> bool:
        return self.async_task is not None and not self.async_task.done()

    def stop(self) -> None:
        """End the task in the background."""
        if self.async_task_running:
            self.async_task.cancel()


def _time_text(at: time_of_day, job: Any) -> str:
    """A time of day as `schedule` reads it for the unit of a job."""
    if at.tzinfo is not None and (job.unit == "days" or job.start_day):
        at = tzaware_to_naive_time(at, None)
    text = at.isoformat()
    if job.unit == "hours":
        return text.partition(":")[2]
    return f":{text.split(':')[2]}" if job.unit == "minutes" else text
