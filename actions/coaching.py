"""The library and what comes of it: practices, reflections, the check-in, plans, history."""

from functools import partial

from actions.base import Heard, TurnAction
from bot.usecases.check_in import check_in
from bot.usecases.history import recall_person, see_history
from bot.usecases.list_practices import list_practices, want_practice
from bot.usecases.reflect import another_one, reflect
from bot.usecases.see_plans import plan_done, see_plans
from bot.usecases.turn import Verb


class WantPractice(TurnAction):
    """An exercise, by its theme or by the need."""

    action = "action_want_practice"

    def verb(self, intent: str) -> Verb:
        """Show which there are."""
        return want_practice

    def verb_for(self, heard: Heard) -> Verb:
        """Begin it, or take it up."""
        return partial(want_practice, practice_id=heard.practice or "")


class ListPractices(TurnAction):
    """What exercises are there?"""

    action = "action_list_practices"

    def verb(self, intent: str) -> Verb:
        """Show all themes."""
        return list_practices

    def verb_for(self, heard: Heard) -> Verb:
        """Show a page of a theme."""
        return partial(list_practices, page=heard.practice or "")


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


class SeeHistory(TurnAction):
    """What did I write?"""

    action = "action_see_history"

    def verb(self, intent: str) -> Verb:
        """Show the latest page."""
        return see_history

    def verb_for(self, heard: Heard) -> Verb:
        """Show another page."""
        return partial(see_history, page=heard.practice or "")


class RecallPerson(TurnAction):
    """What did I say about Ana?"""

    action = "action_recall_person"

    def verb(self, intent: str) -> Verb:
        """Find who is meant in the message."""
        return recall_person

    def verb_for(self, heard: Heard) -> Verb:
        """Bring back what was said about the one pressed."""
        return partial(recall_person, about=heard.practice or "")


class SeePlans(TurnAction):
    """What did I promise?"""

    action = "action_see_plans"

    def verb(self, intent: str) -> Verb:
        """Show the plans."""
        return see_plans


class PlanDone(TurnAction):
    """I did it."""

    action = "action_plan_done"

    def verb(self, intent: str) -> Verb:
        """Tick off the only open plan, or ask which."""
        return plan_done

    def verb_for(self, heard: Heard) -> Verb:
        """Note what became of the plan pressed."""
        return partial(plan_done, ticked=heard.practice or "")
