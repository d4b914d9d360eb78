"""What is to be opened next is found by an index, however many nudges are on their way."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_NAME = "ix_occurrence_state_opened_at_due_at"


def upgrade() -> None:
    """Apply."""
    op.create_index(_NAME, "occurrence", ["state", "opened_at", "due_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(_NAME, table_name="occurrence")
