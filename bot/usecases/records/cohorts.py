"""Whom HR enrolled: cohorts and their members."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CohortState(StrEnum):
    """Where a cohort stands."""

    ACTIVE = "active"
    # Its members get no nudges until it is active again.
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(eq=False)
class Cohort:
    """People who walk a programme together. `name` is HR's, such as "Lyon, spring 2027".

    `daily`, `weekly` and `practice` are rhythms in local time ("mon-fri 09:00") that go before
    the programme's own; None leaves the programme's. `zone` is the IANA zone of members who have
    named none, and `language` likewise.
    """

    name: str
    programme: str
    starts_on: date
    zone: str
    language: str
    created_at: datetime
    id: int | None = field(default=None, kw_only=True)
    daily: str | None = None
    weekly: str | None = None
    practice: str | None = None
    state: CohortState = CohortState.ACTIVE
    changed_at: datetime | None = None


@dataclass(eq=False)
class Member:
    """Somebody whom HR enrolled in a cohort; `person_id` is set once they joined in the chat.

    `name` and `email` are HR's own and sealed. Who was moved or taken out by HR has `left_at`.
    Who erased themselves in the chat loses `person_id` only, so that HR does not see it.
    `former_id` is the entry that this one took the place of, when they were moved.
    """

    cohort_id: int
    name: str = field(repr=False)
    added_at: datetime
    id: int | None = field(default=None, kw_only=True)
    email: str | None = field(default=None, repr=False)
    language: str | None = None
    zone: str | None = None
    person_id: int | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    former_id: int | None = None


@dataclass(eq=False)
class Invitation:
    """The link by which a member joins. Only its hash is kept; a new one takes its place."""

    member_id: int
    token_hash: str = field(repr=False)
    made_at: datetime
    expires_at: datetime
    id: int | None = field(default=None, kw_only=True)
    used_at: datetime | None = None
