"""A reflection: the question of the day, or another one."""

from bot.coaching.growth import lowest_lately
from bot.coaching.practice import Form, Practice
from bot.coaching.reflections import choose
from bot.usecases.looks import looks, reflections
from bot.usecases.nudges.outcome import ask_in_place
from bot.usecases.programme_week import programme_week
from bot.usecases.start import make_room
from bot.usecases.turn import Talk, Turn


def reflect(turn: Turn) -> None:
    """Ask a reflection; one that is open already is asked again."""
    turn.drop_dialogues()
    if turn.practice is not None and turn.practice.form is Form.REFLECTION:
        return turn.ask()
    another_one(turn)


def another_one(turn: Turn) -> None:
    """Ask another reflection; the open one is put back and counts as shown."""
    prompt = choose_reflection(turn)
    if prompt is None:
        turn.say("reflections_all_shown")
        return turn.ask()
    open_reflection(turn, prompt)
    turn.ask()


def choose_reflection(turn: Talk) -> Practice | None:
    """Return the next reflection for the person, or None when all were shown lately."""
    shown = [(run.practice, turn.local(run.started_at).date()) for run in reflections(turn)]
    week = programme_week(turn)
    return choose(
        [p for p in turn.deps.library.values() if p.form is Form.REFLECTION],
        shown,
        turn.today,
        f"{turn.person_id}:{turn.today}:{len(shown)}",
        themes=week.themes if week else (),
        lowest=lowest_lately(looks(turn)),
    )


def open_reflection(turn: Turn, prompt: Practice) -> None:
    """Open a reflection in place of what is open; the question is still to be asked."""
    former = turn.run.id if turn.run else None
    make_room(turn)
    run = turn.open_run(prompt.id)
    if former and run.id:
        ask_in_place(turn.uow, former, run.id)
    turn.say("reflection", title=prompt.title[turn.language], minutes=prompt.minutes)
