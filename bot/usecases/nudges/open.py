"""Open a nudge: its question becomes the open one, and its message goes to the outbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.programme import Week
from bot.coaching.run import RunState
from bot.coaching.schedule import Schedule, day_end
from bot.coaching.walltime import Quiet, instant
from bot.usecases.messages import Button
from bot.usecases.nudges import openings
from bot.usecases.nudges.letters import open_letter
from bot.usecases.nudges.schedules import PATIENCE, enrolment_of, schedule_of
from bot.usecases.nudges.snooze import CHOICES
from bot.usecases.ports import Mode
from bot.usecases.ports.nudges import Place
from bot.usecases.records import CohortState, Occurrence, PlanState, Standing
from bot.usecases.turn import Deps, Talk

# An exercise in which nothing was said for so long may be talked over.
REST = timedelta(hours=1)
# How many nudges are written ahead of the sender: what waits longer can still be taken back.
AHEAD = 60
# Nobody is reminded at the weekend, unless they work then.
WEEK = frozenset(range(5))
# HR sends a letter by its own clock; nobody is woken by it, wherever they are.
NIGHT = Quiet(time(20), time(8))
# Who goes first, of those due at once.
RANK = (
    NudgeKind.CLOSING,
    NudgeKind.WEEKLY,
    NudgeKind.PRACTICE,
    NudgeKind.REMINDER,
    NudgeKind.DAILY,
    NudgeKind.PLAN,
    NudgeKind.FAREWELL,
    NudgeKind.LETTER,
)
# Those that come seldom wait for their turn; of the others, another one comes soon.
WAITING = (
    NudgeKind.CLOSING,
    NudgeKind.WEEKLY,
    NudgeKind.PRACTICE,
    NudgeKind.FAREWELL,
    NudgeKind.LETTER,
)


def open_due(deps: Deps, now: datetime) -> int:
    """Open what is claimed, as far as the sender keeps up; return how many were looked at."""
    with deps.open(Mode.READ) as uow:
        room = AHEAD - uow.nudges.on_their_way()
        places = uow.nudges.to_open(room) if room > 0 else []
    for place in places:
        open_nudge(deps, place, now)
    return len(places)


def open_nudge(deps: Deps, place: Place, now: datetime) -> None:
    """Open one nudge in one transaction, or note why it is not sent now, or not at all."""
    with deps.open() as uow:
        person = uow.person(place.channel, place.address)
        occurrence = uow.nudges.get(place.occurrence_id)
        if person is None or person.id is None or occurrence is None:
            return
        if occurrence.state is not NudgeState.CLAIMED or occurrence.opened_at is not None:
            return
        standing = uow.nudges.standing(person.id)
        assert standing is not None
        Opening(Talk(deps, uow, person, now), standing, occurrence).go()


class Opening:
    """One claimed occurrence, about to be opened."""

    def __init__(self, talk: Talk, standing: Standing, occurrence: Occurrence) -> None:
        """Take what would be said to whom, and what the planner knows of them."""
        self._talk, self._standing, self._occurrence = talk, standing, occurrence
        self._nudges, self._now = talk.uow.nudges, talk.now
        self._schedule = schedule_of(standing, talk.deps)

    def go(self) -> None:
        """Open it, put it back to wait, or leave it out."""
        schedule, occurrence = self._schedule, self._occurrence
        if schedule is None or schedule.silent_on(self._today(schedule)):
            return self._leave_out(occurrence)
        if occurrence.expires_at is not None and occurrence.expires_at <= self._now:
            return self._nudges.move(occurrence, NudgeState.EXPIRED, self._now)
        if self._is_over(schedule):
            return self._leave_out(occurrence)
        if until := self._not_before(schedule):
            return self._wait(occurrence, until)
        plans = self._settle_rivals()
        if plans is not None:
            self._open(schedule, plans)

    def _today(self, schedule: Schedule) -> date:
        return self._now.astimezone(schedule.zone).date()

    def _is_over(self, schedule: Schedule) -> bool:
        """Tell whether it belongs to a programme that HR has closed since it was planned.

        What the person put off themselves still comes, and so does their own rhythm.
        """
        cohort, occurrence = self._standing.cohort, self._occurrence
        if cohort is None or cohort.state is not CohortState.CLOSED:
            return False
        run = self._talk.uow.run(occurrence.run_id) if occurrence.run_id is not None else None
        match occurrence.kind:
            case NudgeKind.DAILY:
                return run is None and not schedule.daily.rhythm.days
            case NudgeKind.WEEKLY:
                return run is None and not schedule.weekly.rhythm.days
            case NudgeKind.REMINDER if occurrence.practice and run and cohort.changed_at:
                return run.started_at < cohort.changed_at
        return False

    def _not_before(self, schedule: Schedule) -> datetime | None:
        """Return until when it has to wait: for the end of quiet hours, or of an exercise."""
        local = self._now.astimezone(schedule.zone)
        for quiet in (schedule.quiet, NIGHT if self._occurrence.kind.is_letter else None):
            if quiet and quiet.covers(local.time()):
                day = local.date() + timedelta(days=local.time() >= quiet.end)
                return instant(day, quiet.end, schedule.zone)
        run = self._talk.run
        if run is None:
            return None
        touched = max([run.updated_at, *(one.at for one in self._talk.answers.values())])
        # Sooner, where it ends: see `Talk.end_run`.
        return touched + REST if self._now - touched < REST else None

    def _wait(self, occurrence: Occurrence, until: datetime) -> None:
        occurrence.due_at = until
        if occurrence.state is NudgeState.CLAIMED:
            self._nudges.move(occurrence, NudgeState.DUE, self._now)

    def _leave_out(self, occurrence: Occurrence) -> None:
        self._nudges.move(occurrence, NudgeState.SKIPPED, self._now)

    # --- two at once --------------------------------------------------------------------

    def _settle_rivals(self) -> list[Occurrence] | None:
        """Make one of all that is due now: return the plans that go out with this one.

        None where this one stands back.
        """
        waiting = self._nudges.all_in(self._talk.person_id, (NudgeState.DUE, NudgeState.CLAIMED))
        rivals = [one for one in waiting if one.opened_at is None and one.due_at <= self._now]
        first = min(rivals, key=lambda one: RANK.index(one.kind))
        for one in rivals:
            if one is not first and first is self._occurrence:
                self._stand_back(one)
        if first is not self._occurrence:
            self._stand_back(self._occurrence)
            return None
        return [one for one in rivals if one is not first and one.kind is NudgeKind.PLAN]

    def _stand_back(self, occurrence: Occurrence) -> None:
        if occurrence.kind is NudgeKind.PLAN:
            return  # It goes out with the one that is first.
        if occurrence.kind in WAITING:
            return self._wait(occurrence, self._now + REST)
        self._leave_out(occurrence)

    # --- the message --------------------------------------------------------------------

    def _open(self, schedule: Schedule, plans: list[Occurrence]) -> None:
        talk, occurrence = self._talk, self._occurrence
        self._make_room()
        slowed_at = talk.person.slowed_at
        talk.below = _put_off_buttons(talk)
        self._slow_down()
        if plans:
            self._remind_of_plans()
        _BEGIN[occurrence.kind](self)
        if not talk.said or (occurrence.kind.asks and talk.run is None):
            talk.person.slowed_at = slowed_at
            return self._leave_out(occurrence)
        if not occurrence.kind.asks:
            talk.close_message(talk.below if occurrence.kind is NudgeKind.PLAN else ())
        elif talk.run is not None:
            occurrence.run_id, occurrence.practice = talk.run.id, talk.run.practice
        occurrence.opened_at = self._now
        for plan in plans:
            self._carry(plan)
        key = f"nudge:{occurrence.id}:{occurrence.due_at:%Y%m%dT%H%M%S}"
        for row in talk.write(key):
            row.occurrence_id = occurrence.id
        if occurrence.kind in (NudgeKind.WEEKLY, NudgeKind.PRACTICE):
            self._plan_reminder(schedule)
        talk.uow.flush()

    def _make_room(self) -> None:
        """Let what was left in the middle rest; it can be taken up again at any time."""
        self._talk.drop_dialogues()
        while self._talk.run is not None:
            self._talk.end_run(RunState.RESTED)

    def _slow_down(self) -> None:
        """Say, once, that Leo writes less since nothing was answered."""
        person = self._talk.person
        if self._occurrence.kind.is_letter:
            return  # Nothing of Leo's is mixed with it.
        if person.unanswered >= PATIENCE and person.slowed_at is None:
            person.slowed_at = self._now
            self._talk.say("nudge_slow_down")

    def _carry(self, plan: Occurrence) -> None:
        if plan.state is NudgeState.DUE:
            self._nudges.move(plan, NudgeState.CLAIMED, self._now)
        plan.with_id, plan.opened_at = self._occurrence.id, self._now

    def _plan_reminder(self, schedule: Schedule) -> None:
        """Plan one reminder for the next day of work at the same hour, if it comes in time."""
        occurrence = self._occurrence
        if occurrence.expires_at is None or self._has_reminder():
            return
        working = schedule if schedule.working_days else replace(schedule, working_days=WEEK)
        day = self._today(schedule) + timedelta(days=1)
        while working.free_on(day) or working.silent_on(day):
            day += timedelta(days=1)
            if instant(day, occurrence.at, schedule.zone) >= occurrence.expires_at:
                return
        reminder = Occurrence(
            person_id=occurrence.person_id,
            kind=NudgeKind.REMINDER,
            on_date=day,
            at=occurrence.at,
            due_at=instant(day, occurrence.at, schedule.zone),
            expires_at=min(day_end(day, schedule.zone), occurrence.expires_at),
            practice=occurrence.practice,
            run_id=occurrence.run_id,
        )
        if reminder.due_at < occurrence.expires_at:
            self._nudges.add(reminder, self._now)

    def _has_reminder(self) -> bool:
        run_id = self._occurrence.run_id
        known = self._nudges.of_run(run_id) if run_id is not None else []
        return any(one.kind is NudgeKind.REMINDER for one in known)

    # --- how each kind begins -----------------------------------------------------------

    def begin_daily(self) -> None:
        """A reflection, or the one that was put off."""
        if not self._ask_again():
            openings.open_daily(self._talk)

    def begin_weekly(self) -> None:
        """The check-in, or the one that was put off."""
        if not self._ask_again():
            openings.open_weekly(self._talk)

    def begin_practice(self) -> None:
        """The practice of the week, or the one that was put off."""
        if not self._ask_again():
            openings.open_practice(self._talk, *self._week())

    def begin_reminder(self) -> None:
        """What was left unanswered; nothing where it has come to an end meanwhile."""
        self._ask_again()

    def begin_plan(self) -> None:
        """What the person means to do today."""
        self._remind_of_plans()

    def begin_closing(self) -> None:
        """The programme's closing words."""
        enrolled = enrolment_of(self._standing, self._talk.deps)
        if enrolled is not None:
            self._talk.say_content(enrolled.programme.closing)

    def begin_letter(self) -> None:
        """What HR wrote, or Leo's farewell."""
        open_letter(self._talk, self._occurrence.letter_id)

    def _week(self) -> tuple[Week | None, int]:
        enrolled = enrolment_of(self._standing, self._talk.deps)
        day = self._occurrence.on_date
        return (enrolled.week_on(day), enrolled.number_on(day)) if enrolled else (None, 0)

    def _ask_again(self) -> bool:
        """Ask the question of a run that rests; False where there is none."""
        talk, run_id = self._talk, self._occurrence.run_id
        run = talk.uow.run(run_id) if run_id is not None else None
        if run is None or run.state is not RunState.RESTED:
            return False
        run.become(RunState.OPEN, self._now)
        talk.uow.flush()
        talk.run = run
        talk.say("nudge_again")
        talk.ask()
        return True

    def _remind_of_plans(self) -> None:
        talk = self._talk
        due = [
            plan.words
            for plan in talk.uow.plans(talk.person_id)
            if plan.state is PlanState.OPEN and plan.due == talk.today
        ]
        if due:
            talk.say("nudge_plan", items=due)


_BEGIN: dict[NudgeKind, Callable[[Opening], None]] = {
    NudgeKind.DAILY: Opening.begin_daily,
    NudgeKind.WEEKLY: Opening.begin_weekly,
    NudgeKind.PRACTICE: Opening.begin_practice,
    NudgeKind.PLAN: Opening.begin_plan,
    NudgeKind.REMINDER: Opening.begin_reminder,
    NudgeKind.CLOSING: Opening.begin_closing,
    NudgeKind.LETTER: Opening.begin_letter,
    NudgeKind.FAREWELL: Opening.begin_letter,
}


def _put_off_buttons(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    return (tuple(Button(talk.word(f"put_off_{c}"), f"do.later.{c}") for c in CHOICES),)
