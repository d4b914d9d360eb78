"""Show how far somebody has come."""

from bot.coaching.run import RunState
from bot.usecases.pictures import picture_of
from bot.usecases.records import Run
from bot.usecases.turn import Turn


def see_progress(turn: Turn) -> None:
    """Tell of the tests done, by person served, and the plans; picture the latest test."""
    finished = [run for run in turn.uow.runs(turn.person_id) if _is_test(turn, run)]
    if not finished:
        turn.say("progress_empty")
        return turn.ask()
    turn.say("progress", tests=len(finished), people=_people(turn, finished), plans=_plans(turn))
    _picture_latest(turn, finished)
    turn.ask()


def _is_test(turn: Turn, run: Run) -> bool:
    practice = turn.deps.library.get(run.practice)
    return run.state is RunState.FINISHED and practice is not None and not practice.dialogue


def _people(turn: Turn, finished: list[Run]) -> list[tuple[str, int, str]]:
    by_person: dict[int | None, list[Run]] = {}
    for run in finished:
        by_person.setdefault(run.about_id, []).append(run)
    return [(turn.about(runs[-1]), len(runs), _day(turn, runs[-1])) for runs in by_person.values()]


def _day(turn: Turn, run: Run) -> str:
    return turn.deps.texts.day(turn.language, turn.local(run.started_at).date())


def _plans(turn: Turn) -> list[tuple[str, str]]:
    return [
        (plan.words, turn.deps.texts.day(turn.language, plan.due) if plan.due else "")
        for plan in turn.uow.plans(turn.person_id)
        if plan.due is None or plan.due >= turn.today
    ]


def _picture_latest(turn: Turn, finished: list[Run]) -> None:
    latest = finished[-1]
    shown = picture_of(turn, turn.deps.library[latest.practice], latest)
    if shown is not None:
        turn.show(*shown)
