"""How each kind of nudge begins: what it says, and the question it asks at once."""

from collections.abc import Sequence

from bot.coaching.practice import Form, Practice
from bot.coaching.programme import Week
from bot.usecases.start import begin
from bot.usecases.turn import Talk


def open_daily(talk: Talk, week: Week | None) -> None:
    """Ask a reflection: one of the week's themes, the one that was asked longest ago."""
    reflections = _of_form(talk, Form.REFLECTION)
    themes = set(week.themes) if week else set()
    fitting = [one for one in reflections if themes & set(one.tags)] or reflections
    if not fitting:
        return
    asked = [run.practice for run in talk.uow.runs(talk.person_id)]
    chosen = min(fitting, key=lambda one: _last(asked, one.id))
    talk.say("nudge_daily")
    talk.open_run(chosen.id)
    talk.ask()


def open_weekly(talk: Talk) -> None:
    """Ask the check-in's first question."""
    for check_in in _of_form(talk, Form.CHECK_IN)[:1]:
        talk.say("nudge_weekly")
        talk.open_run(check_in.id)
        talk.ask()


def open_practice(talk: Talk, week: Week | None, number: int) -> None:
    """Open the week with its theme, and ask the first question of its practice."""
    if week is None or week.practice not in talk.deps.library:
        return
    talk.say("nudge_week", number=number, theme=week.theme[talk.language])
    talk.say_content(week.opening)
    begin(talk, week.practice)


def _of_form(talk: Talk, form: Form) -> list[Practice]:
    return [practice for practice in talk.deps.library.values() if practice.form is form]


def _last(asked: Sequence[str], practice_id: str) -> int:
    """Return how late a practice was walked last; -1 for never."""
    return max(
        (place for place, asked_id in enumerate(asked) if asked_id == practice_id), default=-1
    )
