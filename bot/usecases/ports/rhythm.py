"""What the use cases ask the store about when to write."""

from datetime import datetime
from typing import Protocol

from bot.usecases.records import Preferences


class Rhythms(Protocol):
    """Questions about what people chose."""

    def preferences(self, person_id: int) -> Preferences | None:
        """Return what a person chose, or None while they chose nothing."""

    def home_by(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Return the (channel, address) of those whose journey is over."""
