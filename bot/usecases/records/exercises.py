"""Walks through practices: runs, answers, and the plans that come of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from bot.coaching.run import Given, RunState, check_transition


@dataclass(eq=False)
class Run:
    """One walk of a person through a practice. `id` 0 is a run that is not kept (consent)."""

    person_id: int
    practice: str
    step: str
    started_at: datetime
    updated_at: datetime
    id: int | None = field(default=None, kw_only=True)
    state: RunState = RunState.OPEN
    about_id: int | None = None
    # How often the open question has been asked: chooses between its two wordings.
    asks: int = 0
    ended_at: datetime | None = None
    # The plan that this run looks back at.
    review_id: int | None = None

    @property
    def reviews(self) -> bool:
        """Tell whether this run looks back at a plan."""
        return self.review_id is not None

    def become(self, state: RunState, now: datetime) -> None:
        """Go to another state. Raises WrongTransition where the table does not allow it."""
        check_transition(self.state, state)
        self.state = state
        self.updated_at = now
        if state in (RunState.FINISHED, RunState.DROPPED):
            self.ended_at = now


@dataclass(eq=False)
class Answer:
    """What was said at one step of a run, and the update that said it."""

    run_id: int
    step: str
    update_id: int
    at: datetime
    id: int | None = field(default=None, kw_only=True)
    number: int | None = None
    choice: str | None = None
    words: str | None = field(default=None, repr=False)
    day: date | None = None
    # The chat message it came from: an edit of that message amends the answer.
    message_ref: int | None = None
    # Whether Leo has asked, once, for a little more.
    deepened: bool = False

    @property
    def given(self) -> Given:
        """Return what was answered."""
        return Given(self.number, self.choice, self.words, self.day)

    def take(self, given: Given) -> None:
        """Replace what was answered."""
        self.number, self.choice = given.number, given.choice
        self.words, self.day = given.words, given.day


class PlanState(StrEnum):
    """What became of a plan; the values but the first are the choices of a review."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


@dataclass(eq=False)
class Plan:
    """An if–then step the person means to take."""

    person_id: int
    run_id: int
    words: str = field(repr=False)
    made_at: datetime
    id: int | None = field(default=None, kw_only=True)
    due: date | None = None
    # The hour that was named with the day, in the person's own zone.
    at: time | None = None
    state: PlanState = PlanState.OPEN
    settled_at: datetime | None = None

    def settle(self, state: PlanState, now: datetime) -> None:
        """Note what became of it; it may be noted anew."""
        self.state = state
        self.settled_at = None if state is PlanState.OPEN else now
