"""The store's answers about cohorts."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.tallies import headcount_of, tallies_of
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.records import Cohort, Invitation, Member


class SqlCohorts:
    """The port `Cohorts` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the unit of work."""
        self._session = session

    def membership(self, person_id: int) -> tuple[Member, Cohort] | None:
        """Return the membership that a person has now, with its cohort, or None."""
        row = self._session.execute(
            select(Member, Cohort)
            .join(Cohort, t.cohort.c.id == t.member.c.cohort_id)
            .where(t.member.c.person_id == person_id, t.member.c.left_at.is_(None))
            .order_by(t.member.c.id.desc())
            .limit(1)
        ).first()
        return (row[0], row[1]) if row else None

    def memberships(self, person_id: int) -> list[tuple[Member, Cohort]]:
        """Return every membership that a person has or had, with its cohort, oldest first."""
        rows = self._session.execute(
            select(Member, Cohort)
            .join(Cohort, t.cohort.c.id == t.member.c.cohort_id)
            .where(t.member.c.person_id == person_id)
            .order_by(t.member.c.id)
        )
        return [(row[0], row[1]) for row in rows]

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""
        return self._session.get(Member, member_id)

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""
        return self._session.scalar(select(Cohort).where(t.cohort.c.name == name))

    def cohort(self, cohort_id: int) -> Cohort | None:
        """Return one cohort, or None."""
        return self._session.get(Cohort, cohort_id)

    def invitation(self, token_hash: str) -> Invitation | None:
        """Return the invitation whose link has that hash, locked, or None."""
        return self._session.scalar(
            select(Invitation).where(t.invitation.c.token_hash == token_hash).with_for_update()
        )

    def invitation_by_id(self, invitation_id: int) -> Invitation | None:
        """Return one invitation, or None."""
        return self._session.get(Invitation, invitation_id)

    def headcount(self, cohort_id: int) -> Headcount:
        """Return how many are enrolled in a cohort, and have joined."""
        return headcount_of(self._session, cohort_id)

    def tallies(self, cohort_id: int) -> Mapping[tuple[int, str, int], int]:
        """Return all that was counted of a cohort: people by week, figure and value."""
        return tallies_of(self._session, cohort_id)
