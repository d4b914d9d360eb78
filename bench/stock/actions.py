"""Actions of the stock assistant, served by rasa-sdk.

To drive a long loop, answer a rating with something that is no rating, such as "12": its
validation returns `{slot: None}`, so the form stays active and asks the same question again,
as often as the tester likes. "start the test", a name, then "12" 118 times are 120 turns.
"""

from collections.abc import Callable
from statistics import mean
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

MARKS = ("grown", "healthier", "wiser", "freer", "autonomous", "serving")
# A follow-up is left out when the question before it got this answer.
FOLLOW_UPS = {"least_who": ("least", "i don't know"), "hurt_what": ("hurt", "no")}

type Slots = dict[str, Any]
# A validator's value is text from the chat, or what it made of it when a form is taken up again.
type Validator = Callable[[Any, Any, CollectingDispatcher, Tracker, Slots], Slots]


def rating(slot: str) -> Validator:
    """A validator that takes whole numbers from 1 to 5."""

    def validate(
        _: Any, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Slots
    ) -> Slots:
        text = str(value).strip()
        if text in {"1", "2", "3", "4", "5"}:
            return {slot: int(text)}
        dispatcher.utter_message(response="utter_not_a_rating")
        return {slot: None}

    return validate


def choice(slot: str, *options: str) -> Validator:
    """A validator that takes one of the options, whatever the case and the apostrophe."""

    def validate(
        _: Any, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Slots
    ) -> Slots:
        chosen = value.strip().lower().replace("’", "'")
        if chosen in options:
            return {slot: chosen}
        dispatcher.utter_message(response="utter_not_a_choice")
        return {slot: None}

    return validate


def words(slot: str, shortest: int = 2) -> Validator:
    """A validator that takes free text of at least `shortest` characters."""

    def validate(
        _: Any, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Slots
    ) -> Slots:
        text = value.strip()
        if len(text) >= shortest:
            return {slot: text}
        dispatcher.utter_message(response="utter_too_short")
        return {slot: None}

    return validate


class ValidateGreenleafForm(FormValidationAction):
    """Checks each answer of the form, and leaves out follow-ups that do not apply."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "validate_greenleaf_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Slots,
    ) -> list[str]:
        """Return what is still to be asked for."""
        return [slot for slot in domain_slots if not _is_left_out(slot, tracker)]

    validate_person = words("person")
    validate_grown = rating("grown")
    validate_grown_seen = words("grown_seen")
    validate_healthier = rating("healthier")
    validate_healthier_seen = words("healthier_seen")
    validate_wiser = rating("wiser")
    validate_wiser_seen = words("wiser_seen")
    validate_freer = rating("freer")
    validate_freer_seen = words("freer_seen")
    validate_autonomous = rating("autonomous")
    validate_autonomous_seen = words("autonomous_seen")
    validate_serving = rating("serving")
    validate_serving_seen = words("serving_seen")
    validate_least = choice("least", "better off", "no worse off", "worse off", "i don't know")
    validate_least_who = words("least_who")
    validate_hurt = choice("hurt", "yes", "no", "not sure")
    validate_hurt_what = words("hurt_what")
    validate_plan = words("plan", shortest=5)


class ActionExplain(Action):
    """Says why the question that is open now is asked."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_explain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Slots) -> list[Slots]:
        """Say it."""
        dispatcher.utter_message(response=f"utter_why_{tracker.get_slot('requested_slot')}")
        return []


class ActionSubmitGreenleaf(Action):
    """Sums the test up and clears it, so that another can start."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_submit_greenleaf"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Slots) -> list[Slots]:
        """Say what the marks come to."""
        marks = {mark: tracker.get_slot(mark) for mark in MARKS}
        dispatcher.utter_message(
            response="utter_submitted",
            person=tracker.get_slot("person"),
            mean=f"{mean(marks.values()):.1f}",
            lowest=min(MARKS, key=lambda mark: marks[mark]),
        )
        return [AllSlotsReset()]


def _is_left_out(slot: str, tracker: Tracker) -> bool:
    if slot not in FOLLOW_UPS:
        return False
    question, answer = FOLLOW_UPS[slot]
    return bool(tracker.get_slot(question) == answer)
