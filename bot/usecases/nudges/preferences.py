"""Change when Leo writes, and see when it will."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.schedule import upcoming as slots_to_come
from bot.coaching.walltime import instant
from bot.usecases.nudges.schedules import enrolment_of, schedule_of, zone_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Person, Preferences, Standing
from bot.usecases.turn import Deps, Talk

# What a person may change; the zone is a field of theirs, the rest are preferences.
CHANGEABLE = frozenset(one.name for one in fields(Preferences)) - {"id", "person_id"}


@dataclass(frozen=True)
class Coming:
    """A message to come, in the person's own time: `at` is aware, in their zone.

    `practice` is the practice of that week, where it is known.
    """

    kind: NudgeKind
    at: datetime
    practice: str | None = None


@dataclass(frozen=True)
class Rhythms:
    """When Leo writes to somebody as things stand, whoever said so; "off" for never."""

    zone: str
    daily: str
    weekly: str
    practice: str
    quiet_from: time | None
    quiet_until: time | None
    paused: bool
    paused_from: date | None
    paused_until: date | None
    working_days: str | None
    country: str | None
    # Leo writes less for a while, since nothing was answered.
    slowed: bool

    def rests_after(self, day: date) -> bool:
        """Tell whether a pause lies over the days after `day`, or is still to come."""
        return self.paused or (self.paused_until is not None and self.paused_until > day)

    def begins_after(self, day: date) -> date | None:
        """Return the first day of a pause that lies ahead of `day`, or None."""
        ahead = self.paused_from is not None and self.paused_from > day
        return self.paused_from if ahead else None


# What ends a pause.
NO_PAUSE: Mapping[str, Any] = {"paused": False, "paused_from": None, "paused_until": None}


def preferences_of(uow: UnitOfWork, person_id: int) -> Preferences:
    """Return what a person chose, to be changed; a new one is kept where they chose nothing."""
    found = uow.rhythms.preferences(person_id)
    if found is None:
        found = Preferences(person_id)
        uow.add(found)
        uow.flush()
    return found


def set_preferences(talk: Talk, *, zone: str | None = None, **changes: Any) -> Preferences:
    """Change fields of `Preferences` by name, and the zone; from now on Leo keeps to them.

    Rhythms are texts such as "mon-fri 08:00", "off", or None to follow the cohort again. To end a
    pause, pass NO_PAUSE. What is planned already and not yet sent is
    moved or left out when its time comes. Raises TypeError for a field that does not exist.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"Preferences have no {', '.join(sorted(unknown))}.")
    own = preferences_of(talk.uow, talk.person_id)
    for name, value in changes.items():
        setattr(own, name, value)
    if zone is not None:
        talk.person.zone = zone
        for one in talk.uow.nudges.all_in(talk.person_id, (NudgeState.PLANNED,)):
            one.due_at = instant(one.on_date, one.at, ZoneInfo(zone))
    talk.person.look_again(talk.now)
    talk.uow.flush()
    return own


def rhythms_of(deps: Deps, uow: UnitOfWork, person: Person) -> Rhythms:
    """Return when Leo writes to somebody, for them to read: their own wishes and the rest."""
    standing = _standing(uow, person)
    own = standing.preferences or Preferences(standing.person_id)
    schedule = schedule_of(standing, deps)
    never = "off"
    return Rhythms(
        zone=zone_of(standing, deps).key,
        daily=str(schedule.daily.rhythm) if schedule else never,
        weekly=str(schedule.weekly.rhythm) if schedule else never,
        practice=str(schedule.practice.rhythm) if schedule else never,
        quiet_from=own.quiet_from,
        quiet_until=own.quiet_until,
        paused=own.paused,
        paused_from=own.paused_from,
        paused_until=own.paused_until,
        working_days=own.working_days,
        country=own.country,
        slowed=person.slowed_at is not None,
    )


def upcoming(
    deps: Deps, uow: UnitOfWork, person: Person, now: datetime, count: int
) -> list[Coming]:
    """Return the next `count` messages to a person, in their own time: planned and put off."""
    standing = _standing(uow, person)
    schedule, zone = schedule_of(standing, deps), zone_of(standing, deps)
    if schedule is None:
        return []
    enrolled = enrolment_of(standing, deps)
    waiting = uow.nudges.all_in(
        standing.person_id, (NudgeState.PLANNED, NudgeState.SNOOZED, NudgeState.DUE)
    )
    known = {(one.kind, one.on_date) for one in waiting}
    found = [Coming(one.kind, one.due_at.astimezone(zone), one.practice) for one in waiting]
    for slot in slots_to_come(schedule, now, known, count):
        week = enrolled.week_on(slot.day) if enrolled else None
        practice = week.practice if week and slot.kind is NudgeKind.PRACTICE else None
        found.append(Coming(slot.kind, slot.due_at.astimezone(zone), practice))
    return sorted(found, key=lambda coming: coming.at)[:count]


def _standing(uow: UnitOfWork, person: Person) -> Standing:
    assert person.id is not None
    standing = uow.nudges.standing(person.id)
    assert standing is not None
    return standing
