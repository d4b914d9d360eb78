"""Somebody is in distress."""

from actions.base import TurnAction
from bot.usecases.distress import meet_distress
from bot.usecases.turn import Verb


class Distress(TurnAction):
    """Met first and everywhere, before consent too."""

    action = "action_distress"
    always = True
    logged = False

    def verb(self, intent: str) -> Verb:
        """Answer humanely, with those who can help."""
        return meet_distress
