"""Arrive: the first meeting, or coming back by /start."""

from bot.usecases.tell import greet
from bot.usecases.turn import CONSENT_TEXT, Turn


def arrive(turn: Turn) -> None:
    """Introduce Leo and ask for consent; greet those who have given it."""
    if turn.person.consented:
        return greet(turn)
    assert turn.run is not None
    turn.person.consent_version = f"{CONSENT_TEXT}-{turn.language}"
    turn.run.asks = 0
    turn.say("welcome", name=turn.incoming.name)
    turn.close_message()
    turn.ask()
