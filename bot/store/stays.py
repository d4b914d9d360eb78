"""Which of HR's entries are about one person: moved, joined from one chat, or of one address."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.store.tables import cohorts as c
from bot.usecases.records import Member


def stays_of(session: Session, member_ids: Collection[int]) -> list[Member]:
    """Return some entries with those they took the place of, and those of the same chat."""
    known: dict[int | None, Member] = {}
    fresh = list(session.scalars(select(Member).where(c.member.c.id.in_(member_ids))))
    while fresh:
        known |= {one.id: one for one in fresh}
        formers = {one.former_id for one in known.values()} - {None}
        people = {one.person_id for one in known.values()} - {None}
        linked = or_(
            c.member.c.id.in_(formers),
            c.member.c.former_id.in_(known),
            c.member.c.person_id.in_(people),
        )
        found = session.scalars(select(Member).where(linked))
        fresh = [one for one in found if one.id not in known]
    return sorted(known.values(), key=lambda one: one.id or 0)


def entries_of(session: Session, member_id: int) -> list[Member]:
    """Return all entries that are about the person in one of them.

    An address stands for one person, as in a list that is imported. Addresses are sealed, so
    each one is opened: this is for seldom use.
    """
    entries: list[Member] = []
    ids: Collection[int] = [member_id]
    while len(found := stays_of(session, ids)) > len(entries):
        entries = found
        emails = {one.email for one in entries} - {None}
        known = {one.id for one in entries if one.id is not None}
        ids = known | (_with_address(session, emails) if emails else set())
    return entries


def _with_address(session: Session, emails: Collection[str | None]) -> set[int]:
    rows = session.execute(
        select(c.member.c.id, c.member.c.email).where(c.member.c.email.is_not(None))
    )
    return {member_id for member_id, email in rows if email in emails}
