"""How each kind of nudge begins: what it says, and the question it asks at once."""

from bot.coaching.programme import Week
from bot.usecases.check_in import check_in
from bot.usecases.reflect import choose_reflection
from bot.usecases.start import begin
from bot.usecases.turn import Talk


def open_daily(talk: Talk) -> None:
    """Ask a reflection; nothing where all were asked lately."""
    prompt = choose_reflection(talk)
    if prompt is not None:
        talk.say("nudge_daily")
        talk.open_run(prompt.id)
        talk.ask()


def open_weekly(talk: Talk) -> None:
    """Ask the check-in's first question, or go on with the one of this week."""
    if talk.deps.check_in in talk.deps.library:
        talk.say("nudge_weekly")
        check_in(talk)


def open_practice(talk: Talk, week: Week | None, number: int) -> None:
    """Open the week with its theme, and ask the first question of its practice."""
    if week is None or week.practice not in talk.deps.library:
        return
    talk.say("nudge_week", number=number, theme=week.theme[talk.language])
    talk.say_content(week.opening)
    begin(talk, week.practice)
