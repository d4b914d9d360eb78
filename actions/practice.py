"""Walking a practice: begin, answer, ask why, skip, go back, rest, resume, amend, progress."""

from functools import partial

from actions.base import Heard, TurnAction
from bot.usecases.amend import amend
from bot.usecases.answer import answer, pass_over
from bot.usecases.explain import explain
from bot.usecases.go_back import go_back
from bot.usecases.progress import see_progress
from bot.usecases.rest import put_off, rest
from bot.usecases.start import go_on, start_test
from bot.usecases.turn import Verb


class StartTest(TurnAction):
    """Begin Greenleaf's test."""

    action = "action_start_test"

    def verb(self, intent: str) -> Verb:
        """Begin, or ask whether to go on with an unfinished one."""
        return start_test


class Answer(TurnAction):
    """An answer in words or by a button. The consent is one, too."""

    action = "action_answer"
    always = True

    def verb(self, intent: str) -> Verb:
        """Take the answer."""
        return answer


class Explain(TurnAction):
    """Why do you ask?"""

    action = "action_explain"
    always = True

    def verb(self, intent: str) -> Verb:
        """Give the reason."""
        return explain


class Skip(TurnAction):
    """Pass over a question."""

    action = "action_skip"

    def verb(self, intent: str) -> Verb:
        """Go on without an answer."""
        return pass_over


class GoBack(TurnAction):
    """Change the last answer."""

    action = "action_go_back"

    def verb(self, intent: str) -> Verb:
        """Ask the question before again."""
        return go_back


class Rest(TurnAction):
    """Stop, or later."""

    action = "action_rest"

    def verb(self, intent: str) -> Verb:
        """Put the exercise away."""
        return put_off if intent == "later" else rest

    def verb_for(self, heard: Heard) -> Verb:
        """Put it off until what the button says."""
        return partial(put_off, choice=heard.practice or "") if heard.intent == "later" else rest


class Resume(TurnAction):
    """Go on where it was left."""

    action = "action_resume"

    def verb(self, intent: str) -> Verb:
        """Ask the open question, or take up what rests."""
        return go_on


class Amend(TurnAction):
    """An edited message."""

    action = "action_amend"

    def verb(self, intent: str) -> Verb:
        """Amend the answer it was."""
        return amend


class SeeProgress(TurnAction):
    """How am I doing?"""

    action = "action_see_progress"

    def verb(self, intent: str) -> Verb:
        """Tell and picture it."""
        return see_progress
