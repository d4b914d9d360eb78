"""Cohorts and whom HR enrolled in them. Nothing here holds a word said to Leo."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, Sealed, State
from bot.usecases.records import CohortState

cohort = Table(
    "cohort",
    metadata,
    own_id(),
    Column("name", String(80), nullable=False),
    Column("programme", String(24), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("daily", String(40)),
    Column("weekly", String(40)),
    Column("practice", String(40)),
    Column("state", State(CohortState), nullable=False),
    Column("changed_at", Instant),
    UniqueConstraint("name"),
    sqlite_autoincrement=True,
)
member = Table(
    "member",
    metadata,
    own_id(),
    of("cohort"),
    Column("name", Sealed, nullable=False),
    Column("email", Sealed),
    Column("added_at", Instant, nullable=False),
    Column("language", String(8)),
    Column("zone", String(64)),
    # Somebody who erases themselves stays as HR's own entry, without a chat.
    Column("person_id", Key, ForeignKey("person.id", ondelete="SET NULL")),
    Column("joined_at", Instant),
    Column("left_at", Instant),
    # No foreign key: an erasure takes all entries of somebody at once.
    Column("former_id", Key),
    # Counting who has joined, and finding who has not, reads the index alone.
    Index(None, "cohort_id", "left_at", "joined_at"),
    Index(None, "person_id"),
    Index(None, "former_id"),
    sqlite_autoincrement=True,
)
invitation = Table(
    "invitation",
    metadata,
    own_id(),
    of("member"),
    Column("token_hash", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("member_id"),
    UniqueConstraint("token_hash"),
    sqlite_autoincrement=True,
)
