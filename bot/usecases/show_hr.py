"""Show a person exactly what HR sees of their cohort."""

from typing import Any

from bot.usecases.cohorts import shown
from bot.usecases.cohorts.figures import Picture, pictured
from bot.usecases.cohorts.shown import Section, Words
from bot.usecases.turn import Turn

# The sections that the chat draws, too; the others it tells in words.
DRAWN = (shown.PARTICIPATION, shown.SPREADS)


def show_hr(turn: Turn) -> None:
    """Say what HR sees, from the same figures as the console; then go on where things were."""
    membership = turn.uow.cohorts.membership(turn.person_id)
    if membership is None:
        turn.say("hr_sees_nothing")
        return turn.ask()
    _, cohort = membership
    assert cohort.id is not None
    picture = pictured(
        cohort,
        turn.uow.cohorts.headcount(cohort.id),
        turn.uow.cohorts.tallies(cohort.id),
        turn.deps.programmes,
        turn.deps.minimum,
        turn.now,
    )
    turn.say(
        "hr_sees",
        cohort=cohort.name,
        enrolled=picture.headcount.enrolled,
        joined=picture.headcount.joined,
        minimum=turn.deps.minimum,
    )
    if picture.weeks:
        _show_week(turn, picture)
    else:
        turn.say("hr_sees_later")
    turn.ask()


def _show_week(turn: Turn, picture: Picture) -> None:
    sections = shown.sections(picture, _words(turn))
    told = [(section.title, _lines(turn, section)) for section in sections.values()]
    turn.say("hr_sees_week", week=len(picture.weeks), sections=told)
    for name in DRAWN:
        section = sections[name]
        turn.show({**section.drawing, "alt": section.title}, section.title)


def _lines(turn: Turn, section: Section) -> list[tuple[str, str]]:
    """Return what the last week has in a section: the title of each column, and what is in it."""
    words = _words(turn)
    cells = zip(section.columns.values(), section.rows[-1], strict=True)
    return [(title, shown.told(cell, words.word)) for title, cell in cells]


def _words(turn: Turn) -> Words:
    def word(key: str, **values: Any) -> str:
        return turn.word(key).format(**values)

    titles = {practice.id: practice.title for practice in turn.deps.library.values()}
    return Words(word, turn.language, titles)
