"""What came in and what goes out: the rows of inbox and outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class InboxState(StrEnum):
    """Where an incoming update stands."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class OutboxState(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    # Telegram took the request and never answered: taken as delivered, not sent again.
    UNSURE = "unsure"
    FAILED = "failed"


@dataclass(eq=False)
class InboxItem:
    """One incoming update. Once done, only its number stays, so that it is worked on once."""

    channel: str
    update_id: int
    received_at: datetime
    id: int | None = field(default=None, kw_only=True)
    address: str | None = None
    payload: dict[str, Any] | None = field(default=None, repr=False)
    state: InboxState = InboxState.PENDING
    attempts: int = 0
    done_at: datetime | None = None


@dataclass(eq=False)
class OutboxItem:
    """One outgoing message. Once sent, its body is gone."""

    key: str
    channel: str
    address: str
    due_at: datetime
    id: int | None = field(default=None, kw_only=True)
    person_id: int | None = None
    body: dict[str, Any] | None = field(default=None, repr=False)
    state: OutboxState = OutboxState.PENDING
    attempts: int = 0
    sent_at: datetime | None = None
    message_ref: int | None = None
    # Whether a row stays once it is sent. Before consent, and after an erasure, none does.
    keep: bool = True
    # The nudge it belongs to: such a message gives way to replies.
    occurrence_id: int | None = None
