"""An occurrence: one nudge to one person on one date of theirs, and the states it goes through."""

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import LeoError


class NudgeKind(StrEnum):
    """What Leo writes about of its own accord."""

    # A reflection.
    DAILY = "daily"
    # The check-in.
    WEEKLY = "weekly"
    # The practice of the week, with the opening of that week.
    PRACTICE = "practice"
    # What the person meant to do that day.
    PLAN = "plan"
    # What was left unanswered, once more.
    REMINDER = "reminder"
    # The end of the programme.
    CLOSING = "closing"
    # What HR wrote to all in a cohort.
    LETTER = "letter"
    # Leo's words when HR has closed a cohort.
    FAREWELL = "farewell"

    @property
    def asks(self) -> bool:
        """Tell whether it ends in a question."""
        return self not in (NudgeKind.PLAN, NudgeKind.CLOSING) and not self.is_letter

    @property
    def is_letter(self) -> bool:
        """Tell whether HR set it off."""
        return self in (NudgeKind.LETTER, NudgeKind.FAREWELL)


class NudgeState(StrEnum):
    """Where an occurrence stands."""

    # Its time is yet to come, or nobody has looked since it came.
    PLANNED = "planned"
    # Its time has come; it may have to wait until an exercise is over.
    DUE = "due"
    # The scheduler has taken it, and its message is being written or on its way.
    CLAIMED = "claimed"
    SENT = "sent"
    ANSWERED = "answered"
    # Put off by the person.
    SNOOZED = "snoozed"
    EXPIRED = "expired"
    # Not sent, for a reason that is no fault: another one went instead, a pause began.
    SKIPPED = "skipped"
    # It could not be delivered.
    FAILED = "failed"


_S = NudgeState
TRANSITIONS: Mapping[NudgeState, frozenset[NudgeState]] = {
    _S.PLANNED: frozenset({_S.DUE, _S.EXPIRED, _S.SKIPPED}),
    _S.DUE: frozenset({_S.CLAIMED, _S.EXPIRED, _S.SKIPPED}),
    # An answer can come before it is known here that the question has arrived.
    _S.CLAIMED: frozenset(
        {_S.DUE, _S.SENT, _S.ANSWERED, _S.SNOOZED, _S.EXPIRED, _S.SKIPPED, _S.FAILED}
    ),
    _S.SENT: frozenset({_S.ANSWERED, _S.SNOOZED, _S.EXPIRED}),
    _S.SNOOZED: frozenset({_S.DUE, _S.ANSWERED, _S.EXPIRED, _S.SKIPPED}),
    _S.ANSWERED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.SKIPPED: frozenset(),
    _S.FAILED: frozenset(),
}
# Nothing has reached the person yet.
UNSENT = (_S.PLANNED, _S.DUE, _S.CLAIMED, _S.SNOOZED)


class WrongNudgeTransition(LeoError):
    """An occurrence cannot go from its state to the one asked for."""


def check_transition(old: NudgeState, new: NudgeState) -> None:
    """Raise WrongNudgeTransition when an occurrence may not go from `old` to `new`."""
    if new not in TRANSITIONS[old]:
        raise WrongNudgeTransition(f"A nudge cannot go from {old} to {new}.")
