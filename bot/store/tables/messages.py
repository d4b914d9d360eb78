"""Inbox and outbox."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.tables.base import Key, metadata, own_id
from bot.store.types import Instant, Sealed, State
from bot.usecases.records import InboxState, OutboxState

inbox = Table(
    "inbox",
    metadata,
    own_id(),
    Column("channel", String(16), nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("address", String(80)),
    Column("payload", Sealed),
    Column("state", State(InboxState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    UniqueConstraint("channel", "update_id"),
    Index(None, "state", "channel", "address"),
    sqlite_autoincrement=True,
)
outbox = Table(
    "outbox",
    metadata,
    own_id(),
    Column("key", String(160), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(80), nullable=False),
    Column("person_id", Key, ForeignKey("person.id", ondelete="CASCADE")),
    Column("body", Sealed),
    Column("state", State(OutboxState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("message_ref", BigInteger),
    Column("keep", Boolean, nullable=False),
    # No foreign key: it marks the message as a nudge, also where the nudge is gone.
    Column("occurrence_id", Key),
    Index(None, "state", "channel", "address"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
