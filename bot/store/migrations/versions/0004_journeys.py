"""Journeys: the zone that somebody comes back to, and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_zone", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("home_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_home_at"), ["home_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_home_at"))
        batch_op.drop_column("home_at")
        batch_op.drop_column("home_zone")
