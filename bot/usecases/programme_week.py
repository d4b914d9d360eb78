"""Which week of their programme somebody is in."""

from bot.coaching.programme import Week
from bot.usecases.nudges.schedules import enrolment_of
from bot.usecases.turn import Talk


def programme_week(turn: Talk) -> Week | None:
    """Return the week of the person's programme, or None where they are in none today."""
    standing = turn.uow.nudges.standing(turn.person_id)
    enrolled = enrolment_of(standing, turn.deps) if standing else None
    return enrolled.week_on(turn.today) if enrolled else None
