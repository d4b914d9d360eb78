"""What HR sees."""

from actions.base import TurnAction
from bot.usecases.show_hr import show_hr
from bot.usecases.turn import Verb


class ShowHr(TurnAction):
    """The same figures as in HR's console."""

    action = "action_show_hr"
    always = True

    def verb(self, intent: str) -> Verb:
        """Show them."""
        return show_hr
