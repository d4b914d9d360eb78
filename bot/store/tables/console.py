"""Who may sign in to HR's console, and the audit log."""

from sqlalchemy import JSON, Column, Index, String, Table, UniqueConstraint

from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, State
from bot.usecases.records import HrRole

hr_user = Table(
    "hr_user",
    metadata,
    own_id(),
    Column("email", String(254), nullable=False),
    Column("role", State(HrRole), nullable=False),
    Column("invited_at", Instant, nullable=False),
    Column("language", String(8), nullable=False),
    Column("password_hash", String(200)),
    Column("removed_at", Instant),
    UniqueConstraint("email"),
    sqlite_autoincrement=True,
)
hr_link = Table(
    "hr_link",
    metadata,
    own_id(),
    of("hr_user"),
    Column("token_hash", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("token_hash"),
    Index(None, "hr_user_id"),
    sqlite_autoincrement=True,
)
hr_session = Table(
    "hr_session",
    metadata,
    own_id(),
    of("hr_user"),
    Column("token_hash", String(64), nullable=False),
    Column("ends_at", Instant, nullable=False),
    UniqueConstraint("token_hash"),
    Index(None, "hr_user_id"),
    sqlite_autoincrement=True,
)
hr_access = Table(
    "hr_access",
    metadata,
    own_id(),
    of("hr_user"),
    of("cohort"),
    UniqueConstraint("hr_user_id", "cohort_id"),
    Index(None, "cohort_id"),
    sqlite_autoincrement=True,
)
hr_attempt = Table(
    "hr_attempt",
    metadata,
    own_id(),
    Column("key", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "key", "at"),
    sqlite_autoincrement=True,
)
erasure = Table(
    "erasure",
    metadata,
    own_id(),
    # No foreign key: the receipt stays when the member is gone.
    Column("member_id", Key),
    Column("reference", String(60), nullable=False),
    Column("asked_by", String(254), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("removed", JSON, nullable=False),
    Column("checked", JSON, nullable=False),
    Index(None, "member_id"),
    sqlite_autoincrement=True,
)
hr_sign_on = Table(
    "hr_sign_on",
    metadata,
    own_id(),
    Column("key", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)
audit = Table(
    "audit",
    metadata,
    own_id(),
    Column("at", Instant, nullable=False),
    Column("actor", String(254), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object", String(200), nullable=False),
    sqlite_autoincrement=True,
)
