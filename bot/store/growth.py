"""The store's answers about how far somebody has come."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.coaching.run import RunState
from bot.store import tables as t
from bot.usecases.records import Answer, Run


class SqlGrowth:
    """The port `Growth` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the unit of work."""
        self._session = session

    def ratings(self, person_id: int) -> list[tuple[Run, Answer]]:
        """Return each rating given in a finished run, with its run, oldest run first."""
        query = (
            select(Run, Answer)
            .join(Answer, t.answer.c.run_id == t.run.c.id)
            .where(
                t.run.c.person_id == person_id,
                t.run.c.state == RunState.FINISHED,
                t.answer.c.number.is_not(None),
            )
            .order_by(t.run.c.id, t.answer.c.id)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def written(self, person_id: int) -> list[tuple[Run, Answer]]:
        """Return each answer in words, with its run, latest first; not those put away for good."""
        query = (
            select(Run, Answer)
            .join(Answer, t.answer.c.run_id == t.run.c.id)
            .where(
                t.run.c.person_id == person_id,
                t.run.c.state != RunState.DROPPED,
                t.answer.c.words.is_not(None),
            )
            .order_by(t.answer.c.at.desc(), t.answer.c.id.desc())
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]
