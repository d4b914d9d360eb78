"""When somebody wants Leo to write."""

from sqlalchemy import Boolean, Column, Date, String, Table, Time, UniqueConstraint

from bot.store.tables.base import metadata, of, own_id

preferences = Table(
    "preferences",
    metadata,
    own_id(),
    of("person"),
    Column("daily", String(40)),
    Column("weekly", String(40)),
    Column("practice", String(40)),
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    Column("paused_from", Date),
    Column("paused_until", Date),
    Column("paused", Boolean, nullable=False),
    Column("working_days", String(40)),
    Column("country", String(2)),
    UniqueConstraint("person_id"),
    sqlite_autoincrement=True,
)
