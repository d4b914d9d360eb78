"""The store's part in an erasure: every row that leads to somebody, and whether one is left.

The way goes along the tables themselves, so that a new table is looked through, too.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.stays import entries_of
from bot.usecases.ports.erasures import Trace
from bot.usecases.records import Erasure, InboxState, Member, Person


class SqlErasures:
    """The port `Erasures` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the unit of work."""
        self._session = session

    def open(self) -> list[int]:
        """Return the numbers of those not yet carried out, the oldest first."""
        query = select(t.erasure.c.id).where(t.erasure.c.done_at.is_(None))
        return list(self._session.scalars(query.order_by(t.erasure.c.id)))

    def get(self, number: int) -> Erasure | None:
        """Return one, locked, or None."""
        query = select(Erasure).where(t.erasure.c.id == number).with_for_update()
        return self._session.scalar(query)

    def entries(self, member_id: int) -> list[Member]:
        """Return all of HR's entries about the person in one of them."""
        return entries_of(self._session, member_id)

    def chats(self, entries: Sequence[Member]) -> list[tuple[str, str]]:
        """Return the (channel, address) of those who joined, or follow a link, by these entries."""
        links = select(t.invitation.c.id).where(
            t.invitation.c.member_id.in_([one.id for one in entries])
        )
        query = select(t.person.c.channel, t.person.c.address).where(
            or_(
                t.person.c.id.in_([one.person_id for one in entries if one.person_id]),
                t.person.c.invitation_id.in_(links),
            )
        )
        return [(row[0], row[1]) for row in self._session.execute(query.order_by(t.person.c.id))]

    def trace(self, entries: Sequence[Member], people: Sequence[Person]) -> Trace:
        """Return the ids of every row that leads to somebody, by table."""
        chats = [(one.channel, one.address) for one in people]
        rows = {
            t.person.name: {one.id for one in people if one.id is not None},
            t.member.name: {one.id for one in entries if one.id is not None},
        }
        # Whatever a row belongs to comes before it.
        for table in t.metadata.sorted_tables:
            leads = _leads(table, rows, chats)
            if table.name not in rows and leads:
                found = self._session.scalars(select(table.c.id).where(or_(*leads)))
                rows[table.name] = set(found)
        return Trace(rows, chats)

    def left(self, trace: Trace) -> dict[str, int]:
        """Return how many rows still lead to somebody, for each table of their trace."""
        self._session.flush()
        counts = {}
        for name, ids in trace.rows.items():
            table = t.metadata.tables[name]
            leads = [table.c.id.in_(ids), *_leads(table, trace.rows, trace.chats)]
            query = select(func.count()).select_from(table).where(or_(*leads))
            counts[name] = self._session.scalar(query) or 0
        return counts


def _leads(
    table: Table, rows: Mapping[str, set[int]], chats: Sequence[tuple[str, str]]
) -> list[ColumnElement[bool]]:
    """Return the conditions under which a row of a table leads to somebody."""
    leads: list[ColumnElement[bool]] = [
        column.in_(rows[key.column.table.name])
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in rows
    ]
    if {"channel", "address"} <= set(table.c.keys()):
        # What came in behind is still to be answered, by a Leo who knows nobody there.
        behind = [table.c.state != InboxState.PENDING] if table is t.inbox else []
        there = (
            and_(table.c.channel == channel, table.c.address == address, *behind)
            for channel, address in chats
        )
        # Looked through also where no chat is known: a receipt must not tell.
        leads.append(or_(false(), *there))
    return leads
