"""Every message the scheduler would send, from the same schedules that it plans with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.occurrence import NudgeKind
from bot.coaching.practice import Form
from bot.coaching.schedule import Slot, slots_on
from bot.usecases.nudges.schedules import enrolment_of, schedule_of
from bot.usecases.ports import Mode
from bot.usecases.records import Standing
from bot.usecases.turn import Deps


@dataclass(frozen=True)
class Line:
    """One message to come; `cohort` and `practice` are empty where there is none."""

    person_id: int
    cohort: str
    slot: Slot
    zone: str
    practice: str


def preview(deps: Deps, first: date, last: date, cohort_id: int | None = None) -> Iterator[Line]:
    """Yield what would be sent on local dates from `first` to `last`, person by person.

    Reminders of what was left unanswered depend on the answers; they are not in it.
    """
    with deps.open(Mode.READ) as uow:
        standings = uow.nudges.everyone(cohort_id)
    for standing in standings:
        yield from _lines(deps, standing, first, last)


def _lines(deps: Deps, standing: Standing, first: date, last: date) -> Iterator[Line]:
    schedule, enrolled = schedule_of(standing, deps), enrolment_of(standing, deps)
    if schedule is None:
        return
    cohort = standing.cohort.name if standing.cohort else ""
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        for slot in slots_on(schedule, day):
            week = enrolled.week_on(day) if enrolled else None
            practice = {
                NudgeKind.PRACTICE: week.practice if week else "",
                NudgeKind.WEEKLY: _check_in(deps),
            }.get(slot.kind, "")
            if slot.due_at >= schedule.begins:
                yield Line(standing.person_id, cohort, slot, schedule.zone.key, practice)


def _check_in(deps: Deps) -> str:
    return next((one.id for one in deps.library.values() if one.form is Form.CHECK_IN), "")
