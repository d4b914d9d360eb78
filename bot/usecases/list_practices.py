"""Show what exercises there are: by theme, the one Leo suggests first."""

import re

from bot.coaching.practice import Form, Practice
from bot.coaching.run import RunState
from bot.usecases import start
from bot.usecases.messages import Button, deed
from bot.usecases.programme_week import programme_week
from bot.usecases.questions import Rows
from bot.usecases.turn import Turn

ON_A_PAGE = 6
_PAGE = re.compile(r"(?P<theme>[a-z-]+?)(?:-(?P<number>\d{1,2}))?")


def want_practice(turn: Turn, practice_id: str = "") -> None:
    """Begin the exercise asked for; where none is named, or it is gone, show which there are."""
    practice = turn.deps.library.get(practice_id)
    if practice is None or practice.form is not Form.EXERCISE:
        return list_practices(turn)
    start.start(turn, practice_id)


def list_practices(turn: Turn, page: str = "") -> None:
    """Show a page of the exercises of a theme, such as "listening-2"; or else all themes."""
    found = _PAGE.fullmatch(page)
    theme = found["theme"] if found else ""
    if theme in _themes(turn):
        _show_theme(turn, theme, int(found["number"] or 1) if found else 1)
    else:
        _show_themes(turn)
    turn.ask()


def exercises(turn: Turn) -> list[Practice]:
    """Return all exercises, in the order of their titles."""
    found = [p for p in turn.deps.library.values() if p.form is Form.EXERCISE]
    return sorted(found, key=lambda practice: practice.title[turn.language].casefold())


def suggested(turn: Turn) -> tuple[Practice, bool] | None:
    """Return the exercise to begin with, and whether it is that of the programme's week.

    Outside a programme it is Greenleaf's test, and once that is done, one not done yet.
    """
    week = programme_week(turn)
    if week is not None:
        return turn.deps.library[week.practice], True
    runs = turn.uow.runs(turn.person_id)
    done = {run.practice for run in runs if run.state is RunState.FINISHED}
    fresh = [practice for practice in exercises(turn) if practice.id not in done]
    fresh.sort(key=lambda practice: practice.id != start.BEST_TEST)
    return (fresh[0], False) if fresh else None


def _themes(turn: Turn) -> list[str]:
    """Return the themes that there are exercises for, in the order of their names."""
    themes = {tag for practice in exercises(turn) for tag in practice.tags}
    return sorted(themes, key=lambda theme: turn.word(f"theme_{theme}").casefold())


def _show_themes(turn: Turn) -> None:
    suggestion = suggested(turn)
    rows: list[tuple[Button, ...]] = []
    if suggestion is not None:
        rows.append((_practice_button(turn, suggestion[0]),))
    if turn.run is None and turn.uow.latest_run(turn.person_id, (RunState.RESTED,)):
        rows.append((deed(turn.word("go_on"), "resume"),))
    themes = [_theme_button(turn, theme) for theme in _themes(turn)]
    rows += [tuple(themes[place : place + 2]) for place in range(0, len(themes), 2)]
    turn.say(
        "practices",
        count=len(exercises(turn)),
        suggestion=_told(turn, suggestion[0]) if suggestion else None,
        of_the_week=bool(suggestion and suggestion[1]),
    )
    turn.close_message(tuple(rows))


def _show_theme(turn: Turn, theme: str, number: int) -> None:
    of_theme = [practice for practice in exercises(turn) if theme in practice.tags]
    first = (number - 1) * ON_A_PAGE
    page = of_theme[first : first + ON_A_PAGE] or of_theme[:ON_A_PAGE]
    rows: Rows = tuple((_practice_button(turn, practice),) for practice in page)
    more = len(of_theme) > first + ON_A_PAGE
    further = (deed(turn.word("more"), "list_practices", f"{theme}-{number + 1}"),) if more else ()
    back = deed(turn.word("all_themes"), "list_practices")
    turn.say(
        "practices_of_theme",
        theme=turn.word(f"theme_{theme}"),
        items=[_told(turn, practice) for practice in page],
    )
    turn.close_message((*rows, (*further, back)))


def _told(turn: Turn, practice: Practice) -> dict[str, str | int]:
    return {
        "title": practice.title[turn.language],
        "purpose": practice.purpose[turn.language],
        "minutes": practice.minutes or 0,
    }


def _practice_button(turn: Turn, practice: Practice) -> Button:
    return deed(practice.title[turn.language], "want_practice", practice.id)


def _theme_button(turn: Turn, theme: str) -> Button:
    return deed(turn.word(f"theme_{theme}"), "list_practices", theme)
