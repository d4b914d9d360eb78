"""Who talks with Leo, whom they serve, and what they agreed to."""

from dataclasses import dataclass, field
from datetime import datetime


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
    # The invitation they came by, until they answer to the consent text.
    invitation_id: int | None = None

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
class Consent:
    """One decision about consent, in the order they were taken."""

    person_id: int
    version: str
    decision: str
    at: datetime
    id: int | None = field(default=None, kw_only=True)
