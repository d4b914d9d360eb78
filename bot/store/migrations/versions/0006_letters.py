"""HR's letters to a cohort."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter",
        sa.Column("id", _key(), nullable=False),
        sa.Column("cohort_id", _key(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("fr", sa.Text(), nullable=True),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reached", _key(), nullable=False),
        sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_letter_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_spread_at"), ["spread_at"], unique=False)
    op.create_table(
        "letter_test",
        sa.Column("id", _key(), nullable=False),
        sa.Column("cohort_id", _key(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("fr", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_letter_test_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_test")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_letter_test_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("letter_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_test_cohort_id"), ["cohort_id"], unique=False)
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_id", _key(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_occurrence_letter_id_state"), ["letter_id", "state"], unique=False
        )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("letter_at")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrence_letter_id_state"))
        batch_op.drop_column("letter_id")
    op.drop_table("letter_test")
    op.drop_table("letter")
