"""The store's answers about when to write."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.usecases.records import Preferences


class SqlRhythms:
    """The port `Rhythms` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the unit of work."""
        self._session = session

    def preferences(self, person_id: int) -> Preferences | None:
        """Return what a person chose, or None while they chose nothing."""
        return self._session.scalar(
            select(Preferences).where(t.preferences.c.person_id == person_id)
        )

    def home_by(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Return the (channel, address) of those whose journey is over."""
        query = select(t.person.c.channel, t.person.c.address).where(t.person.c.home_at <= now)
        rows = self._session.execute(query.order_by(t.person.c.home_at).limit(limit))
        return [(channel, address) for channel, address in rows]
