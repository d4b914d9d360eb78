"""Delete everything a person has said, and the person."""

from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.records import Person
from bot.usecases.turn import Turn


def ask_to_erase(turn: Turn) -> None:
    """Ask once whether everything shall go; before consent there is nothing to ask about."""
    if not turn.person.consented:
        return erase_now(turn)
    turn.open_dialogue("erase")


def erase_now(turn: Turn) -> None:
    """Remove every row of the person, and say so. The Rasa server keeps nothing of anybody."""
    turn.say("erased")
    turn.close_message(erased=True)
    turn.settle_live_question()
    turn.forget()


def erase_on_request(open_uow: OpenUnitOfWork, channel: str, address: str) -> bool:
    """Remove every row of a person outside the chat; tell whether Leo knew anybody there.

    What they wrote and Leo has not yet worked on goes, too: it came in before the request.
    """
    with open_uow() as uow:
        while waiting := uow.inbox_pending(channel, address):
            uow.delete(waiting)
            uow.flush()
        person = uow.person(channel, address)
        uow.erase_person(person or Person(channel, address))
        return person is not None
