"""Greetings, asides, language, and what was not understood."""

from functools import partial

from actions.base import TurnAction
from bot.usecases.answer import not_understood, say_yes_or_no
from bot.usecases.arrive import arrive
from bot.usecases.change_language import change_language, choose_language
from bot.usecases.tell import greet, tell
from bot.usecases.turn import Verb

TEMPLATES = {"send_media": "media"}


class Arrive(TurnAction):
    """/start: the first meeting, or coming back."""

    action = "action_arrive"
    always = True

    def verb(self, intent: str) -> Verb:
        """Introduce Leo, or greet."""
        return arrive


class Tell(TurnAction):
    """An aside, told from the template that has the intent's name."""

    action = "action_tell"
    always = True

    def verb(self, intent: str) -> Verb:
        """Greet, or tell."""
        return greet if intent == "greet" else partial(tell, topic=TEMPLATES.get(intent, intent))


class Affirm(TurnAction):
    """A yes."""

    action = "action_affirm"
    always = True

    def verb(self, intent: str) -> Verb:
        """Take it as an answer where one is asked for."""
        return partial(say_yes_or_no, choice_id="yes")


class Deny(TurnAction):
    """A no."""

    action = "action_deny"
    always = True

    def verb(self, intent: str) -> Verb:
        """Take it as an answer where one is asked for."""
        return partial(say_yes_or_no, choice_id="no")


class ChangeLanguage(TurnAction):
    """Another language, named or to be chosen."""

    action = "action_change_language"
    always = True

    def verb(self, intent: str) -> Verb:
        """Switch, or ask which."""
        language = {"speak_english": "en", "speak_french": "fr"}.get(intent)
        return partial(change_language, language=language) if language else choose_language


class NotUnderstood(TurnAction):
    """Nothing that Leo understands."""

    action = "action_not_understood"

    def verb(self, intent: str) -> Verb:
        """Say so, and show a way on."""
        return not_understood
