"""What may mean one of a few things."""

from functools import partial

from actions.base import Heard, TurnAction
from bot.usecases.clarify import ask_which
from bot.usecases.turn import Verb


class Clarify(TurnAction):
    """Did you mean…?"""

    action = "action_clarify"

    def verb_for(self, heard: Heard) -> Verb:
        """Ask which of the candidates was meant."""
        return partial(ask_which, labels=heard.candidates)
