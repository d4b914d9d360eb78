"""The tables, and which record each one holds."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import registry

from bot.coaching.run import RunState
from bot.store.types import Instant, Sealed, State
from bot.usecases import records
from bot.usecases.records import InboxState, OutboxState

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
mapping = registry(metadata=metadata)

# SQLite counts only in INTEGER columns.
_Key = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _Key, primary_key=True)


def _of(table: str, *, nullable: bool = False) -> Column[int]:
    return Column(
        f"{table}_id", _Key, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable
    )


# `sqlite_autoincrement`: an id is never given twice, so a button of an erased run stays dead.
person = Table(
    "person",
    metadata,
    _id(),
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
    Column("question_id", _Key),
    UniqueConstraint("channel", "address"),
    sqlite_autoincrement=True,
)
served = Table(
    "served",
    metadata,
    _id(),
    _of("person"),
    Column("nickname", Sealed, nullable=False),
    Column("named_at", Instant, nullable=False),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
run = Table(
    "run",
    metadata,
    _id(),
    _of("person"),
    Column("practice", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("state", State(RunState), nullable=False),
    Column("about_id", _Key, ForeignKey("served.id", ondelete="SET NULL")),
    Column("asks", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "person_id", "state"),
    Index(None, "about_id"),
    sqlite_autoincrement=True,
)
answer = Table(
    "answer",
    metadata,
    _id(),
    _of("run"),
    Column("step", String(24), nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("number", SmallInteger),
    Column("choice", String(16)),
    Column("words", Sealed),
    Column("day", Date),
    Column("message_ref", BigInteger),
    UniqueConstraint("run_id", "step"),
    UniqueConstraint("run_id", "update_id"),
    sqlite_autoincrement=True,
)
plan = Table(
    "plan",
    metadata,
    _id(),
    _of("person"),
    _of("run"),
    Column("words", Sealed, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("due", Date),
    Index(None, "person_id"),
    UniqueConstraint("run_id"),
    sqlite_autoincrement=True,
)
consent = Table(
    "consent",
    metadata,
    _id(),
    _of("person"),
    Column("version", String(16), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
inbox = Table(
    "inbox",
    metadata,
    _id(),
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
    _id(),
    Column("key", String(160), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(80), nullable=False),
    Column("person_id", _Key, ForeignKey("person.id", ondelete="CASCADE")),
    Column("body", Sealed),
    Column("state", State(OutboxState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("message_ref", BigInteger),
    Column("keep", Boolean, nullable=False),
    Index(None, "state", "channel", "address"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
# One row that proves the key: what it holds can be opened, or the key is the wrong one.
seal = Table("seal", metadata, Column("id", Integer, primary_key=True), Column("proof", Sealed))

for record, table in {
    records.Person: person,
    records.Served: served,
    records.Run: run,
    records.Answer: answer,
    records.Plan: plan,
    records.Consent: consent,
    records.InboxItem: inbox,
    records.OutboxItem: outbox,
}.items():
    mapping.map_imperatively(record, table)
