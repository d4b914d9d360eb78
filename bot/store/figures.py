"""The console's questions to the store. import-linter keeps it from every table with words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, column, delete, func, insert, or_, select, table, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store.mail import SqlMails
from bot.store.tables import cohorts as c
from bot.store.tables import console as h
from bot.store.tables.base import Key
from bot.store.tallies import SqlTallies, headcount_of, tallies_of
from bot.store.trouble import unusable
from bot.store.types import Instant
from bot.usecases.ports import Mode
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.ports.console import HrRecord, OpenConsole, TallyRows
from bot.usecases.records import (
    AuditEntry,
    Cohort,
    CohortState,
    HrLink,
    HrSession,
    HrSignOn,
    HrUser,
    Invitation,
    Member,
)

# All that the console may touch of a person: when the scheduler looks at them.
_person = table("person", column("id", Key), column("next_at", Instant))
# SQLite takes so many values in one statement.
CHUNK = 5_000


class SqlAccounts:
    """The port `Accounts`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def user(self, user_id: int) -> HrUser | None:
        """Return somebody of HR, or None."""
        return self._session.get(HrUser, user_id)

    def user_by_email(self, email: str) -> HrUser | None:
        """Return who has that address, or None."""
        return self._session.scalar(select(HrUser).where(h.hr_user.c.email == email))

    def users(self) -> list[HrUser]:
        """Return all who were not removed, by address."""
        query = select(HrUser).where(h.hr_user.c.removed_at.is_(None))
        return list(self._session.scalars(query.order_by(h.hr_user.c.email)))

    def link(self, token_hash: str) -> HrLink | None:
        """Return a one-time link by its hash, locked, or None."""
        query = select(HrLink).where(h.hr_link.c.token_hash == token_hash)
        return self._session.scalar(query.with_for_update())

    def session(self, token_hash: str) -> HrSession | None:
        """Return a session by its hash, or None."""
        query = select(HrSession).where(h.hr_session.c.token_hash == token_hash)
        return self._session.scalar(query)

    def close_sessions(self, user_id: int) -> None:
        """End every session and link of somebody."""
        for rows in (h.hr_session, h.hr_link):
            self._session.execute(delete(rows).where(rows.c.hr_user_id == user_id))

    def attempts(self, key: str, since: datetime) -> int:
        """Return how many sign-ins failed for a key since a time."""
        query = select(func.count()).where(h.hr_attempt.c.key == key, h.hr_attempt.c.at >= since)
        return self._session.scalar(query) or 0

    def forget_attempts(self, before: datetime) -> None:
        """Remove the failed sign-ins before a time."""
        self._session.execute(delete(h.hr_attempt).where(h.hr_attempt.c.at < before))

    def cohort_ids(self, user_id: int) -> set[int]:
        """Return the cohorts given to a facilitator."""
        query = select(h.hr_access.c.cohort_id).where(h.hr_access.c.hr_user_id == user_id)
        return set(self._session.scalars(query))

    def sign_on(self, key: str) -> HrSignOn | None:
        """Return a single sign-on that was begun, locked, or None."""
        query = select(HrSignOn).where(h.hr_sign_on.c.key == key)
        return self._session.scalar(query.with_for_update())

    def forget_sign_ons(self, before: datetime) -> None:
        """Remove the sign-ons that expired before a time."""
        self._session.execute(delete(h.hr_sign_on).where(h.hr_sign_on.c.expires_at < before))


_HERE = c.member.c.left_at.is_(None)


class SqlEnrolment:
    """The port `Enrolment`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def cohort(self, cohort_id: int) -> Cohort | None:
        """Return one cohort, or None."""
        return self._session.get(Cohort, cohort_id)

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""
        return self._session.scalar(select(Cohort).where(c.cohort.c.name == name))

    def cohorts(self) -> list[Cohort]:
        """Return all cohorts, the latest start first."""
        query = select(Cohort).order_by(c.cohort.c.starts_on.desc(), c.cohort.c.id.desc())
        return list(self._session.scalars(query))

    def headcount(self, cohort_id: int) -> Headcount:
        """Return how many are enrolled, and have joined."""
        return headcount_of(self._session, cohort_id)

    def members(self, cohort_id: int) -> list[Member]:
        """Return those in a cohort, in the order they were added."""
        query = select(Member).where(c.member.c.cohort_id == cohort_id, _HERE)
        return list(self._session.scalars(query.order_by(c.member.c.id)))

    def waiting(self, cohort_id: int, limit: int) -> list[Member]:
        """Return the first of those in a cohort who have not joined yet."""
        query = select(Member).where(
            c.member.c.cohort_id == cohort_id, _HERE, c.member.c.joined_at.is_(None)
        )
        return list(self._session.scalars(query.order_by(c.member.c.id).limit(limit)))

    def elsewhere(self, cohort_id: int) -> list[Member]:
        """Return those with an address who are in another cohort that is not closed."""
        return list(
            self._session.scalars(
                select(Member)
                .join(c.cohort, c.cohort.c.id == c.member.c.cohort_id)
                .where(
                    c.member.c.cohort_id != cohort_id,
                    _HERE,
                    c.member.c.email.is_not(None),
                    c.cohort.c.state != CohortState.CLOSED,
                )
            )
        )

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""
        return self._session.get(Member, member_id)

    def add_members(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep many new members at once."""
        if rows:
            self._session.execute(insert(c.member), rows)

    def invitations(self, member_ids: Collection[int]) -> dict[int, Invitation]:
        """Return the invitations of some members, by member."""
        found: dict[int, Invitation] = {}
        for some in _chunks(sorted(member_ids)):
            query = select(Invitation).where(c.invitation.c.member_id.in_(some))
            found |= {one.member_id: one for one in self._session.scalars(query)}
        return found

    def replace_invitations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep many new invitations at once; each takes the place of its member's former one."""
        for some in _chunks([row["member_id"] for row in rows]):
            self._session.execute(delete(c.invitation).where(c.invitation.c.member_id.in_(some)))
        if rows:
            self._session.execute(insert(c.invitation), rows)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


class SqlFigures:
    """The port `Figures`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def tallies(self, cohort_id: int) -> TallyRows:
        """Return all that was counted of a cohort."""
        return tallies_of(self._session, cohort_id)


class SqlConsoleUnit:
    """The port `ConsoleUnit` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take a session whose transaction the caller begins and ends."""
        self._session = session
        self.accounts = SqlAccounts(session)
        self.enrolment = SqlEnrolment(session)
        self.mails = SqlMails(session)
        self.figures = SqlFigures(session)
        self.tallies = SqlTallies(session)

    def add(self, record: HrRecord) -> None:
        """Keep a new record."""
        self._session.add(record)

    def delete(self, record: HrRecord) -> None:
        """Remove a record."""
        self._session.delete(record)

    def flush(self) -> None:
        """Write what was added so far."""
        self._session.flush()

    def look_again(self, cohort_id: int, now: datetime) -> None:
        """Have the scheduler look soon at all in a cohort: something changed for them."""
        members = select(c.member.c.person_id).where(c.member.c.cohort_id == cohort_id, _HERE)
        later = or_(_person.c.next_at.is_(None), _person.c.next_at > now)
        self._session.flush()
        self._session.connection().execute(
            update(_person).where(_person.c.id.in_(members), later).values(next_at=now)
        )

    def audit(self, before: int | None, limit: int | None) -> list[AuditEntry]:
        """Return entries of the audit log, the latest first, those below an id."""
        query = select(AuditEntry).order_by(h.audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(h.audit.c.id < before)
        return list(self._session.scalars(query))


def console_units(engine: Engine) -> OpenConsole:
    """Return what opens one of HR's transactions. It raises DatabaseUnusable."""

    engines = {mode: engine.execution_options(leo_mode=mode) for mode in Mode}

    @contextmanager
    def open_unit(mode: Mode = Mode.DURABLE) -> Iterator[SqlConsoleUnit]:
        try:
            with (
                Session(engines[mode], autoflush=True, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield SqlConsoleUnit(session)
        except OperationalError as error:
            raise unusable(engine, error) from None

    return open_unit
