"""The schedule of a person: their own wishes before the cohort's, and those before the programme's.

Whoever is in no cohort follows the organisation's programme from the day of their consent. A
rhythm that a person chose themselves goes on after the programme; the cohort's ends with it.
"""

from dataclasses import MISSING, dataclass, fields
from datetime import date, time, timedelta
from functools import cache, cached_property, partial
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.programme import Programme, Week, week_number
from bot.coaching.rhythm import Rhythm, parse, parse_days
from bot.coaching.schedule import Course, Schedule
from bot.coaching.walltime import Quiet
from bot.usecases.records import Cohort, CohortState, Preferences, Standing
from bot.usecases.turn import Deps

# After so many nudges in a row without an answer, Leo slows down.
PATIENCE = 3
# Nothing chosen. A new record for each would cost half of what a schedule does.
_NO_WISHES: Any = SimpleNamespace(
    **{one.name: one.default for one in fields(Preferences) if one.default is not MISSING}
)

_rhythm = cache(parse)
_days = cache(parse_days)


@dataclass(frozen=True)
class Enrolment:
    """A programme that somebody walks, from a day on."""

    programme: Programme
    starts_on: date

    @cached_property
    def last(self) -> date:
        """Return its last day, a Sunday."""
        monday = self.starts_on - timedelta(days=self.starts_on.weekday())
        return monday + timedelta(weeks=len(self.programme.weeks), days=-1)

    def week_on(self, day: date) -> Week | None:
        """Return the week that a day lies in, or None outside the programme."""
        return self.programme.week_on(day, self.starts_on)

    def number_on(self, day: date) -> int:
        """Return which week of the programme a day lies in, counted from 1."""
        return week_number(day, self.starts_on) + 1


def schedule_of(standing: Standing, deps: Deps) -> Schedule | None:
    """Return when Leo may write to somebody; None while it may not: before consent, or blocked."""
    if standing.consented_at is None or standing.blocked_at is not None:
        return None
    if standing.cohort and standing.cohort.state is CohortState.PAUSED:
        return None
    own = standing.preferences or _NO_WISHES
    enrolled = enrolment_of(standing, deps)
    course = partial(_course, own, standing.cohort, enrolled)
    schedule = Schedule(
        zone=zone_of(standing, deps),
        begins=standing.consented_at,
        daily=course("daily"),
        weekly=course("weekly"),
        practice=course("practice"),
        plans=_plans(standing),
        closes_on=_closing_day(course("practice").rhythm, enrolled),
        quiet=_quiet(own),
        paused=own.paused,
        pauses_on=own.paused_from,
        resumes_on=own.paused_until,
        working_days=_days(own.working_days) if own.working_days else None,
        is_holiday=partial(deps.is_holiday, own.country) if own.country else _never,
    )
    return schedule.slowed() if standing.unanswered >= PATIENCE else schedule


def zone_of(standing: Standing, deps: Deps) -> ZoneInfo:
    """Return the zone of somebody: their own, their cohort's, or the organisation's."""
    return ZoneInfo(standing.zone or deps.zone)


def enrolment_of(standing: Standing, deps: Deps) -> Enrolment | None:
    """Return the programme that somebody walks: the cohort's, else the organisation's."""
    if standing.cohort is not None:
        if standing.cohort.state is not CohortState.ACTIVE:
            return None
        programme = deps.programmes.get(standing.cohort.programme)
        return Enrolment(programme, standing.cohort.starts_on) if programme else None
    programme = deps.programmes.get(deps.default_programme or "")
    if programme is None or standing.consented_at is None:
        return None
    return Enrolment(programme, standing.consented_at.astimezone(zone_of(standing, deps)).date())


def _course(
    own: Preferences, cohort: Cohort | None, enrolled: Enrolment | None, name: str
) -> Course:
    mine: str | None = getattr(own, name)
    if mine and name != "practice":
        return Course(_rhythm(mine))
    if enrolled is None:
        return Course()
    theirs: str | None = mine or (getattr(cohort, name) if cohort else None)
    rhythm: Rhythm = _rhythm(theirs) if theirs else getattr(enrolled.programme, name)
    return Course(rhythm, enrolled.starts_on, enrolled.last)


def _closing_day(rhythm: Rhythm, enrolled: Enrolment | None) -> date | None:
    """Return the day on which the practice would have come, in the week after the last."""
    if enrolled is None or not rhythm.days:
        return None
    return enrolled.last + timedelta(days=1 + min(rhythm.days))


def _plans(standing: Standing) -> dict[date, time | None]:
    """Return the days of open plans, each with the first hour that was named for it."""
    plans: dict[date, time | None] = {}
    for day, at in standing.plans:
        hours = [hour for hour in (plans.get(day), at) if hour is not None]
        plans[day] = min(hours, default=None)
    return plans


def _quiet(own: Preferences) -> Quiet | None:
    if own.quiet_from is None or own.quiet_until is None or own.quiet_from == own.quiet_until:
        return None
    return Quiet(own.quiet_from, own.quiet_until)


def _never(_day: date) -> bool:
    return False
