"""What all actions share: find the update, do one use case for it, say that it is done."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.logs import where_it_failed
from bot.usecases.turn import Deps, Verb, take

log = structlog.get_logger()

type Clock = Callable[[], datetime]


class TurnAction(Action):  # type: ignore[misc]  # rasa-sdk has no types
    """One action: the use case `verb` done for the update that the message's metadata names.

    The replies are rows in the outbox by then; Rasa gets only the update's number back, so
    that no words pass through it on their way out.
    """

    action: ClassVar[str]
    # Whether it may be done before the person has consented.
    always: ClassVar[bool] = False

    def __init__(self, deps: Deps, clock: Clock) -> None:
        """Take what the use cases work with, and what tells the time."""
        self._deps, self._clock = deps, clock

    def name(self) -> str:
        """Return the action's name in the domain."""
        return self.action

    def verb(self, intent: str) -> Verb:
        """Return the use case for an intent."""
        raise NotImplementedError

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Do the use case in one transaction. A failure is logged by its place, never its words."""
        metadata = tracker.latest_message.get("metadata") or {}
        update = metadata.get("update") or {}
        intent = tracker.latest_message.get("intent", {}).get("name") or ""
        try:
            done = await asyncio.to_thread(self._take, update, intent)
        except Exception as error:
            log.error(
                "action.failed",
                action=self.action,
                update=update.get("id"),
                error=where_it_failed(error),
            )
            return []
        if done:
            dispatcher.utter_message(json_message={"update": update["id"]})
        # Said outright, it saves Rasa from predicting what always follows.
        return [FollowupAction("action_listen")]

    def _take(self, update: dict[str, Any], intent: str) -> bool:
        if "id" not in update:
            return False
        return take(
            self._deps,
            update["channel"],
            update["id"],
            self.verb(intent),
            self._clock(),
            always=self.always,
        )
