"""One transaction over the store, with the questions that the use cases ask of it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime

from sqlalchemy import Engine, bindparam, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.coaching.run import RunState
from bot.store import tables as t
from bot.store.cohorts import SqlCohorts
from bot.store.database import BUSY_TIMEOUT_MS
from bot.store.erasures import SqlErasures
from bot.store.growth import SqlGrowth
from bot.store.letters import SqlLetters
from bot.store.nudges import SqlNudges
from bot.store.rhythm import SqlRhythms
from bot.store.support import contacts_of
from bot.store.tallies import SqlTallies
from bot.store.trouble import unusable
from bot.usecases.ports import Mode, OpenUnitOfWork, Record
from bot.usecases.records import (
    Answer,
    Consent,
    InboxItem,
    InboxState,
    Member,
    OutboxItem,
    OutboxState,
    OwnContact,
    Person,
    Plan,
    Run,
    Served,
)

# Marks a session that removed what must not linger.
REMOVED = "removed"

# The questions of every turn are built once: building one takes as long as asking it.
_INBOX = (
    select(InboxItem)
    .where(t.inbox.c.channel == bindparam("channel"), t.inbox.c.update_id == bindparam("update_id"))
    .with_for_update()
)
_INBOX_PENDING = (
    select(InboxItem)
    .where(
        t.inbox.c.state == InboxState.PENDING,
        t.inbox.c.channel == bindparam("channel"),
        t.inbox.c.address == bindparam("address"),
    )
    .order_by(t.inbox.c.update_id)
    .limit(1)
)
_PERSON = (
    select(Person)
    .where(t.person.c.channel == bindparam("channel"), t.person.c.address == bindparam("address"))
    .with_for_update()
)
_SERVED = (
    select(Served)
    .where(t.served.c.person_id == bindparam("person_id"))
    .order_by(t.served.c.named_at.desc(), t.served.c.id.desc())
)
_ACTIVE_RUN = (
    select(Run)
    .where(t.run.c.person_id == bindparam("person_id"), t.run.c.state == RunState.OPEN)
    .order_by(t.run.c.id.desc())
    .limit(1)
)
_ANSWERS = select(Answer).where(t.answer.c.run_id == bindparam("run_id")).order_by(t.answer.c.id)
_OUTBOX = select(OutboxItem).where(t.outbox.c.id == bindparam("outbox_id"))
_OUTBOX_FOR = (
    select(OutboxItem)
    .where(
        t.outbox.c.state.in_(bindparam("states", expanding=True)),
        t.outbox.c.channel == bindparam("channel"),
        t.outbox.c.address == bindparam("address"),
    )
    .order_by(t.outbox.c.id)
    .with_for_update()
)


class SqlUnitOfWork:
    """The port `UnitOfWork` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take a session whose transaction the caller begins and ends."""
        self._session = session
        self.cohorts = SqlCohorts(session)
        self.rhythms = SqlRhythms(session)
        self.tallies = SqlTallies(session)
        self.growth = SqlGrowth(session)
        self.nudges = SqlNudges(session)
        self.letters = SqlLetters(session, self.nudges)
        self.erasures = SqlErasures(session)

    def add(self, record: Record) -> None:
        """Keep a new record."""
        self._session.add(record)

    def delete(self, record: Record) -> None:
        """Remove a record."""
        self._session.delete(record)

    def flush(self) -> None:
        """Write what was added so far."""
        self._session.flush()

    # --- inbox --------------------------------------------------------------------------

    def inbox(self, channel: str, update_id: int) -> InboxItem | None:
        """Return the inbox row of an update, locked, or None."""
        return self._session.scalar(_INBOX, {"channel": channel, "update_id": update_id})

    def inbox_pending(self, channel: str, address: str) -> InboxItem | None:
        """Return the first update of a chat that is not yet worked on, or None."""
        return self._session.scalar(_INBOX_PENDING, {"channel": channel, "address": address})

    def inbox_failed(self) -> list[InboxItem]:
        """Return the updates set aside after too many failures."""
        query = select(InboxItem).where(t.inbox.c.state == InboxState.FAILED)
        return list(self._session.scalars(query.order_by(t.inbox.c.update_id)))

    def forget_done_updates(self, before: datetime) -> int:
        """Remove the numbers of updates done before a time; return how many."""
        done = self._session.execute(
            delete(InboxItem)
            .where(t.inbox.c.state == InboxState.DONE, t.inbox.c.done_at < before)
            .returning(t.inbox.c.id)
        )
        self._session.info[REMOVED] = True
        return len(done.all())

    # --- people and what they said --------------------------------------------------------

    def person(self, channel: str, address: str) -> Person | None:
        """Return who talks at that address, locked, or None."""
        return self._session.scalar(_PERSON, {"channel": channel, "address": address})

    def served(self, person_id: int) -> list[Served]:
        """Return all whom a person has named, the latest named first."""
        return list(self._session.scalars(_SERVED, {"person_id": person_id}))

    def run(self, run_id: int) -> Run | None:
        """Return one run, or None."""
        return self._session.get(Run, run_id)

    def active_run(self, person_id: int) -> Run | None:
        """Return the run opened last among those open, or None."""
        return self._session.scalar(_ACTIVE_RUN, {"person_id": person_id})

    def latest_run(
        self, person_id: int, states: Sequence[RunState], practice: str | None = None
    ) -> Run | None:
        """Return the run touched last among those in `states`, of one practice if named."""
        named = (t.run.c.practice == practice,) if practice else ()
        return self._session.scalar(
            select(Run)
            .where(t.run.c.person_id == person_id, t.run.c.state.in_(states), *named)
            .order_by(t.run.c.updated_at.desc(), t.run.c.id.desc())
            .limit(1)
        )

    def runs(self, person_id: int) -> list[Run]:
        """Return all runs of a person, oldest first."""
        query = select(Run).where(t.run.c.person_id == person_id).order_by(t.run.c.id)
        return list(self._session.scalars(query))

    def runs_about(self, served_id: int) -> list[Run]:
        """Return the finished runs about somebody served, latest first."""
        return list(
            self._session.scalars(
                select(Run)
                .where(t.run.c.about_id == served_id, t.run.c.state == RunState.FINISHED)
                .order_by(t.run.c.ended_at.desc(), t.run.c.id.desc())
            )
        )

    def answers(self, run_id: int) -> list[Answer]:
        """Return the answers of a run in the order they were first given."""
        return list(self._session.scalars(_ANSWERS, {"run_id": run_id}))

    def answer_from(self, person_id: int, message_ref: int) -> Answer | None:
        """Return the answer that a chat message gave, or None."""
        return self._session.scalar(
            select(Answer)
            .join(t.run, t.run.c.id == t.answer.c.run_id)
            .where(t.run.c.person_id == person_id, t.answer.c.message_ref == message_ref)
            .order_by(t.answer.c.id.desc())
            .limit(1)
        )

    def plans(self, person_id: int) -> list[Plan]:
        """Return the plans of a person, oldest first."""
        query = select(Plan).where(t.plan.c.person_id == person_id).order_by(t.plan.c.id)
        return list(self._session.scalars(query))

    def plan(self, plan_id: int) -> Plan | None:
        """Return one plan, or None."""
        return self._session.get(Plan, plan_id)

    def plan_of(self, run_id: int) -> Plan | None:
        """Return the plan made in a run, or None."""
        return self._session.scalar(select(Plan).where(t.plan.c.run_id == run_id))

    def consents(self, person_id: int) -> list[Consent]:
        """Return the decisions about consent, oldest first."""
        query = select(Consent).where(t.consent.c.person_id == person_id)
        return list(self._session.scalars(query.order_by(t.consent.c.id)))

    def erase_person(self, person: Person) -> None:
        """Remove a person and every row that belongs to them, also what waits at their address."""
        at_address = {
            table: (table.c.channel == person.channel, table.c.address == person.address)
            for table in (t.inbox, t.outbox)
        }
        # What came in after the erasure was asked for is still to be answered.
        worked_on = t.inbox.c.state != InboxState.PENDING
        self._session.execute(delete(t.inbox).where(*at_address[t.inbox], worked_on))
        self._session.execute(delete(t.outbox).where(*at_address[t.outbox]))
        self._session.execute(delete(t.person).where(t.person.c.id == person.id))
        if person in self._session:
            self._session.expunge(person)
        self._session.info[REMOVED] = True

    def erase_entries(self, entries: Sequence[Member]) -> None:
        """Remove HR's entries about somebody, with their invitations."""
        ids = [one.id for one in entries]
        self._session.execute(delete(t.member).where(t.member.c.id.in_(ids)))
        for one in entries:
            self._session.expunge(one)
        self._session.info[REMOVED] = True

    def contacts(self) -> list[OwnContact]:
        """Return the organisation's own contacts for people in distress, as HR keeps them."""
        return contacts_of(self._session)

    # --- outbox -------------------------------------------------------------------------

    def outbox(self, outbox_id: int) -> OutboxItem | None:
        """Return one outgoing message, or None."""
        return self._session.scalar(_OUTBOX, {"outbox_id": outbox_id})

    def outbox_for(
        self, channel: str, address: str, *, and_sending: bool = False
    ) -> list[OutboxItem]:
        """Return what waits to be sent to an address, in order; also what is on its way."""
        self.flush()  # What was noted so far counts, such as a message put back to wait.
        states = [OutboxState.PENDING, *([OutboxState.SENDING] if and_sending else [])]
        values = {"states": states, "channel": channel, "address": address}
        return list(self._session.scalars(_OUTBOX_FOR, values))

    def outbox_key_exists(self, key: str) -> bool:
        """Tell whether a message with that key is or was in the outbox."""
        return self._session.scalar(select(t.outbox.c.id).where(t.outbox.c.key == key)) is not None

    def interrupted(self) -> list[OutboxItem]:
        """Return what was being sent when the process ended."""
        query = select(OutboxItem).where(t.outbox.c.state == OutboxState.SENDING)
        return list(self._session.scalars(query.order_by(t.outbox.c.id)))

    def waiting(self, now: datetime) -> set[tuple[str, str]]:
        """Return the (channel, address) with something to work on or to send now."""
        inbox = select(t.inbox.c.channel, t.inbox.c.address).where(
            t.inbox.c.state == InboxState.PENDING
        )
        outbox = select(t.outbox.c.channel, t.outbox.c.address).where(
            t.outbox.c.state == OutboxState.PENDING, t.outbox.c.due_at <= now
        )
        return {(row[0], row[1]) for row in self._session.execute(inbox.union(outbox))}


@contextmanager
def _in_turn(first: threading.Lock) -> Iterator[None]:
    """Wait for this process's other writers: SQLite only looks again after ever longer pauses.

    Nobody waits here longer than for the database itself, which then says that it is locked.
    """
    mine = first.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        yield
    finally:
        if mine:
            first.release()


def units_of_work(engine: Engine) -> OpenUnitOfWork:
    """Return what opens a unit of work: committed on a clean exit, else rolled back.

    It raises DatabaseUnusable when the database is locked, read-only or out of reach.
    """

    on_sqlite = engine.dialect.name == "sqlite"
    first = threading.Lock()
    engines = {mode: engine.execution_options(leo_mode=mode) for mode in Mode}

    @contextmanager
    def open_unit(mode: Mode = Mode.DURABLE) -> Iterator[SqlUnitOfWork]:
        try:
            with (
                _in_turn(first) if on_sqlite and mode is not Mode.READ else nullcontext(),
                Session(engines[mode], autoflush=False, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield SqlUnitOfWork(session)
        except OperationalError as error:
            raise unusable(engine, error) from None
        if REMOVED in session.info and on_sqlite:
            _empty_log(engine)

    return open_unit


def _empty_log(engine: Engine) -> None:
    """Write SQLite's log back: what was removed must not linger there. Busy readers delay it."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
