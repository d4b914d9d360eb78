"""The tracker store: Leo's memory is its database, so Rasa starts every turn afresh."""

from typing import Any, Dict, Iterable, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker


class ForgetfulTrackerStore(TrackerStore):
    """Keeps nothing: each turn gets a tracker that has just begun to listen.

    Rasa only routes an intent to an action; which question is open is a row in Leo's
    database. A tracker that never grows keeps a turn as quick at the thousandth message
    as at the first, and leaves no word of a person inside the Rasa server.
    """

    def __init__(
        self,
        domain: Optional[Domain],
        event_broker: Optional[EventBroker] = None,
        **kwargs: Dict[Text, Any],
    ) -> None:
        # The endpoint's own settings (url, token, …) arrive as kwargs and mean nothing here.
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: Text) -> DialogueStateTracker:
        """Return a tracker whose session has started and which listens."""
        tracker = self.init_tracker(sender_id)
        for event in (
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            ActionExecuted(ACTION_LISTEN_NAME),
        ):
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep nothing."""

    async def keys(self) -> Iterable[Text]:
        """Return no conversation: none is kept."""
        return []
