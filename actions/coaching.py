"""The library and what comes of it: practices, reflections, the check-in, plans, history."""

from actions.base import TurnAction
from bot.usecases.check_in import check_in
from bot.usecases.reflect import another_one, reflect
from bot.usecases.turn import Verb


class Reflect(TurnAction):
    """Today's question, or another one."""

    action = "action_reflect"

    def verb(self, intent: str) -> Verb:
        """Ask a reflection."""
        return another_one if intent == "another_one" else reflect


class CheckIn(TurnAction):
    """The weekly check-in."""

    action = "action_check_in"

    def verb(self, intent: str) -> Verb:
        """Begin it, or go on with it."""
        return check_in
