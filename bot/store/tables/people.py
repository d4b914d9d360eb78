"""People, whom they serve, and what they agreed to.

`sqlite_autoincrement`: an id is never given twice, so a button of an erased run stays dead.
"""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, Sealed

person = Table(
    "person",
    metadata,
    own_id(),
    Column("channel", String(16), nullable=False),
    Column("address", String(80), nullable=False),
    Column("name", Sealed),
    Column("language", String(8)),
    Column("zone", String(64)),
    Column("consent_version", String(16)),
    Column("consented_at", Instant),
    Column("refused_at", Instant),
    Column("blocked_at", Instant),
    Column("turns", Integer, nullable=False),
    # No foreign key: the message may be gone before the person asks again.
    Column("question_id", Key),
    # No foreign key either: an invitation may be replaced at any time.
    Column("invitation_id", Key),
    Column("next_at", Instant),
    Column("unanswered", Integer, nullable=False, default=0),
    Column("slowed_at", Instant),
    Column("home_zone", String(64)),
    Column("home_at", Instant),
    Column("letter_at", Instant),
    UniqueConstraint("channel", "address"),
    Index(None, "next_at"),
    Index(None, "home_at"),
    sqlite_autoincrement=True,
)
served = Table(
    "served",
    metadata,
    own_id(),
    of("person"),
    Column("nickname", Sealed, nullable=False),
    Column("named_at", Instant, nullable=False),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
consent = Table(
    "consent",
    metadata,
    own_id(),
    of("person"),
    Column("version", String(16), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
