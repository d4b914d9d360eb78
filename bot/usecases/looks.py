"""How somebody rated the marks, look by look."""

from datetime import date

from bot.coaching.growth import Look
from bot.coaching.practice import MARKS, Form
from bot.coaching.run import RunState
from bot.usecases.records import Answer, Run
from bot.usecases.turn import Talk


def looks(turn: Talk) -> list[Look]:
    """Return the ratings of Greenleaf's marks in all finished runs, oldest first."""
    rated = turn.uow.growth.ratings(turn.person_id)
    return _by_run(turn, [(run, answer) for run, answer in rated if answer.step in MARKS])


def check_in_looks(turn: Talk) -> list[Look]:
    """Return the ratings of the weekly check-in, whatever its file rates, oldest first."""
    rated = turn.uow.growth.ratings(turn.person_id)
    return _by_run(turn, [(run, a) for run, a in rated if run.practice == turn.deps.check_in])


def _by_run(turn: Talk, rated: list[tuple[Run, Answer]]) -> list[Look]:
    runs: dict[int | None, tuple[Run, dict[str, int]]] = {}
    for run, answer in rated:
        if answer.number is not None:
            runs.setdefault(run.id, (run, {}))[1][answer.step] = answer.number
    return [Look(turn.local(run.started_at).date(), found) for run, found in runs.values()]


def reflections(turn: Talk) -> list[Run]:
    """Return all runs of daily reflections, oldest first."""
    library = turn.deps.library
    return [
        run
        for run in turn.uow.runs(turn.person_id)
        if (practice := library.get(run.practice)) and practice.form is Form.REFLECTION
    ]


def days_reflected(turn: Talk) -> set[date]:
    """Return the local days on which a reflection was answered."""
    return {
        turn.local(run.ended_at).date()
        for run in reflections(turn)
        if run.state is RunState.FINISHED and run.ended_at
    }
