"""Counting people for HR's figures, and reading the counts: whole numbers, no person."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.tables import cohorts as c
from bot.store.tables import tallies as t
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.ports.console import TallyRows


class SqlTallies:
    """The port `Tallies` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def count(self, cohort_id: int, week: int, figures: Collection[tuple[str, int]]) -> None:
        """Count one more person in each figure and value of a week."""
        if not figures:
            return
        dialect = self._session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        # In one order, so that two who count at once never wait for each other.
        rows = [
            {"cohort_id": cohort_id, "week": week, "figure": figure, "value": value, "people": 1}
            for figure, value in sorted(set(figures))
        ]
        statement = insert(t.tally).values(rows)
        self._session.execute(
            statement.on_conflict_do_update(
                index_elements=list(t.tally.primary_key),
                set_={"people": t.tally.c.people + 1},
            )
        )


def headcount_of(session: Session, cohort_id: int) -> Headcount:
    """Return how many are enrolled in a cohort, and have joined."""
    query = select(func.count(), func.count(c.member.c.joined_at)).where(
        c.member.c.cohort_id == cohort_id, c.member.c.left_at.is_(None)
    )
    enrolled, joined = session.execute(query).one()
    return Headcount(enrolled, joined)


def tallies_of(session: Session, cohort_id: int) -> TallyRows:
    """Return all that was counted of a cohort."""
    columns = (t.tally.c.week, t.tally.c.figure, t.tally.c.value, t.tally.c.people)
    rows = session.execute(select(*columns).where(t.tally.c.cohort_id == cohort_id))
    return {(week, figure, value): people for week, figure, value, people in rows}
