"""What the use cases ask the store about how far somebody has come."""

from typing import Protocol

from bot.usecases.records import Answer, Run


class Growth(Protocol):
    """Questions across all runs of a person."""

    def ratings(self, person_id: int) -> list[tuple[Run, Answer]]:
        """Return each rating given in a finished run, with its run, oldest run first."""

    def written(self, person_id: int) -> list[tuple[Run, Answer]]:
        """Return each answer in words, with its run, latest first; not those put away for good."""
