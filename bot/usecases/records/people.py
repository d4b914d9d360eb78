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
    # When the scheduler has to look at them; None while nothing can come.
    next_at: datetime | None = None
    # How many nudges in a row were not answered, and when Leo said that it slows down.
    unanswered: int = 0
    slowed_at: datetime | None = None
    # On a journey: the zone to come back to, and when. None at home.
    home_zone: str | None = None
    home_at: datetime | None = None
    # When a letter of HR's came, until they have written since.
    letter_at: datetime | None = None

    @property
    def consented(self) -> bool:
        """Tell whether the person has said yes to what is kept."""
        return self.consented_at is not None

    def look_again(self, now: datetime) -> None:
        """Have the scheduler look at them soon: something changed. What is overdue stays so."""
        self.next_at = min(self.next_at, now) if self.next_at else now


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
