"""What all settings share: the words they are read from, and the question where none can be."""

from bot.coaching.rhythm import OFF, Rhythm, parse
from bot.usecases.messages import Button, Told, deed
from bot.usecases.nudges.preferences import Rhythms, rhythms_of
from bot.usecases.questions import Rows
from bot.usecases.turn import Turn

# The one question of each dialogue of settings.
SAY = "say"


def words_of(turn: Turn) -> str:
    """Return what was said; nothing where a button or a command asked."""
    return turn.incoming.text if turn.incoming.told is Told.TEXT else ""


def ask_about(turn: Turn, dialogue: str, *, unread: bool = False) -> None:
    """Ask for a setting in words, with examples; say first that what came was `unread`."""
    if unread:
        turn.say("time_unread")
    turn.open_dialogue(dialogue)


def confirm(turn: Turn, *buttons: Button) -> None:
    """End the message that says what was set, with buttons, and ask again what is open."""
    rows: Rows = tuple((button,) for button in buttons)
    turn.close_message(rows)
    turn.ask()


def undo(turn: Turn, intent: str, about: str) -> Button:
    """Return the button that sets a thing back to what it was."""
    return deed(turn.word("undo"), intent, about)


def present(turn: Turn) -> Rhythms:
    """Return when Leo writes as things stand."""
    return rhythms_of(turn.deps, turn.uow, turn.person)


def rhythm_by_kind(rhythms: Rhythms) -> dict[str, Rhythm]:
    """Return the rhythms by kind."""
    named = {"daily": rhythms.daily, "weekly": rhythms.weekly, "practice": rhythms.practice}
    return {kind: parse(text or OFF) for kind, text in named.items()}
