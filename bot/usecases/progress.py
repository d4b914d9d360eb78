"""Show how far somebody has come: in a few lines, one observation, and pictures."""

from collections import Counter
from typing import Any

from bot.coaching.growth import Observation, Sight, observe
from bot.coaching.practice import Form, Kind, PictureKind
from bot.coaching.run import RunState
from bot.usecases.looks import check_in_looks, days_reflected
from bot.usecases.pictures import picture_of, tally_of, weeks_of
from bot.usecases.plans import due_text
from bot.usecases.records import Plan, PlanState, Run
from bot.usecases.turn import Talk, Turn

# As many rows as a phone shows at once.
MAX_TITLES = 8


def see_progress(turn: Turn) -> None:
    """Tell what was done, say one thing that the figures show, and picture it."""
    finished = _finished(turn)
    plans = turn.uow.plans(turn.person_id)
    if not finished:
        turn.say("progress_empty")
        return turn.ask()
    turn.say(
        "progress",
        **_counts(turn, finished),
        people=_people(turn, finished),
        plans=[(p.words, due_text(turn, p)) for p in plans if p.state is PlanState.OPEN],
    )
    _say_observation(turn, plans)
    _show_pictures(turn, finished, plans)
    turn.ask()


def so_far(talk: Talk) -> dict[str, int]:
    """Return how much somebody has done: exercises, check-ins, days of reflection, steps."""
    steps = sum(plan.state is PlanState.DONE for plan in talk.uow.plans(talk.person_id))
    return {**_counts(talk, _finished(talk)), "steps": steps}


def _finished(talk: Talk) -> list[Run]:
    return [run for run in talk.uow.runs(talk.person_id) if _is_done(talk, run)]


def _counts(talk: Talk, finished: list[Run]) -> dict[str, int]:
    forms = Counter(talk.deps.library[run.practice].form for run in finished)
    return {
        "exercises": forms[Form.EXERCISE],
        "check_ins": forms[Form.CHECK_IN],
        "days": len(days_reflected(talk)),
    }


def _is_done(turn: Talk, run: Run) -> bool:
    practice = turn.deps.library.get(run.practice)
    return run.state is RunState.FINISHED and practice is not None and not practice.dialogue


def _people(turn: Turn, finished: list[Run]) -> list[tuple[str, int, str]]:
    by_person: dict[int, list[Run]] = {}
    for run in finished:
        if run.about_id is not None:
            by_person.setdefault(run.about_id, []).append(run)
    return [(turn.about(runs[-1]), len(runs), _day(turn, runs[-1])) for runs in by_person.values()]


def _day(turn: Turn, run: Run) -> str:
    return turn.deps.texts.day(turn.language, turn.local(run.started_at).date())


# --- one observation --------------------------------------------------------------------


def _say_observation(turn: Turn, plans: list[Plan]) -> None:
    kept = [plan.state is PlanState.DONE for plan in plans if plan.state is not PlanState.OPEN]
    seen = observe(check_in_looks(turn), kept, days_reflected(turn), turn.today)
    if seen is None:
        return
    turn.say(
        f"seen_{seen.sight}",
        seen=seen,
        mark=_label(turn, seen.mark),
        day=turn.deps.texts.day(turn.language, seen.day) if seen.day else "",
        words=_words_on(turn, seen),
    )


def _label(turn: Turn, mark: str | None) -> str:
    step = turn.deps.library[turn.deps.check_in].step(mark) if mark else None
    return step.label[turn.language] if step and step.label else ""


def _words_on(turn: Turn, seen: Observation) -> str:
    """Return what was written in the check-in that an observation rests on, or ""."""
    if seen.sight is not Sight.LOWEST:
        return ""
    check_in = turn.deps.library[turn.deps.check_in]
    for run, answer in turn.uow.growth.written(turn.person_id):
        step = check_in.step(answer.step)
        same_day = turn.local(run.started_at).date() == seen.day
        if run.practice == check_in.id and same_day and step and step.kind is Kind.TEXT:
            return answer.words or ""
    return ""


# --- pictures ---------------------------------------------------------------------------


def _show_pictures(turn: Turn, finished: list[Run], plans: list[Plan]) -> None:
    done = Counter(
        turn.deps.library[run.practice].title[turn.language]
        for run in finished
        if turn.deps.library[run.practice].form is not Form.REFLECTION
    )
    states = Counter(plan.state for plan in plans)
    shown = [
        weeks_of(turn, check_in_looks(turn)),
        tally_of(turn, dict(done.most_common(MAX_TITLES)), states),
        _latest_marks(turn, finished),
    ]
    for picture in filter(None, shown):
        turn.show(*picture)


def _latest_marks(turn: Turn, finished: list[Run]) -> tuple[dict[str, Any], str] | None:
    """Return the picture of the person looked at last, or None."""
    for run in reversed(finished):
        practice = turn.deps.library[run.practice]
        picture = practice.closing.picture if practice.closing else None
        if picture is not None and picture.kind is PictureKind.MARKS:
            return picture_of(turn, practice, run)
    return None
