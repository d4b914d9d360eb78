"""What Leo keeps, as plain objects; the store maps them to tables.

Text a person wrote is marked as words: the store encrypts those fields.
`repr` shows ids only.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.coaching.run import Given, RunState, check_transition


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
class Person:
    """Someone who talks with Leo. Before consent only channel, address and consent text count."""

    channel: str
    address: str
    id: int | None = field(default=None, kw_only=True)
    name: str | None = field(default=None, repr=False)
    language: str | None = None
    zone: str | None = None
    # The consent text last shown, with its language: "1-en".
    consent_version: str | None = None
    consented_at: datetime | None = None
    refused_at: datetime | None = None
    blocked_at: datetime | None = None
    # How many turns were taken: chooses between wordings.
    turns: int = 0
    # The outgoing message whose buttons are live.
    question_id: int | None = None

    @property
    def consented(self) -> bool:
        """Tell whether the person has said yes to what is kept."""
        return self.consented_at is not None


@dataclass(eq=False)
class Served:
    """Somebody whom the person serves, by nickname."""

    person_id: int
    nickname: str = field(repr=False)
    named_at: datetime
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class Run:
    """One walk of a person through a practice. `id` 0 is a run that is not kept (consent)."""

    person_id: int
    practice: str
    step: str
    started_at: datetime
    updated_at: datetime
    id: int | None = field(default=None, kw_only=True)
    state: RunState = RunState.OPEN
    about_id: int | None = None
    # How often the open question has been asked: chooses between its two wordings.
    asks: int = 0
    ended_at: datetime | None = None

    def become(self, state: RunState, now: datetime) -> None:
        """Go to another state. Raises WrongTransition where the table does not allow it."""
        check_transition(self.state, state)
        self.state = state
        self.updated_at = now
        if state in (RunState.FINISHED, RunState.DROPPED):
            self.ended_at = now


@dataclass(eq=False)
class Answer:
    """What was said at one step of a run, and the update that said it."""

    run_id: int
    step: str
    update_id: int
    at: datetime
    id: int | None = field(default=None, kw_only=True)
    number: int | None = None
    choice: str | None = None
    words: str | None = field(default=None, repr=False)
    day: date | None = None
    # The chat message it came from: an edit of that message amends the answer.
    message_ref: int | None = None

    @property
    def given(self) -> Given:
        """Return what was answered."""
        return Given(self.number, self.choice, self.words, self.day)

    def take(self, given: Given) -> None:
        """Replace what was answered."""
        self.number, self.choice = given.number, given.choice
        self.words, self.day = given.words, given.day


@dataclass(eq=False)
class Plan:
    """An if–then step the person means to take."""

    person_id: int
    run_id: int
    words: str = field(repr=False)
    made_at: datetime
    id: int | None = field(default=None, kw_only=True)
    due: date | None = None


@dataclass(eq=False)
class Consent:
    """One decision about consent, in the order they were taken."""

    person_id: int
    version: str
    decision: str
    at: datetime
    id: int | None = field(default=None, kw_only=True)


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
