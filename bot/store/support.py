"""Reading the organisation's own contacts: chat and console read the same rows."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.tables import support as s
from bot.usecases.records import OwnContact


def contacts_of(session: Session) -> list[OwnContact]:
    """Return all contacts, in the order they were added."""
    return list(session.scalars(select(OwnContact).order_by(s.contact.c.id)))
