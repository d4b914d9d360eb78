"""What the use cases ask the store about nudges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.coaching.occurrence import NudgeState
from bot.coaching.schedule import Slot
from bot.usecases.records import Occurrence, Passage, Standing


@dataclass(frozen=True)
class Place:
    """Where a nudge belongs: its number, and the chat of its person."""

    occurrence_id: int
    channel: str
    address: str


class Nudges(Protocol):
    """Questions about nudges. What is moved here is checked against the table of transitions,
    and each transition leaves a passage in the same transaction.
    """

    # --- looking at people --------------------------------------------------------------

    def standings_due(self, now: datetime, limit: int) -> list[Standing]:
        """Return those whom it is time to look at, locked; who is locked elsewhere waits."""

    def standing(self, person_id: int) -> Standing | None:
        """Return how one person stands, or None where there is no such person."""

    def everyone(
        self, cohort_id: int | None = None, after: int = 0, limit: int | None = None
    ) -> list[Standing]:
        """Return how all people stand, or those of a cohort, in their order, behind an id."""

    def set_next_looks(self, looks: Mapping[int, datetime | None]) -> None:
        """Note when to look at people again, by person."""

    def look_again(self, cohort_id: int, now: datetime) -> None:
        """Have the scheduler look soon at all in a cohort: something changed for them."""

    # --- many at a time -----------------------------------------------------------------

    def plan(
        self, slots: Sequence[tuple[int, Slot]], now: datetime, letter_id: int | None = None
    ) -> int:
        """Keep slots as planned, by person, perhaps to bring a letter; return how many were new."""

    def ripen(self, now: datetime, limit: int) -> int:
        """Make due what was planned or put off until now; return how many."""

    def claim(self, now: datetime, limit: int) -> int:
        """Take what is due, the longest due first; return how many."""

    def expire_unsent(self, now: datetime, limit: int) -> int:
        """Expire what has not been written and is of no use any more; return how many."""

    def nothing_to_do(self, now: datetime) -> bool:
        """Tell whether there is nobody to look at and nothing to ripen, claim, open or expire."""

    def next_instant(self) -> datetime | None:
        """Return when the scheduler will have something to do, or None."""

    # --- one at a time ------------------------------------------------------------------

    def to_open(self, limit: int) -> list[Place]:
        """Return what is claimed and not yet written, the longest due first."""

    def on_their_way(self) -> int:
        """Return how many nudges wait in the outbox or are being sent."""

    def next_delivery(self) -> datetime | None:
        """Return from when the first message that waits may be sent, or None."""

    def delivered(self, channel: str) -> int:
        """Return how many messages, nudges or not, are known to have arrived in a channel."""

    def unanswered(self, now: datetime, limit: int) -> list[Place]:
        """Return what was written, was not answered, and is of no use any more."""

    def get(self, occurrence_id: int) -> Occurrence | None:
        """Return one occurrence, locked, or None."""

    def of_run(self, run_id: int) -> list[Occurrence]:
        """Return the occurrences that ask, or remind of, the question of a run, latest first."""

    def latest(self, person_id: int, states: Sequence[NudgeState]) -> Occurrence | None:
        """Return what was due last for a person among those in `states`, or None."""

    def all_in(self, person_id: int, states: Sequence[NudgeState]) -> list[Occurrence]:
        """Return the occurrences of a person in `states`, oldest first."""

    def carried_by(self, occurrence_id: int) -> list[Occurrence]:
        """Return the occurrences that went out in the message of another one."""

    def move(self, occurrence: Occurrence, state: NudgeState, now: datetime) -> None:
        """Bring an occurrence to another state. Raises WrongNudgeTransition."""

    def hasten(self, person_id: int, now: datetime) -> None:
        """Let what waits for its turn with a person come now: nothing is in its way any more."""

    def add(self, occurrence: Occurrence, now: datetime) -> bool:
        """Keep a new occurrence; tell whether its date was still free for its kind."""

    def passages(self, occurrence_id: int) -> list[Passage]:
        """Return what an occurrence went through, in order."""
