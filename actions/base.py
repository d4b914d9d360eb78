"""What all actions share: find the update, do one use case for it, say that it is done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.logs import where_it_failed
from bot.usecases.clarify import settling
from bot.usecases.turn import Deps, Verb, take

log = structlog.get_logger()

type Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Heard:
    """What the language model understood: an intent, and what it says beside it.

    `practice` is the id of the practice that is wanted; `candidates` are the labels
    (`see_plans`, `want_practice/vuca-lens`) that an unsure message may have meant.
    """

    intent: str
    practice: str | None = None
    candidates: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: dict[str, Any]) -> Self:
        """Read a tracker's latest message."""
        entities = [(e.get("entity"), str(e.get("value"))) for e in message.get("entities") or []]
        return cls(
            intent=(message.get("intent") or {}).get("name") or "",
            practice=next((value for name, value in entities if name == "practice"), None),
            candidates=tuple(value for name, value in entities if name == "candidate"),
        )


class TurnAction(Action):  # type: ignore[misc]  # rasa-sdk has no types
    """One action: the use case `verb` done for the update that the message's metadata names.

    The replies are rows in the outbox by then; Rasa gets only the update's number back, so
    that no words pass through it on their way out.
    """

    action: ClassVar[str]
    # Whether it may be done before the person has consented.
    always: ClassVar[bool] = False
    # Whether a log may name it beside an update.
    logged: ClassVar[bool] = True

    def __init__(self, deps: Deps, clock: Clock) -> None:
        """Take what the use cases work with, and what tells the time."""
        self._deps, self._clock = deps, clock

    def name(self) -> str:
        """Return the action's name in the domain."""
        return self.action

    def verb(self, intent: str) -> Verb:
        """Return the use case for an intent."""
        raise NotImplementedError

    def verb_for(self, heard: Heard) -> Verb:
        """Return the use case for what was heard; most need the intent alone."""
        return self.verb(heard.intent)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Do the use case in one transaction. A failure is logged by its place, never its words."""
        metadata = tracker.latest_message.get("metadata") or {}
        update = metadata.get("update") or {}
        heard = Heard.of(tracker.latest_message)
        try:
            done = await asyncio.to_thread(self._take, update, heard)
        except Exception as error:
            log.error(
                "action.failed",
                action=self.action if self.logged else None,
                update=update.get("id"),
                error=where_it_failed(error),
            )
            return []
        if done:
            dispatcher.utter_message(json_message={"update": update["id"]})
        # Said outright, it saves Rasa from predicting what always follows.
        return [FollowupAction("action_listen")]

    def _take(self, update: dict[str, Any], heard: Heard) -> bool:
        if "id" not in update:
            return False
        return take(
            self._deps,
            update["channel"],
            update["id"],
            settling(self.verb_for(heard)),
            self._clock(),
            always=self.always,
        )
