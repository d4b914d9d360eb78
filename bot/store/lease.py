"""The lease: of several schedulers over one database, one works."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, Engine, insert, or_, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.tables import lease
from bot.usecases.ports import Mode

# A scheduler that died is followed by another after this time at most, and one look more.
LASTS = timedelta(seconds=20)
RENEW = timedelta(seconds=15)
_LOCK = 5_370_002
_ROW = 1


class Lease(Protocol):
    """Held by one scheduler at a time."""

    def hold(self, now: datetime) -> bool:
        """Take or keep the lease; tell whether it is held. Ask before each piece of work."""

    def let_go(self) -> None:
        """Give the lease up, so that another scheduler need not wait."""


def lease_of(engine: Engine) -> Lease:
    """Return the lease as the database can give it."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLease(engine)
    return RowLease(engine)


class AdvisoryLease:
    """An advisory lock on a connection of its own: PostgreSQL frees it when that one is gone."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine of a PostgreSQL database."""
        self.engine = engine
        self._connection: Connection | None = None

    def hold(self, now: datetime) -> bool:
        """Take or keep the lock. Raises DBAPIError when the database is out of reach."""
        return self._still_held() or self._take()

    def _still_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:  # The session is gone, and the lock with it.
            self._drop()
            return False
        return True

    def _take(self) -> bool:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # A machine that vanishes without a word is given up after 20 seconds.
        for name, seconds in (("idle", 10), ("interval", 5), ("count", 2)):
            connection.execute(text(f"SET tcp_keepalives_{name} = {seconds}"))
        taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}))
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def let_go(self) -> None:
        """Free the lock."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            self._drop()

    def _drop(self) -> None:
        assert self._connection is not None
        # Not given back to the pool: its session must end.
        self._connection.invalidate()
        self._connection.close()
        self._connection = None


class RowLease:
    """A row with its holder and a time; SQLite knows of nobody's death."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine of a SQLite database."""
        self.engine = engine
        self._writing = engine.execution_options(leo_mode=Mode.RELAXED)
        self._reading = engine.execution_options(leo_mode=Mode.READ)
        self._holder = uuid.uuid4().hex
        self._until: datetime | None = None

    def hold(self, now: datetime) -> bool:
        """Take or keep the row. Raises DBAPIError when the database is out of reach."""
        if self._until is not None and now < self._until - RENEW:
            return True
        if self._is_held_elsewhere(now):
            return False
        until = now + LASTS
        values = {"holder": self._holder, "until": until}
        free = or_(lease.c.holder == self._holder, lease.c.until < now)
        with self._writing.begin() as connection:
            done = connection.execute(update(lease).where(lease.c.id == _ROW, free).values(values))
            held = done.rowcount == 1
            if not held:
                with suppress(IntegrityError):
                    connection.execute(insert(lease).values(id=_ROW, **values))
                    held = True
        self._until = until if held else None
        return held

    def _is_held_elsewhere(self, now: datetime) -> bool:
        """Tell, without writing, whether another scheduler holds it."""
        with self._reading.begin() as connection:
            found = connection.execute(select(lease.c.holder, lease.c.until)).first()
        return found is not None and found[0] != self._holder and found[1] >= now

    def let_go(self) -> None:
        """Remove the row, if it is ours."""
        with self._writing.begin() as connection:
            connection.execute(lease.delete().where(lease.c.holder == self._holder))
        self._until = None
