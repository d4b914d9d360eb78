"""HR's console: accounts, audit log, invitations, and what figures come from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_cohort_id"))
        batch_op.create_index(
            batch_op.f("ix_member_cohort_id_left_at_joined_at"),
            ["cohort_id", "left_at", "joined_at"],
            unique=False,
        )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "invitation_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hr_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_attempt")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hr_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hr_attempt_key_at"), ["key", "at"], unique=False)

    op.create_table(
        "hr_user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_user")),
        sa.UniqueConstraint("email", name=op.f("uq_hr_user_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hr_access",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "hr_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_hr_access_cohort_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hr_user_id"], ["hr_user.id"], name=op.f("fk_hr_access_hr_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_access")),
        sa.UniqueConstraint(
            "hr_user_id", "cohort_id", name=op.f("uq_hr_access_hr_user_id_cohort_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hr_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hr_access_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "hr_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "hr_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hr_user_id"], ["hr_user.id"], name=op.f("fk_hr_link_hr_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hr_link_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hr_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hr_link_hr_user_id"), ["hr_user_id"], unique=False)

    op.create_table(
        "hr_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "hr_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hr_user_id"],
            ["hr_user.id"],
            name=op.f("fk_hr_session_hr_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hr_session_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hr_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hr_session_hr_user_id"), ["hr_user_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column(
            "cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=24), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_tally_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "week", "figure", "value", name=op.f("pk_tally")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_invitation_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("member_id", name=op.f("uq_invitation_member_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_cohort_id_left_at_joined_at"))
        batch_op.create_index(batch_op.f("ix_member_cohort_id"), ["cohort_id"], unique=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("invitation_id")
    op.drop_table("invitation")
    op.drop_table("tally")
    with op.batch_alter_table("hr_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hr_session_hr_user_id"))

    op.drop_table("hr_session")
    with op.batch_alter_table("hr_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hr_link_hr_user_id"))

    op.drop_table("hr_link")
    with op.batch_alter_table("hr_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hr_access_cohort_id"))

    op.drop_table("hr_access")
    op.drop_table("hr_user")
    with op.batch_alter_table("hr_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hr_attempt_key_at"))

    op.drop_table("hr_attempt")
    op.drop_table("audit")
