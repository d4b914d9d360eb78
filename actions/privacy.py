"""A person's data: to take along, or to be gone."""

from actions.base import TurnAction
from bot.usecases.erase import ask_to_erase
from bot.usecases.export import export
from bot.usecases.turn import Verb


class Export(TurnAction):
    """A copy of everything."""

    action = "action_export"

    def verb(self, intent: str) -> Verb:
        """Hand it over."""
        return export


class Erase(TurnAction):
    """Delete everything."""

    action = "action_erase"
    always = True

    def verb(self, intent: str) -> Verb:
        """Ask once, then do it."""
        return ask_to_erase
