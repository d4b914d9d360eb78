"""Which week of their programme somebody is in."""

from bot.coaching.programme import Week
from bot.usecases.records import CohortState
from bot.usecases.turn import Turn


def programme_week(turn: Turn) -> Week | None:
    """Return the week of the person's programme, or None where they are in none today."""
    membership = turn.uow.cohorts.membership(turn.person_id)
    if membership is None or membership[1].state is CohortState.CLOSED:
        return None
    cohort = membership[1]
    programme = turn.deps.programmes.get(cohort.programme)
    return programme.week_on(turn.today, cohort.starts_on) if programme else None
