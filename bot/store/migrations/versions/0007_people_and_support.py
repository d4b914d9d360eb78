"""People moved and erased on request, and the organisation's own contacts for distress."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_id", key, nullable=True))
        batch_op.create_index(batch_op.f("ix_member_former_id"), ["former_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", key, nullable=False),
        sa.Column("member_id", key, nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_member_id"), ["member_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", key, nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=300), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("contact")
    op.drop_table("erasure")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_former_id"))
        batch_op.drop_column("former_id")
