"""What every table shares: names of constraints, keys, and the link to what it belongs to."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData
from sqlalchemy.orm import registry

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
Key = BigInteger().with_variant(Integer, "sqlite")


def own_id() -> Column[int]:
    """Return the column of a row's own number."""
    return Column("id", Key, primary_key=True)


def of(table: str, *, nullable: bool = False) -> Column[int]:
    """Return the column of the row that this one belongs to, and goes with."""
    return Column(
        f"{table}_id", Key, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=nullable
    )
