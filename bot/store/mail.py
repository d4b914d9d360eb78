"""The store's answers about mails. Like all of the console's, they reach no word said to Leo."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import cohorts as c
from bot.store.tables import console as h
from bot.store.tables import mails as m
from bot.usecases.ports.console import MailCounts, MailStanding
from bot.usecases.records import (
    Cohort,
    HrLink,
    HrUser,
    Invitation,
    Mail,
    MailState,
    Member,
    Trouble,
)


class SqlMails:
    """The port `Mails`."""

    def __init__(self, session: Session) -> None:
        """Take the session of the transaction."""
        self._session = session

    def is_due(self, now: datetime) -> bool:
        """Tell whether a mail waits to be sent now."""
        return self._session.scalar(_due(now, select(m.mail.c.id)).limit(1)) is not None

    def next_due(self, now: datetime) -> Mail | None:
        """Return the mail that is due first, locked, or None."""
        query = _due(now, select(Mail)).order_by(m.mail.c.due_at, m.mail.c.id).limit(1)
        return self._session.scalar(query.with_for_update(skip_locked=True))

    def mail(self, mail_id: int) -> Mail | None:
        """Return one mail, locked, or None."""
        query = select(Mail).where(m.mail.c.id == mail_id)
        return self._session.scalar(query.with_for_update())

    def invited(self, invitation_id: int) -> tuple[Invitation, Member, Cohort] | None:
        """Return an invitation with its member and their cohort, or None."""
        row = self._session.execute(
            select(Invitation, Member, Cohort)
            .join(Member, c.member.c.id == c.invitation.c.member_id)
            .join(Cohort, c.cohort.c.id == c.member.c.cohort_id)
            .where(c.invitation.c.id == invitation_id)
        ).first()
        return (row[0], row[1], row[2]) if row else None

    def of_hr(self, hr_link_id: int) -> tuple[HrLink, HrUser] | None:
        """Return a one-time link of HR with whom it is for, or None."""
        row = self._session.execute(
            select(HrLink, HrUser)
            .join(HrUser, h.hr_user.c.id == h.hr_link.c.hr_user_id)
            .where(h.hr_link.c.id == hr_link_id)
        ).first()
        return (row[0], row[1]) if row else None

    def is_waiting(self, member_id: int) -> bool:
        """Tell whether a mail to a member is on its way."""
        query = (
            select(m.mail.c.id)
            .join(c.invitation, c.invitation.c.id == m.mail.c.invitation_id)
            .where(c.invitation.c.member_id == member_id, m.mail.c.state == MailState.WAITING)
        )
        return self._session.scalar(query) is not None

    def needing(self, cohort_id: int, now: datetime) -> list[Member]:
        """Return those who have not joined and may get a mail."""
        query = _not_joined(cohort_id, select(Member)).where(_needs_one(now))
        return list(self._session.scalars(query.order_by(c.member.c.id)))

    def count_needing(self, cohort_id: int, now: datetime) -> int:
        """Return how many those are."""
        query = _not_joined(cohort_id, select(func.count())).where(_needs_one(now))
        return self._session.scalar(query) or 0

    def standing(self, cohort_id: int, limit: int) -> list[MailStanding]:
        """Return those who have not joined, with link and mail; first whose mail came back."""
        bounced = func.coalesce(m.mail.c.state == MailState.BOUNCED, False)
        rows = self._session.execute(
            _not_joined(cohort_id, select(Member, Invitation, Mail))
            .order_by(bounced.desc(), c.member.c.id)
            .limit(limit)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def counts(self, cohort_id: int) -> MailCounts:
        """Return how many of those who have not joined are in each state, and have an address."""
        has_address = c.member.c.email.is_not(None)
        columns = select(m.mail.c.state, has_address, func.count())
        rows = self._session.execute(
            _not_joined(cohort_id, columns).group_by(m.mail.c.state, has_address)
        )
        return {(row[0], bool(row[1])): row[2] for row in rows}

    def of_links(self) -> Mapping[int, Mail]:
        """Return the mails with links of HR that were not followed yet, by who they are for."""
        rows = self._session.execute(
            select(h.hr_link.c.hr_user_id, Mail).join(Mail, m.mail.c.hr_link_id == h.hr_link.c.id)
        )
        return {row[0]: row[1] for row in rows}


def _due[*Ts](now: datetime, query: Select[*Ts]) -> Select[*Ts]:
    return query.where(m.mail.c.state == MailState.WAITING, m.mail.c.due_at <= now)


def _needs_one(now: datetime) -> ColumnElement[bool]:
    innocent = [trouble for trouble in Trouble if not trouble.of_the_address]
    return and_(
        c.member.c.email.is_not(None),
        or_(
            m.mail.c.id.is_(None),
            c.invitation.c.expires_at <= now,
            and_(m.mail.c.state == MailState.BOUNCED, m.mail.c.reason.in_(innocent)),
        ),
    )


def _not_joined[*Ts](cohort_id: int, query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(c.member)
        .outerjoin(c.invitation, c.invitation.c.member_id == c.member.c.id)
        .outerjoin(m.mail, m.mail.c.invitation_id == c.invitation.c.id)
        .where(
            c.member.c.cohort_id == cohort_id,
            c.member.c.left_at.is_(None),
            c.member.c.joined_at.is_(None),
        )
    )
