"""Count people for HR's figures, in the transaction that changes them.

A week is one of the cohort, in its zone. Only the week that runs is ever counted in, or one to
come, so that a week that has ended never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.coaching.practice import MARKS, REVIEWS, Form, Kind, Practice
from bot.coaching.programme import week_number
from bot.coaching.run import RunState
from bot.privacy.weeks import PRACTICE
from bot.usecases.ports.cohorts import Tallies
from bot.usecases.records import Cohort, CohortState, Run

if TYPE_CHECKING:
    from bot.usecases.turn import Talk

JOINED, LEFT, ACTIVE = "joined", "left", "active"
# Those who did the practice that the programme has for the week.
PRACTISED = "practised"
KINDS = {Form.REFLECTION: "daily", Form.CHECK_IN: "weekly", Form.EXERCISE: PRACTICE}
# From which local hour on it is called so; before the first it is still evening.
HOURS = {"morning": 5, "midday": 11, "afternoon": 14, "evening": 18}

type Figure = tuple[str, int]


def week_of(cohort: Cohort, now: datetime) -> int:
    """Return the week of a cohort in which an instant lies; 0 is the first."""
    return week_number(now.astimezone(ZoneInfo(cohort.zone)).date(), cohort.starts_on)


def joined(
    tallies: Tallies, cohort: Cohort, now: datetime, left_at: datetime | None = None
) -> None:
    """Count somebody who joins, and who last left this cohort at `left_at` if they were in it.

    Who comes back in the week in which they left is counted in it already: else moving one
    person to and fro would make a crowd.
    """
    week = week_of(cohort, now)
    back = left_at is not None and week_of(cohort, left_at) == week
    _one_more(tallies, cohort, week + back, JOINED)


def left(tallies: Tallies, cohort: Cohort, now: datetime) -> None:
    """Count somebody whom HR takes out; in the week that runs they still count as joined."""
    _one_more(tallies, cohort, week_of(cohort, now), LEFT)


def _one_more(tallies: Tallies, cohort: Cohort, week: int, figure: str) -> None:
    assert cohort.id is not None
    tallies.count(cohort.id, week, [(figure, 0)])


def finished(talk: Talk, practice: Practice, run: Run) -> None:
    """Count what a run about to end adds to its week: each person once in a figure."""
    membership = talk.uow.cohorts.membership(talk.person_id)
    kind = KINDS.get(practice.form)
    if membership is None or kind is None:
        return
    _, cohort = membership
    if cohort.state is CohortState.CLOSED:
        return
    earlier = _earlier(talk, cohort)
    week = week_of(cohort, talk.now)
    assert cohort.id is not None
    figures = list(_figures(talk, practice, run, kind, earlier))
    if practice.id == _practice_of(talk, cohort, week):
        figures += _first_time(practice, earlier)
    talk.uow.tallies.count(cohort.id, week, figures)


def _practice_of(talk: Talk, cohort: Cohort, week: int) -> str | None:
    """Return the practice that a cohort's programme has for a week, by its id, or None."""
    programme = talk.deps.programmes.get(cohort.programme)
    if programme is None or not 0 <= week < len(programme.weeks):
        return None
    return programme.weeks[week].practice


def _first_time(practice: Practice, earlier: list[Run]) -> list[Figure]:
    done = {one.practice for one in earlier}
    return [] if practice.id in done else [(PRACTISED, 0)]


def _earlier(talk: Talk, cohort: Cohort) -> list[Run]:
    """Return what the person ended in this week of the cohort, since they first joined it."""
    week = week_of(cohort, talk.now)
    stays = [one for one, of in talk.uow.cohorts.memberships(talk.person_id) if of is cohort]
    since = min((one.joined_at for one in stays if one.joined_at), default=talk.now)
    return [
        run
        for run in talk.uow.runs(talk.person_id)
        if run.state is RunState.FINISHED
        and run.ended_at is not None
        and run.ended_at >= since
        and week_of(cohort, run.ended_at) == week
    ]


def _figures(
    talk: Talk, practice: Practice, run: Run, kind: str, earlier: list[Run]
) -> Iterator[Figure]:
    kinds = {KINDS.get(talk.deps.library[one.practice].form) for one in earlier} - {None}
    if not kinds:
        yield ACTIVE, 0
        yield _hour(talk.local(talk.now).hour), 0
    if kind not in kinds:
        yield kind, 0
        if practice.form is Form.CHECK_IN:
            yield from _marks(talk)
    if run.reviews and not any(one.reviews for one in earlier):
        yield from _plan(talk, practice)


def _hour(hour: int) -> str:
    past = [name for name, begins in HOURS.items() if hour >= begins]
    return past[-1] if past else "evening"


def _marks(talk: Talk) -> Iterator[Figure]:
    for mark in MARKS:
        given = talk.given.get(mark)
        if given is not None and given.number is not None:
            yield mark, given.number


def _plan(talk: Talk, practice: Practice) -> Iterator[Figure]:
    for step in practice.steps:
        given = talk.given.get(step.id)
        if step.kind is Kind.REVIEW and given is not None and given.choice in REVIEWS:
            yield given.choice, 0
            return
