"""What the use cases ask the store about cohorts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.usecases.records import Cohort, Invitation, Member


@dataclass(frozen=True)
class Headcount:
    """Whom HR enrolled in a cohort: all that are in it, and those who have joined in the chat."""

    enrolled: int
    joined: int


class Cohorts(Protocol):
    """Questions about cohorts and whom HR enrolled in them."""

    def membership(self, person_id: int) -> tuple[Member, Cohort] | None:
        """Return the membership that a person has now, with its cohort, or None."""

    def memberships(self, person_id: int) -> list[tuple[Member, Cohort]]:
        """Return every membership that a person has or had, with its cohort, oldest first."""

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""

    def cohort(self, cohort_id: int) -> Cohort | None:
        """Return one cohort, or None."""

    def invitation(self, token_hash: str) -> Invitation | None:
        """Return the invitation whose link has that hash, locked, or None."""

    def invitation_by_id(self, invitation_id: int) -> Invitation | None:
        """Return one invitation, or None."""

    def headcount(self, cohort_id: int) -> Headcount:
        """Return how many are enrolled in a cohort, and have joined."""

    def tallies(self, cohort_id: int) -> Mapping[tuple[int, str, int], int]:
        """Return all that was counted of a cohort: people by week, figure and value."""


class Tallies(Protocol):
    """What counts people for HR's figures."""

    def count(self, cohort_id: int, week: int, figures: Collection[tuple[str, int]]) -> None:
        """Count one more person in each figure and value of a week."""
