"""What Leo writes of its own accord, and to whom it may."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.coaching.occurrence import NudgeKind, NudgeState, check_transition
from bot.usecases.records.cohorts import Cohort
from bot.usecases.records.rhythm import Preferences


@dataclass(eq=False)
class Occurrence:
    """One nudge to one person, on one local date of theirs; there is one of a kind a date.

    `at` is the wall time it was planned for, in the person's zone; `due_at` the instant that was,
    or until which it was put off. From `expires_at` on it is of no use; None where it never was.
    """

    person_id: int
    kind: NudgeKind
    on_date: date
    at: time
    due_at: datetime
    expires_at: datetime | None
    id: int | None = field(default=None, kw_only=True)
    state: NudgeState = NudgeState.PLANNED
    practice: str | None = None
    # The run whose question it asked.
    run_id: int | None = None
    # When its message was written to the outbox, and when that arrived.
    opened_at: datetime | None = None
    sent_at: datetime | None = None
    # The occurrence whose message carried this one, too.
    with_id: int | None = None
    # The letter of HR's that it brings.
    letter_id: int | None = None

    def become(self, state: NudgeState) -> None:
        """Go to another state. Raises WrongNudgeTransition where the table does not allow it."""
        check_transition(self.state, state)
        self.state = state


@dataclass(frozen=True)
class Standing:
    """What the planner needs to know of a person. `next_at` is when to look at them."""

    person_id: int
    zone: str | None
    consented_at: datetime | None
    blocked_at: datetime | None
    # How many nudges in a row were not answered.
    unanswered: int
    next_at: datetime | None
    preferences: Preferences | None
    cohort: Cohort | None
    # The days of open plans, and the hour where one was named.
    plans: tuple[tuple[date, time | None], ...] = ()


@dataclass(frozen=True)
class Passage:
    """That an occurrence went from one state to another (None: it was made)."""

    occurrence_id: int
    old: NudgeState | None
    new: NudgeState
    at: datetime
