"""Models as versions, histories read again, and accounts that let models be trained on theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "pictures",
        sa.Column("digits_only", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "users",
        sa.Column("contributes", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "models",
        sa.Column("name", sa.String(8), primary_key=True),
        sa.Column("file", sa.String(100), nullable=False),
        sa.Column("added", sa.String(24), nullable=False),
    )
    op.create_table(
        "model_files",
        sa.Column(
            "model",
            sa.String(8),
            sa.ForeignKey("models.name", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("file", sa.String(100), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model", sa.String(8), sa.ForeignKey("models.name")),
        sa.Column("time", sa.String(24), nullable=False),
    )
    op.create_table(
        "rereadings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("started", sa.String(24), nullable=False),
        sa.Column("finished", sa.String(24)),
        sa.Column("last_id", sa.Uuid),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("held_until", sa.String(24), nullable=False),
    )
