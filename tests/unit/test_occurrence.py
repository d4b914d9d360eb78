"""The states of a nudge: which may follow which."""

from itertools import product

import pytest

from bot.coaching.occurrence import (
    TRANSITIONS,
    NudgeState,
    WrongNudgeTransition,
    check_transition,
)

S = NudgeState
# Written down once more, so that a change of the table is a decision.
ALLOWED = {
    (S.PLANNED, S.DUE),
    (S.PLANNED, S.EXPIRED),
    (S.PLANNED, S.SKIPPED),
    (S.DUE, S.CLAIMED),
    (S.DUE, S.EXPIRED),
    (S.DUE, S.SKIPPED),
    (S.CLAIMED, S.DUE),
    (S.CLAIMED, S.SENT),
    (S.CLAIMED, S.ANSWERED),
    (S.CLAIMED, S.SNOOZED),
    (S.CLAIMED, S.EXPIRED),
    (S.CLAIMED, S.SKIPPED),
    (S.CLAIMED, S.FAILED),
    (S.SENT, S.ANSWERED),
    (S.SENT, S.SNOOZED),
    (S.SENT, S.EXPIRED),
    (S.SNOOZED, S.DUE),
    (S.SNOOZED, S.ANSWERED),
    (S.SNOOZED, S.EXPIRED),
    (S.SNOOZED, S.SKIPPED),
}


@pytest.mark.parametrize(("old", "new"), sorted(product(S, S)))
def test_transition(old: NudgeState, new: NudgeState) -> None:
    """A nudge goes only from where it stands to what may follow."""
    if (old, new) in ALLOWED:
        check_transition(old, new)
    else:
        with pytest.raises(WrongNudgeTransition):
            check_transition(old, new)


def test_every_state_has_its_transitions() -> None:
    """No state is forgotten, and every one can be reached but the first."""
    assert TRANSITIONS.keys() == set(S)
    assert {new for news in TRANSITIONS.values() for new in news} == set(S) - {S.PLANNED}
