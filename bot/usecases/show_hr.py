"""Show a person exactly what HR sees of their cohort."""

from bot.coaching.practice import MARKS
from bot.privacy.groups import Count
from bot.privacy.weeks import Week
from bot.usecases.cohorts.figures import ended_weeks
from bot.usecases.cohorts.shown import KINDS, counted, participation
from bot.usecases.turn import Turn


def show_hr(turn: Turn) -> None:
    """Say what HR sees, from the same figures as the console; then go on where things were."""
    membership = turn.uow.cohorts.membership(turn.person_id)
    if membership is None:
        turn.say("hr_sees_nothing")
        return turn.ask()
    _, cohort = membership
    assert cohort.id is not None
    headcount = turn.uow.cohorts.headcount(cohort.id)
    tallies = turn.uow.cohorts.tallies(cohort.id)
    weeks = ended_weeks(cohort, tallies, turn.deps.minimum, turn.now)
    turn.say(
        "hr_sees",
        cohort=cohort.name,
        enrolled=headcount.enrolled,
        joined=headcount.joined,
        minimum=turn.deps.minimum,
    )
    if weeks:
        _show_week(turn, weeks[-1])
        turn.show(participation(weeks, turn.word), turn.word("participation_title"))
    else:
        turn.say("hr_sees_later")
    turn.ask()


def _show_week(turn: Turn, week: Week) -> None:
    counts = [(turn.word(f"kind_{kind}"), _told(turn, counted(week, kind))) for kind in KINDS]
    marks = [
        (turn.word(f"mark_{mark}"), one if one.mean is not None else None)
        for mark in MARKS
        if (one := week.marks[mark])
    ]
    turn.say("hr_sees_week", week=week.week + 1, counts=counts, marks=marks)


def _told(turn: Turn, count: Count) -> str:
    if count.people is not None:
        return str(count.people)
    return turn.word(str(count.held))
