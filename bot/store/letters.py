"""The store's answers about HR's letters."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.nudges import SqlNudges
from bot.usecases.records import Letter, LetterTest, Standing


class SqlLetters:
    """The port `Letters` over a SQLAlchemy session."""

    def __init__(self, session: Session, nudges: SqlNudges) -> None:
        """Take the session of the unit of work, and what knows how people stand."""
        self._session, self._nudges = session, nudges

    def to_spread(self) -> list[int]:
        """Return the ids of the letters that are not yet planned for all, oldest first."""
        query = select(t.letter.c.id).where(t.letter.c.spread_at.is_(None))
        return list(self._session.scalars(query.order_by(t.letter.c.id)))

    def get(self, letter_id: int) -> Letter | None:
        """Return one letter, or None."""
        return self._session.get(Letter, letter_id)

    def locked(self, letter_id: int) -> Letter | None:
        """Return one letter, locked for this transaction, or None."""
        query = select(Letter).where(t.letter.c.id == letter_id)
        return self._session.scalar(query.with_for_update())

    def readers(self, letter: Letter, limit: int) -> list[Standing]:
        """Return how the next people in the letter's cohort stand, in their order."""
        return self._nudges.everyone(letter.cohort_id, after=letter.reached, limit=limit)

    def test(self, token_hash: str) -> LetterTest | None:
        """Return the test whose link has that hash, locked, or None."""
        query = select(LetterTest).where(t.letter_test.c.token_hash == token_hash)
        return self._session.scalar(query.with_for_update())
