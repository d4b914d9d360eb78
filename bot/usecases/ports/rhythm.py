"""What the use cases ask the store about when to write."""

from typing import Protocol

from bot.usecases.records import Preferences


class Rhythms(Protocol):
    """Questions about what people chose."""

    def preferences(self, person_id: int) -> Preferences | None:
        """Return what a person chose, or None while they chose nothing."""
