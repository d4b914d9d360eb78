"""What HR's figures are made of: how many people, by cohort, week and figure. No person in it."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, SmallInteger, String, Table

from bot.store.tables.base import metadata, of

tally = Table(
    "tally",
    metadata,
    of("cohort"),
    # 0 is the week in which the cohort starts; who joins before has a number below.
    Column("week", Integer, nullable=False),
    Column("figure", String(24), nullable=False),
    # The rating of a mark; 0 of all else.
    Column("value", SmallInteger, nullable=False),
    Column("people", Integer, nullable=False),
    PrimaryKeyConstraint("cohort_id", "week", "figure", "value"),
)
