"""Runs through practices, what was answered, and the plans that came of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Time,
    UniqueConstraint,
)

from bot.coaching.run import RunState
from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, Sealed, State
from bot.usecases.records import PlanState

run = Table(
    "run",
    metadata,
    own_id(),
    of("person"),
    Column("practice", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("state", State(RunState), nullable=False),
    Column("about_id", Key, ForeignKey("served.id", ondelete="SET NULL")),
    Column("asks", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # No foreign key: plans come from runs already, and a plan may be taken back.
    Column("review_id", Key),
    Index(None, "person_id", "state"),
    Index(None, "about_id"),
    sqlite_autoincrement=True,
)
answer = Table(
    "answer",
    metadata,
    own_id(),
    of("run"),
    Column("step", String(24), nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("number", SmallInteger),
    Column("choice", String(16)),
    Column("words", Sealed),
    Column("day", Date),
    Column("message_ref", BigInteger),
    Column("deepened", Boolean, nullable=False),
    UniqueConstraint("run_id", "step"),
    UniqueConstraint("run_id", "update_id"),
    sqlite_autoincrement=True,
)
plan = Table(
    "plan",
    metadata,
    own_id(),
    of("person"),
    of("run"),
    Column("words", Sealed, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("due", Date),
    Column("at", Time),
    Column("state", State(PlanState), nullable=False),
    Column("settled_at", Instant),
    Index(None, "person_id"),
    UniqueConstraint("run_id"),
    sqlite_autoincrement=True,
)
