"""The history: entries and their pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("input_type", sa.String(10), nullable=False),
        sa.Column("predicted", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("image_path", sa.String(100), nullable=False),
        sa.Column("timestamp", sa.String(24), nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("corrected", sa.Text),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("maker", sa.String(16), nullable=False),
    )
    op.create_index("entries_by_time", "entries", ["timestamp", "id"])
    op.create_table(
        "pictures",
        sa.Column(
            "entry_id",
            sa.Uuid,
            sa.ForeignKey("entries.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("pictures")
    op.drop_table("entries")
