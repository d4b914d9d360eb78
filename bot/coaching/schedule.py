"""A schedule: when Leo writes to one person, from their rhythms, their zone and their wishes.

Pure: a schedule and a span of time give the slots in it. Wall times become instants here only.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.occurrence import NudgeKind
from bot.coaching.rhythm import Rhythm
from bot.coaching.walltime import Quiet, instant

# Nudges closer to each other than this become one.
TOGETHER = timedelta(hours=1)
# How far a slot is looked for; after that, it is time to look again.
HORIZON_DAYS = 40
NEVER = Rhythm(frozenset(), time(9))
MIDNIGHT = time()
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """A rhythm, from one day to another (both included), where it has an end."""

    rhythm: Rhythm = NEVER
    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether it has a message on a day."""
        return (
            day.weekday() in self.rhythm.days
            and (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
        )

    def once(self) -> "Course":
        """Return the same, on the first of its days only."""
        return replace(self, rhythm=replace(self.rhythm, days=frozenset({min(self.rhythm.days)})))

    def days_to_next(self, day: date) -> int:
        """Return in how many days the rhythm comes again after `day`; 7 at most."""
        ahead = ((other - day.weekday() - 1) % 7 + 1 for other in self.rhythm.days)
        return min(ahead, default=7)


def _no_holiday(_day: date) -> bool:
    return False


@dataclass(frozen=True)
class Schedule:
    """When Leo may write to somebody, and what about.

    `begins` is the aware instant of their consent. `plans` gives the hour, if one was named, for
    each day on which they mean to do something. `resumes_on` ends a pause; with `paused` it has
    no end. It lies ahead until `pauses_on`, if that is set. `closes_on` is the day of the
    programme's closing words.
    """

    zone: ZoneInfo
    begins: datetime
    daily: Course = Course()
    weekly: Course = Course()
    practice: Course = Course()
    plans: Mapping[date, time | None] = field(default_factory=dict)
    closes_on: date | None = None
    quiet: Quiet | None = None
    paused: bool = False
    pauses_on: date | None = None
    resumes_on: date | None = None
    working_days: frozenset[int] | None = None
    is_holiday: Callable[[date], bool] = _no_holiday

    @property
    def empty(self) -> bool:
        """Tell whether nothing will ever come of it as it is."""
        rhythms = (self.daily.rhythm, self.weekly.rhythm, self.practice.rhythm)
        at_rest = self.paused and self.pauses_on is None
        return at_rest or not (any(r.days for r in rhythms) or self.plans or self.closes_on)

    def silent_on(self, day: date) -> bool:
        """Tell whether a pause lies over a day."""
        if self.pauses_on is not None and day < self.pauses_on:
            return False
        return self.paused or (self.resumes_on is not None and day < self.resumes_on)

    def free_on(self, day: date) -> bool:
        """Tell whether a day is no day of work: a day off or a public holiday."""
        off = self.working_days is not None and day.weekday() not in self.working_days
        return off or self.is_holiday(day)

    def slowed(self) -> "Schedule":
        """Return the schedule of somebody who does not answer: one message a week, and plans."""
        courses = (self.weekly, self.practice, self.daily)
        kept = next((course for course in courses if course.rhythm.days), None)
        return replace(
            self,
            weekly=self.weekly.once() if self.weekly is kept else Course(),
            practice=self.practice.once() if self.practice is kept else Course(),
            daily=self.daily.once() if self.daily is kept else Course(),
        )


@dataclass(frozen=True)
class Slot:
    """One message to come: its local date and wall time, and the instants it is due and expires."""

    kind: NudgeKind
    day: date
    at: time
    due_at: datetime
    expires_at: datetime


def slots(schedule: Schedule, since: datetime, until: datetime) -> Iterator[Slot]:
    """Yield the slots due from `since` until `until`, both aware and included, in order."""
    day, last = (moment.astimezone(schedule.zone).date() for moment in (since, until))
    since = max(since, schedule.begins)
    while day <= last:
        for slot in slots_on(schedule, day):
            if since <= slot.due_at <= until:
                yield slot
        day += _DAY


def next_look(schedule: Schedule, after: datetime) -> datetime | None:
    """Return the instant of the first slot after `after`, or when to look again; None for never.

    What lies further than HORIZON_DAYS ahead is not looked for.
    """
    if schedule.empty:
        return None
    day = after.astimezone(schedule.zone).date()
    if schedule.resumes_on is not None and schedule.silent_on(day):
        day = max(day, schedule.resumes_on)
    for _ in range(HORIZON_DAYS):
        for slot in slots_on(schedule, day):
            if slot.due_at > after and slot.due_at >= schedule.begins:
                return slot.due_at
        day += _DAY
    return instant(day, MIDNIGHT, schedule.zone)


type Known = Collection[tuple[NudgeKind, date]]


def plan(
    schedule: Schedule | None, since: datetime, now: datetime, known: Known
) -> tuple[list[Slot], datetime | None]:
    """Return what has become due from `since` until `now`, and when to look again.

    What is `known` has been planned before: a date that comes twice on a journey counts once.
    """
    if schedule is None:
        return [], None
    found = {(slot.kind, slot.day): slot for slot in slots(schedule, since, now)}
    fresh = [slot for key, slot in found.items() if key not in known]
    return fresh, next_look(schedule, now)


def slots_on(schedule: Schedule, day: date) -> list[Slot]:
    """Return the slots of one local date, by their instants; those at once have become one."""
    if schedule.silent_on(day):
        return []
    found = (_slot(schedule, kind, day, at) for kind, at in _wanted(schedule, day).items())
    return _one_at_a_time(sorted((slot for slot in found if slot), key=lambda slot: slot.due_at))


def _wanted(schedule: Schedule, day: date) -> dict[NudgeKind, time]:
    """Return what is to come on a day, and the wall time it was meant for."""
    wanted: dict[NudgeKind, time] = {}
    if day == schedule.closes_on:
        wanted[NudgeKind.CLOSING] = schedule.practice.rhythm.at
    if day in schedule.plans:
        wanted[NudgeKind.PLAN] = schedule.plans[day] or schedule.daily.rhythm.at
    if schedule.free_on(day):
        return wanted
    if schedule.weekly.on(day):
        wanted[NudgeKind.WEEKLY] = schedule.weekly.rhythm.at
    if _practice_on(schedule, day):
        wanted[NudgeKind.PRACTICE] = schedule.practice.rhythm.at
    if schedule.daily.on(day):
        wanted[NudgeKind.DAILY] = schedule.daily.rhythm.at
    return wanted


def _practice_on(schedule: Schedule, day: date) -> bool:
    """Tell whether the practice comes on a day; where the check-in does, it waits for the next."""
    put_off = schedule.practice.on(day - _DAY) and _clash(schedule, day - _DAY)
    return put_off or (schedule.practice.on(day) and not _clash(schedule, day))


def _clash(schedule: Schedule, day: date) -> bool:
    first, second = schedule.practice.rhythm.at, schedule.weekly.rhythm.at
    apart = abs(datetime.combine(day, first) - datetime.combine(day, second))
    return schedule.weekly.on(day) and apart < TOGETHER


def _slot(schedule: Schedule, kind: NudgeKind, day: date, at: time) -> Slot | None:
    """Return a slot, moved out of the quiet hours; None where that leaves no time on its day."""
    calm = schedule.quiet.calm(at) if schedule.quiet else at
    if calm is None:
        return None
    due_at = instant(day, calm, schedule.zone)
    local = due_at.astimezone(schedule.zone)
    if local.date() != day or (schedule.quiet and schedule.quiet.covers(local.time())):
        return None
    ends_on = day + timedelta(days=_days_of_life(schedule, kind, day))
    return Slot(kind, day, calm, due_at, instant(ends_on, MIDNIGHT, schedule.zone))


def _days_of_life(schedule: Schedule, kind: NudgeKind, day: date) -> int:
    """Return after how many midnights a nudge of this kind is of no use any more."""
    match kind:
        case NudgeKind.WEEKLY:
            return schedule.weekly.days_to_next(day)
        case NudgeKind.PRACTICE:
            return schedule.practice.days_to_next(day)
        case NudgeKind.CLOSING:
            return 7
        case NudgeKind.PLAN:
            return 2
        case _:
            return 1


def _one_at_a_time(ordered: list[Slot]) -> list[Slot]:
    """Leave out the daily question where something greater comes at about the same time."""
    greater = [slot for slot in ordered if slot.kind not in (NudgeKind.DAILY, NudgeKind.PLAN)]
    return [
        slot
        for slot in ordered
        if slot.kind is not NudgeKind.DAILY
        or all(abs(slot.due_at - other.due_at) >= TOGETHER for other in greater)
    ]


def upcoming(schedule: Schedule | None, after: datetime, known: Known, count: int) -> list[Slot]:
    """Return the next `count` slots after `after`, as far as HORIZON_DAYS ahead."""
    if schedule is None or schedule.empty:
        return []
    start, day = after, after.astimezone(schedule.zone).date()
    if schedule.resumes_on is not None and schedule.silent_on(day):
        start = max(after, instant(schedule.resumes_on, MIDNIGHT, schedule.zone))
    found = slots(schedule, start, start + timedelta(days=HORIZON_DAYS))
    fresh = (slot for slot in found if slot.due_at > after and (slot.kind, slot.day) not in known)
    return [slot for slot, _ in zip(fresh, range(count), strict=False)]


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a local date is over, in UTC."""
    return instant(day + _DAY, MIDNIGHT, zone).astimezone(UTC)
