"""When Leo writes: what comes next, the settings, other hours and days, pauses."""

from functools import partial

from actions.base import Heard, TurnAction
from bot.usecases.settings.pause import pause, resume_messages
from bot.usecases.settings.quiet import quiet_hours
from bot.usecases.settings.rhythm import change_rhythm
from bot.usecases.settings.see_next import see_next
from bot.usecases.settings.see_settings import see_settings
from bot.usecases.settings.zone import change_zone
from bot.usecases.turn import Verb


class SeeNext(TurnAction):
    """When will you write?"""

    action = "action_see_next"

    def verb(self, intent: str) -> Verb:
        """List what comes."""
        return see_next


class SeeSettings(TurnAction):
    """What is set?"""

    action = "action_see_settings"

    def verb(self, intent: str) -> Verb:
        """Show it."""
        return see_settings

    def verb_for(self, heard: Heard) -> Verb:
        """Change the days that are free."""
        return partial(see_settings, about=heard.practice or "")


class ChangeRhythm(TurnAction):
    """Another hour, other days, fewer messages."""

    action = "action_change_rhythm"

    def verb(self, intent: str) -> Verb:
        """Read it from the words, or ask."""
        return change_rhythm

    def verb_for(self, heard: Heard) -> Verb:
        """Set what the button carries."""
        return partial(change_rhythm, about=heard.practice or "")


class QuietHours(TurnAction):
    """Nothing before nine."""

    action = "action_quiet_hours"

    def verb(self, intent: str) -> Verb:
        """Read it from the words, or ask."""
        return quiet_hours

    def verb_for(self, heard: Heard) -> Verb:
        """Set what the button carries."""
        return partial(quiet_hours, about=heard.practice or "")


class ChangeZone(TurnAction):
    """I am in Tokyo this week."""

    action = "action_change_zone"

    def verb(self, intent: str) -> Verb:
        """Read it from the words, or ask."""
        return change_zone

    def verb_for(self, heard: Heard) -> Verb:
        """Set what the button carries."""
        return partial(change_zone, about=heard.practice or "")


class Pause(TurnAction):
    """No messages for a while, and messages again."""

    action = "action_pause"

    def verb(self, intent: str) -> Verb:
        """Pause or resume."""
        return resume_messages if intent == "resume_messages" else pause

    def verb_for(self, heard: Heard) -> Verb:
        """Pause until what the button carries."""
        if heard.intent == "resume_messages":
            return resume_messages
        return partial(pause, about=heard.practice or "")
