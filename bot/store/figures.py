"""The console's questions to the store. import-linter keeps it from every table with words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.coaching.occurrence import UNSENT, NudgeState
from bot.store.mail import SqlMails
from bot.store.stays import entries_of, stays_of
from bot.store.support import contacts_of
from bot.store.tables import cohorts as c
from bot.store.tables import console as h
from bot.store.tables import letters as w
from bot.store.tables.base import Key
from bot.store.tallies import SqlTallies, headcount_of, tallies_of
from bot.store.trouble import unusable
from bot.store.types import Instant, State
from bot.usecases.ports import Mode
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.ports.console import HrRecord, OpenConsole, TallyRows
from bot.usecases.records import (
    AuditEntry,
    Cohort,
    CohortState,
    Erasure,
    HrLink,
    HrSession,
    HrSignOn,
    HrUser,
    Invitation,
    Letter,
    Member,
    OwnContact,
)

# All that the console may touch of a person: when the scheduler looks at them.
_person = table("person", column("id", Key), column("next_at", Instant))
# And of what is sent to people: which letter it brings, and whether it still waits.
_occurrence = table("occurrence", column("letter_id", Key), column("state", State(NudgeState)))
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

    def members(self, cohort_id: int, limit: int | None = None) -> list[Member]:
        """Return those in a cohort, or the first of them, in the order they were added."""
        query = select(Member).where(c.member.c.cohort_id == cohort_id, _HERE)
        return list(self._session.scalars(query.order_by(c.member.c.id).limit(limit)))

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

    def withdrawn(self, cohort_id: int) -> list[Member]:
        """Return those whom HR took out of a cohort, but for those moved to another."""
        moved = select(c.member.c.former_id).where(c.member.c.former_id.is_not(None))
        query = select(Member).where(
            c.member.c.cohort_id == cohort_id, ~_HERE, c.member.c.id.not_in(moved)
        )
        return list(self._session.scalars(query.order_by(c.member.c.id)))

    def stays(self, member_id: int) -> list[Member]:
        """Return an entry with those it took the place of, and those of the same chat."""
        return stays_of(self._session, [member_id])

    def entries(self, member_id: int) -> list[Member]:
        """Return all entries about the person in one of them."""
        return entries_of(self._session, member_id)

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


class SqlRequests:
    """The port `Requests`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def get(self, number: int) -> Erasure | None:
        """Return one by its number, or None."""
        return self._session.get(Erasure, number)

    def all(self) -> list[Erasure]:
        """Return all, the latest first."""
        return list(self._session.scalars(select(Erasure).order_by(h.erasure.c.id.desc())))

    def of(self, member_ids: Collection[int]) -> list[Erasure]:
        """Return those not yet carried out that were asked for some entries."""
        query = select(Erasure).where(h.erasure.c.done_at.is_(None))
        return [one for one in self._session.scalars(query) if one.member_id in member_ids]


class SqlFigures:
    """The port `Figures`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def tallies(self, cohort_id: int) -> TallyRows:
        """Return all that was counted of a cohort."""
        return tallies_of(self._session, cohort_id)


class SqlHrLetters:
    """The port `HrLetters`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def hold(self, cohort_id: int) -> None:
        """Let nobody else write to a cohort, or close it, until this transaction ends."""
        query = select(c.cohort.c.id).where(c.cohort.c.id == cohort_id)
        self._session.execute(query.with_for_update())

    def all_of(self, cohort_id: int) -> list[Letter]:
        """Return the letters to a cohort, the latest first."""
        query = select(Letter).where(w.letter.c.cohort_id == cohort_id)
        return list(self._session.scalars(query.order_by(w.letter.c.id.desc())))

    def waiting(self, letter_id: int) -> int:
        """Return for how many a letter still waits to be sent."""
        o = _occurrence.c
        query = select(func.count()).where(o.letter_id == letter_id, o.state.in_(UNSENT))
        return self._session.scalar(query) or 0

    def languages(self, cohort_id: int) -> set[str]:
        """Return the languages that HR noted for single members."""
        m = c.member.c
        query = select(m.language).where(m.cohort_id == cohort_id, _HERE, m.language.is_not(None))
        return {language for language in self._session.scalars(query.distinct()) if language}

    def a_name(self, cohort_id: int) -> str | None:
        """Return the name of the first in a cohort, or None where there is nobody."""
        query = select(c.member.c.name).where(c.member.c.cohort_id == cohort_id, _HERE)
        return self._session.scalar(query.order_by(c.member.c.id).limit(1))

    def forget_tests(self, before: datetime) -> None:
        """Remove the tests whose links ended before a time."""
        self._session.execute(delete(w.letter_test).where(w.letter_test.c.expires_at < before))


class SqlConsoleUnit:
    """The port `ConsoleUnit` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take a session whose transaction the caller begins and ends."""
        self._session = session
        self.accounts = SqlAccounts(session)
        self.enrolment = SqlEnrolment(session)
        self.erasures = SqlRequests(session)
        self.mails = SqlMails(session)
        self.figures = SqlFigures(session)
        self.letters = SqlHrLetters(session)
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
        self._hasten(_person.c.id.in_(members), now)

    def look_again_at(self, person_id: int, now: datetime) -> None:
        """Have the scheduler look soon at one person."""
        self._hasten(_person.c.id == person_id, now)

    def _hasten(self, whom: ColumnElement[bool], now: datetime) -> None:
        later = or_(_person.c.next_at.is_(None), _person.c.next_at > now)
        self._session.flush()
        self._session.connection().execute(update(_person).where(whom, later).values(next_at=now))

    def contacts(self) -> list[OwnContact]:
        """Return the organisation's own contacts for people in distress."""
        return contacts_of(self._session)

    def contact(self, contact_id: int) -> OwnContact | None:
        """Return one of them, or None."""
        return self._session.get(OwnContact, contact_id)

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
