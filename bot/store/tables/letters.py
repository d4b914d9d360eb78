"""What HR writes to a cohort: HR's own words, which need no seal; nobody else's are here."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, State
from bot.usecases.records import LetterKind

letter = Table(
    "letter",
    metadata,
    own_id(),
    of("cohort"),
    Column("kind", State(LetterKind), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("en", Text),
    Column("fr", Text),
    Column("joined", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("reached", Key, nullable=False),
    Column("spread_at", Instant),
    Index(None, "cohort_id"),
    Index(None, "spread_at"),
    sqlite_autoincrement=True,
)
letter_test = Table(
    "letter_test",
    metadata,
    own_id(),
    of("cohort"),
    Column("token_hash", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("en", Text),
    Column("fr", Text),
    UniqueConstraint("token_hash"),
    Index(None, "cohort_id"),
    sqlite_autoincrement=True,
)
