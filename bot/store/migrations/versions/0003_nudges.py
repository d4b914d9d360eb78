"""Nudges: their occurrences and what became of them, the lease, and when to look at whom."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "occurrence",
        sa.Column("id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("practice", sa.String(length=24), nullable=True),
        sa.Column("run_id", _key(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_id", _key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_occurrence_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "person_id", "kind", "on_date", name=op.f("uq_occurrence_person_id_kind_on_date")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_occurrence_state_due_at"), "occurrence", ["state", "due_at"])
    op.create_index(op.f("ix_occurrence_state_expires_at"), "occurrence", ["state", "expires_at"])
    op.create_index(op.f("ix_occurrence_run_id"), "occurrence", ["run_id"])
    op.create_index(op.f("ix_occurrence_with_id"), "occurrence", ["with_id"])
    op.create_table(
        "passage",
        sa.Column("id", _key(), nullable=False),
        sa.Column("occurrence_id", _key(), nullable=False),
        sa.Column("old", sa.String(16), nullable=True),
        sa.Column("new", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_passage_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passage_occurrence_id"), "passage", ["occurrence_id"])
    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("slowed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("unanswered", server_default=None)
        batch_op.create_index(batch_op.f("ix_person_next_at"), ["next_at"], unique=False)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occurrence_id", _key(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("occurrence_id")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_next_at"))
        batch_op.drop_column("slowed_at")
        batch_op.drop_column("unanswered")
        batch_op.drop_column("next_at")
    op.drop_table("lease")
    op.drop_table("passage")
    op.drop_table("occurrence")
