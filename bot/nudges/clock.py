"""The scheduler's clock: a handful of interval jobs over the database, none for any person.

What is due stands in the database; a job that was late or left out is made good by the next one.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.logs import where_it_failed
from bot.usecases.erase import erase_asked
from bot.usecases.nudges.expire import expire_unanswered
from bot.usecases.nudges.letters import spread_letters
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import tick
from bot.usecases.settings.zone import bring_home
from bot.usecases.turn import Deps

log = structlog.get_logger()

# Seconds between the runs of each job.
TICK_S, OPEN_S, EXPIRE_S, HOME_S, ERASE_S = 2, 1, 20, 60, 5


class Lease(Protocol):
    """Held by one scheduler at a time."""

    def hold(self, now: datetime) -> bool:
        """Take or keep the lease; tell whether it is held."""

    def let_go(self) -> None:
        """Give the lease up."""


class Clock:
    """Runs the scheduler's jobs while the lease is held."""

    def __init__(self, deps: Deps, lease: Lease, now: Callable[[], datetime]) -> None:
        """Take the use cases, the lease, and what tells the time."""
        self._deps, self._lease, self._now = deps, lease, now
        self._holding = False

    async def run(self) -> None:
        """Work until cancelled; then the lease is given up."""
        scheduler = self._scheduler()
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(scheduler.shutdown)
            await asyncio.to_thread(self._end)

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone="UTC",
            # One thread: the jobs take turns, as the lease asks for.
            executors={"default": ThreadPoolExecutor(1)},
            # A job that could not run in time runs late, and once for all that was missed.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        jobs = (
            (bring_home, HOME_S),
            (spread_letters, TICK_S),
            (tick, TICK_S),
            (open_due, OPEN_S),
            (expire_unanswered, EXPIRE_S),
            (erase_asked, ERASE_S),
        )
        for work, seconds in jobs:
            scheduler.add_job(
                self.do, "interval", [work], seconds=seconds, next_run_time=datetime.now(UTC)
            )
        return scheduler

    def do(self, work: Callable[[Deps, datetime], Any]) -> None:
        """Do a piece of work if the lease is held. A failure is logged, and tried again later."""
        try:
            now = self._now()
            held = self._lease.hold(now)
            if held is not self._holding:
                self._holding = held
                log.info("scheduler.works" if held else "scheduler.waits")
            if held:
                work(self._deps, now)
        except Exception as error:
            log.error("scheduler.failed", job=work.__name__, error=where_it_failed(error))

    def _end(self) -> None:
        try:
            self._lease.let_go()
        except Exception as error:
            log.warning("scheduler.lease_kept", error=where_it_failed(error))
