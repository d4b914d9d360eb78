"""The store's answers about cohorts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.usecases.records import Cohort, Member


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

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""
        return self._session.get(Member, member_id)

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""
        return self._session.scalar(select(Cohort).where(t.cohort.c.name == name))
