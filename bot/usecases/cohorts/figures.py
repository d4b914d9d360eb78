"""HR's figures of a cohort: what page, file, chat and report show, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.practice import MARKS, REVIEWS, SCALE
from bot.coaching.programme import Programme
from bot.privacy.weeks import Tallied, Week, publish
from bot.usecases import tally
from bot.usecases.hr import Actor, HrDeps, cohort_for
from bot.usecases.ports import Mode
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.records import Cohort

# Beyond a year nothing new is drawn.
MOST_WEEKS = 52

type Tallies = Mapping[tuple[int, str, int], int]
# Who came and who went: week, which of the two, and how many.
type Moves = list[tuple[int, str, int]]


@dataclass(frozen=True)
class Picture:
    """A cohort as HR sees it: whom they enrolled, and the weeks that have ended.

    `practices` are those of its programme, by their ids, one a week.
    """

    cohort: Cohort
    headcount: Headcount
    weeks: list[Week]
    practices: Sequence[str]


def picture(deps: HrDeps, actor: Actor, cohort_id: int, now: datetime) -> Picture:
    """Return what HR sees of a cohort. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        headcount = unit.enrolment.headcount(cohort_id)
        tallies = unit.figures.tallies(cohort_id)
    return pictured(cohort, headcount, tallies, deps.programmes, deps.minimum, now)


def pictured(
    cohort: Cohort,
    headcount: Headcount,
    tallies: Tallies,
    programmes: Mapping[str, Programme],
    minimum: int,
    now: datetime,
) -> Picture:
    """Return what HR sees of a cohort of which so much was counted."""
    programme = programmes.get(cohort.programme)
    practices = [week.practice for week in programme.weeks] if programme else []
    return Picture(cohort, headcount, ended_weeks(cohort, tallies, minimum, now), practices)


def ended_weeks(cohort: Cohort, tallies: Tallies, minimum: int, now: datetime) -> list[Week]:
    """Return what is shown of each week that has ended, oldest first."""
    ended = min(tally.week_of(cohort, now), MOST_WEEKS)
    moves = [
        (week, figure, people)
        for (week, figure, _), people in tallies.items()
        if figure in (tally.JOINED, tally.LEFT)
    ]
    return [publish(_tallied(tallies, week, moves), minimum) for week in range(ended)]


def _tallied(tallies: Tallies, week: int, moves: Moves) -> Tallied:
    def people(figure: str, value: int = 0) -> int:
        return tallies.get((week, figure, value), 0)

    return Tallied(
        week=week,
        joined=_joined(moves, week),
        active=people(tally.ACTIVE),
        kinds={kind: people(kind) for kind in tally.KINDS.values()},
        practised=people(tally.PRACTISED),
        hours={hour: people(hour) for hour in tally.HOURS},
        plans={review: people(review) for review in REVIEWS},
        marks={mark: {value: people(mark, value) for value in SCALE} for mark in MARKS},
    )


def _joined(moves: Moves, week: int) -> int:
    """Return how many were members at any time of a week: who left in it still counts."""
    came = sum(people for at, figure, people in moves if figure == tally.JOINED and at <= week)
    went = sum(people for at, figure, people in moves if figure == tally.LEFT and at < week)
    return came - went
