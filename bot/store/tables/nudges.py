"""What Leo writes of its own accord: occurrences, what became of each, and who is at work on them.

Nothing here holds a word.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Time, UniqueConstraint

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.store.tables.base import Key, metadata, of, own_id
from bot.store.types import Instant, State

occurrence = Table(
    "occurrence",
    metadata,
    own_id(),
    of("person"),
    Column("kind", State(NudgeKind), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("at", Time, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("state", State(NudgeState), nullable=False),
    Column("practice", String(24)),
    # No foreign keys: a run goes with its person, as this does.
    Column("run_id", Key),
    Column("opened_at", Instant),
    Column("sent_at", Instant),
    Column("with_id", Key),
    Column("letter_id", Key),
    UniqueConstraint("person_id", "kind", "on_date"),
    Index(None, "state", "due_at"),
    # What is claimed and not yet written, however much is on its way.
    Index("ix_occurrence_state_opened_at_due_at", "state", "opened_at", "due_at"),
    Index("ix_occurrence_state_expires_at", "state", "expires_at"),
    Index(None, "run_id"),
    Index(None, "with_id"),
    Index(None, "letter_id", "state"),
    sqlite_autoincrement=True,
)
passage = Table(
    "passage",
    metadata,
    own_id(),
    of("occurrence"),
    Column("old", State(NudgeState)),
    Column("new", State(NudgeState), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "occurrence_id"),
    sqlite_autoincrement=True,
)
# One row: which scheduler works, and until when if it is not heard of again.
lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)
