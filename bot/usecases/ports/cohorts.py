"""What the use cases ask the store about cohorts."""

from typing import Protocol

from bot.usecases.records import Cohort, Member


class Cohorts(Protocol):
    """Questions about cohorts and whom HR enrolled in them."""

    def membership(self, person_id: int) -> tuple[Member, Cohort] | None:
        """Return the membership that a person has now, with its cohort, or None."""

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""
