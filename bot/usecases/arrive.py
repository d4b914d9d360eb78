"""Arrive: the first meeting, or coming back by /start."""

from bot.usecases.tell import greet
from bot.usecases.turn import Turn


def arrive(turn: Turn) -> None:
    """Introduce Leo and ask for consent; greet those who have given it."""
    if turn.person.consented:
        return greet(turn)
    turn.introduce()
