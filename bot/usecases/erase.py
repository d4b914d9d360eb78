"""Delete everything a person has said, and the person."""

from bot.usecases.turn import Turn


def ask_to_erase(turn: Turn) -> None:
    """Ask once whether everything shall go; before consent there is nothing to ask about."""
    if not turn.person.consented:
        return erase_now(turn)
    turn.drop_dialogues()
    turn.open_run("erase")
    turn.ask()


def erase_now(turn: Turn) -> None:
    """Remove every row of the person, and say so. The Rasa server keeps nothing of anybody."""
    turn.say("erased")
    turn.close_message()
    turn.uow.erase_person(turn.person)
    turn.run = None
    turn.person.id = None
