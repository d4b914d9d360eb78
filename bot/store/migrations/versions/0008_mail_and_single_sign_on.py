"""Mails that wait to be sent; single sign-ons that were begun."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hr_sign_on",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_sign_on")),
        sa.UniqueConstraint("key", name=op.f("uq_hr_sign_on_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mail",
        sa.Column("id", KEY, nullable=False),
        sa.Column("invitation_id", KEY, nullable=True),
        sa.Column("hr_link_id", KEY, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_mail_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hr_link_id"], ["hr_link.id"], name=op.f("fk_mail_hr_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_mail_invitation_id")),
        sa.UniqueConstraint("hr_link_id", name=op.f("uq_mail_hr_link_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_state_due_at"), ["state", "due_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("mail")
    op.drop_table("hr_sign_on")
