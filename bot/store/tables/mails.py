"""Mails that wait to be sent. Nothing here holds a word said to Leo."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from bot.store.tables.base import metadata, of, own_id
from bot.store.types import Instant, Sealed, State
from bot.usecases.records import MailState, Trouble

# A mail goes with what its link is for: a fresh link, and the mail with the former one is gone.
mail = Table(
    "mail",
    metadata,
    own_id(),
    of("invitation", nullable=True),
    of("hr_link", nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("link", Sealed),
    Column("state", State(MailState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    Column("reason", State(Trouble)),
    Column("code", String(16)),
    UniqueConstraint("invitation_id"),
    UniqueConstraint("hr_link_id"),
    Index(None, "state", "due_at"),
    sqlite_autoincrement=True,
)
