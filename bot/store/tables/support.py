"""The organisation's own contacts for people in distress."""

from sqlalchemy import JSON, Column, String, Table

from bot.coaching.support import MAX_LINE
from bot.store.tables.base import metadata, own_id

contact = Table(
    "contact",
    metadata,
    own_id(),
    Column("country", String(8), nullable=False),
    Column("name", JSON, nullable=False),
    Column("number", String(MAX_LINE), nullable=False),
    Column("note", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    sqlite_autoincrement=True,
)
